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

    def _field_to_sql(self, alias, field_expr, query=None):
        # To sort or group by a field of another record Odoo checks the access as superuser.
        if field_expr in self._salon_hidden_fields():
            self._check_field_access(self._fields[field_expr], "read")
        return super()._field_to_sql(alias, field_expr, query)
