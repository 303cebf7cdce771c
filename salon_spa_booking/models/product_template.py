from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .salon_weekdays_mixin import WEEKDAYS

# What says when a service may begin.
RULES = ("start_earliest", "start_latest", "notice_hours", *(f"salon_{day}" for day in WEEKDAYS))


class ProductTemplate(models.Model):
    _inherit = "product.template"

    requirement_ids = fields.One2many("salon.requirement", "product_tmpl_id", string="Room and Equipment", copy=True)
    start_earliest = fields.Float("Begins from", help="By the salon's clock; free times before it are not offered.")
    start_latest = fields.Float("Begins until", help="By the salon's clock; 0:00 is no limit.")
    notice_hours = fields.Integer("Notice", help="Hours ahead that it has to be booked.")
    salon_mon = fields.Boolean("Mon", default=True)
    salon_tue = fields.Boolean("Tue", default=True)
    salon_wed = fields.Boolean("Wed", default=True)
    salon_thu = fields.Boolean("Thu", default=True)
    salon_fri = fields.Boolean("Fri", default=True)
    salon_sat = fields.Boolean("Sat", default=True)
    salon_sun = fields.Boolean("Sun", default=True)

    _start_hours = models.Constraint(
        "CHECK(start_earliest >= 0 AND start_earliest < 24 AND start_latest >= 0 AND start_latest < 24"
        " AND (COALESCE(start_latest, 0) = 0 OR start_latest >= start_earliest))",
        "The earliest start is not after the latest, and both are between 0:00 and 24:00.",
    )
    _notice_not_negative = models.Constraint("CHECK(notice_hours >= 0)", "The notice can't be below zero.")

    @api.constrains("is_salon_service", *(f"salon_{day}" for day in WEEKDAYS))
    def _check_weekdays(self):
        for service in self:
            if service.is_salon_service and not any(service[f"salon_{day}"] for day in WEEKDAYS):
                raise ValidationError(
                    self.env._(
                        "Choose at least one day of the week on which “%(service)s” is performed; to offer it no more,"
                        " archive it.",
                        service=service.display_name,
                    )
                )

    def _salon_weekdays(self):
        """Return the weekdays (0 is Monday) on which the service is performed; empty is every day."""
        self.ensure_one()
        days = {number for number, name in enumerate(WEEKDAYS) if self[f"salon_{name}"]}
        return days if len(days) < 7 else set()
