import { onWillUnmount, useExternalListener } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";

/**
 * Calls back with { company_id, dates } whenever somebody changes what a journal shows; without dates when anything
 * may have changed. Nobody looks at a page in the background: it catches up when it is shown again.
 */
export function useJournalLive(callback) {
    const bus = useService("bus_service");
    let missed = false;
    const listener = (message) => {
        missed ||= document.hidden;
        if (!document.hidden) {
            callback(message);
        }
    };
    bus.subscribe("salon.journal", listener);
    onWillUnmount(() => bus.unsubscribe("salon.journal", listener));
    useBus(bus, "BUS:RECONNECT", () => listener({}));
    useExternalListener(document, "visibilitychange", () => {
        if (missed && !document.hidden) {
            missed = false;
            callback({});
        }
    });
}
