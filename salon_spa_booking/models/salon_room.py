from typing import NamedTuple

from odoo import api, fields, models, tools


class Places(NamedTuple):
    """The rooms and the equipment of a company as plain values, kept in memory; ids are those of resources."""

    by_room_type: dict  # {room type id: (resource id, ...)}, the first to be taken first
    by_equipment_type: dict  # {equipment type id: (resource id, ...)}, likewise
    stands_in: dict  # {device: room}, of devices that do not move
    calendars: dict  # {resource id: resource.calendar id}, of those with opening hours
    seats: dict  # {resource id: number of seats}
    rooms: dict  # {resource id: salon.room id}

    def pool(self, room_type_id, equipment_type_id):
        """Return the resources that are of the one type or the other."""
        if room_type_id:
            return self.by_room_type.get(room_type_id, ())
        return self.by_equipment_type.get(equipment_type_id, ())

    def has_seats(self, room_type_id, count):
        """Tell whether a room of the type has seats for so many at once."""
        return any(self.seats[one] >= count for one in self.by_room_type.get(room_type_id, ()))


class SalonRoom(models.Model):
    """A room, a cabinet or a chair that a visit takes for its time."""

    _name = "salon.room"
    _description = "Room"
    _inherit = ["salon.place.mixin"]

    type_ids = fields.Many2many("salon.room.type", string="Types", help="What the room is good for.")
    color = fields.Integer("Colour")
    equipment_ids = fields.One2many("salon.equipment", "room_id", string="Equipment in the Room")
    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Services",
        compute="_compute_product_tmpl_ids",
        help="Services that ask for a room of these types.",
    )

    @api.depends("type_ids")
    def _compute_product_tmpl_ids(self):
        requirements = self.env["salon.requirement"].search([("room_type_id", "in", self.type_ids._origin.ids)])
        for room in self:
            own = requirements.filtered(lambda one, room=room: one.room_type_id in room.type_ids._origin)
            room.product_tmpl_ids = own.product_tmpl_id

    @api.model
    @tools.ormcache("company_id")
    def _places(self, company_id):
        """Return the company's rooms and equipment in use, see :class:`Places`.

        A room that is good for less comes before one that is good for more, a smaller one before a larger one.
        """
        domain = [("company_id", "=", company_id)]
        # For everybody the same, whatever the caller's context says of archived ones.
        self = self.with_context(active_test=True)
        rooms = self.sudo().search(domain).sorted(lambda room: (len(room.type_ids), room.capacity))
        equipment = self.env["salon.equipment"].sudo().search(domain)
        by_room_type, by_equipment_type = {}, {}
        for room in rooms:
            for kind in room.type_ids:
                by_room_type.setdefault(kind.id, []).append(room.resource_id.id)
        for one in equipment:
            by_equipment_type.setdefault(one.type_id.id, []).append(one.resource_id.id)
        places = [*rooms, *equipment]
        return Places(
            {kind: tuple(ids) for kind, ids in by_room_type.items()},
            {kind: tuple(ids) for kind, ids in by_equipment_type.items()},
            {one.resource_id.id: one.room_id.resource_id.id for one in equipment if one.room_id},
            {one.resource_id.id: one.resource_calendar_id.id for one in places if one.resource_calendar_id},
            {one.resource_id.id: one.capacity for one in places},
            {room.resource_id.id: room.id for room in rooms},
        )
