from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalonWaitlistLine(models.Model):
    """A service that a client waits for."""

    _name = "salon.waitlist.line"
    _description = "Service Waited for"
    _order = "sequence, id"
    _check_company_auto = True

    waitlist_id = fields.Many2one("salon.waitlist", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="waitlist_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('is_salon_service', '=', True)]",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        domain="[('is_master', '=', True)]",
        help="Empty: anybody who performs the service.",
    )
    client_id = fields.Many2one(
        "res.partner",
        string="Guest",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('is_client_card', '=', True)]",
        help="Who comes along.",
    )
    guest = fields.Integer("Person", default=1, help="Who has the same number is one person; persons begin together.")
    is_parallel = fields.Boolean("At Once", help="At the same time as the service before it, by another master.")

    @api.depends("product_id", "employee_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = ", ".join(filter(None, [line.product_id.display_name, line.employee_id.name]))

    @api.onchange("client_id")
    def _onchange_client_id(self):
        if self.client_id and self.guest == 1:
            self.guest = 2

    @api.constrains("product_id", "employee_id")
    def _check_skilled(self):
        for line in self._unskilled()[:1]:
            raise ValidationError(
                self.env._(
                    "%(master)s does not do %(service)s: choose another master, or leave it to anybody.",
                    master=line.employee_id.name,
                    service=line.product_id.display_name,
                )
            )

    def _client(self):
        """Return whose card the service stands on: that of the guest, or of the client who waits."""
        return self.client_id or self.waitlist_id.partner_id

    def _unskilled(self):
        """Return those of these lines whose master does not do the service, and so never has a time for it.

        A visit to be moved up keeps the masters that it has.
        """
        lines = self.filtered(lambda line: line.employee_id and not line.waitlist_id.visit_id)
        skills = self.env["salon.skill"].sudo().search_fetch(
            [("product_id", "in", lines.product_id.ids), ("employee_id", "in", lines.employee_id.ids)],
            ["product_id", "employee_id"],
        )
        known = {(skill.product_id, skill.employee_id.id) for skill in skills}
        return lines.filtered(lambda line: (line.product_id, line.employee_id.id) not in known)
