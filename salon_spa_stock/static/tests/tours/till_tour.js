import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Order from "@point_of_sale/../tests/generic_helpers/order_widget_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function openWith(amount) {
    return [ProductScreen.enterOpeningAmount(amount), Dialog.confirm("Open Register")];
}

function chooseClient(name) {
    return [ProductScreen.clickPartnerButton(), ProductScreen.clickCustomer(name)];
}

// The server answers about points, cards and wallets after the receipt is shown.
function pointsAre(points) {
    return {
        content: `the client has ${points} points`,
        trigger: "body",
        async run({ waitUntil }) {
            await waitUntil(
                () => window.posmodel.models["loyalty.card"].some((card) => card.id > 0 && card.points === points),
                { timeout: 8000 }
            );
        },
    };
}

// A product touched and one scanned, for a client, paid in cash and by card; the client gets points for it.
tours.add("salon_till_retail", {
    steps: () =>
        [
            openWith("100"),
            chooseClient("Clara"),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            scan_barcode("4006381333931"),
            ProductScreen.selectedOrderlineHas("Hair mask", "1", "30.0"),
            ProductScreen.totalAmountIs("50.0"),
            PosLoyalty.pointsAwardedAre("50"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickNumpad("2 0"),
            PaymentScreen.remainingIs("30.0"),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.remainingIs("0.0"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.totalAmountContains("50.0"),
            ReceiptScreen.paymentLineContains("Cash", "20.0"),
            ReceiptScreen.paymentLineContains("Card", "30.0"),
            pointsAre(50),
            ReceiptScreen.clickNextOrder(),
        ].flat(Infinity),
});

function payWith(method) {
    return [
        ProductScreen.clickPayButton(),
        PaymentScreen.clickPaymentMethod(method),
        PaymentScreen.remainingIs("0.0"),
        PaymentScreen.clickValidate(),
    ];
}

function payNothing() {
    return [ProductScreen.clickPayButton(), PaymentScreen.clickValidate()];
}

// A gift card with a number of its own is sold and spent in part; money goes into an e-wallet and comes back out.
tours.add("salon_till_cards", {
    steps: () =>
        [
            openWith("0"),
            ProductScreen.clickDisplayedProduct("Gift Card"),
            PosLoyalty.createManualGiftCard("GIFT-1", "50"),
            ProductScreen.totalAmountIs("50.0"),
            payWith("Cash"),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            // As it is read from the card, in capitals or not.
            PosLoyalty.enterCode("gift-1"),
            ProductScreen.totalAmountIs("0.0"),
            payNothing(),
            ReceiptScreen.clickNextOrder(),
            chooseClient("Clara"),
            ProductScreen.clickDisplayedProduct("Top-up eWallet"),
            // Prices of the salon are not the desk's to change; what is paid in is, and is typed at once.
            { trigger: "body:not(:has(.o_salon_discount)) .control-buttons .o_salon_seller" },
            ProductScreen.clickNumpad("8", "0"),
            ProductScreen.totalAmountIs("80"),
            PosLoyalty.isPointsDisplayed(false),
            payWith("Card"),
            ReceiptScreen.clickNextOrder(),
            chooseClient("Clara"),
            ProductScreen.clickDisplayedProduct("Hair mask"),
            PosLoyalty.eWalletButtonState({ highlighted: true, text: "Pay", click: true }),
            ProductScreen.totalAmountIs("0.0"),
            payNothing(),
            pointsAre(30),
            ReceiptScreen.clickNextOrder(),
        ].flat(Infinity),
});

// Prices and discounts are the salon's: the desk can't touch them on a product's line.
tours.add("salon_till_prices_are_fixed", {
    steps: () =>
        [
            openWith("0"),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            { trigger: ".numpad-price:disabled" },
            { trigger: ".numpad-discount:disabled" },
        ].flat(Infinity),
});

// Of two programs the one that saves more is given, and the till says why.
tours.add("salon_till_best_offer", {
    steps: () =>
        [
            openWith("0"),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            ProductScreen.totalAmountIs("17.0"),
            reasonIs("Three off"),
            ProductScreen.clickDisplayedProduct("Hair mask"),
            ProductScreen.clickDisplayedProduct("Cut"),
            // 10 % of 100 are more than 3 now.
            ProductScreen.totalAmountIs("90.0"),
            reasonIs("Ten percent"),
            { trigger: '.o_salon_reason:contains("Better than: Three off")' },
            PosLoyalty.removeRewardLine("10% on your order"),
            // Whoever takes the best one away gets the next one, and none when that is taken away too.
            reasonIs("Three off"),
            ProductScreen.totalAmountIs("97.0"),
            PosLoyalty.enterCode("half"),
            reasonIs("Half"),
            ProductScreen.totalAmountIs("50.0"),
            payWith("Cash"),
            { trigger: '.pos-receipt .o_salon_reason:contains("Half")' },
            ReceiptScreen.clickNextOrder(),
        ].flat(Infinity),
});

function reasonIs(name) {
    return { content: `the reason is ${name}`, trigger: `.order-container .o_salon_reason:contains("${name}")` };
}

// What was sold comes back, cash goes out, and the till is closed with a difference, but not while a client is here.
tours.add("salon_till_closing", {
    steps: () =>
        [
            openWith("100"),
            ProductScreen.clickDisplayedProduct("Shampoo"),
            payWith("Cash"),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickRefund(),
            TicketScreen.selectOrder("001"),
            Order.hasLine({ withClass: ".selected", productName: "Shampoo" }),
            ProductScreen.clickNumpad("1"),
            TicketScreen.confirmRefund(),
            PaymentScreen.isShown(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            Chrome.clickMenuOption("Cash In/Out"),
            { trigger: ".modal .o_salon_category", run: "selectByLabel Household" },
            Chrome.fillTextArea(".cash-reason", "Coffee"),
            { trigger: ".modal input.o_input", run: "edit 30" },
            Dialog.confirm(),
            Chrome.clickMenuOption("Close Register"),
            ProductScreen.closeWithCashAmount("68"),
            ProductScreen.cashDifferenceIs(-2),
            Dialog.confirm("Close Register"),
            { trigger: '.modal-body:contains("These visits of today are still open: Clara")' },
            Dialog.confirm("Ok"),
        ].flat(Infinity),
});

// A manager closes it all the same.
tours.add("salon_till_closing_manager", {
    steps: () =>
        [
            Chrome.clickMenuOption("Close Register"),
            ProductScreen.closeWithCashAmount("68"),
            Dialog.confirm("Close Register"),
            { trigger: '.modal-body:contains("These visits of today are still open: Clara")' },
            Dialog.confirm("Close Anyway"),
            // The money counted is not what was expected.
            { ...Dialog.confirm("Proceed Anyway"), expectUnloadPage: true },
        ].flat(Infinity),
});
