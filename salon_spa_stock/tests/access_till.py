"""The till's rows of the access tables in ``test_access``."""

from odoo.addons.salon_spa.tests import test_access as kernel

OPENS = kernel.OPENS
_DESK = ("", "", "", "", "rwcd", "rwcd", "rwcd")

MATRIX = {
    "salon.day.report": _DESK,
    "salon.fiscal.receipt": ("", "", "", "", "r", "r", "r"),
    # As without this addon
    **{
        name: kernel.MATRIX[name]
        for name in (
            "account.move",
            "account.move.line",
            "hr.employee",
            "product.template",
            "res.company",
            "res.config.settings",
            "res.partner",
            "salon.liability.report",
            "salon.visit.report",
        )
    },
    "account.bank.statement.line": ("", "", "", "", "rwc", "rwcd", "rwcd"),
    "loyalty.history": ("", "", "", "", "rwc", "rwc", "rwc"),
    "loyalty.program": ("", "", "", "", "r", "rwcd", "rwcd"),
    "pos.config": ("", "", "", "", "rw", "rwcd", "rwcd"),
    "pos.order": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "pos.order.line": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "pos.session": ("", "", "", "", "rwc", "rwc", "rwc"),
}

SURFACE = {
    "pos.session": {"salon_cash_categories": ("administrator", ()), "salon_closing_hint": ("administrator", ())},
    "res.company": {"action_salon_open_till": ("administrator", ())},
    "res.config.settings": {"action_salon_setup_till": ("owner", ())},
    "res.partner": {"action_salon_cards": OPENS},
    "salon.day.report": {
        "action_day_after": ("administrator", ()),
        "action_day_before": ("administrator", ()),
        "action_print": ("administrator", ()),
        "action_print_narrow": ("administrator", ()),
    },
    "salon.fiscal.receipt": {"action_send_now": ("administrator", ())},
}


def add_subjects(cls):
    """Give the surface's test a till, an open session, and a receipt that waits for nobody."""
    till = cls.company._salon_setup_till()
    cls.subjects |= {
        "pos.session": cls.env["pos.session"].create({"config_id": till.id}),
        "res.company": cls.company,
        "salon.fiscal.receipt": cls.env["salon.fiscal.receipt"].create(
            {"uuid": "access", "company_id": cls.company.id, "kind": "sale", "payload": {}}
        ),
    }
    cls.wizards |= {"res.config.settings": {}, "salon.day.report": {}}
