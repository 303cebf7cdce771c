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
            self.assertGreater(line.closing_value, 0)
        self.assertAlmostEqual(sum(report.line_ids.mapped("revalued_value")), 0, delta=1000)

    def test_a_day_at_the_till(self):
        session = self.env["pos.session"].search([("config_id", "=", self.company.salon_till_id.id)])
        self.assertEqual((session.state, session.cash_register_difference), ("closed", -5000))
        orders = session.order_ids
        self.assertFalse(orders.filtered("salon_flag"))
        self.assertEqual(set(orders.mapped("state")), {"done"})
        self.assertEqual(orders.lines.filtered("is_reward_line").mapped("price_subtotal_incl"), [-320_000])
        gift = self.env["loyalty.card"].search([("code", "=", "LOTUS-500")])
        self.assertEqual(gift.points, 180_000)
        tips = self.env["salon.tip"].search([("pos_line_id", "in", orders.lines.ids)])
        self.assertEqual(tips.mapped("amount"), [20_000])
        # There is one to be paid unless the salon has not opened yet.
        self.assertLessEqual(set(orders.salon_visit_id.mapped("payment_state")), {"paid"})
        owed = self.env["salon.liability.report"].search([("kind", "=", "gift_card")])
        self.assertEqual(sum(owed.mapped("amount")), 180_000)
