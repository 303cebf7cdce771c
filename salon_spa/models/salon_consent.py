from odoo import fields, models


class SalonConsent(models.Model):
    _name = "salon.consent"
    _description = "Client Consent"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
