import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(TicketScreen.prototype, {
    /** What can't be given back is said at once, and no order is left of it. */
    async onDoRefund() {
        const sold = this.getSelectedOrder();
        await super.onDoRefund(...arguments);
        const order = this.pos.getOrder();
        if (!order || order.uuid !== this.pos.salonRefused) {
            return;
        }
        this.pos.salonRefused = null;
        const back = order.lines.map((line) => line.refunded_orderline_id?.uuid);
        if (await this.pos.deleteOrders([order])) {
            order.uiState.displayed = false;
            for (const uuid of back) {
                delete sold.uiState.lineToRefund[uuid];
            }
            await this.pos.afterOrderDeletion();
        }
    },
    /** Give back what was paid: a discount of the whole order had its part in the line. */
    async addAdditionalRefundInfo(order, destinationOrder) {
        destinationOrder.salon_visit_label = order.salon_visit_label;
        // What is given back has its part of the order's discounts taken off: they are not taken off once more.
        const discounts = destinationOrder.lines.filter(({ refunded_orderline_id: sold }) => {
            return sold?.is_reward_line && !sold.isGiftCardOrEWalletReward();
        });
        if (discounts.length < destinationOrder.lines.length && order.lines.some((line) => line.salon_amount)) {
            for (const line of discounts) {
                line.delete();
            }
        }
        for (const line of destinationOrder.lines) {
            const sold = line.refunded_orderline_id;
            if (!sold) {
                continue;
            }
            line.salon_employee_id = sold.salon_employee_id;
            const charged = Math.abs(sold.price_subtotal_incl || sold.priceIncl);
            if (sold.salon_amount && charged && !line.currency.isZero(sold.salon_amount - charged)) {
                line.price_unit = (sold.price_unit * sold.salon_amount) / charged;
            }
        }
        const byPass = destinationOrder.lines.filter((line) => {
            const sold = line.refunded_orderline_id;
            return sold?.salon_line_id && sold.salon_note && line.currency.isZero(line.price_unit);
        });
        if (byPass.length) {
            const back = await ask(this.dialog, {
                title: _t("Give the session back?"),
                body: byPass
                    .map((line) => `${line.getFullProductName()}: ${line.refunded_orderline_id.salon_note}`)
                    .join("\n"),
                confirmLabel: _t("Give Back"),
                cancelLabel: _t("It Stays Used"),
            });
            for (const line of byPass) {
                line.salon_keeps_pass = !back;
            }
        }
        await super.addAdditionalRefundInfo(...arguments);
        if (!(await this.pos.salonCheck(destinationOrder))) {
            this.pos.salonRefused = destinationOrder.uuid;
        }
    },
});
