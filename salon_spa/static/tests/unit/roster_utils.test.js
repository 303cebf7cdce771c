import { describe, expect, test } from "@odoo/hoot";
import { formatHours, isUnusual } from "@salon_spa/roster/roster_utils";
import { patchTranslations } from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

test("the unit of hours is translated, and nothing is an amount too", () => {
    patchTranslations({ salon_spa: { "%s h": "%s ч" } });
    expect(String(formatHours("150"))).toBe("150 ч");
    expect(String(formatHours(""))).toBe("0 ч");
});

test("hours before 5:00 or beyond 14 hours are asked about", () => {
    for (const span of [[540, 1080], [300, 1140], [1320, 360], [600, 0], [null, 600], [240, null]]) {
        expect(isUnusual(span)).toBe(false);
    }
    for (const span of [[299, 600], [0, 480], [540, 1381], [600, 600], [1320, 721], [600, 60]]) {
        expect(isUnusual(span)).toBe(true);
    }
});
