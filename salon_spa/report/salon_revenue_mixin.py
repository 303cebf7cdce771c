from odoo import fields, models

VISITORS = [("new", "New"), ("returning", "Returning"), ("unidentified", "Without card")]

# What SalonReportMixin wants to know of the figures below.
COUNTS = {"visit_count": "visit_key", "client_count": "client_key"}
RATIOS = {
    "average_ticket": ("amount_net", "visit_count", 1),
    "services_per_visit": ("service_count", "visit_count", 1),
    "discount_rate": ("amount_discount", "amount_list", 100),
}


class SalonRevenueMixin(models.AbstractModel):
    """The figures that the services and the visits of a period share, with their definitions."""

    _name = "salon.revenue.mixin"
    _description = "Salon Revenue Figures"
    _inherit = ["salon.report.mixin"]

    acquisition_source_id = fields.Many2one(
        related="partner_id.acquisition_source_id", string="Client's Source", help="What brought the client first."
    )
    client_sex = fields.Selection(related="partner_id.sex", string="Client's Sex")
    is_identified = fields.Boolean("With Card", readonly=True, help="The client has a card.")
    is_new = fields.Boolean("New Client", readonly=True, help="It is the day of the client's first done visit.")
    visitor = fields.Selection(
        VISITORS,
        string="New or Returning",
        readonly=True,
        help="New: it is the day of the client's first done visit. Without card: nobody knows.",
    )

    amount_list = fields.Monetary("At List Price", readonly=True, help="Services and products before discounts.")
    amount_discount = fields.Monetary("Discounts", readonly=True)
    amount_net = fields.Monetary(
        "Revenue",
        readonly=True,
        help="Services done and products sold, net of discounts, without tips. Counted on the day of the service, "
        "whenever it is paid.",
    )
    amount_service = fields.Monetary("Service Revenue", readonly=True, help="Revenue from services, net of discounts.")
    amount_retail = fields.Monetary("Retail Revenue", readonly=True, help="Revenue from products, net of discounts.")
    service_count = fields.Integer("Services Done", readonly=True, help="Lines of services in done visits.")
    visit_count = fields.Integer(
        "Visits",
        readonly=True,
        aggregator="count_distinct",
        help="A visit is one client on one day with at least one service or product done; the same client twice a day "
        "is one. A walk-in without card is a visit each time.",
    )
    client_count = fields.Integer(
        "Clients", readonly=True, aggregator="count_distinct", help="Different clients with a card."
    )
    average_ticket = fields.Monetary(
        readonly=True, aggregator="avg", help="Revenue from services and products, divided by visits."
    )
    services_per_visit = fields.Float(readonly=True, aggregator="avg", help="Services done, divided by visits.")
    discount_rate = fields.Float(
        "Discount Rate, %", readonly=True, aggregator="avg", help="Discounts, divided by list prices."
    )
