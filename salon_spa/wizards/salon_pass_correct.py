from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class SalonPassCorrect(models.TransientModel):
    """A manager gives a pass more time, another owner or other numbers, with a reason that its history keeps."""

    _name = "salon.pass.correct"
    _description = "Extend or Correct a Pass"
    _inherit = ["salon.dialog.mixin"]

    pass_id = fields.Many2one("salon.pass", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(related="pass_id.kind")
    expiry_date = fields.Date(related="pass_id.expiry_date", string="Valid until Now")
    days = fields.Integer("Extend by, Days", help="Below zero takes days back.")
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        required=True,
        ondelete="cascade",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('is_client_card', '=', True)]",
    )
    line_ids = fields.One2many(
        "salon.pass.correct.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    reason = fields.Char(required=True)

    @api.depends("pass_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.pass_id.partner_id

    @api.depends("pass_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"line_id": line.id, "sessions": line.sessions, "amount": line.amount})
                    for line in wizard.pass_id.line_ids
                ),
            ]

    def action_apply(self):
        """Change the pass; what is added is a gift, and when nothing is left to use, its value becomes income.

        :raise UserError: fewer sessions than were used, or nothing was changed
        """
        self.ensure_one()
        self.pass_id._check_manager()
        record = self.pass_id.sudo()
        record._lock()
        texts = []
        if self.days:
            before = record.expiry_date
            record.extension_days += self.days
            record.warned_date = False
            if record.expiry_date and record.expiry_date >= record.company_id._salon_today():
                record._revive()
            if before:
                texts.append(self.env._("valid until %(date)s", date=format_date(self.env, record.expiry_date)))
        if self.partner_id != record.partner_id:
            texts.append(self.env._("owner %(client)s", client=self.partner_id.name))
            record.partner_id = self.partner_id
            record.member_ids -= self.partner_id
        for row in self.line_ids:
            texts += row._apply()
        if not texts and not self.days:
            raise UserError(self.env._("Change something first: the days, the owner or the numbers."))
        record.message_post(
            body=self.env._(
                "Corrected: %(what)s. %(reason)s",
                what=", ".join(texts) or self.env._("%(days)d days more", days=self.days),
                reason=self.reason,
            )
        )
        return {"type": "ir.actions.act_window_close"}


class SalonPassCorrectLine(models.TransientModel):
    _name = "salon.pass.correct.line"
    _description = "Numbers of a Pass"
    _inherit = ["salon.dialog.mixin"]

    wizard_id = fields.Many2one("salon.pass.correct", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="line_id.currency_id")
    line_id = fields.Many2one("salon.pass.line", required=True, ondelete="cascade")
    service_text = fields.Char(related="line_id.service_text")
    used = fields.Integer(related="line_id.used")
    amount_used = fields.Monetary(related="line_id.amount_used")
    sessions = fields.Integer()
    amount = fields.Monetary("Sum")

    def _apply(self):
        """Bring the pass line to these numbers and return what was changed, in words."""
        self.ensure_one()
        line = self.line_id.sudo()
        if line.pass_id != self.wizard_id.pass_id:
            raise UserError(self.env._("These numbers are another pass's."))
        compare = line.currency_id.compare_amounts
        if self.sessions < line.used or compare(self.amount, line.amount_used) < 0:
            raise UserError(
                self.env._("%(used)s is used already: a pass can't give less.", used=line.used or line.amount_used)
            )
        if self.sessions == line.sessions and not compare(self.amount, line.amount):
            return []
        line.write({"sessions": self.sessions, "amount": line.currency_id.round(self.amount)})
        if not line.left and compare(line.amount_left, 0) <= 0:
            kept = line.value
            line._close_rest()
            # What expired, or was given back, is not there any more.
            line.pass_id._break(min(kept - line.value, line.pass_id.value_left), self.env._("corrected"))
        return [f"{line.service_text}: {line.left_text}"]
