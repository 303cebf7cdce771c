from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..models.salon_money_category import SECTIONS

_lt = LazyTranslate(__name__)


class SalonFinanceReport(models.Model):
    """Income and expenses as they are in the books: a row per posted journal item of an account of income or expenses.

    Whatever posts (an expense, an invoice, a closed till, a write-off of stock, a bill) is in it, and nothing else:
    the sums are those of accounting. The months' plan stands beside it, in rows that have no journal entry.
    """

    _name = "salon.finance.report"
    _description = "Income and Expenses"
    _inherit = ["salon.ratio.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "label"
    _depends = {
        "account.move.line": [
            "move_id",
            "date",
            "company_id",
            "account_id",
            "partner_id",
            "name",
            "balance",
            "parent_state",
            "journal_id",
        ],
        "account.account": ["account_type", "salon_category_id"],
        "account.journal": ["type", "default_account_id"],
        "account.payment.method.line": ["journal_id", "payment_account_id"],
        "salon.money.category": ["section", "kind", "account_type"],
        "salon.money.plan": ["month", "company_id", "category_id", "amount"],
        "res.company": ["currency_id"],
    }

    date = fields.Date("Day", readonly=True, help="The accounting date.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection([("income", "Income"), ("expense", "Expense")], readonly=True)
    section = fields.Selection(SECTIONS, string="Line of Profit and Loss", readonly=True)
    category_id = fields.Many2one(
        "salon.money.category",
        readonly=True,
        falsy_value_label=_lt("Without category"),  # pylint: disable=translation-field
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        readonly=True,
        falsy_value_label=_lt("Invoices, bills and other entries"),  # pylint: disable=translation-field
        help="The register that the same journal entry takes money from or puts it into.",
    )
    account_id = fields.Many2one("account.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    move_id = fields.Many2one("account.move", string="Journal Entry", readonly=True)
    label = fields.Char("For What", readonly=True)
    amount = fields.Monetary(
        "Result",
        readonly=True,
        help="Income less expenses: expenses are below zero, the total is the profit. Only what is posted counts.",
    )
    amount_income = fields.Monetary("Income", readonly=True, help="Posted to accounts of income.")
    amount_expense = fields.Monetary("Expenses", readonly=True, help="Posted to accounts of expenses.")
    amount_operating = fields.Monetary(
        "Operating Profit",
        readonly=True,
        help="Revenue less materials, cost of products sold, pay, bank, card and message fees, rent and other; without "
        "other income.",
    )
    amount_plan = fields.Monetary("Plan", readonly=True, help="The plan of the month; expenses are below zero.")
    amount_difference = fields.Monetary(
        "Better than Plan",
        readonly=True,
        help="Fact less plan: above zero when more came or less went than planned.",
    )
    plan_percent = fields.Float("Plan Fulfilled, %", readonly=True, aggregator="avg", help="Fact, divided by plan.")

    _report_ratios = {"plan_percent": ("amount", "amount_plan", 100)}

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   fact.amount - fact.amount_plan AS amount_difference,
                   CASE WHEN fact.kind = 'income' THEN fact.amount ELSE 0 END AS amount_income,
                   CASE WHEN fact.kind = 'expense' THEN -fact.amount ELSE 0 END AS amount_expense,
                   CASE WHEN fact.section <> '2_other_income' THEN fact.amount ELSE 0 END AS amount_operating,
                   100 * fact.amount / NULLIF(fact.amount_plan, 0) AS plan_percent,
                   company.currency_id
              FROM (%(entries)s UNION ALL %(plan)s) fact
              LEFT JOIN res_company company ON company.id = fact.company_id
            """,
            entries=self._entries(),
            plan=self._plan(),
        )

    def _entries(self):
        # The register is a subquery of the column, so that only questions about registers pay for it.
        return SQL(
            """
            SELECT line.id,
                   line.date,
                   line.company_id,
                   COALESCE(category.id, rest.id) AS category_id,
                   COALESCE(category.section, rest.section,
                            CASE account.account_type
                                 WHEN 'income' THEN '1_revenue'
                                 WHEN 'income_other' THEN '2_other_income'
                                 WHEN 'expense_direct_cost' THEN '4_retail'
                                 ELSE '7_other' END) AS section,
                   CASE WHEN account.account_type IN ('income', 'income_other') THEN 'income'
                        ELSE 'expense' END AS kind,
                   (SELECT MIN(money.journal_id) FROM (%(registers)s) money WHERE money.move_id = line.move_id)
                       AS journal_id,
                   line.account_id,
                   line.partner_id,
                   line.move_id,
                   line.name AS label,
                   -line.balance AS amount,
                   0::numeric AS amount_plan
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              LEFT JOIN salon_money_category category ON category.id = account.salon_category_id
              LEFT JOIN salon_money_category rest ON rest.account_type = account.account_type
             WHERE line.parent_state = 'posted'
               AND account.account_type IN ('income', 'income_other', 'expense', 'expense_other',
                                            'expense_depreciation', 'expense_direct_cost')
            """,
            registers=self.env["account.journal"]._salon_register_lines(),
        )

    def _plan(self):
        return SQL(
            """
            SELECT -plan.id,
                   plan.month,
                   plan.company_id,
                   category.id,
                   category.section,
                   category.kind,
                   NULL::integer,
                   NULL::integer,
                   NULL::integer,
                   NULL::integer,
                   NULL::varchar,
                   0::numeric,
                   CASE category.kind WHEN 'income' THEN plan.amount ELSE -plan.amount END
              FROM salon_money_plan plan
              JOIN salon_money_category category ON category.id = plan.category_id
            """
        )

    def action_open_entry(self):
        """Open the journal entry that the row comes from."""
        self.ensure_one()
        if not self.move_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
