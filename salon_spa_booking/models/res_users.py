from odoo import fields, models

CHANNELS = [("none", "Not at all"), ("inbox", "In Odoo"), ("email", "By e-mail")]
NOTICES = ("salon_notice_new", "salon_notice_moved", "salon_notice_cancelled")


class ResUsers(models.Model):
    """How a master hears of own visits that somebody else books, moves or cancels."""

    _inherit = "res.users"

    salon_notice_new = fields.Selection(CHANNELS, string="New Visits", default="inbox", required=True)
    salon_notice_moved = fields.Selection(CHANNELS, string="Moved Visits", default="inbox", required=True)
    salon_notice_cancelled = fields.Selection(CHANNELS, string="Cancelled Visits", default="inbox", required=True)

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *NOTICES]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *NOTICES]
