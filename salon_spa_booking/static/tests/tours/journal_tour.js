import { registry } from "@web/core/registry";
import * as visit from "@salon_spa/../tests/tours/visit_steps";
import * as journal from "./journal_steps";

const tours = registry.category("web_tour.tours");

// At eight with Anna: Clara; at ten with Anna: Dora. Bella works until twelve.

tours.add("salon_journal_drag", {
    steps: () => [
        { content: "Loads are shown", trigger: ".o_journal_label:contains(Anna):contains(14%)" },
        ...journal.eventIsAt("Clara", "08:00"),
        // To another time, and back by the notification's button.
        ...journal.dragEvent("Clara", { minutes: 60 }),
        ...journal.eventIsAt("Clara", "09:00"),
        { content: "Undo", trigger: ".o_notification button:contains(Undo)", run: "click" },
        ...journal.eventIsAt("Clara", "08:00"),
        // To another master, and back by the keyboard.
        ...journal.dragEvent("Clara", { column: "Bella", minutes: 30 }),
        ...journal.noticeSays("Clara: moved."),
        ...journal.eventIsAt("Clara", "08:30"),
        { content: "Control+Z", trigger: ".o_journal_board", run: "press control+z" },
        ...journal.eventIsAt("Clara", "08:00"),
        // A taken time springs back with the reason.
        ...journal.dragEvent("Clara", { minutes: 90 }),
        ...journal.noticeSays("Anna is already taken"),
        ...journal.eventIsAt("Clara", "08:00"),
        // Longer.
        ...journal.resizeEvent("Clara", { minutes: 30 }),
        ...journal.noticeSays("Clara: moved."),
        { content: "It ends half an hour later", trigger: `${journal.eventOf("Clara")}[aria-label*="08:00"]`, run: "click" },
        { content: "The card says so", trigger: ".o_journal_card:contains(08:00–09:30)" },
        { content: "Close the card", trigger: ".o_journal_card .btn-close", run: "click" },
    ],
});

tours.add("salon_journal_reason", {
    steps: () => [
        // After Bella's shift: no, then yes with a reason.
        ...journal.dragEvent("Dora", { column: "Bella", minutes: 120 }),
        { content: "It asks why", trigger: ".modal:contains(Bella does not work)" },
        { content: "Leave it", trigger: ".modal button[name=cancel]", run: "click" },
        ...journal.eventIsAt("Dora", "10:00"),
        ...journal.dragEvent("Dora", { column: "Bella", minutes: 120 }),
        { content: "Say why", trigger: "#o_journal_reason", run: "edit She begged" },
        { content: "Book anyway", trigger: ".modal button[name=confirm]:enabled", run: "click" },
        ...journal.eventIsAt("Dora", "12:00"),
    ],
});

tours.add("salon_journal_whole", {
    steps: () => [
        // The second service alone, then the first with it.
        ...journal.dragEvent("Colour", { minutes: 60, length: 85 }),
        { content: "Move the rest too", trigger: ".o_notification button:contains(Move the Whole Visit)", run: "click" },
        { content: "Both have moved", trigger: `.o_journal_event:contains(Cut):contains(09:00)` },
        { content: "Both have moved", trigger: `.o_journal_event:contains(Colour):contains(10:05)` },
    ],
});

tours.add("salon_journal_book", {
    steps: () => [
        ...journal.clickEmpty({ column: "Bella", after: "Clara", minutes: 60 }),
        { content: "One small dialog", trigger: ".modal .o_salon_visit_form" },
        ...visit.findClient("9018 22", "Erika"),
        { content: "Add a service", trigger: '.modal .o_field_x2many_list_row_add a:contains("Add a service")', run: "click" },
        { content: "Type it", trigger: ".modal .o_selected_row [name=product_id] input", run: "edit Cut" },
        { content: "Choose it", trigger: ".o-autocomplete--dropdown-item:contains(Cut)", run: "click" },
        { content: "The column's master is proposed", trigger: ".modal .o_selected_row [name=employee_id] input:value(Bella)" },
        { content: "Book", trigger: ".modal-footer button[name=action_book]", run: "click" },
        ...journal.eventIsAt("Erika", "09:00"),
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
        // By dragging over free time.
        ...journal.selectEmpty({ column: "Bella", after: "Clara", minutes: 120, span: 45 }),
        { content: "The break would last an hour", trigger: '.o_journal_menu [name=block]:contains("10:00"):contains("11:00")' },
        ...journal.choose("new"),
        { content: "The dialog is open", trigger: '.modal:contains("Bella") .o_salon_visit_form' },
        { content: "At ten", trigger: '.modal [name=start]:contains("10:00"), .modal [name=start] input:value("10:00")' },
        { content: "No, after all", trigger: ".modal-footer .o_form_button_cancel, .modal-footer [special=cancel]", run: "click" },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
        { content: "The board is there", trigger: journal.eventOf("Erika") },
    ],
});

tours.add("salon_journal_menu", {
    steps: () => [
        ...journal.menuOf("Clara"),
        ...journal.choose("action_confirm"),
        { content: "Confirmed", trigger: ".o_journal_confirmed:contains(Clara)" },
        ...journal.menuOf("Clara"),
        ...journal.choose("action_arrive"),
        { content: "Arrived, not paid", trigger: ".o_journal_arrived:contains(Clara) .fa-money" },
        // Copy and paste.
        ...journal.menuOf("Clara"),
        ...journal.choose("copy"),
        ...journal.menuOfEmpty({ column: "Bella", after: "Clara", minutes: 60 }),
        ...journal.choose("paste"),
        { content: "Booked once more", trigger: ".o_journal_booked:contains(Clara):contains(09:00)" },
        { content: "Once", trigger: ".o_journal:not(:has(.o_journal_carried))" },
        // Taken along to a time that is clicked.
        ...journal.menuOf("Dora"),
        ...journal.choose("move"),
        ...journal.clickEmpty({ column: "Bella", after: "Dora", minutes: 60 }),
        ...journal.eventIsAt("Dora", "11:00"),
        // A break.
        ...journal.menuOfEmpty({ column: "Anna", after: "Dora", minutes: 60 }),
        ...journal.choose("block"),
        { content: "Keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "It is greyed", trigger: ".o_journal_block:contains(Break)" },
        // Called off.
        ...journal.menuOf("Dora"),
        ...journal.choose("action_cancel"),
        { content: "Choose why", trigger: '.modal .form-check:contains("Plans changed") input', run: "click" },
        { content: "Cancel", trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "Gone from the board", trigger: `.o_journal_board:not(:has(${journal.eventOf("Dora")}))` },
        // The card.
        { content: "Click the event", trigger: ".o_journal_arrived:contains(Clara)", run: "click" },
        { content: "Phone and buttons", trigger: '.o_journal_card a[href^="tel:"]:contains(+49 30 901820)' },
        // Fingers have no right button.
        { content: "More", trigger: ".o_journal_card button[name=more]", run: "click" },
        { content: "The same menu", trigger: ".o_journal_menu [name=action_repeat_visit]" },
        ...journal.choose("action_done"),
        { content: "It is done", trigger: ".o_journal_done:contains(Clara)" },
    ],
});

tours.add("salon_journal_blocks", {
    steps: () => [
        // As long as it was drawn; what is live must not keep the dialog open.
        ...journal.selectEmpty({ column: "Bella", after: "Clara", minutes: 60, span: 45 }),
        ...journal.choose("block"),
        ...journal.pressWhileOthersWork(".modal .o_form_button_save"),
        ...journal.blockIs("Break", { minutes: 60, after: "Clara", size: 60 }),
        // Moved, and back.
        ...journal.dragBlock("Break", { minutes: 60, size: 60 }),
        ...journal.noticeSays("Break: moved."),
        ...journal.blockIs("Break", { minutes: 120, after: "Clara", size: 60 }),
        { content: "Control+Z", trigger: ".o_journal_board", run: "press control+z" },
        { content: "Nothing more to undo", trigger: ".o_journal:not(:has(.o_journal_undo))" },
        ...journal.blockIs("Break", { minutes: 60, after: "Clara", size: 60 }),
        // Removed, and back.
        ...journal.menuOfBlock("Break"),
        ...journal.choose("remove"),
        { content: "Undo", trigger: ".o_notification:contains(removed) button:contains(Undo)", run: "click" },
        ...journal.blockIs("Break", { minutes: 60, after: "Clara", size: 60 }),
        // Shorter.
        ...journal.dragBlock("Break", { minutes: -30, size: 60, fromBottom: true }),
        ...journal.noticeSays("Break: moved."),
        ...journal.blockIs("Break", { minutes: 60, after: "Clara", size: 30 }),
        // Over a visit it springs back with the reason.
        ...journal.dragEvent("Dora", { column: "Bella", minutes: -60 }),
        ...journal.noticeSays("Bella is already taken"),
        // Taken along.
        ...journal.menuOfBlock("Break"),
        ...journal.choose("move"),
        { content: "It waits", trigger: ".o_journal_carried:contains(Break)" },
        ...journal.clickEmpty({ column: "Anna", after: "Clara", minutes: 60 }),
        ...journal.noticeSays("Break: moved."),
        { content: "It waits no more", trigger: ".o_journal:not(:has(.o_journal_carried))" },
    ],
});

tours.add("salon_journal_keys", {
    steps: () => [
        { content: "Today", trigger: journal.eventOf("Clara") },
        { content: "Tomorrow", trigger: ".o_journal_board", run: "press ArrowRight" },
        { content: "Nothing there", trigger: `.o_journal_board:not(:has(.o_journal_event))` },
        { content: "And back", trigger: ".o_journal_board", run: "press t" },
        { content: "Today", trigger: journal.eventOf("Clara") },
        { content: "Week", trigger: ".o_journal_board", run: "press w" },
        { content: "Seven days of one master", trigger: ".ec-week-view .o_journal_event:contains(Clara)" },
        { content: "Timeline", trigger: ".o_journal_board", run: "press l" },
        { content: "Masters below each other", trigger: ".ec-timeline .o_journal_event:contains(Clara)" },
        { content: "Day", trigger: ".o_journal_board", run: "press d" },
        { content: "Columns", trigger: ".ec-time-grid.ec-day-view .o_journal_event:contains(Clara)" },
        {
            content: "Tab reaches events, Enter opens them",
            trigger: `${journal.eventOf("Clara")}[tabindex="0"]`,
            run(helpers) {
                this.anchor.focus();
                return helpers.press("Enter");
            },
        },
        { content: "Its card", trigger: ".o_journal_card:contains(Clara)" },
        { content: "Escape", trigger: ".o_journal_card", run: "press Escape" },
        { content: "The card is closed", trigger: "body:not(:has(.o_journal_card))" },
        { content: "New", trigger: ".o_journal_board", run: "press n" },
        { content: "The dialog is open", trigger: ".modal .o_salon_visit_form" },
        { content: "No, after all", trigger: ".modal-footer .o_form_button_cancel, .modal-footer [special=cancel]", run: "click" },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
        { content: "Tomorrow", trigger: ".o_journal_board", run: "press ArrowRight" },
        { content: "Nothing there", trigger: `.o_journal_board:not(:has(.o_journal_event))` },
        { content: "Find time", trigger: ".o_journal_board", run: "press f" },
        {
            content: "From the day on the board",
            trigger: ".modal [name=date_from]",
            run() {
                const [day] = document.querySelector(".o_journal_date").textContent.match(/\d+/);
                const asked = this.anchor.querySelector("input")?.value || this.anchor.textContent;
                if (!asked.match(/\d+/g).map(Number).includes(parseInt(day))) {
                    throw new Error(`Asked from ${asked}, the board shows ${day}`);
                }
            },
        },
        { content: "No, after all", trigger: ".modal .btn-close", run: "click" },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
        { content: "And back", trigger: ".o_journal_board", run: "press t" },
        { content: "Today", trigger: journal.eventOf("Clara") },
        // The mini month, the zoom, the search bar.
        { content: "Zoom", trigger: ".o_journal_zoom", run: "click" },
        { content: "Five minutes a row", trigger: ".dropdown-item:contains(5 minutes):eq(0)", run: "click" },
        { content: "It is remembered", trigger: ".o_journal_zoom:contains(5)" },
        { content: "Search", trigger: ".o_searchview_input", run: "edit Dora" },
        { content: "Enter", trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Client)", run: "click" },
        { content: "Only Dora", trigger: `.o_journal_board:has(${journal.eventOf("Dora")}):not(:has(${journal.eventOf("Clara")}))` },
    ],
});

tours.add("salon_journal_rooms", {
    steps: () => [
        { content: "Rooms", trigger: ".o_journal_mode_rooms", run: "click" },
        { content: "A column per room", trigger: ".o_journal_label:contains(Cabinet 1)" },
        ...journal.dragEvent("Clara", { column: "Cabinet 2" }),
        ...journal.noticeSays("Clara: moved."),
        { content: "Masters", trigger: ".o_journal_mode_masters", run: "click" },
        { content: "The event names its room", trigger: `${journal.eventOf("Clara")}:contains(Cabinet 2)` },
    ],
});

tours.add("salon_journal_master", {
    steps: () => [
        { content: "Own visits only", trigger: ".o_journal_board:has(.o_journal_event:contains(Clara)):not(:contains(Dora))" },
        { content: "Own column only", trigger: ".o_journal_board:not(:contains(Bella))" },
        { content: "Nothing to book", trigger: ".o_control_panel:not(:has(.o_journal_new))" },
        { content: "The card", trigger: journal.eventOf("Clara"), run: "click" },
        { content: "No number", trigger: ".o_journal_card:contains(Clara):not(:contains(901820)):not(:has(a))" },
        { content: "The client is here", trigger: ".o_journal_card button[name=action_arrive]", run: "click" },
        { content: "It is seen", trigger: ".o_journal_arrived:contains(Clara)" },
    ],
});

tours.add("salon_journal_phone", {
    steps: () => [
        { content: "Anna's day", trigger: ".o_journal_turn:contains(Anna)" },
        { content: "In the order of time", trigger: ".o_journal_entry:eq(0):contains(Clara)" },
        { content: "Then Dora", trigger: ".o_journal_entry:eq(1):contains(Dora)" },
        { content: "To the next master", trigger: ".o_journal_turn .oi-chevron-right", run: "click" },
        { content: "Bella's day", trigger: ".o_journal_turn:contains(Bella)" },
        { content: "Nothing yet", trigger: ".o_journal_list:contains(Nothing booked)" },
        {
            content: "Swipe back",
            trigger: ".o_journal_list",
            run() {
                const touch = (type, x) => {
                    const point = new Touch({ identifier: 1, target: this.anchor, clientX: x, clientY: 300 });
                    const init = { bubbles: true, changedTouches: [point], touches: type === "touchend" ? [] : [point] };
                    this.anchor.dispatchEvent(new TouchEvent(type, init));
                };
                touch("touchstart", 100);
                touch("touchend", 300);
            },
        },
        { content: "Anna again", trigger: ".o_journal_turn:contains(Anna)" },
        { content: "Tap", trigger: ".o_journal_entry:contains(Clara)", run: "click" },
        { content: "The card", trigger: ".o_journal_card:contains(Clara)" },
        { content: "She is here", trigger: ".o_journal_card button[name=action_arrive]", run: "click" },
        { content: "It is seen", trigger: ".o_journal_entry.o_journal_arrived:contains(Clara)" },
        // Fingers take a visit along too, to where somebody is free.
        ...journal.longTap("Rest on Dora", ".o_journal_entry:contains(Dora)"),
        ...journal.choose("move"),
        { content: "It waits", trigger: ".o_journal_carried:contains(Dora)" },
        { content: "To Bella", trigger: ".o_journal_turn .oi-chevron-right", run: "click" },
        { content: "She is free until twelve", trigger: ".o_journal_turn:contains(Bella)" },
        { content: "Put it down", trigger: '.o_journal_free:contains("Free until 12:00")', run: "click" },
        { content: "There it is", trigger: ".o_journal_entry:contains(Dora)" },
        // Free time has a menu as well.
        ...journal.longTap("Rest on free time", ".o_journal_free"),
        { content: "A break", trigger: ".o_journal_menu [name=block]" },
    ],
});
