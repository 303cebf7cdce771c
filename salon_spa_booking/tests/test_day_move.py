from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import BookingCase

DAY, NEXT = "2030-03-05", "2030-03-06"


@tagged("post_install", "-at_install")
@freeze_time("2030-03-05 06:00:00")
class TestDayMove(BookingCase):
    """Anna calls in ill in the morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.give_shift(cls.anna, DAY, "10:00", "18:00")
        cls.give_shift(cls.bella, DAY, "12:00", "18:00")
        cls.give_shift(cls.anna, NEXT, "10:00", "18:00")
        cls.desk = cls.make_user("desk", "administrator")

    def open(self, **values):
        form = Form(self.env["salon.day.move"].with_user(self.desk))
        form.employee_id = self.anna
        form.date_from = form.date_to = fields.Date.to_date(DAY)
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def visit(self, clock, service=None, name="Client"):
        return self.make_visit(
            self.at(DAY, clock), (service or self.cut, self.anna), client=self.make_client(name), override_reason=False
        )

    def test_each_client_has_a_place_a_minute_later(self):
        at_two = self.visit("14:00", name="A")
        too_early = self.visit("10:00", name="B")
        only_anna = self.make_service("Only Anna's", active_minutes=60)
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": only_anna.id})
        hers = self.visit("16:00", only_anna, name="C")
        wizard = self.open()
        kinds = {line.visit_id: line.kind for line in wizard.line_ids}
        self.assertEqual(kinds, {at_two: "master", too_early: "time", hers: "day"})
        action = wizard.action_move()
        self.assertEqual(set(action["domain"][0][2]), set((at_two | too_early | hers).ids))
        self.assertEqual((at_two.start, at_two.line_ids.employee_id), (self.at(DAY, "14:00"), self.bella))
        self.assertEqual((too_early.start, too_early.line_ids.employee_id), (self.at(DAY, "12:00"), self.bella))
        self.assertEqual((hers.start, hers.line_ids.employee_id), (self.at(NEXT, "16:00"), self.anna))
        self.assertEqual(set((at_two | too_early | hers).mapped("state")), {"booked"})
        # The day is a leave now, and nobody has the task to move what is moved.
        self.assertFalse((at_two | too_early | hers).activity_ids)
        with self.refused("Anna does not work"):
            self.visit("11:00", name="D")

    def test_proposals_leave_room_for_each_other(self):
        """Bella can take one of two visits at the same hour; the other goes to another time."""
        first = self.visit("14:00", self.colour, name="A")
        second = self.visit("15:45", self.cut, name="B")
        self.make_visit(
            self.at(DAY, "16:00"), (self.cut, self.bella), client=self.make_client("C"), override_reason=False
        )
        wizard = self.open()
        kinds = {line.visit_id: line.kind for line in wizard.line_ids}
        self.assertEqual(kinds, {first: "master", second: "time"})
        wizard.action_move()
        self.assertEqual((first | second).line_ids.employee_id, self.bella)

    def test_other_services_of_the_visit_go_along(self):
        visit = self.make_visit(
            self.at(DAY, "10:00"), (self.cut, self.anna), (self.cut, self.bella), override_reason="Bella comes earlier"
        )
        wizard = self.open()
        self.assertEqual(wizard.line_ids.kind, "time")
        wizard.action_move()
        first, second = visit.line_ids.sorted("sequence")
        self.assertEqual(second.start, first.stop)
        self.assertEqual(visit.line_ids.employee_id, self.bella)

    def test_chosen_ones_only_and_no_leave(self):
        first, second = self.visit("14:00", name="A"), self.visit("15:00", name="B")
        wizard = self.open(make_leave=False)
        wizard.line_ids[1].is_chosen = False
        wizard.action_move()
        self.assertEqual(first.line_ids.employee_id, self.bella)
        self.assertEqual(second.line_ids.employee_id, self.anna)
        self.assertFalse(self.env["resource.calendar.leaves"].search_count([("name", "=", "Away")]))

    def test_each_proposal_holds_whether_the_others_are_chosen_or_not(self):
        """Tom stands where Lara could go if he were moved; he need not be."""
        lara = self.visit("14:00", name="Lara")
        tom = self.make_visit(
            self.at(DAY, "14:00"),
            (self.cut, self.bella),
            (self.cut, self.anna),
            client=self.make_client("Tom"),
            override_reason=False,
        )
        wizard = self.open()
        wizard.line_ids.filtered(lambda row: row.visit_id == tom).is_chosen = False
        wizard.action_move()
        self.assertEqual(lara.line_ids.employee_id, self.bella)
        self.assertNotEqual(lara.start, self.at(DAY, "14:00"))
        self.assertEqual(tom.start, self.at(DAY, "14:00"))

    def test_leave_is_entered_for_masters_of_own_salons_only(self):
        boss = self.env["hr.employee"].create({"name": "Boss", "company_id": self.company.id})
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        zoe = self.env["hr.employee"].create({"name": "Zoe", "is_master": True, "company_id": other.id})
        for company, employee in ((self.company, boss), (self.company, zoe), (other, zoe), (other, self.anna)):
            wizard = self.env["salon.day.move"].with_user(self.desk).create(
                {"company_id": company.id, "employee_id": employee.id}
            )
            with self.subTest(company.name, employee=employee.name), self.assertRaises(AccessError):
                wizard.action_move()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["salon.day.move"].with_user(self.desk).create({})

    def test_taken_meanwhile_moves_nothing(self):
        first, second = self.visit("14:00", name="A"), self.visit("15:00", name="B")
        wizard = self.open()
        self.make_visit(self.at(DAY, "15:00"), (self.cut, self.bella), client=self.make_client("C"))
        with self.refused("Bella is already taken"):
            wizard.action_move()
        self.assertEqual((first | second).line_ids.employee_id, self.anna)

    def test_what_is_not_moved_under_the_leave_is_a_task(self):
        visit = self.visit("14:00")
        wizard = self.open()
        wizard.line_ids.is_chosen = False
        wizard.action_move()
        self.assertTrue(visit.activity_ids)

    def test_bad_input(self):
        self.visit("14:00")
        wizard = self.open(make_leave=False)
        wizard.line_ids.is_chosen = False
        with self.assertRaisesRegex(UserError, "at least one visit"):
            wizard.action_move()
        self.assertFalse(self.open(date_to=fields.Date.to_date("2030-03-01")).line_ids)
