from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    # Rooms are another addon's; to the kernel they are resources that visits take.
    salon_resource_ids = fields.One2many(
        "resource.resource",
        "salon_stock_location_id",
        string="Rooms That Take from Here",
        domain="[('resource_type', '=', 'material'), ('company_id', '=', company_id)]",
        groups="salon_spa.group_salon_manager",
        help="Services in these rooms use the materials that are here, unless their master has an own shelf.",
    )
