from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.account_journal import REGISTERS


class SalonPassSell(models.TransientModel):
    """The front desk sells a pass, or takes what is still due for one."""

    _name = "salon.pass.sell"
    _description = "Sell a Pass"
    _inherit = ["salon.dialog.mixin"]

    pass_id = fields.Many2one(
        "salon.pass", string="Sold Pass", readonly=True, ondelete="cascade", help="Sold before and not paid."
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, required=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        ondelete="cascade",
        compute="_compute_from_pass",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('is_client_card', '=', True)]",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Pass",
        required=True,
        ondelete="cascade",
        compute="_compute_from_pass",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('salon_money', '=', 'pass'), ('company_id', 'in', (company_id, False))]",
    )
    terms = fields.Char("What It Gives", compute="_compute_terms")
    price = fields.Monetary(compute="_compute_amounts")
    discount = fields.Float("Discount, %", digits=(16, 2))
    discount_reason_id = fields.Many2one(
        "salon.reason", string="Why", domain="[('kind', '=', 'discount')]", ondelete="cascade"
    )
    payment_ids = fields.One2many(
        "salon.pass.sell.line", "wizard_id", string="Payments", compute="_compute_payment_ids", store=True,
        readonly=False,
    )  # fmt: skip
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain=REGISTERS,
        help="Of the payment, as long as there is one.",
    )
    next_journal_id = fields.Many2one(
        "account.journal", compute="_compute_next_journal_id", help="The register that another payment goes into."
    )
    amount_to_pay = fields.Monetary("To Pay", compute="_compute_amounts", help="With tax.")
    amount_left = fields.Monetary("Left as a Debt", compute="_compute_amounts")
    amount_change = fields.Monetary("Change Due", compute="_compute_amounts", help="To be given back from the drawer.")

    @api.depends("pass_id")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.pass_id.company_id or self.env.company

    @api.depends("pass_id")
    def _compute_from_pass(self):
        for wizard in self:
            wizard.partner_id = wizard.pass_id.partner_id or wizard.partner_id
            wizard.product_id = wizard.pass_id.product_id or wizard.product_id

    @api.depends("product_id")
    @api.depends_context("lang")
    def _compute_terms(self):
        for wizard in self:
            wizard.terms = wizard.product_id.product_tmpl_id.pass_terms_text

    def _due(self):
        """Return what the pass costs now, with tax."""
        self.ensure_one()
        if self.pass_id:
            return self.pass_id.amount_due
        product = self.product_id.with_company(self.company_id).sudo()
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        price = self.currency_id.round(product.lst_price * (1 - self.discount / 100))
        return taxes.compute_all(price, self.currency_id, 1, product)["total_included"] if taxes else price

    @api.depends("product_id", "discount", "payment_ids.amount", "pass_id")
    def _compute_amounts(self):
        for wizard in self:
            given = sum(wizard.payment_ids.mapped("amount"))
            wizard.price = wizard.product_id.with_company(wizard.company_id).lst_price
            wizard.amount_to_pay = wizard._due() if wizard.product_id else 0.0
            wizard.amount_left = max(0.0, wizard.amount_to_pay - given)
            wizard.amount_change = max(0.0, given - wizard.amount_to_pay)

    @api.depends("company_id")
    def _compute_payment_ids(self):
        for wizard in self:
            if wizard.company_id and not wizard.payment_ids:
                register = wizard.company_id._salon_registers()[:1]
                amount = wizard._due() if wizard.product_id else 0.0
                wizard.payment_ids = [Command.create({"journal_id": register.id, "amount": amount})]

    @api.depends("payment_ids.journal_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = len(wizard.payment_ids) == 1 and wizard.payment_ids.journal_id

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        if self.journal_id and len(self.payment_ids) == 1:
            self.payment_ids.journal_id = self.journal_id

    @api.depends("company_id", "payment_ids.journal_id")
    def _compute_next_journal_id(self):
        for wizard in self:
            company, used = wizard.company_id, wizard.payment_ids.journal_id
            wizard.next_journal_id = company and company._salon_next_register(used)

    @api.onchange("product_id", "discount")
    def _onchange_product_id(self):
        """As long as there is one payment, it is what is to be paid."""
        if len(self.payment_ids) == 1:
            self.payment_ids.amount = self._due() if self.product_id else 0.0

    def action_apply(self):
        """Sell the pass and take the money, or take what is due: all of it or nothing."""
        self.ensure_one()
        given = [(payment.journal_id, payment.amount) for payment in self.payment_ids]
        if any(amount < 0 for _journal, amount in given):
            raise UserError(self.env._("An amount can't be below zero: give money back by “Refund”."))
        payments = self.company_id._salon_less_change(given, self.amount_to_pay)
        sold = self.pass_id
        if sold:
            sold._pay(payments)
            return {"type": "ir.actions.act_window_close"}
        sold = sold._sell(
            self.product_id, self.partner_id, self.company_id, payments, self.discount, self.discount_reason_id
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(pass)s is sold to %(client)s.", client=self.partner_id.name, **{"pass": sold.display_name}
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class SalonPassSellLine(models.TransientModel):
    _name = "salon.pass.sell.line"
    _description = "Payment of a Pass"

    wizard_id = fields.Many2one("salon.pass.sell", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    journal_id = fields.Many2one("account.journal", string="Register", required=True, ondelete="cascade")
    amount = fields.Monetary(required=True)
