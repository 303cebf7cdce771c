import { registry } from "@web/core/registry";

const cell = (row, day) => `.o_salon_roster td[data-row="${row}"][data-col="${day - 1}"]`;
const press = (key) => ({
    trigger: ".o_salon_roster_scroll:focus",
    run: `press ${key}`,
});

/** The test makes two masters, Anna and Bella, of an empty March 2030; Bella has a visit in a published shift. */
registry.category("web_tour.tours").add("salon_roster_tour", {
    steps: () => [
        { content: "March 2030 is shown", trigger: ".o_salon_month:contains(March 2030)" },
        { content: "a click opens the editor", trigger: cell(0, 5), run: "click" },
        { trigger: ".o_salon_roster_editor .o_salon_from", run: "edit 09:00" },
        { trigger: ".o_salon_roster_editor .o_salon_to", run: "edit 13:00" },
        { trigger: ".o_salon_roster_editor .o_salon_add_span", run: "click" },
        { content: "hours after a break", trigger: ".o_salon_roster_editor .o_salon_from:last", run: "edit 15:00" },
        { trigger: ".o_salon_roster_editor .o_salon_to:last", run: "edit 20:30" },
        { trigger: ".o_salon_roster_editor .o_salon_save", run: "click" },
        { content: "a split day of draft shifts", trigger: `${cell(0, 5)} .o_salon_draft:contains(15–20:30)` },
        { trigger: `${cell(0, 5)} .o_salon_draft:contains(9–13)` },
        { content: "hours of the master's month", trigger: ".o_salon_roster tbody tr:first .o_salon_total:contains(9:30)" },
        { content: "masters on duty", trigger: ".o_salon_roster tfoot td:eq(4):contains(2)" },
        { content: "overlapping hours can't be saved", trigger: cell(0, 6), run: "click" },
        { content: "usual hours are not asked about", trigger: ".o_salon_roster_editor:not(:has(.o_salon_unusual))" },
        { trigger: ".o_salon_roster_editor .o_salon_from", run: "edit 01:00" },
        { content: "a slip of the hand is", trigger: ".o_salon_roster_editor:has(.o_salon_unusual) .o_salon_save:enabled" },
        { trigger: ".o_salon_roster_editor .o_salon_from", run: "edit 10:00" },
        { trigger: ".o_salon_roster_editor .o_salon_add_span", run: "click" },
        { trigger: ".o_salon_roster_editor .o_salon_from:last", run: "edit 10:30" },
        { trigger: ".o_salon_roster_editor .o_salon_save:disabled" },
        { trigger: ".o_salon_roster_editor .o_salon_from:last", run: "press Escape" },
        { content: "drag over three days", trigger: cell(0, 11), run: `drag_and_drop ${cell(0, 13)}` },
        { trigger: ".o_salon_roster_editor h5:contains(3 days)" },
        { content: "a usual span, in one click", trigger: ".o_salon_preset:contains(10–19)", run: "click" },
        { trigger: `${cell(0, 13)} .o_salon_draft:contains(10–19)` },
        { trigger: `${cell(0, 11)} .o_salon_draft:contains(10–19)` },
        { content: "the keyboard moves and deletes", ...press("ArrowLeft") },
        { trigger: `${cell(0, 12)}.o_salon_selected` },
        press("Delete"),
        { trigger: `${cell(0, 12)}:not(:has(.o_salon_shift))` },
        { trigger: `${cell(0, 11)} .o_salon_draft` },
        { content: "Bella's published day has a visit", trigger: `${cell(1, 5)} .o_salon_shift:not(.o_salon_draft)`, run: "click" },
        { trigger: ".o_salon_clear", run: "click" },
        { content: "the visit is not dropped but listed", trigger: ".o_notification:contains(1 booked service)" },
        { trigger: ".o_notification button:contains(Show them)", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Clara)" },
        { content: "back to the grid", trigger: ".o_back_button, .breadcrumb-item:contains(Roster) a", run: "click" },
        { content: "the same month again", trigger: ".o_salon_month:contains(March 2030)" },
        { trigger: ".o_salon_generate", run: "click" },
        { content: "the preview shows both masters", trigger: ".modal .o_salon_preview_table tbody tr:eq(1):contains(Bella)" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: ".o_notification:contains(shifts made)" },
        { trigger: `body:not(:has(.modal)) ${cell(1, 29)} .o_salon_draft` },
        { trigger: ".o_salon_publish", run: "click" },
        { trigger: ".modal [name=shift_count]:not(:contains(/^0$/))" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${cell(1, 29)} .o_salon_shift:not(.o_salon_draft)` },
        { content: "no draft is left", trigger: ".o_salon_roster_table:not(:has(.o_salon_draft))" },
    ],
});

registry.category("web_tour.tours").add("salon_roster_readonly_tour", {
    steps: () => [
        { trigger: `${cell(1, 5)} .o_salon_shift` },
        { content: "no toolbar for who only reads", trigger: ".o_salon_roster:not(:has(.o_salon_generate))" },
        { content: "a click opens nothing", trigger: cell(1, 5), run: "click" },
        { trigger: "body:not(:has(.o_salon_roster_editor)):not(:has(.o_salon_selected))" },
    ],
});
