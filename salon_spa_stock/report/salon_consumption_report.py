from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

_lt = LazyTranslate(__name__)


class SalonConsumptionReport(models.Model):
    """What services earned and what they took: a row for each service done, with its revenue, and one for each material
    written off, with norm and actual. The two together are the margin.
    """

    _name = "salon.consumption.report"
    _description = "Materials and Margin"
    _inherit = ["salon.report.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "service_id"
    _depends = {
        "salon.consumption": ["line_id", "product_id", "norm", "actual", "state", "cost", "overuse", "is_corrected"],
        "salon.visit.line": ["extra_of_id", "product_id", "employee_id", "client_id", "date", "state", "company_id"],
        "salon.visit": ["start"],
        "res.company": ["currency_id"],
        "product.product": ["product_tmpl_id", "standard_price"],
        "product.template": ["categ_id"],
    }

    date = fields.Date("Day", readonly=True, help="The salon's local day of the service.")
    kind = fields.Selection([("service", "Revenue"), ("material", "Material")], string="Row", readonly=True)
    line_id = fields.Many2one("salon.visit.line", string="Service of the Visit", readonly=True)
    service_id = fields.Many2one("product.product", readonly=True)
    service_tmpl_id = fields.Many2one("product.template", string="Service, All Variants", readonly=True)
    categ_id = fields.Many2one("product.category", string="Service Category", readonly=True)
    employee_id = fields.Many2one("hr.employee", string="Master", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        string="Material",
        readonly=True,
        falsy_value_label=_lt("Services"),  # pylint: disable=translation-field
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit", help="The one that the product is stocked in.")
    is_corrected = fields.Boolean("Corrected", readonly=True, help="Somebody has said what it really was.")

    service_count = fields.Float("Services Done", digits="Product Unit", readonly=True)
    revenue = fields.Monetary(
        readonly=True, help="Net revenue of the services, with what was charged for extra material."
    )
    norm = fields.Float(digits="Product Unit", readonly=True, help="By the recipes, in the material's unit.")
    actual = fields.Float("Used", digits="Product Unit", readonly=True, help="In the material's unit.")
    variance = fields.Float("Difference", digits="Product Unit", readonly=True, help="Used less norm.")
    variance_rate = fields.Float(
        "Difference, %",
        readonly=True,
        aggregator="avg",
        help="Used less norm, divided by the norm, in quantity. Of one material at a time.",
    )
    overuse = fields.Float("Above Tolerance", digits="Product Unit", readonly=True, help="Above norm and tolerance.")
    norm_cost = fields.Monetary("Cost by the Norm", readonly=True, help="The norm at the cost of what was used.")
    cost = fields.Monetary("Material Cost", readonly=True, help="What the stock was worth less by it.")
    variance_cost = fields.Monetary("Cost Difference", readonly=True, help="Material cost less cost by the norm.")
    variance_cost_rate = fields.Float(
        "Cost Difference, %",
        readonly=True,
        aggregator="avg",
        help="Material cost less cost by the norm, divided by cost by the norm.",
    )
    margin = fields.Monetary(readonly=True, help="Revenue less material cost.")
    material_rate = fields.Float(
        "Material Cost, %", readonly=True, aggregator="avg", help="Material cost, divided by service revenue."
    )
    margin_rate = fields.Float("Margin, %", readonly=True, aggregator="avg", help="Margin, divided by revenue.")
    unit_price = fields.Monetary(
        "Price of a Service", readonly=True, aggregator="avg", help="Revenue, divided by services done."
    )
    unit_cost = fields.Monetary(
        "Materials of a Service", readonly=True, aggregator="avg", help="Material cost, divided by services done."
    )

    _report_ratios = {
        "variance_rate": ("variance", "norm", 100),
        "variance_cost_rate": ("variance_cost", "norm_cost", 100),
        "material_rate": ("cost", "revenue", 100),
        "margin_rate": ("margin", "revenue", 100),
        "unit_price": ("revenue", "service_count", 1),
        "unit_cost": ("cost", "service_count", 1),
    }

    @property
    def _table_query(self) -> SQL:
        facts = self.env["salon.revenue.report"]._parts()["line"]
        # The cost of a unit is that of what was used; where nothing was, the product's present one.
        return SQL(
            """
            SELECT fact.*,
                   company.currency_id,
                   (EXTRACT(isodow FROM fact.date) - 1)::varchar AS weekday,
                   service.product_tmpl_id AS service_tmpl_id,
                   template.categ_id,
                   fact.actual - fact.norm AS variance,
                   fact.cost - fact.norm_cost AS variance_cost,
                   fact.revenue - fact.cost AS margin,
                   100 * (fact.actual - fact.norm) / NULLIF(fact.norm, 0) AS variance_rate,
                   100 * (fact.cost - fact.norm_cost) / NULLIF(fact.norm_cost, 0) AS variance_cost_rate,
                   NULL::numeric AS material_rate,
                   NULL::numeric AS margin_rate,
                   NULL::numeric AS unit_price,
                   NULL::numeric AS unit_cost
              FROM (
                    SELECT 2 * row.id AS id, 'material' AS kind, line.date, visit.start AS datetime, line.company_id,
                           line.visit_id, line.id AS line_id, line.client_id AS partner_id, line.employee_id,
                           line.product_id AS service_id, row.product_id, row.is_corrected,
                           0::numeric AS service_count, 0::numeric AS revenue, row.norm::numeric AS norm,
                           row.actual::numeric AS actual, row.overuse::numeric AS overuse, row.cost AS cost,
                           CASE WHEN row.actual > 0 THEN row.cost * row.norm::numeric / row.actual::numeric
                                ELSE COALESCE((material.standard_price ->> line.company_id::text)::numeric, 0)
                                     * row.norm::numeric END AS norm_cost
                      FROM salon_consumption row
                      JOIN salon_visit_line line ON line.id = row.line_id
                      JOIN salon_visit visit ON visit.id = line.visit_id
                      JOIN product_product material ON material.id = row.product_id
                     WHERE row.state = 'done'
                    UNION ALL
                    SELECT 2 * line.id + 1, 'service', earned.date, earned.datetime, earned.company_id, earned.visit_id,
                           line.id, earned.partner_id, earned.employee_id, COALESCE(main.product_id, line.product_id),
                           NULL, FALSE, CASE WHEN line.kind = 'service' THEN earned.quantity ELSE 0 END,
                           earned.amount_net, 0, 0, 0, 0, 0
                      FROM (%(facts)s) earned
                      JOIN salon_visit_line line ON line.id = earned.line_id AND line.kind IN ('service', 'extra')
                      LEFT JOIN salon_visit_line main ON main.id = line.extra_of_id
                   ) fact
              JOIN res_company company ON company.id = fact.company_id
              JOIN product_product service ON service.id = fact.service_id
              JOIN product_template template ON template.id = service.product_tmpl_id
            """,
            facts=facts,
        )
