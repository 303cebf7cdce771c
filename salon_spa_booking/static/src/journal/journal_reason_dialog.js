import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks why to book in spite of warnings; closing it means no. */
export class JournalReasonDialog extends Component {
    static template = "salon_spa_booking.JournalReasonDialog";
    static components = { Dialog };
    static props = { close: Function, warnings: Array, onReason: Function };

    setup() {
        this.state = useState({ reason: "" });
        useAutofocus({ refName: "reason" });
    }

    confirm() {
        const reason = this.state.reason.trim();
        if (reason) {
            this.props.onReason(reason);
            this.props.close();
        }
    }
}
