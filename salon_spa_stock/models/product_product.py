from odoo import api, models


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
