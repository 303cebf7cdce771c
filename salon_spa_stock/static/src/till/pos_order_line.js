import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { formatCurrency } from "@point_of_sale/app/models/utils/currency";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(PosOrderline.prototype, {
    /** Why the client pays less: the program's name, for whom prints it and for who asks. */
    get salonReason() {
        const program = this.reward_id?.program_id;
        if (!this.is_reward_line || !program || this.isGiftCardOrEWalletReward()) {
            return "";
        }
        return program.name;
    },
    /** What else the client might have had, so that the cashier can say why this one. */
    get salonRivals() {
        const offers = this.order_id?.uiState?.salonOffers || [];
        if (!this.is_reward_line || offers[0]?.rewardId !== this.reward_id?.id) {
            return "";
        }
        const others = offers
            .slice(1)
            .map(({ name, saved }) => `${name} (${formatCurrency(saved, this.currency)})`);
        return others.length ? _t("Better than: %s", others.join("; ")) : "";
    },
    /** Money that changes its form earns nothing: points come when it is spent. */
    ignoreLoyaltyPoints({ program }) {
        return (
            super.ignoreLoyaltyPoints(...arguments) ||
            (program.program_type === "loyalty" && this.salonAmountIsOpen)
        );
    },
    /** The amount is what the client wants to give: gift card, e-wallet, tip. */
    get salonAmountIsOpen() {
        return Boolean(this.getEWalletGiftCardProgramType() || this.isTipLine());
    },
});
