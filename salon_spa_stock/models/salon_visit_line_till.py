from odoo import api, fields, models

from odoo.addons.salon_spa.models.salon_visit_line import _BY_DOCUMENT

SOLD = ("paid", "done")


class SalonVisitLine(models.Model):
    _inherit = "salon.visit.line"

    pos_line_ids = fields.One2many(
        "pos.order.line", "salon_line_id", string="Receipts", groups="point_of_sale.group_pos_user"
    )

    @api.depends("pos_line_ids.salon_amount", "pos_line_ids.salon_entry", "pos_line_ids.order_id.state",
                 "pos_line_ids.salon_is_void")  # fmt: skip
    def _compute_billed(self):
        super()._compute_billed()

    def _billed_amounts(self):
        return super()._billed_amounts() + [
            (line.salon_amount, line.salon_is_void)
            for line in self.pos_line_ids
            if line.order_id.state in SOLD and line.salon_entry == "visit"
        ]

    def _void_documents(self):
        super()._void_documents()
        self.pos_line_ids.filtered(lambda line: line.order_id.state in SOLD).salon_is_void = True

    def _salon_cost(self, company):
        """Return what one of the product that these lines have sold, or will sell, has cost."""
        given = self.salon_sold_move_ids.filtered(lambda move: move.state == "done" and move.is_out)
        return given._get_price_unit() if given else self.product_id.with_company(company).standard_price

    def _salon_kept_quantities(self):
        kept = super()._salon_kept_quantities()
        for line in self:
            back = line.sudo().pos_line_ids.filtered(
                lambda row: (
                    row.refunded_orderline_id
                    and row.order_id.state in SOLD
                    and row.salon_entry == "visit"
                    and not row.salon_is_void
                )
            )
            # Below zero: what was given back at the till is on the shelf again, and the visit keeps the rest.
            kept[line] = max(0.0, kept[line] + sum(back.mapped("qty")))
        return kept

    def _base_of(self, total, rounded=False):
        """Return the amount at the price list's prices that comes to ``total`` when tax is added to it.

        :param rounded: to the smallest coin, as a discount is
        """
        self.ensure_one()
        whole = self.amount_list or 1.0
        ratio = whole / (self._taxed(whole)[1] or whole)
        base = total * ratio
        for _step in range(3):
            base = self.currency_id.round(base) if rounded else base
            missing = self.currency_id.round(total - self._taxed(base)[1])
            if not missing:
                break
            base += missing * ratio
        return base

    def _till_line(self):
        """Return what the till needs to charge what is still open of this line."""
        self.ensure_one()
        amount = self._to_bill()
        notes = []
        if self.discount_amount:
            notes.append(
                self.env._(
                    "Discount %(amount)s: %(reason)s",
                    amount=self._money(self.discount_amount),
                    reason=self._discount_reason() or "",
                )
            )
        if self.pass_amount:
            notes.append(self._till_pass_text())
        if self.client_id != self.visit_id.partner_id and self.client_id:
            notes.append(self.client_id.name)
        return {
            "id": self.id,
            "product_id": self.product_id.id,
            "product_tmpl_id": self.product_id.product_tmpl_id.id,
            "qty": self.quantity,
            "price_unit": self._base_of(amount) / self.quantity,
            "tax_ids": self._taxes().ids,
            "amount": amount,
            "employee_id": self.employee_id.id,
            "note": " · ".join(notes),
        }

    def _till_pass_text(self):
        """Return how the receipt says that a pass pays for this line."""
        self.ensure_one()
        record = self.sudo().pass_line_id.pass_id
        return self.env._(
            "By pass %(pass)s: %(amount)s", **{"pass": record.display_name, "amount": self._money(self.pass_amount)}
        )

    def _sold(self, total, reason=None, campaign=None):
        """Make the line say what it was sold for at the till.

        :param float total: what the receipt charges for it, with tax
        """
        self.ensure_one()
        base = self._base_of(total + self.pass_amount + self.amount_billed, rounded=True)
        values = {"discount": 0, "discount_amount": 0}
        if self.currency_id.compare_amounts(base, self.amount_list) > 0:
            values["price_unit"] = base / self.quantity
        else:
            given = self.amount_list - base
            values["discount_amount"] = given
            if given and reason:
                values["discount_reason_id"] = reason.id
            if given and campaign:
                values["discount_campaign_id"] = campaign.id
            if given and not (reason or campaign or self.discount_reason_id or self.discount_campaign_id):
                values["discount_reason_id"] = self.env.ref("salon_spa_stock.reason_discount_till").id
        self.sudo().with_context(salon_by_document=_BY_DOCUMENT).write(values)
