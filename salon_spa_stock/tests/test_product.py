from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestProduct(StockCase):
    def test_a_salons_product_keeps_stock_and_only_what_is_sold_stands_in_the_till(self):
        self.assertTrue(self.dye.is_storable)
        self.assertEqual((self.dye.sale_ok, self.dye.available_in_pos), (False, False))
        shampoo = self.make_product("Shampoo", use="retail", price=3)
        self.assertEqual((shampoo.is_storable, shampoo.sale_ok, shampoo.available_in_pos), (True, True, True))
        self.dye.salon_use = "both"
        self.assertEqual((self.dye.sale_ok, self.dye.available_in_pos), (True, True))

    def test_the_form_makes_a_product(self):
        view = "salon_spa_stock.product_template_view_form"
        action = self.env.ref("salon_spa_stock.action_products")
        context = {"default_salon_use": "consumable", "default_type": "consu", "default_is_storable": True}
        self.assertIn("default_is_storable", action.context)
        with Form(self.env["product.template"].with_user(self.manager).with_context(**context), view) as form:
            form.name = "Peeling"
            form.uom_id = self.ml
            form.salon_min_qty = 100
            form.salon_max_qty = 400
        product = form.record
        self.assertEqual((product.is_storable, product.uom_id, product.available_in_pos), (True, self.ml, False))
        self.assertEqual((product.salon_min_qty, product.salon_max_qty), (100, 400))

    def test_minimum_and_maximum_are_odoos_own_rule(self):
        self.dye.product_tmpl_id.write({"salon_min_qty": 120, "salon_max_qty": 600})
        rule = self.dye.orderpoint_ids
        self.assertEqual((rule.product_min_qty, rule.product_max_qty, rule.trigger), (120, 600, "manual"))
        self.dye.product_tmpl_id.write({"salon_min_qty": 700})
        self.assertEqual((rule.product_min_qty, rule.product_max_qty), (700, 700))
        with self.assertRaisesRegex(ValidationError, "negative"):
            self.dye.product_tmpl_id.salon_min_qty = -1
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.dye.product_tmpl_id.with_company(other).salon_min_qty, 0)

    def test_low_is_less_on_hand_than_the_minimum(self):
        template = self.dye.product_tmpl_id
        template.salon_min_qty = 100
        self.assertTrue(template.salon_is_low)
        self.assertIn(template, template.search([("salon_is_low", "=", True)]))
        self.put(self.dye, 100)
        template.invalidate_recordset()
        self.assertFalse(template.salon_is_low)
        self.assertNotIn(template, template.search([("salon_is_low", "=", True)]))
        self.assertIn(template, template.search([("salon_is_low", "=", False)]))

    def test_expiry_dates_want_an_empty_shelf(self):
        self.assertEqual((self.cream.tracking, self.cream.use_expiration_date), ("lot", True))
        self.put(self.dye, 60)
        with self.assertRaisesRegex(ValidationError, "in stock without expiry dates"):
            self.dye.product_tmpl_id.salon_has_expiry = True
        self.put(self.dye, 0)
        self.dye.product_tmpl_id.salon_has_expiry = True
        self.assertEqual(self.dye.tracking, "lot")

    def test_what_expires_first_goes_first_and_the_last_batch_goes_below_zero(self):
        late, early = self.make_lot(self.cream, "late", 90), self.make_lot(self.cream, "early", 10)
        self.put(self.cream, 50, lot=late)
        self.put(self.cream, 30, lot=early)
        pick = self.cream._salon_pick_lots
        self.assertEqual(pick(self.place, 20), [(early, 20)])
        self.assertEqual(pick(self.place, 40), [(early, 30), (late, 10)])
        self.assertEqual(pick(self.place, 100), [(early, 30), (late, 70)])
        self.assertEqual(self.dye._salon_pick_lots(self.place, 5), [(self.env["stock.lot"], 5)])
        gone = self.make_lot(self.cream, "gone", -10)
        self.put(self.cream, 5, lot=gone)
        self.assertEqual(pick(self.place, 40), [(early, 30), (late, 10)], "what has expired is not sold")
        self.assertEqual(pick(self.place, 82), [(early, 30), (late, 50), (gone, 2)])
        self.assertEqual(pick(self.place, 1, expired_first=True), [(gone, 1)], "but written off")
        empty = self.make_product("Mask", uom=self.ml, expiry=True)
        [(lot, quantity)] = empty._salon_pick_lots(self.place, 5)
        self.assertEqual((lot.product_id, quantity), (empty, 5))

    def test_units_of_another_kind_are_refused(self):
        self.assertEqual(self.dye._salon_to_unit(2, self.tube), 120)
        self.assertEqual(self.dye._salon_to_unit(0.5, self.litre), 500)
        with self.assertRaisesRegex(UserError, "Dye 6.0 is kept in ml and can't be counted in Units"):
            self.dye._salon_to_unit(1, self.pcs)

    def test_what_is_left_and_expiring_is_seen_by_the_desk_and_its_value_by_managers(self):
        early = self.make_lot(self.cream, "early", 10)
        self.cream.standard_price = 0.5
        self.put(self.cream, 30, lot=early)
        self.put(self.cream, 30, lot=self.make_lot(self.cream, "late", 200))
        found = (
            self.env["stock.quant"]
            .with_user(self.desk)
            .search([("salon_is_expiring", "=", True), ("product_id", "=", self.cream.id)])
        )
        self.assertEqual(found.lot_id, early)
        self.assertEqual((found.salon_is_expiring, found.salon_expires_in), (True, 10))
        with self.assertRaises(AccessError):
            found.read(["value"])
        self.assertEqual(found.with_user(self.manager).value, 15)
        self.company.salon_expiry_days = 5
        self.assertFalse(found.search([("salon_is_expiring", "=", True), ("product_id", "=", self.cream.id)]))

    def test_products_are_written_by_managers(self):
        with self.assertRaises(AccessError):
            self.dye.product_tmpl_id.with_user(self.desk).name = "x"
        with self.assertRaises(AccessError):
            self.dye.product_tmpl_id.with_user(self.desk).salon_min_qty = 5

    def test_numbers_in_sentences(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        russian = self.ml.with_context(lang="ru_RU")
        written = [russian._salon_number(number).replace("\xa0", " ") for number in (80.2, 21.60, 3.0, 100, 1234567.25)]
        self.assertEqual(written, ["80,2", "21,6", "3", "100", "1 234 567,25"])
        self.assertEqual([self.ml._salon_number(number) for number in (80.2, 100)], ["80.2", "100"])
