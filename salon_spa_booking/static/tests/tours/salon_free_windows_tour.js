import { registry } from "@web/core/registry";

/** The test gives Anna two free windows on one day and three due clients; what Cleo wants is too long for any. */
registry.category("web_tour.tours").add("salon_free_windows_tour", {
    steps: () => [
        { content: "the first window is looked at", trigger: ".o_salon_windows_side h5:contains(Anna, 10:00–12:00)" },
        { trigger: ".o_salon_windows_day .o_salon_window:contains(14:00–15:00):contains(1:00 h)" },
        { content: "who fits, best first", trigger: ".o_salon_person:first .o_salon_client:contains(Ada)" },
        { trigger: ".o_salon_person:eq(1) .o_salon_client:contains(Bea)" },
        { trigger: ".o_salon_windows_side:not(:contains(Cleo))" },
        { content: "a longer window only", trigger: ".o_salon_length", run: "select 90" },
        { trigger: ".o_salon_windows_list:not(:contains(14:00–15:00)) .o_salon_window:contains(10:00–12:00)" },
        { trigger: ".o_salon_length", run: "select 0" },
        { trigger: ".o_salon_window:contains(14:00–15:00)" },
        { content: "Bea says: not now", trigger: ".o_salon_person:contains(Bea) .o_salon_answer", run: "click" },
        { trigger: ".o_salon_later", run: "click" },
        { trigger: ".modal button[name=action_later]:contains(In 1 Week)", run: "click" },
        { content: "and is asked no more", trigger: ".o_salon_windows_side:not(:contains(Bea)):contains(Ada)" },
        { content: "idle time by weekday and hour", trigger: ".o_salon_show_heat", run: "click" },
        { trigger: ".o_salon_period", run: "select 7" },
        { trigger: ".o_salon_windows_heat tr:contains(14:00) td:contains(100%)" },
        { trigger: ".o_salon_show_list", run: "click" },
        { content: "without masters there is nothing to propose", trigger: ".o_salon_masters", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Hide all)", run: "click" },
        { trigger: ".o_salon_windows_list:not(:has(.o_salon_window))" },
        { trigger: ".o_salon_fill", run: "click" },
        { trigger: ".modal:contains(Choose at least one master) .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_salon_masters:contains(Masters: 0)", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Show all)", run: "click" },
        { trigger: ".o_salon_masters:contains(All masters)", run: "click" },
        { trigger: ".o_salon_period", run: "select 14" },
        { content: "one proposal for all windows", trigger: ".o_salon_window:contains(14:00–15:00)" },
        { trigger: ".o_salon_fill", run: "click" },
        { trigger: ".o_form_view .o_data_row:contains(Ada):contains(10:00–11:00)" },
        { trigger: ".o_form_view button[name=action_call]", run: "click" },
        { trigger: ".o_notification:contains(1 to call)" },
        { trigger: ".o_form_view .o_data_row:contains(Ada) button[name=action_book]", run: "click" },
        { content: "the row shows it", trigger: ".o_form_view .o_data_row:contains(Ada):contains(Booked)" },
        { trigger: ".o_back_button, .breadcrumb-item:contains(Free Windows) a", run: "click" },
        { content: "as it was left", trigger: ".o_salon_period:value(14)" },
        { content: "the window is shorter now", trigger: ".o_salon_window:contains(11:00–12:00)", run: "click" },
        { content: "nobody is left to ask", trigger: ".o_salon_windows_side .o_salon_nobody" },
    ],
});

/** As above, with Ada alone: the visit is booked from the window at once. */
registry.category("web_tour.tours").add("salon_free_windows_book_tour", {
    steps: () => [
        { trigger: ".o_salon_person:contains(Ada) .o_salon_book", run: "click" },
        { content: "the visit opens", trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Ada)" },
        { content: "back to the windows", trigger: ".o_back_button, .breadcrumb-item:contains(Free Windows) a", run: "click" },
        { content: "the hour is taken", trigger: ".o_salon_window:contains(11:00–12:00)" },
    ],
});
