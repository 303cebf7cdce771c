import { Component, onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

import { actionsFor } from "./journal_actions";

/** The card of an event: who, what, when, and what can be done now. */
export class JournalPopover extends Component {
    static template = "salon_spa_booking.JournalPopover";
    static props = {
        close: Function,
        lineId: Number,
        isDesk: Boolean,
        onAction: Function,
        onOpen: Function,
        onMore: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ line: null });
        onWillStart(async () => {
            this.state.line = await this.orm.call("salon.journal", "read_line", [this.props.lineId]);
        });
    }

    get actions() {
        const { visit_state, state } = this.state.line;
        // A service cancelled alone is restored in its visit.
        return state === visit_state ? actionsFor(state, this.props.isDesk) : [];
    }

    act(name) {
        this.props.close();
        this.props.onAction(this.state.line.visit_id, name);
    }

    /** All that a right click offers, for fingers. */
    more(ev) {
        const { left: clientX, bottom: clientY } = ev.currentTarget.getBoundingClientRect();
        this.props.close();
        this.props.onMore({ clientX, clientY });
    }

    open() {
        this.props.close();
        this.props.onOpen(this.state.line.visit_id);
    }
}

/** What can be done at the place of a right click or a long tap. */
export class JournalMenu extends Component {
    static template = "salon_spa_booking.JournalMenu";
    static props = { close: Function, items: Array };

    choose(item) {
        this.props.close();
        item.run?.();
    }
}
