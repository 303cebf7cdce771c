from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo salon has a shelf that adds up: bought, sold, counted, some of it low and some about to expire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.company._salon_demo_class()(cls.env, clients=30, languages=()).build()
        cls.products = cls.env["product.product"].search([("salon_use", "!=", False)])

    def test_the_shelf(self):
        self.assertEqual(len(self.products), 25)
        for slug in ("colour_6_0", "oxidant_6", "gloves", "retail_shampoo", "retail_candle"):
            self.assertTrue(self.env.ref(f"salon_spa_stock.demo_product_{slug}").is_storable)
        low = self.env["product.template"]._salon_low_products(self.company)
        self.assertTrue(low)
        self.assertLess(len(low), len(self.products))
        self.assertTrue(self.env["stock.quant"].search_count([("salon_is_expiring", "=", True)]))
        self.assertTrue(self.env["stock.scrap"].search_count([("salon_reason_id", "!=", False)]))
        waiting = self.env["stock.picking"].search([("picking_type_code", "=", "incoming"), ("state", "=", "assigned")])
        self.assertTrue(waiting)
        self.assertEqual(self.env["salon.count"].search([]).mapped("state"), ["done"])

    def test_what_was_sold_in_visits_left_the_shelf(self):
        lines = self.env["salon.visit.line"].search([("kind", "=", "product"), ("state", "=", "done")])
        self.assertTrue(lines)
        moves = lines.salon_sold_move_ids
        self.assertEqual(sum(moves.mapped("quantity")), sum(lines.mapped("quantity")))
        for move in moves:
            self.assertEqual(move.date, move.salon_sold_line_id.visit_id.done_at)

    def test_the_year_adds_up_to_what_is_there(self):
        today = self.company._salon_today()
        report = self.env["salon.movement"].create({"date_from": today.replace(year=today.year - 2, day=1)})
        report.action_show()
        for line in report.line_ids:
            self.assertEqual(line.opening_qty, 0)
            self.assertAlmostEqual(line.closing_qty, line.product_id.qty_available, 2)
            self.assertAlmostEqual(line.closing_value, line.product_id.total_value, 2)
            self.assertGreater(line.received_qty, 0)
