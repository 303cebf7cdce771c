from odoo import models
from odoo.tools import SQL


class SalonRatioMixin(models.AbstractModel):
    """Figures that no column can hold: how many different ones, and quotients.

    A ratio is never the average of its rows' ratios: it is computed anew in every group, subtotal and total from what
    it is made of.
    """

    _name = "salon.ratio.mixin"
    _description = "Salon Figures"
    _inherit = ["salon.export.mixin"]

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
