import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { executeButtonCallback } from "@web/views/view_button/view_button_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The free times of Find Time, day by day, each with a button that takes it. They are found while the question is being
 * asked, so that none of them is saved yet: the question is saved first, and then the same time is taken. What was
 * still being typed may have changed the list meanwhile.
 */
export class FreeTimes extends Component {
    static template = "salon_spa_booking.FreeTimes";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
    }

    /** What makes two offers the same, saved or not. */
    identity({ start, parts }) {
        return JSON.stringify([+start, parts]);
    }

    get days() {
        const days = new Map();
        this.props.record.data[this.props.name].records.forEach(({ id, data }) => {
            const times = days.get(data.day_text) || [];
            times.push({ id, ...data });
            days.set(data.day_text, times);
        });
        return [...days].map(([day, times]) => ({ day, times }));
    }

    take(ev, time) {
        const { name, record } = this.props;
        const wanted = this.identity(time);
        return executeButtonCallback(ev.target.closest(".modal-content, .o_form_view"), async () => {
            if (!(await record.save())) {
                return;
            }
            const option = record.data[name].records.find(({ data }) => this.identity(data) === wanted);
            if (!option) {
                this.notification.add(_t("The free times have changed: choose one of these."), { type: "warning" });
                return;
            }
            const { resId, resModel } = option;
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
