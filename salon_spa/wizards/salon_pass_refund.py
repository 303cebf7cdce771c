from odoo import api, fields, models

from ..models.account_journal import REGISTERS


class SalonPassRefund(models.TransientModel):
    """Give back the unused part of a pass, at what was paid for it."""

    _name = "salon.pass.refund"
    _description = "Refund of a Pass"
    _inherit = ["salon.dialog.mixin"]

    pass_id = fields.Many2one("salon.pass", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="pass_id.company_id")
    currency_id = fields.Many2one(related="pass_id.currency_id")
    left_text = fields.Char(related="pass_id.left_text", string="Unused")
    limit = fields.Monetary("Worth", compute="_compute_limit", help="The unused part at its paid price, with tax.")
    amount = fields.Monetary(
        "Give Back", compute="_compute_amount", store=True, readonly=False, help="With tax; the rest stays here."
    )
    amount_debt = fields.Monetary("Off the Debt", compute="_compute_paid")
    amount_paid = fields.Monetary("To Give Back", compute="_compute_paid")
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="cascade",
        domain=REGISTERS,
    )
    reason = fields.Char(required=True)

    @api.depends("pass_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard.pass_id.company_id._salon_registers()[:1]

    @api.depends("pass_id")
    def _compute_limit(self):
        for wizard in self:
            wizard.limit = wizard.pass_id._refundable()

    @api.depends("pass_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.pass_id._refundable()

    @api.depends("amount", "pass_id")
    def _compute_paid(self):
        for wizard in self:
            wizard.amount_debt = min(wizard.amount, wizard.pass_id.amount_due)
            wizard.amount_paid = wizard.amount - wizard.amount_debt

    def action_apply(self):
        """Take the pass back and give the money back."""
        self.ensure_one()
        payments = []
        if not self.currency_id.is_zero(self.amount_paid):
            payments.append((self.company_id._salon_checked_register(self.journal_id), self.amount_paid))
        self.pass_id._refund(self.amount, payments, self.reason)
        return {"type": "ir.actions.act_window_close"}
