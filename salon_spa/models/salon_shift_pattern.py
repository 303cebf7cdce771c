from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import roster


class SalonShiftPattern(models.Model):
    """Days and hours that repeat: what the roster of a master is generated from."""

    _name = "salon.shift.pattern"
    _description = "Shift Pattern"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("cycle", "Cycle of days"), ("odd", "Odd days of the month"), ("even", "Even days of the month")],
        default="cycle",
        required=True,
    )
    cycle_days = fields.Integer(
        "Cycle Length", default=7, help="Days after which the pattern begins anew: 7 for 5/2, 4 for 2/2."
    )
    anchor_weekday = fields.Boolean(
        "Starts on Monday", help="Day 1 is always a Monday, so that the pattern keeps its days of the week."
    )
    line_ids = fields.One2many("salon.shift.pattern.line", "pattern_id", string="Hours", copy=True)

    _positive_cycle = models.Constraint(
        "CHECK(cycle_days BETWEEN 1 AND 366)", "A cycle has from 1 to 366 days."
    )

    @api.constrains("kind", "cycle_days", "line_ids", "anchor_weekday")
    def _check_lines(self):
        for pattern in self:
            if pattern.kind == "cycle" and pattern.anchor_weekday and pattern.cycle_days % 7:
                raise ValidationError(
                    self.env._(
                        "%(pattern)s: only a cycle of whole weeks (7, 14, 21... days) can start on Monday each time.",
                        pattern=pattern.name,
                    )
                )
            if pattern.kind == "cycle" and any(line.day > pattern.cycle_days for line in pattern.line_ids):
                raise ValidationError(
                    self.env._(
                        "%(pattern)s: the cycle has %(count)s days; correct the hours of the days after them.",
                        pattern=pattern.name,
                        count=pattern.cycle_days,
                    )
                )
            if roster.pattern_overlap(pattern.kind, pattern._lines(), pattern.cycle_days):
                raise ValidationError(
                    self.env._(
                        "%(pattern)s: some hours overlap. A shift that ends after midnight reaches into the next day.",
                        pattern=pattern.name,
                    )
                )

    def _lines(self):
        """Return ``(day, minute_from, minute_to)`` of each line."""
        return [
            (line.day, roster.minutes(line.hour_from), roster.minutes(line.hour_to))
            for line in self.line_ids
        ]

    def _spans(self, first, last, cycle_start):
        """Return ``[(date, start, stop)]`` in local naive time that the pattern gives from ``first`` to ``last``."""
        self.ensure_one()
        if self.anchor_weekday:
            cycle_start = roster.week_start(cycle_start)
        return list(roster.pattern_spans(self.kind, self._lines(), first, last, self.cycle_days, cycle_start))
