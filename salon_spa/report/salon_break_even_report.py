from odoo import fields, models
from odoo.tools import SQL


class SalonBreakEvenReport(models.Model):
    """A row per company and month: how many visits a day pay for the rent and whatever else costs the same without
    a visit."""

    _name = "salon.break.even.report"
    _description = "Break-Even"
    _inherit = ["salon.ratio.mixin"]
    _auto = False
    _order = "date desc, company_id"
    _rec_name = "date"

    date = fields.Date("Month", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_contribution = fields.Monetary(
        "Contribution",
        readonly=True,
        help="Revenue less what visits cost: materials, products sold, pay, bank, card and message fees.",
    )
    amount_fixed = fields.Monetary("Fixed Cost", readonly=True, help="Rent and other.")
    visit_count = fields.Integer("Visits", readonly=True, help="A visit is one client on one day with something done.")
    day_count = fields.Integer("Days", readonly=True, help="Days of the month.")
    past_day_count = fields.Integer("Days Past", readonly=True, help="Days of the month up to the present one.")
    contribution_per_visit = fields.Monetary(
        "Contribution per Visit", readonly=True, aggregator="avg", help="Contribution, divided by visits."
    )
    fixed_per_day = fields.Monetary(
        "Fixed Cost a Day", readonly=True, aggregator="avg", help="Fixed cost, divided by the days of the month."
    )
    visits_per_day = fields.Float(
        "Visits a Day", readonly=True, aggregator="avg", help="Visits, divided by the days of the month so far."
    )
    break_even = fields.Float(
        "Break-Even Visits a Day",
        readonly=True,
        aggregator="avg",
        help="Fixed cost per day, divided by the average contribution per visit. Empty without visits, and when they "
        "bring nothing.",
    )

    _report_ratios = {
        "contribution_per_visit": ("amount_contribution", "visit_count", 1),
        "fixed_per_day": ("amount_fixed", "day_count", 1),
        "visits_per_day": ("visit_count", "past_day_count", 1),
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT month.*,
                   amount_contribution / NULLIF(visit_count, 0) AS contribution_per_visit,
                   amount_fixed / day_count AS fixed_per_day,
                   visit_count::numeric / NULLIF(past_day_count, 0) AS visits_per_day,
                   CASE WHEN amount_contribution > 0
                        THEN amount_fixed * NULLIF(visit_count, 0) / (day_count * amount_contribution)
                        END AS break_even
              FROM (
                    SELECT MIN(books.id) AS id,
                           books.date,
                           books.company_id,
                           books.currency_id,
                           SUM(books.amount) FILTER (WHERE books.section NOT IN ('2_other_income', '7_other'))
                               AS amount_contribution,
                           -SUM(books.amount) FILTER (WHERE books.section = '7_other') AS amount_fixed,
                           COALESCE(MIN(visit.visit_count), 0) AS visit_count,
                           (books.date + INTERVAL '1 month')::date - books.date AS day_count,
                           GREATEST(LEAST((books.date + INTERVAL '1 month')::date, CURRENT_DATE + 1) - books.date, 0)
                               AS past_day_count
                      FROM (SELECT id, date_trunc('month', date)::date AS date, company_id, currency_id, section, amount
                              FROM (%(books)s) entry
                             WHERE move_id IS NOT NULL) books
                      LEFT JOIN (SELECT date_trunc('month', date)::date AS date, company_id,
                                        COUNT(DISTINCT visit_key) AS visit_count
                                   FROM (%(facts)s) fact
                                  GROUP BY 1, 2) visit
                             ON visit.date = books.date AND visit.company_id = books.company_id
                     GROUP BY books.date, books.company_id, books.currency_id
                   ) month
            """,
            books=self.env["salon.finance.report"]._table_query,
            facts=self.env["salon.revenue.report"]._table_query,
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "break_even:avg":
            fixed, visits, days, contribution = (
                self._read_group_select(f"{name}:sum", query)
                for name in ("amount_fixed", "visit_count", "day_count", "amount_contribution")
            )
            return SQL(
                """CASE WHEN %(contribution)s > 0
                        THEN (%(fixed)s)::numeric * NULLIF(%(visits)s, 0) / (%(days)s * %(contribution)s) END""",
                contribution=contribution,
                fixed=fixed,
                visits=visits,
                days=days,
            )
        return super()._read_group_select(aggregate_spec, query)
