import { onWillUnmount } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** Calls back with { company_id, dates } whenever somebody changes what a journal shows. */
export function useJournalLive(callback) {
    const bus = useService("bus_service");
    bus.subscribe("salon.journal", callback);
    onWillUnmount(() => bus.unsubscribe("salon.journal", callback));
}
