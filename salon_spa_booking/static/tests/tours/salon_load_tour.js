import { registry } from "@web/core/registry";

/** The test gives Anna a shift of four hours tomorrow, and a cut of an hour at its beginning. */
registry.category("web_tour.tours").add("salon_load_tour", {
    steps: () => [
        { content: "today is shown first", trigger: ".o_salon_load[data-ahead='0'] .o_salon_shown:contains(Today)" },
        { content: "nobody works today", trigger: ".o_salon_load .alert:contains(roster)" },
        { content: "the days to come", trigger: ".o_salon_period[data-days='7']:contains(25 %)", run: "click" },
        { content: "hours of what there is", trigger: ".o_salon_load[data-ahead='7'] .o_salon_shown:contains(1:00 of 4:00)" },
        { content: "a full hour", trigger: ".o_salon_heat tr:contains(10:00) td:contains(100)" },
        { content: "an empty hour", trigger: ".o_salon_heat tr:contains(13:00) td.o_salon_worked:contains(0)" },
        { content: "the master's share", trigger: ".o_salon_bar_row:contains(Anna) .o_salon_bar_share:contains(25 %)" },
        { content: "the report behind", trigger: ".o_salon_value", run: "click" },
        { content: "over the same days", trigger: ".o_facet_value:contains(Next 7 days)" },
        { trigger: ".o_pivot td:contains(25.00)" },
        { content: "and back", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { content: "to the days that were shown", trigger: ".o_salon_load[data-ahead='7']" },
    ],
});
