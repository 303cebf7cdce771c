from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list

# Visits named in a sentence; a longer list is counted.
_NAMED = 5


class PosSession(models.Model):
    _inherit = "pos.session"

    salon_cash_outside = fields.Monetary(
        "Cash beside the Till",
        compute="_compute_salon_cash_outside",
        compute_sudo=True,
        help="What went into the drawer and out of it without the till while the session was open: payments taken in "
        "the visit, expenses.",
    )

    # ------------------------------------------------------------------
    # The drawer
    # ------------------------------------------------------------------

    @api.depends("cash_journal_id", "start_at", "stop_at", "state")
    def _compute_salon_cash_outside(self):
        """The drawer is one, whoever takes the money: what the visits' own dialogs put there is counted with it."""
        for session in self:
            session.salon_cash_outside = sum(session._salon_cash_lines().mapped("balance"))

    def _salon_cash_lines(self):
        """Return the entries of this session's drawer that the till knows nothing about."""
        self.ensure_one()
        lines = self.env["account.move.line"].sudo()
        journal = self.cash_journal_id.sudo()
        if not journal or not self.start_at or self.rescue:
            return lines
        # A payment stands in an account of its own where the journal's methods name one.
        methods = journal.inbound_payment_method_line_ids | journal.outbound_payment_method_line_ids
        accounts = journal.default_account_id | methods.payment_account_id
        domain = Domain("account_id", "in", accounts.ids) & Domain("journal_id", "=", journal.id)
        domain &= Domain("parent_state", "=", "posted") & Domain("create_date", ">=", self.start_at)
        # What is entered now for a day before has been counted with the drawer of that day.
        domain &= Domain("date", ">=", self.company_id._salon_local(self.start_at).date())
        statement = "move_id.statement_line_id"
        domain &= Domain(statement, "=", False) | Domain(f"{statement}.pos_session_id", "=", False)
        if self.state == "closed" and self.stop_at:
            domain &= Domain("create_date", "<=", self.stop_at)
        return lines.search(domain, order="id")

    @api.depends("salon_cash_outside")
    def _compute_cash_balance(self):
        super()._compute_cash_balance()
        for session in self.filtered("salon_cash_outside"):
            session.cash_register_balance_end += session.salon_cash_outside
            session.cash_register_difference -= session.salon_cash_outside

    def get_closing_control_data(self):
        data = super().get_closing_control_data()
        outside = self.salon_cash_outside
        if data["default_cash_details"] and not self.currency_id.is_zero(outside):
            details = data["default_cash_details"]
            details["amount"] += outside
            details["moves"].append(
                {"id": 0, "name": self.env._("Taken in visits, less expenses"), "amount": outside, "cashier_name": ""}
            )
        return data

    def salon_cash_categories(self):
        """Return what cash may be put in or taken out for: ``[{"id", "name", "kind"}]``, kind income or expense."""
        self.check_access("read")
        if not self.env.user.has_group("salon_spa.group_salon_administrator"):
            # Another shop's till
            return []
        manager = self.env.user.has_group("salon_spa.group_salon_manager")
        # Without a limit of one's own expenses are the manager's: none is offered that would be refused.
        allowed = manager or not self.currency_id.is_zero(self.company_id.salon_expense_limit)
        kinds = ("income", "expense") if allowed else ("income",)
        domain = [("kind", "in", kinds), ("section", "!=", "1_revenue")]
        categories = self.env["salon.money.category"].sudo().search(domain)
        return [{"id": category.id, "name": category.name, "kind": category.kind} for category in categories]

    def _salon_cash_category(self, kind, amount, category_id):
        """Return the category (as superuser) of a cash move, empty without any.

        :raise UserError: it is of the other kind, or the amount is the manager's to approve
        """
        category = self.env["salon.money.category"].sudo()
        if not category_id:
            return category
        category = category.browse(category_id).exists()
        if category.kind != {"in": "income", "out": "expense"}[kind]:
            raise UserError(self.env._("Choose a category of income for cash in, of expenses for cash out."))
        limit = self.company_id.salon_expense_limit
        manager = self.env.user.has_group("salon_spa.group_salon_manager")
        if kind == "out" and not manager and self.currency_id.compare_amounts(amount, limit) > 0:
            if self.currency_id.is_zero(limit):
                raise UserError(self.env._("Expenses are a manager's: ask one to take the cash from the till."))
            raise UserError(
                self.env._(
                    "An expense above %(limit)s is the manager's: ask one to take it from the till.",
                    limit=self.currency_id.format(limit),
                )
            )
        return category

    def try_cash_in_out(self, _type, amount, reason, partner_id, extras):
        """Put cash into the drawer or take it out; at the front desk without rights in accounting.

        :raise UserError: no amount above zero, no reason, or the session is closed
        """
        if not self.env.user.has_group("salon_spa.group_salon_administrator"):
            return super().try_cash_in_out(_type, amount, reason, partner_id, extras)
        self.check_access("read")
        for session in self:
            if session.state != "opened":
                raise UserError(self.env._("%(session)s is not open: open the till first.", session=session.name))
            if session.currency_id.compare_amounts(amount, 0) <= 0:
                raise UserError(self.env._("Write an amount above zero."))
        if not (reason or "").strip():
            raise UserError(self.env._("Write what the cash is for."))
        for session in self:
            session._salon_cash_category(_type, amount, extras.get("salon_category_id"))
        return super(PosSession, self.sudo()).try_cash_in_out(_type, amount, reason, partner_id, extras)

    def _prepare_account_bank_statement_line_vals(self, session, sign, amount, reason, partner_id, extras):
        values = super()._prepare_account_bank_statement_line_vals(session, sign, amount, reason, partner_id, extras)
        values |= {"is_salon_cash_move": True, "salon_note": reason}
        category = self.env["salon.money.category"].sudo().browse(extras.get("salon_category_id") or [])
        if category:
            account = category._get_account(session.company_id)
            values |= {"salon_category_id": category.id, "counterpart_account_id": account.id}
        return values

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------

    def salon_closing_hint(self):
        """Say which visits of today are still open before the till is closed.

        :return: ``{"text": sentence or False, "may_close": bool}``
        """
        self.ensure_one()
        self.check_access("read")
        may_close = self.env.user.has_group("salon_spa.group_salon_manager")
        return {"text": self._salon_closing_text(), "may_close": may_close}

    def _salon_closing_text(self):
        """Return what the front desk is told about open visits, which are nothing to a cashier of another shop."""
        desk = self.env.user.has_group("salon_spa.group_salon_administrator")
        return self._salon_open_visits_text() if desk else False

    def _salon_open_visits(self):
        """Return today's visits whose client is here, or that are done and not charged; a debt is what was agreed."""
        self.ensure_one()
        company = self.company_id
        domain = Domain("company_id", "=", company.id) & Domain("date", "=", company._salon_today())
        domain &= Domain("state", "=", "arrived") | (Domain("state", "=", "done") & Domain("amount_due", ">", 0))
        visits = self.env["salon.visit"].sudo().search(domain, order="start")
        return visits.filtered(
            lambda visit: (
                visit.state == "arrived"
                or any(visit.currency_id.compare_amounts(line._to_bill(), 0) > 0 for line in visit._live_lines())
            )
        )

    def _salon_open_visits_text(self):
        visits = self._salon_open_visits()
        if not visits:
            return False
        states = dict(visits._fields["state"]._description_selection(self.env))
        names = [
            self.env._(
                "%(visit)s (%(state)s)",
                visit=visit.display_name,
                state=self.env._("not paid") if visit.state == "done" else states[visit.state].lower(),
            )
            for visit in visits[:_NAMED]
        ]
        if len(visits) > _NAMED:
            names.append(self.env._("%(count)s more", count=len(visits) - _NAMED))
        return self.env._(
            "These visits of today are still open: %(visits)s. Take the payment or close them, or let a manager close "
            "the till.",
            visits=format_list(self.env, names),
        )

    def _cannot_close_session(self, bank_payment_method_diffs=None):
        result = super()._cannot_close_session(bank_payment_method_diffs)
        if result or self.env.su or self.env.user.has_group("salon_spa.group_salon_manager"):
            return result
        text = self._salon_closing_text()
        return {"successful": False, "message": text, "redirect": False} if text else result

    def close_session_from_ui(self, bank_payment_method_diff_pairs=None):
        text = self._salon_closing_text()
        result = super().close_session_from_ui(bank_payment_method_diff_pairs)
        if text and result.get("successful"):
            self.sudo().message_post(
                body=self.env._("Closed by %(user)s. %(text)s", user=self.env.user.name, text=text)
            )
        return result
