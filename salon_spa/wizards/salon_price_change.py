from odoo import fields, models


class SalonPriceChange(models.TransientModel):
    _name = "salon.price.change"
    _description = "salon.price.change"

    line_ids = fields.One2many("salon.price.change.line", "wizard_id")


class SalonPriceChangeLine(models.TransientModel):
    _name = "salon.price.change.line"
    _description = "salon.price.change line"

    wizard_id = fields.Many2one("salon.price.change", required=True, ondelete="cascade", index=True)
