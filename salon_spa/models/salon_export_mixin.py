from odoo import models
from odoo.exceptions import AccessError


class SalonExportMixin(models.AbstractModel):
    """Lets managers only export the records, and keeps who exported what.

    Every file that Odoo's web client makes of records goes through ``export_data``.
    """

    _name = "salon.export.mixin"
    _description = "Logged Export"

    def _salon_export_records(self):
        """Return the records of ``self`` whose export is the managers' and is logged; all unless overridden."""
        return self

    def export_data(self, fields_to_export):
        """Export as Odoo does, for managers of the salon and for users who have no role in it.

        :raise AccessError: for masters and administrators
        """
        kept = self._salon_export_records()
        if kept:
            self._check_salon_export()
        result = super().export_data(fields_to_export)
        if kept:
            self.env["salon.export.log"].sudo().create(
                {
                    "user_id": self.env.uid,
                    "model_name": self.env["ir.model"]._get(self._name).name,
                    "record_count": len(kept),
                    "field_names": ", ".join(fields_to_export),
                }
            )
        return result

    def _check_salon_export(self):
        user = self.env.user
        if (
            not self.env.su
            and user.has_group("salon_spa.group_salon_master")
            and not user.has_group("salon_spa.group_salon_manager")
        ):
            raise AccessError(self.env._("Only a manager may export the salon's data. Ask your manager for the file."))
