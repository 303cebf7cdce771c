from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.salon_spa.tests.common import SalonCase


class BookingCase(SalonCase):
    """The small salon with two cabinets, a room for two and a laser that stands in the second cabinet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cabinet = cls.env["salon.room.type"].create({"name": "Test Cabinet"})
        cls.couple = cls.env["salon.room.type"].create({"name": "Test Room for Two"})
        cls.laser_type = cls.env["salon.equipment.type"].create({"name": "Test Laser"})
        cls.room_1 = cls.make_room("Cabinet 1", cls.cabinet)
        cls.room_2 = cls.make_room("Cabinet 2", cls.cabinet)
        cls.for_two = cls.make_room("Lotus Room", cls.cabinet | cls.couple, capacity=2)
        cls.massage = cls.make_service("Massage", active_minutes=60, cleanup_minutes=10, list_price=80.0)
        cls.need(cls.massage, room=cls.cabinet)
        for master in (cls.anna, cls.bella):
            cls.env["salon.skill"].create({"employee_id": master.id, "product_id": cls.massage.id})
        cls.carla = cls.make_master("Carla", cls.massage)
        cls.dora = cls.make_master("Dora", cls.massage)
        cls.eva = cls.make_master("Eva", cls.massage)

    @classmethod
    def make_room(cls, name, types, **values):
        return cls.env["salon.room"].create({"name": name, "type_ids": [Command.set(types.ids)], **values})

    @classmethod
    def make_device(cls, name, **values):
        return cls.env["salon.equipment"].create({"name": name, "type_id": cls.laser_type.id, **values})

    @classmethod
    def need(cls, service, room=None, device=None, **values):
        return cls.env["salon.requirement"].create(
            {
                "product_tmpl_id": service.product_tmpl_id.id,
                "room_type_id": room.id if room else False,
                "equipment_type_id": device.id if device else False,
                **values,
            }
        )

    @contextmanager
    def refused(self, text):
        """Assert that what is done inside is refused in these words, and leaves nothing behind."""
        with self.assertRaises(UserError) as caught:
            yield
            self.env.flush_all()
        self.assertIn(text, str(caught.exception))

    def places(self, visit):
        """Return where the visit is: ``[(room or device, "HH:MM", "HH:MM")]``."""
        masters = self.env["hr.employee"].search([("is_master", "=", True)]).mapped("name")
        return [row for row in self.spans(visit) if row[0] not in masters]
