import { registry } from "@web/core/registry";
import * as visit from "@salon_spa/../tests/tours/visit_steps";

registry.category("web_tour.tours").add("salon_day", {
    steps: () => [
        // A new client calls: card and booking in one form.
        ...visit.newVisitFromBoard(),
        ...visit.registerClient("Erika 030-90 18.21"),
        { content: "The number is in one form", trigger: ".o_field_widget[name=phone_display]:contains(+49 30 901821)" },
        ...visit.addService("Cut", "Anna", "1000"),
        ...visit.addService("Colour", "Anna"),
        // Follows the first, with the preparation in between.
        { content: "The second service follows", trigger: "td[name=start_hour]:contains(11:05)" },
        ...visit.pressButton("action_book"),
        ...visit.stateIs("Booked"),
        // The next one, found by a piece of the number, wants the same time.
        ...visit.newVisitFromForm(),
        ...visit.findClient("9018 20", "Clara"),
        { content: "Wishes show", trigger: ".o_salon_client_block:contains(Green tea)" },
        ...visit.addService("Cut", "Anna", "10:30"),
        ...visit.pressButton("action_book"),
        ...visit.errorSays("Anna is already taken", "Nearest free times"),
        ...visit.editHour(0, "14:00"),
        ...visit.pressButton("action_book"),
        ...visit.stateIs("Booked"),
        // She comes and is served: by the card's button, then by dragging.
        ...visit.backToBoard(),
        ...visit.cardButton("Erika", "action_arrive"),
        ...visit.cardIsIn("Erika", "Arrived"),
        ...visit.dragCard("Erika", "Done"),
        ...visit.cardIsIn("Erika", "Done"),
        // What the visit's life does not allow springs back.
        ...visit.dragCard("Erika", "Confirmed"),
        ...visit.errorSays("can't become"),
        ...visit.cardIsIn("Erika", "Done"),
        // The other calls off.
        ...visit.openCard("Clara"),
        ...visit.pressButton("action_cancel"),
        { content: "Choose why", trigger: '.modal .form-check:contains("Plans changed") input', run: "click" },
        { content: "Cancel", trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "It is cancelled", trigger: ".o_arrow_button_current:contains(Cancelled), .ribbon:contains(Cancelled)" },
    ],
});

registry.category("web_tour.tours").add("salon_drafts", {
    steps: () => [
        // Nothing worth keeping was typed.
        ...visit.newVisitFromBoard(),
        { content: "A walk-in", trigger: ".o_field_widget[name=is_anonymous] input", run: "click" },
        { content: "It is one", trigger: ".o_salon_visit_form:not(:has(.o_field_widget[name=partner_id]))" },
        ...visit.backToBoard(),
        // Booking is refused, and nobody wants another time.
        ...visit.newVisitFromBoard(),
        ...visit.registerClient("Erika 030-90 18.21"),
        ...visit.addService("Cut", "Anna", "1000"),
        ...visit.pressButton("action_book"),
        ...visit.errorSays("Anna is already taken"),
        { content: "What was typed is still there", trigger: "td[name=product_id]:contains(Cut)" },
        { content: "Give it up", trigger: ".o_form_button_cancel", run: "click" },
        { content: "The board is open", trigger: ".o_salon_board .o_kanban_group" },
        { content: "No draft is left", trigger: ".o_salon_board:not(:contains(Erika))" },
        // A draft with something in it is kept, and in sight until somebody decides.
        ...visit.newVisitFromBoard(),
        ...visit.registerClient("Hanna 030-90 18.22"),
        ...visit.addService("Cut", "Anna", "2230"),
        ...visit.pressButton("action_book"),
        ...visit.errorSays("Anna does not work", "To book anyway"),
        { content: "The cursor waits for the reason", trigger: "[name=override_reason] input:focus" },
        ...visit.backToBoard(),
        ...visit.cardIsIn("Dora", "Draft"),
        ...visit.cardIsIn("Hanna", "Draft"),
        ...visit.cardMenu("Dora", "Discard the Draft"),
        { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "It is gone", trigger: ".o_salon_board:not(:contains(Dora))" },
        ...visit.openCard("Hanna"),
        ...visit.pressButton("action_discard"),
        { content: "Yes", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "The board is open", trigger: ".o_salon_board .o_kanban_group" },
        { content: "It is gone", trigger: ".o_salon_board:not(:contains(Hanna))" },
        // A visit is cancelled where it is seen.
        ...visit.cardMenu("Clara", "Cancel Visit"),
        { content: "Choose why", trigger: '.modal .form-check:contains("Plans changed") input', run: "click" },
        { content: "Cancel", trigger: ".modal button[name=action_apply]", run: "click" },
        ...visit.cardIsIn("Clara", "Cancelled"),
    ],
});

registry.category("web_tour.tours").add("salon_visits_phone", {
    steps: () => [
        { content: "The next visit first", trigger: ".o_kanban_record:eq(0):contains(10:00):contains(Clara):contains(Booked)" },
        { content: "Then the others", trigger: ".o_kanban_record:eq(1):contains(12:00):contains(Dora)" },
        { content: "Below each other", trigger: ".o_kanban_renderer:not(:has(.o_kanban_group))" },
        { content: "Nothing gone by", trigger: ".o_kanban_renderer:not(:contains(Erika))" },
    ],
});

registry.category("web_tour.tours").add("salon_master_day", {
    steps: () => [
        ...visit.cardIsIn("Clara", "Booked"),
        {
            content: "No number, no colleague's visit, no booking",
            trigger:
                ".o_salon_board:not(:contains(901820)):not(:contains(Dora)):not(:has(button[name=action_confirm]))" +
                ":not(:has(.o-kanban-button-new))",
        },
        ...visit.openCard("Clara"),
        { content: "Nothing to change", trigger: ".o_field_widget[name=line_ids]:not(:has(.o_field_x2many_list_row_add))" },
        { content: "The service's own page", trigger: "button[name=action_open_line]", run: "click" },
        { content: "Write down the formula", trigger: ".modal [name=formula] textarea", run: "edit 7/1 40 g" },
        { content: "Save it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "Saved", trigger: "body:not(:has(.modal))" },
        ...visit.pressButton("action_arrive"),
        ...visit.stateIs("Arrived"),
        ...visit.pressButton("action_done"),
        ...visit.stateIs("Done"),
    ],
});

registry.category("web_tour.tours").add("salon_calendar", {
    steps: () => [
        { content: "The service is drawn by the salon's clock", trigger: ".fc-event:contains(Clara):contains(10:00)" },
        { content: "What its colour means", trigger: ".o_salon_calendar_legend:contains(Booked):not(:contains(Done))" },
        { content: "Look at it", trigger: ".fc-event:contains(Clara)", run: "click" },
        { content: "Its state", trigger: ".o_cw_popover:contains(Booked)" },
        { content: "Open the visit", trigger: ".o_cw_popover_edit:contains(Open Visit)", run: "click" },
        { content: "The visit is open", trigger: ".o_salon_visit_form .o_arrow_button_current:contains(Booked)" },
    ],
});
