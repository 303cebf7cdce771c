import math
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What the server alone writes down: it says what the client has paid for.
KEPT = frozenset({"salon_entry", "salon_list", "salon_amount", "salon_untaxed", "salon_campaign_id", "salon_is_void"})
# What is settled with the order.
SETTLED = frozenset({"salon_line_id", "salon_employee_id", "salon_tips"})
# Passed in the context with what the till sends; an object, so that no remote caller can forge it.
CLEANED = object()
# Programs whose cards are money that was paid ahead.
_CARDS = ("gift_card", "ewallet")


class PosOrderLine(models.Model):
    _name = "pos.order.line"
    _inherit = ["pos.order.line", "salon.guard.mixin"]

    salon_line_id = fields.Many2one(
        "salon.visit.line",
        string="Visit Line",
        # What is paid can't be removed from the visit; what is only open at a till can.
        ondelete="set null",
        copy=False,
        index="btree_not_null",
        help="The service or product of a visit that is paid by this line.",
    )
    salon_employee_id = fields.Many2one(
        "hr.employee",
        string="Master or Seller",
        ondelete="restrict",
        index="btree_not_null",
        help="Who did the service or sold the product.",
    )
    salon_reason_id = fields.Many2one(
        "salon.reason", string="Discount Reason", domain="[('kind', '=', 'discount')]", ondelete="restrict"
    )
    salon_campaign_id = fields.Many2one(
        "utm.campaign",
        string="Discount Campaign",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Of the loyalty program that made it cheaper.",
    )
    salon_note = fields.Char("Remark", help="Discounts and passes of the visit, as the receipt says them.")
    salon_asked = fields.Monetary("Asked", help="What was to be paid when the visit was opened at the till.")
    salon_tips = fields.Json("Shares of the Tip", help="Amounts by master.")
    salon_keeps_pass = fields.Boolean(
        "Session Stays Used", help="The service is given back and the session of the pass is not."
    )
    salon_entry = fields.Selection(
        [
            ("visit", "Visit"),
            ("sale", "Sale"),
            ("discount", "Discount"),
            ("payment", "Gift card or e-wallet"),
            ("money", "Deposit, tip, debt, gift card"),
        ],
        string="Counts as",
        readonly=True,
        index=True,
        copy=False,
    )
    salon_is_void = fields.Boolean(
        "Charged Anew",
        readonly=True,
        copy=False,
        help="Charged and given back in full before the service was changed or booked again: it counts no more.",
    )
    salon_list = fields.Monetary("Before Discounts", readonly=True, copy=False, help="Without tax.")
    salon_amount = fields.Monetary(
        "After Discounts", readonly=True, copy=False, help="With tax and the line's part of the order's discounts."
    )
    salon_untaxed = fields.Monetary("After Discounts, without Tax", readonly=True, copy=False)

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "salon_line_id",
            "salon_employee_id",
            "salon_reason_id",
            "salon_note",
            "salon_asked",
            "salon_tips",
            "salon_keeps_pass",
            "salon_amount",
        ]

    @api.model
    def _salon_kept(self, names):
        return [self._fields[name] for name in KEPT & set(names)]

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: the service is not one of the visit that the order has open"""
        lines = super().create(vals_list)
        lines._salon_check_service()
        return lines

    def write(self, vals):
        """:raise UserError: a line of a sale that is paid is moved to another service or master

        :raise AccessError: the service is not one of the visit that the order has open
        """
        if SETTLED & set(vals) and not self.env.su and any(self.order_id.mapped("salon_is_counted")):
            raise UserError(self.env._("A sale that is paid stays with its visit: give it back instead."))
        result = super().write(vals)
        if "salon_line_id" in vals:
            self._salon_check_service()
        return result

    def _salon_check_service(self):
        """What the till is told of a service is read by sudo."""
        if self.env.su or self.env.context.get("salon_cleaned") is CLEANED:
            return
        if any(
            line.salon_line_id.sudo().visit_id != line.order_id.sudo().salon_visit_id
            for line in self.filtered("salon_line_id")
        ):
            raise AccessError(self.env._("This visit is gone or belongs to another salon."))

    def _salon_money(self):
        """Return which of the salon's money the line takes or uses: deposit, tip, fee, debt, pass; False for others."""
        self.ensure_one()
        return self.product_id.sudo().salon_money

    def _salon_kind(self):
        """Return how the line counts, see ``salon_entry``."""
        self.ensure_one()
        reward = self._salon_reward()
        if reward:
            return "payment" if reward.sudo().program_id.program_type in _CARDS else "discount"
        if self.salon_line_id:
            return "visit"
        product = self.product_id.sudo()
        if product.salon_money or product == self.order_id.config_id.tip_product_id or self._salon_is_top_up():
            return "money"
        return "sale"

    def _salon_whole(self):
        """Return how many passes the line sells: what is no whole one gives nobody any session."""
        self.ensure_one()
        return max(0, math.floor(self.qty))

    def _salon_reward(self):
        """Return the reward that the line gives; the till does not say of what it takes back that it was one."""
        self.ensure_one()
        line = self if self.is_reward_line else self.refunded_orderline_id.filtered("is_reward_line")
        return line.reward_id

    def _salon_is_top_up(self):
        """Tell whether the line sells a gift card or pays into an e-wallet."""
        if self.product_id.type != "service" or self.product_id.is_salon_service:
            return False
        rules = (
            self.env["loyalty.rule"]
            .sudo()
            .search(
                [
                    ("program_id.program_type", "in", _CARDS),
                    ("product_ids", "in", self.product_id.ids),
                ],
                limit=1,
            )
        )
        return bool(rules)

    def _salon_cards(self):
        """Return the gift cards that this line has sold, or the client's e-wallet that it was paid into."""
        self.ensure_one()
        cards = self.env["loyalty.card"].sudo()
        if self.salon_entry != "money" or self.product_id.sudo().salon_money:
            return cards
        order = self.order_id
        cards = cards.search(
            [
                ("program_id.program_type", "in", _CARDS),
                ("program_id.rule_ids.product_ids", "in", self.product_id.ids),
                "|",
                ("source_pos_order_id", "=", order.id),
                "&",
                ("program_id.program_type", "=", "ewallet"),
                ("partner_id", "=", order.partner_id.id or 0),
            ],
            order="id",
        )
        return cards

    def _salon_money_left(self):
        """Return what can be given back of a tip, a fee or a card that was sold: of a card what is left on it."""
        self.ensure_one()
        back = self.refund_orderline_ids.filtered("order_id.salon_is_counted")
        left = self._salon_given() + sum(line._salon_given() for line in back)
        if self._salon_is_top_up():
            left = min(left, sum(self._salon_cards().mapped("points")))
        return left

    def _launch_stock_rule_from_pos_order_lines(self):
        """Products of a visit leave the stock with it, also when the rest of the receipt is sent to the client."""
        return super(
            PosOrderLine, self.filtered(lambda line: not line.salon_line_id)
        )._launch_stock_rule_from_pos_order_lines()

    def _salon_given(self, name="price_subtotal_incl"):
        """Return what the line charges, below zero when it gives back, whoever made the order.

        The till sends the lines of a refund above zero, Odoo's own screens below.
        """
        self.ensure_one()
        return math.copysign(abs(self[name]), self.qty * self.price_unit)

    def _fiscal_master(self):
        return self.salon_employee_id.sudo()

    def _salon_left(self):
        """Return what of the line's amount was not given back yet."""
        self.ensure_one()
        back = self.refund_orderline_ids.filtered(lambda line: line.order_id.state in ("paid", "done"))
        left = self.salon_amount + sum(back.mapped("salon_amount"))
        if self.salon_line_id:
            # A part may have been given back in the visit itself.
            line = self.salon_line_id.sudo()
            left = min(left, line.amount_billed - line.amount_refunded)
        return left

    def _salon_list_of_free(self):
        """Return the price without tax of a line that was given for nothing."""
        self.ensure_one()
        taxes = self.tax_ids_after_fiscal_position
        total = taxes.compute_all(self.price_unit, self.currency_id, self.qty, self.product_id)
        return total["total_excluded"]

    def _salon_line_problems(self):
        """Return what speaks against charging this for the visit's line as it is now."""
        self.ensure_one()
        line, currency = self.salon_line_id.sudo(), self.currency_id
        service, charged, due = line.product_id.display_name, self._salon_given(), line._to_bill()
        if currency.compare_amounts(due, 0) <= 0 < charged:
            return [self.env._("%(service)s is paid already or was cancelled: open the visit again.", service=service)]
        if currency.compare_amounts(self.salon_asked, due):
            return [
                self.env._(
                    "%(service)s costs %(amount)s now: open the visit again.",
                    service=service,
                    amount=currency.format(due),
                )
            ]
        if currency.compare_amounts(charged, due) >= 0:
            return []
        problems = []
        if not self.salon_reason_id:
            problems.append(self.env._("Give the reason for the discount on %(service)s.", service=service))
        limit = self.salon_line_id._discount_limits()[line.company_id]
        full = line._taxed(line.amount_list)[1]
        lowest = full * (1 - limit / 100) - line.pass_amount - line.amount_billed
        if limit < 100 and currency.compare_amounts(charged, lowest) < 0:
            values = {"limit": f"{limit:g}", "service": service}
            if self.env.user.has_group("salon_spa.group_salon_manager"):
                problems.append(self.env._("A discount above %(limit)s%% needs the owner: %(service)s.", **values))
            else:
                problems.append(self.env._("A discount above %(limit)s%% needs a manager: %(service)s.", **values))
        return problems

    def _salon_tip_weights(self):
        """Return ``{hr.employee: weight}`` that the tip is shared by: as the cashier said, else as the salon does.

        Without a visit it is shared by price, among those who did the services of the sale, without services among
        those who sold products.
        """
        self.ensure_one()
        masters = self.env["hr.employee"].sudo()
        sold = self.refunded_orderline_id
        if sold:
            tips = self.env["salon.tip"].sudo().search([("pos_line_id", "=", sold.id)])
            return {tip.employee_id: tip.amount for tip in tips}
        said = self.salon_tips if isinstance(self.salon_tips, dict) else {}
        weights = defaultdict(float)
        for key, amount in said.items():
            master = masters.browse(int(key)).exists() if str(key).isdigit() else masters
            if master.company_id == self.company_id and isinstance(amount, int | float) and amount > 0:
                weights[master] += amount
        if weights:
            return dict(weights)
        visit = self.order_id.salon_visit_id.sudo()
        for employee in visit._live_lines().employee_id.sudo():
            weights[employee] = visit._tip_weight(employee, self.company_id.sudo().salon_tip_split)
        if not visit:
            served = self.order_id.lines.filtered(
                lambda line: line.salon_employee_id and line._salon_kind() == "sale" and line._salon_given() > 0
            )
            for line in served.filtered(lambda line: line.product_id.type == "service") or served:
                weights[line.salon_employee_id.sudo()] += line._salon_given()
        return dict(weights)
