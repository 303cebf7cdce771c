from odoo import fields, models


class SalonPassEntitlement(models.Model):
    """What a pass of a product gives: so many sessions of these services."""

    _name = "salon.pass.entitlement"
    _description = "Sessions of a Pass Product"
    _inherit = ["salon.pass.services"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    product_tmpl_id = fields.Many2one("product.template", required=True, ondelete="cascade", index=True)
    sessions = fields.Integer(default=10, required=True)

    _sessions_positive = models.Constraint("CHECK(sessions > 0)", "A pass gives at least one session.")
