import { registry } from "@web/core/registry";

const line = (product) => `.o_field_one2many .o_data_row:contains(${product})`;

/** The test makes the product "Tour Gloves", bought by the box of 100 from "Tour Trade", of which nothing is left. */
registry.category("web_tour.tours").add("salon_stock_receive_tour", {
    steps: () => [
        { trigger: ".o_list_button_add, button:contains(Receive Goods)", run: "click" },
        { content: "the supplier", trigger: ".o_field_widget[name=partner_id] input", run: "edit Tour Trade" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Trade)", run: "click" },
        { trigger: ".o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_selected_row [name=product_id] input", run: "edit Tour Gloves" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Gloves)", run: "click" },
        { content: "the supplier's packaging", trigger: ".o_selected_row [name=uom_id] input:value(Box of 100)" },
        { trigger: ".o_selected_row [name=quantity] input", run: "edit 2" },
        { trigger: ".o_form_sheet", run: "click" },
        { content: "what it costs", trigger: ".o_field_widget[name=amount_total]:contains(10.00)" },
        { trigger: "button[name=action_receive]", run: "click" },
        { content: "the receipt", trigger: ".o_arrow_button_current:contains(Received)" },
        { trigger: ".o_field_widget[name=move_line_ids] .o_data_row:contains(200)" },
    ],
});

/** The test puts 200 "Tour Gloves" and 5 "Tour Foil" on the shelf. */
registry.category("web_tour.tours").add("salon_stock_count_tour", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "what should be there is listed", trigger: `${line("Tour Gloves")} td[name=counted_qty]`, run: "click" },
        { trigger: ".o_selected_row:contains(Tour Gloves) [name=counted_qty] input", run: "edit 190" },
        { content: "a zero is counted, too", trigger: `${line("Tour Foil")} td[name=counted_qty]`, run: "click" },
        { trigger: ".o_selected_row:contains(Tour Foil) [name=counted_qty] input", run: "edit 0" },
        { trigger: ".o_form_sheet", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "both are counted", trigger: ".o_field_widget[name=counted_count]:contains(2)" },
        { trigger: "button[name=action_apply]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Applied)" },
        { content: "what is missing is said now", trigger: `${line("Tour Gloves")} td[name=difference]:contains(-10)` },
    ],
});

/** The test leaves 10 "Tour Gloves", fewer than the minimum. */
registry.category("web_tour.tours").add("salon_stock_order_tour", {
    steps: () => [
        { content: "one box", trigger: ".o_data_row:contains(Tour Gloves):contains(1 × Box of 100)" },
        { trigger: "button[name=action_salon_make_orders]", run: "click" },
        { content: "an order to the supplier", trigger: ".o_breadcrumb:contains(Orders to Suppliers)" },
        { trigger: ".o_data_row:contains(Tour Trade):contains(RFQ)" },
    ],
});
