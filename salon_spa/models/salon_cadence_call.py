from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SalonCadenceCall(models.Model):
    """What came of a call to a due client. Creating it takes the row off the due list as the outcome says."""

    _name = "salon.cadence.call"
    _description = "Call to a Due Client"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "summary"

    # A call outlives the row, which goes when the visits behind it are reopened or a service changes its group.
    cadence_id = fields.Many2one("salon.cadence", string="Due Client", ondelete="set null", index="btree_not_null")
    client_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    service_name = fields.Char("Service", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Caller", required=True, readonly=True, default=lambda self: self.env.uid, index=True
    )
    date = fields.Datetime("Called", required=True, readonly=True, default=fields.Datetime.now)
    outcome = fields.Selection(
        [("booked", "Booked"), ("later", "Call later"), ("refused", "Refused"), ("wrong_number", "Wrong number")],
        required=True,
    )
    later_date = fields.Date("Call on", default=lambda self: self._later_date(7))
    reason_id = fields.Many2one(
        "salon.reason",
        domain="[('kind', '=', 'refusal')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    note = fields.Char("In Words")
    visit_id = fields.Many2one("salon.visit", readonly=True, ondelete="set null", index="btree_not_null")
    undone = fields.Boolean("Taken Back", readonly=True, help="Somebody put the client back on the list.")
    summary = fields.Char("Result", compute="_compute_summary")

    @api.model
    def _later_date(self, days):
        return self.env.company._salon_today() + timedelta(days=days)

    @api.depends("outcome", "later_date", "reason_id.name", "note", "date", "undone")
    @api.depends_context("lang")
    def _compute_summary(self):
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for call in self:
            what = outcomes.get(call.outcome, "")
            if call.outcome == "later" and call.later_date:
                what = self.env._("Call on %(date)s", date=format_date(self.env, call.later_date))
            elif call.outcome == "refused" and call.reason_id:
                what = self.env._("Refused: %(reason)s", reason=call.reason_id.name)
            if call.undone:
                what = self.env._("%(outcome)s (taken back)", outcome=what)
            when = call.company_id._salon_format(call.date, "d MMM") if call.company_id and call.date else None
            call.summary = ", ".join(filter(None, [what, call.note, when]))

    @api.model_create_multi
    def create(self, vals_list):
        """Note calls by ``cadence_id`` and ``outcome``; who is called, by whom and when follow."""
        self.check_access("create")
        self._salon_keeps() or self._salon_check_kept({name for vals in vals_list for name in vals})
        complete = []
        for vals in vals_list:
            row = self.env["salon.cadence"].browse(vals.get("cadence_id") or self.env.context.get("default_cadence_id"))
            if not row.exists():
                raise UserError(self.env._("This client is no longer due for the service: open the due list anew."))
            row.check_access("write")
            complete.append(
                {
                    **vals,
                    "client_id": row.client_id.id,
                    "company_id": row.company_id.id,
                    "service_name": row.service_name,
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
            )
        calls = super(SalonCadenceCall, self.sudo()).create(complete)
        calls._check_complete()
        for call in calls:
            call._apply()
        return calls.with_env(self.env)

    def write(self, vals):
        result = super().write(vals)
        if {"outcome", "later_date", "reason_id"} & set(vals):
            self._check_complete()
            for call in self.sudo():
                if call.cadence_id.last_call_id == call:
                    call._apply()
        return result

    def _check_complete(self):
        for call in self:
            if call.outcome == "later" and not call.later_date:
                raise UserError(self.env._("Choose the day on which to call again."))
            if call.outcome == "later" and call.later_date <= call.company_id._salon_today():
                raise UserError(self.env._("Choose a day after today on which to call again."))
            if call.outcome == "refused" and not call.reason_id:
                raise UserError(self.env._("Choose the reason why the client does not want to come."))

    def _apply(self):
        """Let the outcome act on the row: its call fields are a copy of its last call. Repeating changes nothing."""
        self.ensure_one()
        row = self.cadence_id
        row.write(
            {
                "last_call_id": self.id,
                "last_call_at": self.date,
                "snooze_until": self.outcome == "later" and self.later_date,
                "refused_at": self.outcome == "refused" and self.date,
                "refusal_reason_id": self.reason_id.id if self.outcome == "refused" else False,
                "wrong_number_at": False,
            }
        )
        if self.outcome == "wrong_number":
            # The number is wrong for every service of the client.
            self.env["salon.cadence"].search([("client_id", "=", row.client_id.id)]).wrong_number_at = self.date
        activities = self.env["mail.activity"].search([("salon_cadence_id", "=", row.id)])
        if activities:
            activities.with_user(self.user_id).sudo().action_feedback(feedback=self.summary)

    def action_later(self):
        """Put the call off by the number of days in the context."""
        self.later_date = self._later_date(self.env.context["salon_days"])
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _note_booked(self, visits):
        """Note the call that led to each visit which was begun from the due list. A second call changes nothing."""
        visits = visits.filtered("cadence_id")
        noted = self.search([("visit_id", "in", visits.ids)]).visit_id
        self.create(
            [
                {"cadence_id": visit.cadence_id.id, "outcome": "booked", "visit_id": visit.id, "later_date": False}
                for visit in visits - noted
            ]
        )
