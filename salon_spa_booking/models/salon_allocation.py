from odoo import fields, models

from odoo.addons.salon_spa.tools import placing


class SalonAllocation(models.Model):
    _inherit = "salon.allocation"

    requirement_id = fields.Many2one(
        "salon.requirement", ondelete="set null", index="btree_not_null", help="What the service needs it for."
    )
    block_id = fields.Many2one("salon.block", string="Repeated Block", ondelete="set null", index="btree_not_null")

    def _place(self, vals_list, wants, taken, seats):
        """Equipment that stands in a room serves only there."""
        stands_in = self.env["salon.room"]._places(vals_list[0]["company_id"]).stands_in if vals_list else {}
        if not any(one in stands_in for choices, *_span in wants for one in choices):
            return super()._place(vals_list, wants, taken, seats)

        def allowed(index, resource_id, chosen):
            room = stands_in.get(resource_id)
            return not room or room in [
                one
                for one, vals in zip(chosen, vals_list, strict=False)
                if vals["line_id"] == vals_list[index]["line_id"]
            ]

        return placing.place(wants, taken, seats, allowed)

    def _unplaced_message(self, vals_list, index, taken):
        vals = vals_list[index]
        if "choices" not in vals:
            return super()._unplaced_message(vals_list, index, taken)
        line = self.env["salon.visit.line"].browse(vals["line_id"])
        requirement = self.env["salon.requirement"].sudo().browse(vals["requirement_id"])
        return line._no_place_message(requirement, vals["start"], vals["stop"], bool(vals["choices"]))

    def _free_instead(self, resource, line, also_taken):
        """A room that is taken keeps the line's own master from the time."""
        if line and resource.resource_type == "material":
            return line._free_instead(line.employee_id)
        return super()._free_instead(resource, line, also_taken)
