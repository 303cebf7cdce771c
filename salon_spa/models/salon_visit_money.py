from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import money
from .salon_visit_line import BOOKKEEPERS


class SalonVisit(models.Model):
    """The visit's money: what is charged, what was paid, what is left.

    The truth are Odoo's own documents: invoices and credit notes that carry the visit, and payments of them. What the
    visit shows is computed from these, whichever way they came; another addon's documents (receipts of a till) are
    added by ``_document_lines``, ``_open_amount`` and the line's ``_billed_amounts``.
    """

    _inherit = "salon.visit"

    move_ids = fields.One2many(
        "account.move", "salon_visit_id", string="Bills", groups=BOOKKEEPERS, copy=False
    )
    payment_ids = fields.One2many(
        "account.payment", "salon_visit_id", string="Payments", groups=BOOKKEEPERS, copy=False
    )
    tip_ids = fields.One2many("salon.tip", "visit_id", string="Tips", copy=False)
    amount_pass = fields.Monetary("By Pass", compute="_compute_payment", store=True, compute_sudo=True)
    amount_deposit = fields.Monetary(
        "Deposit", compute="_compute_payment", store=True, compute_sudo=True, help="Paid ahead and not used yet."
    )
    amount_paid = fields.Monetary(
        compute="_compute_payment",
        store=True,
        compute_sudo=True,
        help="Money received for the visit with deposits, less what was given back; without tips.",
    )
    amount_tip = fields.Monetary("Tips for Masters", compute="_compute_payment", store=True, compute_sudo=True)
    amount_due = fields.Monetary(
        compute="_compute_payment",
        store=True,
        compute_sudo=True,
        help="What the client still has to pay, after passes and deposits.",
    )
    payment_state = fields.Selection(
        [
            ("unpaid", "Unpaid"),
            ("deposit", "Deposit"),
            ("partial", "Partly paid"),
            ("paid", "Paid"),
            ("refunded", "Refunded"),
        ],
        string="Payment",
        compute="_compute_payment",
        store=True,
        compute_sudo=True,
        index=True,
    )
    is_paid_elsewhere = fields.Boolean(
        "Paid Elsewhere",
        readonly=True,
        copy=False,
        help="Brought in from another system, where it was paid: nothing is charged for it here.",
    )
    can_pay = fields.Boolean(compute="_compute_can_pay", help="Something is to be paid, and who looks may take it.")

    _debts = models.Index("(partner_id) WHERE amount_due > 0 AND state = 'done'")

    @api.depends(
        "state",
        "is_paid_elsewhere",
        "line_ids.price_total",
        "line_ids.cancelled",
        "line_ids.pass_amount",
        "line_ids.amount_billed",
        "line_ids.amount_refunded",
        "move_ids.state",
        "move_ids.line_ids.price_total",
        "move_ids.line_ids.amount_residual",
        "payment_ids.move_id.state",
        "payment_ids.move_id.line_ids.amount_residual",
    )
    def _compute_payment(self):
        for visit in self:
            compare = visit.currency_id.compare_amounts
            lines = visit._live_lines()
            billed = sum(visit.line_ids.mapped("amount_billed"))
            refunded = sum(visit.line_ids.mapped("amount_refunded"))
            charged = defaultdict(float)
            for kind, amount in visit._document_lines():
                charged[kind] += amount
            left_open = visit._open_amount()
            to_bill = visit._amount_to_bill()
            visit.amount_pass = sum(lines.mapped("pass_amount"))
            visit.amount_deposit = charged["deposit"]
            visit.amount_tip = charged["tip"]
            # What was given is first for the visit.
            services = sum(charged.values()) - charged["tip"]
            visit.amount_paid = min(services, services + charged["tip"] - left_open)
            visit.amount_due = max(0.0, to_bill + left_open - visit.amount_deposit)
            settled = compare(to_bill + left_open, 0) <= 0
            if settled and compare(billed, 0) > 0 and compare(refunded, billed) >= 0:
                state = "refunded"
            elif compare(billed, 0) <= 0 and compare(min(visit.amount_deposit, visit.amount_paid), 0) > 0:
                state = "deposit"
            elif lines and settled and visit.state not in ("cancelled", "no_show"):
                state = "paid"
            elif compare(visit.amount_paid, 0) > 0 and compare(billed, 0) > 0:
                state = "partial"
            else:
                state = "unpaid"
            visit.payment_state = state

    def _document_lines(self):
        """Return what documents charge the client, with tax, as ``[(kind of money or False, amount)]``.

        Amounts are in the company's currency, below zero on refunds. Addons add their documents.
        """
        self.ensure_one()
        return [
            (line.product_id.salon_money, line._salon_amount())
            for move in self.move_ids
            if move.state == "posted" and move.move_type in ("out_invoice", "out_refund")
            for line in move.invoice_line_ids
            if line.display_type == "product"
        ]

    def _open_amount(self):
        """Return what is on documents and not paid, less payments for the visit that no document has used; below zero
        when the salon owes it. In the company's currency. Addons add theirs."""
        self.ensure_one()
        documents = self.move_ids.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        posted = (documents | self.payment_ids.move_id).filtered(lambda move: move.state == "posted")
        return sum(
            posted.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable").mapped(
                "amount_residual"
            )
        )

    def _due_less(self, covered):
        """Return what the client would have to pay if passes covered so much more of it."""
        self.ensure_one()
        visit = self.sudo()
        return max(0.0, visit._amount_to_bill() + visit._open_amount() - visit.amount_deposit - covered)

    @api.depends("amount_due", "state", "amount_deposit")
    @api.depends_context("uid")
    def _compute_can_pay(self):
        desk = self.env.user.has_group("salon_spa.group_salon_administrator")
        for visit in self:
            visit.can_pay = desk and visit.state not in ("draft", "requested") and visit._has_to_pay()

    def _has_to_pay(self):
        """Tell whether money or a deposit waits to be settled."""
        self.ensure_one()
        compare = self.currency_id.compare_amounts
        return compare(self.amount_due, 0) > 0 or (
            compare(self.amount_deposit, 0) > 0 and compare(self._amount_to_bill(), 0) > 0
        )

    def _amount_to_bill(self):
        """Return what is not charged yet, with tax."""
        self.ensure_one()
        return sum(line._to_bill() for line in self._live_lines())

    def _check_deposit_used(self):
        """:raise UserError: a deposit would be forgotten if the visit was closed now"""
        for visit in self:
            compare, money_text = visit.currency_id.compare_amounts, visit.currency_id.format
            over = visit.amount_deposit - visit.sudo()._amount_to_bill()
            if compare(visit.amount_deposit, 0) > 0 and compare(over, 0) > 0:
                raise UserError(
                    self.env._(
                        "The deposit of %(amount)s for %(visit)s is more than is left to pay: give %(over)s back by "
                        "“Refund” first.",
                        amount=money_text(visit.amount_deposit),
                        visit=visit.display_name,
                        over=money_text(over),
                    )
                )
            if compare(visit.amount_deposit, 0) > 0:
                raise UserError(
                    self.env._(
                        "A deposit of %(amount)s for %(visit)s is not used yet: take the payment first, which closes "
                        "the visit.",
                        amount=money_text(visit.amount_deposit),
                        visit=visit.display_name,
                    )
                )

    def _on_booked(self):
        """Who got the money back and comes after all pays anew."""
        result = super()._on_booked()
        self.line_ids._void_refunded()
        return result

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------

    def _money_date(self):
        """Return the day of what is paid now: the salon's today, unless code that brings in the past says another."""
        self.ensure_one()
        return self.company_id._salon_money_date()

    def _payer(self):
        """Return who stands on the visit's documents."""
        self.ensure_one()
        return self.partner_id or self.company_id._salon_walk_in()

    def _check_payable(self):
        """Take the lock on the visit that every change of its money holds, and see that it can be charged.

        :raise UserError: it is a draft, or one of its bills is being changed
        """
        self.ensure_one()
        self._check_desk()
        self._lock_money()
        if self.state in ("draft", "requested"):
            raise UserError(self.env._("Book %(visit)s before taking money for it.", visit=self.display_name))
        # It will be in force again, and what it charges would be charged twice.
        changing = self.sudo().move_ids.filtered(
            lambda move: move.state == "draft" and move.posted_before and move.is_invoice()
        )
        if changing:
            raise UserError(
                self.env._(
                    "%(bill)s of %(visit)s is being changed in Invoicing: have a manager confirm or cancel it first.",
                    bill=changing[0].display_name,
                    visit=self.display_name,
                )
            )

    def _lock_money(self):
        """Two desks at once charge a visit one after the other: the second one sees what the first has done.

        :raise UserError: the other one is not ready yet
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("Somebody else is at the money of %(visit)s right now: try again.", visit=self.display_name)
            )

    def _wait_for_money(self):
        """Wait for desks that take money for these visits: whoever changes a price comes after them, and not across."""
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM salon_visit WHERE id IN %s AND state <> 'draft' ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )

    def _make_document(self, move_type, commands):
        """Return a posted invoice or credit note of this visit, for today."""
        self.ensure_one()
        company = self.company_id
        company._salon_check_accounting()
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": self._payer().id,
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "invoice_date": self._money_date(),
                    "invoice_payment_term_id": False,
                    "invoice_origin": self.name,
                    "salon_visit_id": self.id,
                    "invoice_line_ids": commands,
                }
            )
        )
        move.action_post()
        return move

    @api.model
    def _money_product(self, kind):
        """Return the product that stands for a deposit, a tip, a fee or a paid debt on documents."""
        return self.env.ref(f"salon_spa.product_{kind}").sudo().product_variant_id

    def _prepare_money_line(self, kind, amount):
        """Return the command for a document's line of a deposit, tip, fee or paid debt."""
        product = self._money_product(kind)
        return Command.create(
            {"product_id": product.id, "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
        )

    def _bill(self, tips=None):
        """Charge what is not charged yet: post the invoice, with the deposit taken off and the tips on it.

        :param dict tips: ``{hr.employee: amount}``
        :return: account.move, empty when there is nothing to charge
        """
        self.ensure_one()
        tips = {employee: amount for employee, amount in (tips or {}).items() if amount}
        compare = self.currency_id.compare_amounts
        lines = self._live_lines()
        charged = lines.filtered(lambda line: compare(line._to_bill(), 0) > 0)
        # Below zero, a deposit was used and then given back by a credit note: it is charged again.
        if not charged and not tips and compare(self.amount_deposit, 0) >= 0:
            return self.env["account.move"].sudo()
        deposit = min(self.amount_deposit, self._amount_to_bill())
        shown = charged | lines.filtered(lambda line: line.pass_amount and not line.amount_billed)
        commands = [
            Command.create(line._prepare_document_line(line._to_bill()))
            for line in shown.sorted(lambda line: (line.sequence, line.id))
        ]
        if compare(deposit, 0) != 0:
            commands.append(self._prepare_money_line("deposit", -deposit))
        if tips:
            commands.append(self._prepare_money_line("tip", sum(tips.values())))
        move = self._make_document("out_invoice", commands)
        if tips:
            line = move.invoice_line_ids.filtered(lambda line: line.product_id.salon_money == "tip")
            self._note_tips(tips, {"move_line_id": line.id})
        return move

    def _tip_weight(self, employee, split):
        """Return what a master's share of a tip is measured by: ``split`` is value, time or equal."""
        lines = self._live_lines().filtered(lambda line: line.employee_id == employee)
        if split == "value":
            return sum(lines.mapped("price_total"))
        if split == "time":
            return sum(line.duration for line in lines if line.kind == "service")
        return 1.0

    def _note_tips(self, tips, values):
        """Write down who gets which part of a tip.

        :param dict tips: ``{hr.employee: amount}``
        :param dict values: the line of the document that it was paid on; with ``date`` when there is no visit
        """
        self.env["salon.tip"].sudo().create(
            [
                {
                    "visit_id": self.id,
                    "employee_id": employee.id,
                    "amount": amount,
                    **({"date": self._money_date()} if self else {}),
                    **values,
                }
                for employee, amount in tips.items()
            ]
        )

    def _settle(self, payments):
        """Take or give back money for this visit's open documents.

        :param payments: ``[(account.journal, amount)]``, amounts below zero are given back
        :return: account.payment
        """
        self.ensure_one()
        created = self.env["account.payment"]._salon_take(
            self.company_id, self._payer(), payments, {"memo": self.name, "salon_visit_id": self.id}
        )
        self._reconcile()
        self._on_money_changed()
        return created

    def _payments_taken(self):
        """Return the visit's payments from the client (as superuser) that stand in the books."""
        self.ensure_one()
        return self.env["account.payment"].sudo().search(
            [
                ("salon_visit_id", "=", self.id),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
            ],
            order="id",
        )

    def _on_money_changed(self):
        """Called when documents or payments of visits have changed. A second call must change nothing."""
        (self.partner_id | self.line_ids.client_id).sudo()._refresh_client_stats()

    def _reconcile(self):
        """Bring this visit's documents and payments together, the oldest first."""
        visit = self.sudo()
        payments = self.env["account.payment"].sudo().search([("salon_visit_id", "=", self.id)])
        lines = (visit.move_ids | payments.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
            and not line.reconciled
            and line.parent_state == "posted"
        )
        for own in lines.grouped("account_id").values():
            if any(line.balance > 0 for line in own) and any(line.balance < 0 for line in own):
                own.reconcile()

    def _take_deposit(self, amount, journal):
        """Take money ahead; it is the first payment of the visit.

        :raise UserError: the amount is not above zero, or more than the visit costs
        """
        self._check_payable()
        if self.state not in ("booked", "confirmed", "arrived"):
            raise UserError(self.env._("A deposit is taken for a visit to come."))
        compare = self.currency_id.compare_amounts
        if compare(amount, 0) <= 0:
            raise UserError(self.env._("Write an amount above zero."))
        if compare(amount, self.amount_due) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than the visit still costs: %(due)s.",
                    amount=self.currency_id.format(amount),
                    due=self.currency_id.format(self.amount_due),
                )
            )
        self._make_document("out_invoice", [self._prepare_money_line("deposit", amount)])
        self._settle([(journal, amount)])
        self._log("deposit", new=self.currency_id.format(amount), reason=journal.name)

    def _keep_deposit(self):
        """Keep the deposit of a visit that was cancelled or missed as a fee."""
        self._check_payable()
        if self.state not in ("cancelled", "no_show") or self.currency_id.compare_amounts(self.amount_deposit, 0) <= 0:
            raise UserError(self.env._("Only the deposit of a visit that was cancelled or missed can be kept."))
        amount = self.amount_deposit
        commands = [self._prepare_money_line("fee", amount), self._prepare_money_line("deposit", -amount)]
        self._make_document("out_invoice", commands)
        self._on_money_changed()
        self._log("fee", new=self.currency_id.format(amount))

    def _pay(self, payments, tips=None):
        """Charge what is left and take money for it, in one step.

        :param payments: ``[(account.journal, amount)]``; less than what is due leaves a debt
        :param dict tips: ``{hr.employee: amount}``, part of the payments
        :return: the invoice, empty when all was charged before
        :raise UserError: more money than is due, or none of it
        """
        self._check_payable()
        tips = tips or {}
        compare = self.currency_id.compare_amounts
        paid, tipped = sum(amount for _journal, amount in payments), sum(tips.values())
        if any(compare(amount, 0) < 0 for _journal, amount in payments) or any(
            compare(amount, 0) < 0 for amount in tips.values()
        ):
            raise UserError(self.env._("An amount can't be below zero: give money back by “Refund”."))
        due = self.amount_due + tipped
        if compare(paid, due) > 0:
            raise UserError(
                self.env._(
                    "%(paid)s is more than what is due: %(due)s.",
                    paid=self.currency_id.format(paid),
                    due=self.currency_id.format(due),
                )
            )
        if tipped and compare(paid, due) < 0:
            raise UserError(self.env._("A tip is taken when the visit is paid in full."))
        move = self._bill(tips)
        self._settle(payments)
        for journal, amount in payments:
            if not self.currency_id.is_zero(amount):
                self._log("paid", new=self.currency_id.format(amount), reason=journal.name)
        return move

    def _correct_payments(self, changes, reason=None):
        """Set right what was noted wrongly: money that went into another register, or was less than that.

        What was noted is cancelled in the books, and noted anew on its own day.

        :param dict changes: ``{account.payment: (account.journal, amount)}``; what is missing then is a debt
        :raise UserError: it is more than what was noted, matched with the bank's statement, or from another day and who
            corrects is no manager
        """
        self._check_payable()
        compare = self.currency_id.compare_amounts
        manager = self.env.user.has_group("salon_spa.group_salon_manager")
        taken = self._payments_taken()
        for payment, (given, amount) in changes.items():
            payment = payment.sudo()
            if payment not in taken:
                raise UserError(self.env._("A payment was corrected meanwhile: open the visit again."))
            if payment.date != self._money_date() and not manager:
                raise UserError(self.env._("Payments of other days are a manager's to correct."))
            if compare(amount, 0) < 0 or compare(amount, payment.amount) > 0:
                raise UserError(
                    self.env._(
                        "A payment of %(amount)s can be corrected down to 0. Whatever else was paid: “Take Payment”.",
                        amount=self.currency_id.format(payment.amount),
                    )
                )
            if payment.reconciled_statement_line_ids:
                raise UserError(
                    self.env._(
                        "The payment of %(amount)s is matched with the bank's statement: have the accountant undo that "
                        "first.",
                        amount=self.currency_id.format(payment.amount),
                    )
                )
            journal = self.company_id._salon_checked_register(given)
            noted = f"{payment.journal_id.name}, {self.currency_id.format(payment.amount)}"
            # Odoo's button deletes the entry, which it lets nobody do with one that others came after: this one stays,
            # cancelled, with its number.
            payment.move_id.button_cancel()
            self.with_context(salon_money_date=payment.date)._settle([(journal, amount)])
            self._log("paid", old=noted, new=f"{journal.name}, {self.currency_id.format(amount)}", reason=reason)

    def _refund(self, amounts, payments, reason=None):
        """Give back what was charged for services, in full or in part.

        :param dict amounts: ``{salon.visit.line: amount with tax}``; the key False is the deposit
        :param payments: ``[(account.journal, amount)]``, what is paid out
        :return: the credit note
        :raise UserError: more than was charged or paid
        """
        self._check_payable()
        compare = self.currency_id.compare_amounts
        commands = []
        for line, amount in amounts.items():
            if line and line.visit_id != self:
                raise UserError(self.env._("%(service)s is on another visit.", service=line.product_id.display_name))
            if compare(amount, 0) <= 0:
                raise UserError(self.env._("Write an amount above zero."))
            limit = line.amount_billed - line.amount_refunded if line else self.amount_deposit
            if compare(amount, limit) > 0:
                raise UserError(
                    self.env._(
                        "%(amount)s is more than what was paid for %(what)s: %(limit)s.",
                        amount=self.currency_id.format(amount),
                        what=line.product_id.display_name if line else self.env._("Deposit"),
                        limit=self.currency_id.format(limit),
                    )
                )
            if line:
                commands.append(Command.create(line._prepare_document_line(amount)))
            else:
                commands.append(self._prepare_money_line("deposit", amount))
        if not commands:
            raise UserError(self.env._("Choose what is given back."))
        total = sum(amounts.values())
        paid = sum(amount for _journal, amount in payments)
        # What was charged and never paid is not paid out: the credit note takes it off the debt.
        owed = total - max(0.0, self.sudo()._open_amount())
        if compare(paid, max(0.0, owed)) != 0:
            raise UserError(
                self.env._("%(amount)s is to be given back.", amount=self.currency_id.format(max(0.0, owed)))
            )
        move = self._make_document("out_refund", commands)
        self._settle([(journal, -amount) for journal, amount in payments])
        self._log("refund", new=self.currency_id.format(total), reason=reason)
        return move

    # ------------------------------------------------------------------
    # Discounts
    # ------------------------------------------------------------------

    def _discount(self, amount, reason=None, campaign=None, lines=None):
        """Give an amount off the visit or some of its services, spread by what they cost, to the cent.

        :param float amount: at the price list's prices, before any discount given earlier, which it takes the place of
        :raise UserError: it is more than the role may give, or more than the services cost
        """
        self.ensure_one()
        lines = (lines or self._live_lines()).filtered(lambda line: not line.cancelled and line.amount_list)
        if not lines:
            raise UserError(self.env._("Choose a service with a price."))
        lines = lines.sorted(lambda line: (line.sequence, line.id))
        shares = money.share(amount, lines.mapped("amount_list"), self.currency_id.rounding)
        self.env["salon.visit.line"]._change(
            {
                line: {
                    "discount": 0,
                    "discount_amount": share,
                    "discount_reason_id": reason.id if reason and share else False,
                    "discount_campaign_id": campaign.id if campaign and share else False,
                }
                for line, share in zip(lines, shares, strict=True)
            }
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _open_dialog(self, model, title):
        self.ensure_one()
        self._check_desk()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def action_pay(self):
        """Open the dialog that takes the payment and closes the visit."""
        return self._open_dialog("salon.visit.pay", self.env._("Take the Payment"))

    def action_deposit(self):
        """Open the dialog that takes a deposit."""
        return self._open_dialog("salon.visit.deposit", self.env._("Take a Deposit"))

    def action_refund(self):
        """Open the dialog that gives money back."""
        return self._open_dialog("salon.visit.refund", self.env._("Refund"))

    def action_correct_payments(self):
        """Open the dialog that corrects what was noted as paid.

        :raise UserError: nothing was paid in the visit itself
        """
        self.ensure_one()
        self._check_desk()
        if not self._payments_taken():
            raise UserError(
                self.env._("Nothing was paid in this visit. What was paid at the till is corrected there: “Orders”.")
            )
        return self._open_dialog("salon.visit.correct", self.env._("Correct the Payments"))

    def action_discount(self):
        """Open the dialog that gives a discount on the visit."""
        return self._open_dialog("salon.visit.discount", self.env._("Give a Discount"))

    def action_keep_deposit(self):
        """Keep the deposit of a visit that was cancelled or missed."""
        self.ensure_one()
        self._keep_deposit()

    def action_bills(self):
        """Open the invoices and credit notes of these visits."""
        if not any(self.env.user.has_group(group) for group in BOOKKEEPERS.split(",")):
            raise AccessError(self.env._("Ask a manager for the bills."))
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": [("salon_visit_id", "in", self.ids)], "context": {"create": False}}
