import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";

patch(PosStore.prototype, {
    /** Whoever sells a gift card or takes a tip writes the amount; prices of services and products are the salon's. */
    cashierHasPriceControlRights() {
        const line = this.getOrder()?.getSelectedOrderline();
        return super.cashierHasPriceControlRights() || Boolean(line?.salonAmountIsOpen);
    },
});
