import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { patch } from "@web/core/utils/patch";

const PAYING = ["ewallet", "gift_card"];

patch(PosOrder.prototype, {
    initState() {
        super.initState();
        Object.assign(this.uiState, {
            salonMasters: [],
            salonDeposit: 0,
            salonSeller: false,
        });
    },
    /** A discount is taken off what is sold, not off a deposit, a debt or a tip; gift cards pay for all of it. */
    _getDiscountableOnOrder(reward) {
        const result = super._getDiscountableOnOrder(...arguments);
        if (PAYING.includes(reward.program_id.program_type)) {
            return result;
        }
        for (const line of this.getOrderlines().filter((line) => line.salonMoney && line.getQuantity())) {
            const key = line.tax_ids.filter((tax) => tax.amount_type !== "fixed").map((tax) => tax.id);
            result.discountable -= line.prices.total_included;
            result.discountablePerTax[key] -= line.basePrice;
        }
        return result;
    },
});
