import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** Write minutes of the day the short way: 600 is "10", 630 is "10:30", midnight at the end of a day is "24". */
export function formatMinutes(minutes) {
    const rest = minutes % 60;
    const hour = Math.floor(minutes / 60);
    return rest ? `${hour}:${String(rest).padStart(2, "0")}` : String(hour);
}

/** Write minutes as the value of a time input; the end of a day is its first minute there. */
export function toTimeInput(minutes) {
    const inDay = minutes % 1440;
    return `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(inDay % 60).padStart(2, "0")}`;
}

/** Read the value of a time input; null when it is empty. */
export function fromTimeInput(value) {
    const match = /^(\d{1,2}):(\d{2})/.exec(value || "");
    return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** Length of a span in minutes; an end that is not later than the start lies on the next day. */
export function spanMinutes([from, to]) {
    return to > from ? to - from : to + 1440 - from;
}

/** Write the hours of a month with their unit: "150 h". */
export function formatHours(text) {
    return _t("%s h", text || "0");
}

/** Tell whether hours had better be looked at again: before 5:00, or more than 14 hours (is_unusual in tools/roster.py). */
export function isUnusual(span) {
    return !span.includes(null) && (span[0] < 5 * 60 || spanMinutes(span) > 14 * 60);
}

export function formatSpan([from, to]) {
    return `${formatMinutes(from)}–${formatMinutes(to)}`;
}

/** Tell whether spans of one day are all there and free of overlaps. */
export function areSpansSound(spans) {
    if (spans.some(([from, to]) => from === null || to === null)) {
        return false;
    }
    const sorted = [...spans].sort((left, right) => left[0] - right[0]);
    return sorted.every(
        (span, index) => index === 0 || sorted[index - 1][0] + spanMinutes(sorted[index - 1]) <= span[0]
    );
}

/** Return what the grid needs to know of each day of a month "YYYY-MM". */
export function monthDays(month, today) {
    const first = DateTime.fromISO(`${month}-01`);
    return Array.from({ length: first.daysInMonth }, (_item, index) => {
        const date = first.plus({ days: index });
        return {
            index,
            date: date.toISODate(),
            day: date.day,
            weekday: date.toFormat("ccc"),
            label: date.toLocaleString({ weekday: "short", day: "numeric", month: "short" }),
            isWeekend: date.weekday > 5,
            isToday: date.toISODate() === today,
        };
    });
}

/**
 * Put shifts, working schedules and leaves of a month into rows of cells.
 *
 * @returns {Array<{master: Object, cells: Object, hours: number}>} cells by date
 */
export function makeRows(data) {
    const rows = data.masters.map((master) => ({ master, cells: {}, hours: 0 }));
    const byId = Object.fromEntries(rows.map((row) => [row.master.id, row]));
    const put = (kind, items) => {
        for (const item of items) {
            const row = byId[item.employee_id];
            if (row) {
                row.cells[item.date] ??= { shifts: [], schedule: [], leaves: [] };
                row.cells[item.date][kind].push(item);
            }
        }
    };
    put("schedule", data.schedule);
    put("leaves", data.leaves);
    put("shifts", data.shifts);
    return rows.map(finishRow);
}

/** Return the row with the shifts of one day replaced. */
export function replaceShifts(row, date, shifts) {
    const cell = { schedule: [], leaves: [], ...row.cells[date], shifts };
    return finishRow({ ...row, cells: { ...row.cells, [date]: cell } });
}

function finishRow(row) {
    let hours = 0;
    for (const cell of Object.values(row.cells)) {
        cell.shifts.sort((left, right) => left.from - right.from);
        for (const shift of cell.shifts) {
            shift.isOff = cell.leaves.some(
                (leave) => leave.from <= shift.from && shift.from + spanMinutes([shift.from, shift.to]) <= leave.to
            );
        }
        cell.isOnDuty = cell.shifts.some((shift) => !shift.isOff);
        cell.title = cellTitle(cell);
        hours += cell.shifts.reduce((total, shift) => total + shift.hours, 0);
    }
    row.hours = hours;
    return row;
}

function cellTitle(cell) {
    const lines = cell.shifts.map((shift) => {
        const state = shift.state === "draft" ? _t("draft") : _t("published");
        return [formatSpan([shift.from, shift.to]), state, shift.note].filter(Boolean).join(", ");
    });
    for (const leave of cell.leaves) {
        lines.push(
            leave.from === 0 && leave.to === 1440
                ? _t("Leave")
                : _t("Leave %s", formatSpan([leave.from, leave.to]))
        );
    }
    if (!cell.shifts.length && cell.schedule.length) {
        lines.push(
            _t(
                "Working schedule %s: no shift of this week is published",
                cell.schedule.map((piece) => formatSpan([piece.from, piece.to])).join(", ")
            )
        );
    }
    return lines.join("\n");
}
