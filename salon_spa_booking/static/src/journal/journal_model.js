import { browser } from "@web/core/browser/browser";
import { makeContext } from "@web/core/context";
import { serializeDate } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { Model } from "@web/model/model";

const { DateTime } = luxon;

export const SCALES = ["day", "week", "timeline"];
export const ZOOMS = [5, 10, 15, 30];
const MODES = ["masters", "rooms"];
const STORED = "salon_journal";
// What of the board's settings says which days and columns have to be fetched.
const RANGE = ["date", "mode", "scale"];

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
        this.meta = {
            date: DateTime.local().startOf("day"),
            mode: MODES.includes(mode) ? mode : "masters",
            // A phone lists a day.
            scale: SCALES.includes(scale) && !this.env.isSmall ? scale : "day",
            zoom: ZOOMS.includes(zoom) ? zoom : 15,
            // Ids of the columns wanted, by mode; none is all of them.
            chosen: { masters: [], rooms: [], ...chosen },
        };
        // What was asked for last, which the next question builds upon: answers may be slower than clicks.
        this.wanted = this.meta;
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
            this.open(DateTime.fromISO(day));
        }
        await this.fetch();
        this.version++;
    }

    /** Begin with a day; nothing is fetched yet. */
    open(date) {
        this.meta = this.wanted = { ...this.meta, date };
    }

    notify() {
        this.version++;
        super.notify();
    }

    async reload() {
        if (await this.fetch()) {
            this.notify();
        }
    }

    /** Tell whether the board does not yet show what was asked for last. */
    get isBehind() {
        return RANGE.some((name) => this.wanted[name] !== this.meta[name]);
    }

    /** Show something else: another date, mode, scale, zoom or choice of columns. */
    async change(changes) {
        this.wanted = { ...this.wanted, ...changes };
        if (this.isBehind || RANGE.some((name) => name in changes)) {
            // Says at once where it goes.
            this.bus.trigger("update");
            if (!(await this.fetch())) {
                return;
            }
        } else {
            this.meta = this.wanted;
        }
        const { mode, scale, zoom, chosen } = this.meta;
        browser.localStorage.setItem(STORED, JSON.stringify({ mode, scale, zoom, chosen }));
        this.notify();
    }

    /**
     * Fetch what is wanted. Of several questions only the last one is answered; the others end without an answer, so
     * that nobody who waits for one waits for ever.
     *
     * @returns {Promise<boolean>} whether this one was answered
     */
    async fetch() {
        const question = (this.question = {});
        const { start, end } = this.range(this.wanted);
        let data;
        try {
            data = await this.orm.call("salon.journal", "read_days", [], {
                start_date: serializeDate(start),
                end_date: serializeDate(end),
                mode: this.wanted.mode,
                domain: this.searchDomain,
                context: makeContext([this.context]),
            });
        } catch (error) {
            if (question !== this.question) {
                return false;
            }
            this.wanted = this.meta;
            this.bus.trigger("update");
            throw error;
        }
        if (question !== this.question) {
            return false;
        }
        // Rooms are the desk's.
        this.meta = this.wanted = { ...this.wanted, mode: data.mode };
        this.data = data;
        return true;
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
