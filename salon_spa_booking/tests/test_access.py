"""Who may what in this addon: the kernel's tables gone on with. A new model, a new public method or a changed right
fails until somebody has decided about it.
"""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_spa.tests import test_access as kernel

_READ_BY_ALL, _READ_BY_EMPLOYEES, _REPORT, OPENS = (
    kernel._READ_BY_ALL,
    kernel._READ_BY_EMPLOYEES,
    kernel._REPORT,
    kernel.OPENS,
)
_DESK = ("", "", "", "", "rwcd", "rwcd", "rwcd")

MATRIX = {
    "salon.block": _DESK,
    "salon.day.move": _DESK,
    "salon.day.move.line": _DESK,
    "salon.equipment": _READ_BY_ALL,
    "salon.equipment.type": _READ_BY_ALL,
    "salon.fill.week": _DESK,
    "salon.fill.week.line": _DESK,
    "salon.find.time": _DESK,
    "salon.find.time.line": _DESK,
    "salon.find.time.option": _DESK,
    "salon.load.report": _REPORT,
    "salon.offer": ("", "", "", "", "r", "r", "r"),
    "salon.place.report": _REPORT,
    "salon.requirement": _READ_BY_ALL,
    "salon.room": _READ_BY_ALL,
    "salon.room.type": _READ_BY_ALL,
    "salon.series": _DESK,
    "salon.series.line": _DESK,
    "salon.waitlist": _DESK,
    "salon.waitlist.line": _DESK,
    # As without this addon
    **{
        name: cells
        for name, cells in kernel.MATRIX.items()
        if name
        in (
            "hr.employee",
            "product.template",
            "res.company",
            "res.config.settings",
            "res.users",
            "resource.calendar.leaves",
            "resource.resource",
            "salon.allocation",
            "salon.shift",
            "salon.visit",
            "salon.visit.line",
            "salon.visit.outcome.report",
        )
    },
    "calendar.event": ("rwcd", "r", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "ir.actions.act_window.view": ("", "", "", "", "", "", "rwcd"),
    "ir.ui.view": ("", "", "", "", "", "", "rwcd"),
}

SURFACE = {
    "salon.block": {"action_allocations": ("administrator", ())},
    "salon.day.move": {"action_move": ("administrator", ())},
    "salon.fill.week": {
        "action_call": ("administrator", ()),
        "action_propose": ("administrator", ()),
        "open_proposal": ("administrator", ()),
    },
    "salon.fill.week.line": {
        "action_book": ("administrator", ()),
        "action_later": ("administrator", ()),
        "action_open_visit": OPENS,
        "action_refused": ("administrator", ()),
    },
    "salon.find.time": {"action_wait": ("administrator", ())},
    "salon.find.time.option": {"action_take": ("administrator", ())},
    "salon.load.report": {"load_read": ("manager", ())},
    "salon.offer": {"action_decline": ("administrator", ())},
    "salon.series": {"action_book": ("administrator", ())},
    "salon.visit": {
        "action_find_time": ("administrator", ()),
        "action_open_series": OPENS,
        "action_series": ("administrator", ()),
    },
    "salon.waitlist": {
        "action_book": ("administrator", ()),
        "action_cancel": ("administrator", ()),
        "action_offer": ("administrator", ()),
        "action_wait_again": ("administrator", ()),
    },
}


@tagged("post_install", "-at_install")
class TestBookingMatrix(kernel.TestMatrix):
    module, matrix = "salon_spa_booking", MATRIX


@tagged("post_install", "-at_install")
class TestBookingSurface(kernel.TestSurface):
    module, surface = "salon_spa_booking", SURFACE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        visit = cls.subjects["salon.visit"]
        day = kernel.DAY
        find = cls.env["salon.find.time"].create({"partner_id": cls.clara.id})
        cls.subjects |= {
            "salon.block": cls.env["salon.block"].create(
                {"name": "Lunch", "resource_ids": [Command.set(cls.bella.resource_id.ids)], "date_from": day}
            ),
            "salon.find.time.option": cls.env["salon.find.time.option"].create({"find_id": find.id, "parts": []}),
            "salon.waitlist": cls.env["salon.waitlist"].create(
                {
                    "partner_id": cls.dora.id,
                    "line_ids": [Command.create({"product_id": cls.cut.id})],
                    "date_from": day,
                    "date_to": day,
                }
            ),
        }
        cls.subjects["salon.offer"] = cls.env["salon.offer"].create(
            {
                "waitlist_id": cls.subjects["salon.waitlist"].id,
                "start": cls.at(day, "10:00"),
                "hold_until": cls.at(day, "10:00"),
                "parts": [{"employee_id": cls.bella.id, "start": f"{day} 09:00:00", "room_id": False}],
            }
        )
        cls.subjects["salon.fill.week.line"] = cls.env["salon.fill.week.line"].create(
            {
                "fill_id": cls.env["salon.fill.week"].create({}).id,
                "source": "due",
                "source_id": cls.subjects["salon.cadence"].id,
                "partner_id": cls.clara.id,
                "employee_id": cls.anna.id,
                "start": cls.at(day, "20:00"),
            }
        )
        cls.wizards |= {
            "salon.fill.week": {},
            "salon.day.move": {"employee_id": cls.anna.id},
            "salon.find.time": {"partner_id": cls.clara.id},
            "salon.series": {"visit_id": visit.id},
        }
