from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

_lt = LazyTranslate(__name__)


class SalonCashReport(models.Model):
    """Money in and out of registers, by what it was for: the cash view beside profit and loss.

    An entry that moves money of one register gives a row for each of its other lines, one that moves money between
    registers a row for each register. Either way the rows of a register add up to its balance.
    """

    _name = "salon.cash.report"
    _description = "Money In and Out"
    _inherit = ["salon.export.mixin"]
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
        "salon.money.category": ["account_type"],
        "res.company": ["currency_id", "transfer_account_id"],
    }

    date = fields.Date("Day", readonly=True, help="The accounting date.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Register", readonly=True)
    flow = fields.Selection(
        [
            ("1_clients", "Clients"),
            ("2_income", "Other Income"),
            ("3_suppliers", "Bills of Suppliers"),
            ("4_expense", "Expenses"),
            ("5_transfer", "Between Registers"),
            ("6_other", "Other"),
        ],
        string="From or to",
        readonly=True,
        help="Clients: what they paid for visits, products and passes, and what they were given back. Other: what is "
        "neither income nor an expense, such as tips, loans or what the owner put in.",
    )
    category_id = fields.Many2one(
        "salon.money.category",
        readonly=True,
        falsy_value_label=_lt("Neither income nor expense"),  # pylint: disable=translation-field
    )
    account_id = fields.Many2one("account.account", string="Other Account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    move_id = fields.Many2one("account.move", string="Journal Entry", readonly=True)
    label = fields.Char("For What", readonly=True)
    amount = fields.Monetary("Net Change", readonly=True, help="In less out.")
    amount_in = fields.Monetary("In", readonly=True)
    amount_out = fields.Monetary("Out", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH money AS (%(registers)s),
                 entry AS (
                    SELECT move_id, MIN(journal_id) AS journal_id, COUNT(DISTINCT journal_id) > 1 AS is_transfer
                      FROM money
                     GROUP BY move_id)
            SELECT fact.id,
                   fact.date,
                   fact.company_id,
                   company.currency_id,
                   fact.journal_id,
                   fact.account_id,
                   fact.partner_id,
                   fact.move_id,
                   fact.label,
                   fact.amount,
                   GREATEST(fact.amount, 0) AS amount_in,
                   GREATEST(-fact.amount, 0) AS amount_out,
                   CASE WHEN fact.is_transfer OR fact.account_id = company.transfer_account_id THEN '5_transfer'
                        WHEN account.account_type = 'asset_receivable' THEN '1_clients'
                        WHEN account.account_type = 'income' THEN '1_clients'
                        WHEN account.account_type = 'income_other' THEN '2_income'
                        WHEN account.account_type = 'liability_payable' THEN '3_suppliers'
                        WHEN account.account_type IN ('expense', 'expense_other', 'expense_depreciation',
                                                      'expense_direct_cost') THEN '4_expense'
                        ELSE '6_other' END AS flow,
                   CASE WHEN NOT fact.is_transfer
                        THEN COALESCE(account.salon_category_id, rest.id) END AS category_id
              FROM (
                    SELECT line.id, line.date, line.company_id, line.account_id, line.partner_id, line.move_id,
                           line.name AS label, entry.journal_id, FALSE AS is_transfer, -line.balance AS amount
                      FROM account_move_line line
                      JOIN entry ON entry.move_id = line.move_id AND NOT entry.is_transfer
                     WHERE line.parent_state = 'posted'
                       AND NOT EXISTS (SELECT 1 FROM money WHERE money.id = line.id)
                    UNION ALL
                    SELECT line.id, line.date, line.company_id, line.account_id, line.partner_id, line.move_id,
                           line.name, money.journal_id, TRUE, money.balance
                      FROM account_move_line line
                      JOIN money ON money.id = line.id
                      JOIN entry ON entry.move_id = money.move_id AND entry.is_transfer
                   ) fact
              JOIN account_account account ON account.id = fact.account_id
              LEFT JOIN salon_money_category rest ON rest.account_type = account.account_type
              LEFT JOIN res_company company ON company.id = fact.company_id
             WHERE fact.amount <> 0
            """,
            registers=self.env["account.journal"]._salon_register_lines(),
        )

    def action_open_entry(self):
        """Open the journal entry that the row comes from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
