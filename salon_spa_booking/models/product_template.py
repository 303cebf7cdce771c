from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    requirement_ids = fields.One2many("salon.requirement", "product_tmpl_id", string="Room and Equipment", copy=True)
