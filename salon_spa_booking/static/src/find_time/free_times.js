import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { executeButtonCallback } from "@web/views/view_button/view_button_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The free times of Find Time, day by day, each with a button that takes it. They are found while the question is being
 * asked, so that none of them is saved yet: the question is saved first, and then the time at the same place of the
 * list is taken.
 */
export class FreeTimes extends Component {
    static template = "salon_spa_booking.FreeTimes";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get days() {
        const days = new Map();
        this.props.record.data[this.props.name].records.forEach(({ id, data }, index) => {
            const times = days.get(data.day_text) || [];
            times.push({ id, index, ...data });
            days.set(data.day_text, times);
        });
        return [...days].map(([day, times]) => ({ day, times }));
    }

    take(ev, index) {
        const { name, record } = this.props;
        return executeButtonCallback(ev.target.closest(".modal-content, .o_form_view"), async () => {
            if (!(await record.save())) {
                return;
            }
            const { resId, resModel } = record.data[name].records[index];
            await this.action.doActionButton({
                type: "object",
                name: "action_take",
                resModel,
                resId,
                resIds: [resId],
                context: record.context,
                onClose: () => record.load(),
            });
        });
    }
}

registry.category("fields").add("salon_free_times", {
    component: FreeTimes,
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "day_text", type: "char", readonly: false },
        { name: "time_text", type: "char", readonly: false },
        { name: "master_text", type: "char", readonly: false },
        { name: "room_text", type: "char", readonly: false },
        { name: "reason_text", type: "char", readonly: false },
        { name: "is_other", type: "boolean", readonly: false },
        { name: "start", type: "datetime", readonly: false },
        { name: "parts", type: "json", readonly: false },
    ],
});
