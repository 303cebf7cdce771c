from odoo.tests import tagged

from .common_till import TillCase


@tagged("post_install", "-at_install")
class TestPaymentReport(TillCase):
    def rows(self):
        self.env.flush_all()
        rows = self.env["salon.payment.report"].search([("company_id", "=", self.company.id)])
        return sorted((row.journal_id.type, row.direction, row.amount) for row in rows)

    def test_each_payment_once(self):
        """Closing the session posts sums of what the report tells one by one."""
        before = self.rows()
        session = self.open_session()
        self.sell(session, (self.shampoo, 1, 20.0), client=self.clara)
        self.sell(session, (self.mask, 1, 30.0), payments={"Card": 25.0, "Cash": 5.0}, client=self.clara)
        wanted = sorted([*before, ("cash", "in", 20.0), ("cash", "in", 5.0), ("bank", "in", 25.0)])
        self.assertEqual(self.rows(), wanted)
        self.assertTrue(self.close(session, 25.0)["successful"])
        self.assertEqual(session.state, "closed")
        self.assertEqual(self.rows(), wanted)
        mine = self.env["salon.payment.report"].with_user(self.desk).search([("partner_id", "=", self.clara.id)])
        self.assertEqual(sum(mine.mapped("amount")), 50.0)
        self.assertEqual(set(mine.mapped("date")), {self.company._salon_today()})
