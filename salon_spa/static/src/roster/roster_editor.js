import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { areSpansSound, formatSpan, fromTimeInput, isUnusual, toTimeInput } from "./roster_utils";

/** The small editor of a cell, or of several that get the same hours. */
export class RosterEditor extends Component {
    static template = "salon_spa.RosterEditor";
    static props = {
        title: String,
        hint: { type: String, optional: true },
        spans: Array,
        presets: Array,
        onSave: Function,
        close: { type: Function, optional: true },
    };

    setup() {
        this.formatSpan = formatSpan;
        this.toTimeInput = toTimeInput;
        this.state = useState({
            spans: this.props.spans.length ? this.props.spans.map((span) => [...span]) : [[...this.props.presets[0]]],
        });
        // On a phone the focus would open the clock at once; useAutofocus selects text, which time inputs have not.
        const root = useRef("root");
        if (!this.env.isSmall) {
            onMounted(() => root.el.querySelector("input").focus());
        }
    }

    get isSound() {
        return areSpansSound(this.state.spans);
    }

    get isUnusual() {
        return this.state.spans.some(isUnusual);
    }

    setTime(index, side, ev) {
        this.state.spans[index][side] = fromTimeInput(ev.target.value);
    }

    addSpan() {
        const last = this.state.spans.at(-1);
        const from = Math.min((last[1] ?? 900) + 60, 1380);
        this.state.spans.push([from, Math.min(from + 240, 1440)]);
    }

    removeSpan(index) {
        this.state.spans.splice(index, 1);
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.isSound) {
            ev.preventDefault();
            this.save();
        }
        ev.stopPropagation();
    }

    usePreset(span) {
        this.props.onSave([[...span]]);
    }

    save() {
        this.props.onSave(this.state.spans.map((span) => [...span]));
    }

    clear() {
        this.props.onSave([]);
    }
}
