/**
 * Steps of the visit form and of the day's board, to be put together into tours.
 */
const line = ".o_field_widget[name=line_ids] .o_data_row.o_selected_row";

function choose(field, text, item = text) {
    return [
        { content: `Type ${text}`, trigger: `${field} input`, run: `edit ${text}` },
        {
            content: `Choose ${item}`,
            trigger: `.o-autocomplete--dropdown-item:contains("${item}")`,
            run: "click",
        },
    ];
}

export function newVisitFromBoard() {
    return [
        { content: "Start a visit", trigger: ".o_salon_board .o-kanban-button-new, .o-kanban-button-new", run: "click" },
        { content: "The form is open", trigger: ".o_salon_visit_form" },
    ];
}

export function newVisitFromForm() {
    return [
        { content: "Start the next visit", trigger: ".o_form_button_create", run: "click" },
        { content: "The form is empty", trigger: ".o_salon_visit_form .o_arrow_button_current:contains(Draft)" },
    ];
}

/** Make a card of what the desk types in one go: name and number. */
export function registerClient(typed) {
    return choose(".o_field_widget[name=partner_id]", typed, `Create "${typed}"`);
}

export function findClient(fragment, name) {
    return choose(".o_field_widget[name=partner_id]", fragment, name);
}

/** Add a service; without ``hour`` the time is left as proposed. */
export function addService(service, master, hour) {
    return [
        { content: "Add a service", trigger: '.o_field_x2many_list_row_add a:contains("Add a service")', run: "click" },
        ...choose(`${line} [name=product_id]`, service),
        ...choose(`${line} [name=employee_id]`, master),
        ...(hour ? setHour(hour) : leaveLine()),
    ];
}

export function setHour(hour) {
    return [
        { content: `Type ${hour}`, trigger: `${line} [name=start_hour] input`, run: `edit ${hour}` },
        ...leaveLine(),
    ];
}

function leaveLine() {
    return [
        { content: "Leave the line", trigger: ".o_salon_visit_form .o_form_sheet", run: "click" },
        { content: "The line is left", trigger: ".o_field_widget[name=line_ids]:not(:has(.o_selected_row))" },
    ];
}

export function editHour(row, hour) {
    return [
        { content: "Enter the line", trigger: `.o_data_row:eq(${row}) td[name=start_hour]`, run: "click" },
        ...setHour(hour),
    ];
}

export function pressButton(name) {
    return [{ content: name, trigger: `.o_statusbar_buttons button[name=${name}]:enabled`, run: "click" }];
}

export function stateIs(state) {
    return [{ content: `It is ${state}`, trigger: `.o_arrow_button_current:contains("${state}")` }];
}

export function errorSays(...texts) {
    return [
        ...texts.map((text) => ({ content: text, trigger: `.modal .modal-body:contains("${text}")` })),
        { content: "Close the message", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "The message is closed", trigger: "body:not(:has(.modal))" },
    ];
}

export function backToBoard() {
    return [
        { content: "Back", trigger: ".o_back_button", run: "click" },
        { content: "The board is open", trigger: ".o_salon_board .o_kanban_group" },
    ];
}

const column = (state) => `.o_kanban_group:has(.o_column_title:contains("${state}"))`;

export function cardIsIn(client, state) {
    return [{ content: `${client} is ${state}`, trigger: `${column(state)} .o_kanban_record:contains("${client}")` }];
}

export function cardButton(client, name) {
    return [
        {
            content: `${name} on the card of ${client}`,
            trigger: `.o_kanban_record:contains("${client}") button[name=${name}]`,
            run: "click",
        },
    ];
}

/** Choose from the menu in a card's corner. */
export function cardMenu(client, item) {
    return [
        {
            content: `The menu of ${client}`,
            trigger: `.o_kanban_record:contains("${client}") .o_dropdown_kanban button:not(:visible)`,
            run: "click",
        },
        { content: item, trigger: `.o-dropdown--kanban-record-menu .dropdown-item:contains("${item}")`, run: "click" },
    ];
}

export function dragCard(client, state) {
    return [
        {
            content: `Drag ${client} to ${state}`,
            trigger: `.o_kanban_record:contains("${client}")`,
            run: `drag_and_drop(${column(state)})`,
        },
    ];
}

export function openCard(client) {
    return [
        { content: `Open the visit of ${client}`, trigger: `.o_kanban_record:contains("${client}")`, run: "click" },
        { content: "The form is open", trigger: ".o_salon_visit_form" },
    ];
}
