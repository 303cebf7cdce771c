from odoo import api, fields, models


class SalonShiftPatternLine(models.Model):
    _name = "salon.shift.pattern.line"
    _description = "Shift Pattern Hours"
    _order = "day, hour_from, id"

    pattern_id = fields.Many2one("salon.shift.pattern", required=True, ondelete="cascade", index=True)
    day = fields.Integer("Day of the Cycle", default=1, required=True)
    hour_from = fields.Float("From", default=10, required=True)
    hour_to = fields.Float(
        "To", default=19, required=True, help="Not later than the start: the shift ends on the next day."
    )

    _positive_day = models.Constraint("CHECK(day > 0)", "Days of a cycle are counted from 1.")
    _hours_of_a_day = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24)", "Hours go from 0:00 to 24:00."
    )

    @api.constrains("day", "hour_from", "hour_to")
    def _check_pattern(self):
        self.pattern_id._check_lines()
