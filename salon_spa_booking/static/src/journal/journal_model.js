import { browser } from "@web/core/browser/browser";
import { makeContext } from "@web/core/context";
import { serializeDate } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { KeepLast } from "@web/core/utils/concurrency";
import { Model } from "@web/model/model";

const { DateTime } = luxon;

export const SCALES = ["day", "week", "timeline"];
export const ZOOMS = [5, 10, 15, 30];
const MODES = ["masters", "rooms"];
const STORED = "salon_journal";

/** @returns {object} what this browser remembers of the board: { mode, scale, zoom, chosen } */
function remembered() {
    try {
        return JSON.parse(browser.localStorage.getItem(STORED)) || {};
    } catch {
        return {};
    }
}

/** What is on the board: the days, the columns and their events, as salon.journal gives them. */
export class JournalModel extends Model {
    setup() {
        const { mode, scale, zoom, chosen } = remembered();
        this.keepLast = new KeepLast();
        this.meta = {
            date: DateTime.local().startOf("day"),
            mode: MODES.includes(mode) ? mode : "masters",
            // A phone lists a day.
            scale: SCALES.includes(scale) && !this.env.isSmall ? scale : "day",
            zoom: ZOOMS.includes(zoom) ? zoom : 15,
            // Ids of the columns wanted, by mode; none is all of them.
            chosen: { masters: [], rooms: [], ...chosen },
        };
        this.data = null;
        this.version = 0;
        this.searchDomain = [];
        this.context = {};
    }

    async load({ domain, context } = {}) {
        this.searchDomain = domain || this.searchDomain;
        this.context = context || this.context;
        const day = this.context.salon_journal_date;
        if (day && !this.data) {
            this.meta.date = DateTime.fromISO(day);
        }
        await this.fetch(this.meta);
        this.version++;
    }

    notify() {
        this.version++;
        super.notify();
    }

    async reload() {
        await this.fetch(this.meta);
        this.notify();
    }

    /** Show something else: another date, mode, scale, zoom or choice of columns. */
    async change(changes) {
        const meta = { ...this.meta, ...changes };
        const isNewRange = ["date", "mode", "scale"].some((name) => name in changes);
        if (isNewRange) {
            await this.fetch(meta);
        } else {
            this.meta = meta;
        }
        const { mode, scale, zoom, chosen } = this.meta;
        browser.localStorage.setItem(STORED, JSON.stringify({ mode, scale, zoom, chosen }));
        this.notify();
    }

    async fetch(meta) {
        const { start, end } = this.range(meta);
        const data = await this.keepLast.add(
            this.orm.call("salon.journal", "read_days", [], {
                start_date: serializeDate(start),
                end_date: serializeDate(end),
                mode: meta.mode,
                domain: this.searchDomain,
                context: makeContext([this.context]),
            })
        );
        // Rooms are the desk's.
        this.meta = { ...meta, mode: data.mode };
        this.data = data;
    }

    /** @returns {{ start: DateTime, end: DateTime }} first and last day shown */
    range({ date, scale } = this.meta) {
        if (scale !== "week") {
            return { start: date, end: date };
        }
        const start = date.minus({ days: (date.weekday - localization.weekStart + 7) % 7 });
        return { start, end: start.plus({ days: 6 }) };
    }

    /** The field of a line that says in which column it stands. */
    get columnField() {
        return this.meta.mode === "rooms" ? "room_id" : "employee_id";
    }

    get isToday() {
        return this.data.today === serializeDate(this.meta.date);
    }

    /** Columns in sight: those chosen, else who works or has something on the board; a week has one unless chosen. */
    get columns() {
        const { mode, scale, chosen } = this.meta;
        const wanted = this.data.columns.filter(({ id }) => chosen[mode].includes(id));
        if (wanted.length) {
            return wanted;
        }
        const working = this.data.columns.filter(({ works }) => works);
        const columns = working.length ? working : this.data.columns;
        return scale === "week" ? columns.slice(0, 1) : columns;
    }

    event(lineId) {
        return this.data.events.find(({ id }) => id === lineId);
    }

    column(columnId) {
        return this.data.columns.find(({ id }) => id === columnId);
    }
}
