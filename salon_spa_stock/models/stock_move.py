from odoo import api, fields, models


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
    salon_sold_line_id = fields.Many2one(
        "salon.visit.line",
        string="Sold in Visit",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The line of a visit that the goods were sold by.",
    )
    salon_count_line_id = fields.Many2one("salon.count.line", index="btree_not_null", ondelete="set null")

    @api.depends("origin")
    def _compute_reference(self):
        super()._compute_reference()
        # Without a transfer it is the visit that it is known by; real-time valuation needs a name for its entries.
        for move in self.filtered(lambda move: not move.reference):
            move.reference = move.origin

    @api.model
    def _salon_move_now(self, rows):
        """Move goods at once, without a transfer; what is not there goes negative. By sudo: check the rights before.

        :param rows: list of dicts: ``product`` (product.product), ``quantity`` (above 0, in the product's unit),
            ``source`` and ``target`` (stock.location), ``lots``: [(stock.lot or empty, quantity)] or nothing for those
            that expire first, ``values``: more values of the move
        :return: the moves done
        """
        values = []
        for row in rows:
            product, source, target = row["product"], row["source"], row["target"]
            lots = row.get("lots") or product._salon_pick_lots(source, row["quantity"])
            common = {"product_id": product.id, "location_id": source.id, "location_dest_id": target.id}
            company = source.company_id or target.company_id
            values.append(
                {
                    **common,
                    "company_id": company.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": row["quantity"],
                    "picked": True,
                    "move_line_ids": [
                        fields.Command.create(
                            {
                                **common,
                                "company_id": company.id,
                                "product_uom_id": product.uom_id.id,
                                "quantity": quantity,
                                "lot_id": lot.id,
                                "picked": True,
                            }
                        )
                        for lot, quantity in lots
                    ],
                    **row.get("values", {}),
                }
            )
        moves = self.sudo().create(values)
        return moves.with_context(is_scrap=True)._action_done()

    def _should_bypass_reservation(self, forced_location=False):
        # What has been used is gone, whatever is reserved for a transfer; and it was chosen from the shelf already.
        if self.salon_consumption_id or self.salon_container_id:
            return True
        return super()._should_bypass_reservation(forced_location)

    def _skip_push(self):
        # Used up is used up: no route takes it anywhere.
        return bool(self.salon_consumption_id) or super()._skip_push()
