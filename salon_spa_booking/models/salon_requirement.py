from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.phases import PHASES

PHASE_SELECTION = [
    ("prep_minutes", "Preparation"),
    ("active_minutes", "Active"),
    ("processing_minutes", "Processing"),
    ("finishing_minutes", "Finishing"),
    ("cleanup_minutes", "Clean-up"),
]


class SalonRequirement(models.Model):
    """A room or a device that a service needs from one of its phases to another.

    Which one it is, is decided at booking: nobody lists combinations of masters, rooms and devices.
    """

    _name = "salon.requirement"
    _description = "Service Requirement"
    _order = "sequence, id"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Service", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    room_type_id = fields.Many2one("salon.room.type", ondelete="restrict", index="btree_not_null")
    equipment_type_id = fields.Many2one("salon.equipment.type", ondelete="restrict", index="btree_not_null")
    quantity = fields.Integer("How Many", default=1, required=True, help="How many at the same time.")
    first_phase = fields.Selection(PHASE_SELECTION, string="From", default="prep_minutes", required=True)
    last_phase = fields.Selection(PHASE_SELECTION, string="To", default="cleanup_minutes", required=True)

    _one_kind = models.Constraint(
        "CHECK((room_type_id IS NULL) != (equipment_type_id IS NULL))",
        "Choose a room type or an equipment type, and a line of its own for each.",
    )
    _positive_quantity = models.Constraint("CHECK(quantity BETWEEN 1 AND 20)", "The number is between 1 and 20.")

    @api.depends("room_type_id", "equipment_type_id")
    def _compute_display_name(self):
        for requirement in self:
            requirement.display_name = (requirement.room_type_id or requirement.equipment_type_id).display_name

    @api.constrains("first_phase", "last_phase")
    def _check_phases(self):
        for requirement in self:
            if PHASES.index(requirement.first_phase) > PHASES.index(requirement.last_phase):
                raise ValidationError(
                    self.env._("%(what)s: the last phase comes before the first.", what=requirement.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("product_tmpl_id")
    def _of_service(self, product_tmpl_id):
        """Return what a service needs, rooms first: tuples of (id, room type id, equipment type id, number, phases)."""
        rows = self.sudo().search([("product_tmpl_id", "=", product_tmpl_id)])
        return tuple(
            (row.id, row.room_type_id.id, row.equipment_type_id.id, row.quantity, (row.first_phase, row.last_phase))
            for row in rows.sorted(lambda row: not row.room_type_id)
        )

    @api.model
    def _room_type_of(self, product_tmpl_id, company_id):
        """Return the type of the one room that a service needs, and None when it needs several or none, or a device
        that stands in a room decides on it."""
        places = self.env["salon.room"]._places(company_id)
        needs = self._of_service(product_tmpl_id)
        rooms = [(room_type, quantity) for _id, room_type, _equipment_type, quantity, _span in needs if room_type]
        devices = {one for _id, _room, kind, *_rest in needs if kind for one in places.by_equipment_type.get(kind, ())}
        if len(rooms) != 1 or rooms[0][1] != 1 or not devices.isdisjoint(places.stands_in):
            return None
        return rooms[0][0]
