from odoo import api, fields, models


class SalonShift(models.Model):
    _name = "salon.shift"
    _description = "Shift"
    _order = "start, employee_id"

    employee_id = fields.Many2one("hr.employee", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    state = fields.Selection([("draft", "Draft"), ("published", "Published")], default="draft", required=True)

    @api.model
    def _get_working_spans(self, employees, start, stop):
        """Return ``{employee_id: [(start, stop), ...]}`` in naive UTC of when the employees work."""
        return {employee.id: [(start, stop)] for employee in employees}
