from odoo import fields, models
from odoo.exceptions import UserError

from ..models.salon_visit_line import CLOSED


class SalonGradeChange(models.TransientModel):
    """Another grade from a day on: the past keeps the old one, and so do visits that are not priced anew."""

    _name = "salon.grade.change"
    _description = "Change of Grade"

    employee_id = fields.Many2one("hr.employee", string="Master", required=True, ondelete="cascade")
    grade_id = fields.Many2one("salon.grade", string="New Grade", required=True, ondelete="cascade")
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._salon_today())
    future_visits = fields.Selection(
        [("keep", "Keep the prices that clients were told"), ("reprice", "Price them by the new grade")],
        string="Booked Visits",
        required=True,
        default="keep",
    )

    def action_apply(self):
        """Start the grade on its day and, when asked, price this master's later visits anew."""
        self.ensure_one()
        if self.date_from < self.employee_id.company_id._salon_today() and self.future_visits == "reprice":
            raise UserError(
                self.env._("Visits can be priced anew from today at the earliest: choose a later day, or keep them.")
            )
        self.employee_id._salon_set_grade(self.grade_id, self.date_from)
        if self.future_visits == "reprice":
            self.env["salon.visit.line"].search(
                [
                    ("employee_id", "=", self.employee_id.id),
                    ("date", ">=", self.date_from),
                    ("state", "not in", CLOSED),
                    ("price_source", "!=", "manual"),
                ]
            )._reprice()
        return {"type": "ir.actions.act_window_close"}
