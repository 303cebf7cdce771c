from odoo import api, models

# Visits, masters and reasons are not loaded: the till knows them by their ids alone.
_PLAIN = {
    "pos.order": ("salon_visit_id",),
    "pos.order.line": ("salon_line_id", "salon_employee_id", "salon_reason_id"),
}


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_relations(self, model, fields):
        relations = super()._load_pos_data_relations(model, fields)
        for name in _PLAIN.get(model, ()):
            if name in relations:
                relations[name] = {"name": name, "type": "integer", "compute": False, "related": False}
        return relations

    def _accumulate_amounts(self, data):
        """Book what products of visits cost: they have left the stock without one of the till's transfers."""
        data = super()._accumulate_amounts(data)
        if self.company_id.inventory_valuation != "real_time":
            return data
        for line in self._get_closed_orders().filtered(lambda order: not order.is_invoiced).lines:
            product, service = line.product_id.with_company(self.company_id), line.salon_line_id.sudo()
            if not service or not product.is_storable or product.valuation != "real_time":
                continue
            cost = service._salon_cost(self.company_id)
            accounts = product._get_product_accounts()
            for kind, account in (
                ("stock_expense", accounts["expense"]),
                ("stock_valuation" if line.qty > 0 else "stock_return", accounts["stock_valuation"]),
            ):
                amounts, day = {"amount": line.qty * cost}, line.order_id.date_order
                data[kind][account] = self._update_amounts(
                    data[kind][account], amounts, day, force_company_currency=True
                )
        return data

    def _create_pay_later_receivable_lines(self, data):
        """Remember which entry is the debt of which payment: what is left of it is what the visit still costs."""
        data = super()._create_pay_later_receivable_lines(data)
        combined = data.get("combine_receivables_pay_later") or {}
        payments = data.get("split_receivables_pay_later") or {}
        lines = data["pay_later_move_lines"][len(combined) :]
        for payment, line in zip(payments, lines, strict=True):
            payment.sudo().salon_receivable_id = line
        return data

    def _validate_session(self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None):
        result = super()._validate_session(balancing_account, amount_to_balance, bank_payment_method_diffs)
        for session in self.filtered(lambda session: session.state == "closed"):
            owed = session.sudo().order_ids.payment_ids.filtered("salon_receivable_id")
            for visit in owed.pos_order_id.salon_visit_id:
                visit._reconcile()
        return result
