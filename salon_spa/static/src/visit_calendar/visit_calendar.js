import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { CalendarCommonPopover } from "@web/views/calendar/calendar_common/calendar_common_popover";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";

export class VisitCalendarModel extends CalendarModel {
    async load(params = {}) {
        this.isDesk ??= await user.hasGroup("salon_spa.group_salon_administrator");
        return super.load(params);
    }

    /** Masters look; times are the desk's. */
    get canEdit() {
        return super.canEdit && this.isDesk;
    }

    /** Client and service, then the master, whom the colour does not tell. */
    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        const master = rawRecord.employee_id?.[1];
        return { ...record, title: master ? `${record.title} · ${master}` : record.title };
    }

    /** A service that may not be moved there goes back to where it was, and the reason is shown. */
    async updateRecord(record, options) {
        try {
            await super.updateRecord(record, options);
        } catch (error) {
            await this.load();
            throw error;
        }
    }

    /** The one master whose column is looked at, if it is one. */
    get onlyEmployeeId() {
        const filters = this.data.filterSections.employee_id?.filters || [];
        const active = filters.filter((filter) => filter.active && filter.value);
        return active.length === 1 && active.length < filters.length ? active[0].value : false;
    }
}

/** Services are drawn, visits are opened: an empty time starts a new visit, an event opens the one it belongs to. */
export class VisitCalendarController extends CalendarController {
    static template = "salon_spa.VisitCalendarController";

    /** The states in sight with the colours that tell them. */
    get legend() {
        const records = Object.values(this.model.records).map(({ rawRecord }) => rawRecord);
        const colors = new Map(records.map(({ state, state_color }) => [state, state_color]));
        return this.model.fields.state.selection
            .filter(([state]) => colors.has(state))
            .map(([state, label]) => ({ state, label, color: colors.get(state) }));
    }

    get className() {
        return `${super.className} o_salon_calendar`;
    }

    createRecord(record) {
        if (!this.model.canCreate) {
            return;
        }
        let { start } = record;
        if (record.isAllDay) {
            start = start.set({ hour: 10, minute: 0 });
        }
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("New Visit"),
                res_model: "salon.visit",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_start: serializeDateTime(start),
                    form_view_ref: "salon_spa.salon_visit_view_form_dialog",
                    salon_employee_id: this.model.onlyEmployeeId,
                    dialog_size: "extra-large",
                },
            },
            { onClose: () => this.model.load() }
        );
    }

    editRecord(record) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Visit"),
            res_model: "salon.visit",
            res_id: this.model.records[record.id].rawRecord.visit_id[0],
            views: [[false, "form"]],
        });
    }
}

export class VisitCalendarPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        footer: "salon_spa.VisitCalendarPopover.footer",
    };
}

export class VisitCalendarCommonRenderer extends CalendarCommonRenderer {
    static components = { ...CalendarCommonRenderer.components, Popover: VisitCalendarPopover };

    get options() {
        return { ...super.options, allDaySlot: false };
    }
}

export class VisitCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: VisitCalendarCommonRenderer,
        week: VisitCalendarCommonRenderer,
        month: VisitCalendarCommonRenderer,
    };
}

registry.category("views").add("salon_visit_calendar", {
    ...calendarView,
    Model: VisitCalendarModel,
    Controller: VisitCalendarController,
    Renderer: VisitCalendarRenderer,
});
