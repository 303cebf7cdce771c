from odoo.tests import HttpCase, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestRosterTour(SalonCase, HttpCase):
    """The month grid in Chromium, on a month that the action names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hr.employee"].search([("id", "not in", (cls.anna | cls.bella).ids)]).is_master = False
        cls.env["salon.shift"].search([]).unlink()

    def open_roster(self, tour, login, month):
        action = self.env["ir.actions.client"].create(
            {"name": "Roster", "tag": "salon_roster", "params": {"month": month}}
        )
        self.start_tour(f"/odoo/action-{action.id}", tour, login=login)

    def test_the_month_is_edited_by_hand_generated_and_published(self):
        self.make_user("roster.manager", "manager")
        self.give_shift(self.bella, "2030-03-05", "10:00", "19:00")
        self.give_shift(self.bella, "2030-03-06", "10:00", "19:00")
        visit = self.make_visit(self.at("2030-03-05", "11:00"), (self.cut, self.bella))
        self.open_roster("salon_roster_tour", "roster.manager", "2030-03")
        shifts = self.env["salon.shift"].search([("employee_id", "=", self.anna.id), ("date", "=", "2030-03-05")])
        self.assertEqual(shifts.mapped("hours_text"), ["09:00–13:00", "15:00–20:30"])
        self.assertEqual(set(self.env["salon.shift"].search([]).mapped("state")), {"published"})
        self.assertEqual(visit.state, "booked")

    def test_the_desk_only_reads(self):
        self.make_user("roster.desk", "administrator")
        self.give_shift(self.bella, "2030-03-05", "10:00", "19:00")
        self.open_roster("salon_roster_readonly_tour", "roster.desk", "2030-03")
