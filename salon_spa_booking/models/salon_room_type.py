from odoo import fields, models


class SalonRoomType(models.Model):
    """What a room is good for: a cabinet, a hairdresser's chair, a couple's room. Services ask for a type."""

    _name = "salon.room.type"
    _description = "Room Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer("Colour")

    _name_unique = models.UniqueIndex("((name->>'en_US'))", "There is such a room type already.")
