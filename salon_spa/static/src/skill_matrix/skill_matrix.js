import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatFloat } from "@web/core/utils/numbers";
import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { parseFloat } from "@web/views/fields/parsers";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { MatrixMenu } from "./matrix_menu";
import { MatrixModel } from "./matrix_model";
import { MatrixRow } from "./matrix_row";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Services x masters: who does what, in how many minutes; and services x levels: what it costs. */
export class SkillMatrix extends Component {
    static template = "salon_spa.SkillMatrix";
    static components = { Layout, MatrixRow };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.ui = useState(useService("ui"));
        this.gridRef = useRef("grid");
        this.display = { controlPanel: {} };
        this.menu = usePopover(MatrixMenu, { position: "bottom-start", popoverClass: "o_salon_matrix_popover" });
        // The model is plain; "version" says that it changed.
        this.model = null;
        // A row whose cells are as before is handed the same array, so that it is not drawn again.
        this.drawn = new Map();
        this.drawnColumns = { key: null };
        this.state = useState({
            mode: this.props.state?.mode || this.props.action.params?.mode || "skills",
            withMasters: false,
            search: "",
            column: "",
            // "service/column" of the cell whose values are typed in.
            editing: false,
            version: 0,
            isSaving: false,
        });
        this.onSearch = useDebounced((value) => (this.state.search = value), 150);
        onWillStart(() => this.load());
        useSetupAction({
            getLocalState: () => ({ mode: this.state.mode }),
            beforeLeave: () => this.mayLeave(),
            beforeUnload: (ev) => {
                if (this.model.isDirty) {
                    ev.preventDefault();
                    ev.returnValue = "Unsaved changes";
                }
            },
        });
        useEffect(
            (editing) => {
                if (editing) {
                    const input = this.gridRef.el?.querySelector(".o_salon_cell_editor input");
                    input?.focus();
                    if (input && this.typed) {
                        input.value = this.typed;
                    } else {
                        input?.select();
                    }
                }
            },
            () => [this.state.editing]
        );
    }

    async load() {
        const data = await this.orm.call("salon.skill", "matrix_read", []);
        this.model = new MatrixModel(data);
        this.currency = getCurrency(data.currency_id);
        this.changed();
    }

    changed() {
        this.state.version++;
    }

    mayLeave() {
        if (!this.model.isDirty) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    body: _t("Changes of the matrix are not saved yet. Leave without them?"),
                    confirmLabel: _t("Leave"),
                    confirm: () => resolve(true),
                    cancelLabel: _t("Stay here"),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }

    // ------------------------------------------------------------ what is shown

    get title() {
        return this.state.mode === "prices" ? _t("Price Matrix") : _t("Skills Matrix");
    }

    get allColumns() {
        return this.model.columns(this.state.mode, this.state.withMasters);
    }

    get columns() {
        const key = [this.state.mode, this.state.withMasters, this.state.column].join();
        if (this.drawnColumns.key !== key || this.drawnColumns.model !== this.model) {
            const all = this.allColumns;
            const chosen = all.filter((column) => column.key === this.state.column);
            this.drawnColumns = { key, model: this.model, columns: chosen.length ? chosen : all };
        }
        return this.drawnColumns.columns;
    }

    get services() {
        const words = this.state.search.toLowerCase().split(/\s+/).filter(Boolean);
        return this.model.services.filter((service) => {
            const text = `${service.category} ${service.name}`.toLowerCase();
            return words.every((word) => text.includes(word));
        });
    }

    /** Services with the category's heading before the first of each. */
    get rows() {
        let category;
        return this.services.map((service, index) => {
            const heading = service.category !== category ? service.category : "";
            category = service.category;
            return { service, heading, isFirst: index === 0 };
        });
    }

    cells(service, columns) {
        const model = this.model;
        const version = model.version(service.id);
        const before = this.drawn.get(service.id);
        if (before?.version === version && before.columns === columns) {
            return before.cells;
        }
        const cells = columns.map(({ key }) => {
            const minutes = model.minutes(service.id, key);
            const own = model.ownPrice(service.id, key);
            return {
                allowed: model.isAllowed(service.id, key),
                minutes,
                own: own !== undefined,
                ownText: own === undefined ? "" : this.formatPrice(own),
                priceText: this.formatPrice(model.price(service.id, key)),
                changed: model.isChanged(service.id, key),
            };
        });
        this.drawn.set(service.id, { version, columns, cells });
        return cells;
    }

    formatPrice(value) {
        return formatFloat(value, { digits: [16, this.currency?.digits?.[1] ?? 2], trailingZeros: false });
    }

    columnTitle(column) {
        return column.name || _t("List price");
    }

    get currencySymbol() {
        return this.currency?.symbol || "";
    }

    // ------------------------------------------------------------ editing

    edit(change) {
        if (change) {
            this.changed();
        }
    }

    toggle(serviceId, column) {
        this.edit(this.model.setAllowed([serviceId], [column], !this.model.isAllowed(serviceId, column)));
    }

    startEditing(serviceId, column, typed = "") {
        this.typed = typed;
        this.state.editing = `${serviceId}/${column}`;
    }

    /** Take over what was typed; a word that is no number stays in its field, marked. */
    commit({ wholeRow = false } = {}) {
        const [serviceId, column] = this.editedCell;
        const values = {};
        for (const input of this.gridRef.el.querySelectorAll(".o_salon_cell_editor input")) {
            const text = input.value.trim();
            let value;
            if (text) {
                try {
                    value = parseFloat(text);
                } catch {
                    value = NaN;
                }
            }
            const isMinutes = input.name === "minutes";
            const isBad =
                value !== undefined && (!(value >= 0) || (isMinutes && (!Number.isInteger(value) || value > 24 * 60)));
            input.classList.toggle("is-invalid", isBad);
            if (isBad || (value === undefined && column === "base")) {
                input.classList.add("is-invalid");
                input.focus();
                return false;
            }
            values[input.name] = value;
        }
        if (this.state.mode === "prices") {
            const columns = wholeRow ? this.columns.map(({ key }) => key) : [column];
            this.edit(this.model.setPrices([serviceId], columns, values.price));
        } else {
            // Looking into the fields of a service that the master doesn't do, without a word, changes nothing.
            const isMeant = this.model.isAllowed(serviceId, column) || values.minutes || values.price !== undefined;
            const minutes = isMeant ? values.minutes || 0 : undefined;
            this.edit(this.model.setCell(serviceId, column, { minutes, price: values.price }));
        }
        this.state.editing = false;
        return true;
    }

    get editedCell() {
        const [service, column] = this.state.editing.split("/");
        return [Number(service), column];
    }

    locate(target) {
        const cell = target.closest("td[data-column]");
        return cell && [cell, Number(cell.parentElement.dataset.service), cell.dataset.column];
    }

    onClick(ev) {
        const button = ev.target.closest("button[data-menu]");
        if (button) {
            this.openMenu(button);
            return;
        }
        const found = this.locate(ev.target);
        if (!found || ev.target.closest(".o_salon_cell_editor")) {
            return;
        }
        const [cell, serviceId, column] = found;
        if (this.state.editing && !this.commit()) {
            return;
        }
        cell.focus();
        if (!this.model.canEdit) {
            return;
        }
        const key = `${serviceId}/${column}`;
        if (this.state.mode === "prices") {
            this.startEditing(serviceId, column);
        } else if (ev.detail === 2 && this.toggled === key) {
            // The second click of a double-click: what the first one did was not meant.
            this.undo();
            this.toggled = null;
            this.startEditing(serviceId, column);
        } else {
            this.toggle(serviceId, column);
            this.toggled = key;
        }
    }

    onFocusIn(ev) {
        const found = this.locate(ev.target);
        if (found && ev.target === found[0]) {
            for (const other of this.gridRef.el.querySelectorAll('td[tabindex="0"]')) {
                other.tabIndex = -1;
            }
            found[0].tabIndex = 0;
        }
    }

    onFocusOut(ev) {
        const editor = ev.target.closest(".o_salon_cell_editor");
        if (editor && this.state.editing && !editor.contains(ev.relatedTarget) && document.hasFocus()) {
            this.commit();
        }
    }

    onKeydown(ev) {
        const found = this.locate(ev.target);
        if ((ev.ctrlKey || ev.metaKey) && ev.key === "z" && !this.state.editing) {
            ev.preventDefault();
            this.undo();
        }
        if (!found) {
            return;
        }
        const [cell, serviceId, column] = found;
        if (this.state.editing) {
            this.onEditorKeydown(ev, cell);
            return;
        }
        if (ARROWS[ev.key]) {
            ev.preventDefault();
            this.moveFocus(cell, ...ARROWS[ev.key]);
        } else if (!this.model.canEdit || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        } else if (ev.key === " ") {
            ev.preventDefault();
            if (this.state.mode === "skills") {
                this.toggle(serviceId, column);
            } else {
                this.startEditing(serviceId, column);
            }
        } else if (ev.key === "Enter" || /^\d$/.test(ev.key)) {
            ev.preventDefault();
            this.startEditing(serviceId, column, ev.key === "Enter" ? "" : ev.key);
        } else if (ev.key === "Delete" || ev.key === "Backspace") {
            ev.preventDefault();
            if (this.state.mode === "skills") {
                this.edit(this.model.setAllowed([serviceId], [column], false));
            } else if (column !== "base") {
                this.edit(this.model.setPrices([serviceId], [column], undefined));
            }
        }
    }

    onEditorKeydown(ev, cell) {
        if (ev.key === "Escape") {
            ev.preventDefault();
            ev.stopPropagation();
            this.state.editing = false;
            cell.focus();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            if (this.commit({ wholeRow: ev.ctrlKey || ev.metaKey })) {
                this.moveFocus(cell, 1, 0);
            }
        }
    }

    moveFocus(cell, down, right) {
        let row = cell.parentElement;
        if (down) {
            do {
                row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
            } while (row && !row.dataset.service);
        }
        const next = row?.querySelectorAll("td[data-column]")[this.columnIndex(cell) + right];
        (next || cell).focus();
        (next || cell).scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    columnIndex(cell) {
        return [...cell.parentElement.querySelectorAll("td[data-column]")].indexOf(cell);
    }

    /** Prices copied from a spreadsheet go in from the focused cell on, to the right and down. */
    onPaste(ev) {
        const found = this.locate(ev.target);
        if (!found || this.state.mode !== "prices" || !this.model.canEdit || this.state.editing) {
            return;
        }
        ev.preventDefault();
        const services = this.services;
        const columns = this.columns;
        const top = services.findIndex((service) => service.id === found[1]);
        const left = columns.findIndex((column) => column.key === found[2]);
        const lines = ev.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
        const edits = [];
        for (const [down, line] of lines.entries()) {
            for (const [right, text] of line.split("\t").entries()) {
                const service = services[top + down];
                const column = columns[left + right];
                if (!service || !column || !text.trim()) {
                    continue;
                }
                let value;
                try {
                    value = parseFloat(text.trim());
                } catch {
                    value = -1;
                }
                if (!(value >= 0)) {
                    this.notification.add(_t("“%s” is not a price. Nothing was pasted.", text), { type: "danger" });
                    return;
                }
                edits.push({ map: "prices", serviceId: service.id, column: column.key, value });
            }
        }
        this.edit(this.model.apply(edits));
    }

    // ------------------------------------------------------------ rows and columns

    openMenu(button) {
        const { menu, key } = button.dataset;
        const column = menu === "column" && this.allColumns.find((one) => one.key === key);
        const service = menu === "service" && this.model.services.find((one) => one.id === Number(key));
        const title = column ? this.columnTitle(column) : service.name;
        const items = this.state.mode === "prices" ? this.priceItems(service, column) : this.skillItems(service, column);
        this.menu.open(button, { title, items });
    }

    skillItems(service, column) {
        const serviceIds = service ? [service.id] : this.services.map(({ id }) => id);
        const columns = column ? [column.key] : this.columns.map(({ key }) => key);
        const set = (allowed) => () => this.edit(this.model.setAllowed(serviceIds, columns, allowed));
        const items = [
            { id: "all", label: column ? _t("Does every service shown") : _t("Every master does it"), run: set(true) },
            { id: "none", label: column ? _t("Does none of the services shown") : _t("Nobody does it"), run: set(false) },
        ];
        if (column) {
            for (const other of this.allColumns.filter(({ key }) => key !== column.key)) {
                items.push({
                    id: `copy-${other.key}`,
                    label: _t("Same services as %s", other.name),
                    run: () => this.edit(this.model.copySkills(serviceIds, other.key, column.key)),
                });
            }
        }
        return items;
    }

    priceItems(service, column) {
        const serviceIds = service ? [service.id] : this.services.map(({ id }) => id);
        const context = { default_product_ids: serviceIds };
        if (column) {
            context.default_scope = column.kind;
            if (column.kind === "grade") {
                context.default_grade_ids = [column.id];
            } else if (column.kind === "master") {
                context.default_employee_ids = [column.id];
            }
        } else {
            context.default_scope = "all";
        }
        const items = [
            { id: "percent", label: _t("Change by percent…"), run: () => this.openPriceChange(context) },
        ];
        if (!column || column.kind !== "base") {
            const columns = (column ? [column] : this.columns).filter(({ kind }) => kind !== "base").map(({ key }) => key);
            items.push({
                id: "clear",
                label: column ? _t("No prices of its own") : _t("List price for everybody shown"),
                run: () => this.edit(this.model.setPrices(serviceIds, columns, undefined)),
            });
        }
        return items;
    }

    /** Every price of the services shown, by percent. */
    changeAll() {
        this.openPriceChange({ default_product_ids: this.services.map(({ id }) => id), default_scope: "all" });
    }

    openPriceChange(context) {
        if (this.model.isDirty) {
            this.notification.add(_t("Save or discard the changes of the matrix first."), { type: "warning" });
            return;
        }
        this.action.doAction("salon_spa.action_salon_price_change", {
            additionalContext: context,
            onClose: (infos) => this.onPricesClosed(infos),
        });
    }

    async onPricesClosed(infos) {
        if (infos?.salon_date_from) {
            await this.load();
            const today = luxon.DateTime.now().toISODate();
            if (infos.salon_date_from > today) {
                const day = luxon.DateTime.fromISO(infos.salon_date_from).toLocaleString();
                this.notification.add(_t("The new prices hold from %s; the matrix shows today's.", day), { type: "info" });
            }
        }
    }

    // ------------------------------------------------------------ saving

    setMode(mode) {
        if (this.state.editing && !this.commit()) {
            return;
        }
        this.state.mode = mode;
        this.state.column = "";
        this.env.config.setDisplayName(this.title);
    }

    undo() {
        this.model.undo();
        this.changed();
    }

    discard() {
        this.state.editing = false;
        this.model.discard();
        this.changed();
    }

    /** One call for all edits, all or none. When it fails the edits stay as they are, to be mended or undone. */
    async save() {
        if (this.state.editing && !this.commit()) {
            return;
        }
        const [changes, prices] = this.model.changes();
        this.state.isSaving = true;
        try {
            const action = await this.orm.call("salon.skill", "matrix_write", [changes, prices]);
            this.model.skillsSaved();
            this.changed();
            if (action) {
                await this.action.doAction(action, { onClose: (infos) => this.onPricesClosed(infos) });
            } else {
                this.notification.add(_t("Saved."), { type: "success" });
            }
        } finally {
            this.state.isSaving = false;
        }
    }
}

registry.category("actions").add("salon_skill_matrix", SkillMatrix);
