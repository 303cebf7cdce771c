from odoo import fields, models

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SalonWeekdaysMixin(models.AbstractModel):
    """Days of the week to choose from."""

    _name = "salon.weekdays.mixin"
    _description = "Days of the Week"

    mon = fields.Boolean("Mon", default=True)
    tue = fields.Boolean("Tue", default=True)
    wed = fields.Boolean("Wed", default=True)
    thu = fields.Boolean("Thu", default=True)
    fri = fields.Boolean("Fri", default=True)
    sat = fields.Boolean("Sat", default=True)
    sun = fields.Boolean("Sun", default=True)

    def _weekdays(self):
        """Return the chosen days of the week; 0 is Monday."""
        self.ensure_one()
        return {number for number, name in enumerate(WEEKDAYS) if self[name]}
