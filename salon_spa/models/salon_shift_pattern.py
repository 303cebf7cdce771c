from odoo import fields, models


class SalonShiftPattern(models.Model):
    _name = "salon.shift.pattern"
    _description = "Shift Pattern"

    name = fields.Char(required=True, translate=True)
    line_ids = fields.One2many("salon.shift.pattern.line", "pattern_id")


class SalonShiftPatternLine(models.Model):
    _name = "salon.shift.pattern.line"
    _description = "Shift Pattern Day"

    pattern_id = fields.Many2one("salon.shift.pattern", required=True, ondelete="cascade", index=True)
