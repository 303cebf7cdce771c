from odoo import models


class SalonExportMixin(models.AbstractModel):
    """Lets managers only export the records, and keeps who exported what."""

    _name = "salon.export.mixin"
    _description = "Logged Export"
