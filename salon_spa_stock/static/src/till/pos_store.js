import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";

patch(PosStore.prototype, {
    /** Odoo says nine for nine in the evening, too. */
    getTime(date) {
        return this.config._salon_desk ? date.toFormat("HH:mm") : super.getTime(...arguments);
    },
    /** Whoever sells a gift card or takes a tip writes the amount; prices of services and products are the salon's. */
    cashierHasPriceControlRights() {
        const line = this.getOrder()?.getSelectedOrderline();
        return super.cashierHasPriceControlRights() || Boolean(line?.salonAmountIsOpen);
    },
    /** Clients say "welcome" for WELCOME: a promo code is known in capitals or not. */
    async activateCode(code) {
        const typed = code.toLowerCase();
        const rule = this.models["loyalty.rule"].find((rule) => (rule.code || "").toLowerCase() === typed);
        return super.activateCode(rule ? rule.code : code);
    },
});
