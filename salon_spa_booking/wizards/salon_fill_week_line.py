from markupsafe import Markup

from odoo import api, fields, models


class SalonFillWeekLine(models.TransientModel):
    """A call that is proposed: to whom, for what, with whom and when."""

    _name = "salon.fill.week.line"
    _description = "Proposed Call"
    _order = "sequence, id"

    fill_id = fields.Many2one("salon.fill.week", string="Dialog", required=True, ondelete="cascade")
    sequence = fields.Integer()
    source = fields.Char(required=True, help="Where the wish comes from: the due list or the waitlist.")
    source_id = fields.Integer("Wish", required=True)
    cadence_id = fields.Many2one("salon.cadence", compute="_compute_cadence_id")
    partner_id = fields.Many2one("res.partner", string="Client", required=True, ondelete="cascade")
    phone_display = fields.Char(related="partner_id.phone_display")
    service_text = fields.Char("Service")
    employee_id = fields.Many2one("hr.employee.public", string="Master")
    start = fields.Datetime()
    time_text = fields.Char("Time")
    reason_text = fields.Char("Because")
    currency_id = fields.Many2one(related="fill_id.currency_id")
    value = fields.Monetary(
        "Expected",
        help="The chance that the client comes, times the average ticket. The chance is highest for who is just due, "
        "at the usual weekday and hour with the usual master, and falls with each of these that differs and with each "
        "interval overdue; who waits for such a time is nearly sure.",
    )
    is_chosen = fields.Boolean("Call", default=True)
    visit_id = fields.Many2one("salon.visit", string="Booked", readonly=True, ondelete="set null")
    result_text = fields.Char("Result", compute="_compute_result_text")

    @api.depends("source", "source_id")
    def _compute_cadence_id(self):
        for line in self:
            line.cadence_id = line.source == "due" and line.source_id

    @api.depends("visit_id", "cadence_id.last_call_text", "cadence_id.last_call_at")
    def _compute_result_text(self):
        for line in self:
            line.result_text = False
            if line.visit_id:
                line.result_text = self.env._("Booked")
            elif line.cadence_id.last_call_at and line.cadence_id.last_call_at >= line.create_date:
                line.result_text = line.cadence_id.last_call_text

    def action_book(self):
        """Book the client at the proposed time; the row shows it.

        :raise UserError: somebody was faster
        """
        self.ensure_one()
        employee = self.env["hr.employee"].sudo().browse(self.employee_id.id)
        windows = self.env["salon.free.window"].with_company(self.fill_id.company_id)
        windows._check_desk()
        self.visit_id = windows._book(self.source, self.source_id, employee, self.start)

    def action_later(self):
        """Ask when to call again."""
        return self.cadence_id.action_later()

    def action_refused(self):
        """Ask why the client does not want to come."""
        return self.cadence_id.action_refused()

    def action_open_visit(self):
        """Open the visit that was booked."""
        return self.visit_id._open_form()

    def _schedule_calls(self, user):
        """Make each row a call of ``user`` for today; a client who is to be called already gets the new time."""
        # What follows is by sudo, and the rows may say anything.
        self.cadence_id.check_access("write")
        waiting = self.filtered(lambda line: line.source != "due")
        self.env["salon.waitlist"].browse(waiting.mapped("source_id")).check_access("write")
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        call = self.env.ref("mail.mail_activity_data_call")
        for line in self.with_context(lang=user.lang):
            if line.source == "due":
                vals = line.cadence_id.sudo()._prepare_call_activity(user, self.fill_id.company_id._salon_today())
                known = [("salon_cadence_id", "=", line.source_id)]
            else:
                vals = {
                    "res_model_id": self.env["ir.model"]._get_id("salon.waitlist"),
                    "res_id": line.source_id,
                    "activity_type_id": call.id,
                    "summary": self.env._("%(service)s is free", service=line.service_text),
                    "user_id": user.id,
                    "date_deadline": self.fill_id.company_id._salon_today(),
                    "automated": True,
                }
                known = [
                    ("res_model", "=", "salon.waitlist"),
                    ("res_id", "=", line.source_id),
                    ("activity_type_id", "=", call.id),
                ]
            offer = self.env._(
                "Offer: %(time)s with %(master)s, %(service)s.",
                time=line.time_text,
                master=line.employee_id.name,
                service=line.service_text,
            )
            vals["note"] = Markup("<p>%s</p>%s") % (offer, vals.get("note") or "")
            activity = activities.search(known, limit=1)
            if activity:
                activity.write({"note": vals["note"], "summary": vals["summary"]})
            else:
                activities.create(vals)
