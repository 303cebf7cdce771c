from odoo import fields, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    is_salon_cash_move = fields.Boolean(
        "Cash In or Out", readonly=True, help="Put into the till's drawer or taken out of it, not paid by a client."
    )
    salon_note = fields.Char("For What", readonly=True, help="What the cash was put in or taken out for.")
    salon_category_id = fields.Many2one(
        "salon.money.category",
        string="Category",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="What income or expense it is; empty is cash that only changes its place.",
    )

    def _salon_reason(self):
        """Return what a cash move is for, as the day's report names it."""
        self.ensure_one()
        note = self.salon_note or self.payment_ref
        return f"{self.salon_category_id.name}: {note}" if self.salon_category_id else note
