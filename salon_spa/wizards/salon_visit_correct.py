from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonVisitCorrect(models.TransientModel):
    """Sets right payments of a visit that were noted in the wrong register, or with too large an amount."""

    _name = "salon.visit.correct"
    _description = "Correct the Payments"
    _inherit = ["salon.dialog.mixin"]

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="visit_id.company_id")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    line_ids = fields.One2many(
        "salon.visit.correct.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    amount_less = fields.Monetary("Left as a Debt", compute="_compute_amount_less")
    reason = fields.Char(required=True)

    @api.depends("visit_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "number": payment.id,
                            "date": payment.date,
                            "journal_id": payment.journal_id.id,
                            "amount": payment.amount,
                        }
                    )
                    for payment in wizard.visit_id._payments_taken()
                ),
            ]

    @api.depends("line_ids.amount")
    def _compute_amount_less(self):
        for wizard in self:
            noted = sum(wizard.visit_id._payments_taken().mapped("amount")) if wizard.visit_id else 0
            wizard.amount_less = max(0.0, noted - sum(wizard.line_ids.mapped("amount")))

    def action_apply(self):
        """Correct what differs from what was noted.

        :raise UserError: nothing does
        """
        self.ensure_one()
        changes = {}
        taken = {payment.id: payment for payment in self.visit_id._payments_taken()}
        for line in self.line_ids:
            payment = taken.get(line.number, self.env["account.payment"])
            same = payment.journal_id == line.journal_id
            if not same or self.currency_id.compare_amounts(payment.amount, line.amount):
                changes[payment] = (line.journal_id, line.amount)
        if not changes:
            raise UserError(self.env._("Choose the right register, or write the right amount."))
        self.visit_id._correct_payments(changes, self.reason)
        return {"type": "ir.actions.act_window_close"}


class SalonVisitCorrectLine(models.TransientModel):
    _name = "salon.visit.correct.line"
    _description = "Correction of a Payment"

    wizard_id = fields.Many2one("salon.visit.correct", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    # The desk has no right to see payments themselves.
    number = fields.Integer(readonly=True)
    date = fields.Date("Day", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Register", required=True, ondelete="cascade")
    amount = fields.Monetary(required=True)
