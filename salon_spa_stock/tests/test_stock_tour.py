from odoo.tests import HttpCase, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestStockTour(StockCase, HttpCase):
    """Receiving, counting and ordering in Chromium, as the front desk and a manager do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.warehouse.orderpoint"].search([]).unlink()
        cls.trade = cls.env["res.partner"].create({"name": "Tour Trade", "is_company": True, "supplier_rank": 1})
        cls.box = cls.env["uom.uom"].create(
            {"name": "Box of 100", "relative_uom_id": cls.pcs.id, "relative_factor": 100}
        )
        cls.tour_gloves = cls.make_product("Tour Gloves", packaging=cls.box, price=5.0)
        cls.tour_gloves.seller_ids.partner_id = cls.trade

    def test_receive(self):
        self.start_tour("/odoo/salon-receipts", "salon_stock_receive_tour", login="stock-desk")
        self.assertEqual(self.on_hand(self.tour_gloves), 200)

    def test_count(self):
        foil = self.make_product("Tour Foil")
        self.put(self.tour_gloves, 200)
        self.put(foil, 5)
        self.start_tour("/odoo/salon-counts", "salon_stock_count_tour", login="stock-desk")
        self.assertEqual((self.on_hand(self.tour_gloves), self.on_hand(foil)), (190, 0))

    def test_order(self):
        self.put(self.tour_gloves, 10)
        self.tour_gloves.product_tmpl_id.write({"salon_min_qty": 50, "salon_max_qty": 100})
        self.start_tour("/odoo/salon-to-order", "salon_stock_order_tour", login="stock-manager")
        order = self.env["purchase.order"].search([("partner_id", "=", self.trade.id)])
        self.assertEqual((order.state, order.order_line.product_qty), ("draft", 1))
        self.assertEqual(order.order_line.product_uom_id, self.box)
