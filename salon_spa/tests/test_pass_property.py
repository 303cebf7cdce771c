"""Random days of a salon that sells passes: whatever happens, the books and the passes say the same."""

from datetime import date, timedelta

from freezegun import freeze_time as freeze
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_pass import PassCase

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.sampled_from(["sessions", "both", "sum"]), st.integers(0, 2)),
        st.tuples(
            st.sampled_from(["use", "return", "done", "reopen", "cancel", "no_show", "pay", "reprice"]),
            st.integers(0, 2),
            st.integers(0, 5),
        ),
        st.tuples(st.sampled_from(["refund", "extend", "freeze"]), st.integers(0, 5), st.integers(1, 40)),
        st.tuples(st.just("night"), st.integers(1, 50), st.just(0)),
    ),
    min_size=4,
    max_size=14,
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassProperty(PassCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.salon_pass_burn = True
        cls.products = {
            "sessions": cls.make_pass_product(
                "Three", 100, [(cls.cut, 3)], pass_validity=20, pass_validity_unit="days"
            ),
            "both": cls.make_pass_product(
                "Both", 199.99, [(cls.cut, 2), (cls.colour, 1)], pass_validity=1, pass_valid_from="first_use"
            ),
            "sum": cls.make_pass_product("Sum", 99.99, [], pass_kind="sum", pass_sum=133.33),
        }
        cls.visits = [
            cls.make_visit(cls.at("2026-03-02", clock), (cls.cut, cls.anna), (cls.colour, cls.bella))
            for clock in ("06:00", "13:00", "18:00")
        ]
        cls.sold = [
            cls.env["salon.pass"]._sell(product, cls.clara, cls.company, [(cls.cash, product.lst_price)])
            for product in cls.products.values()
        ]
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.frozen = self.enterContext(freeze("2026-03-02 15:00:00"))
        self.refusals, self.steps = 0, 0

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(steps=STEPS)
    def test_the_books_and_the_passes_agree(self, steps):
        savepoint = self.env.cr.savepoint()
        try:
            self.live(steps)
        finally:
            self.env.cr.flush()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def live(self, steps):
        self.passes = self.env["salon.pass"].concat(*self.sold)
        self.before = self.owed() - sum(self.passes.mapped("value_left")), self.income()
        self.day = date(2026, 3, 2)
        for action, first, second in steps:
            self.frozen.move_to(f"{self.day} 15:00:00")
            self.steps += 1
            try:
                with self.env.cr.savepoint():
                    getattr(self, f"do_{action}")(self.visits, first, second)
                    self.env.flush_all()
            except UserError:
                # Refused with a sentence, and nothing half-written: the checks below see to it.
                self.refusals += 1
                self.env.invalidate_all()
            self.check(self.visits)

    def one(self, number):
        return self.passes[number % len(self.passes)] if self.passes else self.passes

    def do_sell(self, _visits, kind, debt):
        product = self.products[kind]
        sold = self.sell(product, paid=round(product.lst_price / (debt + 1), 2))
        self.passes |= sold

    def do_use(self, visits, number, which):
        line = visits[number].line_ids.sorted("sequence")[which % 2]
        rows = self.one(which).line_ids
        if rows:
            line.with_user(self.manager)._use_pass(rows[which % len(rows)], "test")

    def do_return(self, visits, number, which):
        visits[number].line_ids.sorted("sequence")[which % 2]._return_pass()

    def do_done(self, visits, number, _which):
        visits[number].action_done()

    def do_reopen(self, visits, number, _which):
        visits[number].override_reason = "test"
        visits[number].action_reopen()

    def do_cancel(self, visits, number, _which):
        visits[number].action_cancel(self.plans)

    def do_no_show(self, visits, number, _which):
        visits[number].action_no_show()

    def do_pay(self, visits, number, _which):
        visits[number]._pay([(self.cash, visits[number].amount_due)])

    def do_reprice(self, visits, number, which):
        visits[number].override_reason = "test"
        visits[number].line_ids[which % 2].price_unit += which

    def do_refund(self, _visits, number, percent):
        sold = self.one(number)
        if sold:
            amount = round(sold._refundable() * percent / 40, 2)
            sold._refund(amount, [(self.cash, max(0, amount - sold.amount_due))], "test")

    def do_extend(self, _visits, number, days):
        sold = self.one(number)
        wizard = self.env["salon.pass.correct"].create({"pass_id": sold.id, "days": days, "reason": "test"})
        wizard.action_apply()

    def do_freeze(self, _visits, number, days):
        end = self.day + timedelta(days=days)
        self.env["salon.pass.freeze"].create(
            {"pass_id": self.one(number).id, "date_from": self.day, "date_to": end, "reason": "test"}
        )

    def do_night(self, _visits, days, _nothing):
        self.day += timedelta(days=days)
        self.frozen.move_to(f"{self.day} 02:00:00")
        self.env["salon.pass"]._cron_expire()

    def check(self, visits):
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.passes.line_ids
        uses = self.passes.use_ids.filtered(lambda use: not use.returned_at)
        for line in lines:
            own = uses.filtered(lambda use, line=line: use.pass_line_id == line)
            self.assertEqual(line.used, sum(own.mapped("sessions")))
            self.assertAlmostEqual(line.amount_used, sum(own.mapped("amount")) if line.pass_id.kind == "sum" else 0, 2)
            self.assertGreaterEqual(round(line.amount_left, 2), 0)
        for sold in self.passes:
            self.assertGreaterEqual(round(sold.value_left, 2), 0)
            if not sold.sessions_left and not sold.sum_left:
                self.assertAlmostEqual(sold.value_left, 0, 2)
        for line in self.visit_lines(visits):
            own = uses.filtered(lambda use, line=line: use.line_id == line)
            self.assertLessEqual(len(own), 1)
            self.assertAlmostEqual(line.pass_amount, sum(own.mapped("amount")), 2)
            self.assertAlmostEqual(line.pass_value, sum(own.mapped("value")), 2)
            self.assertGreaterEqual(round(line.price_total - line.pass_amount, 2), 0)
        # Owed is what is not used, and what was taken for visits still to come.
        planned = uses.filtered(lambda use: use.line_id.state != "done" and not use.is_burned)
        owed = sum(self.passes.mapped("value_left")) + sum(planned.mapped("value"))
        self.assertAlmostEqual(self.owed() - self.before[0], owed, 2)
        # Income is what the fact table says.
        domain = ["|", ("visit_id", "in", [visit.id for visit in visits]), ("entry", "=", "breakage")]
        facts = self.env["salon.revenue.report"].search(domain)
        self.assertAlmostEqual(
            self.income() - self.before[1] - self.undone(visits),
            sum(facts.mapped("amount_net")) + sum(facts.mapped("amount_other")) - self.unbilled(visits),
            2,
        )

    def visit_lines(self, visits):
        return self.env["salon.visit"].concat(*visits).line_ids

    def undone(self, visits):
        """Return what was billed for visits that are not done: income in the books, no fact yet."""
        lines = self.visit_lines(visits).filtered(lambda line: line.state != "done")
        return sum(lines.mapped("amount_billed")) - sum(lines.mapped("amount_refunded"))

    def unbilled(self, visits):
        """Return what is due for done visits without a bill: a fact, and not in the books before the bill is made."""
        return sum(line._to_bill() for line in self.visit_lines(visits) if line.state == "done")
