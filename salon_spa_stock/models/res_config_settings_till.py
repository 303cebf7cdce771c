from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_till_id = fields.Many2one(related="company_id.salon_till_id", readonly=False)
    salon_gift_card_account_id = fields.Many2one(related="company_id.salon_gift_card_account_id", readonly=False)
    salon_ewallet_account_id = fields.Many2one(related="company_id.salon_ewallet_account_id", readonly=False)

    salon_fiscal_provider = fields.Selection(related="company_id.salon_fiscal_provider", readonly=False)
    salon_fiscal_url = fields.Char(related="company_id.salon_fiscal_url", readonly=False)
    salon_fiscal_token = fields.Char(related="company_id.salon_fiscal_token", readonly=False)

    def action_salon_setup_till(self):
        """Set the till and the loyalty programs up for a salon."""
        self.ensure_one()
        self.company_id._salon_setup_till()
        return {"type": "ir.actions.client", "tag": "reload"}
