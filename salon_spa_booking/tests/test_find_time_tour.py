from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import BookingCase


@tagged("post_install", "-at_install")
class TestFindTimeTour(BookingCase, HttpCase):
    """Find Time in Chromium: the times are found while the question is asked, so that none of them is saved yet."""

    def test_found_and_booked(self):
        day = fields.Date.add(self.company._salon_today(), days=1)
        self.give_shift(self.anna, str(day), "10:00", "14:00")
        self.give_shift(self.anna, str(fields.Date.add(day, days=1)), "10:00", "14:00")
        desk = self.make_user("desk", "administrator")
        desk.login = desk.password = "find.desk"
        action = self.env.ref("salon_spa_booking.action_salon_free_window")
        self.start_tour(f"/odoo/action-{action.id}", "salon_find_time_tour", login="find.desk")
        visit = self.env["salon.visit"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual((visit.state, visit.date, visit.line_ids.product_id), ("booked", day, self.cut))
