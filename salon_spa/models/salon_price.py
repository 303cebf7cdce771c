from odoo import fields, models


class SalonPrice(models.Model):
    _name = "salon.price"
    _description = "Dated Price"
    _order = "product_id, date_from desc, id desc"

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    grade_id = fields.Many2one("salon.grade", ondelete="cascade")
    employee_id = fields.Many2one("hr.employee", ondelete="cascade", index="btree_not_null")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(required=True)
