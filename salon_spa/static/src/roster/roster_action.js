import { Component, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { formatFloatTime } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { warnOutside } from "./outside_service";
import { RosterEditor } from "./roster_editor";
import { RosterRow } from "./roster_row";
import { formatHours, formatSpan, makeRows, monthDays, replaceShifts } from "./roster_utils";

const { DateTime } = luxon;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The month grid of shifts: a row per master, a column per day. */
export class RosterAction extends Component {
    static template = "salon_spa.RosterAction";
    static components = { CheckboxItem, Dropdown, DropdownItem, Layout, RosterRow };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.ui = useState(useService("ui"));
        this.gridRef = useRef("grid");
        this.display = { controlPanel: {} };
        this.formatSpan = formatSpan;
        this.popover = usePopover(RosterEditor, {
            position: "bottom",
            popoverClass: "o_salon_roster_popover",
            useBottomSheet: this.env.isSmall,
            onClose: () => this.gridRef.el?.focus({ preventScroll: true }),
        });
        // Rows are plain objects that are replaced, never changed: a row is drawn again when it is another one.
        this.rows = [];
        this.days = [];
        this.state = useState({
            month: null,
            version: 0,
            hidden: new Set(),
            // Corners of the selection: row and column where it began and where it has come to.
            selection: null,
            masterIndex: 0,
        });
        this.dragging = false;
        useExternalListener(window, "mouseup", () => this.onMouseUp());
        onWillStart(() => this.load(this.props.action.params?.month || this.props.state?.month));
        useEffect(
            () => {
                const today = this.gridRef.el?.querySelector("thead .o_salon_today");
                today?.scrollIntoView({ block: "nearest", inline: "center" });
            },
            () => [this.state.month]
        );
        this.props.updateActionState?.({ month: this.state.month });
    }

    // ------------------------------------------------------------------
    // Data
    // ------------------------------------------------------------------

    async load(month) {
        const data = await this.orm.call("salon.shift", "roster_read", [month || false]);
        this.days = monthDays(data.month, data.today);
        this.rows = makeRows(data);
        this.canEdit = data.can_edit;
        this.presets = data.presets;
        this.today = data.today;
        this.state.selection = null;
        this.state.month = data.month;
        this.state.version++;
        this.props.updateActionState?.({ month: data.month });
    }

    reload() {
        return this.load(this.state.month);
    }

    get visibleRows() {
        return this.rows.filter((row) => !this.state.hidden.has(row.master.id));
    }

    get monthTitle() {
        return DateTime.fromISO(`${this.state.month}-01`).toFormat("LLLL yyyy");
    }

    get mastersTitle() {
        const shown = this.visibleRows.length;
        return shown === this.rows.length ? _t("All masters") : _t("Masters: %s", shown);
    }

    get onDuty() {
        const rows = this.visibleRows;
        return this.days.map((day) => rows.filter((row) => row.cells[day.date]?.isOnDuty).length);
    }

    get totalHours() {
        return this.hoursText(this.visibleRows.reduce((total, row) => total + row.hours, 0));
    }

    hoursText(hours) {
        return hours ? formatFloatTime(hours, { noLeadingZeroHour: true }).replace(/:00$/, "") : "";
    }

    hoursWithUnit(hours) {
        return formatHours(this.hoursText(hours));
    }

    /** The master that a small screen shows. */
    get currentRow() {
        const rows = this.visibleRows;
        return rows[Math.min(this.state.masterIndex, rows.length - 1)];
    }

    // ------------------------------------------------------------------
    // Toolbar
    // ------------------------------------------------------------------

    shiftMonth(count) {
        return this.load(DateTime.fromISO(`${this.state.month}-01`).plus({ months: count }).toFormat("yyyy-MM"));
    }

    toggleMaster(id) {
        if (!this.state.hidden.delete(id)) {
            this.state.hidden.add(id);
        }
        this.state.selection = null;
    }

    showAllMasters(isShown) {
        this.state.hidden = new Set(isShown ? [] : this.rows.map((row) => row.master.id));
        this.state.selection = null;
    }

    nextMaster(step) {
        const count = this.visibleRows.length;
        this.state.masterIndex = (Math.min(this.state.masterIndex, count - 1) + step + count) % count;
    }

    openWizard(xmlId, context) {
        return this.action.doAction(xmlId, {
            additionalContext: {
                default_date_from: this.days[0].date,
                default_date_to: this.days.at(-1).date,
                ...context,
            },
            onClose: () => this.reload(),
        });
    }

    get chosenMasters() {
        return { default_employee_ids: this.visibleRows.map((row) => row.master.id) };
    }

    openGenerate() {
        return this.openWizard("salon_spa.action_roster_generate", this.chosenMasters);
    }

    openCopyWeek() {
        const shown = this.today.startsWith(this.state.month) ? this.today : this.days[0].date;
        const monday = DateTime.fromISO(shown).startOf("week");
        return this.openWizard("salon_spa.action_roster_generate", {
            ...this.chosenMasters,
            default_source: "week",
            default_source_date: monday.toISODate(),
            default_date_from: monday.plus({ days: 7 }).toISODate(),
            default_date_to: monday.plus({ days: 13 }).toISODate(),
        });
    }

    openPublish() {
        const isFiltered = this.visibleRows.length < this.rows.length;
        return this.openWizard("salon_spa.action_roster_publish", isFiltered ? this.chosenMasters : {});
    }

    // ------------------------------------------------------------------
    // Selection
    // ------------------------------------------------------------------

    /** The selection as a rectangle with its first and last row and column. */
    get range() {
        const selection = this.state.selection;
        if (!selection) {
            return { top: -1, bottom: -2, left: -1, right: -2 };
        }
        return {
            top: Math.min(selection.row, selection.toRow),
            bottom: Math.max(selection.row, selection.toRow),
            left: Math.min(selection.col, selection.toCol),
            right: Math.max(selection.col, selection.toCol),
        };
    }

    select(row, col, extend = false) {
        const anchor = extend && this.state.selection ? this.state.selection : { row, col };
        this.state.selection = { row: anchor.row, col: anchor.col, toRow: row, toCol: col };
    }

    cellAt(ev) {
        const el = ev.target.closest("td[data-col]");
        return el && { row: Number(el.dataset.row), col: Number(el.dataset.col) };
    }

    onMouseDown(ev) {
        const cell = this.cellAt(ev);
        if (!cell || ev.button !== 0 || !this.canEdit) {
            return;
        }
        ev.preventDefault();
        this.gridRef.el.focus({ preventScroll: true });
        this.popover.close();
        this.dragging = true;
        this.select(cell.row, cell.col, ev.shiftKey);
    }

    onMouseOver(ev) {
        const cell = this.dragging && this.cellAt(ev);
        if (cell) {
            this.select(cell.row, cell.col, true);
        }
    }

    onMouseUp() {
        if (this.dragging) {
            this.dragging = false;
            this.openEditor();
        }
    }

    onKeydown(ev) {
        if (!this.canEdit) {
            return;
        }
        const selection = this.state.selection;
        if (ARROWS[ev.key]) {
            const [down, right] = ARROWS[ev.key];
            const row = selection ? selection.toRow + down : 0;
            const col = selection ? selection.toCol + right : 0;
            this.select(
                Math.max(0, Math.min(row, this.visibleRows.length - 1)),
                Math.max(0, Math.min(col, this.days.length - 1)),
                ev.shiftKey
            );
            this.cellElement(this.state.selection.toRow, this.state.selection.toCol)?.scrollIntoView({
                block: "nearest",
                inline: "nearest",
            });
        } else if (selection && (ev.key === "Enter" || ev.key === " ")) {
            this.openEditor();
        } else if (selection && (ev.key === "Delete" || ev.key === "Backspace")) {
            this.save(this.selectedCells(), []);
        } else if (selection && ev.key === "Escape") {
            this.state.selection = null;
        } else {
            return;
        }
        ev.preventDefault();
    }

    cellElement(row, col) {
        return this.gridRef.el?.querySelector(`td[data-row="${row}"][data-col="${col}"]`);
    }

    selectedCells() {
        const { top, bottom, left, right } = this.range;
        const rows = this.visibleRows.slice(top, bottom + 1);
        const days = this.days.slice(left, right + 1);
        return rows.flatMap((row) => days.map((day) => ({ row, day })));
    }

    // ------------------------------------------------------------------
    // Editing
    // ------------------------------------------------------------------

    openEditor() {
        const { toRow, toCol } = this.state.selection;
        const target = this.cellElement(toRow, toCol);
        if (target) {
            this.editCells(target, this.selectedCells());
        }
    }

    editDay(ev, day) {
        if (this.canEdit) {
            this.editCells(ev.currentTarget, [{ row: this.currentRow, day }]);
        }
    }

    editCells(target, cells) {
        const [{ row, day }] = cells;
        const spans = cells.length === 1 ? this.spansOf(row, day) : [];
        this.popover.open(target, {
            title:
                cells.length === 1
                    ? `${row.master.name}, ${day.label}`
                    : _t("%s days get the same hours", cells.length),
            hint: cells.length === 1 ? row.cells[day.date]?.title : "",
            spans,
            presets: this.presets,
            onSave: (newSpans) => {
                this.popover.close();
                return this.save(cells, newSpans);
            },
        });
    }

    spansOf(row, day) {
        return (row.cells[day.date]?.shifts || []).map((shift) => [shift.from, shift.to]);
    }

    async save(cells, spans) {
        const wanted = JSON.stringify(spans);
        const changed = cells.filter(({ row, day }) => JSON.stringify(this.spansOf(row, day)) !== wanted);
        if (!changed.length) {
            return;
        }
        const { shifts, outside } = await this.orm.call("salon.shift", "roster_write", [
            changed.map(({ row, day }) => ({ employee_id: row.master.id, date: day.date, spans })),
        ]);
        for (const { row, day } of changed) {
            const index = this.rows.findIndex((other) => other.master.id === row.master.id);
            const mine = shifts.filter((shift) => shift.employee_id === row.master.id && shift.date === day.date);
            this.rows[index] = replaceShifts(this.rows[index], day.date, mine);
        }
        if (spans.length === 1 && !this.presets.some((preset) => JSON.stringify([preset]) === wanted)) {
            this.presets = [spans[0], ...this.presets.slice(0, -1)];
        }
        this.state.version++;
        warnOutside(this.env, outside);
    }
}

registry.category("actions").add("salon_roster", RosterAction);
