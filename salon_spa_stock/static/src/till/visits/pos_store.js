import { PosStore } from "@point_of_sale/app/services/pos_store";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { parseFloat } from "@web/views/fields/parsers";
import { TipPopup } from "./tip_popup";
import { VisitsPopup } from "./visits_popup";

patch(PosStore.prototype, {
    // ------------------------------------------------------------------
    // Opening a visit
    // ------------------------------------------------------------------

    salonOpenVisits() {
        this.dialog.add(VisitsPopup, {});
    },
    /** The product that stands for a deposit, a paid debt or a tip. */
    salonProduct(kind) {
        return this.models["product.product"].get(this.config._salon_products?.[kind]);
    },
    /**
     * Ask the server for a visit, with what the till needs to show it.
     * @returns {Promise<Object|false>} false when it stays where it is open
     */
    async salonAskVisit(visitId) {
        const args = [visitId, this.config.id];
        let data = await this.data.call("salon.visit", "get_till_visit", args);
        if (data.held) {
            const takeOver = await ask(this.dialog, {
                title: _t("The visit is open elsewhere"),
                body: _t(
                    "%s has it open. Take it over only when nobody is paying there right now.",
                    data.held.text
                ),
                confirmLabel: _t("Take Over"),
                cancelLabel: _t("Leave It"),
            });
            if (!takeOver) {
                return false;
            }
            data = await this.data.call("salon.visit", "get_till_visit", args, { take_over: true });
        }
        if (data.passes.length) {
            const usePasses = await ask(this.dialog, {
                title: _t("Use the pass?"),
                body: data.passes.join("\n"),
                confirmLabel: _t("Use the Pass"),
                cancelLabel: _t("Pay Without"),
            });
            if (usePasses) {
                data = await this.data.call("salon.visit", "get_till_visit", args, { use_passes: true });
            }
        }
        await this.salonLoadProducts(data.lines);
        if (data.partner_id && !this.models["res.partner"].get(data.partner_id)) {
            await this.data.read("res.partner", [data.partner_id]);
        }
        return data;
    },
    /** Services need no button on the till's screen to be paid there. */
    async salonLoadProducts(lines) {
        const missing = lines
            .filter((line) => !this.models["product.product"].get(line.product_id))
            .map((line) => line.product_tmpl_id);
        if (missing.length) {
            await this.data.callRelated("product.template", "load_product_from_pos", [
                this.config.id,
                [["id", "in", [...new Set(missing)]]],
                0,
                0,
            ], {
                // A service that is offered no more is still paid for by those who had booked it.
                context: { load_archived: true },
            });
        }
    },
    /** Return an order that nothing was put into yet. */
    salonEmptyOrder() {
        const order = this.getOrder();
        const isFree = order && order.isEmpty() && !order.partner_id && !order.salon_visit_id;
        return isFree && !order.finalized && !order.isRefund ? order : this.addNewOrder();
    },
    salonStartOrder(data) {
        const order = this.salonEmptyOrder();
        const partner = data.partner_id && this.models["res.partner"].get(data.partner_id);
        if (partner) {
            order.setPartner(partner);
        }
        // The visit's prices stand, whatever the client's country or price list says.
        order.fiscal_position_id = this.config.default_fiscal_position_id;
        order.salon_visit_id = data.id;
        order.salon_visit_label = data.label;
        order.uiState.salonMasters = data.masters;
        order.uiState.salonDeposit = data.deposit;
        return order;
    },
    salonShowOrder(order) {
        this.setOrder(order);
        this.ticket_screen_mobile_pane = "left";
        this.mobile_pane = "left";
        this.navigate("ProductScreen", { orderUuid: order.uuid });
    },
    /**
     * Open a visit in an order of its own.
     * @returns {Promise<boolean>} whether there is something to show
     */
    async salonOpenVisit(visitId) {
        const here = this.models["pos.order"].find(
            (order) => !order.finalized && order.salon_visit_id === visitId && order.lines.length
        );
        if (here) {
            this.salonShowOrder(here);
            return true;
        }
        const data = await this.salonAskVisit(visitId);
        if (!data) {
            return false;
        }
        if (!data.lines.length && data.open <= 0) {
            this.dialog.add(AlertDialog, {
                title: _t("Nothing to pay"),
                body: _t("Everything in this visit is paid already."),
            });
            return false;
        }
        const order = this.salonStartOrder(data);
        for (const line of data.lines) {
            this.salonAddLine(order, this.models["product.product"].get(line.product_id), {
                qty: line.qty,
                price_unit: line.price_unit,
                tax_ids: line.tax_ids,
                salon_line_id: line.id,
                salon_employee_id: line.employee_id,
                salon_asked: line.amount,
                salon_note: line.note,
            });
        }
        if (data.open > 0) {
            this.salonAddLine(order, this.salonProduct("debt"), { price_unit: data.open });
        }
        if (data.deposit > 0 && data.lines.length) {
            this.salonAddLine(order, this.salonProduct("deposit"), { price_unit: -data.deposit });
            this.salonFitDeposit(order);
        }
        await this.salonClaim(order);
        this.salonShowOrder(order);
        return true;
    },
    async salonTakeDeposit(visit) {
        const typed = await makeAwaitable(this.dialog, NumberPopup, {
            title: _t("Deposit of %s", visit.client),
            subtitle: _t("The visit costs %s", this.env.utils.formatCurrency(visit.due)),
            startingValue: "",
            formatDisplayedValue: (value) => `${this.currency.symbol} ${value}`,
            isValid: (value) => parseFloat(value || "0") > 0 && parseFloat(value) <= visit.due,
        });
        const amount = typed ? parseFloat(typed) : 0;
        if (!(amount > 0)) {
            return false;
        }
        const data = await this.salonAskVisit(visit.id);
        if (!data) {
            return false;
        }
        const order = this.salonStartOrder(data);
        this.salonAddLine(order, this.salonProduct("deposit"), { price_unit: amount });
        await this.salonClaim(order);
        this.salonShowOrder(order);
        return true;
    },
    salonAddLine(order, product, { tax_ids, ...values }) {
        const taxes = (tax_ids || []).map((id) => this.models["account.tax"].get(id));
        const line = this.models["pos.order.line"].create({
            order_id: order,
            product_id: product,
            qty: 1,
            price_extra: 0,
            // By hand: neither a price list nor a quantity changes it.
            price_type: "manual",
            tax_ids: taxes.filter(Boolean).map((tax) => ["link", tax]),
            ...values,
        });
        line.uiState.salonQty = line.qty;
        order.selectOrderline(line);
        return line;
    },
    /** A deposit pays for what is charged and for no more; loyalty may have made that less. */
    salonFitDeposit(order) {
        const line = order.lines.find((line) => line.salonMoney === "deposit" && line.price_unit < 0);
        const visitLines = order.lines.filter((line) => line.salon_line_id);
        if (!line || !visitLines.length) {
            return;
        }
        const charged = order.lines
            .filter((line) => !line.salonMoney && !line.isGiftCardOrEWalletReward())
            .reduce((sum, line) => sum + line.priceIncl, 0);
        const services = visitLines.reduce((sum, line) => sum + line.priceIncl, 0);
        const limit = Math.max(0, Math.min(charged, services));
        // An order that was opened on another device knows no more than its line says.
        const deposit = order.uiState.salonDeposit || -line.price_unit;
        line.price_unit = -this.currency.round(Math.min(deposit, limit));
    },
    /** Tell the server that this till has the visit open, so that nobody else opens it too. */
    async salonClaim(order) {
        try {
            await this.syncAllOrders({ orders: [order] });
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
        await this.updateRewards();
    },

    // ------------------------------------------------------------------
    // Paying
    // ------------------------------------------------------------------

    /** Look, before any money is taken, whether the visit is still as it was when it was opened. */
    async pay() {
        const order = this.getOrder();
        if (!(await this.salonAskBuyer(order))) {
            return;
        }
        if (order?.salon_visit_id || order?.isRefund) {
            this.salonFitDeposit(order);
            if (!(await this.salonCheck(order))) {
                return;
            }
        }
        return super.pay(...arguments);
    },
    /** A refund that was refused is not paid. */
    navigate(routeName, routeParams = {}) {
        if (this.salonRefused && routeName === "PaymentScreen" && routeParams.orderUuid === this.salonRefused) {
            return;
        }
        return super.navigate(...arguments);
    },
    /** A pass is somebody's: who buys it is asked before the money is taken, not after. */
    async salonAskBuyer(order) {
        const pass = order?.lines.find((line) => line.salonMoney === "pass" && !line.refunded_orderline_id);
        if (!pass || order.partner_id) {
            return true;
        }
        this.notification.add(_t("Who buys %s?", pass.getFullProductName()), { type: "info" });
        return Boolean(await this.selectPartner(order));
    },
    async salonCheck(order) {
        try {
            await this.syncAllOrders({ orders: [order], throw: true });
            const problems = await this.data.call("pos.order", "get_till_problems", [[order.id]]);
            if (problems.length) {
                this.dialog.add(AlertDialog, {
                    title: _t("This does not fit the visit"),
                    body: problems.join("\n"),
                });
            }
            return !problems.length;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                // The server looks at it when the order arrives, and tells the desk what did not fit.
                return true;
            }
            throw error;
        }
    },
    getSyncAllOrdersContext(orders, options = {}) {
        const context = super.getSyncAllOrdersContext(...arguments);
        if (orders.some((order) => order.uuid === this.salonPaying)) {
            context.salon_paying = this.salonPaying;
        }
        return context;
    },
    async setTip(tip) {
        const line = await super.setTip(...arguments);
        if (line && !(await this.salonShareTip(line, tip))) {
            this.salonDropTip(line.order_id);
            return false;
        }
        return line;
    },
    salonDropTip(order) {
        order.lines.filter((line) => line.isTipLine()).forEach((line) => line.delete());
        order.is_tipped = false;
        order.tip_amount = 0;
    },
    /**
     * Who gets which part of the tip; with one master there is nothing to ask.
     * @returns {Promise<boolean>} false when the tip is for nobody: it is not taken then
     */
    async salonShareTip(line, amount) {
        let masters = line.order_id.salonTipMasters;
        if (!masters.length && amount > 0 && this.config._salon_masters?.length) {
            const chosen = await this.salonChooseMaster(_t("Who is the tip for?"));
            if (!chosen) {
                return false;
            }
            masters = [chosen];
        }
        if (masters.length < 2 || !(amount > 0)) {
            line.salon_tips = masters.length && amount > 0 ? { [masters[0].id]: amount } : false;
            return true;
        }
        const tips = await makeAwaitable(this.dialog, TipPopup, {
            amount,
            masters,
            mode: this.config._salon_tip_split,
            currency: this.currency,
        });
        line.salon_tips = tips || false;
        return true;
    },

    // ------------------------------------------------------------------
    // Lines
    // ------------------------------------------------------------------

    async addLineToOrder(vals, order) {
        const line = await super.addLineToOrder(...arguments);
        if (line?.getEWalletGiftCardProgramType?.() && !line.is_reward_line) {
            // The next thing to do is to type the amount.
            this.numpadMode = "price";
        } else if (this.numpadMode === "price") {
            this.numpadMode = "quantity";
        }
        if (line && !line.salon_line_id && !line.salon_employee_id && !line.salonMoney && !line.is_reward_line) {
            // Who served the client last recommended it, unless somebody else is chosen.
            line.salon_employee_id = order.uiState.salonSeller || order.salonTipMasters.at(-1)?.id || false;
        }
        return line;
    },
    salonChooseMaster(title, selectedId = false) {
        const masters = this.config._salon_masters || [];
        return makeAwaitable(this.dialog, SelectionPopup, {
            title,
            list: masters.map((master) => ({
                id: master.id,
                label: master.name,
                isSelected: master.id === selectedId,
                item: master,
            })),
        });
    },
    async salonChooseSeller(line = this.getOrder()?.getSelectedOrderline()) {
        const title = line.salon_line_id ? _t("Who did it?") : _t("Who sold it?");
        const chosen = await this.salonChooseMaster(title, line.salon_employee_id);
        if (!chosen || chosen.id === line.salon_employee_id) {
            return;
        }
        if (line.salon_line_id) {
            await this.salonChangeMaster(line, chosen.id);
        } else {
            line.salon_employee_id = chosen.id;
            line.order_id.uiState.salonSeller = chosen.id;
        }
    },
    /** Who did a service stands in the visit, for figures and pay: it is changed there, with what it costs by them. */
    async salonChangeMaster(line, masterId) {
        const { line: now, masters } = await this.data.call("salon.visit", "set_till_master", [
            line.salon_line_id,
            masterId,
            this.config.id,
        ]);
        Object.assign(line, {
            salon_employee_id: now.employee_id,
            price_unit: now.price_unit,
            salon_asked: now.amount,
            salon_note: now.note,
        });
        line.order_id.uiState.salonMasters = masters;
        this.salonFitDeposit(line.order_id);
        await this.updateRewards();
    },
    async salonDiscount(line = this.getOrder()?.getSelectedOrderline()) {
        const limit = this.config._salon_discount_limit;
        const typed = await makeAwaitable(this.dialog, NumberPopup, {
            title: _t("Discount, %"),
            subtitle: limit < 100 ? _t("Up to %s %", limit) : undefined,
            startingValue: line.discount || "",
            isValid: (value) => parseFloat(value || "0") <= limit,
        });
        if (typed === undefined) {
            return;
        }
        const percent = parseFloat(typed || "0");
        if (percent > limit) {
            this.dialog.add(AlertDialog, {
                title: _t("Discount"),
                body: _t("You may give up to %s %: ask who may give more.", limit),
            });
            return;
        }
        if (!percent) {
            line.setDiscount(0);
            line.salon_reason_id = false;
            await this.updateRewards();
            return;
        }
        const reason = await makeAwaitable(this.dialog, SelectionPopup, {
            title: _t("Why?"),
            list: (this.config._salon_reasons || []).map((reason) => ({
                id: reason.id,
                label: reason.name,
                isSelected: reason.id === line.salon_reason_id,
                item: reason,
            })),
        });
        if (reason) {
            line.setDiscount(percent);
            line.salon_reason_id = reason.id;
            await this.updateRewards();
        }
    },
});
