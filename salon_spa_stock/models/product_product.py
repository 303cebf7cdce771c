from odoo import api, models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        # Before Odoo's own defaults come in, which would win over those of the use.
        template = self.env["product.template"]
        return super().create([template._salon_with_use_values(vals) for vals in vals_list])

    def _salon_need(self, days):
        """Return {product: quantity that booked visits will use}, in the product's unit, of the next ``days`` days.

        Nothing is forecast here: recipes say what a visit uses.
        """
        return dict.fromkeys(self, 0.0)

    def _salon_days_of_cover(self, days=30):
        """Return {product: days that the stock on hand lasts}; None without a need to divide by."""
        need = self._salon_need(days)
        return {
            product: max(product.qty_available, 0.0) / (need[product] / days) if need.get(product) else None
            for product in self
        }

    def _salon_to_unit(self, quantity, uom):
        """Return a quantity given in ``uom`` in the product's unit.

        :raise UserError: the unit is of another kind
        """
        self.ensure_one()
        if not uom._has_common_reference(self.uom_id):
            raise UserError(
                self.env._(
                    "%(product)s is kept in %(unit)s and can't be counted in %(other)s.",
                    product=self.display_name,
                    unit=self.uom_id.name,
                    other=uom.name,
                )
            )
        return uom._compute_quantity(quantity, self.uom_id, rounding_method="HALF-UP")

    def _salon_pick_lots(self, location, quantity):
        """Return [(stock.lot, quantity)] of the batches at a location, those that expire first coming first.

        What the batches don't hold is taken from the last of them, which goes negative; a product that is not kept by
        batches gives one empty lot.
        """
        self.ensure_one()
        if self.tracking == "none":
            return [(self.env["stock.lot"], quantity)]
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search([("product_id", "=", self.id), ("location_id", "=", location.id), ("lot_id", "!=", False)])
        )
        held = {}
        for quant in quants:
            held[quant.lot_id] = held.get(quant.lot_id, 0.0) + quant.quantity
        lots = sorted(
            held, key=lambda lot: (lot.expiration_date is False, lot.expiration_date or lot.create_date, lot.id)
        )
        picked, rest = [], quantity
        for lot in lots:
            taken = min(rest, held[lot])
            if self.uom_id.compare(taken, 0) > 0:
                picked.append((lot, taken))
                rest = self.uom_id.round(rest - taken)
        if self.uom_id.compare(rest, 0) > 0:
            last = picked.pop() if picked else (lots[-1] if lots else self._salon_unknown_lot(location), 0.0)
            picked.append((last[0], last[1] + rest))
        return picked

    def _salon_unknown_lot(self, location):
        """Return the batch that goods are taken from when nobody has entered one yet."""
        self.ensure_one()
        lots = self.env["stock.lot"].sudo()
        found = lots.search(
            [("product_id", "=", self.id), ("company_id", "in", (location.company_id.id, False))], limit=1
        )
        return found or lots.create(
            {"name": self.env._("Unknown batch"), "product_id": self.id, "company_id": location.company_id.id}
        )
