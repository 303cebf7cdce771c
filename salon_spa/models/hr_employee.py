from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    is_master = fields.Boolean(index=True)
    salon_grade_id = fields.Many2one(
        related="version_id.salon_grade_id", string="Grade", inherited=True, readonly=False
    )
    salon_skill_ids = fields.One2many("salon.skill", "employee_id", string="Salon Skills")
    salon_shift_ids = fields.One2many("salon.shift", "employee_id", string="Shifts")
    salon_color = fields.Integer()
    published_name = fields.Char()
    published_photo = fields.Image(max_width=1024, max_height=1024)

    def _salon_grade(self, date):
        """Return the grade (salon.grade) that the employee holds on the local ``date``."""
        self.ensure_one()
        return self.sudo()._get_version(date).salon_grade_id
