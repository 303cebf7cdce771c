from odoo import api, fields, models

from ..models.account_journal import REGISTERS


class SalonVisitDeposit(models.TransientModel):
    _name = "salon.visit.deposit"
    _description = "Take a Deposit"
    _inherit = ["salon.dialog.mixin"]

    visit_id = fields.Many2one("salon.visit", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="visit_id.company_id")
    currency_id = fields.Many2one(related="visit_id.currency_id")
    amount_total = fields.Monetary(related="visit_id.amount_total")
    amount_deposit = fields.Monetary(related="visit_id.amount_deposit", string="Deposit so Far")
    pass_text = fields.Text("By Pass", compute="_compute_pass_text", help="What no deposit is needed for.")
    amount = fields.Monetary(required=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        required=True,
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        ondelete="cascade",
        domain=REGISTERS,
    )

    @api.depends("visit_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard.visit_id.company_id._salon_registers()[:1]

    @api.depends("visit_id")
    def _compute_pass_text(self):
        for wizard in self:
            proposed = wizard.visit_id._propose_passes() if wizard.visit_id else {}
            wizard.pass_text = "\n".join(
                self.env._(
                    "%(service)s can go by %(pass)s: no deposit is needed for it.",
                    service=line.product_id.display_name,
                    **{"pass": row.sudo().pass_id.display_name},
                )
                for line, row in proposed.items()
            )

    def action_apply(self):
        """Take the deposit."""
        self.ensure_one()
        journal = self.visit_id.company_id._salon_checked_register(self.journal_id)
        self.visit_id._take_deposit(self.amount, journal)
        return {"type": "ir.actions.act_window_close"}
