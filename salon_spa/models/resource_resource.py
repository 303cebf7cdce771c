from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def write(self, vals):
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

    def _salon_capacity(self):
        """Return how many seats the resource has, that is how many allocations may stand side by side."""
        self.ensure_one()
        return 1
