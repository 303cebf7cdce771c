from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_free_windows import WindowsCase


@tagged("post_install", "-at_install")
class TestFreeWindowsTour(WindowsCase, HttpCase):
    """The screen in Chromium, on days that begin with tomorrow: the browser's clock can't be stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.bella | cls.env["hr.employee"].search([("name", "in", ("Carla", "Dora", "Eva"))])).is_master = False
        today = cls.company._salon_today()
        cls.day = str(fields.Date.add(today, days=1))
        cls.past = str(fields.Date.subtract(today, days=50))
        # A shift in each of the weeks shown, so that no schedule counts in them.
        cls.give_shift(cls.anna, cls.day, "10:00", "12:00")
        cls.give_shift(cls.anna, cls.day, "14:00", "15:00")
        for days in (8, 15):
            cls.give_shift(cls.anna, str(fields.Date.add(today, days=days)), "10:00", "10:05")
        if today.weekday() == 6:
            cls.give_shift(cls.anna, str(today), "00:00", "00:05")
        cls.desk.login = cls.desk.password = "windows.desk"

    def open_windows(self, tour):
        action = self.env.ref("salon_spa_booking.action_salon_free_window")
        self.start_tour(f"/odoo/action-{action.id}", tour, login="windows.desk")

    def test_windows_are_looked_at_and_filled(self):
        self.make_due("Ada", self.past, "08:00", price=500)
        self.make_due("Bea", self.past, "11:00", price=50)
        ritual = self.make_service("Ritual", active_minutes=180, list_price=900.0, periodicity_days=30)
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": ritual.id})
        self.make_due("Cleo", self.past, "13:00", service=ritual, price=900)
        self.open_windows("salon_free_windows_tour")
        visit = self.env["salon.visit"].search([("partner_id.name", "=", "Ada"), ("state", "=", "booked")])
        self.assertEqual(visit.start, self.at(self.day, "10:00"))
        call = self.env["salon.cadence.call"].search([("client_id.name", "=", "Bea")])
        self.assertEqual((call.outcome, call.user_id), ("later", self.desk))

    def test_one_click_books(self):
        self.make_due("Ada", self.past, "08:00")
        self.open_windows("salon_free_windows_book_tour")
        visit = self.env["salon.visit"].search([("partner_id.name", "=", "Ada"), ("state", "=", "booked")])
        self.assertEqual(visit.cadence_id.client_id, visit.partner_id)
