from odoo import api, fields, models

from ..models.salon_availability import Wish


class SalonFindTimeLine(models.TransientModel):
    """A service that the client asks for."""

    _name = "salon.find.time.line"
    _description = "Service to Find Time for"
    _order = "sequence, id"

    find_id = fields.Many2one("salon.find.time", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    visit_line_id = fields.Many2one("salon.visit.line")
    product_id = fields.Many2one("product.product", string="Service", domain="[('is_salon_service', '=', True)]")
    # As everywhere, those who may not read employees see the public part of them; the ids are the same.
    employee_ids = fields.Many2many(
        "hr.employee.public",
        string="By",
        domain="[('is_master', '=', True)]",
        help="Empty: anybody who performs the service.",
    )
    client_id = fields.Many2one(
        "res.partner", string="Guest", domain="[('is_client_card', '=', True)]", help="Who comes along."
    )
    guest = fields.Integer("Person", default=1, help="Who has the same number is one person; persons begin together.")
    is_parallel = fields.Boolean("At Once", help="At the same time as the service before it, by another master.")
    wait_minutes = fields.Integer("Wait", help="Minutes that the client may wait before it.")

    _wait_range = models.Constraint("CHECK(wait_minutes BETWEEN 0 AND 480)", "A client waits for 0 to 480 minutes.")

    @api.onchange("client_id")
    def _onchange_client_id(self):
        if self.client_id and self.guest == 1:
            self.guest = 2

    def _masters(self):
        """Return who of those that are asked for performs the service, or has it already in the visit to be moved."""
        self.ensure_one()
        employees = self.env["hr.employee"].browse(self.employee_ids._origin.ids)
        skilled = employees and employees._salon_skilled(self.product_id, self.find_id.company_id._origin)
        return employees & (skilled | self.visit_line_id.employee_id)

    def _wish(self, client, is_first):
        """Return what is asked of the availability."""
        self.ensure_one()
        booked, product = self.visit_line_id, self.product_id._origin
        employees = self._masters()
        parallel = self.is_parallel and not is_first
        if booked.product_id == product:
            return booked._wish(employees, parallel)._replace(client=client, wait=self.wait_minutes)
        return Wish(product, employees, client, None, self.wait_minutes, parallel)
