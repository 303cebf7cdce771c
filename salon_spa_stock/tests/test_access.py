"""Who may what in this addon: the kernel's tables gone on with. A new model, a new public method or a changed right
fails until somebody has decided about it.
"""

import base64

from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_spa.tests import test_access as kernel

from . import access_till, access_visits

_READ_BY_ALL, _REPORT, _MANAGERS_WIZARD, OPENS = (
    kernel._READ_BY_ALL,
    kernel._REPORT,
    kernel._MANAGERS_WIZARD,
    kernel.OPENS,
)
_DESK = ("", "", "", "", "rwcd", "rwcd", "rwcd")

MATRIX = {
    **access_visits.MATRIX,
    "salon.consumption": ("", "", "", "rwc", "rwc", "rwc", "rwc"),
    "salon.consumption.report": _REPORT,
    "salon.container": ("", "", "", "r", "rwcd", "rwcd", "rwcd"),
    "salon.container.close": _DESK,
    "salon.container.weigh": _DESK,
    "salon.count": ("", "", "", "", "rwc", "rwcd", "rwcd"),
    "salon.count.line": _DESK,
    "salon.count.upload": _DESK,
    "salon.material": ("", "", "", "r", "r", "r", "r"),
    "salon.movement": _MANAGERS_WIZARD,
    "salon.movement.line": _MANAGERS_WIZARD,
    "salon.receive": _DESK,
    "salon.receive.line": _DESK,
    "salon.recipe": _READ_BY_ALL,
    "salon.recipe.copy": _MANAGERS_WIZARD,
    "salon.recipe.line": _READ_BY_ALL,
    "salon.transfer": _DESK,
    "salon.transfer.line": _DESK,
    # As without this addon
    **{
        name: cells
        for name, cells in kernel.MATRIX.items()
        if name
        in (
            "hr.employee",
            "mail.activity",
            "product.product",
            "product.template",
            "res.company",
            "res.config.settings",
            "resource.resource",
            "salon.payment.report",
            "salon.revenue.report",
            "salon.visit",
            "salon.visit.line",
            "salon.visit.log",
        )
    },
    **access_till.MATRIX,
    "stock.location": ("r", "", "", "r", "r", "rwcd", "rwcd"),
    "stock.move": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "stock.move.line": ("rwcd", "", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "stock.picking": _DESK,
    "stock.quant": ("r", "", "", "r", "rwc", "rwc", "rwc"),
    "stock.scrap": ("", "", "", "", "rwc", "rwcd", "rwcd"),
    "stock.warehouse.orderpoint": ("", "", "", "", "r", "rwcd", "rwcd"),
    "uom.uom": ("r", "", "", "r", "r", "rwcd", "rwcd"),
}

SURFACE = {
    **access_till.SURFACE,
    "product.product": {"action_salon_open_container": OPENS},
    "product.template": {"action_salon_history": OPENS, "action_salon_recipes": OPENS, "action_salon_stock": OPENS},
    "salon.container": {"action_close": OPENS, "action_weigh": OPENS},
    "salon.container.close": {"action_apply": ("administrator", ())},
    "salon.container.weigh": {"action_apply": ("administrator", ())},
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
    "salon.recipe": {"action_copy_to": OPENS},
    "salon.recipe.copy": {"action_apply": ("manager", ())},
    "salon.transfer": {"action_transfer": ("administrator", ())},
    **access_visits.SURFACE,
    "salon.visit": {
        **access_visits.SURFACE["salon.visit"],
        "action_charge_extra": ("administrator", ()),
        "action_waive_extra": ("administrator", ()),
    },
    "salon.visit.line": {
        "action_plan_materials": ("master", ()),
        "action_repeat_materials": ("master", ()),
    },
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
        access_visits.add_subjects(cls)
        material = cls.env["product.product"].create({"name": "Dye", "type": "consu", "is_storable": True})
        container = cls.env["salon.container"].create({"product_id": material.id, "capacity": 60})
        recipe = cls.env["salon.recipe"].create(
            {
                "product_tmpl_id": cls.cut.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": material.id, "quantity": 5})],
            }
        )
        line = cls.subjects["salon.visit.line"][:1]
        cls.subjects |= {
            ("salon.visit.line", "action_plan_materials"): line,
            ("salon.visit.line", "action_repeat_materials"): line,
        }
        cls.wizards |= {
            "salon.container.close": {"container_ids": [Command.set(container.ids)]},
            "salon.container.weigh": {"container_id": container.id, "left": 50},
            "salon.recipe.copy": {
                "recipe_id": recipe.id,
                "product_tmpl_ids": [Command.set(cls.colour.product_tmpl_id.ids)],
            },
        }
        place = cls.company._salon_stock_location()
        cls.subjects["salon.count"] = cls.env["salon.count"].create({"location_id": place.id})
        supplier = cls.env["res.partner"].create({"name": "Dye Works"})
        cls.wizards |= {
            "salon.count.upload": {"count_id": cls.subjects["salon.count"].id, "sheet": base64.b64encode(b"x")},
            "salon.movement": {},
            "salon.receive": {"partner_id": supplier.id},
            "salon.transfer": {"location_id": place.id, "location_dest_id": place.id, "line_ids": [Command.clear()]},
        }
        access_till.add_subjects(cls)
