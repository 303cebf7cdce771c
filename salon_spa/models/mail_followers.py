from odoo import models

from odoo.addons.mail.tools.discuss import Store


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _salon_hidden_fields(self):
        return super()._salon_hidden_fields() | {"email"}

    def _has_field_access(self, field, operation):
        if field.name == "email" and self.env["res.partner"]._salon_denies_contacts():
            partners = self.sudo().partner_id
            if not partners or any(partner.partner_share for partner in partners):
                return False
        return super()._has_field_access(field, operation)

    def _to_store_defaults(self, target):
        # Followers that are clients are shown by name: whoever looks, the chatter is no place for their addresses.
        return [
            Store.Attr(
                "email",
                predicate=lambda follower: (
                    not follower.sudo().partner_id.is_client_card
                    and follower._has_field_access(follower._fields["email"], "read")
                ),
            )
            if name == "email"
            else name
            for name in super()._to_store_defaults(target)
        ]

    def _field_to_sql(self, alias, field_expr, query=None):
        # To sort or group by a field of another record Odoo checks the access as superuser.
        if field_expr in self._salon_hidden_fields():
            self._check_field_access(self._fields[field_expr], "read")
        return super()._field_to_sql(alias, field_expr, query)
