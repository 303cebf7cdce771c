/**
 * Gestures on the journal's board. The library that draws it listens to the pointer's events wherever the pointer is,
 * so that a drag is a path over the page and not from one element to another.
 */
const { delay } = odoo.loader.modules.get("@web/core/utils/concurrency");

export const eventOf = (client) => `.o_journal_event:contains("${client}")`;

function fire(type, x, y, target = document.elementFromPoint(x, y), options = {}) {
    target.dispatchEvent(
        new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            clientX: x,
            clientY: y,
            isPrimary: true,
            buttons: 1,
            pointerId: 1,
            pointerType: "mouse",
            ...options,
        })
    );
}

async function drag(from, to) {
    fire("pointerdown", from.x, from.y);
    for (let step = 1; step <= 5; step++) {
        const part = step / 5;
        fire("pointermove", from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
        await delay(20);
    }
    fire("pointerup", to.x, to.y);
}

function middle(el) {
    const { left, width } = el.getBoundingClientRect();
    return left + width / 2;
}

/** The horizontal middle of a column, found by the name on its head. */
function columnX(name) {
    const labels = [...document.querySelectorAll(".o_journal_label")];
    return middle(labels.find((label) => label.textContent.includes(name)));
}

/** Vertical pixels of a minute, told by an event whose length in minutes is known. */
function minuteHeight(el, minutes) {
    return el.getBoundingClientRect().height / minutes;
}

/**
 * Drag an event that lasts ``length`` minutes to a time so many minutes later and, if named, to another column.
 */
export function dragEvent(client, { minutes = 0, column = null, length = 60 }) {
    return [
        {
            content: `Drag ${client}: ${minutes} minutes, ${column || "same column"}`,
            trigger: eventOf(client),
            async run() {
                const { left, top } = this.anchor.getBoundingClientRect();
                const from = { x: left + 30, y: top + 8 };
                const y = from.y + minutes * minuteHeight(this.anchor, length);
                await drag(from, { x: column ? columnX(column) : from.x, y });
            },
        },
    ];
}

export function resizeEvent(client, { minutes, length = 60 }) {
    return [
        {
            content: `Make ${client} ${minutes} minutes longer`,
            trigger: eventOf(client),
            async run() {
                const { bottom } = this.anchor.getBoundingClientRect();
                const from = { x: middle(this.anchor), y: bottom - 2 };
                await drag(from, { x: from.x, y: from.y + minutes * minuteHeight(this.anchor, length) });
            },
        },
    ];
}

/** A place on the board as far from an event as so many minutes. */
function place(el, column, minutes, length) {
    const { top } = el.getBoundingClientRect();
    return { x: columnX(column), y: top + 8 + minutes * minuteHeight(el, length) };
}

export function clickEmpty({ column, after, minutes, length = 60 }) {
    return [
        {
            content: `Click in ${column}, ${minutes} minutes after ${after}`,
            trigger: eventOf(after),
            run() {
                const { x, y } = place(this.anchor, column, minutes, length);
                fire("pointerdown", x, y);
                fire("pointerup", x, y);
            },
        },
    ];
}

export function selectEmpty({ column, after, minutes, span, length = 60 }) {
    return [
        {
            content: `Drag over free time of ${column}`,
            trigger: eventOf(after),
            async run() {
                const from = place(this.anchor, column, minutes, length);
                await drag(from, { x: from.x, y: from.y + span * minuteHeight(this.anchor, length) });
            },
        },
    ];
}

export function menuOf(client) {
    return [
        {
            content: `Right-click ${client}`,
            trigger: eventOf(client),
            run() {
                const { left, top } = this.anchor.getBoundingClientRect();
                fire("contextmenu", left + 20, top + 10, this.anchor, { button: 2 });
            },
        },
        { content: "The menu is open", trigger: ".o_journal_menu" },
    ];
}

export function menuOfEmpty({ column, after, minutes, length = 60 }) {
    return [
        {
            content: `Right-click free time of ${column}`,
            trigger: eventOf(after),
            run() {
                const { x, y } = place(this.anchor, column, minutes, length);
                fire("contextmenu", x, y, undefined, { button: 2 });
            },
        },
        { content: "The menu is open", trigger: ".o_journal_menu" },
    ];
}

/** A finger that rests on something opens its menu. */
export function longTap(content, trigger) {
    return [
        {
            content,
            trigger,
            async run() {
                const { left, top } = this.anchor.getBoundingClientRect();
                const finger = { pointerType: "touch" };
                fire("pointerdown", left + 60, top + 10, this.anchor, finger);
                await delay(550);
                fire("pointerup", left + 60, top + 10, this.anchor, finger);
                this.anchor.click();
            },
        },
        { content: "The menu is open, and no card", trigger: "body:not(:has(.o_journal_card)) .o_journal_menu" },
    ];
}

export const blockOf = (text) => `.o_journal_block:contains("${text}")`;

/** Vertical distance in minutes between a block and an event whose length is known. */
export function blockIs(text, { minutes, after, size, length = 60 }) {
    return [
        {
            content: `${text} is ${minutes} minutes after ${after} and ${size} long`,
            trigger: blockOf(text),
            run() {
                const event = [...document.querySelectorAll(".o_journal_event")].find((el) => el.textContent.includes(after));
                const pixels = minuteHeight(event, length);
                const block = this.anchor.getBoundingClientRect();
                const found = [block.top - event.getBoundingClientRect().top, block.height].map((one) => one / pixels);
                if (Math.abs(found[0] - minutes) > 3 || Math.abs(found[1] - size) > 3) {
                    throw new Error(`${text} is ${found[0]} minutes after ${after} and ${found[1]} long`);
                }
            },
        },
    ];
}

export function dragBlock(text, { minutes, size, fromBottom = false }) {
    return [
        {
            content: `Drag ${text}: ${minutes} minutes`,
            trigger: blockOf(text),
            async run() {
                const { left, top, bottom } = this.anchor.getBoundingClientRect();
                const from = { x: left + 30, y: fromBottom ? bottom - 2 : top + 8 };
                await drag(from, { x: from.x, y: from.y + minutes * minuteHeight(this.anchor, size) });
            },
        },
    ];
}

export function menuOfBlock(text) {
    return [
        {
            content: `Right-click ${text}`,
            trigger: blockOf(text),
            run() {
                const { left, top } = this.anchor.getBoundingClientRect();
                fire("contextmenu", left + 20, top + 10, this.anchor, { button: 2 });
            },
        },
        { content: "The menu is open", trigger: ".o_journal_menu" },
    ];
}

/** Press a dialog's button while colleagues change the book. */
export function pressWhileOthersWork(trigger) {
    return [
        {
            content: "Press it while others change the book",
            trigger,
            async run(helpers) {
                await helpers.click();
                for (let n = 0; n < 20; n++) {
                    odoo.__WOWL_DEBUG__.root.env.services.bus_service.trigger("BUS:RECONNECT");
                    await delay(50);
                }
            },
        },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
    ];
}

export function choose(name) {
    return [
        { content: name, trigger: `.o_journal_menu [name=${name}]`, run: "click" },
        { content: "The menu is closed", trigger: "body:not(:has(.o_journal_menu))" },
    ];
}

export function eventIsAt(client, time) {
    return [{ content: `${client} is at ${time}`, trigger: `${eventOf(client)}:contains("${time}")` }];
}

export function noticeSays(text) {
    return [
        { content: text, trigger: `.o_notification:contains("${text}")` },
        { content: "Close it", trigger: `.o_notification:contains("${text}") .o_notification_close`, run: "click" },
        { content: "It is closed", trigger: `body:not(:has(.o_notification:contains("${text}")))` },
    ];
}
