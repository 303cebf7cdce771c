import { PosStore } from "@point_of_sale/app/services/pos_store";
import { translatedTerms } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** Modules whose words the till shows beside its own. */
const MODULES = ["point_of_sale", "pos_loyalty"];

patch(PosStore.prototype, {
    async setup() {
        this.salonSayItOurWay();
        await super.setup(...arguments);
    },
    /**
     * Where this addon translates a term that Odoo has too, the till says it as the salon does: some languages have
     * several words for one of English, and Odoo's is now and then that of another trade.
     */
    salonSayItOurWay() {
        const ours = translatedTerms.salon_spa_stock || {};
        for (const theirs of MODULES.map((name) => translatedTerms[name]).filter(Boolean)) {
            for (const source of Object.keys(theirs).filter((source) => ours[source])) {
                theirs[source] = ours[source];
            }
        }
    },
});
