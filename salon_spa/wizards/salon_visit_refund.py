from odoo import Command, api, fields, models

from ..models.account_journal import REGISTERS


class SalonVisitRefund(models.TransientModel):
    """Give back what a client paid: services in full or in part, or a deposit."""

    _name = "salon.visit.refund"
    _description = "Refund"
    _inherit = ["salon.dialog.mixin"]

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="visit_id.company_id")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    line_ids = fields.One2many(
        "salon.visit.refund.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    is_everything = fields.Boolean("Everything")
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain=REGISTERS,
    )
    amount = fields.Monetary("To Give Back", compute="_compute_amount")
    amount_debt = fields.Monetary(
        "Off the Debt", compute="_compute_amount", help="Charged and never paid: taken off the debt, not paid out."
    )
    reason = fields.Char(required=True)

    @api.depends("visit_id")
    def _compute_journal_id(self):
        for wizard in self:
            # Money goes back the way it came: most of it, when it came several ways.
            taken = wizard.visit_id._payments_taken().sorted("amount")[-1:].journal_id
            wizard.journal_id = taken or wizard.visit_id.company_id._salon_registers()[:1]

    @api.depends("visit_id")
    def _compute_line_ids(self):
        for wizard in self:
            visit = wizard.visit_id
            commands = [
                Command.create({"line_id": line.id, "name": line.product_id.display_name, "limit": limit})
                for line in visit.line_ids
                if (limit := visit.currency_id.round(line.amount_billed - line.amount_refunded)) > 0
            ]
            if visit.currency_id.compare_amounts(visit.amount_deposit, 0) > 0:
                commands.append(Command.create({"name": self.env._("Deposit"), "limit": visit.amount_deposit}))
            wizard.line_ids = [Command.clear(), *commands]

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for wizard in self:
            total = sum(wizard.line_ids.mapped("amount"))
            owed = max(0.0, wizard.visit_id.sudo()._open_amount())
            wizard.amount_debt = min(total, owed)
            wizard.amount = total - wizard.amount_debt

    @api.onchange("is_everything")
    def _onchange_is_everything(self):
        for line in self.line_ids:
            line.amount = line.limit if self.is_everything else 0

    def action_apply(self):
        """Give the money back."""
        self.ensure_one()
        visit = self.visit_id
        amounts = {line.line_id: line.amount for line in self.line_ids if not self.currency_id.is_zero(line.amount)}
        payments = []
        if not self.currency_id.is_zero(self.amount):
            payments.append((visit.company_id._salon_checked_register(self.journal_id), self.amount))
        visit._refund(amounts, payments, self.reason)
        return {"type": "ir.actions.act_window_close"}


class SalonVisitRefundLine(models.TransientModel):
    _name = "salon.visit.refund.line"
    _description = "Refund of a Service"

    wizard_id = fields.Many2one("salon.visit.refund", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    line_id = fields.Many2one("salon.visit.line", readonly=True, ondelete="cascade", help="Empty: the deposit.")
    name = fields.Char("What", readonly=True)
    limit = fields.Monetary("Charged", readonly=True)
    amount = fields.Monetary("Give Back")
