from odoo import api, fields, models
from odoo.exceptions import UserError

# Changes of these decide what can be booked where.
_SHAPE = {"active", "company_id", "resource_calendar_id", "capacity", "sequence", "type_ids", "type_id", "room_id"}


class SalonPlaceMixin(models.AbstractModel):
    """What a service needs besides people: a resource with a number of seats and, if need be, opening hours."""

    _name = "salon.place.mixin"
    _description = "Room or Equipment"
    _inherit = ["resource.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(related="resource_id.name", store=True, readonly=False, required=True)
    active = fields.Boolean(related="resource_id.active", store=True, readonly=False, default=True)
    sequence = fields.Integer(
        default=10,
        help="Of several that serve, the first in the list is taken first; but a room that is good for more, or larger,"
        " is spared.",
    )
    capacity = fields.Integer(
        "Seats", related="resource_id.salon_capacity", store=True, readonly=False, default=1, required=True
    )
    resource_calendar_id = fields.Many2one(
        string="Opening Hours", default=False, help="Empty: whenever masters work."
    )
    note = fields.Text()

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if _SHAPE & set(vals):
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        resources = self.resource_id
        result = super().unlink()
        resources.unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_without_history(self):
        used = self.env["salon.allocation"].sudo().search([("resource_id", "in", self.resource_id.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "%(place)s has been in use: archive it, so that the history stays whole.",
                    place=used.resource_id.name,
                )
            )

    def _prepare_resource_values(self, vals, tz):
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        return {
            **super()._prepare_resource_values(vals, tz or company.salon_tz),
            "resource_type": "material",
            "calendar_id": vals.get("resource_calendar_id"),
            "salon_capacity": vals.get("capacity", 1),
            "active": vals.get("active", True),
        }
