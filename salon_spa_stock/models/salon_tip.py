from odoo import api, fields, models


class SalonTip(models.Model):
    _inherit = "salon.tip"

    pos_line_id = fields.Many2one(
        "pos.order.line", string="Receipt", ondelete="restrict", index="btree_not_null", readonly=True
    )

    @api.depends("pos_line_id.order_id.company_id", "pos_line_id.order_id.partner_id")
    def _compute_whose(self):
        super()._compute_whose()
        for tip in self.filtered(lambda tip: not tip.visit_id):
            order = tip.pos_line_id.order_id
            tip.company_id = order.company_id
            tip.partner_id = order.partner_id

    _once_a_receipt = models.UniqueIndex(
        "(pos_line_id, employee_id) WHERE pos_line_id IS NOT NULL", "This tip was shared already."
    )
