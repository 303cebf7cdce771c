from odoo import fields, models
from odoo.tools import SQL


class SalonVisitReport(models.Model):
    _inherit = "salon.visit.report"
    _depends = {"loyalty.card": ["partner_id", "program_id"], "loyalty.program": ["program_type"]}

    is_member = fields.Boolean("Member", readonly=True, help="The client collects points.")
    visits_per_client = fields.Float(
        readonly=True, aggregator="avg", help="Visits, divided by the different clients with a card who made them."
    )
    returning_share = fields.Float(
        "Returning Clients, %",
        readonly=True,
        aggregator="avg",
        help="Clients with visits in the period who had a done visit before it, divided by its clients.",
    )

    @property
    def _report_ratios(self):
        return {
            **super()._report_ratios,
            "visits_per_client": ("visit_count", "client_count", 1),
            "returning_share": ("returning_client_count", "client_count", 100),
        }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT report.*,
                   1 AS visits_per_client,
                   CASE WHEN report.is_new THEN 0 ELSE 100 END AS returning_share,
                   EXISTS (SELECT FROM loyalty_card card JOIN loyalty_program program ON program.id = card.program_id
                            WHERE card.partner_id = report.partner_id AND program.program_type = 'loyalty') AS is_member
              FROM (%s) report
            """,
            super()._table_query,
        )
