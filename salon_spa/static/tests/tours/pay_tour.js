import { registry } from "@web/core/registry";

const payments = ".modal [name=payment_ids]";

/** The desk takes 100 in cash and the rest by card without the mouse, and gives all of it back. */
registry.category("web_tour.tours").add("salon_pay", {
    steps: () => [
        { content: "The visit", trigger: "button[name=action_pay]" },
        { content: "Take the payment by its key", trigger: "body", run: "press alt+t" },
        { content: "Cash waits for what was given", trigger: `${payments} [name=amount] input:focus`, run: "edit 100" },
        { content: "In the visit's order", trigger: ".modal [name=line_ids] .o_data_row:eq(0):contains(Cut)" },
        { content: "By bank?", trigger: ".modal .o_selection_badge:contains(Bank)", run: "click" },
        { content: "Then all of it", trigger: `${payments} .o_data_row:contains(Bank):contains("100.00")` },
        { content: "In cash after all", trigger: ".modal .o_selection_badge:contains(Cash)", run: "click" },
        { content: "Cash", trigger: `${payments} .o_data_row:contains(Cash)` },
        { content: "More by another register", trigger: `${payments} a:contains(Add a payment)`, run: "click" },
        { content: "Each row has its own", trigger: ".modal:not(:has(.o_selection_badge))" },
        { content: "It is what is left", trigger: `${payments} .o_data_row:eq(1) [name=amount] input:value(70.00)` },
        { content: "By the other register", trigger: `${payments} .o_data_row:eq(1) [name=journal_id] input:value(Bank)` },
        {
            content: "All registers can be chosen",
            trigger: `${payments} .o_data_row:eq(1) [name=journal_id] input`,
            run: "click",
        },
        { content: "Cash too", trigger: ".o-autocomplete--dropdown-item:contains(Cash)" },
        { content: "The bank it stays", trigger: ".o-autocomplete--dropdown-item:contains(Bank)", run: "click" },
        {
            content: "Nothing more",
            trigger: `${payments} .o_data_row:eq(1) [name=amount] input`,
            run: "press Enter",
        },
        { content: "Nothing is left as a debt", trigger: ".modal:not(:has([name=amount_left] span))" },
        { content: "Take it", trigger: ".modal footer .btn-primary:focus", run: "press Enter" },
        { content: "Paid", trigger: ".o_salon_visit_form [name=payment_state]:contains(Paid)" },
        { content: "Give it back", trigger: "button[name=action_refund]", run: "click" },
        { content: "All of it", trigger: ".modal [name=is_everything] input", run: "click" },
        { content: "The services are filled in", trigger: '.modal .o_data_row [name=amount]:contains("120.00")' },
        { content: "Why", trigger: ".modal [name=reason] input", run: "edit It did not hold" },
        { content: "Give it", trigger: ".modal footer .btn-primary", run: "click" },
        { content: "Given back", trigger: ".o_salon_visit_form [name=payment_state]:contains(Refunded)" },
    ],
});

/** The desk noted 170 in cash; it was 150 by card. */
registry.category("web_tour.tours").add("salon_correct_payment", {
    steps: () => [
        { content: "The visit", trigger: "button[name=action_correct_payments]", run: "click" },
        { content: "The amount can be written", trigger: ".modal .o_data_row [name=amount] input:focus", run: "edit 150" },
        { content: "Why", trigger: ".modal [name=reason] input", run: "click" },
        {
            content: "The cursor stays there when the row is left",
            trigger: ".modal:not(:has(.o_selected_row)) [name=reason] input:focus",
            run: "edit It was the card",
        },
        { content: "What is missing is said", trigger: '.modal [name=amount_less]:contains("20.00")' },
        { content: "The register", trigger: ".modal .o_data_row td[name=journal_id]", run: "click" },
        { content: "All can be chosen", trigger: ".modal .o_data_row [name=journal_id] input", run: "click" },
        { content: "The bank", trigger: ".o-autocomplete--dropdown-item:contains(Bank)", run: "click" },
        { content: "Correct it", trigger: ".modal footer .btn-primary", run: "click" },
        { content: "A debt is left", trigger: ".o_salon_visit_form:not(:has(.modal)) [name=amount_due]:contains(20.00)" },
    ],
});
