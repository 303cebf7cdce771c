import { useEffect, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/**
 * A counted quantity: empty until something is entered, and a zero that is entered is counted.
 *
 * Unlike Odoo's widget for it, it tells the server once the number is complete and not with every key: an answer that
 * comes while somebody types would overwrite the digits.
 */
export class SalonCountedField extends FloatField {
    setup() {
        super.setup();
        const input = useRef("numpadDecimal");
        let typed = null;
        const onInput = (ev) => {
            typed = ev.target.value;
        };
        const commit = () => {
            if (typed !== null) {
                this.props.record.update({ is_counted: typed.trim() !== "" });
                typed = null;
            }
        };
        const onKeydown = (ev) => {
            if (ev.key === "Enter" || ev.key === "Tab") {
                commit();
            }
        };
        useEffect(
            (element) => {
                if (!element) {
                    return;
                }
                element.addEventListener("input", onInput);
                element.addEventListener("keydown", onKeydown);
                element.addEventListener("blur", commit);
                return () => {
                    element.removeEventListener("input", onInput);
                    element.removeEventListener("keydown", onKeydown);
                    element.removeEventListener("blur", commit);
                };
            },
            () => [input.el]
        );
    }

    get formattedValue() {
        return this.props.record.data.is_counted ? super.formattedValue : "";
    }
}

registry.category("fields").add("salon_counted", {
    ...floatField,
    component: SalonCountedField,
    fieldDependencies: [{ name: "is_counted", type: "boolean" }],
});
