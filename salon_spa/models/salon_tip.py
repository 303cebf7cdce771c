from odoo import fields, models

from .salon_visit_line import BOOKKEEPERS


class SalonTip(models.Model):
    """What a client gave for one master, over and above the bill: the salon owes it to the master."""

    _name = "salon.tip"
    _description = "Tip"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "employee_id"
    _check_company_auto = True

    visit_id = fields.Many2one("salon.visit", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="visit_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="visit_id.partner_id", string="Client")
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

    _amount_not_zero = models.Constraint("CHECK(amount <> 0)", "A tip is an amount.")
