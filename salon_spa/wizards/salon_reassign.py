from odoo import fields, models


class SalonReassign(models.TransientModel):
    _name = "salon.reassign"
    _description = "salon.reassign"

    line_ids = fields.One2many("salon.reassign.line", "wizard_id")


class SalonReassignLine(models.TransientModel):
    _name = "salon.reassign.line"
    _description = "salon.reassign line"

    wizard_id = fields.Many2one("salon.reassign", required=True, ondelete="cascade", index=True)
