from odoo import models

from .res_partner import CONTACT_FIELDS


class ResUsers(models.Model):
    _inherit = "res.users"

    def _salon_hidden_fields(self):
        return super()._salon_hidden_fields() | CONTACT_FIELDS

    def _has_field_access(self, field, operation):
        # A client with a portal login is a user too. Colleagues' numbers and one's own stay readable.
        if field.name in CONTACT_FIELDS and self.env["res.partner"]._salon_denies_contacts():
            users = self.sudo()
            if not users or any(user.share for user in users):
                return False
        return super()._has_field_access(field, operation)
