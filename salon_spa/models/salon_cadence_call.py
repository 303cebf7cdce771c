from odoo import fields, models


class SalonCadenceCall(models.Model):
    _name = "salon.cadence.call"
    _description = "Call to a Due Client"

    cadence_id = fields.Many2one("salon.cadence", required=True, ondelete="cascade", index=True)
