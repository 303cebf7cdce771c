from uuid import uuid4

from odoo import models
from odoo.exceptions import UserError

from .fiscal_pos_order_line import MONEY_KINDS


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "salon.fiscal.mixin"]

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # Bills of visits, and of what is paid ahead without one; other invoices are none of the till's, and that of a
        # receipt is paid by the receipt, which has been printed.
        self.env["salon.fiscal.receipt"]._queue(
            self.filtered(
                lambda move: (
                    not move.sudo().pos_order_ids
                    and (move.salon_visit_id or any(move.invoice_line_ids.product_id.mapped("salon_money")))
                )
            )
        )
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """:raise UserError: it is the invoice of a receipt that a visit, a pass or a tip hangs on"""
        for order in self.sudo().pos_order_ids:
            if order.salon_visit_id or any(order.lines.product_id.mapped("salon_money")):
                raise UserError(
                    self.env._(
                        "%(invoice)s is the invoice of the receipt %(receipt)s: give it back at the till, so that the "
                        "visit, the pass and the tips follow.",
                        invoice=order.account_move.name,
                        receipt=order.pos_reference or order.name,
                    )
                )
        return super()._reverse_moves(default_values_list, cancel)

    def _salon_check_credited_passes(self):
        # A receipt has its own way with the passes that it sells or gives back.
        super(AccountMove, self.filtered(lambda move: not move.sudo().pos_order_ids))._salon_check_credited_passes()

    # ------------------------------------------------------------------
    # Points: what is paid without the till earns what it would have earned there
    # ------------------------------------------------------------------

    def _salon_earning_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: line.price_total > 0 and (line.salon_line_id or line.product_id.salon_money == "pass")
        )

    def _salon_earn_points(self, client):
        """Give the client the points of this bill of a visit or a pass.

        Called by sudo, on an empty recordset too; without a till the salon has no points.
        """
        lines = self._salon_earning_lines()
        till = self.company_id.salon_till_id
        if not (lines and client and till):
            return
        rows = [(line.product_id, line.quantity, line.price_total, line.price_subtotal) for line in lines]
        cards = self.env["loyalty.card"]
        # By sudo those of other companies are found too.
        programs = till._get_program_ids().filtered(
            lambda one: (
                one.program_type == "loyalty" and (not one.company_id or one.company_id in self.company_id.parent_ids)
            )
        )
        for program in programs:
            points = program._salon_points(rows)
            if points:
                own = {"program_id": program.id, "partner_id": client.id}
                card = cards.search([(name, "=", value) for name, value in own.items()], limit=1) or cards.create(own)
                self.env["loyalty.history"]._salon_note(card, points, self)

    def _salon_charged(self):
        """Return ``{visit line: what this bill charges for it}``."""
        lines = self._salon_earning_lines().grouped("salon_line_id")
        return {line: sum(own.mapped("price_total")) for line, own in lines.items() if line}

    def _salon_take_points_back(self, amount, document):
        """Undo the points of this bill as far as its price is given back.

        :param float amount: given back, with tax
        :param document: what gives it back
        """
        total = sum(self._salon_earning_lines().mapped("price_total"))
        if total > 0:
            self.env["loyalty.history"]._salon_of(self)._salon_undo(amount / total, document)

    def _fiscal_key(self):
        # The receipt's row keeps it. A number would come again: in a database of the same name, after a backup.
        return str(uuid4())

    def _fiscal_name(self):
        return self.name

    def _fiscal_till(self):
        return self.journal_id.name

    def _fiscal_lines(self):
        sign = -1 if self.move_type == "out_refund" else 1
        lines = []
        for line in self.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            kind = "service" if line.product_id.type == "service" else "goods"
            if line.product_id.salon_money:
                taken, used = MONEY_KINDS[line.product_id.salon_money]
                kind = used if line.price_total < 0 else taken
            master = line.salon_line_id.employee_id
            lines.append(
                self._fiscal_line(
                    line.product_id.display_name or line.name,
                    line.quantity,
                    sign * line.price_total,
                    line.tax_ids,
                    kind,
                    master,
                )
            )
        return lines

    def _fiscal_payments(self):
        payments = {"cash": 0.0, "electronic": 0.0, "prepaid": 0.0, "credit": 0.0}
        sign = -1 if self.move_type == "out_refund" else 1
        receivable = self.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        for partial in receivable.matched_debit_ids | receivable.matched_credit_ids:
            other = (partial.debit_move_id | partial.credit_move_id) - receivable
            journal = other.move_id.origin_payment_id.journal_id
            kind = {"cash": "cash", "bank": "electronic"}.get(journal.type, "credit")
            payments[kind] += sign * partial.amount
        return payments
