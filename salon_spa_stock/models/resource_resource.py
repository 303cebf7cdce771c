from odoo import fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    salon_stock_location_id = fields.Many2one(
        "stock.location",
        string="Takes Materials from",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        groups="salon_spa.group_salon_manager",
        help="The cabinet of this room; empty is the salon's stock.",
    )
