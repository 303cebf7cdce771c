from odoo import fields, models


class SalonTip(models.Model):
    _inherit = "salon.tip"

    pos_line_id = fields.Many2one(
        "pos.order.line", string="Receipt", ondelete="restrict", index="btree_not_null", readonly=True
    )

    _once_a_receipt = models.UniqueIndex(
        "(pos_line_id, employee_id) WHERE pos_line_id IS NOT NULL", "This tip was shared already."
    )
