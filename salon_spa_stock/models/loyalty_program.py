from odoo import api, fields, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    salon_exclusive = fields.Boolean(
        string="Only the Best One",
        help="Of all programs marked so that a client may have at the moment, the till gives the one that saves the "
        "client most, and says why. Programs with one reward take part; a code that was entered does too.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "salon_exclusive"]
