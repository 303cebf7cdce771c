import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

const LIBRARY = "salon_spa_booking.event_calendar";
const VIEWS = { day: "resourceTimeGridDay", week: "resourceTimeGridWeek", timeline: "resourceTimelineDay" };
// Pixels of a slot, by zoom: a quarter of an hour has room for a line of text.
const SLOT_HEIGHT = { 5: 20, 10: 22, 15: 24, 30: 30 };
// Milliseconds after which a finger that rests means the menu.
const LONG_TAP = 500;
// Minutes of free time that are worth a row in the hand.
const SHORTEST = 15;
const SLOT_WIDTH = { 5: 28, 10: 32, 15: 36, 30: 48 };

export const ICONS = {
    new: { className: "fa fa-star text-warning", title: _t("First visit") },
    birthday: { className: "fa fa-birthday-cake text-danger", title: _t("Birthday") },
    medical: { className: "fa fa-medkit text-danger", title: _t("Contraindications: see the client's card") },
    note: { className: "fa fa-sticky-note-o", title: _t("Note") },
    online: { className: "fa fa-globe", title: _t("Booked online") },
    pass: { className: "fa fa-ticket text-primary", title: _t("By pass") },
    deposit: { className: "fa fa-money text-warning", title: _t("Deposit taken") },
    unpaid: { className: "fa fa-money text-danger", title: _t("Not paid") },
};

function element(tag, className, text) {
    const el = document.createElement(tag);
    el.className = className;
    if (text) {
        el.textContent = text;
    }
    return el;
}

/** The library's dates are the salon's wall clock written as the browser's; back to the ISO of the server. */
function iso(date) {
    const pad = (number) => String(number).padStart(2, "0");
    const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join("-");
    return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:00`;
}

export function clock(isoText) {
    return DateTime.fromISO(isoText, { zone: "UTC" }).toFormat(localization.timeFormat.replace(":ss", ""));
}

/** @returns {string} the next five minutes if ``date`` is today, else the beginning or the end of that day */
function soon(today, date) {
    const day = date.toISODate();
    if (day !== today) {
        return day < today ? `${day}T24:00:00` : `${day}T00:00:00`;
    }
    const now = DateTime.local().startOf("minute");
    return now.plus({ minutes: (5 - (now.minute % 5)) % 5 }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
}

function duration(minutes) {
    return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

function shifted(isoText, minutes) {
    return DateTime.fromISO(isoText, { zone: "UTC" }).plus({ minutes }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
}

/** Draws the board with EventCalendar, which knows nothing of Odoo: events in, gestures out. */
export class JournalRenderer extends Component {
    static template = "salon_spa_booking.JournalRenderer";
    static props = {
        model: Object,
        version: Number,
        onOpen: Function,
        onOpenBlock: Function,
        onEmpty: Function,
        onMenu: Function,
        onMove: Function,
        onMoveBlock: Function,
        onStretch: Function,
        onTurn: Function,
        onDragging: Function,
    };

    setup() {
        this.ui = useService("ui");
        this.board = useRef("board");
        this.state = useState({ index: 0 });
        onWillStart(() => this.ui.isSmall || loadBundle(LIBRARY));
        onMounted(() => this.settle());
        onPatched(() => this.settle());
        onWillUnmount(() => this.erase());
    }

    get model() {
        return this.props.model;
    }

    // ------------------------------------------------------------------
    // Board
    // ------------------------------------------------------------------

    erase() {
        if (this.calendar) {
            window.EventCalendar.destroy(this.calendar);
            this.calendar = null;
        }
    }

    async draw() {
        if (!this.board.el) {
            // The window has become as narrow as a phone.
            this.erase();
            return;
        }
        if (!window.EventCalendar) {
            await loadBundle(LIBRARY);
        }
        if (!this.board.el || (this.calendar && this.drawn === this.model.version)) {
            return;
        }
        this.drawn = this.model.version;
        const options = this.options;
        if (!this.calendar) {
            this.last = {};
            this.calendar = window.EventCalendar.create(this.board.el, { ...this.fixedOptions, ...options });
            return;
        }
        for (const [name, value] of Object.entries(options)) {
            const text = JSON.stringify(value);
            // What was dropped stands where it was dropped until it is told where it belongs.
            if (this.last[name] !== text || name === "events") {
                this.calendar.setOption(name, value);
                this.last[name] = text;
            }
        }
    }

    /** Options that follow from what the model shows. */
    get options() {
        const { data, meta, columns } = this.model;
        const [from, to] = data.hours;
        const step = { minutes: meta.zoom };
        return {
            view: VIEWS[meta.scale],
            date: meta.date.toISODate(),
            timeZone: data.offset,
            resources: columns.map((column) => ({ id: String(column.id), title: column.name, extendedProps: column })),
            slotDuration: step,
            snapDuration: { minutes: Math.min(meta.zoom, 15) },
            slotHeight: SLOT_HEIGHT[meta.zoom],
            slotWidth: SLOT_WIDTH[meta.zoom],
            slotLabelInterval: { minutes: meta.zoom < 15 ? 30 : 60 },
            slotMinTime: duration(from),
            slotMaxTime: duration(to),
            scrollTime: this.scrollTime,
            editable: data.is_desk,
            selectable: data.is_desk,
            events: this.events,
        };
    }

    get fixedOptions() {
        return {
            headerToolbar: { start: "", center: "", end: "" },
            height: "100%",
            allDaySlot: false,
            nowIndicator: true,
            views: { resourceTimeGridWeek: { datesAboveResources: true } },
            eventStartEditable: true,
            pointer: this.model.data.is_desk,
            columnWidth: "minmax(6.75rem, 1fr)",
            customScrollbars: true,
            firstDay: localization.weekStart % 7,
            eventLongPressDelay: 300,
            selectLongPressDelay: 300,
            slotLabelFormat: (time) => clock(iso(time)),
            dayHeaderFormat: (date) => DateTime.fromISO(iso(date)).toFormat("ccc d"),
            eventContent: (info) => this.eventContent(info),
            eventDidMount: (info) => this.eventDidMount(info),
            resourceLabelContent: ({ resource }) => this.labelContent(resource.extendedProps),
            eventClick: ({ el, event }) => this.onEventClick(el, event),
            dateClick: ({ dateStr, resource }) => this.props.onEmpty(resource.extendedProps, dateStr),
            select: (info) => this.onSelect(info),
            unselectAuto: false,
            eventDragStart: () => this.props.onDragging(true),
            eventDragStop: () => this.props.onDragging(false),
            eventResizeStart: () => this.props.onDragging(true),
            eventResizeStop: () => this.props.onDragging(false),
            eventDrop: (info) => this.onDrop(info),
            eventResize: ({ event, revert }) => this.onMove(event, { stop: iso(event.end) }, revert),
        };
    }

    /** Today is opened at the present hour, any other day at its beginning. */
    get scrollTime() {
        const { data } = this.model;
        return duration(this.model.isToday ? Math.max(DateTime.local().hour - 1, 0) * 60 : data.hours[0]);
    }

    get events() {
        const { data, columns } = this.model;
        const shown = new Set(columns.map(({ id }) => id));
        const background = ({ column, start, stop }, className, title) => ({
            id: `${className}-${column}-${start}`,
            resourceIds: [String(column)],
            start,
            end: stop,
            display: "background",
            classNames: [className],
            extendedProps: { title },
        });
        const events = columns.flatMap((column) => this.closed(column).map((span) => background(span, "o_journal_closed")));
        for (const block of data.blocks.filter(({ column }) => shown.has(column))) {
            if (!block.block_type) {
                events.push(background(block, "o_journal_leave", block.name));
                continue;
            }
            events.push({
                id: `block-${block.id}`,
                resourceIds: [String(block.column)],
                start: block.start,
                end: block.stop,
                title: block.name,
                editable: block.editable,
                startEditable: block.editable,
                durationEditable: block.editable,
                classNames: ["o_journal_block"],
                extendedProps: { block },
            });
        }
        for (const line of data.events.filter(({ column }) => shown.has(column))) {
            const [before, , , , after] = line.phases;
            if (before) {
                const span = { column: line.column, start: shifted(line.start, -before), stop: line.start };
                events.push(background(span, "o_journal_buffer", _t("Preparation")));
            }
            if (after) {
                const span = { column: line.column, start: line.stop, stop: shifted(line.stop, after) };
                events.push(background(span, "o_journal_buffer", _t("Clean-up")));
            }
            events.push({
                id: `line-${line.id}`,
                resourceIds: [String(line.column)],
                start: line.start,
                end: line.stop,
                title: line.client,
                editable: line.editable,
                startEditable: line.editable,
                durationEditable: line.editable,
                classNames: ["o_journal_event", `o_journal_color_${line.color}`, `o_journal_${line.state}`],
                extendedProps: { line },
            });
        }
        return events;
    }

    /** What is left of the days when the column's working time is taken off. */
    closed({ id }) {
        const { start, end } = this.model.range();
        const last = `${end.plus({ days: 1 }).toISODate()}T00:00:00`;
        const spans = [];
        let free = `${start.toISODate()}T00:00:00`;
        for (const span of this.model.data.open.filter(({ column }) => column === id)) {
            if (free < span.start) {
                spans.push({ column: id, start: free, stop: span.start });
            }
            free = span.stop;
        }
        return free < last ? [...spans, { column: id, start: free, stop: last }] : spans;
    }

    eventContent({ event }) {
        const { line, block } = event.extendedProps;
        if (!line) {
            return block ? { domNodes: [element("div", "o_journal_title", block.name)] } : "";
        }
        const nodes = [];
        const [, active, processing, finishing] = line.phases;
        if (processing) {
            // The master is free there: another client may be served.
            const total = active + processing + finishing;
            const gap = element("div", "o_journal_gap");
            gap.style.setProperty("--gap-start", `${(100 * active) / total}%`);
            gap.style.setProperty("--gap-size", `${(100 * processing) / total}%`);
            gap.title = _t("Processing: the master is free");
            nodes.push(gap);
        }
        const head = element("div", "o_journal_head");
        head.append(element("span", "o_journal_time", clock(iso(event.start))));
        for (const name of line.icons) {
            const { className, title } = ICONS[name];
            const icon = element("i", `o_journal_icon ${className}`);
            icon.title = title;
            head.append(icon);
        }
        nodes.push(head, element("div", "o_journal_title", line.client), element("div", "o_journal_text", line.service));
        if (line.other) {
            nodes.push(element("div", "o_journal_text o_journal_other", line.other));
        }
        return { domNodes: nodes };
    }

    eventDidMount({ el, event }) {
        const { line, block, title } = event.extendedProps;
        if (line) {
            el.dataset.line = line.id;
            el.title = `${clock(line.start)} ${line.client}, ${line.service}`;
            el.setAttribute("aria-label", el.title);
        } else if (block) {
            el.dataset.block = block.id;
        }
        if (title || block) {
            el.title = title || block.name;
        }
    }

    labelContent(column) {
        const label = element("div", "o_journal_label");
        if (column.image) {
            const image = element("img", "o_journal_photo");
            image.src = column.image;
            image.alt = "";
            image.loading = "lazy";
            label.append(image);
        }
        const text = element("div", "o_journal_who");
        text.append(element("div", "o_journal_name", column.name));
        if (column.available || column.booked) {
            const load = element("div", "o_journal_load");
            const bar = element("div", "o_journal_bar");
            const fill = element("div", "o_journal_fill");
            fill.style.width = `${Math.min(column.load, 100)}%`;
            bar.append(fill);
            load.append(bar, element("span", "", `${column.load}%`));
            text.append(load);
        }
        label.append(text);
        label.title = column.name;
        return { domNodes: [label] };
    }

    onEventClick(el, { extendedProps }) {
        if (extendedProps.line) {
            this.props.onOpen(extendedProps.line, el);
        } else if (extendedProps.block) {
            this.props.onOpenBlock(extendedProps.block);
        }
    }

    onDrop({ event, newResource, revert }) {
        const { line, block } = event.extendedProps;
        const values = {};
        const start = iso(event.start);
        if (start !== (line || block).start) {
            values.start = start;
        }
        if (newResource) {
            const { id, resource_id } = newResource.extendedProps;
            values[block ? "resource_id" : this.model.columnField] = block ? resource_id : id;
        }
        if (!Object.keys(values).length || newResource?.extendedProps.id === 0) {
            revert();
            return;
        }
        this.onMove(event, values, revert);
    }

    onMove({ extendedProps: { line, block } }, values, revert) {
        if (line) {
            this.props.onMove(line, values, revert);
        } else {
            this.props.onMoveBlock(block, values, revert);
        }
    }

    onSelect({ start, end, resource, jsEvent }) {
        const unselect = () => this.calendar?.unselect();
        if (this.pressed?.isLong) {
            // A finger that rested, and drew nothing.
            unselect();
            return;
        }
        const stretch = { column: resource.extendedProps, start: iso(start), stop: iso(end) };
        this.props.onStretch(jsEvent, stretch, unselect);
    }

    /** @returns {object | null} what is at a place, for its menu */
    whatIsAt({ target, clientX, clientY }) {
        const el = target.closest("[data-line], [data-block], [data-free]");
        if (el?.dataset.line) {
            return { line: this.model.event(parseInt(el.dataset.line)) };
        }
        if (el?.dataset.block) {
            return { block: this.model.data.blocks.find(({ id }) => id === parseInt(el.dataset.block)) };
        }
        if (el) {
            return { column: this.current, start: el.dataset.free };
        }
        const point = this.calendar?.dateFromPoint(clientX, clientY);
        return point?.resource ? { column: point.resource.extendedProps, start: iso(point.date) } : null;
    }

    onContextMenu(ev) {
        const what = this.whatIsAt(ev);
        if (what) {
            ev.preventDefault();
            // Some browsers make a long tap a right click; then that is it.
            this.pressed &&= { ...this.pressed, isLong: true, isTold: true };
            this.props.onMenu(ev, what);
        }
    }

    // A finger that rests is a right click, on every browser alike.

    onPointerDown(ev) {
        const { clientX, clientY, timeStamp, pointerType } = ev;
        this.pressed = pointerType === "mouse" ? null : { clientX, clientY, timeStamp };
    }

    onPointerUp(ev) {
        const { pressed } = this;
        if (!pressed || ev.pointerType === "mouse" || pressed.isTold) {
            return;
        }
        const moved = Math.hypot(ev.clientX - pressed.clientX, ev.clientY - pressed.clientY);
        if (moved < 10 && ev.timeStamp - pressed.timeStamp >= LONG_TAP) {
            const what = this.whatIsAt(ev);
            if (what) {
                pressed.isLong = true;
                this.props.onMenu(ev, what);
            }
        }
    }

    /** What some browsers make of a long tap when the finger goes up. */
    onClickAfterwards(ev) {
        if (this.pressed?.isLong) {
            ev.stopPropagation();
        }
    }

    // ------------------------------------------------------------------
    // Phone: a list of one master
    // ------------------------------------------------------------------

    /** Draw the board; or, on a phone, say whose list it is. */
    settle() {
        this.draw();
        this.props.onTurn(this.ui.isSmall ? this.current : null);
    }

    get current() {
        const { columns } = this.model;
        return columns[Math.min(this.state.index, columns.length - 1)];
    }

    get entries() {
        const { data } = this.model;
        const own = ({ column }) => column === this.current?.id;
        const lines = data.events.filter(own).map((line) => ({ key: `line-${line.id}`, line, ...line }));
        const blocks = data.blocks.filter(own).map((block, index) => ({ key: `block-${index}`, block, ...block }));
        const free = this.free.map((span) => ({ key: `free-${span.start}`, isFree: true, ...span }));
        return [...lines, ...blocks, ...free].sort((a, b) => a.start.localeCompare(b.start));
    }

    /** Spans of the day in the hand that can still be booked, without the gaps in which a treatment works by itself. */
    get free() {
        const { data } = this.model;
        const own = ({ column }) => column === this.current?.id;
        const taken = [
            ...data.events
                .filter(own)
                .filter(({ state }) => !["cancelled", "no_show"].includes(state))
                .map(({ start, stop, phases }) => ({
                    start: shifted(start, -phases[0]),
                    stop: shifted(stop, phases[4]),
                })),
            ...data.blocks.filter(own),
        ].sort((a, b) => a.start.localeCompare(b.start));
        const now = soon(data.today, this.model.meta.date);
        const spans = [];
        for (const open of data.open.filter(own)) {
            let start = open.start < now ? now : open.start;
            for (const span of [...taken, { start: open.stop, stop: open.stop }]) {
                const stop = span.start < open.stop ? span.start : open.stop;
                if (shifted(start, SHORTEST) <= stop) {
                    spans.push({ start, stop });
                }
                start = span.stop > start ? span.stop : start;
            }
        }
        return spans;
    }

    /** The column's master is not at work on this day, which is another thing than having no visits. */
    get isAway() {
        return !this.model.data.open.some(({ column }) => column === this.current?.id);
    }

    turn(step) {
        const count = this.model.columns.length;
        if (count) {
            this.state.index = (Math.min(this.state.index, count - 1) + step + count) % count;
        }
    }

    onTouchStart({ touches: [{ clientX, clientY }] }) {
        this.touch = { clientX, clientY };
    }

    onTouchEnd({ changedTouches: [{ clientX, clientY }] }) {
        const moved = clientX - this.touch.clientX;
        if (Math.abs(moved) > 60 && Math.abs(moved) > 2 * Math.abs(clientY - this.touch.clientY)) {
            this.turn(moved < 0 ? 1 : -1);
        }
    }

    clock(text) {
        return clock(text);
    }

    icon(name) {
        return ICONS[name];
    }
}
