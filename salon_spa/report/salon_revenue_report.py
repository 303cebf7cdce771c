from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from .salon_revenue_mixin import COUNTS, RATIOS

_lt = LazyTranslate(__name__)

# The columns of every part of the report, with their types.
COLUMNS = {
    "date": SQL("date"),
    "datetime": SQL("timestamp"),
    "company_id": SQL("integer"),
    "visit_id": SQL("integer"),
    "line_id": SQL("integer"),
    "partner_id": SQL("integer"),
    "employee_id": SQL("integer"),
    "product_id": SQL("integer"),
    "kind": SQL("varchar"),
    "quantity": SQL("numeric"),
    "amount_list": SQL("numeric"),
    "amount_discount": SQL("numeric"),
    "amount_net": SQL("numeric"),
    "discount_reason_id": SQL("integer"),
    "hours": SQL("double precision"),
}


class SalonRevenueReport(models.Model):
    """The one fact table: a row per service done and per product sold. Every figure of money is read from it.

    An addon adds rows by extending ``_parts`` and ``_depends``. Nothing is stored: a visit that is reopened or
    cancelled is gone from all reports in the same moment.
    """

    _name = "salon.revenue.report"
    _description = "Revenue"
    _inherit = ["salon.revenue.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _depends = {
        "salon.visit.line": [
            "visit_id", "company_id", "client_id", "product_id", "kind", "employee_id", "start", "stop", "date",
            "state", "quantity", "amount_list", "discount_amount", "discount_reason_id", "price_total",
        ],
        "salon.visit": ["start", "booking_source", "source_id", "medium_id", "campaign_id"],
        "res.partner": ["is_client_card", "first_visit_date"],
        "res.company": ["currency_id", "salon_tz"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    date = fields.Date("Day", readonly=True, help="The salon's local day of the service.")
    hour = fields.Char(readonly=True, help="Hour of the day, in the salon's time zone, at which the service began.")
    line_id = fields.Many2one("salon.visit.line", string="Visit Line", readonly=True)
    partner_id = fields.Many2one(help="Who was served.")
    employee_id = fields.Many2one("hr.employee", string="Master", readonly=True)
    product_id = fields.Many2one("product.product", string="Service", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", string="Service, All Variants", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    service_group_id = fields.Many2one(related="product_tmpl_id.salon_group_id", string="Service Group")
    kind = fields.Selection([("service", "Service"), ("product", "Product")], readonly=True)
    booking_source = fields.Selection(
        selection=lambda self: self.env["salon.visit"]._fields["booking_source"]._description_selection(self.env),
        readonly=True,
        help="How the visit was booked.",
    )
    source_id = fields.Many2one("utm.source", readonly=True, help="What brought the visit.")
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    discount_reason_id = fields.Many2one(
        "salon.reason",
        readonly=True,
        falsy_value_label=_lt("No discount"),  # pylint: disable=translation-field
    )

    quantity = fields.Float(readonly=True, digits="Product Unit")
    hours = fields.Float(
        "Hours of Work",
        readonly=True,
        help="Time that clients spent at the services done, in hours: active, processing and finishing phases.",
    )
    amount_service_list = fields.Monetary("Services at List Price", readonly=True)
    treatment_rate = fields.Monetary(
        "Average Service Price", readonly=True, aggregator="avg", help="Service revenue, divided by services done."
    )
    price_realisation = fields.Float(
        "Price Realisation, %",
        readonly=True,
        aggregator="avg",
        help="Net revenue from services, divided by the list prices of these services.",
    )
    retail_ratio = fields.Float(
        "Retail to Services, %", readonly=True, aggregator="avg", help="Retail revenue, divided by service revenue."
    )

    _report_counts = COUNTS
    _report_ratios = {
        **RATIOS,
        "treatment_rate": ("amount_service", "service_count", 1),
        "price_realisation": ("amount_service", "amount_service_list", 100),
        "retail_ratio": ("amount_retail", "amount_service", 100),
    }

    @property
    def _table_query(self) -> SQL:
        # Every join is by a primary key and none drops a row, so that PostgreSQL leaves out those that a question
        # does not need, and asks for the days and companies of the question only.
        return SQL(
            """
            SELECT fact.*,
                   1 AS visit_count,
                   visit.booking_source,
                   visit.source_id,
                   visit.medium_id,
                   visit.campaign_id,
                   company.currency_id,
                   product.product_tmpl_id,
                   template.categ_id,
                   (EXTRACT(isodow FROM fact.date) - 1)::varchar AS weekday,
                   to_char(fact.datetime AT TIME ZONE 'UTC' AT TIME ZONE company.salon_tz, 'HH24:00') AS hour,
                   partner.is_client_card IS TRUE AS is_identified,
                   partner.is_client_card IS TRUE AND COALESCE(partner.first_visit_date = fact.date, FALSE) AS is_new,
                   CASE WHEN partner.is_client_card IS NOT TRUE THEN 'unidentified'
                        WHEN partner.first_visit_date = fact.date THEN 'new'
                        ELSE 'returning' END AS visitor,
                   CASE WHEN partner.is_client_card THEN fact.partner_id END AS client_key,
                   CASE WHEN partner.is_client_card THEN 1 END AS client_count,
                   %(visit_key)s AS visit_key,
                   CASE WHEN fact.kind = 'service' THEN 1 ELSE 0 END AS service_count,
                   CASE WHEN fact.kind = 'service' THEN fact.amount_list ELSE 0 END AS amount_service_list,
                   CASE WHEN fact.kind = 'service' THEN fact.amount_net ELSE 0 END AS amount_service,
                   CASE WHEN fact.kind = 'product' THEN fact.amount_net ELSE 0 END AS amount_retail,
                   fact.amount_net AS average_ticket,
                   CASE WHEN fact.kind = 'service' THEN fact.amount_net END AS treatment_rate,
                   NULL::numeric AS services_per_visit,
                   100 * fact.amount_discount / NULLIF(fact.amount_list, 0) AS discount_rate,
                   CASE WHEN fact.kind = 'service'
                        THEN 100 * fact.amount_net / NULLIF(fact.amount_list, 0) END AS price_realisation,
                   NULL::numeric AS retail_ratio
              FROM (%(parts)s) fact
              LEFT JOIN salon_visit visit ON visit.id = fact.visit_id
              LEFT JOIN res_company company ON company.id = fact.company_id
              LEFT JOIN res_partner partner ON partner.id = fact.partner_id
              LEFT JOIN product_product product ON product.id = fact.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            visit_key=self._visit_key(),
            parts=SQL(" UNION ALL ").join(self._parts().values()),
        )

    def _visit_key(self):
        """Return the SQL of what tells visits apart: client and day in one number, or the visit of nobody known.

        131072 days are 358 years, which leaves room for any client in a bigint that JavaScript too holds exactly.
        """
        return SQL(
            """CASE WHEN fact.partner_id IS NULL THEN -fact.visit_id::bigint
                    ELSE fact.partner_id::bigint * 131072 + (fact.date - DATE '1900-01-01') END"""
        )

    def _parts(self):
        """Return the selects that the report is made of, as ``{name: SQL}``; addons add theirs by ``_part``.

        Amounts are in the currency of the row's company, ``datetime`` is naive UTC, ``date`` the salon's local day.
        """
        line = {
            "date": SQL("line.date"),
            "datetime": SQL("COALESCE(line.start, line_visit.start)"),
            "company_id": SQL("line.company_id"),
            "visit_id": SQL("line.visit_id"),
            "line_id": SQL("line.id"),
            "partner_id": SQL("line.client_id"),
            "employee_id": SQL("line.employee_id"),
            "product_id": SQL("line.product_id"),
            "kind": SQL("line.kind"),
            "quantity": SQL("line.quantity"),
            "amount_list": SQL("line.amount_list"),
            "amount_discount": SQL("line.discount_amount"),
            "amount_net": SQL("line.price_total"),
            "discount_reason_id": SQL("line.discount_reason_id"),
            "hours": SQL(
                "CASE WHEN line.kind = 'service' THEN EXTRACT(epoch FROM line.stop - line.start) / 3600 ELSE 0 END"
            ),
        }
        source = SQL(
            """salon_visit_line line LEFT JOIN salon_visit line_visit ON line_visit.id = line.visit_id
               WHERE line.state = 'done'"""
        )
        return {"line": self._part(0, SQL("line.id"), line, source)}

    def _part(self, number, row_id, values, source):
        """Return one part's select.

        :param int number: the part's own, so that ids of different parts never meet; 0 is the visit lines
        :param SQL row_id: the id of the row in the part's table, which becomes part of the report's id
        :param dict values: SQL expressions by column; a column that is left out is empty
        :param SQL source: what follows FROM
        :raise ValueError: a column is not one of the report's
        """
        unknown = set(values) - set(COLUMNS)
        if unknown:
            raise ValueError(f"Not columns of the revenue report: {', '.join(sorted(unknown))}")
        columns = [
            # Plain ids for the first part: opening a row finds it by the table's primary key.
            SQL("%s AS id", SQL("%s + %s", row_id, number << 40) if number else row_id),
            *(
                SQL("(%s)::%s AS %s", values.get(name, SQL("NULL")), column_type, SQL.identifier(name))
                for name, column_type in COLUMNS.items()
            ),
        ]
        return SQL("SELECT %s FROM %s", SQL(", ").join(columns), source)
