import { describe, expect, test } from "@odoo/hoot";
import { formatHours } from "@salon_spa/roster/roster_utils";
import { patchTranslations } from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

test("the unit of hours is translated, and nothing is an amount too", () => {
    patchTranslations({ salon_spa: { "%s h": "%s ч" } });
    expect(String(formatHours("150"))).toBe("150 ч");
    expect(String(formatHours(""))).toBe("0 ч");
});
