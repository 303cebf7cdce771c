from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestTransfer(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cabinet = cls.env["stock.location"].create(
            {"name": "Cabinet", "usage": "internal", "location_id": cls.place.id, "company_id": cls.company.id}
        )
        cls.dye.standard_price = 0.2
        cls.put(cls.dye, 300)

    def transfer(self, *lines, target=None, user=None, company=None):
        """Bring goods to a place; each line is ``(product, quantity, values)``."""
        transfer = (
            self.env["salon.transfer"]
            .with_user(user or self.env.user)
            .create(
                {
                    "company_id": (company or self.company).id,
                    "location_id": self.place.id,
                    "location_dest_id": (target or self.cabinet).id,
                    "line_ids": [
                        Command.create({"product_id": product.id, "quantity": quantity, **values})
                        for product, quantity, values in lines
                    ],
                }
            )
        )
        action = transfer.action_transfer()
        return self.env["stock.picking"].browse(action["res_id"])

    def test_goods_move_at_once(self):
        picking = self.transfer((self.dye, 2, {"uom_id": self.tube.id}), user=self.desk)
        self.assertEqual((picking.state, picking.picking_type_id.code), ("done", "internal"))
        self.assertEqual((self.on_hand(self.dye), self.on_hand(self.dye, self.cabinet)), (180, 120))
        self.assertEqual(self.dye.total_value, 60, "the value stays in the salon")

    def test_the_batch_that_expires_first_goes(self):
        late, early = self.make_lot(self.cream, "late", 90), self.make_lot(self.cream, "early", 10)
        self.put(self.cream, 50, lot=late)
        self.put(self.cream, 30, lot=early)
        self.transfer((self.cream, 40, {}))
        self.assertEqual(self.on_hand(self.cream, self.cabinet, early), 30)
        self.assertEqual(self.on_hand(self.cream, self.cabinet, late), 10)
        self.transfer((self.cream, 15, {"lot_id": late.id}))
        self.assertEqual(self.on_hand(self.cream, self.cabinet, late), 25)

    def test_what_cannot_be_is_refused_and_nothing_is_moved(self):
        lot = self.make_lot(self.cream, "early", 10)
        for lines, message in (
            ([(self.dye, 301, {})], "Only 300 ml of Dye 6.0 are at WH/Stock"),
            ([(self.dye, 200, {}), (self.dye, 200, {})], "Only 300 ml"),
            ([(self.dye, -1, {})], "negative"),
            ([(self.dye, 0, {})], "Nothing to move"),
            ([(self.dye, 1, {"uom_id": self.pcs.id})], "kept in ml"),
            ([(self.dye, 10, {"lot_id": lot.id})], "has no lot early"),
            ([(self.dye, 10, {}), (self.cream, 1, {})], "Only 0 ml of Cream"),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self.transfer(*lines)
        with self.assertRaisesRegex(UserError, "there already"):
            self.transfer((self.dye, 1, {}), target=self.place)
        self.assertEqual(self.on_hand(self.dye), 300)
        with self.assertRaises(AccessError):
            self.transfer((self.dye, 1, {}), user=self.master_user)

    def test_goods_go_to_another_company_for_what_they_cost(self):
        other = self.env["res.company"].create({"name": "Other Salon"})
        lot = self.make_lot(self.cream, "A1", 90)
        self.cream.standard_price = 0.5
        self.put(self.cream, 30, lot=lot)
        target = other._salon_stock_location()
        with self.assertRaisesRegex(UserError, "places of salons that you work in"):
            self.transfer((self.dye, 60, {}), target=target, user=self.desk)
        self.env.user.company_ids += other
        self.env = self.env(context={**self.env.context, "allowed_company_ids": [self.company.id, other.id]})
        self.transfer((self.dye, 60, {}), (self.cream, 10, {}), target=target)
        self.assertEqual((self.on_hand(self.dye), self.on_hand(self.dye, target)), (240, 60))
        arrived = self.env["stock.quant"].search([("product_id", "=", self.cream.id), ("location_id", "=", target.id)])
        self.assertEqual((arrived.quantity, arrived.lot_id.name, arrived.lot_id.company_id), (10, "A1", other))
        self.assertEqual(arrived.lot_id.expiration_date, lot.expiration_date)
        self.assertEqual(self.dye.with_company(self.company).total_value, 48)
        self.assertAlmostEqual(self.dye.with_company(other).total_value, 12)
        transit = self.env.ref("stock.stock_location_inter_company")
        self.assertEqual(self.on_hand(self.dye, transit), 0)

    def test_a_salon_with_one_place_is_told(self):
        places = self.env["stock.location"].search(
            [("usage", "=", "internal"), ("company_id", "=", self.company.id), ("id", "!=", self.place.id)]
        )
        transfer = self.env["salon.transfer"].with_user(self.desk).new({})
        self.assertTrue(transfer.has_target)
        places.active = False
        transfer = self.env["salon.transfer"].with_user(self.desk).new({})
        self.assertEqual((transfer.location_id, transfer.has_target), (self.place, False))
