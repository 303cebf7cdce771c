import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { patch } from "@web/core/utils/patch";

patch(TicketScreen.prototype, {
    /** Give back what was paid: a discount of the whole order had its part in the line. */
    async addAdditionalRefundInfo(order, destinationOrder) {
        destinationOrder.salon_visit_label = order.salon_visit_label;
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
        return super.addAdditionalRefundInfo(...arguments);
    },
});
