from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class Base(models.AbstractModel):
    _inherit = "base"

    def _salon_hidden_fields(self):
        """Return the names of this model's fields that hold a client's number or address."""
        return frozenset()

    def _salon_blank_fields(self, specification):
        """Return the fields among ``specification`` that this user's screens show empty."""
        names = self._salon_hidden_fields().intersection(specification or ())
        if not names or not self.env["res.partner"]._salon_denies_contacts():
            return ()
        return [name for name in names if not self._has_field_access(self._fields[name], "read")]

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env["res.partner"]._salon_denies_contacts():
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
                if name in model._salon_hidden_fields():
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
        if self.env["res.partner"]._salon_denies_contacts():
            attributes = [
                name
                for name in self._get_view_field_attributes()
                if name not in ("searchable", "sortable", "groupable")
            ]
            for name, info in result["models"].items():
                model = self.env[name]
                for fname in model._salon_hidden_fields() - info["fields"].keys():
                    if fname in model._fields:
                        description = model._fields[fname].get_description(self.env, attributes=attributes)
                        description["readonly"] = True
                        info["fields"][fname] = description
        return result

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        # Messages to clients, whose addresses would be proposed here, are written by those who may see them.
        try:
            return super()._message_get_suggested_recipients_batch(*args, **kwargs)
        except AccessError:
            if not self.env["res.partner"]._salon_denies_contacts():
                raise
            return {record.id: [] for record in self}
