import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import money
from .product_template import VALID_FROM, VALIDITY_UNITS
from .salon_visit_line import BOOKKEEPERS

_logger = logging.getLogger(__name__)

DESK = "salon_spa.group_salon_administrator"
MANAGER = "salon_spa.group_salon_manager"
# Of a pass that gives nothing any more, whatever its dates.
CLOSED_PASS = ("used", "refunded", "cancelled")


class SalonPass(models.Model):
    """Sessions of services, or a sum, that a client has paid ahead.

    What was paid is owed to the client (a liability) until it is used, refunded or expired; ``value_left`` is that
    amount, without tax. It becomes revenue by the paid value of each session (see ``salon.pass.use``).
    """

    _name = "salon.pass"
    _description = "Pass"
    _inherit = ["mail.thread", "mail.activity.mixin", "salon.guard.mixin", "salon.export.mixin"]
    _order = "sold_date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, default="/", copy=False, index="trigram")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product", string="Pass", required=True, readonly=True, ondelete="restrict", index=True
    )
    kind = fields.Selection(
        [("sessions", "Sessions"), ("sum", "Sum of money")], required=True, readonly=True, default="sessions"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Owner", required=True, readonly=True, ondelete="restrict", index=True, tracking=True
    )
    is_shareable = fields.Boolean("Can Be Shared", readonly=True)
    member_ids = fields.Many2many(
        "res.partner",
        "salon_pass_member_rel",
        "pass_id",
        "partner_id",
        string="Shared with",
        domain="[('is_client_card', '=', True), ('id', '!=', partner_id)]",
        help="Who may use it beside the owner.",
    )
    line_ids = fields.One2many("salon.pass.line", "pass_id", string="Left", readonly=True)
    use_ids = fields.One2many("salon.pass.use", "pass_id", string="Uses", readonly=True)
    freeze_ids = fields.One2many("salon.pass.freeze", "pass_id", string="Frozen")
    breakage_ids = fields.One2many("salon.pass.breakage", "pass_id", readonly=True, groups=MANAGER)

    sold_date = fields.Date("Sold", required=True, readonly=True, index=True, help="The salon's day of the sale.")
    validity = fields.Integer("Valid for", readonly=True, help="0 is without end.")
    validity_unit = fields.Selection(VALIDITY_UNITS, readonly=True)
    valid_from = fields.Selection(VALID_FROM, string="Counted from", readonly=True, default="sale")
    extension_days = fields.Integer("Extended, Days", readonly=True, tracking=True)
    start_date = fields.Date(
        "Valid from", compute="_compute_dates", store=True, help="Empty until the first visit, when it counts from it."
    )
    expiry_date = fields.Date(
        "Valid until",
        compute="_compute_dates",
        store=True,
        index="btree_not_null",
        help="The last day on which it can be used; freezing and extending move it.",
    )
    state = fields.Selection(
        [
            ("active", "Active"),
            ("frozen", "Frozen"),
            ("used", "Used up"),
            ("expired", "Expired"),
            ("refunded", "Refunded"),
            ("cancelled", "Sale cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        compute_sudo=True,
    )
    sessions_total = fields.Integer("Sessions", compute="_compute_left", store=True)
    sessions_left = fields.Integer(compute="_compute_left", store=True)
    sum_total = fields.Monetary("Sum", compute="_compute_left", store=True)
    sum_left = fields.Monetary("Balance", compute="_compute_left", store=True)
    left_percent = fields.Float("Left, %", compute="_compute_left_text")
    left_text = fields.Char("What Is Left", compute="_compute_left_text")

    price_list = fields.Monetary("List Price", readonly=True, groups=DESK)
    discount_reason_id = fields.Many2one("salon.reason", readonly=True, ondelete="restrict", groups=DESK)
    price_total = fields.Monetary("Price", readonly=True, groups=DESK, help="What the client pays, with tax.")
    price_untaxed = fields.Monetary("Price without Tax", readonly=True, groups=DESK)
    amount_due = fields.Monetary(
        compute="_compute_sale",
        store=True,
        compute_sudo=True,
        groups=DESK,
        help="Of the price, what the client has not paid yet.",
    )
    value_refunded = fields.Monetary(
        "Refunded", compute="_compute_sale", store=True, compute_sudo=True, groups=DESK, help="Without tax."
    )
    is_sold = fields.Boolean("Sale Stands", compute="_compute_sale", store=True, compute_sudo=True)
    value_left = fields.Monetary(
        "Unused Value",
        compute="_compute_value_left",
        store=True,
        compute_sudo=True,
        groups=DESK,
        help="What was paid, without tax, for what is not used yet: the salon owes it.",
    )
    value_broken = fields.Monetary(
        "Expired Value",
        compute="_compute_value_left",
        store=True,
        compute_sudo=True,
        groups=MANAGER,
        help="What became income without a service: expired, lost by a missed visit, kept at a refund; without tax.",
    )
    refunded_date = fields.Date("Refunded on", readonly=True)
    warned_date = fields.Date(readonly=True, help="When the desk was told that it expires soon.")

    account_id = fields.Many2one(
        "account.account",
        readonly=True,
        ondelete="restrict",
        groups=BOOKKEEPERS,
        help="Where it is owed to the client.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Sale",
        readonly=True,
        ondelete="restrict",
        groups=BOOKKEEPERS,
        copy=False,
        help="The line of the invoice that it was sold by.",
    )
    source_number = fields.Integer(default=1, readonly=True, help="Of several passes that were sold by one line.")
    move_line_ids = fields.One2many("account.move.line", "salon_pass_id", groups=BOOKKEEPERS)
    payment_ids = fields.One2many("account.payment", "salon_pass_id", groups=BOOKKEEPERS)
    note = fields.Text("Notes")

    _sale_once = models.UniqueIndex("(move_line_id, source_number) WHERE move_line_id IS NOT NULL")
    _owner_state = models.Index("(partner_id, state)")
    _expiry = models.Index("(company_id, expiry_date) WHERE state IN ('active', 'frozen', 'expired')")

    # ------------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------------

    @api.depends(
        "sold_date",
        "validity",
        "validity_unit",
        "valid_from",
        "extension_days",
        "use_ids.date",
        "use_ids.returned_at",
        "freeze_ids.date_from",
        "freeze_ids.date_to",
    )
    def _compute_dates(self):
        for record in self:
            record.start_date = record._start_on(None)
            record.expiry_date = record._expiry_from(record.start_date)

    def _start_on(self, day):
        """Return the first day of validity, if it was used on ``day`` too."""
        if self.valid_from != "first_use":
            return self.sold_date
        days = [use.date for use in self.use_ids if use.date and not use.returned_at]
        return min([*days, *([day] if day else [])], default=None)

    def _expiry_from(self, start):
        """Return the last day of validity when the first one is ``start``; None without end."""
        if not start or not self.validity:
            return None
        end = start + relativedelta(**{self.validity_unit or "months": self.validity})
        # A pass that does not count yet loses nothing while it is frozen.
        frozen = sum(
            (freeze.date_to - max(start, freeze.date_from)).days + 1
            for freeze in self.freeze_ids
            if freeze.date_to and freeze.date_to >= start
        )
        return end + timedelta(days=frozen + self.extension_days)

    @api.depends("line_ids.sessions", "line_ids.used", "line_ids.amount", "line_ids.amount_used")
    def _compute_left(self):
        for record in self:
            lines = record.line_ids
            record.sessions_total = sum(lines.mapped("sessions"))
            record.sessions_left = sum(lines.mapped("left"))
            record.sum_total = sum(lines.mapped("amount"))
            record.sum_left = sum(lines.mapped("amount_left"))

    @api.depends("sessions_left", "sessions_total", "sum_left", "sum_total", "kind")
    @api.depends_context("lang")
    def _compute_left_text(self):
        for record in self:
            if record.kind == "sum":
                left, total = record.sum_left, record.sum_total
                texts = [record.currency_id.format(left), record.currency_id.format(total)]
            else:
                left, total = record.sessions_left, record.sessions_total
                texts = [left, total]
            record.left_percent = 100 * left / total if total else 0
            record.left_text = self.env._("%(left)s of %(total)s left", left=texts[0], total=texts[1])

    @api.depends(
        "move_line_id.move_id.state",
        "move_line_id.move_id.amount_residual_signed",
        "move_line_id.quantity",
        "move_line_ids.parent_state",
        "payment_ids.move_id.state",
        "payment_ids.move_id.line_ids.amount_residual",
    )
    def _compute_sale(self):
        for record in self:
            record.is_sold = record._sale_stands()
            record.amount_due = record._sale_due()
            record.value_refunded = record._refunded_value()

    def _sale_stands(self):
        """Tell whether the document that it was sold by is in force; addons add their documents."""
        self.ensure_one()
        line = self.move_line_id
        return not line or (line.parent_state == "posted" and self.source_number <= max(1, line.quantity))

    def _sale_due(self):
        """Return what is not paid of the document that it was sold by, up to its price; payments for the pass that no
        document has used are here all the same."""
        self.ensure_one()
        move = self.move_line_id.move_id
        if move.state != "posted":
            return 0.0
        paid = self.payment_ids.move_id.filtered(lambda entry: entry.state == "posted")
        unused = paid.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        left_open = move.amount_residual_signed + sum(unused.mapped("amount_residual"))
        return min(max(0.0, left_open), self.price_total)

    def _refunded_value(self):
        """Return what documents gave back, without tax; addons add their documents."""
        self.ensure_one()
        return sum(
            line.balance
            for line in self.move_line_ids
            if line.parent_state == "posted" and line.move_id.move_type == "out_refund"
        )

    @api.depends(
        "price_untaxed",
        "value_refunded",
        "use_ids.value",
        "use_ids.returned_at",
        "breakage_ids.value",
        "breakage_ids.use_id",
    )
    def _compute_value_left(self):
        for record in self:
            used = sum(use.value for use in record.use_ids if not use.returned_at)
            # What a missed visit has taken is among the uses already.
            broken = sum(row.value for row in record.breakage_ids if not row.use_id)
            record.value_left = record.price_untaxed - used - broken - record.value_refunded
            record.value_broken = sum(record.breakage_ids.mapped("value"))

    @api.depends(
        "is_sold", "sessions_left", "sum_left", "refunded_date", "expiry_date", "freeze_ids.date_from",
        "freeze_ids.date_to",
    )  # fmt: skip
    def _compute_state(self):
        for record in self:
            record.state = record._state_on(record.company_id._salon_today())

    def _state_on(self, day):
        """Return the state of this pass on a day, as far as it is known now."""
        self.ensure_one()
        if not self.is_sold:
            return "cancelled"
        if not self.sessions_left and self.currency_id.compare_amounts(self.sum_left, 0) <= 0:
            return "refunded" if self.refunded_date else "used"
        if self.expiry_date and day > self.expiry_date:
            return "expired"
        return "frozen" if self._freeze_on(day) else "active"

    def _freeze_on(self, day):
        """Return the span without use that covers the day."""
        return self.freeze_ids.filtered(lambda freeze: freeze.date_from <= day <= freeze.date_to)[:1]

    @api.depends("name", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = ", ".join(filter(None, [record.name, record.product_id.name]))

    @api.constrains("member_ids", "is_shareable", "partner_id")
    def _check_members(self):
        for record in self:
            if record.member_ids and not record.is_shareable:
                raise ValidationError(
                    self.env._("%(pass)s is for its owner only and can't be shared.", **{"pass": record.display_name})
                )

    # ------------------------------------------------------------------
    # Life of the record
    # ------------------------------------------------------------------

    def write(self, vals):
        before = {record: record.member_ids for record in self} if "member_ids" in vals else {}
        result = super().write(vals)
        for record, members in before.items():
            if record.member_ids != members:
                names = ", ".join(record.member_ids.mapped("name")) or self.env._("nobody")
                record.message_post(body=self.env._("Shared with: %(names)s.", names=names))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A pass is money that was paid: refund it instead of deleting it."))

    def _lock(self):
        """Wait for other sessions that use these passes, and see afterwards what they have left.

        Whoever waits for a session that changed the pass is run again by Odoo, on what is left then.
        """
        self.env.flush_all()
        if self:
            self.env.cr.execute(
                SQL("SELECT id FROM salon_pass WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
            )

    def _check_desk(self):
        if not (self.env.su or self.env.user.has_group(DESK)):
            raise AccessError(self.env._("Ask the front desk: passes are sold and used there."))

    def _is_manager(self):
        return self.env.su or self.env.user.has_group(MANAGER)

    def _check_manager(self):
        if not self._is_manager():
            raise AccessError(self.env._("Ask a manager to change a pass that was sold."))

    # ------------------------------------------------------------------
    # Sale
    # ------------------------------------------------------------------

    @api.model
    def _create_sold(self, product, partner, price_total, price_untaxed, company, number=1, **source):
        """Make the pass that was sold by a line of a document; a second call for the same line returns the first's.

        :param product: product.product whose ``salon_money`` is "pass"
        :param float price_total: with tax, in the company's currency, like ``price_untaxed``
        :param number: 1 and up, of several passes sold by one line
        :param source: the field of this model that names the line, such as ``move_line_id=5``
        :return: salon.pass
        :raise UserError: the product is no pass, or gives nothing
        """
        passes = self.sudo().with_company(company)
        domain = Domain.AND(Domain(name, "=", value) for name, value in source.items())
        found = source and passes.search(domain & Domain("source_number", "=", number), limit=1)
        if found:
            return found
        template = product.sudo().product_tmpl_id
        if template.salon_money != "pass":
            raise UserError(self.env._("%(product)s is not a pass.", product=product.display_name))
        if template.pass_kind != "sum" and not template.pass_entitlement_ids:
            raise UserError(
                self.env._("Write down which sessions the pass %(product)s gives first.", product=product.display_name)
            )
        partner._make_client_cards()
        accounts = template.with_company(company).get_product_accounts()
        record = passes.create(
            {
                "name": self.env["ir.sequence"].sudo().next_by_code("salon.pass") or "/",
                "company_id": company.id,
                "product_id": product.id,
                "kind": template.pass_kind or "sessions",
                "partner_id": partner.id,
                "is_shareable": template.pass_is_shareable,
                "sold_date": company._salon_money_date(),
                "validity": template.pass_validity,
                "validity_unit": template.pass_validity_unit,
                "valid_from": template.pass_valid_from or "sale",
                "price_list": product.with_company(company).lst_price,
                "price_total": price_total,
                "price_untaxed": price_untaxed,
                "account_id": accounts["income"].id,
                "source_number": number,
                "line_ids": [Command.create(values) for values in self._prepare_lines(product, price_total)],
                **source,
            }
        )
        record._share_value()
        # Masters read it: amounts stand in the documents.
        record.message_post(body=self.env._("Sold to %(client)s.", client=partner.name))
        return record

    @api.model
    def _prepare_lines(self, product, price_total):
        """Return the values of the lines that a pass of this product gets."""
        template = product.sudo().product_tmpl_id
        rows = template.pass_entitlement_ids
        if template.pass_kind == "sum":
            return [
                {
                    "product_ids": [Command.set(rows.product_ids.ids)],
                    "categ_ids": [Command.set(rows.categ_ids.ids)],
                    "amount": template.pass_sum or product.lst_price or price_total,
                }
            ]
        return [
            {
                "sequence": row.sequence,
                "product_ids": [Command.set(row.product_ids.ids)],
                "categ_ids": [Command.set(row.categ_ids.ids)],
                "sessions": row.sessions,
            }
            for row in rows
        ]

    def _share_value(self):
        """Share what was paid among the lines by what their sessions cost at list price."""
        for record in self:
            prices = [line._list_price() for line in record.line_ids]
            known = [price for price in prices if price]
            # Sessions of any service are worth as much as the others.
            default = sum(known) / len(known) if known else 1.0
            weights = [
                (price or default) * (line.sessions or 1) for price, line in zip(prices, record.line_ids, strict=True)
            ]
            rounding = record.currency_id.rounding
            for line, value in zip(record.line_ids, money.share(record.price_untaxed, weights, rounding), strict=True):
                line.value = value

    @api.model
    def _sell(self, product, partner, company, payments=(), discount=0.0, reason=None):
        """Sell a pass by an invoice and take money for it; less than its price leaves a debt.

        :param payments: ``[(account.journal, amount)]``
        :param float discount: percent
        :param reason: salon.reason of the discount
        :return: salon.pass
        :raise UserError: no price is left to pay for, too much money, a discount above the role's limit
        """
        self._check_desk()
        if not self.env.su and company not in self.env.companies:
            raise AccessError(self.env._("Choose one of your own companies."))
        # Its rights and its day are those of who sells here.
        company = company.with_env(self.env)
        company._salon_check_accounting()
        if product.salon_money != "pass":
            raise UserError(self.env._("%(product)s is not a pass.", product=product.display_name))
        if not partner:
            raise UserError(self.env._("Choose the client who buys the pass."))
        if not 0 <= discount <= 100:
            raise UserError(self.env._("A discount is between 0 and 100 percent."))
        if discount and not reason:
            raise UserError(
                self.env._("Give the reason for the discount on %(service)s.", service=product.display_name)
            )
        limit = company._salon_own_discount_limit()
        if discount > limit:
            values = {"limit": f"{limit:g}", "service": product.display_name}
            if self._is_manager():
                raise UserError(self.env._("A discount above %(limit)s%% needs the owner: %(service)s.", **values))
            raise UserError(self.env._("A discount above %(limit)s%% needs a manager: %(service)s.", **values))
        moves = self.env["account.move"].sudo().with_company(company)
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "invoice_date": company._salon_money_date(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1,
                            "price_unit": product.with_company(company).lst_price,
                            "discount": discount,
                            # As for visits: what the dialog says, whoever the client is.
                            "tax_ids": [Command.set(product.sudo().taxes_id._filter_taxes_by_company(company).ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        sold = self.sudo().search([("move_line_id", "in", move.invoice_line_ids.ids)]).with_env(self.env)
        if reason and discount:
            sold.sudo().discount_reason_id = reason
        sold._pay(payments)
        return sold

    def _pay(self, payments):
        """Take money for a pass that was sold by an invoice, in full or in part.

        :param payments: ``[(account.journal, amount)]``
        :raise UserError: more than is due
        """
        self.ensure_one()
        self._check_desk()
        self._lock()
        compare = self.currency_id.compare_amounts
        paid = sum(amount for _journal, amount in payments)
        if any(compare(amount, 0) < 0 for _journal, amount in payments):
            raise UserError(self.env._("An amount can't be below zero: give money back by “Refund”."))
        if compare(paid, self.amount_due) > 0:
            raise UserError(
                self.env._(
                    "%(paid)s is more than what is due: %(due)s.",
                    paid=self.currency_id.format(paid),
                    due=self.currency_id.format(self.amount_due),
                )
            )
        self._settle(payments)

    def _settle(self, payments):
        """Take or give back money for this pass and bring it together with its documents."""
        self.ensure_one()
        record = self.sudo()
        self.env["account.payment"]._salon_take(
            self.company_id,
            record.move_line_id.partner_id or self.partner_id,
            payments,
            {"memo": self.name, "salon_pass_id": self.id},
        )
        taken = self.env["account.payment"].sudo().search([("salon_pass_id", "=", self.id)])
        moves = record.move_line_id.move_id | record.move_line_ids.move_id | taken.move_id
        lines = moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
                and line.parent_state == "posted"
            )
        )
        for own in lines.grouped("account_id").values():
            if any(line.balance > 0 for line in own) and any(line.balance < 0 for line in own):
                own.reconcile()

    # ------------------------------------------------------------------
    # Refund
    # ------------------------------------------------------------------

    def _refundable(self):
        """Return what the unused part is worth, with tax, at what was paid for it."""
        self.ensure_one()
        record = self.sudo()
        left = record.value_left + sum(row.value for row in record.breakage_ids if not row.use_id)
        if record.currency_id.compare_amounts(left, record.price_untaxed) >= 0:
            return record.price_total
        return record.currency_id.round(record.price_total * left / record.price_untaxed)

    def _check_may_refund(self):
        if not (self._is_manager() or self.company_id.salon_pass_desk_refund):
            raise AccessError(self.env._("Ask a manager to refund a pass."))

    def _refund(self, amount, payments, reason):
        """Take a pass back and give back what its unused part is worth, or less; the rest stays with the salon.

        :param float amount: with tax
        :param payments: ``[(account.journal, amount)]``, what is paid out
        :raise UserError: more than the unused part is worth; nothing is unused
        """
        self.ensure_one()
        self._check_desk()
        self._check_may_refund()
        self._lock()
        compare = self.currency_id.compare_amounts
        record = self.sudo()
        if self.state in CLOSED_PASS:
            raise UserError(self.env._("Nothing is left on %(pass)s.", **{"pass": self.display_name}))
        limit = self._refundable()
        if compare(amount, 0) <= 0 or compare(amount, limit) > 0:
            raise UserError(
                self.env._(
                    "The unused part of %(pass)s is worth %(limit)s: write an amount up to it.",
                    limit=self.currency_id.format(limit),
                    **{"pass": self.display_name},
                )
            )
        owed = max(0.0, amount - record.amount_due)
        if compare(sum(paid for _journal, paid in payments), owed) != 0:
            raise UserError(self.env._("%(amount)s is to be given back.", amount=self.currency_id.format(owed)))
        record._revive()
        record._credit(amount)
        self._settle([(journal, -paid) for journal, paid in payments])
        record.refunded_date = self.company_id._salon_today()
        record.line_ids._close_rest()
        # What was kept, and the cents of tax that could not be shared out evenly.
        record._break(record.value_left, self.env._("refund"))
        self.message_post(body=self.env._("Refunded: %(reason)s", reason=reason or ""))

    def _note_credit(self):
        """A pass whose price was given back by Odoo's own credit note can't be used any more.

        What was given back beyond what was not used yet is a loss.
        """
        for record in self:
            if record.currency_id.compare_amounts(record.value_left, 0) <= 0 and record.value_refunded > 0:
                record.refunded_date = record.company_id._salon_today()
                record.line_ids._close_rest()
                record._break(record.value_left, self.env._("refund"))

    def _credit(self, amount):
        """Post the credit note of a part of the price, with tax."""
        self.ensure_one()
        sale = self.move_line_id
        taxes = sale.tax_ids if sale else self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        base = self.price_total if any(tax.price_include for tax in taxes) else self.price_untaxed
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "out_refund",
                    "partner_id": (sale.partner_id or self.partner_id).id,
                    "company_id": self.company_id.id,
                    "currency_id": self.company_id.currency_id.id,
                    "invoice_date": self.company_id._salon_money_date(),
                    "invoice_payment_term_id": False,
                    "invoice_origin": self.name,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product_id.id,
                                "quantity": 1,
                                "account_id": self.account_id.id,
                                "salon_pass_id": self.id,
                                **self.company_id._salon_priced(taxes, base, amount, product=self.product_id),
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    # ------------------------------------------------------------------
    # Expiry
    # ------------------------------------------------------------------

    def _break(self, value, why, use=None):
        """Turn a value that nobody will use into income; below zero takes that back.

        :param use: salon.pass.use that a missed visit has taken
        """
        self.ensure_one()
        if self.currency_id.is_zero(value):
            return
        record = self.sudo()
        company = self.company_id
        income = company._salon_account("breakage")
        label = f"{self.name}: {why}"
        move = company._salon_post_entry(
            company._salon_money_date(),
            label,
            [(record.account_id, value, label, self.partner_id), (income, -value, label, self.partner_id)],
        )
        self.env["salon.pass.breakage"].sudo().create(
            {
                "pass_id": self.id,
                "use_id": use.id if use else False,
                "date": company._salon_money_date(),
                "value": value,
                "move_id": move.id,
            }
        )

    def _revive(self):
        """Take back that the unused part became income when it expired."""
        for record in self.sudo():
            broken = sum(row.value for row in record.breakage_ids if not row.use_id)
            if broken and not record.refunded_date:
                record._break(-broken, self.env._("valid again"))

    @api.model
    def _cron_expire(self):
        """Bring the states up to date, tell of passes that expire soon, take over what expired long ago."""
        passes = self.sudo()
        domain = Domain("state", "in", ("active", "frozen", "expired"))
        for company in self.env["res.company"].sudo().search([]):
            own, today = domain & Domain("company_id", "=", company.id), company._salon_today()
            dated = passes.search(own & (Domain("expiry_date", "!=", False) | Domain("freeze_ids", "!=", False)))
            self.env.add_to_compute(self._fields["state"], dated)
            dated.flush_recordset(["state"])
            soon = today + timedelta(days=company.salon_pass_warn_days)
            near = passes.search(
                Domain("state", "=", "active")
                & Domain("company_id", "=", company.id)
                & Domain("expiry_date", "<=", soon)
                & Domain("warned_date", "=", False)
            )
            near.warned_date = today
            if near:
                near._on_expiring()
            over = passes.search(
                Domain("state", "=", "expired")
                & Domain("company_id", "=", company.id)
                & Domain("expiry_date", "<", today - timedelta(days=company.salon_pass_grace_days))
                & Domain("value_left", ">", 0)
            )
            try:
                with self.env.cr.savepoint():
                    for record in over:
                        record._break(record.value_left, self.env._("expired"))
            except UserError as error:
                # The other companies' passes expire all the same; the accountant is told by the log.
                _logger.warning("Expired passes of %s are not written off: %s", company.name, error)

    def _on_expiring(self):
        """Called once for passes that expire within the days of the settings; addons send messages.

        The company's caller of due clients, if there is one, gets an activity for each.
        """
        for record in self.filtered("company_id.salon_due_user_id"):
            user = record.company_id.salon_due_user_id
            translated = record.with_context(lang=user.lang, mail_activity_quick_update=True)
            translated.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=record.company_id._salon_today(),
                summary=translated.env._(
                    "Expires on %(date)s: %(left)s",
                    date=format_date(translated.env, record.expiry_date),
                    left=translated.left_text,
                ),
                user_id=user.id,
            )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _open_dialog(self, model, title, **defaults):
        self._check_desk()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_pass_id": self.id, **defaults},
        }

    def action_pay(self):
        """Open the dialog that takes what is still due."""
        self.ensure_one()
        return self._open_dialog("salon.pass.sell", self.env._("Take the Payment"))

    def action_freeze(self):
        """Open the dialog that stops the time of the pass."""
        self.ensure_one()
        return self._open_dialog("salon.pass.freeze", self.env._("Freeze the Pass"))

    def action_unfreeze(self):
        """End the present freeze: the pass can be used from today."""
        self.ensure_one()
        self._check_desk()
        today = self.company_id._salon_today()
        freeze = self.sudo()._freeze_on(today)
        if not freeze:
            raise UserError(self.env._("%(pass)s is not frozen today.", **{"pass": self.display_name}))
        if freeze.date_from >= today:
            freeze.unlink()
        else:
            freeze.date_to = today - timedelta(days=1)
        self.message_post(body=self.env._("Can be used again."))

    def action_correct(self):
        """Open the dialog that extends or corrects the pass."""
        self.ensure_one()
        self._check_manager()
        return self._open_dialog("salon.pass.correct", self.env._("Extend or Correct"))

    def action_refund(self):
        """Open the dialog that gives the unused part back."""
        self.ensure_one()
        self._check_may_refund()
        return self._open_dialog("salon.pass.refund", self.env._("Refund"))

    def action_bills(self):
        """Open the invoice and the credit notes of these passes."""
        if not any(self.env.user.has_group(group) for group in BOOKKEEPERS.split(",")):
            raise AccessError(self.env._("Ask a manager for the bills."))
        moves = self.sudo().move_line_id.move_id | self.sudo().move_line_ids.move_id
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": [("id", "in", moves.ids)], "context": {"create": False}}
