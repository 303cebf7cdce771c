from odoo import fields, models
from odoo.exceptions import UserError


class SalonConsent(models.Model):
    """What a client agreed to, or took back. Rows are added and not changed; the newest one counts."""

    _name = "salon.consent"
    _description = "Client Consent"
    _order = "date desc, id desc"
    _rec_name = "channel"

    partner_id = fields.Many2one("res.partner", string="Client", required=True, ondelete="cascade", index=True)
    channel = fields.Selection(
        [
            ("sms", "SMS"),
            ("call", "Call"),
            ("whatsapp", "WhatsApp"),
            ("telegram", "Telegram"),
            ("viber", "Viber"),
            ("email", "E-mail"),
        ],
        required=True,
        default="sms",
    )
    purpose = fields.Selection(
        [("service", "About visits"), ("marketing", "Marketing"), ("photo", "Use of photos")],
        required=True,
        default="marketing",
    )
    granted = fields.Boolean(default=True, help="Switched off: the client took the consent back.")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="Taken by", default=lambda self: self.env.user, ondelete="set null")
    note = fields.Char(help="How the consent was given: a signed form, a message, by word.")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A client's word stays as it was said: add a line with the new one."))
