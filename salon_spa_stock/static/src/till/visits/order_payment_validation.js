import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { patch } from "@web/core/utils/patch";

patch(OrderPaymentValidation.prototype, {
    /** As long as the cashier waits, the server may refuse the order; what comes later has been paid. */
    async finalizeValidation() {
        this.pos.salonPaying = this.order.uuid;
        try {
            return await super.finalizeValidation(...arguments);
        } finally {
            this.pos.salonPaying = null;
        }
    },
});
