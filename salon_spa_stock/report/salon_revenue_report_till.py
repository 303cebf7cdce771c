from odoo import models
from odoo.tools import SQL


class SalonRevenueReport(models.Model):
    """What the till sells beside visits, and what it gives back."""

    _inherit = "salon.revenue.report"

    _depends = {
        "pos.order": ["state", "date_order", "partner_id", "salon_visit_id", "company_id"],
        "pos.order.line": [
            "order_id", "product_id", "qty", "salon_entry", "salon_line_id", "salon_employee_id", "salon_list",
            "salon_untaxed", "salon_is_void", "salon_reason_id", "salon_campaign_id", "refunded_orderline_id",
        ],
    }  # fmt: skip

    def _parts(self):
        line = {
            "date": SQL("(sold.date_order AT TIME ZONE 'UTC' AT TIME ZONE sold_company.salon_tz)::date"),
            "datetime": SQL("sold.date_order"),
            "company_id": SQL("sold.company_id"),
            "visit_id": SQL("sold.salon_visit_id"),
            "partner_id": SQL("sold.partner_id"),
            "employee_id": SQL("line.salon_employee_id"),
            "product_id": SQL("line.product_id"),
            "kind": SQL("COALESCE(served.kind, CASE template.type WHEN 'service' THEN 'service' ELSE 'product' END)"),
        }
        sale = {
            **line,
            "entry": SQL("'sale'"),
            "quantity": SQL("line.qty"),
            "amount_list": SQL("line.salon_list"),
            "amount_discount": SQL("line.salon_list - line.salon_untaxed"),
            "amount_net": SQL("line.salon_untaxed"),
            "discount_reason_id": SQL("line.salon_reason_id"),
            "discount_campaign_id": SQL("line.salon_campaign_id"),
            "hours": SQL("0"),
        }
        refund = {
            **line,
            "line_id": SQL("line.salon_line_id"),
            "entry": SQL("'refund'"),
            "quantity": SQL("0"),
            "amount_list": SQL("line.salon_untaxed"),
            "amount_discount": SQL("0"),
            "amount_net": SQL("line.salon_untaxed"),
        }
        source = SQL(
            """pos_order_line line
               JOIN pos_order sold ON sold.id = line.order_id
               JOIN res_company sold_company ON sold_company.id = sold.company_id
               JOIN product_product variant ON variant.id = line.product_id
               JOIN product_template template ON template.id = variant.product_tmpl_id
               LEFT JOIN salon_visit_line served ON served.id = line.salon_line_id
               WHERE sold.state IN ('paid', 'done')"""
        )
        sales = SQL("%s AND line.salon_entry = 'sale' AND line.refunded_orderline_id IS NULL", source)
        # What was given back of a visit counts as long as the visit itself does.
        refunds = SQL(
            """%s AND line.salon_entry IN ('visit', 'sale') AND line.refunded_orderline_id IS NOT NULL
               AND line.salon_is_void IS NOT TRUE AND (line.salon_line_id IS NULL OR served.state = 'done')""",
            source,
        )
        return {
            **super()._parts(),
            "till_sale": self._part(10, SQL("line.id"), sale, sales),
            "till_refund": self._part(11, SQL("line.id"), refund, refunds),
        }
