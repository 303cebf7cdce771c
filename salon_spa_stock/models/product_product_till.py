from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        template = self.env["product.template"]
        return super().create(
            [vals if vals.get("product_tmpl_id") else template._salon_service_vals(vals) for vals in vals_list]
        )
