from odoo import models
from odoo.tools import SQL


class SalonPaymentReport(models.Model):
    """Payments at the till, in place of the sums that Odoo posts when a session is closed."""

    _inherit = "salon.payment.report"
    _depends = {
        "account.payment": ["pos_session_id"],
        "pos.order": ["partner_id", "company_id", "user_id", "state"],
        "pos.payment": ["amount", "payment_date", "pos_order_id", "payment_method_id", "is_change"],
        "pos.payment.method": ["journal_id"],
        "res.company": ["salon_tz"],
    }

    def _payments(self):
        return SQL("%s AND payment.pos_session_id IS NULL", super()._payments())

    def _parts(self):
        values = {
            "date": SQL("(paid.payment_date AT TIME ZONE 'UTC' AT TIME ZONE salon.salon_tz)::date"),
            "datetime": SQL("paid.payment_date"),
            "company_id": SQL("receipt.company_id"),
            "partner_id": SQL("receipt.partner_id"),
            "journal_id": SQL("method.journal_id"),
            "user_id": SQL("receipt.user_id"),
            # Change that is given back is no refund.
            "direction": SQL("CASE WHEN paid.amount >= 0 OR paid.is_change THEN 'in' ELSE 'out' END"),
            "amount": SQL("paid.amount"),
        }
        # What goes on a client's account is not paid yet: its method has no journal. A receipt that is still open at
        # the till may have lines of payment, which say only what the cashier has typed.
        source = SQL(
            """pos_payment paid
               JOIN pos_order receipt ON receipt.id = paid.pos_order_id
               JOIN pos_payment_method method ON method.id = paid.payment_method_id
               JOIN res_company salon ON salon.id = receipt.company_id
               WHERE method.journal_id IS NOT NULL AND receipt.state IN ('paid', 'done')"""
        )
        return {**super()._parts(), "till": self._part(1, SQL("paid.id"), values, source)}
