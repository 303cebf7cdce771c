import { registry } from "@web/core/registry";

const { DateTime } = luxon;
const DIALOG = ".modal .o_form_view";

/** Tomorrow as a field of the form is named: "thu". */
const weekday = DateTime.local().plus({ days: 1 }).setLocale("en").toFormat("EEE").toLowerCase();

registry.category("web_tour.tours").add("salon_find_time_tour", {
    steps: () => [
        { trigger: ".o_menu_sections [data-menu-xmlid='salon_spa.menu_visits']", run: "click" },
        { trigger: ".o-dropdown--menu [data-menu-xmlid='salon_spa_booking.menu_find_time']", run: "click" },
        { trigger: `${DIALOG} [name=partner_id] input`, run: "edit Clara" },
        { trigger: ".o-autocomplete--dropdown-item a:contains(Clara)", run: "click" },
        { trigger: `${DIALOG} [name=line_ids] .o_field_x2many_list_row_add a`, run: "click" },
        { trigger: `${DIALOG} .o_selected_row [name=product_id] input`, run: "edit Cut" },
        { trigger: ".o-autocomplete--dropdown-item a:contains(Cut)", run: "click" },
        { content: "both days are offered", trigger: `${DIALOG} .o_salon_free_times section:eq(1)` },
        { trigger: `${DIALOG} .o_salon_weekdays button[name=${weekday}]`, run: "click" },
        {
            content: "one click leaves just this day",
            trigger: `${DIALOG} .o_salon_weekdays:not(:has(.btn-primary ~ .btn-primary)) .btn-primary[name=${weekday}]`,
        },
        { trigger: `${DIALOG} .o_salon_free_time:first button`, run: "click" },
        { content: "the visit is booked and open", trigger: ".o_form_view .o_arrow_button_current[data-value=booked]" },
    ],
});
