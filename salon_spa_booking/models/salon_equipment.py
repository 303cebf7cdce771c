from odoo import fields, models


class SalonEquipment(models.Model):
    """A device that a service takes for one of its phases; it moves about, or stands in one room."""

    _name = "salon.equipment"
    _description = "Equipment"
    _inherit = ["salon.place.mixin"]

    type_id = fields.Many2one("salon.equipment.type", required=True, ondelete="restrict", index=True)
    room_id = fields.Many2one(
        "salon.room",
        string="Stands in",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Empty: it is carried to wherever it is needed.",
    )
