import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PaymentScreenStatus } from "@point_of_sale/app/screens/payment_screen/payment_status/payment_status";
import { ReceiptScreen } from "@point_of_sale/app/screens/receipt_screen/receipt_screen";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { parseFloat } from "@web/views/fields/parsers";

patch(PaymentScreen.prototype, {
    /** The tip comes first and the money for it after: nothing to warn of. A tip of nothing is taken away again. */
    async addTip() {
        if (!this.pos.config._salon_desk) {
            return super.addTip(...arguments);
        }
        const order = this.currentOrder;
        const before = order.getTip() || 0;
        const change = Math.abs(order.change);
        const typed = await makeAwaitable(this.dialog, NumberPopup, {
            title: _t("Tips"),
            startingValue: before || change ? this.env.utils.formatCurrency(before || change, false) : "",
            formatDisplayedValue: (value) => `${this.pos.currency.symbol} ${value}`,
        });
        if (typed === undefined) {
            return;
        }
        const tip = parseFloat(typed || "0");
        if (!(tip > 0)) {
            this.pos.salonDropTip(order);
        } else if (!(await this.pos.setTip(tip))) {
            return;
        }
        const line = this.selectedPaymentLine;
        if (line && (!line.isElectronic() || line.getPaymentStatus() === "pending")) {
            const more = tip - before;
            line.setAmount(line.getAmount() + (more > 0 ? Math.max(0, more - change) : more));
        }
    },
});

patch(ReceiptScreen.prototype, {
    /** Odoo writes the tip in English whatever the language. */
    get orderAmountPlusTip() {
        const tip = this.currentOrder.getTip();
        if (!tip || !this.pos.config._salon_desk) {
            return super.orderAmountPlusTip;
        }
        const money = this.env.utils.formatCurrency;
        return _t("%(amount)s + tips %(tip)s", { amount: money(this.currentOrder.priceIncl - tip), tip: money(tip) });
    },
});

patch(PaymentScreenStatus.prototype, {
    /** Odoo's word for it stands for a button, too, and some languages have two. */
    get statusText() {
        return this.isRemaining || !this.order.config._salon_desk ? super.statusText : _t("Change Due");
    },
});
