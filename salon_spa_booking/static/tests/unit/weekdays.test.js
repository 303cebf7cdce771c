import { describe, expect, test } from "@odoo/hoot";
import { toggleDay, WEEKDAYS } from "@salon_spa_booking/weekdays/weekdays";

describe.current.tags("headless");

const days = (...names) => Object.fromEntries(WEEKDAYS.map((day) => [day, names.includes(day)]));
const any = days(...WEEKDAYS);

test("the first press leaves just that day, further ones add and take away", () => {
    const thursday = toggleDay(any, "thu");
    expect(thursday).toEqual(days("thu"));
    expect(toggleDay(thursday, "fri")).toEqual(days("thu", "fri"));
    expect(toggleDay(days("thu", "fri"), "thu")).toEqual(days("fri"));
});

test("the last day taken away is any day", () => {
    expect(toggleDay(days("thu"), "thu")).toEqual(any);
});
