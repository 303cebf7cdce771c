import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * @param {Record<string, boolean>} days the days that suit; all of them is any day, of which none is marked
 * @param {string} day the one that was pressed
 * @returns {Record<string, boolean>} the days that suit then: of any day just this one, of the last one any day
 */
export function toggleDay(days, day) {
    const any = WEEKDAYS.every((one) => days[one]);
    const chosen = new Set(any ? [] : WEEKDAYS.filter((one) => days[one]));
    chosen.has(day) ? chosen.delete(day) : chosen.add(day);
    return Object.fromEntries(WEEKDAYS.map((one) => [one, !chosen.size || chosen.has(one)]));
}

/** The days of the week that suit a client: "Thursday" is one click. */
export class Weekdays extends Component {
    static template = "salon_spa_booking.Weekdays";
    static props = { ...standardWidgetProps };

    get days() {
        const { data, fields } = this.props.record;
        const any = WEEKDAYS.every((day) => data[day]);
        return WEEKDAYS.map((day) => ({ name: day, label: fields[day].string, isChosen: data[day] && !any }));
    }

    toggle(day) {
        return this.props.record.update(toggleDay(this.props.record.data, day));
    }
}

registry.category("view_widgets").add("salon_weekdays", {
    component: Weekdays,
    fieldDependencies: WEEKDAYS.map((name) => ({ name, type: "boolean", readonly: false, onChange: true })),
});
