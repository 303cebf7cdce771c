from odoo import api, models


class SalonDialogMixin(models.AbstractModel):
    """Dialogs show what they are about by related and stored fields, which Odoo reads as superuser: so whoever opens
    one has to be allowed to read it."""

    _name = "salon.dialog.mixin"
    _description = "Salon Dialog"
    # The fields that say what a dialog is about.
    _salon_about = ("visit_id", "pass_id", "line_id")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_about(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_about([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        self._check_about([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_about(self, vals_list):
        """:raise AccessError: it is about what the user may not read, such as another company's visit"""
        for name in self._salon_about:
            if name not in self._fields:
                continue
            default = self.env.context.get(f"default_{name}")
            given = [vals.get(name, default) for vals in vals_list]
            ids = {value.get("id") if isinstance(value, dict) else value for value in given}
            self.env[self._fields[name].comodel_name].browse([id_ for id_ in ids if id_]).check_access("read")
