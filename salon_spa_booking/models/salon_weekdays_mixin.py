from odoo import fields, models

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SalonWeekdaysMixin(models.AbstractModel):
    """Days of the week to choose from."""

    _name = "salon.weekdays.mixin"
    _description = "Days of the Week"

    mon = fields.Boolean(default=True)
    tue = fields.Boolean(default=True)
    wed = fields.Boolean(default=True)
    thu = fields.Boolean(default=True)
    fri = fields.Boolean(default=True)
    sat = fields.Boolean(default=True)
    sun = fields.Boolean(default=True)

    def _weekdays(self):
        """Return the chosen days of the week; 0 is Monday."""
        self.ensure_one()
        return {number for number, name in enumerate(WEEKDAYS) if self[name]}
