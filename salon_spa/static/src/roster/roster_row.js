import { Component } from "@odoo/owl";
import { formatMinutes, formatSpan } from "./roster_utils";

/** A master's month. A component of its own, so that only the rows that change are drawn again. */
export class RosterRow extends Component {
    static template = "salon_spa.RosterRow";
    static props = {
        row: Object,
        rowIndex: Number,
        days: Array,
        hoursText: String,
        selectedFrom: Number,
        selectedTo: Number,
    };

    setup() {
        this.formatMinutes = formatMinutes;
        this.formatSpan = formatSpan;
    }

    isSelected(day) {
        return this.props.selectedFrom <= day.index && day.index <= this.props.selectedTo;
    }
}
