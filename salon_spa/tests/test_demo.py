from odoo.tests import TransactionCase, tagged

from odoo.addons.salon_spa.demo import lotus


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """A small demo salon, built here and now: its figures add up and nobody is double-booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lotus.Lotus(cls.env, clients=30, languages=()).build()
        cls.company = cls.env.ref("base.main_company")
        cls.visits = cls.env["salon.visit"].search([("company_id", "=", cls.company.id)])

    def test_it_lives(self):
        states = set(self.visits.mapped("state"))
        self.assertTrue({"done", "booked", "cancelled"} <= states, states)
        today = self.company._salon_today()
        self.assertTrue(self.visits.filtered(lambda visit: visit.date > today and visit.state == "booked"))
        self.assertTrue(self.env["salon.cadence"].search([("is_due", "=", True)]))
        self.assertEqual(self.env["hr.employee"].search_count([("is_master", "=", True)]), 8)
        self.assertTrue(self.visits.filtered("is_anonymous"))
        self.assertTrue(self.visits.filtered(lambda visit: len(visit.line_ids.client_id) > 1))
        self.assertTrue(self.visits.line_ids.filtered("formula"))

    def test_money_adds_up(self):
        done = self.visits.filtered(lambda visit: visit.state == "done")
        total = sum(done.mapped("amount_total"))
        self.assertAlmostEqual(
            total, sum(done.line_ids.filtered(lambda line: line.state == "done").mapped("price_total")), 2
        )
        # What went by passes is worth what was paid for it.
        by_visits = total - sum(done.line_ids.mapped("pass_amount")) + sum(done.line_ids.mapped("pass_value"))
        facts = self.env["salon.revenue.report"].search([("company_id", "=", self.company.id)])
        by_facts = sum(facts.mapped("amount_net"))
        refunded = sum(done.line_ids.mapped("amount_refunded"))
        self.assertGreater(refunded, 0)
        self.assertAlmostEqual(by_visits - refunded, by_facts, 2)
        lines = done.line_ids.filtered(lambda line: line.client_id and line.state == "done")
        identified = sum(lines.mapped("amount_revenue")) - sum(lines.mapped("amount_refunded"))
        clients = self.env["res.partner"].search([("is_client_card", "=", True)])
        self.assertAlmostEqual(sum(clients.mapped("total_spent")), identified, 2)

    def test_accounting_says_the_same(self):
        here = self.visits.filtered(lambda visit: visit.state == "done" and (visit.move_ids or visit.amount_pass))
        facts = self.env["salon.revenue.report"].search([("visit_id", "in", here.ids)])
        income = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "in", ("income", "income_other")),
            ]
        )
        self.assertTrue(income)
        self.assertAlmostEqual(-sum(income.mapped("balance")), sum(facts.mapped("amount_net")), 2)
        self.assertTrue(self.visits.filtered(lambda visit: visit.payment_state == "deposit"))
        self.assertTrue(self.visits.filtered(lambda visit: visit.state == "done" and visit.amount_due))

    def test_passes_of_every_state(self):
        passes = self.env["salon.pass"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(passes), 10)
        self.assertTrue({"active", "frozen", "expired", "refunded"} <= set(passes.mapped("state")))
        uses = passes.use_ids
        self.assertTrue(uses.filtered(lambda use: use.line_id.state == "done"))
        owed = self.env["account.move.line"].search([("account_id", "=", self.company._salon_account("pass").id)])
        planned = uses.filtered(lambda use: use.line_id.state != "done")
        unused = sum(passes.mapped("value_left")) + sum(planned.mapped("value"))
        self.assertAlmostEqual(-sum(owed.mapped("balance")), unused, 2)

    def test_nobody_is_double_booked_or_works_outside_the_shift(self):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT count(*) FROM salon_allocation a JOIN salon_allocation b
                   ON a.id < b.id AND a.resource_id = b.resource_id AND a.start < b.stop AND b.start < a.stop"""
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        live = self.visits.filtered(lambda visit: visit.state in self.visits._live_states())
        self.assertFalse([warning["message"] for warning in live._get_warnings()])

    def test_every_way_of_writing_a_number_ends_in_one_form(self):
        domain = [("is_client_card", "=", True), ("phone", "=like", "+998%")]
        self.assertEqual(self.env["res.partner"].search_count(domain), 30)

    def test_past_is_written_down_in_order(self):
        for visit in self.visits.filtered(lambda visit: visit.state == "done"):
            self.assertLessEqual(visit.create_date, visit.arrived_at)
            self.assertLessEqual(visit.arrived_at, visit.done_at)
