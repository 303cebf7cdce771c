from odoo import fields, models


class SalonGrade(models.Model):
    _name = "salon.grade"
    _description = "Master Grade"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
