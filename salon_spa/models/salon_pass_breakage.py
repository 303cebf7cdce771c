from odoo import fields, models

from .salon_visit_line import BOOKKEEPERS


class SalonPassBreakage(models.Model):
    """Value of passes that became income without a service: expired, lost by a missed visit, kept at a refund."""

    _name = "salon.pass.breakage"
    _description = "Breakage of a Pass"
    _order = "date desc, id desc"
    _rec_name = "pass_id"

    pass_id = fields.Many2one("salon.pass", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="pass_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    use_id = fields.Many2one("salon.pass.use", string="Missed", ondelete="restrict", index="btree_not_null")
    date = fields.Date("Day", required=True, readonly=True, index=True)
    value = fields.Monetary(required=True, readonly=True, help="Without tax; below zero when it was taken back.")
    move_id = fields.Many2one(
        "account.move", string="Entry", ondelete="restrict", index="btree_not_null", readonly=True, groups=BOOKKEEPERS
    )
