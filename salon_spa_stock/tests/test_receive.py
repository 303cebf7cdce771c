from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import StockCase


@tagged("post_install", "-at_install")
class TestReceive(StockCase):
    def test_goods_come_in_packagings_and_cost_what_was_paid(self):
        self.receive((self.dye, 5, {"price_unit": 12}), (self.gloves, 100, {}), user=self.desk)
        self.assertEqual(self.on_hand(self.dye), 300)
        self.assertAlmostEqual(self.dye.standard_price, 0.2)
        self.assertAlmostEqual(self.gloves.standard_price, 0.1)
        order = self.env["purchase.order"].search([("partner_id", "=", self.supplier.id)])
        self.assertEqual((order.state, order.receipt_status, order.amount_untaxed), ("purchase", "full", 70))
        self.receive((self.dye, 5, {"price_unit": 24}))
        self.assertEqual(self.on_hand(self.dye), 600)
        self.assertAlmostEqual(self.dye.standard_price, 0.3, msg="the average of both")

    def test_the_form_proposes_packaging_and_price_of_the_supplier(self):
        with Form(self.env["salon.receive"].with_user(self.desk)) as form:
            form.partner_id = self.supplier
            with form.line_ids.new() as line:
                line.product_id = self.dye
                self.assertEqual((line.uom_id, line.price_unit), (self.tube, 12))
                line.uom_id = self.ml
                self.assertAlmostEqual(line.price_unit, 0.2)
                line.quantity = 90
        form.record.action_receive()
        self.assertEqual(self.on_hand(self.dye), 90)

    def test_batches_have_their_expiry_date(self):
        today = self.company._salon_today()
        soon, later = today + timedelta(days=20), today + timedelta(days=200)
        self.receive(
            (self.cream, 100, {"expiry_date": soon, "lot_name": "A1"}), (self.cream, 50, {"expiry_date": later})
        )
        lots = self.env["stock.lot"].search([("product_id", "=", self.cream.id)], order="expiration_date")
        self.assertEqual(lots.mapped("name"), ["A1", str(later)])
        days = [self.company._salon_local(moment).date() for moment in lots.mapped("expiration_date")]
        self.assertEqual(days, [soon, later])
        self.assertEqual(self.on_hand(self.cream, lot=lots[0]), 100)
        self.receive((self.cream, 10, {"expiry_date": soon, "lot_name": "A1"}))
        self.assertEqual(self.on_hand(self.cream, lot=lots[0]), 110)
        with self.assertRaisesRegex(UserError, "lot A1 is known to expire"):
            self.receive((self.cream, 10, {"expiry_date": later, "lot_name": "A1"}))

    def test_an_order_is_received_in_parts(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.dye.id,
                            "product_qty": 10,
                            "product_uom_id": self.tube.id,
                            "price_unit": 12,
                        }
                    ),
                    Command.create({"product_id": self.gloves.id, "product_qty": 50, "price_unit": 0.1}),
                ],
            }
        )
        order.button_confirm()
        receive = self.env["salon.receive"].with_user(self.desk).create({"picking_id": order.picking_ids.id})
        self.assertEqual(receive.partner_id, self.supplier)
        lines = {line.product_id: line for line in receive.line_ids}
        self.assertEqual((lines[self.dye].ordered_qty, lines[self.dye].uom_id), (10, self.tube))
        lines[self.dye].quantity = 4
        lines[self.gloves].quantity = 0
        receive.action_receive()
        self.assertEqual((self.on_hand(self.dye), self.on_hand(self.gloves)), (240, 0))
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual(order.receipt_status, "partial")
        receive = self.env["salon.receive"].create({"picking_id": rest.id})
        self.assertEqual(sorted(receive.line_ids.mapped("ordered_qty")), [6, 50])
        cream = {"expiry_date": self.company._salon_today() + timedelta(days=90)}
        receive.line_ids = [Command.create({"product_id": self.cream.id, "quantity": 20, "price_unit": 1, **cream})]
        receive.action_receive()
        self.assertEqual((self.on_hand(self.dye), self.on_hand(self.gloves), self.on_hand(self.cream)), (600, 50, 20))
        self.assertEqual(order.receipt_status, "full")

    def test_another_price_than_ordered_is_what_the_goods_cost(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.dye.id, "product_qty": 1, "product_uom_id": self.tube.id, "price_unit": 12}
                    )
                ],
            }
        )
        order.button_confirm()
        receive = self.env["salon.receive"].create({"picking_id": order.picking_ids.id})
        receive.line_ids.price_unit = 15
        receive.action_receive()
        self.assertAlmostEqual(self.dye.standard_price, 0.25)
        self.assertEqual(order.amount_untaxed, 15)

    def test_what_cannot_be_is_refused_and_nothing_is_written(self):
        yesterday = self.company._salon_today() - timedelta(days=1)
        before = self.env["purchase.order"].search_count([])
        cases = [
            ([(self.dye, -1, {})], "can't be negative"),
            ([(self.dye, 1, {"price_unit": -1})], "price can't be negative"),
            ([(self.dye, 0, {})], "Nothing was received"),
            ([], "Nothing was received"),
            ([(self.dye, 1, {"uom_id": self.pcs.id})], "kept in ml and can't be counted in Units"),
            ([(self.cream, 1, {})], "enter the expiry date"),
            ([(self.cream, 1, {"expiry_date": yesterday})], "expired on"),
            ([(self.gloves, 5, {}), (self.cream, 1, {})], "enter the expiry date"),
        ]
        for lines, message in cases:
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self.receive(*lines)
        with self.assertRaisesRegex(UserError, "Who delivered"):
            self.receive((self.gloves, 1, {}), partner_id=False)
        self.assertEqual(self.env["purchase.order"].search_count([]), before)
        self.assertEqual(self.on_hand(self.gloves), 0)

    def test_masters_receive_nothing(self):
        with self.assertRaises(AccessError):
            self.receive((self.gloves, 1, {}), user=self.master_user)

    def test_a_second_company_receives_into_its_own_stock(self):
        other = self.env["res.company"].create({"name": "Other Salon"})
        self.env.user.company_ids += other
        with self.env.cr.savepoint():
            self.env["salon.receive"].with_company(other).create(
                {
                    "partner_id": self.supplier.id,
                    "company_id": other.id,
                    "line_ids": [Command.create({"product_id": self.gloves.id, "quantity": 7, "price_unit": 1})],
                }
            ).action_receive()
        self.assertEqual(self.on_hand(self.gloves, location=other._salon_stock_location()), 7)
        self.assertEqual(self.on_hand(self.gloves), 0)

    def test_a_desk_receives_into_no_other_company(self):
        other = self.env["res.company"].create({"name": "Other Salon"})
        with self.assertRaisesRegex(AccessError, "You don't work in Other Salon"):
            self.receive((self.gloves, 1, {"price_unit": 1}), user=self.desk, company_id=other.id)

    def test_a_desk_receives_no_other_companys_order(self):
        """Its goods and prices are none of the desk's business, whatever a browser asks for."""
        other = self.env["res.company"].create({"name": "Other Salon"})
        line = {"product_id": self.gloves.id, "product_qty": 7, "price_unit": 13}
        order = self.env["purchase.order"].with_company(other).create(
            {"partner_id": self.supplier.id, "company_id": other.id, "order_line": [Command.create(line)]}
        )
        order.button_confirm()
        self.env.flush_all()
        receive, about = self.env["salon.receive"].with_user(self.desk), {"picking_id": order.picking_ids.id}
        with self.assertRaises(AccessError):
            receive.create(about)
        with self.assertRaises(AccessError):
            receive.onchange(about, ["picking_id"], {"line_ids": {"fields": {"price_unit": {}}}})
        with self.assertRaises(AccessError):
            self.receive((self.gloves, 1, {"move_id": order.picking_ids.move_ids.id}), user=self.desk)
        # Who works in both companies receives each order in its own.
        self.desk.company_ids += other
        both = receive.with_context(allowed_company_ids=(self.company | other).ids)
        with self.assertRaisesRegex(UserError, "Choose a delivery that"):
            both.create(about).action_receive()
        foreign = Command.create({"product_id": self.gloves.id, "move_id": order.picking_ids.move_ids.id})
        with self.assertRaisesRegex(UserError, "Choose a delivery that"):
            both.create({"partner_id": self.supplier.id, "line_ids": [foreign]}).action_receive()
        self.assertEqual((order.picking_ids.state, order.order_line.qty_received), ("assigned", 0))

    def test_an_order_arrives_in_another_packaging(self):
        values = {"product_id": self.dye.id, "product_qty": 600, "product_uom_id": self.ml.id, "price_unit": 0.2}
        order = self.env["purchase.order"].create(
            {"partner_id": self.supplier.id, "order_line": [Command.create(values)]}
        )
        order.button_confirm()
        with Form(self.env["salon.receive"].with_user(self.desk)) as form:
            form.picking_id = order.picking_ids
            with form.line_ids.edit(0) as line:
                line.uom_id = self.tube
                line.quantity = 10
                line.price_unit = 12.6
        form.record.action_receive()
        self.assertEqual(self.on_hand(self.dye), 600)
        self.assertAlmostEqual(order.order_line.price_unit, 0.21)
        self.assertAlmostEqual(self.dye.standard_price, 0.21)

    def test_prices_in_another_currency(self):
        franc = self.env["res.currency"].create({"name": "SLN", "symbol": "S", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"currency_id": franc.id, "rate": 0.5, "name": "2020-01-01", "company_id": self.company.id}
        )
        self.gloves.seller_ids.write({"currency_id": franc.id, "price": 10})
        with Form(self.env["salon.receive"].with_user(self.desk)) as form:
            form.partner_id = self.supplier
            with form.line_ids.new() as line:
                line.product_id = self.gloves
                self.assertEqual(line.price_unit, 20)
        values = {"product_id": self.gloves.id, "product_qty": 5, "price_unit": 10}
        order = self.env["purchase.order"].create(
            {"partner_id": self.supplier.id, "currency_id": franc.id, "order_line": [Command.create(values)]}
        )
        order.button_confirm()
        with Form(self.env["salon.receive"].with_user(self.desk)) as form:
            form.picking_id = order.picking_ids
            self.assertEqual((form.currency_id, form.amount_total), (franc, 50))
        form.record.action_receive()
        self.assertAlmostEqual(self.gloves.standard_price, 20)

    def test_price_of_the_variant(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": "S"}), Command.create({"name": "L"})]}
        )
        values = {"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]}
        template = self.env["product.template"].create(
            {"name": "Brush", "salon_use": "consumable", "attribute_line_ids": [Command.create(values)]}
        )
        small, large = template.product_variant_ids
        template.seller_ids = [
            Command.create({"partner_id": self.supplier.id, "price": price, "product_id": product.id})
            for product, price in ((small, 3), (large, 9))
        ]
        with Form(self.env["salon.receive"].with_user(self.desk)) as form:
            form.partner_id = self.supplier
            with form.line_ids.new() as line:
                line.product_id = large
                self.assertEqual(line.price_unit, 9)

    def test_words_of_the_screen(self):
        """Odoo's help of documents of stock speaks of its own apps; an action of the salon keeps its own."""
        pickings = self.env["stock.picking"].with_user(self.desk)
        for name in ("action_receipt", "action_transfer"):
            action = self.env["ir.actions.act_window"]._for_xml_id(f"salon_spa_stock.{name}")
            context = {"lang": "en_US", **safe_eval(action["context"])}
            self.assertIn("yet", pickings.with_context(**context).get_empty_list_help(action["help"]))
        self.assertNotIn("yet", pickings.get_empty_list_help(action["help"]))
        picking = self.env["stock.picking"].new({"state": "assigned"})
        self.assertEqual(picking.salon_stage, "expected")
