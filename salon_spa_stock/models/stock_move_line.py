from odoo import api, fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    salon_kind = fields.Selection(
        [
            ("received", "Received"),
            ("returned", "Returned to the Supplier"),
            ("used", "Used by a Service"),
            ("unused", "Put Back by a Service"),
            ("sold", "Sold"),
            ("unsold", "Returned by a Client"),
            ("written_off", "Written Off"),
            ("found", "Found"),
            ("missing", "Missing"),
            ("transferred", "Transferred"),
        ],
        string="What Happened",
        compute="_compute_salon_kind",
    )

    salon_uom_name = fields.Char(related="product_id.uom_id.name", string="Unit of the Product")

    @api.depends("location_id", "location_dest_id", "move_id.scrap_id")
    def _compute_salon_kind(self):
        out = {"supplier": "returned", "production": "used", "customer": "sold", "inventory": "missing"}
        back = {"supplier": "received", "production": "unused", "customer": "unsold", "inventory": "found"}
        for row in self:
            source, target = row.location_id.usage, row.location_dest_id.usage
            row.salon_kind = out.get(target) or back.get(source) or "transferred"
            losses = (row.company_id or self.env.company)._salon_loss_locations()
            if target == "inventory" and (row.move_id.scrap_id or row.location_dest_id in losses):
                row.salon_kind = "written_off"
