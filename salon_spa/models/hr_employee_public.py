from odoo import fields, models

# This model is a view over hr_version too: its column of the grade must be made first.
from . import hr_version  # noqa: F401


class HrEmployeePublic(models.Model):
    """What masters and administrators may see of a colleague. Who may not read hr.employee reads this instead."""

    _inherit = "hr.employee.public"

    is_master = fields.Boolean(readonly=True)
    salon_grade_id = fields.Many2one("salon.grade", string="Grade", readonly=True)
    salon_color = fields.Integer(readonly=True)
    published_name = fields.Char(readonly=True)
    published_photo = fields.Image(related="employee_id.published_photo", compute_sudo=True)
