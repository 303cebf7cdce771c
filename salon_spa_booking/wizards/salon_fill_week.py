from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonFillWeek(models.TransientModel):
    """Whom to call for the free windows of the coming days: one proposal for all of them at once.

    Each client is asked once at most, each piece of time is promised once, and together the calls are worth as much
    as possible (see ``salon.free.window`` and tools/assignment.py). The desk calls from here, or has the calls made as
    activities, and books who says yes.
    """

    _name = "salon.fill.week"
    _description = "Fill My Week"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    days = fields.Integer("Days Ahead", required=True, default=7, help="From today on, today included.")
    employee_ids = fields.Many2many(
        "hr.employee.public",
        string="Masters",
        domain="[('is_master', '=', True), ('company_id', '=', company_id)]",
        help="Empty: all masters.",
    )
    calls = fields.Integer("Calls at Most", required=True, default=20)
    user_id = fields.Many2one(
        "res.users",
        string="Caller",
        required=True,
        default=lambda self: self.env.company.salon_due_user_id or self.env.user,
        domain="[('share', '=', False)]",
        help="Who gets the calls as activities.",
    )
    line_ids = fields.One2many("salon.fill.week.line", "fill_id", string="Calls")
    has_results = fields.Boolean(compute="_compute_has_results")
    value = fields.Monetary("Expected", compute="_compute_value", help="What the chosen calls are worth together.")

    _days_range = models.Constraint("CHECK(days BETWEEN 1 AND 60)", "Look at 1 to 60 days.")
    _calls_range = models.Constraint("CHECK(calls BETWEEN 1 AND 200)", "Propose 1 to 200 calls.")

    @api.depends("line_ids.value", "line_ids.is_chosen")
    def _compute_value(self):
        for fill in self:
            fill.value = sum(fill.line_ids.filtered("is_chosen").mapped("value"))

    def _compute_display_name(self):
        self.display_name = self.env._("Fill My Week")

    @api.depends("line_ids.result_text")
    def _compute_has_results(self):
        for fill in self:
            fill.has_results = any(line.result_text for line in fill.line_ids)

    @api.model
    def open_proposal(self, days=7, employee_ids=None):
        """Make a proposal and return the action that opens it.

        :param int days: how many days from today on
        :param employee_ids: masters to look at, None for all
        :raise UserError: there is no master to look at
        """
        if employee_ids is not None and not employee_ids:
            raise UserError(self.env._("Choose at least one master whose windows are to be filled."))
        fill = self.create({"days": days, "employee_ids": [Command.set(employee_ids or ())]})
        fill._propose()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill My Week"),
            "res_model": self._name,
            "res_id": fill.id,
            "views": [(False, "form")],
        }

    def action_propose(self):
        """Make the proposal anew; rows that led to a booking stay."""
        self.ensure_one()
        self._propose()

    def action_call(self):
        """Give the chosen calls to the caller as activities, with the proposed time in the note. A second time changes
        nothing: a call that stands there already gets the new time.

        :raise UserError: nothing is chosen
        """
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.is_chosen and not line.visit_id)
        if not chosen:
            raise UserError(self.env._("Choose at least one client to call."))
        chosen._schedule_calls(self.user_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Now among the activities of %(user)s: %(count)s to call.",
                    user=self.user_id.name,
                    count=len(chosen),
                ),
            },
        }

    def _propose(self):
        windows, company = self.env["salon.free.window"].with_company(self.company_id), self.company_id
        windows._check_desk()
        employees = windows._masters(company)
        if self.employee_ids:
            employees = employees.filtered(lambda one: one.id in self.employee_ids.ids)
        self.line_ids.filtered(lambda line: not line.visit_id).unlink()
        fits = windows._propose(company, employees, self.days, self.calls)
        people = windows._prepare_people(company, fits)
        self.line_ids = [
            Command.create(
                {
                    "sequence": 10 + number,
                    "source": person["source"],
                    "source_id": person["source_id"],
                    "partner_id": person["client_id"],
                    "service_text": person["service"],
                    "employee_id": person["employee_id"],
                    "start": person["start"],
                    "time_text": f"{company._salon_format(fit.start, 'EEE, d MMM')}, {person['time']}",
                    "reason_text": ", ".join(person["reasons"]),
                    "value": person["value"],
                }
            )
            for number, (fit, person) in enumerate(zip(fits, people, strict=True))
        ]
