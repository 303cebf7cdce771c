import { PosStore } from "@point_of_sale/app/services/pos_store";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        this.data.connectWebSocket("SALON_FISCAL", this.salonFiscalFailed.bind(this));
    },
    /** A receipt for the tax office was not printed: the sale stands, somebody should look at the printer. */
    salonFiscalFailed({ receipt, error, again }) {
        const text = again
            ? _t("The fiscal receipt of %(receipt)s was not printed: %(error)s. It is sent again by itself.", {
                  receipt,
                  error,
              })
            : _t("The fiscal receipt of %(receipt)s was refused: %(error)s. Tell the manager.", { receipt, error });
        this.notification.add(text, { type: again ? "warning" : "danger", sticky: !again });
    },
});
