import { formatFloatTime } from "@web/views/fields/formatters";

/** Shares are shown as whole percent; null is no share at all. */
export function formatShare(share) {
    return share === null || share === undefined ? "–" : `${Math.round(share)} %`;
}

export function formatHours(hours) {
    return formatFloatTime(hours, { noLeadingZeroHour: true });
}

/**
 * Lay the hours of the server out as a table: a row per hour from the first to the last that has any, a column per
 * weekday.
 *
 * @param {Object[]} hours `{weekday, hour, available, busy, occupancy}`
 * @param {Array[]} weekdays `[key, label]`
 * @returns {Object[]} `{hour, cells: [cell | undefined]}`
 */
export function heatRows(hours, weekdays) {
    const used = hours.filter((cell) => cell.available > 0 || cell.busy > 0);
    if (!used.length) {
        return [];
    }
    const known = Object.fromEntries(used.map((cell) => [`${cell.weekday}/${cell.hour}`, cell]));
    const first = Math.min(...used.map((cell) => cell.hour));
    const last = Math.max(...used.map((cell) => cell.hour));
    return Array.from({ length: last - first + 1 }, (_, index) => ({
        hour: first + index,
        cells: weekdays.map(([key]) => known[`${key}/${first + index}`]),
    }));
}

/** The highest first, those without any time last. */
export function byShare(rows) {
    return [...rows].sort((one, other) => (other.occupancy ?? -1) - (one.occupancy ?? -1));
}
