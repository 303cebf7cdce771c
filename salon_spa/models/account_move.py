from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import money


class AccountMove(models.Model):
    _inherit = "account.move"

    salon_visit_id = fields.Many2one(
        "salon.visit", string="Visit", index="btree_not_null", ondelete="restrict", readonly=True, copy=False
    )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note made in Odoo's own screens is the visit's too."""
        values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, values_list, strict=True):
            if move.salon_visit_id:
                values.setdefault("salon_visit_id", move.salon_visit_id.id)
        return super()._reverse_moves(values_list, cancel=cancel)

    def _post(self, soft=True):
        """A pass on a customer's invoice is sold, whoever writes the invoice."""
        posted = super()._post(soft)
        for line in posted.filtered(lambda move: move.move_type == "out_invoice").invoice_line_ids:
            if line.product_id.salon_money == "pass" and line.quantity > 0:
                line.sudo()._salon_sell_passes()
        credits = posted.filtered(lambda move: move.move_type == "out_refund")
        credits.invoice_line_ids.sudo().salon_pass_id._note_credit()
        return posted

    def button_draft(self):
        """:raise UserError: a pass that it sold is used, or it gives one back"""
        self._salon_check_passes()
        return super().button_draft()

    def button_cancel(self):
        """:raise UserError: a pass that it sold is used, or it gives one back"""
        self._salon_check_passes()
        return super().button_cancel()

    def _salon_check_passes(self):
        lines = self.sudo().filtered(lambda move: move.state == "posted").invoice_line_ids
        passes = self.env["salon.pass"].sudo().search([("move_line_id", "in", lines.ids)]) if lines else ()
        for sold in lines.salon_pass_id.union(*passes):
            if sold.refunded_date or any(not use.returned_at for use in sold.use_ids):
                raise UserError(
                    self.env._(
                        "%(pass)s was used or refunded: give its sessions back before changing this bill.",
                        **{"pass": sold.display_name},
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    salon_line_id = fields.Many2one(
        "salon.visit.line",
        string="Visit Line",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="The service that this line of an invoice or of a credit note is about.",
    )

    salon_pass_id = fields.Many2one(
        "salon.pass",
        string="Pass",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="The pass that this line of an invoice has sold, or this line of a credit note gives back.",
    )

    def _salon_sell_passes(self):
        """Make the passes that this line of a posted invoice sells, or bring their price up to date."""
        self.ensure_one()
        company, quantity = self.company_id, max(1, int(self.quantity))
        untaxed = abs(self.balance)
        rate = untaxed / self.price_subtotal if self.price_subtotal else 1
        totals = money.share(company.currency_id.round(self.price_total * rate), [1] * quantity, 0.01)
        parts = money.share(untaxed, [1] * quantity, company.currency_id.rounding)
        for number, (total, part) in enumerate(zip(totals, parts, strict=True), 1):
            sold = self.env["salon.pass"]._create_sold(
                self.product_id, self.move_id.partner_id, total, part, company, number, move_line_id=self.id
            )
            if (sold.price_total, sold.price_untaxed) != (total, part):
                sold.write({"price_total": total, "price_untaxed": part})
                sold._share_value()
            sold.account_id = self.account_id
            if quantity == 1:
                self.salon_pass_id = sold

    def _salon_amount(self):
        """Return what the line charges the client, with tax; negative on a credit note."""
        self.ensure_one()
        return -self.price_total if self.move_id.move_type == "out_refund" else self.price_total
