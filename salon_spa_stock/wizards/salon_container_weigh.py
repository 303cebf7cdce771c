from odoo import fields, models


class SalonContainerWeigh(models.TransientModel):
    _name = "salon.container.weigh"
    _description = "Weigh an Opened Container"
    _inherit = ["salon.dialog.mixin"]
    _salon_about = ("container_id",)

    container_id = fields.Many2one("salon.container", required=True, ondelete="cascade")
    uom_id = fields.Many2one(related="container_id.uom_id", string="Unit")
    book = fields.Float("By the Book", related="container_id.left")
    left = fields.Float("Really Left", digits="Product Unit", help="In the unit the product is stocked in.")

    def action_apply(self):
        self.ensure_one()
        self.container_id._weigh(self.left)
