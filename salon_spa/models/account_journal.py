from odoo import api, fields, models
from odoo.tools import SQL

from .salon_visit_line import BOOKKEEPERS

# The domain of a register that a dialog in the company's currency offers.
REGISTERS = """[
    ('type', 'in', ('cash', 'bank')), ('company_id', 'parent_of', company_id),
    ('currency_id', 'in', (False, currency_id)),
]"""


class AccountJournal(models.Model):
    """Journals of cash and bank are the salon's registers."""

    _inherit = "account.journal"

    # The desk chooses registers; what is in them is not its business, in Odoo's own figures neither.
    current_statement_balance = fields.Monetary(groups=BOOKKEEPERS)
    kanban_dashboard = fields.Text(groups=BOOKKEEPERS)
    kanban_dashboard_graph = fields.Text(groups=BOOKKEEPERS)
    salon_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency", groups="salon_spa.group_salon_manager"
    )
    salon_balance = fields.Monetary(
        "Balance",
        compute="_compute_salon_balance",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
        help="What should be in the register now: all that was posted to it. What an open till session takes is "
        "posted when the session is closed.",
    )
    salon_today_in = fields.Monetary(
        "In Today",
        compute="_compute_salon_balance",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
        help="Posted to the register with the salon's present day, transfers between registers too.",
    )
    salon_today_out = fields.Monetary(
        "Out Today",
        compute="_compute_salon_balance",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
    )
    salon_month_in = fields.Monetary(
        "In This Month",
        compute="_compute_salon_balance",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
        help="Posted to the register from the first day of the month, transfers between registers too.",
    )
    salon_month_out = fields.Monetary(
        "Out This Month",
        compute="_compute_salon_balance",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
    )

    def _compute_salon_balance(self):
        figures = self._salon_register_figures()
        for journal in self:
            (
                journal.salon_balance,
                journal.salon_today_in,
                journal.salon_today_out,
                journal.salon_month_in,
                journal.salon_month_out,
            ) = figures.get(journal.id, (0, 0, 0, 0, 0))

    def _salon_register_figures(self):
        """Return ``{journal id: (balance, in today, out today, in this month, out this month)}``, by one query."""
        if not self.ids:
            return {}
        self.env["account.move.line"].flush_model()
        days = [(journal.id, journal.company_id._salon_today()) for journal in self._origin]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.journal_id,
                       SUM(line.balance),
                       SUM(line.balance) FILTER (WHERE line.date = day.today AND line.balance > 0),
                       -SUM(line.balance) FILTER (WHERE line.date = day.today AND line.balance < 0),
                       SUM(line.balance) FILTER (WHERE line.date >= day.month AND line.balance > 0),
                       -SUM(line.balance) FILTER (WHERE line.date >= day.month AND line.balance < 0)
                  FROM (%(lines)s) line
                  JOIN (SELECT id, today, date_trunc('month', today)::date AS month
                          FROM unnest(%(ids)s::integer[], %(todays)s::date[]) AS given(id, today)) day
                    ON day.id = line.journal_id
                 GROUP BY line.journal_id
                """,
                lines=self._salon_register_lines(),
                ids=[journal_id for journal_id, _today in days],
                todays=[today for _journal_id, today in days],
            )
        )
        return {journal_id: tuple(float(figure or 0) for figure in figures) for journal_id, *figures in rows}

    @api.model
    def _salon_register_lines(self):
        """Return the select of what was posted to registers: id, move_id, date, company_id, balance, journal_id.

        ``journal_id`` is the register: the journal whose own account the line is on, be the entry in another journal;
        or the entry's journal, when the line is on an account where that one's payments wait for the bank.
        """
        return SQL(
            """
            SELECT line.id,
                   line.move_id,
                   line.date,
                   line.company_id,
                   line.balance,
                   COALESCE(own.journal_id, other.journal_id) AS journal_id
              FROM account_move_line line
              LEFT JOIN (SELECT id AS journal_id, default_account_id AS account_id
                           FROM account_journal
                          WHERE type IN ('cash', 'bank')
                          UNION
                         SELECT method.journal_id, method.payment_account_id
                           FROM account_payment_method_line method
                           JOIN account_journal journal ON journal.id = method.journal_id
                          WHERE journal.type IN ('cash', 'bank')) own
                     ON own.journal_id = line.journal_id AND own.account_id = line.account_id
              LEFT JOIN (SELECT DISTINCT ON (default_account_id) default_account_id AS account_id, id AS journal_id
                           FROM account_journal
                          WHERE type IN ('cash', 'bank')
                          ORDER BY default_account_id, id) other
                     ON other.account_id = line.account_id
             WHERE line.parent_state = 'posted'
               AND (own.journal_id IS NOT NULL OR other.journal_id IS NOT NULL)
            """
        )

    def _salon_money_account(self, direction):
        """Return the account on which money enters or leaves the register.

        :param direction: ``in`` or ``out``
        """
        self.ensure_one()
        methods = self[f"{direction}bound_payment_method_line_ids"]
        method = methods.filtered(lambda line: line.code == "manual")[:1] or methods[:1]
        # An accountant may want payments to wait on an account of their own for the statement of the bank.
        return method.payment_account_id or self.default_account_id

    def action_salon_register_moves(self):
        """Open what came into and went out of the register this month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_report_cash")
        return {
            **action,
            "name": self.name,
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [("journal_id", "=", self.id)],
        }
