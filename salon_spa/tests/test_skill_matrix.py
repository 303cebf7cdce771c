from odoo.tests import HttpCase, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestSkillMatrix(SalonCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manicure = cls.make_service("Manicure", active_minutes=45, list_price=30)
        cls.top = cls.env["salon.grade"].create({"name": "Top"})
        cls.make_user("matrix_manager", "manager")
        cls.make_user("matrix_desk", "administrator")

    def test_manager_edits(self):
        self.start_tour("/odoo/salon-skills", "salon_skill_matrix", login="matrix_manager")
        skill = self.env["salon.skill"].search(
            [("employee_id", "=", self.bella.id), ("product_id", "=", self.manicure.id)]
        )
        self.assertEqual(skill.active_minutes, 75)
        self.assertEqual(self.colour.salon_skill_ids.employee_id, self.anna | self.bella)
        price = self.env["salon.price"].search([("product_id", "=", self.cut.id), ("grade_id", "=", self.top.id)])
        self.assertEqual((price.price, price.date_from), (65, self.company._salon_today()))

    def test_administrator_reads(self):
        self.start_tour("/odoo/salon-skills", "salon_skill_matrix_read", login="matrix_desk")
