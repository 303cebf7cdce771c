from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    salon_stock_location_id = fields.Many2one(
        "stock.location",
        string="Takes Materials from",
        ondelete="restrict",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        groups="salon_spa.group_salon_manager",
        help="The master's own shelf or cart; empty is the salon's stock.",
    )
