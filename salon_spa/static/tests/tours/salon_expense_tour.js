import { registry } from "@web/core/registry";

function fill(amount) {
    return [
        { content: "The amount", trigger: ".o_field_widget[name=amount] input", run: `edit ${amount}` },
        { content: "The register is chosen", trigger: ".o_field_widget[name=journal_id] :value(Cash)" },
    ];
}

const enter = { content: "Enter", trigger: "button[name=action_enter]:enabled", run: "click" };

registry.category("web_tour.tours").add("salon_expense", {
    steps: () => [
        { content: "A new one", trigger: ".o_list_button_add", run: "click" },
        ...fill("42.5"),
        { content: "Type the category", trigger: ".o_field_widget[name=category_id] input", run: "edit House" },
        { content: "Choose it", trigger: ".o-autocomplete--dropdown-item:contains(Household)", run: "click" },
        { content: "What for", trigger: ".o_field_widget[name=note] input", run: "edit Bulbs" },
        enter,
        { content: "It is in the books", trigger: ".o_arrow_button_current:contains(Entered)" },
        { content: "And stays", trigger: ".o_field_widget[name=amount].o_readonly_modifier" },
        { content: "Nothing to take back for the desk", trigger: "body:not(:has(button[name=action_take_back]))" },
    ],
});

registry.category("web_tour.tours").add("salon_expense_phone", {
    steps: () => [
        { content: "A new one", trigger: ".o-kanban-button-new", run: "click" },
        { content: "The amount", trigger: ".o_field_widget[name=amount] input", run: "edit 150" },
        { content: "The categories", trigger: ".o_field_widget[name=category_id] input", run: "click" },
        { content: "Choose it", trigger: ".o_kanban_record:contains(Household)", run: "click" },
        { content: "It is chosen", trigger: ".o_field_widget[name=category_id] :value(Household)" },
        enter,
        { content: "A manager decides", trigger: ".alert:contains(a manager enters it)" },
    ],
});
