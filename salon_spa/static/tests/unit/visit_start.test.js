import { describe, expect, test } from "@odoo/hoot";
import { readStart, readTime } from "@salon_spa/visit_start/visit_start";

describe.current.tags("headless");

const base = luxon.DateTime.fromISO("2026-11-22T07:15:00");

function start(text) {
    return readStart(text, base)?.toFormat("yyyy-MM-dd HH:mm") || null;
}

test("a time is read however it is typed", () => {
    for (const text of ["14:30", "1430", "14.30", "14-30", "14h30", "2:30pm", "2:30 PM", " 2.30 p.m."]) {
        expect(readTime(text)).toEqual({ hour: 14, minute: 30 });
    }
    expect(readTime("9")).toEqual({ hour: 9, minute: 0 });
    expect(readTime("930")).toEqual({ hour: 9, minute: 30 });
    expect(readTime("12am")).toEqual({ hour: 0, minute: 0 });
    expect(readTime("12pm")).toEqual({ hour: 12, minute: 0 });
});

test("what is no time is left alone", () => {
    for (const text of ["", "24", "1260", "13pm", "0am", "soon", "11/22/2026", "10:30:15"]) {
        expect(readTime(text)).toBe(null);
    }
});

test("a time alone stays on the day, a number before it is the next such day", () => {
    expect(start("14")).toBe("2026-11-22 14:00");
    expect(start("2 pm")).toBe("2026-11-22 14:00");
    expect(start("25 9:30")).toBe("2026-11-25 09:30");
    expect(start("22 19")).toBe("2026-11-22 19:00");
    expect(start("3 10")).toBe("2026-12-03 10:00");
    expect(start("31 10")).toBe(null);
    expect(start("0 10")).toBe(null);
});

test("whole dates are the date picker's", () => {
    expect(start("11/22/2026 02:00:00 PM")).toBe(null);
    expect(start("+1d")).toBe(null);
    expect(start("someday 10")).toBe(null);
});
