import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { patch } from "@web/core/utils/patch";

patch(ControlButtons.prototype, {
    /** The service or product that a seller and a discount can be chosen for. */
    get salonLine() {
        const line = this.currentOrder?.getSelectedOrderline();
        const isSold = line && !line.salonMoney && !line.is_reward_line && !line.refunded_orderline_id;
        return this.pos.config._salon_desk && isSold ? line : false;
    },
    async salonDo(action) {
        const line = this.salonLine;
        this.props.close?.();
        await this.pos[action](line);
    },
});
