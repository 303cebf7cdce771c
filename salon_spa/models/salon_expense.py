from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date, formatLang

from .salon_money_category import INCOME_SECTIONS

# What the journal entry says; it stays as it was entered.
ENTERED = {
    "kind",
    "category_id",
    "journal_id",
    "destination_journal_id",
    "employee_id",
    "amount",
    "date",
    "note",
    "partner_id",
    "company_id",
}


class SalonExpense(models.Model):
    """Money that left or reached a register for something else than visits: one small form for one journal entry."""

    _name = "salon.expense"
    _description = "Income or Expense"
    _inherit = ["mail.thread", "mail.activity.mixin", "salon.guard.mixin", "salon.export.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [("expense", "Expense"), ("income", "Income"), ("transfer", "Between Registers"), ("tip", "Tips Paid Out")],
        required=True,
        default="expense",
        help="Between registers money is carried: cash to the bank. Tips are paid out to the master whom clients gave "
        "them for; they are no expense of the salon.",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    category_id = fields.Many2one(
        "salon.money.category",
        ondelete="restrict",
        index=True,
        domain="[('kind', '=', kind), ('section', '!=', '1_revenue')]",
        help="What it is for.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Register",
        required=True,
        default=lambda self: self._default_journal_id(),
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('id', 'in', register_ids)]",
        help="Where the money was taken from; for income, where it was put.",
    )
    destination_journal_id = fields.Many2one(
        "account.journal",
        string="To Register",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'in', destination_ids), ('id', '!=', journal_id)]",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('id', 'in', tipped_ids)]",
        help="Whose tips are paid out: all that clients gave and that was not paid out yet.",
    )
    tipped_ids = fields.Many2many("hr.employee.public", string="Masters with Tips", compute="_compute_tipped_ids")
    tip_ids = fields.One2many("salon.tip", "payout_id", string="Tips", readonly=True)
    register_ids = fields.Many2many("account.journal", string="Own Registers", compute="_compute_register_ids")
    destination_ids = fields.Many2many("account.journal", string="All Registers", compute="_compute_register_ids")
    amount = fields.Monetary(required=True, tracking=True)
    date = fields.Date(
        "Day",
        required=True,
        default=lambda self: self.env.company._salon_today(),
        index=True,
        help="The salon's day on which the money was handed over.",
    )
    note = fields.Char("For What", help="Stands in the journal entry.")
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", ondelete="restrict", index="btree_not_null", check_company=True
    )
    receipt = fields.Image("Photo of the Receipt", max_width=1920, max_height=1920)
    has_receipt = fields.Boolean("With Photo", compute="_compute_has_receipt", store=True)
    is_submitted = fields.Boolean(readonly=True, copy=False, help="Waits for a manager.")
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    state = fields.Selection(
        [("draft", "New"), ("to_approve", "For the Manager"), ("entered", "Entered"), ("reversed", "Taken Back")],
        compute="_compute_state",
        store=True,
        compute_sudo=True,
        tracking=True,
        help="Follows the journal entry, also when it was reversed or taken out of the books in Invoicing.",
    )
    is_editable = fields.Boolean(compute="_compute_is_editable")
    is_for_manager = fields.Boolean(
        compute="_compute_is_for_manager", help="Above what the reader may take alone: a manager enters it."
    )

    # ------------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------------

    def _default_journal_id(self):
        company = self.env.company
        if not company.sudo().root_id.chart_template:
            return False
        registers = company._salon_registers()
        return self._usable(registers, company).filtered(lambda journal: journal.type == "cash")[:1].id

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_register_ids(self):
        journals = self.env["account.journal"].sudo()
        for company, entries in self.grouped("company_id").items():
            registers = self._usable(
                journals.search([*journals._check_company_domain(company), ("type", "in", ("cash", "bank"))]), company
            ).sorted(lambda journal: (journal.type != "cash", journal.sequence, journal.id))
            mine = registers if self._is_manager() else registers.filtered(lambda journal: journal.type == "cash")
            entries.register_ids = mine.sudo(False)
            entries.destination_ids = registers.sudo(False)

    @api.depends("company_id")
    def _compute_tipped_ids(self):
        for company, entries in self.grouped("company_id").items():
            # Who is no officer of personnel sees masters through the public model, which has the same ids.
            entries.tipped_ids = self.env["salon.tip"]._not_paid_out(company).employee_id.ids

    @api.model
    def _usable(self, journals, company):
        """Entries are in the company's currency."""
        return journals.filtered(lambda journal: not journal.currency_id or journal.currency_id == company.currency_id)

    @api.depends("receipt")
    def _compute_has_receipt(self):
        for entry in self.with_context(bin_size=True):
            entry.has_receipt = bool(entry.receipt)

    @api.depends("is_submitted", "move_id.state", "move_id.reversal_move_ids.state")
    def _compute_state(self):
        for entry in self:
            if not entry.move_id:
                entry.state = "to_approve" if entry.is_submitted else "draft"
            elif entry.move_id.state == "posted" and "posted" not in entry.move_id.reversal_move_ids.mapped("state"):
                entry.state = "entered"
            else:
                entry.state = "reversed"

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        for entry in self:
            entry.is_editable = entry.state == "draft" or (entry.state == "to_approve" and self._is_manager())

    @api.depends("kind", "amount", "company_id")
    @api.depends_context("uid")
    def _compute_is_for_manager(self):
        for entry in self:
            entry.is_for_manager = entry._needs_manager()

    @api.depends("kind", "category_id", "note", "destination_journal_id", "employee_id")
    def _compute_display_name(self):
        for entry in self:
            what = entry.category_id.name
            if entry.kind == "tip":
                master = entry.employee_id.name
                what = master and self.env._("Tips of %(master)s", master=master)
            if entry.kind == "transfer":
                register = entry.destination_journal_id.display_name
                what = register and self.env._("To %(register)s", register=register)
            entry.display_name = ": ".join(filter(None, [what, entry.note])) or self.env._("New")

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.category_id.kind != self.kind:
            self.category_id = False
        if self.kind != "transfer":
            self.destination_journal_id = False
        if self.kind != "tip":
            self.employee_id = False

    @api.onchange("kind", "employee_id")
    def _onchange_employee_id(self):
        if self.kind == "tip":
            if len(self.tipped_ids) == 1:
                self.employee_id = self.tipped_ids.ids[0]
            self.amount = self._tips_owed()

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.journal_id not in self.register_ids:
            self.journal_id = self.register_ids[:1]

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------

    @api.constrains("amount")
    def _check_amount(self):
        for entry in self:
            if entry.kind == "tip" and not entry.amount:
                raise ValidationError(
                    self.env._("%(master)s has no tips to be paid out.", master=entry.employee_id.name or "")
                )
            if entry.currency_id.compare_amounts(entry.amount, 0) <= 0:
                raise ValidationError(
                    self.env._("Write the amount above zero; whether it is income or an expense you choose above.")
                )

    @api.constrains("kind", "category_id", "journal_id", "destination_journal_id", "employee_id")
    def _check_kind(self):
        for entry in self:
            if entry.kind == "tip":
                if not entry.employee_id:
                    raise ValidationError(self.env._("Choose the master whose tips are paid out."))
                continue
            if entry.kind == "transfer" and not entry.destination_journal_id:
                raise ValidationError(self.env._("Choose the register that the money goes to."))
            if entry.kind == "transfer" and entry.destination_journal_id == entry.journal_id:
                raise ValidationError(self.env._("The money is in that register already: choose another one."))
            if entry.kind != "transfer" and not entry.category_id:
                raise ValidationError(self.env._("Choose the category: what the money is for."))
            if entry.kind != "transfer" and entry.category_id.kind != entry.kind:
                raise ValidationError(
                    self.env._(
                        "%(category)s is no category of this kind: choose another one.", category=entry.category_id.name
                    )
                )
            if entry.kind == "income" and entry.category_id.section == INCOME_SECTIONS[0]:
                raise ValidationError(
                    self.env._("Revenue from services and products comes from visits and the till: sell it there.")
                )

    @api.constrains("journal_id", "destination_journal_id", "company_id")
    def _check_registers(self):
        for entry in self:
            journals = entry.journal_id | entry.destination_journal_id
            if any(journal.type not in ("cash", "bank") for journal in journals.sudo()):
                raise ValidationError(self.env._("Money is in registers of cash or of a bank: choose one."))
            for journal in journals.sudo() - self._usable(journals.sudo(), entry.company_id):
                raise ValidationError(
                    self.env._(
                        "%(register)s is kept in %(currency)s: enter its payments in Invoicing.",
                        register=journal.display_name,
                        currency=journal.currency_id.name,
                    )
                )

    def write(self, vals):
        kept = ENTERED.intersection(vals)
        if kept and not self.env.su:
            for entry in self:
                if not entry.is_editable and any(
                    entry._fields[name].convert_to_write(entry[name], entry) != vals[name] for name in kept
                ):
                    raise UserError(
                        self.env._(
                            "%(entry)s can't be changed any more: have a manager take it back, and enter it anew.",
                            entry=entry.display_name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_entered(self):
        for entry in self:
            if entry.state in ("entered", "reversed"):
                raise UserError(
                    self.env._(
                        "%(entry)s is in the books: a manager may take it back, which leaves a trace.",
                        entry=entry.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def _is_manager(self):
        return self.env.su or self.env.user.has_group("salon_spa.group_salon_manager")

    def action_enter(self):
        """Post each entry that is not in the books yet: one journal entry in its register's journal.

        What an administrator takes beyond the company's limit waits for a manager instead. A second call changes
        nothing.

        :raise AccessError: the user is neither administrator nor manager
        :raise UserError: an archived register, a day to come or in closed books, a register that is a manager's
        """
        self.check_access("write")
        todo = self.filtered(lambda entry: entry.state in ("draft", "to_approve"))
        if todo.try_lock_for_update() != todo:
            raise UserError(self.env._("Somebody else is entering this at the moment: look again in a second."))
        for entry in todo:
            entry._check_ready()
            if entry._needs_manager():
                entry._submit()
            else:
                entry._post()

    def _check_ready(self):
        self.ensure_one()
        company = self.company_id
        for journal in (self.journal_id | self.destination_journal_id).sudo():
            if not journal.active or not journal.default_account_id.active:
                raise UserError(
                    self.env._("%(register)s is closed: choose another register.", register=journal.display_name)
                )
        if not self._is_manager() and self.journal_id not in self.register_ids:
            raise UserError(
                self.env._(
                    "Only a manager takes money from %(register)s: choose a cash register.",
                    register=self.journal_id.display_name,
                )
            )
        if self.date > company._salon_today():
            raise UserError(
                self.env._("%(day)s is still to come: enter what has been paid.", day=format_date(self.env, self.date))
            )
        locks = self._locks(self.date)
        if locks:
            raise UserError(
                self.env._(
                    "The books are closed up to %(day)s: choose a later day, or ask the accountant.",
                    day=format_date(self.env, max(locks)),
                )
            )

    def _locks(self, day):
        """Return the days up to which the books are closed for this user, when ``day`` is one of them."""
        violated = self.company_id.sudo()._get_lock_date_violations(day, sale=False, purchase=False, tax=False)
        return [lock[0] for lock in violated]

    def _needs_manager(self):
        """Tell whether it waits for a manager: an administrator's, above the limit, and the salon's own money.

        Tips are the masters': no more than what clients gave can be paid out.
        """
        self.ensure_one()
        return (
            not self._is_manager()
            and self.kind not in ("income", "tip")
            and self.currency_id.compare_amounts(self.amount, self.company_id.salon_expense_limit) > 0
        )

    def _submit(self):
        if self.is_submitted:
            return
        self.sudo().is_submitted = True
        managers = self.env.ref("salon_spa.group_salon_manager").sudo().all_user_ids
        manager = managers.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)
        # The one with the fewest rights: owners have managers for that.
        manager = manager.sorted(lambda user: (user.has_group("salon_spa.group_salon_owner"), user.id))[:1]
        if manager:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.company_id._salon_today(),
                summary=self.env._(
                    "Expense of %(amount)s to enter",
                    amount=formatLang(self.env, self.amount, currency_obj=self.currency_id),
                ),
                user_id=manager.id,
            )

    def _tips_owed(self):
        """Return what clients gave for the master and was not paid out yet, never below zero."""
        self.ensure_one()
        if not self.employee_id:
            return 0.0
        return max(0.0, sum(self.env["salon.tip"]._not_paid_out(self.company_id, self.employee_id).mapped("amount")))

    def _take_tips(self):
        """Mark the master's tips as paid out by this entry: of two desks that pay the same tips one fails.

        :raise UserError: what is owed has changed since the amount was written
        """
        owed = self._tips_owed()
        if self.currency_id.compare_amounts(owed, self.amount):
            raise UserError(
                self.env._(
                    "%(master)s is owed %(amount)s in tips now: discard this and pay out anew.",
                    master=self.employee_id.name,
                    amount=self.currency_id.format(owed),
                )
            )
        self.env["salon.tip"]._not_paid_out(self.company_id, self.employee_id).payout_id = self

    def _post(self):
        if self.kind == "tip":
            self._take_tips()
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        move = moves.create(self._prepare_move())
        move._post(soft=False)
        self.sudo().move_id = move
        if self.receipt:
            # The accountant looks for it at the entry.
            self.env["ir.attachment"].sudo().create(
                {"name": self.display_name, "datas": self.receipt, "res_model": "account.move", "res_id": move.id}
            )
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])

    def _prepare_move(self):
        """Return the values of the journal entry: what is credited and debited, in the register's journal."""
        self.ensure_one()
        if self.kind == "tip":
            other = self.company_id._salon_account("tip")
        elif self.kind == "transfer":
            other = self.destination_journal_id.sudo()._salon_money_account("in")
        else:
            other = self.category_id._get_account(self.company_id)
        direction = "in" if self.kind == "income" else "out"
        register = self.journal_id.sudo()._salon_money_account(direction)
        debit, credit = (register, other) if direction == "in" else (other, register)
        common = {"name": self.display_name, "partner_id": self.partner_id.id}
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": self.display_name,
            "partner_id": self.partner_id.id,
            "line_ids": [
                Command.create({**common, "account_id": debit.id, "debit": self.amount, "credit": 0}),
                Command.create({**common, "account_id": credit.id, "debit": 0, "credit": self.amount}),
            ],
        }

    def action_take_back(self):
        """Reverse the journal entry: with its own day while the books are open, else with the present one.

        A second call changes nothing.

        :raise AccessError: the user is no manager
        """
        self.check_access("write")
        if not self._is_manager():
            raise AccessError(self.env._("Only a manager may take an entry back."))
        todo = self.filtered(lambda entry: entry.state == "entered")
        if todo.try_lock_for_update() != todo:
            raise UserError(self.env._("Somebody else is entering this at the moment: look again in a second."))
        for entry in todo:
            day = entry.company_id._salon_today() if entry._locks(entry.date) else entry.date
            entry.sudo().move_id._reverse_moves(
                [{"date": day, "ref": self.env._("Taken back: %(entry)s", entry=entry.display_name)}], cancel=True
            )

    def action_back_to_new(self):
        """Give an entry that waits for a manager back to who wrote it."""
        self.check_access("write")
        if not self._is_manager():
            raise AccessError(self.env._("Only a manager may decide about this entry."))
        waiting = self.filtered(lambda entry: entry.state == "to_approve")
        waiting.sudo().is_submitted = False
        waiting.sudo().activity_unlink(["mail.mail_activity_data_todo"])
