from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestSkill(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skills = cls.env["salon.skill"]
        cls.manager = cls.make_user("skill_manager", "manager")
        cls.desk = cls.make_user("skill_desk", "administrator")
        cls.master_user = cls.make_user("skill_master", "master")

    def skill(self, master, product):
        return self.skills.search([("employee_id", "=", master.id), ("product_id", "=", product.id)])

    def test_read_has_every_service_and_master(self):
        grade = self.env["salon.grade"].create({"name": "Top"})
        self.anna.salon_grade_id = grade
        self.skill(self.anna, self.cut).write({"active_minutes": 45, "own_price": 70})
        data = self.skills.matrix_read()
        service = next(row for row in data["services"] if row["id"] == self.cut.id)
        self.assertEqual((service["name"], service["minutes"], service["price"]), ("Cut", 60, 50.0))
        master = next(row for row in data["masters"] if row["id"] == self.anna.id)
        self.assertEqual((master["name"], master["grade"]), ("Anna", "Top"))
        self.assertIn({"service": self.cut.id, "master": self.anna.id, "minutes": 45}, data["skills"])
        self.assertIn({"service": self.cut.id, "grade": False, "master": self.anna.id, "price": 70.0}, data["prices"])
        self.assertTrue(data["can_edit"])

    def test_read_does_not_query_by_cell(self):
        for index in range(3):
            self.make_master(f"Master {index}", self.cut | self.colour)
        self.skills.matrix_read()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.skills.matrix_read()
            return self.env.cr.sql_log_count - before

        few = count()
        for index in range(10):
            self.make_service(f"Service {index}")
            self.make_master(f"Another {index}", self.cut)
        count()
        self.assertEqual(count(), few)

    def test_write_a_batch(self):
        manicure = self.make_service("Manicure")
        self.skills.with_user(self.manager).matrix_write(
            [
                {"service": manicure.id, "master": self.anna.id, "allowed": True, "minutes": 0},
                {"service": manicure.id, "master": self.bella.id, "allowed": True, "minutes": 75},
                {"service": self.cut.id, "master": self.anna.id, "allowed": False},
                {"service": self.colour.id, "master": self.bella.id, "allowed": True, "minutes": 50},
            ]
        )
        self.assertEqual(self.skill(self.anna, manicure).active_minutes, 0)
        self.assertEqual(self.skill(self.bella, manicure).active_minutes, 75)
        self.assertFalse(self.skill(self.anna, self.cut))
        self.assertEqual(self.skill(self.bella, self.colour).active_minutes, 50)

    def test_only_managers_write(self):
        change = [{"service": self.cut.id, "master": self.anna.id, "allowed": False}]
        for user in (self.desk, self.master_user):
            skills = self.skills.with_user(user)
            self.assertFalse(skills.matrix_read()["can_edit"])
            with self.assertRaises(AccessError):
                skills.matrix_write(change)
        self.assertTrue(self.skill(self.anna, self.cut))

    def test_unknown_and_senseless_values_are_refused_whole(self):
        good = {"service": self.cut.id, "master": self.anna.id, "allowed": False}
        other = self.env["product.product"].create({"name": "Shampoo", "type": "consu"})
        for bad in (
            {"service": other.id, "master": self.anna.id, "allowed": True},
            {"service": self.cut.id, "master": 0, "allowed": True},
            {"service": self.cut.id, "master": self.anna.id, "allowed": True, "minutes": -5},
            {"service": self.cut.id, "master": self.anna.id, "allowed": True, "minutes": "long"},
        ):
            with self.subTest(bad), self.assertRaises(UserError), self.env.cr.savepoint():
                self.skills.matrix_write([good, bad])
        self.assertTrue(self.skill(self.anna, self.cut))

    def test_prices_ask_first(self):
        action = self.skills.with_user(self.manager).matrix_write(
            [], [{"service": self.cut.id, "grade": False, "master": self.anna.id, "price": 80}]
        )
        self.assertEqual(self.cut._salon_price(self.anna), (50.0, "variant"), "nothing is written yet")
        wizard = self.env["salon.price.change"].browse(action["res_id"]).with_user(self.manager)
        self.assertEqual(wizard.line_ids.mapped("new_price"), [80.0])
        self.assertEqual(wizard.line_ids.old_price, 50.0)
        wizard.action_apply()
        self.assertEqual(self.cut._salon_price(self.anna), (80.0, "master"))
        for price in (-1, "much", True):
            with self.subTest(price=price), self.assertRaises(UserError):
                self.skills.matrix_write(
                    [], [{"service": self.cut.id, "grade": False, "master": self.anna.id, "price": price}]
                )
        with self.assertRaisesRegex(UserError, "needs a list price"):
            self.skills.matrix_write([], [{"service": self.cut.id, "grade": False, "master": False, "price": None}])

    def test_own_price_of_today(self):
        skill = self.skill(self.anna, self.cut)
        self.assertEqual(skill.own_price, 0)
        skill.own_price = 66
        skill.invalidate_recordset()
        self.assertEqual(skill.own_price, 66)
        self.assertEqual(self.cut._salon_price(self.anna), (66.0, "master"))
        skill.own_price = 0
        skill.invalidate_recordset()
        self.assertEqual(skill.own_price, 0)
        self.assertEqual(self.cut._salon_price(self.anna), (50.0, "variant"))

    def test_only_salon_services_are_skills(self):
        other = self.env["product.product"].create({"name": "Shampoo", "type": "consu"})
        with self.assertRaisesRegex(ValidationError, "not a salon service"):
            self.skills.create({"employee_id": self.anna.id, "product_id": other.id})
