import { describe, expect, test } from "@odoo/hoot";
import { isUnusual } from "@salon_spa/roster/roster_utils";

describe.current.tags("headless");

test("hours before 5:00 or beyond 14 hours are asked about", () => {
    for (const span of [[540, 1080], [300, 1140], [1320, 360], [600, 0], [null, 600], [240, null]]) {
        expect(isUnusual(span)).toBe(false);
    }
    for (const span of [[299, 600], [0, 480], [540, 1381], [600, 600], [1320, 721], [600, 60]]) {
        expect(isUnusual(span)).toBe(true);
    }
});
