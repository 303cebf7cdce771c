from odoo import models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def _salon_capacity(self):
        """Return how many seats the resource has, that is how many allocations may stand side by side."""
        self.ensure_one()
        return 1
