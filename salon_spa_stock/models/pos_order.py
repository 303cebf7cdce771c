from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.salon_spa.tools import money

from .pos_order_line import CLEANED
from .pos_order_line import KEPT as KEPT_OF_LINES

# What the server alone writes down: it says what the client has paid for.
KEPT = frozenset({"salon_flag", "salon_is_counted"})
# Ids that the till sends back; of records that may be gone by then.
_LINE_IDS = {
    "salon_line_id": "salon.visit.line",
    "salon_employee_id": "hr.employee",
    "salon_reason_id": "salon.reason",
}


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "salon.guard.mixin"]

    salon_visit_id = fields.Many2one(
        "salon.visit",
        string="Visit",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The visit that is paid, or that a deposit or a debt is paid for.",
    )
    salon_visit_label = fields.Char("Visit Number", compute="_compute_salon_visit_label", compute_sudo=True)
    salon_pass_text = fields.Char("Passes", compute="_compute_salon_visit_label", compute_sudo=True)
    salon_flag = fields.Char(
        "To Be Checked", readonly=True, copy=False, help="What did not fit the visit when it came in."
    )
    salon_is_counted = fields.Boolean(
        "Counted", readonly=True, copy=False, help="What each line counts for was written down when it was paid."
    )

    @api.depends("salon_visit_id")
    def _compute_salon_visit_label(self):
        for order in self:
            order.salon_visit_label = order.salon_visit_id._till_label() if order.salon_visit_id else False
            order.salon_pass_text = order._salon_pass_text() or False

    def _salon_pass_text(self):
        """Return what the receipt says is left of the passes that paid for services."""
        self.ensure_one()
        passes = self.lines.salon_line_id.sudo().pass_line_id.pass_id
        return "\n".join(f"{record.display_name}: {record.left_text}" for record in passes)

    @api.model
    def _salon_kept(self, names):
        return [self._fields[name] for name in KEPT & set(names)]

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: the visit is none that the user takes money for"""
        orders = super().create(vals_list)
        orders._salon_check_visit()
        return orders

    def write(self, vals):
        """:raise UserError: a sale that is paid is moved to another visit

        :raise AccessError: the visit is none that the user takes money for
        """
        if "salon_visit_id" not in vals:
            return super().write(vals)
        if not self.env.su and any(self.mapped("salon_is_counted")):
            raise UserError(self.env._("A sale that is paid stays with its visit: give it back instead."))
        moved = self.filtered(lambda order: order.salon_visit_id.id != vals["salon_visit_id"])
        result = super().write(vals)
        moved._salon_check_visit()
        return result

    def _salon_check_visit(self):
        """Visits are opened by the front desk, each in its own salon: what the order says of them is read by sudo."""
        if self.env.su or self.env.context.get("salon_cleaned") is CLEANED:
            return
        desk = self.env.user.has_group("salon_spa.group_salon_administrator")
        for order in self.filtered("salon_visit_id"):
            if not desk:
                raise AccessError(self.env._("Visits are paid at the front desk: ask an administrator."))
            if order.salon_visit_id.sudo().company_id != order.company_id:
                raise AccessError(self.env._("This visit is gone or belongs to another salon."))

    # ------------------------------------------------------------------
    # Coming in from the till
    # ------------------------------------------------------------------

    @api.model
    def _process_order(self, order, existing_order):
        self._salon_clean(order, existing_order)
        # Lines come before their order: what they say together has been looked at.
        existing_order = existing_order and existing_order.with_context(salon_cleaned=CLEANED)
        return super(PosOrder, self.with_context(salon_cleaned=CLEANED))._process_order(order, existing_order)

    @api.model
    def _salon_clean(self, order, existing_order=None):
        """Take out of what the till sends ids that are gone or belong to another salon, for a sale must never be lost,
        and what is not the till's to say. Who does not work at the front desk opens no visit, and only goes on with
        one that is open.
        """
        for name in KEPT:
            order.pop(name, None)
        session = self.env["pos.session"].browse(order["session_id"])
        company = session.sudo().config_id.company_id
        visit = self.env["salon.visit"].sudo().browse(order.get("salon_visit_id") or ()).exists()
        desk = self.env.user.has_group("salon_spa.group_salon_administrator")
        opened = existing_order.salon_visit_id if existing_order else visit.browse()
        if order.get("salon_visit_id") and (visit.company_id != company or not (desk or visit == opened)):
            order["salon_visit_id"], visit = False, visit.browse()
        for command in order.get("lines") or ():
            values = command[2] if command[0] in (0, 1) and len(command) > 2 else None
            for name in KEPT_OF_LINES if values else ():
                values.pop(name, None)
            for name, model in _LINE_IDS.items():
                if values and values.get(name):
                    record = self.env[model].sudo().browse(values[name]).exists()
                    gone = not record or ("company_id" in record._fields and record.company_id != company)
                    if gone or (name == "salon_line_id" and record.visit_id != visit):
                        values[name] = False

    def _process_saved_order(self, draft):
        """Settle a sale with its visit in the same transaction: all of it or nothing."""
        self.ensure_one()
        self = self.with_context(salon_cleaned=None)
        settling = not draft and self.state != "cancel" and not self.salon_is_counted
        if settling:
            self._salon_before_paid()
        result = super()._process_saved_order(draft)
        if settling:
            self._salon_after_paid()
        return result

    def _salon_before_paid(self):
        """Look whether the sale fits the visit as it is now, and write down what each line counts for.

        A sale that is being paid at this moment is refused when it does not. One that comes late, as the till was
        offline, has its money taken already: it is kept, what was paid twice is a sale beside the visit that can be
        refunded, and who is at the desk is told.

        :raise UserError: with all that is wrong
        """
        for line in self.lines.filtered("refunded_orderline_id"):
            sold = line.refunded_orderline_id
            line.sudo().write(
                {
                    "salon_line_id": sold.salon_line_id.id,
                    "salon_employee_id": sold.salon_employee_id.id,
                }
            )
            if sold.order_id.salon_visit_id and not self.salon_visit_id:
                self.sudo().salon_visit_id = sold.order_id.salon_visit_id
        if self.salon_visit_id:
            visit = self.salon_visit_id.sudo()
            if not visit.try_lock_for_update(allow_referencing=True):
                raise UserError(
                    self.env._(
                        "Somebody else is at the money of %(visit)s right now: try again.", visit=visit.display_name
                    )
                )
        problems = self._salon_problems()
        if problems:
            if self.env.context.get("salon_paying") == self.uuid:
                raise UserError("\n".join(problems))
            self.sudo().salon_flag = " ".join(problems)
        self._salon_drop_settled()
        self._salon_count()

    def _salon_drop_settled(self):
        """Let what is settled already count as a sale beside the visit."""
        seen = set()
        for line in self._salon_visit_lines():
            settled = line.currency_id.compare_amounts(line.salon_line_id.sudo()._to_bill(), 0) <= 0
            if line.salon_line_id in seen or (settled and line._salon_given() > 0):
                line.salon_line_id = False
            seen.add(line.salon_line_id)

    def _salon_visit_lines(self):
        """Return the lines that pay for services and products of the visit."""
        return self.lines.filtered(
            lambda line: line.salon_line_id and not line.refunded_orderline_id and line._salon_kind() == "visit"
        )

    # ------------------------------------------------------------------
    # Does it fit?
    # ------------------------------------------------------------------

    @api.readonly
    def get_till_problems(self):
        """Return the sentences that speak against taking the money for this order, before it is taken.

        :return: list of str
        """
        self.check_access("read")
        self.ensure_one()
        return self._salon_problems()

    def _salon_problems(self):
        self.ensure_one()
        problems = [*self._salon_refund_problems()]
        passes = self._salon_lines_of("pass").filtered(lambda line: not line.refunded_orderline_id)
        if passes and not self.partner_id:
            problems.append(self.env._("Choose the client of the pass."))
        if any(line.qty != line._salon_whole() for line in passes):
            problems.append(self.env._("A pass is sold whole: write 1, 2 or more."))
        owed = self.payment_ids.filtered(lambda payment: payment.payment_method_id.type == "pay_later")
        ours = self.salon_visit_id or self.env.user.has_group("salon_spa.group_salon_administrator")
        if owed and ours and not self.partner_id:
            problems.append(self.env._("Choose the client who will pay later."))
        visit = self.salon_visit_id.sudo()
        if self.is_refund:
            return problems
        if not visit and (self._salon_lines_of("deposit") or self._salon_lines_of("debt")):
            problems.append(self.env._("Deposits and debts are paid for a visit: open the visit again."))
        for line in self.lines.filtered(lambda line: line.salon_asked and not line.salon_line_id):
            problems.append(
                self.env._(
                    "%(service)s is no longer in the visit: open the visit again.",
                    service=line.full_product_name or line.product_id.display_name,
                )
            )
        if not visit:
            return problems
        if visit.state in ("draft", "requested"):
            problems.append(self.env._("Book %(visit)s before taking money for it.", visit=visit.display_name))
        for line in self._salon_visit_lines():
            problems += line._salon_line_problems()
        return problems + self._salon_deposit_problems(visit) + self._salon_debt_problems(visit)

    def _salon_deposit_problems(self, visit):
        currency = self.currency_id
        lines = self._salon_lines_of("deposit")
        used = -sum(amount for amount in (line._salon_given() for line in lines) if amount < 0)
        taken = sum(amount for amount in (line._salon_given() for line in lines) if amount > 0)
        shares = self._salon_shares()
        charged = sum(shares[line] for line in self._salon_visit_lines())
        problems = []
        if charged and currency.compare_amounts(used, charged) > 0:
            problems.append(self.env._("More of the deposit is used than the services cost: open the visit again."))
        elif currency.compare_amounts(used, visit.amount_deposit) > 0:
            problems.append(
                self.env._(
                    "The deposit of %(visit)s is %(amount)s now: open the visit again.",
                    visit=visit.display_name,
                    amount=currency.format(visit.amount_deposit),
                )
            )
        elif currency.compare_amounts(used, min(visit.amount_deposit, charged)) < 0:
            problems.append(
                self.env._(
                    "A deposit of %(amount)s for %(visit)s is not used: open the visit again.",
                    amount=currency.format(visit.amount_deposit),
                    visit=visit.display_name,
                )
            )
        if taken and visit.state not in ("booked", "confirmed", "arrived"):
            problems.append(self.env._("A deposit is taken for a visit to come."))
        elif currency.compare_amounts(taken, visit.amount_due) > 0:
            problems.append(
                self.env._(
                    "%(amount)s is more than the visit still costs: %(due)s.",
                    amount=currency.format(taken),
                    due=currency.format(visit.amount_due),
                )
            )
        return problems

    def _salon_debt_problems(self, visit):
        currency = self.currency_id
        paid = sum(line._salon_given() for line in self._salon_lines_of("debt"))
        left_open = visit._open_amount() if paid else 0.0
        if currency.compare_amounts(paid, left_open) <= 0:
            return []
        return [
            self.env._(
                "%(amount)s is more than the debt for %(visit)s: %(due)s.",
                amount=currency.format(paid),
                visit=visit.display_name,
                due=currency.format(max(0.0, left_open)),
            )
        ]

    def _salon_refund_problems(self):
        """Nobody gets back more than was paid for it, nor a deposit that is used."""
        problems = []
        shares = self._salon_shares()
        for line in self.lines.filtered(lambda line: not line.refunded_orderline_id and line._salon_given() < 0):
            # A deposit is used below zero.
            if line._salon_kind() == "money" and line._salon_money() != "deposit":
                problems.append(
                    self.env._(
                        "%(what)s can't be below zero: give it back from the receipt that it was paid by.",
                        what=line.full_product_name or line.product_id.display_name,
                    )
                )
        for line in self.lines.filtered("refunded_orderline_id"):
            sold, currency = line.refunded_orderline_id, self.currency_id
            kind = line._salon_money()
            if sold.salon_entry in ("visit", "sale"):
                limit = sold._salon_left()
                given = -shares[line]
            elif kind == "deposit" and sold._salon_given() > 0:
                limit = sold.order_id.salon_visit_id.sudo().amount_deposit
                given = -line._salon_given()
            elif kind in ("debt", "pass"):
                what = line.full_product_name or line.product_id.display_name
                problems.append(
                    self.env._("%(what)s is given back in Clients / Passes: open the pass, Refund.", what=what)
                    if kind == "pass"
                    else self.env._("A paid debt is given back in its visit: open the visit, Refund.")
                )
                continue
            elif sold.salon_entry == "money" and sold._salon_given() > 0:
                limit, given = sold._salon_money_left(), -line._salon_given()
            else:
                continue
            if currency.compare_amounts(given, limit) > 0:
                problems.append(
                    self.env._(
                        "%(amount)s is more than what can be given back for %(what)s: %(limit)s.",
                        amount=currency.format(given),
                        what=line.full_product_name or line.product_id.display_name,
                        limit=currency.format(max(0.0, limit)),
                    )
                )
        return problems

    # ------------------------------------------------------------------
    # What it counts for
    # ------------------------------------------------------------------

    def _salon_lines_of(self, kind):
        """Return the lines of one kind of the salon's money."""
        return self.lines.filtered(lambda line: line._salon_money() == kind)

    def _salon_shares(self):
        """Return ``{line: amount with tax}``: services and products after the discounts of the loyalty programs.

        A discount is shared by amount over the lines that it was given for, those with its taxes first.
        """
        self.ensure_one()
        sold = self.lines.filtered(lambda line: line._salon_kind() in ("visit", "sale"))
        shares = {line: line._salon_given() for line in sold}
        for reward_line in self.lines.filtered(lambda line: line._salon_kind() == "discount"):
            off = -reward_line._salon_given()
            found = reward_line._salon_reward().sudo()._salon_taken_off(sold) or sold
            found = found.filtered(lambda line, taxes=reward_line.tax_ids: line.tax_ids == taxes) or found
            sign = 1 if off >= 0 else -1
            weights = [max(0.0, sign * shares[line]) for line in found]
            if found:
                parts = money.share(abs(off), weights, self.currency_id.rounding)
                for line, part in zip(found, parts, strict=True):
                    shares[line] -= sign * part
        return shares

    def _salon_campaigns(self):
        """Return ``{line: utm.campaign}`` of the lines that a loyalty program made cheaper."""
        campaigns = {}
        for reward_line in self.lines.filtered(lambda line: line._salon_kind() == "discount"):
            reward = reward_line._salon_reward()
            sold = self.lines.filtered(lambda line: line._salon_kind() in ("visit", "sale"))
            for line in reward.sudo()._salon_taken_off(sold):
                campaigns.setdefault(line, reward._salon_campaign())
        return campaigns

    def _salon_count(self):
        """Write on each line what it counts for, and on the visit's lines what they were sold for."""
        shares, campaigns = self._salon_shares(), self._salon_campaigns()
        # By sudo: nobody else may write these.
        for line in self.sudo().lines:
            line.salon_entry = line._salon_kind()
            if line not in shares:
                continue
            amount, given = shares[line], line._salon_given()
            service = line.salon_line_id.sudo()
            if service and not line.refunded_orderline_id:
                if line.currency_id.compare_amounts(amount, service._to_bill()):
                    service._sold(amount, line.salon_reason_id, campaigns.get(line))
                line.salon_employee_id = line.salon_employee_id or service.employee_id
                # To the last coin what the visit asks for: rounding leaves no debt of a cent.
                amount = service._to_bill()
            untaxed = line._salon_given("price_subtotal")
            line.salon_campaign_id = campaigns.get(line)
            line.salon_amount = amount
            line.salon_untaxed = self.currency_id.round(untaxed * amount / given) if given else 0.0
            whole = 1 - line.discount / 100
            line.salon_list = self.currency_id.round(untaxed / whole) if whole else line._salon_list_of_free()
        self.sudo().salon_is_counted = True

    def _get_pos_anglo_saxon_price_unit(self, product, partner_id, quantity):
        """Products of a visit have left the stock with it, and not by a transfer of the till."""
        price = super()._get_pos_anglo_saxon_price_unit(product, partner_id, quantity)
        services = self.lines.filtered(lambda line: line.product_id == product).salon_line_id.sudo()
        if price or not services:
            return price
        return services._salon_cost(self.company_id)

    def _salon_owed(self):
        """Return what of the order was put on the client's account and is not paid yet."""
        self.ensure_one()
        order = self.sudo()
        if order.account_move:
            return -order.account_move.amount_residual if order.amount_total < 0 else order.account_move.amount_residual
        later = order.payment_ids.filtered(lambda payment: payment.payment_method_id.type == "pay_later")
        return sum(
            payment.salon_receivable_id.amount_residual if payment.salon_receivable_id else payment.amount
            for payment in later
        )

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _salon_after_paid(self):
        """Do what follows from the sale for its visit: tips, debts, deposits, and the visit is done."""
        visit = self.salon_visit_id.sudo()
        self._salon_take_goods_back()
        self._salon_sell_passes()
        self._salon_return_passes()
        # What a till has given back offline can't be used any more.
        sold = self._salon_lines_of("pass").refunded_orderline_id
        self.env["salon.pass"].sudo().search([("pos_line_id", "in", sold.ids)])._note_credit()
        self._salon_take_cards_back()
        back = self.lines.filtered(lambda line: line.refunded_orderline_id.salon_entry in ("visit", "sale"))
        if not self.company_id.sudo().salon_till_id:
            # Points of a shop that is no salon's stay with the client, as Odoo leaves them.
            back = back.browse()
        for order, lines in back.grouped(lambda line: line.refunded_orderline_id.order_id).items():
            order._salon_take_points_back(-sum(lines.mapped("salon_amount")), self)
        self._salon_note_tips()
        if visit:
            debt = sum(line._salon_given() for line in self._salon_lines_of("debt"))
            if self.currency_id.compare_amounts(debt, 0) > 0:
                visit._debt_paid(debt)
            self._salon_log(visit)
            if not self.is_refund:
                self._salon_close(visit)
        if self.salon_flag:
            self._salon_tell()

    def _salon_take_goods_back(self):
        """Put products of a visit that are given back on the shelf; what a service used stays used."""
        back = self.lines.filtered(
            lambda line: line.refunded_orderline_id and line.salon_line_id.kind == "product" and line.qty < 0
        )
        delivered = back.salon_line_id.sudo()._salon_delivered()
        for line in back:
            sold = line.salon_line_id.sudo()
            sold._salon_move_sold([(sold, -min(-line.qty, delivered[sold]))])

    def _salon_sell_passes(self):
        """Make the passes that were sold, one for each unit."""
        for line in self._salon_lines_of("pass").filtered(lambda line: not line.refunded_orderline_id):
            units = [1] * line._salon_whole()
            amounts = [
                money.share(line._salon_given(name), units, self.currency_id.rounding)
                for name in ("price_subtotal_incl", "price_subtotal")
            ]
            for number, (total, untaxed) in enumerate(zip(*amounts, strict=True), 1):
                self.env["salon.pass"]._create_sold(
                    line.product_id,
                    self.partner_id or self.company_id._salon_walk_in(),
                    total,
                    untaxed,
                    self.company_id,
                    number=number,
                    pos_line_id=line.id,
                )

    def _salon_return_passes(self):
        """Give sessions of services that are given back to their passes, unless the cashier said no."""
        back = self.lines.filtered(lambda line: line.refunded_orderline_id and not line.salon_keeps_pass)
        for line in back.salon_line_id.sudo().filtered("pass_line_id"):
            line._return_pass()
            # Nobody owes for a service that was given back.
            line._sold(0.0)

    def _salon_take_cards_back(self):
        """Take off the cards what was paid for them and is given back."""
        for line in self.lines.filtered("refunded_orderline_id"):
            rest = -line._salon_given()
            for card in line.refunded_orderline_id._salon_cards() if rest > 0 else ():
                used = min(rest, card.points)
                if used > 0:
                    rest -= used
                    self.env["loyalty.history"].sudo()._salon_note(card, -used, self)

    def _salon_charged(self):
        """Return ``{visit line: what this sale charges for it}``."""
        sold = self.lines.filtered(lambda line: line.salon_entry == "visit" and not line.refunded_orderline_id)
        return {line.salon_line_id: line.salon_amount for line in sold}

    def _salon_take_points_back(self, amount, document):
        """Undo the points of this sale as far as its price is given back.

        :param float amount: given back, with tax
        :param document: what gives it back
        """
        order = self.sudo()
        sold = order.lines.filtered(lambda line: not line.refunded_orderline_id)
        total = sum(line.salon_amount for line in sold if line.salon_entry in ("visit", "sale"))
        total += sum(line._salon_given() for line in order._salon_lines_of("pass"))
        if total > 0:
            self.env["loyalty.history"]._salon_of(order)._salon_undo(amount / total, document)

    def read_pos_data(self, data, config):
        """The till learns what became of the cards of clients who were given something back."""
        result = super().read_pos_data(data, config)
        clients = self.filtered(lambda order: order.lines.refunded_orderline_id).partner_id
        if config and clients:
            cards = self.env["loyalty.card"].search(
                [("partner_id", "in", clients.ids), ("program_id", "in", config._get_program_ids().ids)]
            )
            result["loyalty.card"] = cards._load_pos_data_read(cards, config)
        return result

    def _salon_note_tips(self):
        visit = self.salon_visit_id.sudo()
        for line in self.lines.filtered(lambda line: line._salon_money() == "tip"):
            amount = line._salon_given()
            if self.currency_id.is_zero(amount):
                continue
            weights = line._salon_tip_weights()
            if not weights:
                continue
            sign = 1 if amount > 0 else -1
            parts = money.share(abs(amount), list(weights.values()), self.currency_id.rounding)
            tips = {master: sign * part for master, part in zip(weights, parts, strict=True) if part}
            visit._note_tips(tips, {"pos_line_id": line.id, "date": self.company_id._salon_money_date()})

    def _salon_log(self, visit):
        taken = self._salon_lines_of("deposit").filtered(lambda line: line._salon_given() > 0)
        # Less the change.
        for method, payments in self.payment_ids.grouped("payment_method_id").items():
            paid = sum(payments.mapped("amount"))
            if self.currency_id.is_zero(paid):
                continue
            event = "refund" if paid < 0 and self.is_refund else "deposit" if taken else "paid"
            visit._log(event, new=self.currency_id.format(abs(paid)), reason=f"{self.name}, {method.name}")
        if not self.payment_ids:
            visit._log("till", new=self.name)

    def _salon_close(self, visit):
        if not self._salon_visit_lines():
            return
        try:
            with self.env.cr.savepoint():
                visit._till_close()
        except UserError as error:
            if self.env.context.get("salon_paying") == self.uuid:
                raise
            # The money is in the drawer: what keeps the visit open is for the desk to mend.
            self.sudo().salon_flag = " ".join(filter(None, [self.salon_flag, str(error)]))

    def _salon_tell(self):
        """Give who is at the desk the task to look at a sale that did not fit its visit."""
        text = self.env._("%(receipt)s: %(problem)s", receipt=self.name, problem=self.salon_flag)
        self.message_post(body=text)
        visit = self.salon_visit_id.sudo()
        if visit:
            visit._log("till", new=text)
            visit.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo", summary=text[:200], user_id=visit._desk_user().id
            )

    def _salon_holder(self):
        """Return who has a visit open in this order."""
        self.ensure_one()
        order = self.sudo()
        return {
            "uuid": order.uuid,
            "config_id": order.config_id.id,
            "text": self.env._("%(till)s, %(user)s", till=order.config_id.name, user=order.user_id.name),
        }
