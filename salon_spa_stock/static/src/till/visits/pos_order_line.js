import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(PosOrderline.prototype, {
    /** The salon's money that the line takes or uses: deposit, debt, tip or pass. */
    get salonMoney() {
        return this.product_id?.product_tmpl_id?.salon_money || (this.isTipLine() ? "tip" : false);
    },
    get salonMaster() {
        const masters = this.config._salon_masters || [];
        return masters.find((master) => master.id === this.salon_employee_id)?.name || "";
    },
    get salonReasonName() {
        const reasons = this.config._salon_reasons || [];
        return (this.discount && reasons.find((reason) => reason.id === this.salon_reason_id)?.name) || "";
    },
    canBeMergedWith(orderline) {
        return (
            !this.salon_line_id &&
            !orderline.salon_line_id &&
            (!orderline.salon_employee_id || orderline.salon_employee_id === this.salon_employee_id) &&
            super.canBeMergedWith(...arguments)
        );
    },
    /** Odoo says it in English whatever the language. */
    get packLotLines() {
        return super.packLotLines?.map((text) => text.replace(/^Lot Number /, `${_t("Lot")} `));
    },
    /** What was done in the visit is not changed at the till: it is paid or left out. */
    setQuantity(quantity, keepPrice) {
        const number = typeof quantity === "number" ? quantity : parseFloat(quantity || 0);
        if (this.salon_line_id && !this.refunded_orderline_id && ![0, this.uiState.salonQty || 1].includes(number)) {
            return {
                title: _t("A line of the visit"),
                body: _t("It can be paid or left out. Change the visit itself to charge another quantity."),
            };
        }
        if (["deposit", "debt", "tip"].includes(this.salonMoney) && !this.refunded_orderline_id && ![0, 1].includes(number)) {
            return {
                title: this.product_id.display_name,
                body: _t("Remove it and take the right amount instead."),
            };
        }
        return super.setQuantity(...arguments);
    },
    /**
     * Deposits, debts and tips are no sales, no points come of them; a pass is bought, and never paid again. The points
     * of what is given back are the server's to take back: here they would count only in an exchange.
     */
    ignoreLoyaltyPoints() {
        return (
            Boolean(this.salonMoney && this.salonMoney !== "pass") ||
            Boolean(this.refunded_orderline_id) ||
            super.ignoreLoyaltyPoints(...arguments)
        );
    },
});
