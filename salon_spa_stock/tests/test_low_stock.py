from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestLowStock(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.warehouse.orderpoint"].search([]).unlink()
        cls.dye.product_tmpl_id.write({"salon_min_qty": 200, "salon_max_qty": 500})
        cls.gloves.product_tmpl_id.write({"salon_min_qty": 20, "salon_max_qty": 100})
        cls.put(cls.dye, 130)
        cls.put(cls.gloves, 50)
        cls.rule = cls.dye.orderpoint_ids
        cls.company.salon_stock_user_id = cls.manager
        cls.kind = cls.env.ref("salon_spa_stock.activity_type_low_stock")

    def tasks(self):
        return self.env["mail.activity"].search([("activity_type_id", "=", self.kind.id)])

    def propose(self):
        rules = self.env["stock.warehouse.orderpoint"].with_user(self.manager)
        action = rules.action_salon_to_order()
        self.assertEqual(action["res_model"], rules._name)
        self.env.invalidate_all()
        return rules.search([("qty_to_order", ">", 0)])

    # ---------------------------------------------------------------- the task

    def test_one_task_a_day_that_is_not_repeated(self):
        self.env["res.company"]._cron_salon_low_stock()
        task = self.tasks()
        self.assertEqual((task.user_id, task.res_id), (self.manager, self.company.partner_id.id))
        self.assertIn("1", task.summary)
        self.assertIn("Dye 6.0", task.note)
        self.assertIn("/odoo/salon-to-order", task.note)
        self.put(self.gloves, 5)
        self.env["res.company"]._cron_salon_low_stock()
        self.assertEqual(self.tasks(), task)
        self.assertIn("Gloves", task.note)
        self.put(self.gloves, 50)
        self.put(self.dye, 300)
        self.env["res.company"]._cron_salon_low_stock()
        self.assertFalse(self.tasks())

    def test_without_anybody_in_charge_the_first_manager_is_told(self):
        self.company.salon_stock_user_id = False
        self.env["res.company"]._cron_salon_low_stock()
        self.assertTrue(self.tasks().user_id.has_group("salon_spa.group_salon_manager"))

    def test_companies_have_tasks_of_their_own(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_stock_user_id": self.manager.id})
        self.manager.company_ids += other
        self.gloves.product_tmpl_id.with_company(other).write({"salon_min_qty": 5, "salon_max_qty": 10})
        self.env["res.company"]._cron_salon_low_stock()
        notes = {task.res_id: task.note for task in self.tasks()}
        self.assertEqual(set(notes), {self.company.partner_id.id, other.partner_id.id})
        self.assertNotIn("Dye", notes[other.partner_id.id])

    # ---------------------------------------------------------------- ordering

    def test_proposes_whole_packagings_of_the_supplier(self):
        rule = self.propose()
        self.assertEqual(rule.product_id, self.dye)
        self.assertEqual(rule.qty_to_order, 420, "370 are missing: 7 tubes of 60")
        self.assertEqual(rule.salon_order_text, "7 × Tube 60 ml")
        self.assertEqual((rule.salon_supplier_id, rule.salon_order_price), (self.supplier, 84))

    def test_makes_one_order_per_supplier_and_the_receipt_closes_it(self):
        other = self.env["res.partner"].create({"name": "Glove Trade", "supplier_rank": 1})
        self.gloves.seller_ids.partner_id = other
        self.put(self.gloves, 3)
        self.foil = self.make_product("Foil", price=1)
        self.foil.product_tmpl_id.write({"salon_min_qty": 5, "salon_max_qty": 9})
        action = self.propose().action_salon_make_orders()
        orders = self.env["purchase.order"].search(action["domain"])
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        by_supplier = {order.partner_id: order for order in orders}
        self.assertEqual(set(by_supplier), {self.supplier, other})
        ordered = {line.product_id: line for line in by_supplier[self.supplier].order_line}
        self.assertEqual(set(ordered), {self.dye, self.foil})
        dye = ordered[self.dye]
        self.assertEqual((dye.product_qty, dye.product_uom_id, dye.price_unit), (7, self.tube, 12))
        self.assertFalse(self.propose(), "what is ordered is not proposed again")
        order = by_supplier[self.supplier].with_user(self.manager)
        order.button_confirm()
        self.env["salon.receive"].with_user(self.desk).create({"picking_id": order.picking_ids.id}).action_receive()
        self.assertEqual((self.on_hand(self.dye), self.on_hand(self.foil)), (550, 9))
        self.assertFalse(self.propose())
        self.assertFalse(self.dye.product_tmpl_id.salon_is_low)

    def test_what_expires_later_is_not_bought_anew_yet(self):
        mask = self.make_product("Mask", uom=self.ml, price=1, expiry=True)
        for product, days in ((self.cream, 100), (mask, 5)):
            product.product_tmpl_id.write({"salon_min_qty": 20, "salon_max_qty": 50})
            self.put(product, 40, lot=self.make_lot(product, "lot", days))
        proposed = self.propose().product_id
        self.assertNotIn(self.cream, proposed)
        self.assertIn(mask, proposed)

    def test_a_quantity_of_ones_own_is_ordered(self):
        rule = self.propose()
        rule.qty_to_order = 120
        self.assertEqual(rule.salon_order_text, "2 × Tube 60 ml")
        orders = self.env["purchase.order"].search(rule.action_salon_make_orders()["domain"])
        self.assertEqual(orders.order_line.product_qty, 2)

    def test_all_is_ordered_from_a_phone(self):
        self.propose()
        action = self.env["stock.warehouse.orderpoint"].with_user(self.manager).action_salon_make_all_orders()
        self.assertEqual(self.env["purchase.order"].search(action["domain"]).partner_id, self.supplier)

    def test_what_cannot_be_ordered_is_said(self):
        rule = self.propose()
        with self.assertRaises(AccessError):
            rule.with_user(self.desk).action_salon_make_orders()
        self.dye.seller_ids.unlink()
        with self.assertRaisesRegex(UserError, "Enter a supplier first.*Dye 6.0"):
            rule.action_salon_make_orders()
        self.put(self.dye, 500)
        with self.assertRaisesRegex(UserError, "Nothing is to be ordered"):
            rule.action_salon_make_orders()

    def test_another_company_orders_for_itself(self):
        other = self.env["res.company"].create({"name": "Other Salon"})
        self.manager.company_ids += other
        self.gloves.seller_ids.company_id = False
        template = self.gloves.product_tmpl_id.with_company(other)
        template.write({"salon_min_qty": 5, "salon_max_qty": 10})
        rules = self.env["stock.warehouse.orderpoint"].with_user(self.manager).with_company(other)
        rules = rules.with_context(allowed_company_ids=other.ids)
        rules.action_salon_to_order()
        orders = self.env["purchase.order"].search(rules.action_salon_make_all_orders()["domain"])
        self.assertEqual((orders.company_id, orders.order_line.product_id), (other, self.gloves))

    def test_the_need_of_booked_visits_gives_days_of_cover(self):
        need, cover = self.dye._salon_need(30), self.dye._salon_days_of_cover()
        self.assertEqual((need, cover), ({self.dye: 0.0}, {self.dye: None}))
        self.assertEqual((self.rule.salon_need, self.rule.salon_cover_days), (0, 0))
