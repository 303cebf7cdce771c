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

    def _sell(self, product, partner, company, payments=(), discount=0.0, reason=None):
        sold = super()._sell(product, partner, company, payments, discount, reason)
        sold.sudo().move_line_ids.move_id._salon_earn_points(partner)
        return sold

    def _refund(self, amount, payments, reason):
        super()._refund(amount, payments, reason)
        sold = self.sudo()
        bills = sold.move_line_ids.move_id.filtered(lambda move: move.move_type == "out_invoice")
        for document in [*sold.pos_line_id.order_id, *bills]:
            document._salon_take_points_back(amount, sold)
