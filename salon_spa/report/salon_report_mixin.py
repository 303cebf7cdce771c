from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..models.salon_cadence import WEEKDAYS

_lt = LazyTranslate(__name__)


class SalonReportMixin(models.AbstractModel):
    """What the salon's reports have in common: when, where and who, figures that no column can hold, and the way to
    the visit.

    A ratio is never the average of its rows' ratios: it is computed anew in every group, subtotal and total from what
    it is made of.
    """

    _name = "salon.report.mixin"
    _description = "Salon Report"
    _inherit = ["salon.export.mixin"]

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

    # {field: column of the query}: the field counts the different values of the column.
    _report_counts = {}
    # {field: (field above, field below, factor)}: the field is their quotient.
    _report_ratios = {}

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, aggregator = aggregate_spec.partition(":")
        if name in self._report_counts and aggregator == "count_distinct":
            return SQL("COUNT(DISTINCT %s)", SQL.identifier(self._table, self._report_counts[name]))
        if name in self._report_ratios and aggregator in ("avg", "sum_currency"):
            above, below, factor = self._report_ratios[name]
            if aggregator == "avg":
                aggregator = self._fields[above].aggregator
            return SQL(
                "%s * (%s)::numeric / NULLIF((%s)::numeric, 0)",
                factor,
                self._read_group_select(f"{above}:{aggregator}", query),
                self._read_group_select(f"{below}:{self._fields[below].aggregator}", query),
            )
        return super()._read_group_select(aggregate_spec, query)

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
