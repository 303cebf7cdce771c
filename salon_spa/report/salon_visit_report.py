from odoo import fields, models
from odoo.tools import SQL

from .salon_revenue_mixin import COUNTS, RATIOS


class SalonVisitReport(models.Model):
    """A row per visit as the figures count it: one client on one day in one salon, or one walk-in without card."""

    _name = "salon.visit.report"
    _description = "Visits and Tickets"
    _inherit = ["salon.revenue.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "salon.revenue.report": [
            "date", "datetime", "company_id", "currency_id", "visit_id", "partner_id", "kind", "booking_source",
            "is_identified", "is_new", "amount_list", "amount_discount", "amount_net",
        ],
    }

    date = fields.Date("Day", readonly=True, help="The salon's local day of the visit.")
    is_online = fields.Boolean("Booked Online", readonly=True)
    has_retail = fields.Boolean("With Products", readonly=True, help="At least one product was sold.")

    new_client_count = fields.Integer(
        "New Clients",
        readonly=True,
        aggregator="count_distinct",
        help="Clients whose first done visit ever lies in the period.",
    )
    returning_client_count = fields.Integer(
        "Returning Clients",
        readonly=True,
        aggregator="count_distinct",
        help="Clients with visits in the period who had a done visit before it.",
    )
    unidentified_count = fields.Integer(
        "Visits without Card", readonly=True, aggregator="count_distinct", help="Visits of walk-ins without card."
    )
    online_count = fields.Integer(
        "Visits Booked Online", readonly=True, aggregator="count_distinct", help="Visits that were booked online."
    )
    retail_visit_count = fields.Integer(
        "Visits with Products",
        readonly=True,
        aggregator="count_distinct",
        help="Visits in which at least one product was sold.",
    )
    amount_identified = fields.Monetary(
        "Revenue with Card", readonly=True, help="Revenue from clients who have a card."
    )
    service_ticket = fields.Monetary(
        "Average Service Ticket", readonly=True, aggregator="avg", help="Revenue from services, divided by visits."
    )
    retail_ticket = fields.Monetary(
        "Average Retail Ticket",
        readonly=True,
        aggregator="avg",
        help="Revenue from products, divided by the visits in which products were sold.",
    )
    revenue_per_client = fields.Monetary(
        readonly=True, aggregator="avg", help="Revenue from clients who have a card, divided by these clients."
    )
    retail_attach_rate = fields.Float(
        "Visits with Products, %",
        readonly=True,
        aggregator="avg",
        help="Visits in which products were sold, divided by visits.",
    )
    online_share = fields.Float(
        "Online Share, %", readonly=True, aggregator="avg", help="Visits booked online, divided by visits."
    )
    unidentified_share = fields.Float(
        "Share without Card, %", readonly=True, aggregator="avg", help="Visits without card, divided by visits."
    )

    _report_counts = {
        **COUNTS,
        "new_client_count": "new_key",
        "unidentified_count": "unidentified_key",
        "online_count": "online_key",
        "retail_visit_count": "retail_key",
    }
    _report_ratios = {
        **RATIOS,
        "service_ticket": ("amount_service", "visit_count", 1),
        "retail_ticket": ("amount_retail", "retail_visit_count", 1),
        "revenue_per_client": ("amount_identified", "client_count", 1),
        "retail_attach_rate": ("retail_visit_count", "visit_count", 100),
        "online_share": ("online_count", "visit_count", 100),
        "unidentified_share": ("unidentified_count", "visit_count", 100),
    }

    @property
    def _table_query(self) -> SQL:
        # Grouped by what questions filter by, so that PostgreSQL asks the facts for these days and companies only.
        return SQL(
            """
            SELECT visit.*,
                   (EXTRACT(isodow FROM visit.date) - 1)::varchar AS weekday,
                   CASE WHEN NOT visit.is_identified THEN 'unidentified'
                        WHEN visit.is_new THEN 'new'
                        ELSE 'returning' END AS visitor,
                   visit.amount_net AS average_ticket,
                   visit.amount_service AS service_ticket,
                   CASE WHEN visit.has_retail THEN visit.amount_retail END AS retail_ticket,
                   visit.amount_identified AS revenue_per_client,
                   visit.service_count AS services_per_visit,
                   CASE WHEN visit.has_retail THEN 100 ELSE 0 END AS retail_attach_rate,
                   CASE WHEN visit.is_online THEN 100 ELSE 0 END AS online_share,
                   CASE WHEN visit.is_identified THEN 0 ELSE 100 END AS unidentified_share,
                   100 * visit.amount_discount / NULLIF(visit.amount_list, 0) AS discount_rate,
                   1 AS visit_count,
                   visit.is_identified::integer AS client_count,
                   visit.is_new::integer AS new_client_count,
                   (visit.is_identified AND NOT visit.is_new)::integer AS returning_client_count,
                   (NOT visit.is_identified)::integer AS unidentified_count,
                   visit.is_online::integer AS online_count,
                   visit.has_retail::integer AS retail_visit_count,
                   CASE WHEN visit.is_identified AND visit.visit_key IS NOT NULL
                        THEN visit.partner_id END AS client_key,
                   CASE WHEN visit.is_new AND visit.visit_key IS NOT NULL THEN visit.partner_id END AS new_key,
                   CASE WHEN NOT visit.is_identified THEN visit.visit_key END AS unidentified_key,
                   CASE WHEN visit.is_online THEN visit.visit_key END AS online_key,
                   CASE WHEN visit.has_retail THEN visit.visit_key END AS retail_key
              FROM (
                    SELECT MIN(fact.id) AS id,
                           fact.date,
                           fact.company_id,
                           fact.partner_id,
                           fact.visit_key,
                           MIN(fact.currency_id) AS currency_id,
                           MIN(fact.visit_id) AS visit_id,
                           MIN(fact.datetime) AS datetime,
                           BOOL_OR(fact.is_identified) AS is_identified,
                           BOOL_OR(fact.is_new) AS is_new,
                           COALESCE(BOOL_OR(fact.booking_source = 'online'), FALSE) AS is_online,
                           BOOL_OR(fact.kind = 'product') AS has_retail,
                           SUM(fact.service_count) AS service_count,
                           SUM(fact.amount_list) AS amount_list,
                           SUM(fact.amount_discount) AS amount_discount,
                           SUM(fact.amount_net) AS amount_net,
                           SUM(fact.amount_service) AS amount_service,
                           SUM(fact.amount_retail) AS amount_retail,
                           SUM(CASE WHEN fact.is_identified THEN fact.amount_net ELSE 0 END) AS amount_identified
                      FROM (%s) fact
                     GROUP BY fact.date, fact.company_id, fact.partner_id, fact.visit_key
                   ) visit
            """,
            self.env["salon.revenue.report"]._table_query,
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "returning_client_count:count_distinct":
            return SQL(
                "%s - %s",
                self._read_group_select("client_count:count_distinct", query),
                self._read_group_select("new_client_count:count_distinct", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def _get_visit(self):
        self.ensure_one()
        # The row's id is that of its first fact, which is found at once; reading the row would add up every visit.
        return self.env["salon.revenue.report"].browse(self.id).visit_id
