import { registry } from "@web/core/registry";

const cell = (service, master) =>
    `.o_salon_matrix_table tr:has(th button[title="${service}"]) td[aria-label^="${service}, ${master}"]`;
const save = ".o_salon_matrix_save";

/** A manager allows, times and prices services, changes a row by its menu, then sets prices by grade. */
registry.category("web_tour.tours").add("salon_skill_matrix", {
    steps: () => [
        { content: "Bella does not do manicures", trigger: `${cell("Manicure", "Bella")}:not(.o_salon_on)`, run: "click" },
        { content: "Now she does", trigger: `${cell("Manicure", "Bella")}.o_salon_on.o_salon_changed` },
        { content: "Type her minutes", trigger: cell("Manicure", "Bella"), run: "press Enter" },
        { trigger: '.o_salon_cell_editor input[name="minutes"]', run: "edit 75" },
        { trigger: '.o_salon_cell_editor input[name="minutes"]', run: "press Enter" },
        { content: "They stand in the cell", trigger: `${cell("Manicure", "Bella")}:contains(75)` },
        { content: "Save", trigger: save, run: "click" },
        { content: "Nothing is left to save", trigger: `${save}:disabled` },

        { content: "Nobody colours any more", trigger: 'th button[title="Colour"]', run: "click" },
        { trigger: '.o_salon_matrix_menu [data-item="none"]', run: "click" },
        { trigger: `${cell("Colour", "Anna")}.o_salon_changed:not(.o_salon_on)` },
        { content: "Not meant: undo the row", trigger: ".o_salon_matrix_undo", run: "click" },
        { trigger: `${cell("Colour", "Anna")}.o_salon_on:not(.o_salon_changed)` },
        { trigger: `${save}:disabled` },

        { content: "Prices", trigger: '.o_salon_matrix_tools button:contains("Prices")', run: "click" },
        { content: "The grade takes the list price", trigger: `${cell("Cut", "Top")}.o_salon_inherited:contains(50)`, run: "click" },
        { trigger: '.o_salon_cell_editor input[name="price"]', run: "edit 65" },
        { trigger: '.o_salon_cell_editor input[name="price"]', run: "press Enter" },
        { trigger: `${cell("Cut", "Top")}.o_salon_changed:contains(65)` },
        { trigger: save, run: "click" },
        { content: "From when, and what of booked visits", trigger: ".modal .o_field_widget[name=future_visits]" },
        { trigger: '.modal td[name="new_price"]:contains(65)' },
        { trigger: '.modal button[name="action_apply"]', run: "click" },
        { content: "The price is the grade's own", trigger: `${cell("Cut", "Top")}:not(.o_salon_inherited):not(.o_salon_changed):contains(65)` },
        { trigger: `body:not(:has(.modal))` },
    ],
});

/** An administrator reads it and can change nothing. */
registry.category("web_tour.tours").add("salon_skill_matrix_read", {
    steps: () => [
        { trigger: `${cell("Cut", "Anna")}.o_salon_on`, run: "click" },
        { content: "A click changes nothing", trigger: `${cell("Cut", "Anna")}.o_salon_on:not(.o_salon_changed)` },
        { content: "There is nothing to save with", trigger: `.o_salon_matrix:not(:has(${save}))` },
        { trigger: '.o_salon_matrix_tools button:contains("Prices")', run: "click" },
        { trigger: `${cell("Cut", "List price")}:contains(50)`, run: "click" },
        { trigger: ".o_salon_matrix_table:not(:has(.o_salon_cell_editor))" },
    ],
});
