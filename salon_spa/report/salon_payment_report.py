from odoo import fields, models
from odoo.tools import SQL

# The columns of every part of the report, with their types.
COLUMNS = {
    "date": SQL("date"),
    "datetime": SQL("timestamp"),
    "company_id": SQL("integer"),
    "visit_id": SQL("integer"),
    "partner_id": SQL("integer"),
    "journal_id": SQL("integer"),
    "user_id": SQL("integer"),
    "direction": SQL("varchar"),
    "amount": SQL("numeric"),
}


class SalonPaymentReport(models.Model):
    """Money as it came in and went out: a row per payment or refund, whatever took it. Addons add ``_parts``."""

    _name = "salon.payment.report"
    _description = "Payments"
    _inherit = ["salon.export.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "account.payment": [
            "date", "state", "payment_type", "partner_type", "amount_company_currency_signed", "journal_id",
            "partner_id", "company_id", "salon_visit_id",
        ],
        "res.company": ["currency_id"],
    }  # fmt: skip

    date = fields.Date("Day", readonly=True)
    datetime = fields.Datetime("Entered", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    visit_id = fields.Many2one("salon.visit", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Register", readonly=True)
    user_id = fields.Many2one("res.users", string="Taken by", readonly=True)
    direction = fields.Selection([("in", "Payment"), ("out", "Refund")], string="What", readonly=True)
    amount = fields.Monetary(readonly=True, help="Refunds are below zero. Tips and deposits are in it.")

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT paid.*, company.currency_id
                 FROM (%s) paid JOIN res_company company ON company.id = paid.company_id""",
            SQL(" UNION ALL ").join(self._parts().values()),
        )

    def _parts(self):
        """Return the selects that the report is made of, as ``{name: SQL}``; addons add theirs by ``_part``.

        Amounts are in the currency of the row's company, ``datetime`` is naive UTC.
        """
        values = {
            "date": SQL("payment.date"),
            "datetime": SQL("payment.create_date"),
            "company_id": SQL("payment.company_id"),
            "visit_id": SQL("payment.salon_visit_id"),
            "partner_id": SQL("payment.partner_id"),
            "journal_id": SQL("payment.journal_id"),
            "user_id": SQL("payment.create_uid"),
            "direction": SQL("CASE payment.payment_type WHEN 'inbound' THEN 'in' ELSE 'out' END"),
            "amount": SQL("payment.amount_company_currency_signed"),
        }
        return {"payment": self._part(0, SQL("payment.id"), values, self._payments())}

    def _payments(self):
        """Return what follows FROM for Odoo's payments; addons leave out those that their own rows tell of."""
        return SQL(
            """account_payment payment
               WHERE payment.partner_type = 'customer' AND payment.state IN ('in_process', 'paid')"""
        )

    def _part(self, number, row_id, values, source):
        """Return one part's select.

        :param int number: the part's own, so that ids of different parts never meet
        :param SQL row_id: the id of the row in the part's table
        :param dict values: SQL expressions by column; a column that is left out is empty
        :param SQL source: what follows FROM
        """
        columns = [
            SQL("(%s)::%s AS %s", values.get(name, SQL("NULL")), column_type, SQL.identifier(name))
            for name, column_type in COLUMNS.items()
        ]
        return SQL("SELECT %s + %s AS id, %s FROM %s", row_id, number << 40, SQL(", ").join(columns), source)

    def action_open_visit(self):
        """Open the visit that was paid."""
        self.ensure_one()
        return self.visit_id._open_form() if self.visit_id else False
