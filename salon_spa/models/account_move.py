from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..tools import money


class AccountMove(models.Model):
    _inherit = "account.move"

    salon_visit_id = fields.Many2one(
        "salon.visit", string="Visit", index="btree_not_null", ondelete="restrict", readonly=True, copy=False
    )

    def copy_data(self, default=None):
        """A credit note, or the new bill after one, that is made in Odoo's own screens is the visit's too."""
        values_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            for move, values in zip(self, values_list, strict=True):
                if move.salon_visit_id:
                    values.setdefault("salon_visit_id", move.salon_visit_id.id)
        return values_list

    def _post(self, soft=True):
        """A pass on a customer's invoice is sold, whoever writes the invoice."""
        posted = super()._post(soft)
        for line in posted.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt")).invoice_line_ids:
            if line.product_id.salon_money == "pass" and line.quantity > 0:
                line.sudo()._salon_sell_passes()
        credits = posted.filtered(lambda move: move.move_type == "out_refund")
        credits._salon_check_credited_passes()
        credits.invoice_line_ids.sudo().salon_pass_id._note_credit()
        credits.invoice_line_ids.sudo()._salon_give_back_tips()
        credits.sudo().salon_visit_id._on_money_changed()
        return posted

    def button_draft(self):
        """:raise UserError: a pass that it sold is used, or it gives one back; masters have tips of it"""
        self._salon_check_passes()
        self._salon_check_pass_entries()
        self._salon_check_tips()
        return super().button_draft()

    def button_cancel(self):
        """:raise UserError: a pass that it sold is used, or it gives one back; masters have tips of it"""
        self._salon_check_passes()
        self._salon_check_pass_entries()
        self._salon_check_tips()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """:raise UserError: an entry says what a pass has earned, which only the pass itself takes back"""
        self._salon_check_pass_entries()
        return super()._reverse_moves(default_values_list, cancel=cancel)

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


    def _salon_check_pass_entries(self):
        entries = self.filtered(lambda move: move.state == "posted" and move.move_type == "entry")
        if not entries:
            return
        uses = self.env["salon.pass.use"].sudo()
        uses = uses.search(["|", ("move_id", "in", entries.ids), ("reversal_move_id", "in", entries.ids)], limit=1)
        broken = self.env["salon.pass.breakage"].sudo().search([("move_id", "in", entries.ids)], limit=1)
        for sold in uses.pass_id or broken.pass_id:
            raise UserError(
                self.env._(
                    "This entry says what %(pass)s has earned: change the visit or the pass, and the books follow.",
                    **{"pass": sold.display_name},
                )
            )

    def _salon_check_credited_passes(self):
        """:raise UserError: a credit note gives back what passes were sold for, and does not say which can't be used"""
        for line in self.sudo().invoice_line_ids:
            if line.product_id.salon_money != "pass" or line.salon_pass_id:
                continue
            bill = line.move_id.reversed_entry_id
            sold = self.env["salon.pass"].sudo()
            if bill:
                sold = sold.search(
                    [("move_line_id", "in", bill.invoice_line_ids.ids), ("product_id", "=", line.product_id.id)]
                )
            if sold:
                raise UserError(
                    self.env._(
                        "%(passes)s were sold by one line of %(bill)s: refund each of them by its own button.",
                        passes=format_list(self.env, sold.mapped("name")),
                        bill=bill.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%(product)s is given back by the button “Refund” of the pass itself, so that nobody uses it any "
                    "more.",
                    product=line.product_id.display_name,
                )
            )

    def _salon_check_tips(self):
        lines = self.sudo().filtered(lambda move: move.state == "posted").invoice_line_ids
        tip = lines and self.env["salon.tip"].sudo().search([("move_line_id", "in", lines.ids)], limit=1)
        if tip:
            raise UserError(
                self.env._(
                    "%(bill)s has tips that are shared among masters: make a credit note instead of changing it.",
                    bill=tip.move_line_id.move_id.display_name,
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
        copy=False,
        help="The service that this line of an invoice or of a credit note is about.",
    )
    salon_is_void = fields.Boolean(
        "Charged Anew",
        readonly=True,
        copy=False,
        help="Charged and given back in full before the service was changed or booked again: it counts no more.",
    )

    salon_pass_id = fields.Many2one(
        "salon.pass",
        string="Pass",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="The pass that this line of an invoice has sold, or this line of a credit note gives back.",
    )

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        values.update(salon_line_id=self.salon_line_id.id, salon_pass_id=self.salon_pass_id.id)

    def _salon_give_back_tips(self):
        """A tip on a credit note is taken from the masters who got it, by what they have of it."""
        for line in self.filtered(lambda line: line.product_id.salon_money == "tip"):
            move = line.move_id
            if not move.salon_visit_id:
                # It is about no tip that is known here.
                continue
            tips = self.env["salon.tip"].search([("visit_id", "=", move.salon_visit_id.id)])
            left = {}
            for tip in tips:
                left[tip.employee_id] = left.get(tip.employee_id, 0.0) + tip.amount
            left = {employee: amount for employee, amount in left.items() if amount > 0}
            if left and line not in tips.move_line_id:
                currency = move.company_id.currency_id
                amount = currency.round(min(-line._salon_amount(), sum(left.values())))
                shares = money.share(amount, list(left.values()), currency.rounding)
                given = {employee: -part for employee, part in zip(left, shares, strict=True) if part}
                move.salon_visit_id._note_tips(given, {"move_line_id": line.id})

    def _salon_sell_passes(self):
        """Make the passes that this line of a posted invoice sells, or bring their price up to date.

        :raise UserError: it sells a part of one
        """
        self.ensure_one()
        company, quantity = self.company_id, int(self.quantity)
        if quantity != self.quantity:
            raise UserError(
                self.env._("%(product)s is sold whole: write 1, 2 or more.", product=self.product_id.display_name)
            )
        untaxed = abs(self.balance)
        rate = untaxed / self.price_subtotal if self.price_subtotal else 1
        rounding = company.currency_id.rounding
        totals = money.share(company.currency_id.round(self.price_total * rate), [1] * quantity, rounding)
        parts = money.share(untaxed, [1] * quantity, rounding)
        for number, (total, part) in enumerate(zip(totals, parts, strict=True), 1):
            sold = self.env["salon.pass"]._create_sold(
                self.product_id, self.move_id.partner_id, total, part, company, number, move_line_id=self.id
            )
            if (sold.price_total, sold.price_untaxed) != (total, part):
                sold.write({"price_total": total, "price_untaxed": part})
                sold._share_value()
            sold.account_id = self.account_id
        # Of several a credit note has to say which.
        self.salon_pass_id = sold if quantity == 1 else False

    def _salon_amount(self):
        """Return what the line charges the client, with tax, in the company's currency; negative on a credit note."""
        self.ensure_one()
        amount = -self.price_total if self.move_id.move_type == "out_refund" else self.price_total
        return self.company_currency_id.round(amount / self.currency_rate)
