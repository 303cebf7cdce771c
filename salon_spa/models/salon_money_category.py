from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

# The lines of profit and loss, in its order: reports sort by the key. With the type of the accounts made for them.
SECTIONS = [
    ("1_revenue", "Revenue"),
    ("2_other_income", "Other Income"),
    ("3_materials", "Materials"),
    ("4_retail", "Cost of Products Sold"),
    ("5_pay", "Pay"),
    ("6_fees", "Bank, Card and Message Fees"),
    ("7_other", "Rent and Other"),
]
INCOME_SECTIONS = ("1_revenue", "2_other_income")
_TYPES = {
    "income": [("income", "Income"), ("income_other", "Other Income")],
    "expense": [
        ("expense", "Expenses"),
        ("expense_other", "Other Expenses"),
        ("expense_depreciation", "Depreciation"),
        ("expense_direct_cost", "Cost of Revenue"),
    ],
}
_NEW_ACCOUNTS = {
    "1_revenue": ("income", "400900"),
    "2_other_income": ("income_other", "450900"),
    "3_materials": ("expense_direct_cost", "500900"),
    "4_retail": ("expense_direct_cost", "500900"),
}


class SalonMoneyCategory(models.Model):
    """What money comes from or goes to, in the words of a salon; in every company it stands for accounts of its own.

    Every account of income or expenses is in one category: the one that is set on it, else the one that takes all
    accounts of its type.
    """

    _name = "salon.money.category"
    _description = "Income and Expense Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=150)
    active = fields.Boolean(default=True)
    section = fields.Selection(
        SECTIONS, string="Line of Profit and Loss", required=True, default="7_other", help="Where the report adds it."
    )
    kind = fields.Selection(
        [("income", "Income"), ("expense", "Expense")], compute="_compute_kind", store=True, index=True
    )
    account_type = fields.Selection(
        _TYPES["income"] + _TYPES["expense"],
        string="All Other Accounts of Type",
        copy=False,
        help="Takes every account of this type that has no category of its own.",
    )
    account_ids = fields.Many2many(
        "account.account",
        string="Accounts",
        compute="_compute_account_ids",
        inverse="_inverse_account_ids",
        search="_search_account_ids",
        help="The company's accounts that are counted here. The first one takes what is entered; without any, one is "
        "made at the first entry.",
    )

    _one_for_a_type = models.UniqueIndex(
        "(account_type) WHERE account_type IS NOT NULL", "Another category takes the accounts of this type already."
    )

    @api.depends("section")
    def _compute_kind(self):
        for category in self:
            category.kind = "income" if category.section in INCOME_SECTIONS else "expense"

    @api.depends_context("allowed_company_ids")
    def _compute_account_ids(self):
        accounts = self.env["account.account"].search([("salon_category_id", "in", self.ids)])
        grouped = accounts.grouped("salon_category_id")
        for category in self:
            category.account_ids = grouped.get(category._origin, accounts.browse())

    def _inverse_account_ids(self):
        # Accounting's rights are not asked for: which account is counted where changes no entry.
        for category in self:
            known = self.env["account.account"].search([("salon_category_id", "=", category.id)])
            (known - category.account_ids).sudo().salon_category_id = False
            (category.account_ids - known).sudo().salon_category_id = category

    def _search_account_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self.env["account.account"].browse(value).salon_category_id.ids)]

    @api.constrains("section", "account_type")
    def _check_account_type(self):
        for category in self:
            accounts = self.env["account.account"].sudo().search([("salon_category_id", "=", category.id)])
            types = {*accounts.mapped("account_type"), category.account_type or category._account_types()[0]}
            if not types <= set(category._account_types()):
                raise ValidationError(
                    self.env._(
                        "%(category)s has accounts of the other kind: income and expenses don't stand on one line.",
                        category=category.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_the_rest(self):
        for category in self:
            if category.account_type:
                raise UserError(
                    self.env._(
                        "%(category)s takes what has no category: give this task to another category first.",
                        category=category.name,
                    )
                )

    def _account_types(self):
        """Return the types that accounts of this category may have."""
        self.ensure_one()
        return [key for key, _label in _TYPES[self.kind]]

    def _get_account(self, company):
        """Return the account (as superuser) that entries of this category go to in ``company``.

        It is the first of the category's accounts, else the company's account of the same name and kind that is in no
        category yet, else a new one.

        :raise UserError: the company has no chart of accounts
        """
        self.ensure_one()
        company._salon_check_accounting()
        root = company.sudo().root_id
        accounts = self.env["account.account"].sudo().with_company(root).with_context(lang=root.partner_id.lang)
        mine = [*accounts._check_company_domain(root), ("account_type", "in", self._account_types())]
        account = accounts.search([*mine, ("salon_category_id", "=", self.id)], limit=1)
        if not account:
            name = self.with_context(lang=root.partner_id.lang).name
            account = accounts.search([*mine, ("salon_category_id", "=", False), ("name", "=", name)], limit=1)
            account.salon_category_id = self
        if not account:
            account_type, code = _NEW_ACCOUNTS.get(self.section, ("expense", "600900"))
            codes = accounts.search([*mine, ("account_type", "=", account_type)]).filtered("code").mapped("code")
            if codes:
                # After the last of the class that most of its kind are in, so that it fits the country's chart.
                usual = Counter(code[0] for code in codes).most_common(1)[0][0]
                code = max(code for code in codes if code[0] == usual)
            account = accounts.create(
                {
                    "name": name,
                    "code": accounts._search_new_account_code(code),
                    "account_type": account_type,
                    "company_ids": [Command.set(root.ids)],
                    "salon_category_id": self.id,
                }
            )
        return account
