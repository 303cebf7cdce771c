from odoo import fields, models


class SalonEquipmentType(models.Model):
    """What a device is: a laser, a solarium, a steamer. Services ask for a type."""

    _name = "salon.equipment.type"
    _description = "Equipment Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    _name_unique = models.UniqueIndex("((name->>'en_US'))", "There is such an equipment type already.")
