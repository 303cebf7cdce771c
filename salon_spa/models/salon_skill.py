from odoo import fields, models


class SalonSkill(models.Model):
    _name = "salon.skill"
    _description = "Skill"

    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="employee_id.company_id", store=True)
    active_minutes = fields.Integer()

    _employee_product = models.Constraint("UNIQUE(employee_id, product_id)", "The master already has this skill.")
