from odoo import fields, models


class SalonServiceGroup(models.Model):
    _name = "salon.service.group"
    _description = "Service Group"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
