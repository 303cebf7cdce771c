from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list


class SalonPassServices(models.AbstractModel):
    """Which services a pass is for: some by name, all of some categories, or any."""

    _name = "salon.pass.services"
    _description = "Services of a Pass"

    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        domain="[('is_salon_service', '=', True)]",
        help="Empty, with no category either: any service.",
    )
    categ_ids = fields.Many2many("product.category", string="Categories", help="All services of these categories.")
    service_text = fields.Char("For", compute="_compute_service_text")

    @api.depends("product_ids", "categ_ids")
    @api.depends_context("lang")
    def _compute_service_text(self):
        for record in self:
            names = [*record.product_ids.mapped("display_name"), *record.categ_ids.mapped("name")]
            record.service_text = format_list(self.env, names) if names else self.env._("Any service")

    def _covers(self, product):
        """Tell whether the service is one of those that the pass is for."""
        self.ensure_one()
        if not self.product_ids and not self.categ_ids:
            return True
        paths = [f"/{path}" for path in product.sudo().categ_id.mapped("parent_path")]
        return product in self.product_ids or any(
            f"/{category.id}/" in path for category in self.sudo().categ_ids for path in paths
        )

    def _list_price(self):
        """Return what one session costs by the price list, the mean of the services when they differ."""
        self.ensure_one()
        products = self.product_ids
        if self.categ_ids:
            products |= self.env["product.product"].search(
                Domain("is_salon_service", "=", True) & Domain("categ_id", "child_of", self.categ_ids.ids)
            )
        prices = products.mapped("lst_price")
        return sum(prices) / len(prices) if prices else 0.0
