import { Component, onMounted, onWillUnmount, status, useRef, useState } from "@odoo/owl";
import { DateTimePickerPopover } from "@web/core/datetime/datetime_picker_popover";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { usePopover } from "@web/core/popover/popover_hook";
import { useBus, useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";
import { useModel } from "@web/model/model";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { standardViewProps } from "@web/views/standard_view_props";

import { actionsFor } from "./journal_actions";
import { ZOOMS } from "./journal_model";
import { JournalMenu, JournalPopover } from "./journal_popover";
import { JournalReasonDialog } from "./journal_reason_dialog";
import { clock } from "./journal_renderer";
import { useJournalLive } from "./journal_live";

const { DateTime } = luxon;

// A refusal says who, when and what else is free: it takes longer to read than Odoo's four seconds.
const READING_TIME = 10000;

/** A refusal in words, which belongs beside the board and not into an error dialog over it. */
function isRefusal(error) {
    const names = ["UserError", "ValidationError", "AccessError"];
    return error instanceof RPCError && names.some((name) => error.exceptionName?.endsWith(name));
}

export class JournalController extends Component {
    static template = "salon_spa_booking.JournalController";
    static components = { Layout, CogMenu, SearchBar, Dropdown, DropdownItem, CheckboxItem };
    static props = { ...standardViewProps, Model: Function, Renderer: Function, archInfo: Object };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.zooms = ZOOMS;
        this.state = useState({ undo: null, carried: null, sheet: false });
        this.root = useRef("root");
        this.anchor = useRef("anchor");
        this.searchBarToggler = useSearchBarToggler();
        this.model = useModel(this.props.Model, {});
        useBus(this.model.bus, "update", () => this.render(true));
        useSetupAction({ rootRef: this.root, getLocalState: () => ({ date: this.model.meta.date.toISODate() }) });
        if (this.props.state?.date) {
            this.model.open(DateTime.fromISO(this.props.state.date));
        }
        this.card = usePopover(JournalPopover, {
            position: "right",
            popoverClass: "o_journal_popover",
            useBottomSheet: this.ui.isSmall,
        });
        this.menu = usePopover(JournalMenu, {
            position: "bottom-start",
            arrow: false,
            useBottomSheet: this.ui.isSmall,
            onClose: () => this.onMenuClose?.(),
        });
        this.month = usePopover(DateTimePickerPopover, { position: "bottom-start" });
        this.isDragging = false;
        // Bound here and not in the getter: read by a slot of the template, that one has another "this".
        this.handlers = {
            onOpen: this.openCard.bind(this),
            onOpenBlock: this.openBlock.bind(this),
            onEmpty: this.onEmpty.bind(this),
            onStretch: this.onStretch.bind(this),
            onMenu: this.openMenu.bind(this),
            onMove: this.onMove.bind(this),
            onMoveBlock: this.onMoveBlock.bind(this),
            onTurn: (column) => (this.inHand = column),
            onDragging: this.setDragging.bind(this),
        };
        this.reload = debounce(() => this.onChanged(), 200);
        useJournalLive((message) => this.onMessage(message));
        this.setupHotkeys();
        onMounted(() => this.props.updateActionState?.({}));
        onWillUnmount(() => {
            this.reload.cancel();
            // Its buttons would act on a board that is no more.
            this.closeUndo?.();
        });
    }

    setupHotkeys() {
        const keys = {
            arrowleft: () => this.step(-1),
            arrowright: () => this.step(1),
            t: () => this.today(),
            d: () => this.model.change({ scale: "day" }),
            w: () => this.model.change({ scale: "week" }),
            l: () => this.model.change({ scale: "timeline" }),
            n: () => this.create(),
            f: () => this.findTime(),
            "control+z": () => this.undo(),
            escape: () => this.carry(null),
        };
        for (const [key, run] of Object.entries(keys)) {
            useHotkey(key, run, { allowRepeat: key.startsWith("arrow") });
        }
    }

    // ------------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------------

    get rendererProps() {
        return { ...this.handlers, model: this.model, version: this.model.version };
    }

    get title() {
        const { start, end } = this.model.range(this.model.wanted);
        if (+start === +end) {
            return start.toFormat(this.ui.isSmall ? "ccc, d MMM" : "cccc, d MMMM yyyy");
        }
        return `${start.toFormat(start.month === end.month ? "d" : "d MMM")} – ${end.toFormat("d MMM yyyy")}`;
    }

    get scales() {
        return [
            { name: "day", label: _t("Day"), icon: "fa-columns" },
            { name: "week", label: _t("Week"), icon: "fa-calendar" },
            { name: "timeline", label: _t("Timeline"), icon: "fa-align-left" },
        ];
    }

    get modes() {
        return [
            { name: "masters", label: _t("Masters") },
            { name: "rooms", label: _t("Rooms") },
        ].filter(({ name }) => this.model.data.modes.includes(name));
    }

    get bookedHours() {
        return `${Math.floor(this.model.data.totals.booked / 60)}:${String(this.model.data.totals.booked % 60).padStart(2, "0")}`;
    }

    get loadTitle() {
        return this.model.meta.mode === "rooms"
            ? _t("Load: minutes that seats are taken by visits, of the opening hours less maintenance")
            : _t("Load: booked minutes of masters (without processing), of the shifts less leaves and blocks");
    }

    /** Whose week it is, which a single column does not say; else how many of them were chosen. */
    get columnsLabel() {
        const { meta, columns, data } = this.model;
        if (meta.scale === "week" && columns.length === 1) {
            return columns[0].name;
        }
        return meta.chosen[meta.mode].length ? `${columns.length}/${data.columns.length}` : "";
    }

    isChosen(column) {
        return this.model.columns.includes(column);
    }

    choose(column) {
        const { mode, chosen } = this.model.meta;
        const ids = new Set(this.model.columns.map(({ id }) => id));
        ids[ids.has(column.id) ? "delete" : "add"](column.id);
        this.model.change({ chosen: { ...chosen, [mode]: [...ids] } });
    }

    chooseAll() {
        const { mode, chosen } = this.model.meta;
        this.model.change({ chosen: { ...chosen, [mode]: [] } });
    }

    step(count) {
        const { date, scale } = this.model.wanted;
        return this.model.change({ date: date.plus(scale === "week" ? { weeks: count } : { days: count }) });
    }

    today() {
        return this.model.change({ date: DateTime.local().startOf("day") });
    }

    pickDate(ev) {
        this.month.open(ev.currentTarget, {
            pickerProps: {
                type: "date",
                value: this.model.wanted.date,
                onSelect: (date) => {
                    this.month.close();
                    this.model.change({ date: date.startOf("day") });
                },
            },
        });
    }

    // ------------------------------------------------------------------
    // Live
    // ------------------------------------------------------------------

    onMessage({ company_id, dates }) {
        if (!this.model.data) {
            // The first answer is still to come.
            return;
        }
        const { start, end } = this.model.range();
        const [from, to] = [start.toISODate(), end.toISODate()];
        const isShown = !dates || dates.some((date) => from <= date && date <= to);
        if (isShown && (!company_id || company_id === this.model.data.company_id)) {
            this.reload();
        }
    }

    /** Waits for nothing: a dialog stays open until its onClose is through, and a reload may be put off by the next. */
    onDialogClose() {
        this.reload();
    }

    setDragging(isDragging) {
        this.isDragging = isDragging;
        if (!isDragging && this.isStale) {
            this.reload();
        }
    }

    /** Fetches what has changed, but never pulls away what is being dragged. */
    async onChanged() {
        if (status(this) === "destroyed") {
            return;
        }
        this.isStale = this.isDragging;
        if (!this.isDragging) {
            await this.model.reload();
        }
    }

    // ------------------------------------------------------------------
    // Gestures
    // ------------------------------------------------------------------

    openCard(line, el) {
        this.card.open(el, {
            // A popover brings its own, a bottom sheet does not.
            close: () => this.card.close(),
            lineId: line.id,
            isDesk: this.model.data.is_desk,
            onAction: this.act.bind(this),
            onOpen: this.openVisit.bind(this),
            onMore: (point) => this.openMenu(point, { line }),
        });
    }

    openVisit(visitId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Visit"),
            res_model: "salon.visit",
            res_id: visitId,
            views: [[false, "form"]],
        });
    }

    openBlock(block) {
        if (!this.model.data.is_desk || !block.id) {
            return;
        }
        return this.openDialog("salon.allocation", { name: block.name, res_id: block.id });
    }

    openDialog(model, action, context = {}) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: model,
                views: [[false, "form"]],
                target: "new",
                ...action,
                context,
            },
            { onClose: () => this.onDialogClose() }
        );
    }

    /** @param {string} start salon's wall clock in ISO, which is the clock of this client too */
    moment(start) {
        return serializeDateTime(DateTime.fromISO(start));
    }

    /** A tap or click on free time. */
    onEmpty(column, start) {
        if (!this.model.data.is_desk) {
            return;
        }
        const { carried } = this.state;
        if (!carried) {
            return this.book({ start, column });
        }
        return carried.isMoved ? this.moveHere(column, start) : this.paste(column, start);
    }

    /** A drag over free time: a service has its own length, a break has this one. */
    onStretch(point, { column, start, stop }, onClose) {
        this.openMenu(point, { column, start, stop }, onClose);
    }

    /** Take a visit or a block along, to another day as well: a free time is where it is put down. */
    carry(carried) {
        this.state.carried = carried;
    }

    async moveHere(column, start) {
        const { carried } = this.state;
        const { line, block } = carried;
        if (block && !column.resource_id) {
            return;
        }
        this.carry(null);
        const values = { start };
        if (block) {
            values.resource_id = column.resource_id;
            await this.onMoveBlock(block, values, () => this.carry(carried));
            return;
        }
        if (column.id && column.id !== line.column) {
            values[this.model.columnField] = column.id;
        }
        await this.onMove(line, values, () => this.carry(carried));
    }

    book({ start, column }) {
        return this.openDialog(
            "salon.visit",
            { name: column?.id ? _t("New visit: %s", column.name) : _t("New Visit") },
            {
                default_start: this.moment(start),
                form_view_ref: "salon_spa_booking.salon_visit_view_form_quick",
                ...this.columnContext(column),
                dialog_size: "extra-large",
            }
        );
    }

    columnContext(column) {
        if (!column?.id) {
            return {};
        }
        return this.model.meta.mode === "rooms" ? { default_room_id: column.id } : { salon_employee_id: column.id };
    }

    /** A new visit at the next quarter of an hour, or at the beginning of another day. */
    create() {
        if (!this.model.data.is_desk) {
            return;
        }
        const { data, meta } = this.model;
        let start = meta.date.plus({ minutes: data.hours[0] });
        if (this.model.isToday) {
            const now = DateTime.local().startOf("minute");
            start = now.plus({ minutes: (15 - (now.minute % 15)) % 15 });
        }
        const { columns } = this.model;
        const column = columns.length === 1 ? columns[0] : this.inHand;
        return this.book({ start: start.toFormat("yyyy-MM-dd'T'HH:mm:ss"), column });
    }

    /** What the client asks for: "Thursday after six, with Anna or anybody". */
    findTime() {
        const { data } = this.model;
        if (data.is_desk) {
            const [today, { start }] = [DateTime.fromISO(data.today), this.model.range()];
            const first = DateTime.max(today, start);
            return this.action.doAction("salon_spa_booking.action_salon_find_time", {
                additionalContext: {
                    default_date_from: serializeDate(first),
                    default_date_to: serializeDate(first.plus({ days: 13 })),
                },
                onClose: () => this.onDialogClose(),
            });
        }
    }

    block({ start, stop, column }) {
        stop ||= DateTime.fromISO(start).plus({ minutes: 30 }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
        return this.openDialog(
            "salon.allocation",
            { name: _t("Break or Block") },
            {
                default_resource_id: column.resource_id,
                default_start: this.moment(start),
                default_stop: this.moment(stop),
                default_block_type: "break",
            }
        );
    }

    /** @param {{ line?, block?, column?, start?, stop? }} what a service, a block, or free time of a column */
    openMenu({ clientX, clientY }, what, onClose = () => {}) {
        const items = this.menuItems(what);
        if (!items.length) {
            onClose();
            return;
        }
        this.card.close();
        Object.assign(this.anchor.el.style, { left: `${clientX}px`, top: `${clientY}px` });
        this.onMenuClose = onClose;
        this.menu.open(this.anchor.el, { items, close: () => this.menu.close() });
    }

    menuItems({ line, block, ...place }) {
        if (line) {
            return this.lineItems(line);
        }
        return block ? this.blockItems(block) : this.emptyItems(place);
    }

    blockItems(block) {
        if (!block.editable) {
            return [];
        }
        return [
            { name: "open", icon: "fa-pencil", label: _t("Open"), run: () => this.openBlock(block) },
            {
                name: "move",
                icon: "fa-arrows",
                label: _t("Move"),
                run: () => this.carry({ block, name: block.name, isMoved: true }),
            },
            { name: "remove", icon: "fa-trash", label: _t("Remove"), run: () => this.removeBlock(block) },
        ];
    }

    lineItems(line) {
        const isDesk = this.model.data.is_desk;
        const items = actionsFor(line.state, isDesk).map((action) => ({
            ...action,
            run: () => this.act(line.visit_id, action.name),
        }));
        items.unshift({ name: "open", icon: "fa-pencil", label: _t("Open"), run: () => this.openVisit(line.visit_id) });
        if (!isDesk) {
            return items;
        }
        if (line.can_pay) {
            const run = () => this.act(line.visit_id, "action_pay");
            items.push({ name: "action_pay", icon: "fa-money", label: _t("Pay"), run });
        }
        if (line.state !== "draft") {
            const run = () => this.act(line.visit_id, "action_repeat_visit");
            items.push({ name: "action_repeat_visit", icon: "fa-repeat", label: _t("Repeat Visit"), run });
            items.push({
                name: "action_series",
                icon: "fa-calendar-plus-o",
                label: _t("Series"),
                run: () => this.act(line.visit_id, "action_series"),
            });
        }
        const carried = { line, name: line.client };
        items.push({
            name: "copy",
            icon: "fa-clone",
            label: _t("Copy"),
            run: () => this.carry({ ...carried, isMoved: false }),
        });
        if (line.editable) {
            const run = () => this.carry({ ...carried, isMoved: true });
            items.push({ name: "move", icon: "fa-arrows", label: _t("Move"), run });
        }
        if (line.call) {
            items.push({ name: "call", icon: "fa-phone", label: _t("Call"), href: `tel:${line.call}` });
        }
        return items;
    }

    emptyItems({ column, start, stop }) {
        if (!this.model.data.is_desk) {
            return [];
        }
        const time = clock(start);
        const items = [
            {
                name: "new",
                icon: "fa-plus",
                label: _t("New visit at %s", time),
                run: () => this.book({ start, column }),
            },
        ];
        const { carried } = this.state;
        if (carried?.isMoved) {
            const run = () => this.moveHere(column, start);
            items.push({ name: "move", icon: "fa-arrows", label: _t("Move %s here", carried.name), run });
        } else if (carried) {
            const run = () => this.paste(column, start);
            items.push({ name: "paste", icon: "fa-clipboard", label: _t("Paste: %s", carried.name), run });
        }
        if (column.resource_id) {
            const run = () => this.block({ start, stop, column });
            const label = stop ? _t("Break or block %(start)s–%(stop)s", { start: time, stop: clock(stop) }) : _t("Break or Block");
            items.push({ name: "block", icon: "fa-coffee", label, run });
        }
        return items;
    }

    /** Call a method of the visit; what it opens is opened. */
    async act(visitId, name) {
        const action = await this.orm.call("salon.visit", name, [[visitId]]);
        if (action) {
            return this.action.doAction(action, { onClose: () => this.onDialogClose() });
        }
        await this.model.reload();
    }

    async onMove(line, values, revert) {
        // What stands on this board may be older than what a colleague has just done.
        const seen = { start: line.start };
        if (this.model.columnField === "employee_id") {
            seen.employee_id = line.column || false;
        }
        const result = await this.tryDrop(
            (reason) => this.orm.call("salon.journal", "move", [line.id, { ...values, seen }], { reason }),
            revert
        );
        if (!result) {
            return;
        }
        const buttons = [];
        if (result.left_behind && values.start && !values.whole) {
            buttons.push({ name: _t("Move the Whole Visit"), onClick: () => this.moveRest(line, values.start) });
        }
        const undo = (reason) => this.orm.call("salon.journal", "move", [line.id, result.undo], { reason });
        this.offerUndo(_t("%s: moved.", line.client), undo, buttons);
        await this.model.reload();
    }

    async onMoveBlock(block, values, revert) {
        const seen = { start: block.start, resource_id: this.model.column(block.column)?.resource_id };
        const move = (asked) => this.orm.call("salon.journal", "move_block", [block.id, asked]);
        const result = await this.tryDrop(() => move({ ...values, seen }), revert);
        if (!result) {
            return;
        }
        this.offerUndo(_t("%s: moved.", block.name), () => move(result.undo));
        await this.model.reload();
    }

    async removeBlock(block) {
        const fields = ["resource_id", "seat", "start", "stop", "block_type", "block_id", "block_day", "note", "company_id"];
        const done = await this.tryOut(async () => {
            const [{ id, ...values }] = await this.orm.read("salon.allocation", [block.id], fields, { load: false });
            await this.orm.unlink("salon.allocation", [id]);
            return { undo: values };
        });
        if (done) {
            this.offerUndo(_t("%s: removed.", block.name), () => this.orm.create("salon.allocation", [done.undo]));
        }
        await this.model.reload();
    }

    /** @param {(reason?: string) => Promise<object>} run takes back what has just been done */
    offerUndo(text, run, buttons = []) {
        this.state.undo = { run };
        this.closeUndo?.();
        this.closeUndo = this.notification.add(text, {
            type: "success",
            buttons: [{ name: _t("Undo"), onClick: () => this.undo() }, ...buttons],
            autocloseDelay: READING_TIME,
        });
    }

    /** The rest of the visit goes where one of its services went. */
    async moveRest(line, start) {
        await this.undo();
        await this.onMove(line, { start, whole: true }, () => {});
    }

    async undo() {
        const { undo } = this.state;
        if (!undo) {
            return;
        }
        this.state.undo = null;
        this.closeUndo?.();
        if (!(await this.tryOut(undo.run))) {
            this.state.undo = undo;
        }
        await this.model.reload();
    }

    async paste(column, start) {
        const { line } = this.state.carried;
        const place = { [this.model.columnField]: column.id };
        const result = await this.tryOut((reason) =>
            this.orm.call("salon.journal", "paste", [line.visit_id, start], { ...place, reason })
        );
        if (result) {
            this.carry(null);
            await this.model.reload();
        }
    }

    /** As tryOut, but what was dropped springs back when nothing was done, whatever the cause. */
    async tryDrop(attempt, revert) {
        let result = null;
        try {
            result = await this.tryOut(attempt);
        } finally {
            if (!result) {
                revert();
            }
        }
        return result;
    }

    /**
     * Do something that may be refused: a warning asks for the reason and repeats, a refusal is told.
     *
     * @param {(reason?: string) => Promise<object>} attempt
     * @returns {Promise<object | null>} null when nothing was done
     */
    async tryOut(attempt) {
        try {
            let result = await attempt();
            if (result.warnings) {
                const reason = await this.askReason(result.warnings);
                result = reason ? await attempt(reason) : null;
            }
            return result;
        } catch (error) {
            if (!isRefusal(error)) {
                throw error;
            }
            this.notification.add(error.data.message, { type: "danger", autocloseDelay: READING_TIME });
            return null;
        }
    }

    askReason(warnings) {
        return new Promise((resolve) => {
            this.dialog.add(
                JournalReasonDialog,
                { warnings, onReason: resolve },
                { onClose: () => resolve(null) }
            );
        });
    }

    // ------------------------------------------------------------------
    // Day sheet
    // ------------------------------------------------------------------

    get sheetTitle() {
        return this.model.range().start.toLocaleString(DateTime.DATE_HUGE);
    }

    /** Who comes to whom in the order of time, for the staff room's wall. */
    get sheet() {
        const { data, columns } = this.model;
        return columns.map((column) => ({
            column,
            rows: [
                ...data.events.filter((event) => event.column === column.id),
                ...data.blocks.filter((block) => block.column === column.id),
            ]
                .map((row) => ({ ...row, time: `${clock(row.start)}–${clock(row.stop)}`, day: row.start.slice(0, 10) }))
                .sort((a, b) => a.start.localeCompare(b.start)),
        }));
    }

    async print() {
        this.state.sheet = true;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        window.print();
        this.state.sheet = false;
    }
}
