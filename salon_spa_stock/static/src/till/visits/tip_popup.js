import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { parseFloat } from "@web/views/fields/parsers";

/** Share a tip among the masters of a visit: by price, by time, equally or by hand; some may be left out. */
export class TipPopup extends Component {
    static template = "salon_spa_stock.TipPopup";
    static components = { Dialog };
    static props = {
        amount: Number,
        masters: Array,
        mode: String,
        currency: Object,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.modes = [
            { id: "value", label: _t("By price") },
            { id: "time", label: _t("By time") },
            { id: "equal", label: _t("Equally") },
            { id: "hand", label: _t("By hand") },
        ];
        this.state = useState({
            mode: this.props.mode,
            rows: this.props.masters.map((master) => ({ ...master, shares: true, amount: 0 })),
        });
        this.share();
    }

    /** To the smallest coin; the rest goes to the last, as the salon's own dialogs share it. */
    share() {
        const { mode, rows } = this.state;
        if (mode === "hand") {
            return;
        }
        const sharing = rows.filter((row) => row.shares);
        const coin = this.props.currency.rounding || 0.01;
        const coins = Math.round(this.props.amount / coin);
        let weights = sharing.map((row) => (mode === "equal" ? 1 : row[mode] || 0));
        if (!weights.some(Boolean)) {
            weights = sharing.map(() => 1);
        }
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        let left = coins;
        const last = weights.findLastIndex((weight) => weight > 0);
        rows.forEach((row) => (row.amount = 0));
        sharing.forEach((row, index) => {
            const part = index === last ? left : Math.floor((coins * weights[index]) / total);
            if (index <= last) {
                row.amount = this.props.currency.round(part * coin);
                left -= part;
            }
        });
    }

    setMode(mode) {
        this.state.mode = mode;
        this.share();
    }

    toggle(row) {
        row.shares = !row.shares;
        this.share();
    }

    type(row, event) {
        this.state.mode = "hand";
        try {
            row.amount = parseFloat(event.target.value || "0");
        } catch {
            row.amount = 0;
        }
    }

    get missing() {
        const sum = this.state.rows.reduce((total, row) => total + row.amount, 0);
        return this.props.currency.round(this.props.amount - sum);
    }

    get isReady() {
        return this.props.currency.isZero(this.missing) && this.state.rows.every((row) => row.amount >= 0);
    }

    format(amount) {
        return formatCurrency(amount, this.props.currency.id);
    }

    confirm() {
        const tips = {};
        for (const row of this.state.rows.filter((row) => row.amount > 0)) {
            tips[row.id] = row.amount;
        }
        this.props.getPayload(tips);
        this.props.close();
    }
}
