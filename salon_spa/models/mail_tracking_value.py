from odoo import models

from .base import CONTACT_FIELDS


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _filter_free_field_access(self):
        # What goes by mail to every follower may not hold a client's old and new number.
        return (
            super()
            ._filter_free_field_access()
            .filtered(lambda value: value.field_id.model != "res.partner" or value.field_id.name not in CONTACT_FIELDS)
        )
