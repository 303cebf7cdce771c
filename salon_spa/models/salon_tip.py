from odoo import api, fields, models

from .salon_visit_line import BOOKKEEPERS


class SalonTip(models.Model):
    """What a client gave for one master, over and above the bill: the salon owes it to the master."""

    _name = "salon.tip"
    _description = "Tip"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "employee_id"
    _check_company_auto = True

    visit_id = fields.Many2one(
        "salon.visit", ondelete="restrict", index=True, readonly=True, help="Empty for a sale without a visit."
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_whose", store=True, precompute=True, required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Client", compute="_compute_whose", store=True, precompute=True, index="btree_not_null"
    )
    employee_id = fields.Many2one(
        "hr.employee", string="Master", required=True, ondelete="restrict", index=True, readonly=True
    )
    date = fields.Date("Day", required=True, index=True, readonly=True, help="The salon's day of the payment.")
    amount = fields.Monetary(required=True, readonly=True, help="Below zero when the tip was given back.")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Bill",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        groups=BOOKKEEPERS,
    )

    payout_id = fields.Many2one(
        "salon.expense", ondelete="restrict", index="btree_not_null", readonly=True, copy=False
    )
    is_paid_out = fields.Boolean(
        "Paid Out", compute="_compute_is_paid_out", store=True, compute_sudo=True, help="The master has the money."
    )

    _amount_not_zero = models.Constraint("CHECK(amount <> 0)", "A tip is an amount.")

    @api.depends("visit_id.company_id", "visit_id.partner_id")
    def _compute_whose(self):
        """Take the company and the client from the document that the tip came with."""
        for tip in self:
            tip.company_id = tip.visit_id.company_id
            tip.partner_id = tip.visit_id.partner_id

    @api.depends("payout_id.state")
    def _compute_is_paid_out(self):
        for tip in self:
            tip.is_paid_out = tip.payout_id.state == "entered"

    @api.model
    def _not_paid_out(self, company, employees=None):
        """Return the tips (as superuser) of a company that its masters, or some of them, still wait for."""
        domain = [("company_id", "=", company.id), ("is_paid_out", "=", False)]
        if employees is not None:
            domain.append(("employee_id", "in", employees.ids))
        return self.sudo().search(domain)

    def action_pay_out(self):
        """Open the form that pays tips out, for the master of the chosen tips when they are of one."""
        context = {"default_kind": "tip"}
        if len(self.employee_id) == 1:
            context["default_employee_id"] = self.employee_id.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Out Tips"),
            "res_model": "salon.expense",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }
