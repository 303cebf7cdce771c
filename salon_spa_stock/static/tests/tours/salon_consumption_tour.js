import { registry } from "@web/core/registry";
// A master on a done visit: more was used than the recipe says.
registry.category("web_tour.tours").add("salon_consumption", {
    steps: () => [
        {
            content: "the service's window",
            trigger: ".o_field_widget[name='line_ids'] button[name='action_open_line']",
            run: "click",
        },
        {
            content: "what the recipe says was written off",
            trigger: ".modal .o_field_widget[name='consumption_ids'] .o_data_row:contains('Dye 6.1') td[name='norm']:contains('60')",
        },
        {
            content: "no costs for masters",
            trigger: ".modal .o_field_widget[name='consumption_ids']:not(:has(th[data-name='cost']))",
        },
        {
            content: "what it really was",
            trigger: ".modal .o_field_widget[name='consumption_ids'] .o_data_row:contains('Dye 6.1') td[name='actual']",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row .o_field_widget[name='actual'] input",
            run: "edit 85",
        },
        {
            content: "saved",
            trigger: ".modal .o_form_button_save, .modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "back in the visit",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
