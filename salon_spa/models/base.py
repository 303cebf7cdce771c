from copy import copy

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

# The fields of the card that must not come before the eyes of who may not see a client's number or address.
CONTACT_FIELDS = frozenset(
    {
        "phone",
        "phone_sanitized",
        "phone_mobile_search",
        "email",
        "email_normalized",
        "email_formatted",
        "duplicate_partner_ids",
        "duplicate_partner_id",
    }
)
# Fields of other models, of addons that may be absent too, that hold such a thing without being related to the card's;
# with the field of the card that it is most often a copy of, empty where nothing tells whose it is.
CONTACT_COPIES = {
    "mail.guest": {"email": ""},
    "mail.message": {
        "email_from": "author_id.email",
        "reply_to": "author_id.email",
        "incoming_email_to": "",
        "incoming_email_cc": "",
        "outgoing_email_to": "",
    },
    "mail.notification": {"mail_email_address": "res_partner_id.email", "sms_number": "res_partner_id.phone"},
    "res.users": {"login": "partner_id.email"},
}
# What a company has on its door.
PUBLIC_CONTACTS = {"res.company"}

# Passed in the context where only colleagues are looked for; an object, so that no remote caller can forge it.
COLLEAGUES = object()


def _guarded_field_access(model):
    """Return the method that tells whether a user may read or write a field of ``model``, a class of the registry."""

    def _has_field_access(self, field, operation):
        if field.name in self._salon_hidden and self._salon_refuses(field, operation):
            return False
        return super(model, self)._has_field_access(field, operation)

    return _has_field_access


class Base(models.AbstractModel):
    _inherit = "base"

    # Names of the fields that hold a number or an address that may be a client's; set when the models are set up.
    _salon_hidden = frozenset()

    def _post_model_setup__(self):
        super()._post_model_setup__()
        names = {name for name, field in self._fields.items() if self._salon_leads_to_contact(field)}
        copies = CONTACT_COPIES.get(self._name, {}).keys() & self._fields.keys()
        model = type(self)
        model._salon_hidden = frozenset() if self._name in PUBLIC_CONTACTS else frozenset(names | copies)
        if model._salon_hidden:
            # On the few models that need it only: every reading of a field by a user goes through this method.
            model._has_field_access = _guarded_field_access(model)

    @api.model
    def _salon_leads_to_contact(self, field):
        while field.related:
            field = field.related_field
        return field.model_name == "res.partner" and field.name in CONTACT_FIELDS

    def _salon_contact_owners(self, name):
        """Return whose numbers or addresses the hidden field holds in these records, and whether that is sure.

        :return: ``(partners as superuser, bool)``; without a record at hand (search, sort, group) nothing is sure
        """
        copied_from = CONTACT_COPIES.get(self._name, {}).get(name)
        path, _dot, last = (self._fields[name].related or copied_from or "").rpartition(".")
        partners, sure = self.env["res.partner"].sudo(), bool(self)
        for record in self.sudo():
            if record[name]:
                more, all_sure = record.mapped(path)._salon_contact_owners(last) if path else (partners, False)
                partners, sure = partners | more, sure and all_sure
        return partners, sure

    def _salon_refuses(self, field, operation):
        """Tell whether the hidden field may hold a number or an address of a client that is none of the user's."""
        if not self._salon_denies_contacts():
            return False
        # Colleagues and companies keep their numbers, users with a portal login are clients too.
        partners, sure = self._salon_contact_owners(field.name)
        return not sure or any(partner.partner_share and not partner.is_company for partner in partners)

    def _field_to_sql(self, alias, field_expr, query=None):
        # To sort or group by a field of another record Odoo checks the access as superuser.
        if field_expr in self._salon_hidden:
            self._check_field_access(self._fields[field_expr], "read")
        return super()._field_to_sql(alias, field_expr, query)

    def _field_store_repr(self, field):
        return [self._salon_store_field(field)]

    def _salon_store_field(self, field):
        """Keep from what is sent to browsers, for the chatter, the numbers and addresses that may be a client's.

        What is sent does not ask who looks, as it may go on to others: clients go there by name. A list of messages
        that goes to the reader alone (salon_store in the context) shows what the reader may see.
        """
        name = field if isinstance(field, str) else getattr(field, "field_name", None)
        if name not in self._salon_hidden:
            return field
        attribute = Store.Attr(name) if isinstance(field, str) else field
        # A copy, as the caller may send the same attribute of other records.
        guarded = copy(attribute)
        guarded.predicate = lambda record: (
            record._salon_may_send(name) and (not attribute.predicate or attribute.predicate(record))
        )
        return guarded

    def _salon_may_send(self, name):
        store = self.env.context.get("salon_store")
        if not (isinstance(store, Store) and store.target.is_current_user(self.env)):
            partners, sure = self._salon_contact_owners(name)
            if not sure or any(partners.mapped("is_client_card")):
                return False
        return self.sudo(False).with_context(salon_store=None)._has_field_access(self._fields[name], "read")

    def _salon_denies_contacts(self):
        """Tell whether reading a client's number is refused: to people of the salon who may not see it, and not in
        code that runs as superuser."""
        return (
            not self.env.su
            and self.env["res.users"]._salon_denied_contacts(self.env.uid)
            and self.env.context.get("salon_colleagues") is not COLLEAGUES
        )

    def _salon_blank_fields(self, specification):
        """Return the fields among ``specification`` that this user's screens show empty."""
        names = self._salon_hidden.intersection(specification or ())
        if not names or not self._salon_denies_contacts():
            return ()
        return [name for name in names if not self._has_field_access(self._fields[name], "read")]

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self._salon_denies_contacts():
            self._salon_check_domain(Domain(domain))
        return super()._search(domain, *args, **kwargs)

    def _salon_check_domain(self, domain):
        """Refuse a search that looks into a hidden field, by whatever path.

        Odoo does not check the access to fields that are found by a method or by way of another record.

        :raise AccessError: when there is such a field in ``domain``
        """
        for condition in domain.iter_conditions():
            model = self
            for name in condition.field_expr.split("."):
                field = model._fields.get(name) if model is not None else None
                if not field:
                    model = None
                    break
                if name in model._salon_hidden:
                    model._check_field_access(field, "read")
                model = self.env[field.comodel_name] if field.comodel_name else None
            if model is not None and isinstance(condition.value, (Domain, list, tuple)) and "any" in condition.operator:
                model._salon_check_domain(Domain(condition.value))

    # Screens made by other addons ask for the phone as for any field. They get it empty instead of an error, while
    # every other way to read it (read, search, group, sort, export) is refused by _has_field_access.

    @api.model
    @api.readonly
    def web_search_read(self, domain, specification, offset=0, limit=None, order=None, count_limit=None):
        blank = self._salon_blank_fields(specification)
        if not blank:
            return super().web_search_read(domain, specification, offset, limit, order, count_limit)
        kept = {name: spec for name, spec in specification.items() if name not in blank}
        result = super().web_search_read(domain, kept, offset, limit, order, count_limit)
        for values in result["records"]:
            values.update(dict.fromkeys(blank, False))
        return result

    @api.readonly
    def web_read(self, specification):
        blank = self._salon_blank_fields(specification)
        if not blank:
            return super().web_read(specification)
        values_list = super().web_read({name: spec for name, spec in specification.items() if name not in blank})
        for values in values_list:
            values.update(dict.fromkeys(blank, False))
        return values_list

    def onchange(self, values, field_names, fields_spec):
        blank = self._salon_blank_fields(fields_spec)
        if not blank:
            return super().onchange(values, field_names, fields_spec)
        return super().onchange(
            {name: value for name, value in values.items() if name not in blank},
            [name for name in field_names if name not in blank],
            {name: spec for name, spec in fields_spec.items() if name not in blank},
        )

    @api.model
    def get_views(self, views, options=None):
        result = super().get_views(views, options)
        if self._salon_denies_contacts():
            attributes = [
                name
                for name in self._get_view_field_attributes()
                if name not in ("searchable", "sortable", "groupable")
            ]
            for name, info in result["models"].items():
                model = self.env[name]
                for fname in model._salon_hidden - info["fields"].keys():
                    description = model._fields[fname].get_description(self.env, attributes=attributes)
                    description["readonly"] = True
                    info["fields"][fname] = description
        return result

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        # Messages to clients, whose addresses would be proposed here, are written by those who may see them.
        try:
            return super()._message_get_suggested_recipients_batch(*args, **kwargs)
        except AccessError:
            if not self._salon_denies_contacts():
                raise
            return {record.id: [] for record in self}
