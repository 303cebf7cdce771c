from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    salon_capacity = fields.Integer(
        "Seats", default=1, required=True, help="How many visits it can take at the same time."
    )

    _salon_capacity_positive = models.Constraint("CHECK(salon_capacity > 0)", "There must be one seat at least.")

    def write(self, vals):
        if "salon_capacity" in vals:
            self._salon_check_seats(vals["salon_capacity"])
        # An employee's own "active" and "company" are written here too, whoever writes them.
        if not vals.get("active", True):
            self._salon_check_no_visits_ahead(
                Domain.TRUE,
                self.env._("Give them to other masters before archiving: Masters, “Reassign visits”."),
            )
        if "company_id" in vals:
            self._salon_check_no_visits_ahead(
                Domain("company_id", "!=", vals["company_id"]),
                self.env._("Give them to other masters before the company is changed: Masters, “Reassign visits”."),
            )
        return super().write(vals)

    def _salon_check_no_visits_ahead(self, domain, advice):
        """:raise UserError: masters among these are booked for services in ``domain``; ``advice`` says what to do"""
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        masters = employees.search([("resource_id", "in", self.ids)])
        if not masters:
            return
        counts = self.env["salon.visit.line"].sudo()._read_group(
            Domain(masters._salon_future_lines_domain()) & domain, ["employee_id"], ["visit_id:count_distinct"]
        )
        if counts:
            raise UserError(
                self.env._(
                    "Visits still ahead: %(masters)s. %(advice)s",
                    masters=", ".join(f"{master.name} ({count})" for master, count in counts),
                    advice=advice,
                )
            )

    def _salon_check_seats(self, capacity):
        """:raise UserError: more than ``capacity`` seats are taken at some time ahead"""
        taken = self.env["salon.allocation"].sudo().search(
            [("resource_id", "in", self.ids), ("seat", ">", capacity), ("stop", ">", fields.Datetime.now())], limit=1
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(resource)s is booked for more than %(capacity)d at once on %(day)s: move those visits first.",
                    resource=taken.resource_id.name,
                    capacity=capacity,
                    day=(taken.company_id or self.env.company)._salon_format(taken.start, "d MMMM, HH:mm"),
                )
            )
