import { formatFloatTime } from "@web/views/fields/formatters";
import { formatHours } from "@salon_spa/roster/roster_utils";

/** Write a number of minutes as hours: 150 is "2:30 h". */
export function formatMinutes(minutes) {
    return formatHours(formatFloatTime(minutes / 60, { noLeadingZeroHour: true }));
}

/**
 * Put the windows of a day into a row for each master, in the order in which they come.
 *
 * @param {Object[]} windows `{employee_id, minutes, lost, ...}`
 * @returns {Object[]} `{employee_id, windows, minutes, lost}`
 */
export function byMaster(windows) {
    const rows = new Map();
    for (const window of windows) {
        if (!rows.has(window.employee_id)) {
            rows.set(window.employee_id, { employee_id: window.employee_id, windows: [], minutes: 0, lost: 0 });
        }
        const row = rows.get(window.employee_id);
        row.windows.push(window);
        row.minutes += window.minutes;
        row.lost += window.lost;
    }
    return [...rows.values()];
}

/**
 * Lay the hours of the server out as a table: a row for each hour from the first to the last in which anybody works, a
 * cell for each weekday; null where nobody works. The idlest cell is the hottest, the busiest the coldest: most salons
 * are more idle than busy, and one colour would tell nothing.
 *
 * @param {Object[]} hours `{weekday, hour, available, idle}`, minutes
 * @returns {Object[]} `{hour, cells: [{available, idle, share, heat} | null]}`, share and heat in percent
 */
export function heatTable(hours) {
    const worked = hours.filter((cell) => cell.available > 0);
    if (!worked.length) {
        return [];
    }
    const shares = worked.map((cell) => (100 * cell.idle) / cell.available);
    const least = Math.min(...shares);
    const range = Math.max(...shares) - least;
    const known = new Map(
        worked.map((cell, index) => [
            `${cell.weekday}/${cell.hour}`,
            {
                ...cell,
                share: Math.round(shares[index]),
                heat: range ? Math.round((100 * (shares[index] - least)) / range) : Math.round(least),
            },
        ])
    );
    const used = worked.map((cell) => cell.hour);
    const first = Math.min(...used);
    return Array.from({ length: Math.max(...used) - first + 1 }, (_item, index) => ({
        hour: first + index,
        cells: Array.from({ length: 7 }, (_cell, weekday) => known.get(`${weekday}/${first + index}`) || null),
    }));
}
