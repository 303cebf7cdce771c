from odoo import fields, models


class HrVersion(models.Model):
    _inherit = "hr.version"

    # The grade is dated like the wage: a new version of the employee starts it.
    salon_grade_id = fields.Many2one("salon.grade", string="Grade", index="btree_not_null", ondelete="restrict")
