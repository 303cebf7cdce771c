from odoo import api, models
from odoo.exceptions import UserError


class SalonGuardMixin(models.AbstractModel):
    """Keeps the stored read-only fields (states, totals, moments) from being written over RPC.

    Odoo itself hides such fields in screens only. The model's own methods go through ``_salon_keeps`` or ``sudo``.
    """

    _name = "salon.guard.mixin"
    _description = "Guarded Fields"

    def _salon_keeps(self):
        """Tell whether the present call may write what only the model's own methods keep."""
        return self.env.su

    @api.model
    def _salon_kept_from_create(self):
        """Return the names of read-only fields that a record gets when it is created and keeps from then on."""
        return set()

    @api.model
    def _salon_kept(self, names):
        """Return those of the field ``names`` that only the model's own methods write."""
        fields = [self._fields[name] for name in names if name in self._fields]
        return [field for field in fields if field.store and field.readonly]

    @api.model
    def _salon_check_kept(self, names):
        kept = self._salon_kept(names)
        if kept:
            raise UserError(
                self.env._(
                    "These values follow from the visit itself and can't be written: %(fields)s.",
                    fields=", ".join(field._description_string(self.env) for field in kept),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        if self._salon_keeps():
            return super().create(vals_list)
        names = {name for vals in vals_list for name in vals}
        self._salon_check_kept(names - self._salon_kept_from_create())
        # A default in the caller's context is a value too.
        kept = {f"default_{field.name}" for field in self._salon_kept(self._fields)} - {"default_company_id"}
        context = {key: value for key, value in self.env.context.items() if key not in kept}
        # The whole context is replaced, as keys have to go from it.
        guarded = self.with_context(context)  # pylint: disable=context-overridden
        return super(SalonGuardMixin, guarded).create(vals_list)

    def write(self, vals):
        if not self._salon_keeps():
            self._salon_check_kept(vals)
        return super().write(vals)
