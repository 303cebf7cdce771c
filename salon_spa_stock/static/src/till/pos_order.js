import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { patch } from "@web/core/utils/patch";

/** Whether the till claims the reward by itself, as pos_loyalty decides it. */
function isAutomatic(reward) {
    return (
        reward.program_id.reward_ids.length === 1 &&
        !reward.program_id.is_nominative &&
        (reward.reward_type !== "product" || !reward.multi_product)
    );
}

function isExclusive(reward) {
    return Boolean(reward?.program_id?.salon_exclusive) && isAutomatic(reward);
}

patch(PosOrder.prototype, {
    initState() {
        super.initState();
        this.uiState = { ...this.uiState, salonOffers: this.uiState.salonOffers || [] };
    },
    /**
     * Of the programs marked so, only the one that saves the client most is claimed. The rivals are weighed on the
     * order as it is without any of them, so that what was claimed before does not count against what is better now.
     */
    getClaimableRewards(couponId = false, programId = false, auto = false) {
        if (!auto) {
            return super.getClaimableRewards(...arguments);
        }
        for (const line of this.lines.filter((line) => line.is_reward_line && isExclusive(line.reward_id))) {
            line.delete();
        }
        const claimable = super.getClaimableRewards(...arguments);
        const rivals = claimable.filter(({ reward }) => isExclusive(reward));
        const offers = rivals
            .map((rival) => ({ rival, saved: this.salonSaving(rival) }))
            .filter(({ saved }) => saved > 0 && !this.currency.isZero(saved));
        // The order of the programs decides between equals: sort() keeps it.
        offers.sort((a, b) => b.saved - a.saved);
        this.uiState.salonOffers = offers.map(({ rival, saved }) => ({
            rewardId: rival.reward.id,
            name: rival.reward.program_id.name,
            saved,
        }));
        return claimable.filter((claim) => !rivals.includes(claim) || claim === offers[0]?.rival);
    },
    /** What the client pays less with this reward. */
    salonSaving({ reward, coupon_id }) {
        const values = this._getRewardLineValues({ reward, coupon_id });
        if (!Array.isArray(values)) {
            return 0;
        }
        return -values.reduce((sum, line) => sum + line.price_unit * line.qty, 0);
    },
});
