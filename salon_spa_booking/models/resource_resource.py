from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.salon_spa.tools import roster


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    salon_room_ids = fields.One2many("salon.room", "resource_id", string="Rooms")
    salon_equipment_ids = fields.One2many("salon.equipment", "resource_id", string="Equipment")

    def write(self, vals):
        if not vals.get("active", True) or "company_id" in vals:
            self._salon_check_place_free()
        if {"salon_capacity", "active", "company_id", "calendar_id"} & set(vals):
            self.env.registry.clear_cache()
        return super().write(vals)

    def _salon_check_place_free(self):
        """:raise UserError: visits ahead take one of these rooms or devices"""
        places = self.sudo().filtered(lambda resource: resource.resource_type == "material")
        counts = self.env["salon.allocation"].sudo()._read_group(
            [("resource_id", "in", places.ids), ("kind", "!=", "block"), ("stop", ">", fields.Datetime.now())],
            ["resource_id"],
            ["visit_id:count_distinct"],
        )
        if counts:
            raise UserError(
                self.env._(
                    "Visits still ahead: %(places)s. Choose another room or device for them first.",
                    places=", ".join(f"{place.name} ({count})" for place, count in counts),
                )
            )

    @api.model
    def _salon_open_spans(self, resource_ids, company, start, stop, otherwise=None):
        """Return the opening hours between two moments (naive UTC) of those of the resources that have any, or
        a leave of their own.

        :param otherwise: sorted spans in which the resources without opening hours are open, but for their leaves; all
            of them are in the result then
        :return: ``{resource id: [(start, stop), ...]}``; a resource without either is open and not in it
        """
        calendar_ids = self.env["salon.room"]._places(company.id).calendars
        resource_ids = list(resource_ids)
        calendars = self.env["resource.calendar"].sudo().browse(
            {calendar_ids[one] for one in resource_ids if one in calendar_ids}
        )
        leaves = self.env["resource.calendar.leaves"].sudo().search(
            Domain("date_from", "<", stop)
            & Domain("date_to", ">", start)
            & (
                Domain("resource_id", "in", resource_ids)
                | (
                    Domain("resource_id", "=", False)
                    & Domain("calendar_id", "in", [*calendars.ids, False])
                    & Domain("company_id", "in", [company.id, False])
                )
            )
        )
        shifts = self.env["salon.shift"]
        hours = {calendar.id: shifts._calendar_spans(calendar, company, start, stop) for calendar in calendars}
        result = {}
        for resource_id in resource_ids:
            calendar_id = calendar_ids.get(resource_id)
            # Holidays of the company close what has opening hours; the rest is open whenever masters work.
            closed = [
                (leave.date_from, leave.date_to)
                for leave in leaves
                if leave.resource_id.id == resource_id
                or (calendar_id and not leave.resource_id and leave.calendar_id.id in (calendar_id, False))
            ]
            if calendar_id or closed or otherwise is not None:
                always = [(start, stop)] if otherwise is None else otherwise
                opened = roster.merge(hours[calendar_id]) if calendar_id else always
                result[resource_id] = roster.clip(roster.subtract(opened, roster.merge(closed)), start, stop)
        return result
