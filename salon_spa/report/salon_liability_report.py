from odoo import fields, models
from odoo.tools import SQL

# The columns of every part of the report, with their types.
COLUMNS = {
    "date": SQL("date"),
    "expiry_date": SQL("date"),
    "company_id": SQL("integer"),
    "partner_id": SQL("integer"),
    "kind": SQL("varchar"),
    "name": SQL("varchar"),
    "quantity": SQL("numeric"),
    "amount": SQL("numeric"),
}


class SalonLiabilityReport(models.Model):
    """What the salon owes now: a row per deposit, pass, gift card, e-wallet, card of points, and per master with tips.

    An addon adds rows by extending ``_parts`` and ``_depends``, and its kinds to ``kind``. Nothing is stored.
    """

    _name = "salon.liability.report"
    _description = "What the Salon Owes"
    _inherit = ["salon.export.mixin"]
    _auto = False
    _order = "amount desc, id"
    _rec_name = "name"
    _depends = {
        "salon.visit": ["name", "company_id", "partner_id", "date", "amount_deposit"],
        "salon.pass": [
            "name",
            "company_id",
            "partner_id",
            "sold_date",
            "expiry_date",
            "sessions_left",
            "value_left",
            "is_sold",
        ],
        "salon.pass.use": ["pass_id", "value", "returned_at", "move_id", "is_burned"],
        "salon.tip": ["employee_id", "company_id", "date", "amount", "is_paid_out"],
        "hr.employee": ["name"],
        "res.company": ["currency_id"],
    }

    date = fields.Date("Since", readonly=True, help="The day of the sale, for a deposit that of the visit.")
    expiry_date = fields.Date("Valid until", readonly=True)
    is_expired = fields.Boolean("Expired", readonly=True, help="Can't be used any more, but was not written off yet.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    kind = fields.Selection([("deposit", "Deposit"), ("pass", "Pass"), ("tip", "Tips for Masters")], readonly=True)
    name = fields.Char("Number", readonly=True)
    quantity = fields.Float("Sessions or Points", readonly=True, digits=(16, 2))
    amount = fields.Monetary(
        "Owed",
        readonly=True,
        help="What was paid and not used yet: unused passes, gift cards, e-wallets and deposits, and points at what "
        "they are worth; and the tips that masters wait for.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT owed.*, company.currency_id, COALESCE(owed.expiry_date < %s, FALSE) AS is_expired
                 FROM (%s) owed JOIN res_company company ON company.id = owed.company_id""",
            self.env.company._salon_today(),
            SQL(" UNION ALL ").join(self._parts().values()),
        )

    def _parts(self):
        """Return the selects that the report is made of, as ``{name: SQL}``; addons add theirs by ``_part``.

        Amounts are in the currency of the row's company, dates are the salon's local days.
        """
        values = {
            "date": SQL("visit.date"),
            "company_id": SQL("visit.company_id"),
            "partner_id": SQL("visit.partner_id"),
            "kind": SQL("'deposit'"),
            "name": SQL("visit.name"),
            "amount": SQL("visit.amount_deposit"),
        }
        source = SQL("salon_visit visit WHERE visit.amount_deposit > 0")
        # What is taken for visits to come is owed until they are done.
        owed = SQL(
            """sold.value_left + COALESCE((SELECT sum(planned.value) FROM salon_pass_use planned
                WHERE planned.pass_id = sold.id AND planned.returned_at IS NULL AND planned.move_id IS NULL
                  AND planned.is_burned IS NOT TRUE), 0)"""
        )
        passes = {
            "date": SQL("sold.sold_date"),
            "expiry_date": SQL("sold.expiry_date"),
            "company_id": SQL("sold.company_id"),
            "partner_id": SQL("sold.partner_id"),
            "kind": SQL("'pass'"),
            "name": SQL("sold.name"),
            "quantity": SQL("sold.sessions_left"),
            "amount": owed,
        }
        tips = {
            "date": SQL("tip.date"),
            "company_id": SQL("tip.company_id"),
            "kind": SQL("'tip'"),
            "name": SQL("master.name"),
            "amount": SQL("tip.amount"),
        }
        waiting = SQL(
            """(SELECT MIN(id) AS id, company_id, employee_id, MIN(date) AS date, SUM(amount) AS amount
                  FROM salon_tip WHERE is_paid_out IS NOT TRUE GROUP BY company_id, employee_id) tip
                 JOIN hr_employee master ON master.id = tip.employee_id WHERE tip.amount <> 0"""
        )
        return {
            "tip": self._part(3, SQL("tip.id"), tips, waiting),
            "deposit": self._part(0, SQL("visit.id"), values, source),
            "pass": self._part(1, SQL("sold.id"), passes, SQL("salon_pass sold WHERE sold.is_sold AND %s > 0", owed)),
        }

    def _part(self, number, row_id, values, source):
        """Return one part's select.

        :param int number: the part's own, so that ids of different parts never meet; 0 is the deposits
        :param SQL row_id: the id of the row in the part's table, which becomes part of the report's id
        :param dict values: SQL expressions by column; a column that is left out is empty
        :param SQL source: what follows FROM
        :raise ValueError: a column is not one of the report's
        """
        unknown = set(values) - set(COLUMNS)
        if unknown:
            raise ValueError(f"Not columns of the liability report: {', '.join(sorted(unknown))}")
        columns = [
            SQL("%s AS id", SQL("%s + %s", row_id, number << 40) if number else row_id),
            *(
                SQL("(%s)::%s AS %s", values.get(name, SQL("NULL")), column_type, SQL.identifier(name))
                for name, column_type in COLUMNS.items()
            ),
        ]
        return SQL("SELECT %s FROM %s", SQL(", ").join(columns), source)
