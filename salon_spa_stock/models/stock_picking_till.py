from odoo import api, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _create_picking_from_pos_order_lines(self, location_dest_id, lines, picking_type, partner=False):
        """A product that is a line of a visit leaves the stock with the visit, and comes back by it."""
        lines = lines.filtered(lambda line: not line.salon_line_id)
        return super()._create_picking_from_pos_order_lines(location_dest_id, lines, picking_type, partner)
