from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..tools import prepaid
from .salon_pass import CLOSED_PASS, DESK

# In these states of its visit a service can go by a pass.
_SERVED = ("booked", "confirmed", "arrived", "done")


class SalonPassLine(models.Model):
    """What a pass gives: sessions of some services, or a sum to pay them from, and what is left of it.

    ``used`` and ``amount_used`` are counters that the database keeps within what was sold, whoever writes them.
    """

    _name = "salon.pass.line"
    _description = "Sessions of a Pass"
    _inherit = ["salon.pass.services", "salon.guard.mixin"]
    _order = "pass_id, sequence, id"

    pass_id = fields.Many2one("salon.pass", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="pass_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10, readonly=True)
    product_ids = fields.Many2many(readonly=True)
    categ_ids = fields.Many2many(readonly=True)
    sessions = fields.Integer(readonly=True, default=0)
    used = fields.Integer("Sessions Used", readonly=True, default=0, help="Sessions used, of visits to come too.")
    left = fields.Integer(compute="_compute_left", store=True)
    amount = fields.Monetary("Sum", readonly=True, default=0)
    amount_used = fields.Monetary("Spent", readonly=True, default=0)
    amount_left = fields.Monetary("Balance", compute="_compute_left", store=True)
    left_text = fields.Char("What Is Left", compute="_compute_left_text")
    value = fields.Monetary(
        "Paid Value", readonly=True, groups=DESK, help="Its part of the price of the pass, without tax."
    )
    use_ids = fields.One2many("salon.pass.use", "pass_line_id", readonly=True)

    _within_sessions = models.Constraint(
        "CHECK(used >= 0 AND used <= sessions)", "No session is left on this pass: another desk has used it."
    )
    _within_sum = models.Constraint(
        "CHECK(amount_used >= 0 AND amount_used <= amount)", "The balance of this pass can't be below zero."
    )

    @api.depends("sessions", "used", "amount", "amount_used")
    def _compute_left(self):
        for line in self:
            line.left = line.sessions - line.used
            line.amount_left = line.amount - line.amount_used

    @api.depends("left", "sessions", "amount_left", "amount")
    @api.depends_context("lang")
    def _compute_left_text(self):
        for line in self:
            by_sum = line.pass_id.kind == "sum"
            line.left_text = self.env._(
                "%(left)s of %(total)s left",
                left=line.currency_id.format(line.amount_left) if by_sum else line.left,
                total=line.currency_id.format(line.amount) if by_sum else line.sessions,
            )

    @api.depends("pass_id.name", "product_ids", "categ_ids", "left_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.pass_id.name}, {line.service_text}: {line.left_text}"

    def _obstacle(self, line):
        """Return why the visit line can't go by this pass as ``(code, sentence)``, None when it can.

        The code is "expired" for what a manager may do all the same.
        """
        self.ensure_one()
        own = self.pass_id
        names = {"pass": own.name, "service": line.product_id.display_name, "client": line.client_id.name or ""}
        day = line.date or own.company_id._salon_today()
        if line.kind != "service" or line.cancelled or line.visit_id.state not in _SERVED:
            return "state", self.env._("Only a service of a booked visit can go by a pass.")
        if own.company_id != line.company_id:
            return "company", self.env._("%(pass)s was sold in another company.", **names)
        if not line.client_id or line.client_id not in own.partner_id | own.member_ids:
            return "client", self.env._("%(pass)s does not belong to %(client)s.", **names)
        if own.state in CLOSED_PASS:
            return "closed", self.env._("Nothing is left on %(pass)s.", **names)
        if not self._covers(line.product_id):
            return "service", self.env._("%(pass)s is not for %(service)s.", **names)
        if self.left <= 0 and self.currency_id.compare_amounts(self.amount_left, 0) <= 0:
            return "left", self.env._("No session of %(service)s is left on %(pass)s.", **names)
        if line.currency_id.compare_amounts(line._coverable(), 0) <= 0:
            return "free", self.env._("There is nothing left to pay for %(service)s.", **names)
        if self.sessions and line.currency_id.compare_amounts(line.amount_billed, line.amount_refunded) > 0:
            return "billed", self.env._("%(service)s is on a bill: refund it first.", **names)
        frozen = own._freeze_on(day)
        if frozen:
            until = format_date(self.env, frozen.date_to)
            return "frozen", self.env._("%(pass)s is frozen until %(until)s.", until=until, **names)
        expiry = own._expiry_from(own._start_on(day))
        if expiry and day > expiry:
            date = format_date(self.env, expiry)
            return "expired", self.env._("%(pass)s was valid until %(date)s.", date=date, **names)
        return None

    def _cover(self, line, taken=0):
        """Return what of the visit line this pass would pay as ``(sessions, amount with tax)``.

        :param taken: sessions, or amount, that other lines are to take before
        """
        self.ensure_one()
        due = line._coverable()
        if not self.sessions:
            return 0, max(0.0, min(due, line.currency_id.round(self.amount_left - taken)))
        wanted = max(1, int(line.quantity))
        sessions = max(0, min(wanted, self.left - taken))
        amount = due if sessions == wanted else line.currency_id.round(due * sessions / wanted)
        return sessions, amount

    def _spend(self, line, reason=None):
        """Take from the pass what the visit line needs, at once.

        :return: salon.pass.use
        """
        self.ensure_one()
        sessions, amount = self._cover(line)
        spent = sum(use.value for use in self.use_ids if not use.returned_at)
        parts = (self.sessions, self.left, sessions) if self.sessions else (self.amount, self.amount_left, amount)
        value = prepaid.part_value(self.value, spent, *parts, self.currency_id.rounding)
        value = max(0.0, min(value, self.pass_id.value_left))
        if self.sessions:
            self.used += sessions
        else:
            self.amount_used += amount
        use = self.env["salon.pass.use"].create(
            {
                "pass_id": self.pass_id.id,
                "pass_line_id": self.id,
                "line_id": line.id,
                "visit_id": line.visit_id.id,
                "client_id": line.client_id.id,
                "product_id": line.product_id.id,
                "sessions": sessions,
                "amount": amount,
                "value": value,
                "user_id": self.env.uid,
                "reason": reason,
            }
        )
        self.flush_recordset()
        return use

    def _close_rest(self):
        """Take away what is not used, with the value that was paid for it."""
        for line in self:
            line.write(
                {
                    "sessions": line.used,
                    "amount": line.amount_used,
                    "value": sum(use.value for use in line.use_ids if not use.returned_at),
                }
            )
