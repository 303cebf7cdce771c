from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    salon_currency_id = fields.Many2one(related="company_id.currency_id")
    salon_value = fields.Monetary(
        "Value",
        compute="_compute_salon_value",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
        help="What the goods received cost, without tax.",
    )

    salon_stage = fields.Selection(
        [("expected", "Expected"), ("received", "Received"), ("cancelled", "Cancelled")],
        "Delivery",
        compute="_compute_salon_stage",
        help="Whether the goods are here, in one word.",
    )

    @api.depends("state")
    def _compute_salon_stage(self):
        stages = {"done": "received", "cancel": "cancelled"}
        for picking in self:
            picking.salon_stage = stages.get(picking.state, "expected")

    @api.model
    def get_empty_list_help(self, help_message):
        # Odoo puts its own help, with a word for another of its apps, in place of every action's.
        return help_message if self.env.context.get("salon_help") else super().get_empty_list_help(help_message)

    def _compute_salon_value(self):
        for picking in self:
            picking.salon_value = sum(picking.sudo().move_ids.mapped("value"))

    def action_salon_receive(self):
        """Open the form by which the goods of an expected delivery are received."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive"),
            "res_model": "salon.receive",
            "view_mode": "form",
            "target": "current",
            "context": {
                "default_picking_id": self[:1].id,
                "default_company_id": (self[:1].company_id or self.env.company).id,
            },
        }
