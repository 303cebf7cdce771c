import { CashMovePopup } from "@point_of_sale/app/components/popups/cash_move_popup/cash_move_popup";
import { onWillStart } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";

patch(CashMovePopup.prototype, {
    setup() {
        super.setup(...arguments);
        this.state.salonCategoryId = "";
        this.salonCategories = [];
        onWillStart(async () => {
            this.salonCategories = await this.pos.data.call("pos.session", "salon_cash_categories", [
                [this.pos.session.id],
            ]);
        });
    },
    /** What cash can be put in or taken out for. */
    get salonChoices() {
        const kind = this.state.type === "in" ? "income" : "expense";
        return this.salonCategories.filter((category) => category.kind === kind);
    },
    onClickButton(type) {
        if (type !== this.state.type) {
            this.state.salonCategoryId = "";
        }
        return super.onClickButton(...arguments);
    },
    _prepareTryCashInOutPayload(type, amount, reason, partnerId, extras) {
        return super._prepareTryCashInOutPayload(type, amount, reason, partnerId, {
            ...extras,
            salon_category_id: parseInt(this.state.salonCategoryId) || false,
        });
    },
});
