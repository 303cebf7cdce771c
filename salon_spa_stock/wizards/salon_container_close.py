from odoo import fields, models

from ..models.salon_container import CLOSE_REASONS


class SalonContainerClose(models.TransientModel):
    _name = "salon.container.close"
    _description = "Close Opened Containers"

    container_ids = fields.Many2many("salon.container", string="Containers", required=True)
    reason = fields.Selection(CLOSE_REASONS, required=True, default="used_up")

    def action_apply(self):
        self.container_ids._close(self.reason)
