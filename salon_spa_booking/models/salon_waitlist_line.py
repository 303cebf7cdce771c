from odoo import api, fields, models


class SalonWaitlistLine(models.Model):
    """A service that a client waits for."""

    _name = "salon.waitlist.line"
    _description = "Service Waited for"
    _order = "sequence, id"

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
        domain="[('is_master', '=', True)]",
        help="Empty: anybody who performs the service.",
    )

    guest = fields.Integer("Person", default=1, help="Who has the same number is one person; persons begin together.")
    is_parallel = fields.Boolean("At Once", help="At the same time as the service before it, by another master.")

    @api.depends("product_id", "employee_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = ", ".join(filter(None, [line.product_id.display_name, line.employee_id.name]))
