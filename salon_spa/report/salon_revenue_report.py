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
    "entry": SQL("varchar"),
    "kind": SQL("varchar"),
    "quantity": SQL("numeric"),
    "amount_list": SQL("numeric"),
    "amount_discount": SQL("numeric"),
    "amount_net": SQL("numeric"),
    "amount_other": SQL("numeric"),
    "discount_reason_id": SQL("integer"),
    "discount_campaign_id": SQL("integer"),
    "hours": SQL("double precision"),
}


class SalonRevenueReport(models.Model):
    """The one fact table: a row per service done and per product sold, per refund of one, per income beside them.
    Every figure of money is read from it.

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
            "state", "quantity", "amount_list", "discount_amount", "discount_reason_id", "discount_campaign_id",
            "price_total", "price_untaxed", "amount_revenue",
        ],
        "account.move": ["state", "move_type", "invoice_date", "salon_visit_id", "partner_id", "company_id"],
        "account.move.line": ["display_type", "salon_line_id", "salon_is_void", "product_id", "price_subtotal"],
        "salon.pass": ["partner_id", "product_id"],
        "salon.pass.breakage": ["pass_id", "company_id", "date", "value"],
        "salon.visit": ["start", "booking_source", "source_id", "medium_id", "campaign_id"],
        "res.partner": ["is_client_card", "first_visit_date"],
        "res.company": ["currency_id", "salon_tz"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "salon_money"],
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
    entry = fields.Selection(
        [("sale", "Sale"), ("refund", "Refund"), ("fee", "Cancellation fee"), ("breakage", "Expired pass")],
        string="What",
        readonly=True,
        help="Sale: a service done or a product sold. Refund: money given back for one, on the day of the refund.",
    )
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

    discount_campaign_id = fields.Many2one("utm.campaign", readonly=True)

    quantity = fields.Float(readonly=True, digits="Product Unit")
    amount_other = fields.Monetary(
        "Other Income", readonly=True, help="Deposits kept as a fee, and what was paid for passes that expired unused."
    )
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
                   CASE WHEN partner.is_client_card AND fact.entry = 'sale' THEN fact.partner_id END AS client_key,
                   CASE WHEN partner.is_client_card AND fact.entry = 'sale' THEN 1 END AS client_count,
                   %(visit_key)s AS visit_key,
                   CASE WHEN fact.kind = 'service' AND fact.entry = 'sale' THEN 1 ELSE 0 END AS service_count,
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
        """Return the SQL of what tells visits apart: client and day in one number, or the visit of nobody known; none
        for what is no coming of a client, such as a refund.

        131072 days are 358 years, which leaves room for any client in a bigint that JavaScript too holds exactly.
        """
        return SQL(
            """CASE WHEN fact.entry <> 'sale' THEN NULL
                    WHEN fact.partner_id IS NULL THEN -fact.visit_id::bigint
                    ELSE fact.partner_id::bigint * 131072 + (fact.date - DATE '1900-01-01') END"""
        )

    def _parts(self):
        """Return the selects that the report is made of, as ``{name: SQL}``; addons add theirs by ``_part``.

        Amounts are in the currency of the row's company, ``datetime`` is naive UTC, ``date`` the salon's local day.
        """
        untaxed = SQL("COALESCE(line.price_untaxed / NULLIF(line.amount_list - line.discount_amount, 0), 1)")
        line = {
            "date": SQL("line.date"),
            "datetime": SQL("COALESCE(line.start, line_visit.start)"),
            "company_id": SQL("line.company_id"),
            "visit_id": SQL("line.visit_id"),
            "line_id": SQL("line.id"),
            "partner_id": SQL("line.client_id"),
            "employee_id": SQL("line.employee_id"),
            "product_id": SQL("line.product_id"),
            "entry": SQL("'sale'"),
            "kind": SQL("line.kind"),
            "quantity": SQL("line.quantity"),
            # Without the tax that is in the price, as the revenue is; nothing to take off when it comes on top.
            "amount_list": SQL("line.amount_list * %s", untaxed),
            "amount_discount": SQL("line.discount_amount * %s", untaxed),
            "amount_net": SQL("line.amount_revenue"),
            "discount_reason_id": SQL("line.discount_reason_id"),
            "discount_campaign_id": SQL("line.discount_campaign_id"),
            "hours": SQL(
                "CASE WHEN line.kind = 'service' THEN EXTRACT(epoch FROM line.stop - line.start) / 3600 ELSE 0 END"
            ),
        }
        source = SQL(
            """salon_visit_line line LEFT JOIN salon_visit line_visit ON line_visit.id = line.visit_id
               WHERE line.state = 'done'"""
        )
        # Refunds and fees count on the day of their document.
        document = {
            "date": SQL("move.invoice_date"),
            "datetime": SQL("move.invoice_date"),
            "company_id": SQL("move.company_id"),
            "visit_id": SQL("move.salon_visit_id"),
            "quantity": SQL("0"),
            "amount_list": SQL("0"),
            "amount_discount": SQL("0"),
            "amount_net": SQL("0"),
        }
        refund = {
            **document,
            "line_id": SQL("line.id"),
            "partner_id": SQL("line.client_id"),
            "employee_id": SQL("line.employee_id"),
            "product_id": SQL("line.product_id"),
            "entry": SQL("'refund'"),
            "kind": SQL("line.kind"),
            "amount_list": SQL("-entry.price_subtotal"),
            "amount_net": SQL("-entry.price_subtotal"),
        }
        refunds = SQL(
            """account_move_line entry
               JOIN account_move move ON move.id = entry.move_id
               JOIN salon_visit_line line ON line.id = entry.salon_line_id
               WHERE move.state = 'posted' AND move.move_type = 'out_refund' AND entry.display_type = 'product'
                 AND move.salon_visit_id = line.visit_id AND line.state = 'done' AND entry.salon_is_void IS NOT TRUE"""
        )
        fee = {
            **document,
            "partner_id": SQL("visit.partner_id"),
            "product_id": SQL("entry.product_id"),
            "entry": SQL("'fee'"),
            "amount_other": SQL("CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END * entry.price_subtotal"),
        }
        fees = SQL(
            """account_move move
               JOIN salon_visit visit ON visit.id = move.salon_visit_id
               JOIN account_move_line entry ON entry.move_id = move.id
               JOIN product_product sold ON sold.id = entry.product_id
               JOIN product_template sold_template ON sold_template.id = sold.product_tmpl_id
               WHERE move.state = 'posted' AND entry.display_type = 'product' AND sold_template.salon_money = 'fee'"""
        )
        broken = {
            "date": SQL("broken.date"),
            "datetime": SQL("broken.date"),
            "company_id": SQL("broken.company_id"),
            "partner_id": SQL("pass.partner_id"),
            "product_id": SQL("pass.product_id"),
            "entry": SQL("'breakage'"),
            "quantity": SQL("0"),
            "amount_list": SQL("0"),
            "amount_discount": SQL("0"),
            "amount_net": SQL("0"),
            "amount_other": SQL("broken.value"),
        }
        breakage = SQL("salon_pass_breakage broken JOIN salon_pass pass ON pass.id = broken.pass_id")
        return {
            "line": self._part(0, SQL("line.id"), line, source),
            "refund": self._part(1, SQL("entry.id"), refund, refunds),
            "fee": self._part(2, SQL("entry.id"), fee, fees),
            "breakage": self._part(3, SQL("broken.id"), broken, breakage),
        }

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
