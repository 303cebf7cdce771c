import { Component, onWillStart, useState } from "@odoo/owl";
import { makeContext } from "@web/core/context";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { byShare, formatHours, formatShare, heatRows } from "./load_utils";

/** How full the salon is: today and the days to come, by master, room, weekday and hour. */
export class LoadAction extends Component {
    static template = "salon_spa_booking.LoadAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.formatHours = formatHours;
        this.formatShare = formatShare;
        this.state = useState({ data: null });
        useSetupAction({ getLocalState: () => ({ ahead: this.data.ahead }) });
        onWillStart(() => this.load(this.props.state?.ahead || 0));
    }

    async load(ahead) {
        const data = await this.orm.call("salon.load.report", "load_read", [ahead]);
        this.state.data = {
            ...data,
            masters: byShare(data.masters),
            rooms: byShare(data.rooms),
            heat: heatRows(data.hours, data.weekdays),
        };
    }

    get data() {
        return this.state.data;
    }

    periodLabel(days) {
        return days ? _t("Next %s days", days) : _t("Today");
    }

    shortWeekday(key) {
        // 5 January 1970 was a Monday.
        return luxon.DateTime.utc(1970, 1, 5 + Number(key)).toFormat("ccc");
    }

    hourLabel(hour) {
        return `${hour}:00`;
    }

    heatStyle(cell) {
        return `--o-salon-heat: ${Math.min(Math.max(cell.occupancy || 0, 0), 100)}%`;
    }

    barStyle(row) {
        return `width: ${Math.min(row.occupancy || 0, 100)}%`;
    }

    cellTitle(cell) {
        return _t("%(busy)s of %(available)s", {
            busy: formatHours(cell.busy),
            available: formatHours(cell.available),
        });
    }

    /** Open the saved report behind a figure, over the days that are shown. */
    async openReport(name) {
        const ahead = this.data.ahead;
        const action = await this.action.loadAction(`salon_spa_booking.${name}`);
        // The action's own context has the last word over an additional one.
        action.context = makeContext([
            action.context,
            { search_default_date: ahead ? `custom_date_next_${ahead}` : "custom_date_today" },
        ]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("salon_load", LoadAction);
