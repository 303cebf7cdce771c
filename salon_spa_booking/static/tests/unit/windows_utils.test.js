import { describe, expect, test } from "@odoo/hoot";
import { patchTranslations } from "@web/../tests/web_test_helpers";
import { byMaster, formatMinutes, heatTable } from "@salon_spa_booking/windows/windows_utils";

describe.current.tags("headless");

test("windows of a master make one row", () => {
    const rows = byMaster([
        { id: "a", employee_id: 1, minutes: 60, lost: 10 },
        { id: "b", employee_id: 2, minutes: 30, lost: 5 },
        { id: "c", employee_id: 1, minutes: 90, lost: 15 },
    ]);
    expect(rows.map((row) => [row.employee_id, row.minutes, row.lost])).toEqual([
        [1, 150, 25],
        [2, 30, 5],
    ]);
    expect(rows[0].windows.map((one) => one.id)).toEqual(["a", "c"]);
});

test("hours nobody works in between stay in the table, and the idlest is the hottest", () => {
    const rows = heatTable([
        { weekday: 0, hour: 9, available: 60, idle: 30 },
        { weekday: 6, hour: 11, available: 120, idle: 90 },
        { weekday: 3, hour: 20, available: 0, idle: 0 },
    ]);
    expect(rows.map((row) => row.hour)).toEqual([9, 10, 11]);
    expect(rows[0].cells[0]).toEqual({ weekday: 0, hour: 9, available: 60, idle: 30, share: 50, heat: 0 });
    expect(rows[2].cells[6].share).toBe(75);
    expect(rows[2].cells[6].heat).toBe(100);
    expect(rows[1].cells.every((cell) => cell === null)).toBe(true);
    expect(heatTable([])).toEqual([]);
});

test("lengths are written in hours", () => {
    patchTranslations({ salon_spa: { "%s h": "%s ч" } });
    expect(formatMinutes(150)).toBe("2:30 ч");
    expect(formatMinutes(45)).toBe("0:45 ч");
});
