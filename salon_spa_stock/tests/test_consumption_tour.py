from odoo.tests import HttpCase, tagged

from .material_case import MaterialCase


@tagged("post_install", "-at_install")
class TestConsumptionTour(MaterialCase, HttpCase):
    def test_a_master_corrects_what_was_used(self):
        user = self.make_user("tour-master", "master")
        user.password = "tour-master"
        self.anna.user_id = user
        visit = self.make_colouring()
        visit.action_done()
        self.start_tour(f"/odoo/salon-visits/{visit.id}", "salon_consumption", login="tour-master")
        self.assertEqual(self.row(visit, self.dye).actual, 85)
        self.assertEqual(self.left(self.dye), 915)
        self.assertEqual(self.left(self.oxidant), 2910)
