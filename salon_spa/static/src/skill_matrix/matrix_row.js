import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** A service's row. A component of its own, so that an edit draws one row again and not all of them. */
export class MatrixRow extends Component {
    static template = "salon_spa.MatrixRow";
    static props = {
        service: Object,
        columns: Array,
        cells: Array,
        mode: String,
        isFirst: Boolean,
        editing: { type: [String, Boolean] },
        canEdit: Boolean,
    };

    label(column, cell) {
        const name = column.name || _t("List price");
        if (this.props.mode === "prices") {
            const price = cell.own ? cell.priceText : _t("%s, not its own", cell.priceText);
            return `${this.props.service.name}, ${name}: ${price}`;
        }
        return `${this.props.service.name}, ${name}: ${cell.allowed ? _t("does it") : _t("does not do it")}`;
    }
}
