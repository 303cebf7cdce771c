import { ClosePosPopup } from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(ClosePosPopup.prototype, {
    /** Visits of today that are still open keep the till open, for all but managers. */
    async confirm() {
        const { text, may_close } = await this.pos.data.call("pos.session", "salon_closing_hint", [
            [this.pos.session.id],
        ]);
        if (text && !may_close) {
            this.dialog.add(AlertDialog, { title: _t("Visits are still open"), body: text });
            return;
        }
        if (text) {
            const anyway = await ask(this.dialog, {
                title: _t("Visits are still open"),
                body: text,
                confirmLabel: _t("Close Anyway"),
                cancelLabel: _t("Back to the Till"),
            });
            if (!anyway) {
                return;
            }
        }
        return super.confirm(...arguments);
    },
});
