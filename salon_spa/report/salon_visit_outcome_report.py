from odoo import fields, models
from odoo.tools import SQL

from ..models.salon_cadence import WEEKDAYS


class SalonVisitOutcomeReport(models.Model):
    """A row per visit that was ever created: how it ended, why, and how long before it was made."""

    _name = "salon.visit.outcome.report"
    _description = "Cancellations and No-Shows"
    _inherit = ["salon.report.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "visit_id"
    _depends = {
        "salon.visit": [
            "create_date", "start", "date", "company_id", "partner_id", "is_anonymous", "state", "is_late_cancel",
            "cancel_reason_id", "booking_source", "source_id", "medium_id", "campaign_id", "employee_ids",
            "amount_total",
        ],
        "res.company": ["currency_id", "salon_tz"],
    }

    date = fields.Date("Day", readonly=True, help="The salon's local day of the visit.")
    hour = fields.Char(readonly=True, help="Hour of the day, in the salon's time zone, at which the visit begins.")
    created_date = fields.Date("Created on", readonly=True, help="The salon's local day on which it was created.")
    created_weekday = fields.Selection(WEEKDAYS, string="Weekday of Creation", readonly=True)
    created_hour = fields.Char("Hour of Creation", readonly=True, help="In the salon's time zone.")
    is_anonymous = fields.Boolean("Walk-in without Card", readonly=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        "hr_employee_salon_visit_rel",
        "salon_visit_id",
        "hr_employee_id",
        string="Masters",
        readonly=True,
        help="A visit with two masters stands under both, and once in the total.",
    )
    state = fields.Selection(
        selection=lambda self: self.env["salon.visit"]._fields["state"]._description_selection(self.env), readonly=True
    )
    outcome = fields.Selection(
        [
            ("open", "Open"),
            ("done", "Done"),
            ("cancelled", "Cancelled in time"),
            ("late_cancel", "Cancelled late"),
            ("no_show", "No-show"),
        ],
        readonly=True,
        help="Cancelled late: by the client, less than the number of hours ahead that the settings call late.",
    )
    cancel_reason_id = fields.Many2one("salon.reason", string="Reason", readonly=True)
    reason_kind = fields.Selection(related="cancel_reason_id.kind", string="Whose Reason")
    booking_source = fields.Selection(
        selection=lambda self: self.env["salon.visit"]._fields["booking_source"]._description_selection(self.env),
        readonly=True,
        help="How the visit was booked.",
    )
    source_id = fields.Many2one("utm.source", readonly=True, help="What brought the visit.")
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    lead_span = fields.Selection(
        [
            ("0", "Under 2 hours"),
            ("1", "Under a day"),
            ("2", "1 to 3 days"),
            ("3", "3 to 7 days"),
            ("4", "1 to 4 weeks"),
            ("5", "Over 4 weeks"),
        ],
        string="Booked Ahead",
        readonly=True,
        help="From the creation of the visit to its start.",
    )

    created_count = fields.Integer("Created", readonly=True, help="Visits created, however they ended.")
    done_count = fields.Integer("Done", readonly=True, help="Visits that were served.")
    cancelled_count = fields.Integer("Cancelled", readonly=True, help="Visits cancelled, in time or late.")
    late_cancel_count = fields.Integer(
        "Cancelled Late",
        readonly=True,
        help="Visits cancelled by the client less than the number of hours ahead that the settings call late.",
    )
    no_show_count = fields.Integer("No-Shows", readonly=True, help="Visits to which the client did not come.")
    expected_count = fields.Integer(
        "Expected", readonly=True, help="Visits done, missed or cancelled late: what no-shows are measured by."
    )
    no_show_rate = fields.Float(
        "No-Show Rate, %",
        readonly=True,
        aggregator="avg",
        help="No-shows, divided by visits done, missed or cancelled late.",
    )
    cancellation_rate = fields.Float(
        "Cancellation Rate, %",
        readonly=True,
        aggregator="avg",
        help="Visits cancelled, in time or late, divided by all visits created for the period.",
    )
    late_cancel_rate = fields.Float(
        "Late Cancellation Rate, %",
        readonly=True,
        aggregator="avg",
        help="Visits cancelled late, divided by all visits created for the period.",
    )
    lead_hours = fields.Float(
        "Lead Time, Hours",
        readonly=True,
        aggregator="avg",
        help="The median of the hours from the creation of a visit to its start.",
    )
    amount_total = fields.Monetary("Amount", readonly=True, help="What the visits cost or would have cost.")
    amount_lost = fields.Monetary(
        "Lost Amount", readonly=True, help="What visits that were cancelled or missed would have cost."
    )

    _report_ratios = {
        "no_show_rate": ("no_show_count", "expected_count", 100),
        "cancellation_rate": ("cancelled_count", "created_count", 100),
        "late_cancel_rate": ("late_cancel_count", "created_count", 100),
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   CASE WHEN lead_hours < 2 THEN '0'
                        WHEN lead_hours < 24 THEN '1'
                        WHEN lead_hours < 72 THEN '2'
                        WHEN lead_hours < 168 THEN '3'
                        WHEN lead_hours < 672 THEN '4'
                        WHEN lead_hours >= 672 THEN '5' END AS lead_span,
                   (EXTRACT(isodow FROM date) - 1)::varchar AS weekday,
                   to_char(datetime AT TIME ZONE 'UTC' AT TIME ZONE company.salon_tz, 'HH24:00') AS hour,
                   (created AT TIME ZONE company.salon_tz)::date AS created_date,
                   (EXTRACT(isodow FROM created AT TIME ZONE company.salon_tz) - 1)::varchar AS created_weekday,
                   to_char(created AT TIME ZONE company.salon_tz, 'HH24:00') AS created_hour,
                   company.currency_id,
                   1 AS created_count,
                   (outcome = 'done')::integer AS done_count,
                   (outcome IN ('cancelled', 'late_cancel'))::integer AS cancelled_count,
                   (outcome = 'late_cancel')::integer AS late_cancel_count,
                   (outcome = 'no_show')::integer AS no_show_count,
                   (outcome IN ('done', 'no_show', 'late_cancel'))::integer AS expected_count,
                   CASE outcome WHEN 'no_show' THEN 100 WHEN 'done' THEN 0 WHEN 'late_cancel' THEN 0 END
                       AS no_show_rate,
                   CASE WHEN outcome IN ('cancelled', 'late_cancel') THEN 100 ELSE 0 END AS cancellation_rate,
                   CASE WHEN outcome = 'late_cancel' THEN 100 ELSE 0 END AS late_cancel_rate,
                   CASE WHEN outcome IN ('cancelled', 'late_cancel', 'no_show') THEN amount_total ELSE 0 END
                       AS amount_lost
              FROM (
                    SELECT id,
                           id AS visit_id,
                           date,
                           start AS datetime,
                           create_date AT TIME ZONE 'UTC' AS created,
                           EXTRACT(epoch FROM start - create_date) / 3600 AS lead_hours,
                           company_id,
                           partner_id,
                           is_anonymous,
                           state,
                           CASE WHEN state IN ('done', 'no_show') THEN state
                                WHEN state = 'cancelled' AND is_late_cancel THEN 'late_cancel'
                                WHEN state = 'cancelled' THEN 'cancelled'
                                ELSE 'open' END AS outcome,
                           cancel_reason_id,
                           booking_source,
                           source_id,
                           medium_id,
                           campaign_id,
                           amount_total
                      FROM salon_visit
                   ) fact
              LEFT JOIN res_company company ON company.id = fact.company_id
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "lead_hours:avg":
            return SQL(
                "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", self._field_to_sql(self._table, "lead_hours", query)
            )
        return super()._read_group_select(aggregate_spec, query)
