from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    salon_visit_id = fields.Many2one(
        "salon.visit", string="Visit", index="btree_not_null", ondelete="restrict", readonly=True, copy=False
    )
