from odoo import fields, models


class SalonPass(models.Model):
    _inherit = "salon.pass"

    pos_line_id = fields.Many2one(
        "pos.order.line",
        string="Receipt Line",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        help="The line of the till's receipt that the pass was sold by.",
    )

    _till_once = models.UniqueIndex("(pos_line_id, source_number) WHERE pos_line_id IS NOT NULL")

    def _refund(self, amount, payments, reason):
        super()._refund(amount, payments, reason)
        order = self.sudo().pos_line_id.order_id
        if order:
            order._salon_take_points_back(amount, self.sudo())
