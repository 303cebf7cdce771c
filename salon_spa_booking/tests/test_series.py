from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import BookingCase

DAY = "2030-03-07"  # a Thursday; summer time begins on the 31st


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 12:00:00")
class TestSeries(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = [
            (cls.company._salon_local(cls.at(DAY, "12:00")) + timedelta(weeks=2 * n)).strftime("%Y-%m-%d")
            for n in range(5)
        ]
        for day in cls.days:
            cls.give_shift(cls.anna, day, "10:00", "18:00")
            cls.give_shift(cls.bella, day, "10:00", "18:00")
        cls.visit = cls.make_visit(cls.at(DAY, "12:00"), (cls.massage, cls.anna), override_reason=False)
        cls.desk = cls.make_user("desk", "administrator")

    def open(self, **values):
        wizard = (
            self.env["salon.series"]
            .with_user(self.desk)
            .browse(self.visit.with_user(self.desk).action_series()["res_id"])
        )
        with Form(wizard) as form:
            for name, value in {"count": 4, **values}.items():
                setattr(form, name, value)
        return wizard

    def test_every_second_thursday(self):
        """Four more visits at noon by the salon's clock, also after the change of summer time."""
        wizard = self.open()
        self.assertEqual(wizard.line_ids.mapped("is_free"), [True] * 4)
        wizard.action_book()
        visits = self.env["salon.visit"].search([("series_id", "=", self.visit.id)], order="start")
        self.assertEqual(len(visits), 5)
        self.assertEqual(
            [f"{self.company._salon_local(visit.start):%m-%d %H:%M}" for visit in visits][1:],
            [
                "03-21 12:00",
                "04-04 12:00",
                "04-18 12:00",
                "05-02 12:00",
            ],
        )
        self.assertEqual(set(visits.mapped("state")), {"booked"})
        self.assertEqual(self.visit.series_count, 5)
        self.assertEqual(set(visits.line_ids.room_id.mapped("name")), {"Cabinet 1"})

    def test_conflict_is_told_and_the_nearest_time_proposed(self):
        self.make_visit(self.at(self.days[1], "11:30"), client=self.make_client("Dana"))
        wizard = self.open()
        taken = wizard.line_ids[0]
        self.assertFalse(taken.is_free)
        self.assertIn("Anna is taken until 21 Mar 12:30", taken.problem_text)
        self.assertEqual(taken.start, self.at(self.days[1], "12:30"))
        self.assertTrue(taken.is_chosen)
        wizard.line_ids[2].is_chosen = False
        wizard.action_book()
        starts = self.env["salon.visit"].search([("series_id", "=", self.visit.id)]).mapped("start")
        self.assertEqual(len(starts), 4, "the one that was not chosen is not booked")
        self.assertIn(self.at(self.days[1], "12:30"), starts)

    def test_day_off_finds_a_colleague_else_a_day_near(self):
        self.env["salon.shift"].search([("employee_id", "=", self.anna.id), ("date", "=", self.days[1])]).unlink()
        gone = self.env["salon.shift"].search([("employee_id", "in", (self.anna | self.bella).ids)])
        gone.filtered(lambda shift: str(shift.date) == self.days[2]).unlink()
        self.env["salon.skill"].search([("employee_id", "in", (self.carla | self.dora | self.eva).ids)]).unlink()
        # Without any shift in a week the working schedule would count.
        for day in ("2030-03-18", "2030-04-01"):
            for master in (self.anna, self.bella):
                self.give_shift(master, day, "08:00", "09:00")
        self.give_shift(self.anna, "2030-04-06", "10:00", "18:00")
        wizard = self.open()
        self.assertEqual(wizard.line_ids[0].master_text, "Bella")
        self.assertEqual(wizard.line_ids[1].start, self.at("2030-04-06", "12:00"))

    def test_no_time_is_proposed_twice(self):
        """Day after day at noon, the second day taken the whole day: the time near is not that of the third."""
        for day in ("2030-03-08", "2030-03-09"):
            self.give_shift(self.anna, day, "11:00", "13:10")
        self.env["salon.skill"].search([("employee_id", "!=", self.anna.id)]).unlink()
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at("2030-03-08", "11:00"),
                "stop": self.at("2030-03-08", "13:10"),
                "block_type": "training",
            }
        )
        wizard = self.open(every=1, unit="days", count=2)
        starts = [start for start in wizard.line_ids.mapped("start") if start]
        self.assertEqual(len(starts), len(set(starts)))
        self.assertIn(self.at("2030-03-09", "12:00"), starts)
        wizard.action_book()

    def test_nothing_at_all_is_left_out(self):
        wizard = self.open(every=1, unit="months", count=2)
        self.assertFalse(any(wizard.line_ids.mapped("is_free")))
        lost = wizard.line_ids.filtered(lambda line: not line.start)
        self.assertFalse(any(lost.mapped("is_chosen")))

    def test_taken_meanwhile_books_nothing(self):
        wizard = self.open()
        self.make_visit(self.at(self.days[3], "12:00"), client=self.make_client("Dana"))
        with self.refused("Thu, 18 Apr, 12:00: Anna is already taken"):
            wizard.action_book()
        self.assertFalse(self.env["salon.visit"].search_count([("series_id", "=", self.visit.id)]))

    def test_services_changed_meanwhile_book_nothing(self):
        wizard = self.open()
        self.visit.write(
            {
                "override_reason": "test",
                "line_ids": [Command.create({"product_id": self.cut.id, "employee_id": self.bella.id})],
            }
        )
        with self.refused("have changed: open the series again"):
            wizard.action_book()

    def test_bad_input(self):
        wizard = self.open()
        wizard.line_ids.is_chosen = False
        with self.assertRaisesRegex(UserError, "at least one date"):
            wizard.action_book()
        draft = self.env["salon.visit"].create({"partner_id": self.clara.id})
        with self.assertRaisesRegex(UserError, "its services and its time"):
            draft.action_series()
