"""Who may what in this addon: the kernel's tables gone on with. A new model, a new public method or a changed right
fails until somebody has decided about it.
"""

import base64

from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_spa.tests import test_access as kernel

_MANAGERS_WIZARD, OPENS = (
    kernel._MANAGERS_WIZARD,
    kernel.OPENS,
)
_DESK = ("", "", "", "", "rwcd", "rwcd", "rwcd")

MATRIX = {
    "salon.count": ("", "", "", "", "rwc", "rwcd", "rwcd"),
    "salon.count.line": _DESK,
    "salon.count.upload": _DESK,
    "salon.movement": _MANAGERS_WIZARD,
    "salon.movement.line": _MANAGERS_WIZARD,
    "salon.receive": _DESK,
    "salon.receive.line": _DESK,
    "salon.transfer": _DESK,
    "salon.transfer.line": _DESK,
    # As without this addon
    **{
        name: cells
        for name, cells in kernel.MATRIX.items()
        if name
        in (
            "product.product",
            "product.template",
            "res.company",
            "res.config.settings",
            "salon.visit",
            "salon.visit.line",
        )
    },
    "stock.move": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "stock.move.line": ("rwcd", "", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "stock.picking": _DESK,
    "stock.quant": ("r", "", "", "r", "rwc", "rwc", "rwc"),
    "stock.scrap": ("", "", "", "", "rwc", "rwcd", "rwcd"),
    "stock.warehouse.orderpoint": ("", "", "", "", "r", "rwcd", "rwcd"),
}

SURFACE = {
    "product.template": {"action_salon_history": OPENS, "action_salon_stock": OPENS},
    "salon.count": {
        "action_apply": ("administrator", ()),
        "action_begin_again": ("administrator", ()),
        "action_cancel": ("administrator", ()),
        "action_download_sheet": ("administrator", ()),
        "action_open_lines": OPENS,
        "action_upload_sheet": OPENS,
    },
    "salon.count.upload": {"action_read": ("administrator", ())},
    "salon.movement": {"action_last_month": ("manager", ()), "action_show": ("manager", ())},
    "salon.receive": {"action_receive": ("administrator", ())},
    "salon.transfer": {"action_transfer": ("administrator", ())},
    "stock.picking": {"action_salon_receive": OPENS},
    "stock.quant": {"action_salon_write_off": OPENS},
    "stock.warehouse.orderpoint": {
        "action_salon_make_all_orders": ("manager", ()),
        "action_salon_make_orders": ("manager", ()),
        "action_salon_to_order": ("administrator", ()),
    },
}


@tagged("post_install", "-at_install")
class TestStockMatrix(kernel.TestMatrix):
    module, matrix = "salon_spa_stock", MATRIX


@tagged("post_install", "-at_install")
class TestStockSurface(kernel.TestSurface):
    module, surface = "salon_spa_stock", SURFACE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = cls.company._salon_stock_location()
        cls.subjects["salon.count"] = cls.env["salon.count"].create({"location_id": place.id})
        supplier = cls.env["res.partner"].create({"name": "Dye Works"})
        cls.wizards |= {
            "salon.count.upload": {"count_id": cls.subjects["salon.count"].id, "sheet": base64.b64encode(b"x")},
            "salon.movement": {},
            "salon.receive": {"partner_id": supplier.id},
            "salon.transfer": {"location_id": place.id, "location_dest_id": place.id, "line_ids": [Command.clear()]},
        }
