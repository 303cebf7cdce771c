from odoo import fields, models


class SalonVisitLine(models.Model):
    _inherit = "salon.visit.line"

    salon_sold_move_ids = fields.One2many("stock.move", "salon_sold_line_id", string="Goods Given", readonly=True)

    def _salon_stock_location(self):
        """Return where the goods of the line are taken from."""
        self.ensure_one()
        return self.company_id._salon_stock_location()

    def _salon_delivered(self):
        """Return {line: quantity that has left the stock as goods sold}, in the product's unit."""
        moves = self.env["stock.move"].sudo().search([("salon_sold_line_id", "in", self.ids), ("state", "=", "done")])
        result = dict.fromkeys(self, 0.0)
        for move in moves:
            line = move.salon_sold_line_id.with_env(self.env)
            if move.product_id != line.product_id:
                continue
            if move.location_dest_id.usage == "customer":
                result[line] += move.quantity
            elif move.location_id.usage == "customer":
                result[line] -= move.quantity
        return result

    def _salon_deliver(self):
        """Take the products of done visits out of stock, however they are paid for; a second call moves nothing.

        A product that is sold in a visit leaves the stock with the visit. A till or an invoice that bills such a line
        must not move it once more.
        """
        lines = self.sudo().filtered(
            lambda line: line.kind == "product" and line.state == "done" and line.product_id.is_storable
        )
        self._salon_move_sold([(line, line.quantity - done) for line, done in lines._salon_delivered().items()])

    def _salon_take_back(self):
        """Put the products of reopened visits back on the shelf."""
        lines = self.sudo().filtered(lambda line: line.kind == "product" and line.state != "done")
        self._salon_move_sold([(line, -done) for line, done in lines._salon_delivered().items()])

    def _salon_move_sold(self, wanted):
        """Move sold goods to the client (quantity above zero) or back, the batches that were given."""
        customers = self.env.ref("stock.stock_location_customers")
        rows = []
        for line, quantity in wanted:
            uom = line.product_id.uom_id
            if uom.is_zero(quantity):
                continue
            shelf = line._salon_stock_location()
            source, target = (shelf, customers) if quantity > 0 else (customers, shelf)
            given = line.salon_sold_move_ids.filtered(
                lambda move: move.state == "done" and not move.origin_returned_move_id
            )
            values = {
                "salon_sold_line_id": line.id,
                "origin": line.visit_id.display_name,
                "company_id": line.company_id.id,
            }
            lots = None
            if quantity < 0:
                values["origin_returned_move_id"] = given[-1:].id
                lots = [(row.lot_id, row.quantity_product_uom) for row in given[-1:].move_line_ids]
                if uom.compare(sum(amount for _lot, amount in lots), -quantity):
                    lots = [(lots[0][0] if lots else self.env["stock.lot"], -quantity)]
            rows.append(
                {
                    "product": line.product_id.with_company(line.company_id),
                    "quantity": abs(quantity),
                    "source": source,
                    "target": target,
                    "lots": lots,
                    "values": values,
                }
            )
        if rows:
            self.env["stock.move"]._salon_move_now(rows)
