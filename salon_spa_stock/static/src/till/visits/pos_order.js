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
    /** Whom tips are for: the masters of the visit; without one, or on another device, those of the order's lines. */
    get salonTipMasters() {
        if (this.uiState.salonMasters?.length) {
            return this.uiState.salonMasters;
        }
        const served = this.lines.filter(
            (line) => line.salon_employee_id && !line.salonMoney && !line.refunded_orderline_id && line.qty > 0
        );
        const services = served.filter((line) => line.product_id.product_tmpl_id?.type === "service");
        const masters = new Map();
        for (const line of services.length ? services : served) {
            const id = line.salon_employee_id;
            const master = masters.get(id) || { id, name: line.salonMaster, value: 0, time: 0 };
            master.value += line.priceIncl;
            masters.set(id, master);
        }
        return [...masters.values()];
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
