from odoo import fields, models
from odoo.tools import LazyTranslate

from ..models.salon_cadence import WEEKDAYS

_lt = LazyTranslate(__name__)


class SalonReportMixin(models.AbstractModel):
    """What the reports of visits have in common: when, where and who, and the way to the visit."""

    _name = "salon.report.mixin"
    _description = "Salon Report"
    _inherit = ["salon.ratio.mixin"]

    datetime = fields.Datetime("Time", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    visit_id = fields.Many2one("salon.visit", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        readonly=True,
        falsy_value_label=_lt("Without card"),  # pylint: disable=translation-field
    )

    def action_open_visit(self):
        """Open the visit that the row comes from."""
        visit = self._get_visit()
        if not visit:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": visit.id,
            "view_mode": "form",
        }

    def _get_visit(self):
        self.ensure_one()
        return self.visit_id
