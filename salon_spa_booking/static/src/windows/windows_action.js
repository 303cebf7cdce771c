import { Component, onWillStart, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatCurrency } from "@web/core/currency";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { byMaster, formatMinutes, heatTable } from "./windows_utils";

const { DateTime } = luxon;

/** Idle time of the masters in the days ahead, and beside each window the people who could fill it. */
export class WindowsAction extends Component {
    static template = "salon_spa_booking.WindowsAction";
    static components = { CheckboxItem, Dropdown, DropdownItem, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.ui = useState(useService("ui"));
        this.display = { controlPanel: {} };
        this.formatMinutes = formatMinutes;
        this.lengths = [0, 15, 30, 45, 60, 90, 120, 180].map((value) => [
            value,
            value ? _t("At least %s", formatMinutes(value)) : _t("Any length"),
        ]);
        this.listPeriods = [7, 14, 28].map((days) => [days, _t("Next %s days", days)]);
        this.heatPeriods = [...this.listPeriods, ...[-28, -91].map((days) => [days, _t("Last %s days", -days)])];
        // The last answer counts, whichever comes first.
        this.loading = new KeepLast();
        this.asking = new KeepLast();
        const known = this.props.state || {};
        this.state = useState({
            view: known.view || "list",
            days: known.days || 7,
            heatDays: known.heatDays || -28,
            minutes: known.minutes || 0,
            // Ids of the masters to look at; null is everybody.
            shown: known.shown || null,
            selected: known.selected || null,
            masters: [],
            list: null,
            heat: null,
            people: null,
        });
        useSetupAction({ getLocalState: () => this.looked });
        onWillStart(() => this.load());
    }

    // ------------------------------------------------------------------
    // Data
    // ------------------------------------------------------------------

    async load() {
        const { state } = this;
        if (state.view === "heat") {
            const data = await this.loading.add(
                this.orm.call("salon.free.window", "heat_read", [state.heatDays, state.shown])
            );
            state.masters = data.masters;
            state.heat = { rows: heatTable(data.hours), help: data.help };
        } else {
            const data = await this.loading.add(
                this.orm.call("salon.free.window", "windows_read", [state.days, state.shown, state.minutes])
            );
            state.masters = data.masters;
            this.names = Object.fromEntries(data.masters.map((one) => [one.id, one.name]));
            state.list = {
                ...data,
                days: data.days.map((day) => ({ ...day, rows: byMaster(day.windows) })),
            };
            await this.select(this.findWindow(state.selected) || (this.ui.isSmall ? null : this.firstWindow));
        }
    }

    /** What whoever comes back finds as it was. */
    get looked() {
        const { view, days, heatDays, minutes, shown, selected } = this.state;
        return { view, days, heatDays, minutes, shown, selected };
    }

    get firstWindow() {
        return this.state.list.days[0]?.windows[0];
    }

    findWindow(id) {
        return this.state.list.days.flatMap((day) => day.windows).find((one) => one.id === id);
    }

    async select(window) {
        const id = window ? window.id : null;
        if (id !== this.state.selected) {
            this.state.people = null;
        }
        this.state.selected = id;
        if (window) {
            const people = await this.asking.add(
                this.orm.call("salon.free.window", "people_read", [window.employee_id, window.start, window.stop])
            );
            this.state.people = people;
        }
    }

    /** On a small screen the people stand below the window: a second tap folds them up. */
    toggle(window) {
        const isOpen = this.ui.isSmall && this.state.selected === window.id;
        return this.select(isOpen ? null : window);
    }

    // ------------------------------------------------------------------
    // Texts
    // ------------------------------------------------------------------

    money(amount) {
        return formatCurrency(amount, this.state.list.currency_id, { digits: [16, 0] });
    }

    dayLabel(date) {
        const weekday = this.ui.isSmall ? "short" : "long";
        return DateTime.fromISO(date).toLocaleString({ weekday, day: "numeric", month: "long" });
    }

    /** What the head of the people says of the selected window. */
    get selectedTitle() {
        const window = this.findWindow(this.state.selected);
        const day = this.state.list.days.find((one) => one.windows.includes(window));
        return { window, master: this.names[window.employee_id], day: this.dayLabel(day.date) };
    }

    get weekdays() {
        return luxon.Info.weekdays("short");
    }

    hourLabel(hour) {
        return `${String(hour).padStart(2, "0")}:00`;
    }

    heatTitle(cell) {
        return _t("Idle %(idle)s of %(available)s", {
            idle: formatMinutes(cell.idle),
            available: formatMinutes(cell.available),
        });
    }

    get mastersTitle() {
        const { masters, shown } = this.state;
        return shown ? _t("Masters: %s", masters.filter((one) => this.isShown(one.id)).length) : _t("All masters");
    }

    phoneLink(person) {
        return `tel:${person.phone.replace(/[^+\d]/g, "")}`;
    }

    // ------------------------------------------------------------------
    // Toolbar
    // ------------------------------------------------------------------

    show(view) {
        this.state.view = view;
        return this.load();
    }

    setPeriod(ev) {
        this.state[this.state.view === "heat" ? "heatDays" : "days"] = Number(ev.target.value);
        return this.load();
    }

    setMinutes(ev) {
        this.state.minutes = Number(ev.target.value);
        return this.load();
    }

    isShown(id) {
        return !this.state.shown || this.state.shown.includes(id);
    }

    toggleMaster(id) {
        const ids = this.state.masters.map((one) => one.id);
        const shown = ids.filter((one) => this.isShown(one) !== (one === id));
        this.state.shown = shown.length < ids.length ? shown : null;
        return this.load();
    }

    showAllMasters(isShown) {
        this.state.shown = isShown ? null : [];
        return this.load();
    }

    async fillWeek() {
        const { days, shown } = this.state;
        const action = await this.orm.call("salon.fill.week", "open_proposal", [days, shown]);
        return this.action.doAction(action);
    }

    // ------------------------------------------------------------------
    // People
    // ------------------------------------------------------------------

    async book(person) {
        const action = await this.orm.call("salon.free.window", "window_book", [
            person.source,
            person.source_id,
            person.employee_id,
            person.start,
        ]);
        return this.action.doAction(action);
    }

    openClient(person) {
        return this.action.doAction("salon_spa.action_salon_client", {
            viewType: "form",
            props: { resId: person.client_id },
        });
    }

    openEntry(person) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "salon.waitlist",
            res_id: person.source_id,
            views: [[false, "form"]],
        });
    }

    async answer(person, method) {
        const action = await this.orm.call("salon.cadence", method, [[person.source_id]]);
        if (action) {
            await this.action.doAction(action, { onClose: () => this.reloadPeople() });
        } else {
            await this.reloadPeople();
        }
    }

    askWrongNumber(person) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Wrong Number"),
            body: _t("Take this client off the list until the phone number is changed?"),
            confirmLabel: _t("Take off the List"),
            confirm: () => this.answer(person, "action_wrong_number"),
            cancel: () => {},
        });
    }

    reloadPeople() {
        return this.select(this.findWindow(this.state.selected));
    }
}

registry.category("actions").add("salon_free_windows", WindowsAction);
