{
    "name": "Salon & SPA: Booking",
    "version": "19.0.1.0.0",
    "category": "Services/Salon",
    "summary": "Rooms and equipment, free times to the minute, the journal of the whole salon on one board",
    "author": "Salon & SPA for Odoo",
    "license": "LGPL-3",
    "depends": ["salon_spa", "calendar"],
    "data": [],
    "assets": {
        "web.assets_backend": ["salon_spa_booking/static/src/**/*"],
        "web.assets_tests": ["salon_spa_booking/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["salon_spa_booking/static/tests/unit/**/*"],
    },
}
