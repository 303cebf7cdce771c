import { describe, expect, test } from "@odoo/hoot";
import { byShare, formatShare, heatRows } from "@salon_spa_booking/load/load_utils";

describe.current.tags("headless");

const WEEKDAYS = [["0", "Monday"], ["1", "Tuesday"]];

test("hours without anything in between are rows too, those around are not", () => {
    const cell = (weekday, hour, available, busy) => ({ weekday, hour, available, busy, occupancy: null });
    const rows = heatRows([cell("0", 8, 0, 0), cell("0", 9, 1, 0), cell("1", 11, 0, 0.5)], WEEKDAYS);
    expect(rows.map((row) => row.hour)).toEqual([9, 10, 11]);
    expect(rows.map((row) => row.cells.map((one) => Boolean(one)))).toEqual([
        [true, false],
        [false, false],
        [false, true],
    ]);
    expect(heatRows([cell("0", 9, 0, 0)], WEEKDAYS)).toEqual([]);
});

test("no share is not nought", () => {
    expect([null, 0, 12.5, 130].map(formatShare)).toEqual(["–", "0 %", "13 %", "130 %"]);
    const names = byShare([{ occupancy: null, name: "C" }, { occupancy: 0, name: "B" }, { occupancy: 90, name: "A" }]);
    expect(names.map((row) => row.name).join("")).toBe("ABC");
});
