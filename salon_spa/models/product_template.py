from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_salon_service = fields.Boolean(index=True)
    salon_group_id = fields.Many2one("salon.service.group", string="Service Group", index="btree_not_null")
    is_book_online = fields.Boolean(string="Bookable Online", default=True)
    salon_color = fields.Integer()
    contraindication_ids = fields.Many2many("salon.contraindication", string="Contraindications")
    client_sex = fields.Selection([("female", "Women only"), ("male", "Men only")])
    client_age_min = fields.Integer()
    client_age_max = fields.Integer()
