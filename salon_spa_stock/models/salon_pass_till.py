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
