from odoo import fields, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    is_salon_cash_move = fields.Boolean(
        "Cash In or Out", readonly=True, help="Put into the till's drawer or taken out of it, not paid by a client."
    )
    salon_note = fields.Char("For What", readonly=True, help="What the cash was put in or taken out for.")

    def _salon_reason(self):
        """Return what a cash move is for, as the day's report names it."""
        self.ensure_one()
        return self.salon_note or self.payment_ref
