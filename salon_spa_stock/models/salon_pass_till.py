from odoo import api, fields, models


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

    @api.depends("pos_line_id.refund_orderline_ids.order_id.state")
    def _compute_sale(self):
        super()._compute_sale()

    def _refunded_value(self):
        """A till that was offline may have given the money back: of several passes of one line the last ones."""
        value = super()._refunded_value()
        back = self.pos_line_id.refund_orderline_ids.filtered(lambda line: line.order_id.state in ("paid", "done"))
        units = -sum(back.mapped("qty"))
        if units and self.source_number > self.pos_line_id._salon_whole() - units:
            value -= self.currency_id.round(sum(line._salon_given("price_subtotal") for line in back) / units)
        return value

    def _refund(self, amount, payments, reason):
        super()._refund(amount, payments, reason)
        order = self.sudo().pos_line_id.order_id
        if order:
            order._salon_take_points_back(amount, self.sudo())
