import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { translatedTerms } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function openVisits() {
    return { content: "see the visits", trigger: ".visits-button", run: "click" };
}

function chooseVisit(client) {
    return {
        content: `open the visit of ${client}`,
        trigger: `.o_salon_visit:contains("${client}") .o_salon_visit_time`,
        run: "click",
    };
}

function findVisit(words, client) {
    return [
        { content: `look for ${words}`, trigger: ".o_salon_visits input", run: `edit ${words}` },
        chooseVisit(client),
    ];
}

function lineHas(product, text) {
    return {
        content: `${product} says ${text}`,
        trigger: `.order-container .orderline:has(.product-name:contains("${product}")):contains("${text}")`,
    };
}

/** Say who did the service or sold the product of the selected line; the button is called accordingly. */
function chooseMaster(button, name) {
    return [
        { content: "ask for the masters", trigger: `.o_salon_seller:contains("${button}")`, run: "click" },
        { content: `it was ${name}`, trigger: `.selection-item:contains("${name}")`, run: "click" },
    ];
}

/** Write a tip; `none` says that there is none yet. */
function writeTip(amount, { none = false } = {}) {
    const button = `.payment-buttons button:contains("Tips")${none ? ":not(.active)" : ""}`;
    return [
        { content: `a tip of ${amount}`, trigger: button, run: "click" },
        NumberPopup.enterValue(amount),
        Dialog.confirm(),
    ];
}

// A visit with masters, a product with its seller, a tip shared by hand, cash and card.
tours.add("salon_till_visit", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            lineHas("Cut", "Anna"),
            lineHas("Colour", "Bella"),
            ProductScreen.totalAmountIs("170.00"),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            lineHas("Shampoo", "Bella"),
            chooseMaster("Seller", "Anna"),
            lineHas("Shampoo", "Anna"),
            ProductScreen.totalAmountIs("190.00"),
            ProductScreen.clickPayButton(),
            writeTip("0"),
            { content: "a tip", trigger: ".payment-buttons button:contains('Tips'):not(.active)", run: "click" },
            NumberPopup.enterValue("20"),
            NumberPopup.isShown("$ 20"),
            Dialog.confirm(),
            { content: "equally", trigger: ".o_salon_tip button:contains('Equally')", run: "click" },
            { content: "ten each", trigger: ".o_salon_tip_row input:value('10')" },
            { content: "share it", trigger: ".o_salon_tip_confirm", run: "click" },
            { content: "nothing to warn of", trigger: "body:not(:has(.modal, .o_notification))" },
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickNumpad("1 0 0"),
            PaymentScreen.remainingIs("110.0"),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.remainingIs("0.0"),
            PaymentScreen.clickValidate(),
            { content: "the receipt names who did it", trigger: ".pos-receipt .o_salon_master:contains('Bella')" },
            { content: "and the visit", trigger: ".pos-receipt .o_salon_receipt_visit" },
            ReceiptScreen.totalAmountContains("190.00 + tips $ 20.00"),
            ReceiptScreen.clickNextOrder(),
            openVisits(),
            { content: "it is paid now", trigger: ".o_salon_visit:contains('Clara'):contains('Paid')" },
            Dialog.cancel(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// Somebody else did a service: the visit follows. Tips without a visit are for whom the cashier names.
tours.add("salon_till_masters", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            ProductScreen.clickLine("Cut"),
            chooseMaster("Master", "Bella"),
            lineHas("Cut", "Bella"),
            ProductScreen.clickPayButton(),
            writeTip("20"),
            { content: "all for Bella", trigger: "body:not(:has(.modal)) .payment-buttons button:contains('20.00')" },
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            ProductScreen.clickPayButton(),
            writeTip("5"),
            { content: "for nobody", trigger: ".modal:contains('Who is the tip for?') .btn-close", run: "click" },
            writeTip("5", { none: true }),
            { content: "for Anna", trigger: ".modal .selection-item:contains('Anna')", run: "click" },
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.totalAmountContains("20.0"),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// A deposit for a visit to come, then the visit itself.
tours.add("salon_till_deposit", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            {
                content: "take a deposit",
                trigger: ".o_salon_visit:contains('Clara') .o_salon_deposit",
                run: "click",
            },
            NumberPopup.enterValue("40"),
            Dialog.confirm(),
            ProductScreen.totalAmountIs("40.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            openVisits(),
            chooseVisit("Clara"),
            lineHas("Deposit", "40.00"),
            ProductScreen.totalAmountIs("130.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// Put on the client's account, and paid another time.
tours.add("salon_till_debt", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("On Account"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            openVisits(),
            findVisit("Clar", "Clara"),
            lineHas("Paid Debt", "170.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// One service is given back on Odoo's own screen.
tours.add("salon_till_refund", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            ...ProductScreen.clickRefund(),
            TicketScreen.selectOrder("001"),
            ProductScreen.clickLine("Colour"),
            ProductScreen.clickNumpad("1"),
            TicketScreen.toRefundTextContains("To Refund: 1"),
            TicketScreen.confirmRefund(),
            PaymentScreen.isShown(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            {
                content: "what the service has earned is taken back",
                trigger: "body",
                async run({ waitUntil }) {
                    const cards = window.posmodel.models["loyalty.card"];
                    await waitUntil(() => cards.some((card) => card.points === 50), { timeout: 8000 });
                },
            },
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// A discount of the whole order had its part in the product: with both given back it is taken off once.
tours.add("salon_till_refund_of_discount", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            ProductScreen.totalAmountIs("18.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            ...ProductScreen.clickRefund(),
            TicketScreen.selectOrder("001"),
            // The first line is chosen already.
            ProductScreen.clickNumpad("1"),
            TicketScreen.toRefundTextContains("To Refund: 1"),
            ProductScreen.clickLine("10% on your order"),
            ProductScreen.clickNumpad("1"),
            TicketScreen.confirmRefund(),
            PaymentScreen.isShown(),
            PaymentScreen.totalIs("-18.00"),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// A service that is offered no more is still paid for, and a pass is sold with points for it.
tours.add("salon_till_archived", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            lineHas("Cut", "Anna"),
            ProductScreen.clickDisplayedProduct("Ten Cuts"),
            ProductScreen.totalAmountIs("570.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// A pass is sold to somebody, who is asked for; it is not given back from its receipt, which is said at once.
tours.add("salon_till_pass_sold", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Ten Cuts"),
            ProductScreen.clickPayButton(false),
            { content: "who buys it", trigger: ".modal .partner-line:contains('Clara')", run: "click" },
            PaymentScreen.isShown(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            { content: "no placeholder of a logo", trigger: ".pos-receipt:not(:has(.pos-receipt-logo))" },
            ReceiptScreen.clickNextOrder(),
            ...ProductScreen.clickRefund(),
            TicketScreen.selectOrder("001"),
            TicketScreen.confirmRefund(),
            { content: "how it is given back", trigger: ".modal-body:contains('Ten Cuts is given back in Clients / Passes')" },
            Dialog.confirm(),
            { content: "back at the sales", trigger: ".ticket-screen" },
            {
                content: "the till says it as the salon does",
                trigger: ".ticket-screen",
                run: () => {
                    const [theirs, ours] = ["point_of_sale", "salon_spa_stock"].map((name) => {
                        return (translatedTerms[name] = { ...translatedTerms[name] });
                    });
                    Object.assign(theirs, { Register: "Registration", Orders: "Orders of theirs" });
                    ours.Register = "Till";
                    window.posmodel.salonSayItOurWay();
                    if (theirs.Register !== "Till" || theirs.Orders !== "Orders of theirs") {
                        throw new Error(JSON.stringify([theirs.Register, theirs.Orders]));
                    }
                },
            },
            { content: "no refund is left open", trigger: "body:not(:contains('(Refund)'))" },
            Chrome.endTour(),
        ].flat(Infinity),
});

// One service goes by the client's pass.
tours.add("salon_till_pass", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            Dialog.bodyIs("Cut by"),
            Dialog.confirm("Use the Pass"),
            lineHas("Cut", "By pass"),
            ProductScreen.totalAmountIs("120.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.clickValidate(),
            { content: "what is left of the pass", trigger: ".pos-receipt .o_salon_receipt_pass:contains('9')" },
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// Somebody changed the visit while it was open at the till: told before the money is taken.
tours.add("salon_till_stale", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            ProductScreen.totalAmountIs("170.00"),
            {
                content: "the desk changes a price",
                trigger: ".visits-button",
                run: () => {
                    const { data } = window.posmodel;
                    const line = window.posmodel.getOrder().lines[0];
                    return data.call("salon.visit.line", "write", [[line.salon_line_id], { price_unit: 45 }]);
                },
            },
            ProductScreen.clickPayButton(false),
            { content: "it does not fit", trigger: ".modal-body:contains('costs $ 45.00 now')" },
            Dialog.confirm(),
            ProductScreen.isShown(),
            Chrome.endTour(),
        ].flat(Infinity),
});

// Without a connection the money is taken, and the order is sent later, twice.
tours.add("salon_till_offline", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            openVisits(),
            chooseVisit("Clara"),
            ProductScreen.totalAmountIs("170.00"),
            OfflineUtil.setOfflineMode(),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            Dialog.confirm("Continue with limited functionality"),
            ReceiptScreen.isShown(),
            OfflineUtil.setOnlineMode(),
            {
                content: "the connection is back, and the order is sent twice",
                trigger: ".pos-receipt",
                run: async () => {
                    const { posmodel } = window;
                    const order = posmodel.getOrder();
                    posmodel.data.network.offline = false;
                    const serialized = order.serializeForORM({ keepCommands: true });
                    await posmodel.syncAllOrders({ orders: [order], force: true });
                    await posmodel.data.call("pos.order", "sync_from_ui", [[serialized]]);
                },
            },
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(Infinity),
});
