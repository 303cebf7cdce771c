from datetime import datetime, time, timedelta

import pytz

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class SalonCase(TransactionCase):
    """A small salon in Berlin: Anna and Bella cut and colour; Clara is a client; everybody works around the clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.company = cls.env.company
        cls.company.salon_tz = "Europe/Berlin"
        # Whatever country's chart of accounts the database has: a price is what the client pays.
        cls.company.account_sale_tax_id = False
        cls.env.user.tz = "Europe/Berlin"
        cls.owner = cls.env.user
        cls.owner.group_ids += cls.env.ref("salon_spa.group_salon_owner")
        cls.cut = cls.make_service("Cut", active_minutes=60, list_price=50.0, periodicity_days=35)
        cls.colour = cls.make_service(
            "Colour",
            prep_minutes=5,
            active_minutes=40,
            processing_minutes=30,
            finishing_minutes=15,
            cleanup_minutes=5,
            list_price=120.0,
        )
        cls.anna = cls.make_master("Anna", cls.cut | cls.colour)
        cls.bella = cls.make_master("Bella", cls.cut | cls.colour)
        cls.clara = cls.make_client("Clara", phone="+49 30 901820")

    @classmethod
    def make_service(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "service", "is_salon_service": True, "active_minutes": 60, **values}
        )

    @classmethod
    def make_master(cls, name, products=(), **values):
        master = cls.env["hr.employee"].create(
            {"name": name, "is_master": True, "company_id": cls.company.id, "tz": "Europe/Berlin", **values}
        )
        cls.env["salon.skill"].create([{"employee_id": master.id, "product_id": product.id} for product in products])
        return master

    @classmethod
    def make_client(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "is_client_card": True, **values})

    @classmethod
    def make_user(cls, login, group):
        return new_test_user(
            cls.env, login=login, groups=f"salon_spa.group_salon_{group}", tz="Europe/Berlin", company_id=cls.company.id
        )

    @classmethod
    def at(cls, day, clock, tz="Europe/Berlin"):
        """Return naive UTC of a wall-clock time: ``at("2026-03-02", "10:00")``."""
        local = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M")
        return pytz.timezone(tz).localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    @classmethod
    def give_shift(cls, employee, day, begin, end):
        return cls.env["salon.shift"].create(
            {
                "employee_id": employee.id,
                "company_id": cls.company.id,
                "start": cls.at(day, begin),
                "stop": cls.at(day, end),
                "state": "published",
            }
        )

    @classmethod
    def make_visit(cls, start, *lines, client=None, book=True, **values):
        """Make a visit; each line is ``(product, employee)`` and follows the one before."""
        commands = []
        for index, (product, employee) in enumerate(lines or [(cls.cut, cls.anna)]):
            line = {"product_id": product.id, "employee_id": employee.id, "sequence": 10 + index}
            if not index:
                line["start"] = start
            commands.append(Command.create(line))
        visit = cls.env["salon.visit"].create(
            {
                "partner_id": (client or cls.clara).id,
                "company_id": cls.company.id,
                "line_ids": commands,
                "override_reason": "test",
                **values,
            }
        )
        if book:
            visit.action_book()
        return visit

    @classmethod
    def make_done_visit(cls, start, *lines, **values):
        visit = cls.make_visit(start, *lines, **values)
        visit.action_done()
        return visit

    def spans(self, visit):
        """Return the allocations of a visit as ``[(master, "HH:MM", "HH:MM")]`` in the salon's time."""
        return [
            (
                row.resource_id.name,
                self.company._salon_local(row.start).strftime("%H:%M"),
                self.company._salon_local(row.stop).strftime("%H:%M"),
            )
            for row in self.env["salon.allocation"].search([("visit_id", "=", visit.id)], order="start, id")
        ]

    @classmethod
    def tomorrow(cls, hours=10):
        """Return ``hours`` o'clock UTC of the salon's tomorrow, which late at night is not the day after UTC's."""
        return datetime.combine(cls.company._salon_today() + timedelta(days=1), time(hours))
