import { _t } from "@web/core/l10n/translation";

/** What can be done with a visit from the board, in the order of its life: who may, when, and the method of it. */
export const ACTIONS = [
    { name: "action_book", icon: "fa-calendar-check-o", label: _t("Book"), from: ["draft", "requested"], desk: true },
    { name: "action_confirm", icon: "fa-thumbs-o-up", label: _t("Confirm"), from: ["booked"], desk: true },
    { name: "action_arrive", icon: "fa-sign-in", label: _t("Arrived"), from: ["booked", "confirmed"] },
    { name: "action_done", icon: "fa-check", label: _t("Done"), from: ["booked", "confirmed", "arrived"] },
    { name: "action_no_show", icon: "fa-user-times", label: _t("No-show"), from: ["booked", "confirmed"], desk: true },
    {
        name: "action_cancel",
        icon: "fa-ban",
        label: _t("Cancel Visit"),
        from: ["requested", "booked", "confirmed", "arrived"],
        desk: true,
    },
    { name: "action_reopen", icon: "fa-undo", label: _t("Reopen"), from: ["done", "cancelled", "no_show"], desk: true },
];

export function actionsFor(state, isDesk) {
    return ACTIONS.filter(({ from, desk }) => from.includes(state) && (isDesk || !desk));
}
