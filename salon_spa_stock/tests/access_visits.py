"""The rows of visits at the till in the access tables of ``test_access``."""

from odoo import Command

from odoo.addons.salon_spa.tests import test_access as kernel

MATRIX = {
    # As without this addon
    **{
        name: kernel.MATRIX[name]
        for name in (
            "salon.pass",
            "salon.payment.report",
            "salon.revenue.report",
            "salon.tip",
            "salon.visit",
            "salon.visit.line",
            "salon.visit.log",
        )
    },
    "loyalty.reward": ("", "", "", "", "r", "rwcd", "rwcd"),
    "pos.config": ("", "", "", "", "rw", "rwcd", "rwcd"),
    "pos.make.payment": ("", "", "", "", "", "rwc", "rwc"),
    "pos.order": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "pos.order.line": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "pos.payment": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "pos.session": ("", "", "", "", "rwc", "rwc", "rwc"),
    "stock.picking": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
}

SURFACE = {
    "pos.order": {"get_till_problems": ("administrator", ())},
    "salon.visit": {
        "action_receipts": ("administrator", ()),
        "get_till_visit": ("administrator", (0, 0)),
        "get_till_visits": ("administrator", (0,)),
        "set_till_master": ("administrator", (0, 0, 0)),
    },
}


def add_subjects(cls):
    """Give the surface's test an order at a till."""
    journal = cls.env["account.journal"].create({"name": "Drawer", "code": "DRW", "type": "cash"})
    method = cls.env["pos.payment.method"].create({"name": "Cash", "journal_id": journal.id})
    till = cls.env["pos.config"].create({"name": "Till", "payment_method_ids": [Command.set(method.ids)]})
    session = cls.env["pos.session"].create({"config_id": till.id})
    cls.subjects["pos.order"] = cls.env["pos.order"].create(
        {"session_id": session.id, "amount_tax": 0, "amount_total": 0, "amount_paid": 0, "amount_return": 0}
    )
