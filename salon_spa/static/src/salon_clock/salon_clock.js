import { session } from "@web/session";

// Odoo shows times by the browser's clock. A salon is a place: its times are those on its wall, wherever the reader is.
if (session.salon_tz) {
    luxon.Settings.defaultZone = session.salon_tz;
}
