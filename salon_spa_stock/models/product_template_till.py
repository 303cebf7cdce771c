from odoo import Command, api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _salon_service_vals(self, vals):
        """A new service or pass stands on the till's screen, unless somebody says otherwise."""
        vals = super()._salon_service_vals(vals)
        if not vals.get("is_salon_service") and vals.get("salon_money") != "pass":
            return vals
        name = "service" if vals.get("is_salon_service") else "card"
        category = self.env.ref(f"salon_spa_stock.pos_category_{name}", raise_if_not_found=False)
        button = {"pos_categ_ids": [Command.link(category.id)]} if category else {}
        return {"available_in_pos": True, **button, **vals}

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "salon_money"]

    def _salon_put_on_till(self, category):
        """Show the products on the till's screen, those without a button of their own under ``category``."""
        self.filtered(lambda template: not template.available_in_pos).available_in_pos = True
        if category:
            self.filtered(lambda template: not template.pos_categ_ids).pos_categ_ids = [Command.link(category.id)]
