from odoo import Command, api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    salon_consumption_id = fields.Many2one(
        "salon.consumption",
        string="Material Used",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What a service took, or gave back.",
    )
    salon_line_id = fields.Many2one(related="salon_consumption_id.line_id", string="Service of the Visit")
    salon_container_id = fields.Many2one(
        "salon.container",
        string="Opened Container",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.model
    def _salon_with_line(self, vals, lot_id=False):
        """Complete the values of a move that is done as soon as it is made by its one line.

        What is tracked by lots and has none, as nothing was ever received, still goes below zero: only for corrections
        of the stock Odoo does without the lot.
        """
        product = self.env["product.product"].browse(vals["product_id"])
        if product.tracking != "none" and not lot_id:
            vals = {"is_inventory": True, "inventory_name": vals.get("origin"), **vals}
        line = {
            "product_id": vals["product_id"],
            "product_uom_id": vals["product_uom"],
            "quantity": vals["product_uom_qty"],
            "location_id": vals["location_id"],
            "location_dest_id": vals["location_dest_id"],
            "lot_id": lot_id,
            "picked": True,
        }
        return {**vals, "move_line_ids": [Command.create(line)]}

    def _should_bypass_reservation(self, forced_location=False):
        # What has been used is gone, whatever is reserved for a transfer; and it was chosen from the shelf already.
        if self.salon_consumption_id or self.salon_container_id:
            return True
        return super()._should_bypass_reservation(forced_location)

    def _skip_push(self):
        # Used up is used up: no route takes it anywhere.
        return bool(self.salon_consumption_id) or super()._skip_push()
