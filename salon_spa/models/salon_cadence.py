from odoo import api, fields, models


class SalonCadence(models.Model):
    _name = "salon.cadence"
    _description = "Due Client"

    client_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", index=True)

    @api.model
    def _rebuild(self, partner_ids=None):
        """Bring the rows of the given clients (all when None) in line with their visits."""
