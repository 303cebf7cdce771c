from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SalonRosterPublish(models.TransientModel):
    """Publish the drafts of a period, or take published shifts back, for some masters or all."""

    _name = "salon.roster.publish"
    _description = "Publish Roster"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._salon_today())
    date_to = fields.Date(
        "To", required=True, default=lambda self: self.env.company._salon_today() + timedelta(days=30)
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Masters",
        domain="[('is_master', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        help="All masters when empty.",
    )
    state = fields.Selection(
        [("published", "Publish drafts"), ("draft", "Take back to draft")],
        string="Action",
        default="published",
        required=True,
    )
    shift_count = fields.Integer("Shifts", compute="_compute_shift_count", help="Shifts that would change.")

    @api.depends("date_from", "date_to", "employee_ids", "state", "company_id")
    def _compute_shift_count(self):
        for wizard in self:
            wizard.shift_count = self.env["salon.shift"].search_count(wizard._get_domain())

    def _get_domain(self):
        self.ensure_one()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
            & Domain("state", "!=", self.state)
        )
        if self.employee_ids:
            domain &= Domain("employee_id", "in", self.employee_ids._origin.ids)
        return domain

    def action_apply(self):
        """Publish or take back.

        :raise UserError: there is nothing to change
        """
        shifts = self.env["salon.shift"].search(self._get_domain())
        if not shifts:
            raise UserError(self.env._("There is no shift to change in this period: choose other days or masters."))
        with shifts._change(shifts.employee_id.ids, shifts._moments()) as outside:
            shifts.with_context(salon_roster_change=True).write({"state": self.state})
        if self.state == "published":
            message = self.env._("%s shifts published.", len(shifts))
        else:
            message = self.env._("%s shifts taken back to draft.", len(shifts))
        return shifts._prepare_done_action(message, outside)
