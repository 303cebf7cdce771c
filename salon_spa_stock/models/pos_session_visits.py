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
