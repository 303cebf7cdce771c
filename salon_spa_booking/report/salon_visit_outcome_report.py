from odoo import fields, models
from odoo.tools import SQL


class SalonVisitOutcomeReport(models.Model):
    _inherit = "salon.visit.outcome.report"
    _depends = {"salon.visit": ["arrived_at", "done_at", "stop"]}

    timed_count = fields.Integer(
        "Arrival Noted",
        readonly=True,
        help="Visits done whose arrival was noted by itself; one that was only marked as done says nothing of it.",
    )
    on_time_count = fields.Integer(
        "Started on Time",
        readonly=True,
        help="Of these, visits whose client was here not later than 10 minutes after the planned start.",
    )
    on_time_rate = fields.Float(
        "On-Time Start, %",
        readonly=True,
        aggregator="avg",
        help="Visits that started within 10 minutes of the plan, divided by visits done whose arrival was noted.",
    )
    overrun_minutes = fields.Float(
        "Overrun, Minutes",
        readonly=True,
        aggregator="avg",
        help="The median of actual less planned minutes, from the arrival to the closing of visits done whose arrival "
        "was noted.",
    )

    @property
    def _report_ratios(self):
        return {**super()._report_ratios, "on_time_rate": ("on_time_count", "timed_count", 100)}

    @property
    def _table_query(self) -> SQL:
        # The join is by the primary key and drops no row: it costs nothing where nobody asks for these figures.
        return SQL(
            """
            SELECT report.*,
                   timing.is_timed::integer AS timed_count,
                   (timing.is_timed AND timing.is_on_time)::integer AS on_time_count,
                   CASE WHEN timing.is_timed THEN 100 * timing.is_on_time::integer END AS on_time_rate,
                   CASE WHEN timing.is_timed THEN EXTRACT(
                            epoch FROM (visit.done_at - visit.arrived_at) - (visit.stop - visit.start)
                        ) / 60 END AS overrun_minutes
              FROM (%s) report
              LEFT JOIN salon_visit visit ON visit.id = report.id
              CROSS JOIN LATERAL (
                    SELECT COALESCE(visit.state = 'done' AND visit.arrived_at < visit.done_at, FALSE) AS is_timed,
                           COALESCE(visit.arrived_at <= visit.start + interval '10 minutes', FALSE) AS is_on_time
              ) timing
            """,
            super()._table_query,
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "overrun_minutes:avg":
            return SQL(
                "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)",
                self._field_to_sql(self._table, "overrun_minutes", query),
            )
        return super()._read_group_select(aggregate_spec, query)
