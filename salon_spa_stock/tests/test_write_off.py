from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestWriteOff(StockCase):
    def setUp(self):
        super().setUp()
        self.dye.standard_price = 0.2
        self.put(self.dye, 300)
        self.spoiled = self.env.ref("salon_spa_stock.reason_spoiled")

    def scrap(self, product, quantity, user=None, **values):
        scraps = self.env["stock.scrap"].with_user(user or self.env.user).with_context(salon_write_off=True)
        return scraps.create(
            {"product_id": product.id, "scrap_qty": quantity, "salon_reason_id": self.spoiled.id, **values}
        )

    def test_goes_to_a_place_of_its_own_by_reason(self):
        scrap = self.scrap(self.dye, 50, user=self.desk)
        scrap.action_validate()
        place = self.company._salon_write_off_location()
        self.assertEqual((scrap.state, scrap.scrap_location_id), ("done", place))
        self.assertEqual(scrap.scrap_reason_tag_ids, self.spoiled)
        self.assertNotEqual(place, self.dye.property_stock_inventory, "not what stock-takings adjust by")
        self.assertEqual((self.on_hand(self.dye), self.on_hand(self.dye, location=place)), (250, 50))
        self.assertEqual(scrap.with_user(self.manager).salon_value, 10)

    def test_odoos_own_scrap_is_as_before(self):
        scrap = self.env["stock.scrap"].create({"product_id": self.dye.id, "scrap_qty": 1})
        self.company._salon_write_off_location()
        self.assertNotEqual(scrap.scrap_location_id, self.company.salon_write_off_location_id)
        again = self.env["stock.scrap"].create({"product_id": self.dye.id, "scrap_qty": 1})
        self.assertEqual(again.scrap_location_id, scrap.scrap_location_id)

    def test_the_form_takes_the_batch_that_expires_first(self):
        early = self.make_lot(self.cream, "early", 10)
        self.put(self.cream, 5, lot=self.make_lot(self.cream, "late", 100))
        self.put(self.cream, 5, lot=early)
        scraps = self.env["stock.scrap"].with_user(self.desk).with_context(salon_write_off=True)
        with Form(scraps, "salon_spa_stock.stock_scrap_view_form") as form:
            form.product_id = self.cream
            self.assertEqual(form.lot_id, early)
            form.scrap_qty = 2
            form.salon_reason_id = self.spoiled
        form.record.action_validate()
        self.assertEqual(self.on_hand(self.cream, lot=early), 3)

    def test_what_cannot_be_is_refused(self):
        for values, message in (
            ({"scrap_qty": -5}, "more than zero"),
            ({"scrap_qty": 0}, "more than zero"),
            ({"salon_reason_id": False}, "Say why"),
            ({"product_uom_id": self.pcs.id}, "kept in ml"),
            ({"scrap_qty": 300.5}, "Only 300 ml of Dye 6.0 are at WH/Stock: write off less"),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                self.scrap(self.dye, 5, **values).action_validate()
        with self.assertRaisesRegex(UserError, "lot"):
            self.scrap(self.cream, 5).action_validate()
        self.assertEqual(self.on_hand(self.dye), 300)

    def test_masters_write_nothing_off(self):
        with self.assertRaises(AccessError):
            self.scrap(self.dye, 5, user=self.master_user)

    def test_a_batch_is_written_off_from_the_list_of_what_expires(self):
        lot = self.make_lot(self.cream, "early", 10)
        self.put(self.cream, 5, lot=lot)
        quant = self.env["stock.quant"].search([("lot_id", "=", lot.id), ("location_id", "=", self.place.id)])
        action = quant.with_user(self.desk).action_salon_write_off()
        scraps = self.env["stock.scrap"].with_user(self.desk).with_context(**action["context"])
        with Form(scraps, "salon_spa_stock.stock_scrap_view_form") as form:
            form.salon_reason_id = self.env.ref("salon_spa_stock.reason_expired")
        form.record.action_validate()
        self.assertEqual(self.on_hand(self.cream), 0)
