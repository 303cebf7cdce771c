import { registry } from "@web/core/registry";

const due = '.modal [name=amount_to_pay]:contains';
const toggle = ".modal [name=pass_ids] .o_data_row [name=is_used] input";

/** The desk closes a visit for 170, of which a pass covers 50; then it sells the next pass. */
registry.category("web_tour.tours").add("salon_pass", {
    steps: () => [
        { content: "The form tells of the pass", trigger: ".alert-info:contains(9 of 10 left)" },
        { content: "Take the payment", trigger: "button[name=action_pay]", run: "click" },
        { content: "The pass is proposed", trigger: ".modal [name=pass_ids] .o_data_row:contains(Cut)" },
        { content: "The rest is to be paid", trigger: `${due}("120.00")` },
        { content: "Pay all of it with money", trigger: toggle, run: "click" },
        { content: "All is to be paid", trigger: `${due}("170.00")` },
        { content: "By the pass after all", trigger: toggle, run: "click" },
        { content: "The rest is to be paid again", trigger: `${due}("120.00")` },
        { content: "The payment follows", trigger: '.modal [name=payment_ids] .o_data_row:contains("120.00")' },
        { content: "Take it", trigger: ".modal footer button[name=action_apply]", run: "click" },
        { content: "The visit is paid", trigger: ".o_salon_visit_form [name=payment_state]:contains(Paid)" },
        { content: "One session less", trigger: ".alert-info:contains(8 of 10 left)" },
        { content: "Sell another pass", trigger: "button[name=action_sell_pass]", run: "click" },
        { content: "Which one", trigger: ".modal [name=product_id] input", run: "edit Ten Cuts" },
        { content: "This one", trigger: ".o-autocomplete--dropdown-item:contains(Ten Cuts)", run: "click" },
        { content: "Its price", trigger: `${due}("400.00")` },
        { content: "Sell it", trigger: ".modal footer button[name=action_apply]:contains(Sell)", run: "click" },
        { content: "Sold", trigger: ".o_notification:contains(is sold to Clara)" },
    ],
});
