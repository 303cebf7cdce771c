from odoo import models

# What the salon's money products are for the tax office: taken now, or taken earlier and used now.
MONEY_KINDS = {
    "deposit": ("advance", "payment"),
    "pass": ("advance", "payment"),
    "tip": ("tip", "tip"),
    "debt": ("debt", "debt"),
    "fee": ("service", "service"),
}


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _fiscal_kind(self):
        """Return what the line is for the tax office, as ``_fiscal_line`` of the document names it."""
        self.ensure_one()
        program = self.reward_id.program_id.program_type
        if program in ("gift_card", "ewallet"):
            return "payment"
        if self.product_id.salon_money:
            refund = self.order_id.is_refund or bool(self.refunded_orderline_id)
            taken, used = MONEY_KINDS[self.product_id.salon_money]
            return used if (self._salon_given() < 0) != refund else taken
        if self.product_id in self._fiscal_advances():
            return "advance"
        if self.product_id == self.order_id.config_id.tip_product_id:
            return "tip"
        return "service" if self.product_id.type == "service" else "goods"

    def _fiscal_advances(self):
        """Return the products that are money paid ahead: gift cards and e-wallets."""
        rules = self.env["loyalty.rule"].sudo().search([("program_id.program_type", "in", ("gift_card", "ewallet"))])
        return rules.product_ids

    def _fiscal_master(self):
        """Return the ``hr.employee`` who served; whoever sold a product sold it for the salon."""
        return self.salon_employee_id if self.salon_line_id else self.env["hr.employee"]
