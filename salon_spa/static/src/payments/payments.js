import { onMounted } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";

/** The means of a payment: whoever takes it types what was given, presses Enter, and Enter again. */
export class PaymentsRenderer extends ListRenderer {
    setup() {
        super.setup();
        onMounted(async () => {
            const { editedRecord, records } = this.props.list;
            // The keyboard of a phone would hide the rest of the dialog.
            if (!hasTouch() && !editedRecord && records.length === 1 && records[0].data.amount) {
                await Promise.resolve();
                const [record] = records;
                const column = this.columns.find(({ name }) => name === "amount");
                this.cellToFocus = { column, record };
                await this.props.list.enterEditMode(record);
            }
        });
    }

    /** Who typed an amount and went on to another field stays there: Odoo fetches the cursor back into the row. */
    focusCell(column, forward) {
        const { activeElement } = document;
        if (!this.cellToFocus && activeElement.matches("input, textarea") && !this.tableRef.el.contains(activeElement)) {
            return;
        }
        return super.focusCell(column, forward);
    }

    /** Enter would add another payment; the next one presses the dialog's button. */
    onCellKeydownEditMode(hotkey, cell, group, record) {
        if (hotkey !== "enter") {
            return super.onCellKeydownEditMode(hotkey, cell, group, record);
        }
        this.props.list.leaveEditMode();
        cell.closest(".modal-content")?.querySelector(".modal-footer .btn-primary")?.focus();
        return true;
    }
}

export class PaymentsField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: PaymentsRenderer };

    /** Another payment is what is left, by the next register; both follow from what is being typed. */
    async onAdd(params = {}) {
        const { editedRecord, model } = this.list;
        if (editedRecord) {
            const proms = [];
            model.bus.trigger("NEED_LOCAL_CHANGES", { proms });
            await Promise.all([...proms, editedRecord._updatePromise]);
            await this.list.leaveEditMode({ canAbandon: false });
        }
        const { amount_left, currency_id, next_journal_id } = this.props.record.data;
        const context = {
            ...params.context,
            default_amount: amount_left,
            default_currency_id: currency_id.id,
            default_journal_id: next_journal_id.id,
        };
        return super.onAdd({ ...params, context });
    }
}

registry.category("fields").add("salon_payments", { ...x2ManyField, component: PaymentsField });
