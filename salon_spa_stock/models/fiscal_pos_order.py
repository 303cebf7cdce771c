from odoo import models


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "salon.fiscal.mixin"]

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self.env["salon.fiscal.receipt"]._queue(self.filtered(lambda order: order.state in ("paid", "done")))
        return result

    def _fiscal_key(self):
        return self.uuid

    def _fiscal_name(self):
        return self.pos_reference or self.name

    def _fiscal_till(self):
        return self.config_id.name

    def _fiscal_lines(self):
        return [
            self._fiscal_line(
                line.full_product_name or line.product_id.display_name,
                line.qty,
                line._salon_given(),
                line.tax_ids_after_fiscal_position,
                line._fiscal_kind(),
                line._fiscal_master(),
            )
            for line in self.lines
        ]

    def _fiscal_payments(self):
        payments = {"cash": 0.0, "electronic": 0.0, "prepaid": 0.0, "credit": 0.0}
        kinds = {"cash": "cash", "bank": "electronic", "pay_later": "credit"}
        for payment in self.payment_ids:
            payments[kinds[payment.payment_method_id.type]] += payment.amount
        return payments
