from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_visit_money import MoneyCase

# What may happen to one of the visits: its number, what, and how much of what is possible.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ["pay", "deposit", "refund", "done", "reopen", "cancel", "keep", "discount", "tip", "reprice", "unmatch"]
        ),
        st.sampled_from([0.25, 0.5, 1]),
    ),
    min_size=4,
    max_size=14,
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 21:00:00")
class TestMoneyProperty(MoneyCase):
    """Whatever the desk does, in whatever order: the figures, the visits and the accounting say the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visits = cls.visit
        for hour in ("13:00", "16:00"):
            cls.visits |= cls.make_visit(cls.at("2026-03-02", hour), (cls.cut, cls.anna), (cls.colour, cls.bella))
        cls.kinds = {kind: cls.company._salon_account(kind) for kind in ("deposit", "tip")}
        cls.env.flush_all()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_everything_adds_up(self, steps):
        savepoint = self.env.cr.savepoint()
        try:
            income = self.income()
            before = {kind: self.balance(account) for kind, account in self.kinds.items()}
            for number, what, share in steps:
                try:
                    with self.env.cr.savepoint():
                        self.act(self.visits[number].with_user(self.desk), what, share)
                except UserError:
                    continue  # what is refused has left nothing behind, or the sums below would tell
            self.env.flush_all()
            self.check(income, before)
        finally:
            self.env.clear()
            savepoint.close(rollback=True)

    def act(self, visit, what, share):
        part = visit.currency_id.round
        if what == "pay":
            visit._pay([(self.cash, part(visit.amount_due * share))])
        elif what == "tip":
            visit._pay([(self.bank, visit.amount_due + 7)], {self.anna: 3, self.bella: 4})
        elif what == "deposit":
            visit._take_deposit(part(visit.amount_due * share), self.bank)
        elif what == "refund":
            amounts = {line: part((line.amount_billed - line.amount_refunded) * share) for line in visit.line_ids}
            amounts = {line: amount for line, amount in amounts.items() if amount}
            if visit.amount_deposit:
                amounts[False] = part(visit.amount_deposit * share)
            owed = max(0, sum(amounts.values()) - max(0, visit.sudo()._open_amount()))
            visit._refund(amounts, [(self.cash, part(owed))] if owed else [])
        elif what == "discount":
            visit._discount(part(visit.amount_list * share / 10), self.reason)
        elif what == "reprice":
            visit.sudo().override_reason = "test"
            line = visit.line_ids[0]
            line.with_user(self.owner).price_unit = part(line.price_unit * (0.5 + share))
        elif what == "unmatch":
            visit.sudo().move_ids.line_ids.remove_move_reconcile()
        elif what == "cancel":
            visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        elif what == "keep":
            visit.action_keep_deposit()
        else:
            visit.sudo().override_reason = "test"
            getattr(visit, {"done": "action_done", "reopen": "action_reopen"}[what])()

    def check(self, income, before):
        visits, compare = self.visits, self.company.currency_id.compare_amounts
        lines = visits.line_ids
        # What is billed and not refunded is the income of services; kept deposits come to it.
        billed = sum(lines.mapped("amount_billed")) - sum(lines.mapped("amount_refunded"))
        report = self.env["salon.revenue.report"].search([("visit_id", "in", visits.ids)])
        fees = sum(report.mapped("amount_other"))
        self.assertEqual(compare(self.income() - income, billed + fees), 0)
        # The facts of done visits are their bills and what is not billed yet.
        done = visits.filtered(lambda visit: visit.state == "done").line_ids
        facts = sum(report.mapped("amount_net"))
        expected = sum(done.mapped("price_total")) - sum(done.mapped("amount_refunded"))
        self.assertEqual(compare(facts, expected), 0)
        # Liabilities are what the visits show.
        deposits = self.balance(self.kinds["deposit"]) - before["deposit"]
        self.assertEqual(compare(-deposits, sum(visits.mapped("amount_deposit"))), 0)
        self.assertEqual(compare(before["tip"] - self.balance(self.kinds["tip"]), sum(visits.mapped("amount_tip"))), 0)
        for visit in visits:
            self.assertGreaterEqual(visit.amount_deposit, 0)
            self.assertGreaterEqual(visit.amount_due, 0)
            payments = self.env["account.payment"].search([("salon_visit_id", "=", visit.id)])
            received = sum(payments.mapped("amount_signed"))
            self.assertEqual(compare(received, visit.amount_paid + visit.amount_tip), 0)
            self.assertEqual(compare(visit.amount_tip, sum(visit.tip_ids.mapped("amount"))), 0)
            for line in visit.line_ids:
                self.assertLessEqual(line.amount_refunded, line.amount_billed)
                self.assertLessEqual(compare(line.amount_billed, line.price_total), 0)
            if visit.payment_state == "paid":
                self.assertEqual(compare(visit.amount_due, 0), 0)
