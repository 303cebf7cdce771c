from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.rights import check_company

# Rows of a section that stand for themselves; what is beyond stands in one.
_ROWS = 10


class SalonDayReport(models.TransientModel):
    """The day of a salon on one page: visits, money by method, discounts, tips, debts, cash in the drawer."""

    _name = "salon.day.report"
    _description = "Day Report"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "Day", required=True, default=lambda self: self.env.company._salon_today(), help="The salon's local day."
    )
    session_id = fields.Many2one(
        "pos.session",
        string="Till Session",
        domain="[('company_id', '=', company_id)]",
        help="Narrows what the till says to one session; empty is the whole day.",
    )
    body = fields.Html("Report", compute="_compute_body", sanitize=False)

    @api.depends("company_id", "date", "session_id")
    def _compute_body(self):
        for report in self:
            report.body = report.date and self.env["ir.qweb"]._render(
                "salon_spa_stock.day_report_body", {"report": report, "sections": report._get_sections()}
            )

    @api.onchange("session_id")
    def _onchange_session_id(self):
        if self.session_id.start_at:
            self.date = self.company_id._salon_local(self.session_id.start_at).date()

    @api.constrains("company_id", "session_id")
    def _check_session(self):
        for report in self:
            if report.session_id and report.session_id.sudo().company_id != report.company_id:
                raise UserError(self.env._("The session belongs to another company."))

    # ------------------------------------------------------------------
    # What stands in it
    # ------------------------------------------------------------------

    def _get_sections(self):
        """Return the report's sections, each ``{"title", "rows": [(text, count, amount)], "total"}``.

        Counts and amounts may be None. Addons add sections of their own.
        """
        self.ensure_one()
        self._check_reader()
        report = self.sudo()
        sections = [
            report._section_visits(),
            report._section_revenue(),
            report._section_received(),
            report._section_drawer(),
            report._section_cash_moves(),
            report._section_expenses(),
            report._section_ahead(),
            report._section_discounts(),
            report._section_tips(),
            report._section_debts(),
        ]
        return [section for section in sections if section["rows"]]

    def _check_reader(self):
        """What the report shows is read by its own rights: whose figures it may show, and to whom, is decided here."""
        self.env["res.company"]._salon_check_till_user()
        check_company(self)

    def _section(self, title, rows, total=True):
        """Return one section; ``rows`` are ``(text, count or None, amount or None)``."""
        amounts = [amount for _text, _count, amount in rows if amount is not None]
        if len(rows) > _ROWS:
            rest = rows[_ROWS - 1 :]
            text = self.env._("%(count)s more", count=len(rest))
            rows = [*rows[: _ROWS - 1], (text, None, sum(amount or 0 for _text, _count, amount in rest))]
        return {"title": title, "rows": rows, "total": sum(amounts) if total and len(amounts) > 1 else None}

    def _day_domain(self, field):
        """Return the domain of what happened on the report's day by a naive UTC datetime."""
        begin = self.company_id._salon_utc(datetime.combine(self.date, time()))
        end = self.company_id._salon_utc(datetime.combine(self.date + timedelta(days=1), time()))
        return Domain(field, ">=", begin) & Domain(field, "<", end)

    def _orders(self):
        """Return the paid sales of the till."""
        domain = Domain("company_id", "=", self.company_id.id) & Domain("state", "in", ("paid", "done"))
        domain &= Domain("session_id", "=", self.session_id.id) if self.session_id else self._day_domain("date_order")
        return self.env["pos.order"].search(domain, order="id")

    def _sessions(self):
        """Return the till's sessions of the day: opened on it, or still open on it."""
        if self.session_id:
            return self.session_id
        begin = self.company_id._salon_utc(datetime.combine(self.date, time()))
        end = self.company_id._salon_utc(datetime.combine(self.date + timedelta(days=1), time()))
        domain = Domain("company_id", "=", self.company_id.id) & Domain("start_at", "<", end)
        domain &= Domain("stop_at", "=", False) | Domain("stop_at", ">=", begin)
        return self.env["pos.session"].search(domain, order="start_at")

    def _visits(self):
        return self.env["salon.visit"].search(
            [("company_id", "=", self.company_id.id), ("date", "=", self.date), ("state", "!=", "draft")]
        )

    def _section_visits(self):
        states = dict(self.env["salon.visit"]._fields["state"]._description_selection(self.env))
        visits = self._visits().grouped("state")
        order = ("done", "arrived", "confirmed", "booked", "requested", "cancelled", "no_show")
        rows = [
            (states[state], len(visits[state]), sum(visits[state].mapped("amount_total")))
            for state in order
            if state in visits
        ]
        return self._section(self.env._("Visits"), rows, total=False)

    def _section_revenue(self):
        """What was earned, whenever it is paid."""
        kinds = dict(self.env["salon.revenue.report"]._fields["kind"]._description_selection(self.env))
        rows = [
            (kinds.get(kind, kind), (int(quantity) if quantity == int(quantity) else quantity) or None, amount)
            for kind, quantity, amount in self.env["salon.revenue.report"]._read_group(
                [("company_id", "=", self.company_id.id), ("date", "=", self.date), ("kind", "!=", False)],
                ["kind"],
                ["quantity:sum", "amount_net:sum"],
            )
        ]
        return self._section(self.env._("Revenue"), rows)

    def _section_received(self):
        """What came in by register, at the till and in visits, less what was given back."""
        received = defaultdict(lambda: [0, 0.0])
        # What goes on a client's account is not received: its method has no journal.
        for payment in self._orders().payment_ids.filtered("payment_method_id.journal_id"):
            name = payment.payment_method_id.journal_id.name
            received[name][0] += not payment.is_change
            received[name][1] += payment.amount
        if not self.session_id:
            payments = self.env["account.payment"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "=", self.date),
                    ("partner_type", "=", "customer"),
                    ("state", "in", ("in_process", "paid")),
                    ("pos_session_id", "=", False),
                ]
            )
            for payment in payments:
                received[payment.journal_id.name][0] += 1
                received[payment.journal_id.name][1] += payment.amount_company_currency_signed
        rows = [(name, count, amount) for name, (count, amount) in sorted(received.items())]
        return self._section(self.env._("Money Received"), rows)

    def _section_drawer(self):
        rows, several = [], len(self._sessions()) > 1
        for session in self._sessions().filtered("cash_journal_id"):
            cash = session.get_closing_control_data()["default_cash_details"]
            moves = sum(session.statement_line_ids.filtered("is_salon_cash_move").mapped("amount"))
            if several:
                rows.append((session.name, None, None))
            rows += [
                (self.env._("Opened with"), None, session.cash_register_balance_start),
                (self.env._("Paid at the till"), None, cash["payment_amount"]),
                (self.env._("Taken in visits, less expenses"), None, session.salon_cash_outside),
                (self.env._("Put in, less taken out"), None, moves),
                (self.env._("Expected in the drawer"), None, session.cash_register_balance_end),
            ]
            if session.state == "closed":
                rows += [
                    (self.env._("Counted"), None, session.cash_register_balance_end_real),
                    (self.env._("Difference"), None, session.cash_register_difference),
                ]
        return {"title": self.env._("Cash in the Drawer"), "rows": rows, "total": None}

    def _section_cash_moves(self):
        lines = self._sessions().statement_line_ids.filtered("is_salon_cash_move").sorted("id")
        rows = [(line._salon_reason(), None, line.amount) for line in lines]
        return self._section(self.env._("Cash In and Out"), rows)

    def _section_expenses(self):
        """What was entered as an expense or an income beside the till, from any register, and what the salon kept of
        what clients had paid ahead.
        """
        domain = [("company_id", "=", self.company_id.id), ("date", "=", self.date), ("state", "=", "entered")]
        domain += [("kind", "!=", "transfer")]
        rows = [
            (category.name or self.env._("Tips Paid Out"), count, amount if category.kind == "income" else -amount)
            for category, count, amount in self.env["salon.expense"]._read_group(
                domain, ["category_id"], ["__count", "amount:sum"]
            )
        ]
        facts = self.env["salon.revenue.report"]
        entries = dict(facts._fields["entry"]._description_selection(self.env))
        domain = [("company_id", "=", self.company_id.id), ("date", "=", self.date)]
        rows += [
            (entries[entry], count, amount)
            for entry, count, amount in facts._read_group(domain, ["entry"], ["__count", "amount_other:sum"])
            # Sales and refunds have none.
            if amount
        ]
        return self._section(self.env._("Expenses and Other Income"), rows)

    def _section_ahead(self):
        """What clients paid ahead: gift cards, e-wallets, deposits, passes."""
        sold = defaultdict(float)
        for line in self._orders().lines.filtered(lambda line: line._fiscal_kind() in ("advance", "payment")):
            # What is paid by a gift card or an e-wallet is used of what was sold by another product.
            product = line._salon_reward().program_id.rule_ids.product_ids[:1] or line.product_id
            sold[product.name] += line._salon_given()
        if not self.session_id:
            domain = Domain("parent_state", "=", "posted") & Domain("display_type", "=", "product")
            domain &= Domain("move_id.move_type", "in", ("out_invoice", "out_refund"))
            domain &= Domain("product_id.salon_money", "in", ("deposit", "pass"))
            domain &= Domain("company_id", "=", self.company_id.id) & Domain("invoice_date", "=", self.date)
            for line in self.env["account.move.line"].search(domain):
                sold[line.product_id.name] += line._salon_amount()
            uses = self.env["salon.pass.use"].search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "=", self.date),
                    ("returned_at", "=", False),
                    ("line_id.state", "=", "done"),
                ]
            )
            for use in uses:
                sold[use.pass_id.product_id.name] -= use.value
        rows = [(name, None, amount) for name, amount in sorted(sold.items())]
        return self._section(self.env._("Paid Ahead, Less What Was Used"), rows)

    def _section_discounts(self):
        given = defaultdict(float)
        for reason, campaign, amount in self.env["salon.revenue.report"]._read_group(
            [("company_id", "=", self.company_id.id), ("date", "=", self.date)],
            ["discount_reason_id", "discount_campaign_id"],
            ["amount_discount:sum"],
        ):
            if not amount or self.company_id.currency_id.is_zero(amount):
                continue
            given[reason.name or campaign.name or self.env._("Without a reason")] += amount
        rows = [(name, None, amount) for name, amount in sorted(given.items(), key=lambda item: -item[1])]
        return self._section(self.env._("Discounts"), rows)

    def _section_tips(self):
        rows = [
            (employee.name, None, amount)
            for employee, amount in self.env["salon.tip"]._read_group(
                [("company_id", "=", self.company_id.id), ("date", "=", self.date)], ["employee_id"], ["amount:sum"]
            )
        ]
        return self._section(self.env._("Tips"), rows)

    def _section_debts(self):
        visits = self._visits().filtered(lambda visit: visit.state == "done" and visit.amount_due > 0)
        rows = [
            (visit.partner_id.name or self.env._("Walk-in"), None, visit.amount_due)
            for visit in visits.sorted("amount_due", reverse=True)
        ]
        return self._section(self.env._("Not Paid"), rows)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_print(self):
        """Print the report on an A4 page."""
        self._check_reader()
        return self.env.ref("salon_spa_stock.report_day").report_action(self)

    def action_print_narrow(self):
        """Print the report on a receipt printer's paper."""
        self._check_reader()
        return self.env.ref("salon_spa_stock.report_day_narrow").report_action(self)

    def action_day_before(self):
        """Show the day before."""
        return self._show(self.date - timedelta(days=1))

    def action_day_after(self):
        """Show the day after."""
        return self._show(self.date + timedelta(days=1))

    def _show(self, day):
        self.ensure_one()
        self.write({"date": day, "session_id": False})
        return self._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Day Report"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "main",
        }

    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._("Day Report")
