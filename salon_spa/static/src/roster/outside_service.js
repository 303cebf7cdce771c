import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Warn that visits lie outside shifts after a change of the roster, with a way to them.
 *
 * @param {Object} env
 * @param {number[]} lineIds ids of salon.visit.line
 */
export function warnOutside(env, lineIds) {
    if (!lineIds.length) {
        return;
    }
    const message =
        lineIds.length === 1
            ? _t("1 booked service now lies outside its master's shifts. It was kept: move it or give it to somebody else.")
            : _t(
                  "%s booked services now lie outside their masters' shifts. They were kept: move them or give them to somebody else.",
                  lineIds.length
              );
    const close = env.services.notification.add(message, {
        title: _t("Visits outside shifts"),
        type: "warning",
        sticky: true,
        buttons: [
            {
                name: _t("Show them"),
                primary: true,
                onClick: async () => {
                    close();
                    const action = await env.services.orm.call("salon.shift", "action_lines_outside", [lineIds]);
                    env.services.action.doAction(action);
                },
            },
        ],
    });
}

/** Shifts changed in a list, a form or a calendar have no other way to speak to the user. */
export const salonOutsideService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, { bus_service }) {
        bus_service.subscribe("salon_outside_shifts", ({ line_ids }) => warnOutside(env, line_ids));
        bus_service.start();
    },
};

registry.category("services").add("salon_outside_shifts", salonOutsideService);

/** Last step of the roster's wizards: say what was done, warn, close the dialog. */
registry.category("actions").add("salon_roster_done", (env, action) => {
    const { message, line_ids } = action.params;
    env.services.notification.add(message, { type: "success" });
    warnOutside(env, line_ids);
    return { type: "ir.actions.act_window_close" };
});
