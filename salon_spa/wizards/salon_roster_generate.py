from odoo import fields, models


class SalonRosterGenerate(models.TransientModel):
    _name = "salon.roster.generate"
    _description = "salon.roster.generate"

    line_ids = fields.One2many("salon.roster.generate.line", "wizard_id")


class SalonRosterGenerateLine(models.TransientModel):
    _name = "salon.roster.generate.line"
    _description = "salon.roster.generate line"

    wizard_id = fields.Many2one("salon.roster.generate", required=True, ondelete="cascade", index=True)
