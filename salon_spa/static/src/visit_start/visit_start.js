import { useEffect, useRef } from "@odoo/owl";
import { formatDateTime, parseDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { DateTimeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";
import { FloatTimeField, floatTimeField } from "@web/views/fields/float_time/float_time_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import { parseFloatTime } from "@web/views/fields/parsers";

const { DateTime } = luxon;

const TIME = /^(\d{1,2})(?:[:.h-]?(\d{2}))?\s*(?:([ap])\.?m\.?)?$/i;

/**
 * @param {string} text a time of day in haste: "14", "930", "14:30", "14.30", "2pm"
 * @returns {{ hour: number, minute: number } | null} null for what is no time
 */
export function readTime(text) {
    const [, hours, minutes, half] = TIME.exec(text.trim()) || [];
    let hour = parseInt(hours);
    const minute = parseInt(minutes || 0);
    if (half) {
        if (hour < 1 || hour > 12) {
            return null;
        }
        hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
    }
    return hour < 24 && minute < 60 ? { hour, minute } : null;
}

/**
 * @param {string} text a time, after a day if it is another one than that of ``base``: "14", "25 14:30", "+1d 9"
 * @param {DateTime} base
 * @returns {DateTime | null} null where the date picker's own reading has to do
 */
export function readStart(text, base) {
    const [, day, time] = /^(?:(.*\S)\s+)?(\S*\d\S*(?:\s*[ap]\.?m\.?)?)$/i.exec(text.trim()) || [];
    const moment = time && readTime(time);
    if (!moment) {
        return null;
    }
    let date = base;
    if (/^\d{1,2}$/.test(day || "")) {
        // A day gone by is meant in the next month.
        const month = base.startOf("month").plus({ months: parseInt(day) < base.day ? 1 : 0 });
        date = month.set({ day: parseInt(day) });
        if (parseInt(day) < 1 || date.month !== month.month) {
            return null;
        }
    } else if (day) {
        try {
            date = parseDate(day);
        } catch {
            return null;
        }
    }
    return date.set({ ...moment, second: 0, millisecond: 0 });
}

/** When a visit or a break starts or ends: beside whole dates it takes what a hurried hand types. */
export class VisitStartField extends DateTimeField {
    setup() {
        super.setup();
        const root = useRef("root");
        // On the way down, so that the date picker finds a whole date when it reads the input.
        const complete = ({ key, target, type }) => {
            if (target.tagName === "INPUT" && (type === "change" || ["Enter", "Tab"].includes(key))) {
                const { [this.props.name]: value, start: day } = this.props.record.data;
                const start = readStart(target.value, value || day || DateTime.local());
                target.value = start ? formatDateTime(start) : target.value;
            }
        };
        useEffect(
            (el) => {
                el?.addEventListener("keydown", complete, { capture: true });
                el?.addEventListener("change", complete, { capture: true });
                return () => {
                    el?.removeEventListener("keydown", complete, { capture: true });
                    el?.removeEventListener("change", complete, { capture: true });
                };
            },
            () => [root.el]
        );
    }
}

/** The time of a service within the visit's day. */
export class VisitHourField extends FloatTimeField {
    setup() {
        this.inputFloatTimeRef = useInputField({
            getValue: () => this.formattedValue,
            refName: "numpadDecimal",
            parse: (text) => {
                const time = readTime(text);
                return time ? time.hour + time.minute / 60 : parseFloatTime(text);
            },
        });
    }
}

registry.category("fields").add("salon_visit_start", { ...dateTimeField, component: VisitStartField });
registry.category("fields").add("salon_visit_hour", { ...floatTimeField, component: VisitHourField });
