from odoo import fields, models


class SalonPreference(models.Model):
    _name = "salon.preference"
    _description = "Client Preference"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
