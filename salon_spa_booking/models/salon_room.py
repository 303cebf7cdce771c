from odoo import api, fields, models, tools


class SalonRoom(models.Model):
    """A room, a cabinet or a chair that a visit takes for its time."""

    _name = "salon.room"
    _description = "Room"
    _inherit = ["salon.place.mixin"]

    type_ids = fields.Many2many("salon.room.type", string="Types", help="What the room is good for.")
    color = fields.Integer()
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
        """Return the company's rooms and equipment in use, the first to be taken first, as plain values.

        A room that is good for less comes before one that is good for more, a smaller one before a larger one.

        :return: ``({room type id: (room resource ids)}, {equipment type id: (resource ids)}, {resource id: resource id
            of the room that the equipment stands in}, {resource id: resource.calendar id})``
        """
        domain = [("company_id", "=", company_id)]
        rooms = self.sudo().search(domain).sorted(lambda room: (len(room.type_ids), room.capacity))
        equipment = self.env["salon.equipment"].sudo().search(domain)
        by_room_type, by_equipment_type = {}, {}
        for room in rooms:
            for kind in room.type_ids:
                by_room_type.setdefault(kind.id, []).append(room.resource_id.id)
        for one in equipment:
            by_equipment_type.setdefault(one.type_id.id, []).append(one.resource_id.id)
        return (
            {kind: tuple(ids) for kind, ids in by_room_type.items()},
            {kind: tuple(ids) for kind, ids in by_equipment_type.items()},
            {one.resource_id.id: one.room_id.resource_id.id for one in equipment if one.room_id},
            {
                one.resource_id.id: one.resource_calendar_id.id
                for places in (rooms, equipment)
                for one in places
                if one.resource_calendar_id
            },
        )
