from odoo import api, models, tools
from odoo.fields import Domain

from .base import COLLEAGUES


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    @tools.ormcache("user_id")
    def _salon_denied_contacts(self, user_id):
        """Tell whether the user works in the salon and may not see clients' numbers. Kept, as every search asks."""
        user = self.sudo().browse(user_id)
        return user.has_group("salon_spa.group_salon_master") and not user.has_group("salon_spa.group_salon_phone")

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        users = self
        if self._salon_denies_contacts():
            # Odoo asks for the login first. A client's login is an address; colleagues are found by theirs.
            self._salon_check_domain(Domain(domain or Domain.TRUE))
            domain = Domain(domain or Domain.TRUE) & Domain("share", "=", False)
            users = self.with_context(salon_colleagues=COLLEAGUES)
        return super(ResUsers, users).name_search(name, domain, operator, limit)

    @api.model
    def _search_display_name(self, operator, value):
        if not self.env.su and self._salon_denied_contacts(self.env.uid):
            return Domain("name", operator, value)
        return super()._search_display_name(operator, value)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # Users are always sorted by login in the end, which tells nothing of it.
        users = self.sudo() if field_name == "login" else self
        return super(ResUsers, users)._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _get_portal_access_update_body(self, access_granted):
        # The note of it stands where masters read, who may not see the client's address.
        body = super()._get_portal_access_update_body(access_granted)
        return body.replace(f" ({self.partner_id.email})", "") if self.partner_id.is_client_card else body
