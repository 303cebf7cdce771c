from datetime import date, timedelta
from functools import lru_cache

import pytz

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from odoo.addons.base.models.res_partner import _tz_get

# What clients have paid and not used yet is owed to them; tips are owed to the masters. A debt that is paid at a till
# passes through a clearing account on its way to the client's own.
_ACCOUNT_TYPES = {
    "deposit": "liability_current",
    "pass": "liability_current",
    "tip": "liability_current",
    "debt": "asset_current",
    "fee": "income_other",
    "breakage": "income_other",
}


# Screens and free times ask for the same days again and again, and the arithmetic of time zones is slow.
@lru_cache(8192)
def _local(tz, moment):
    return pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).replace(tzinfo=None)


@lru_cache(8192)
def _utc(tz, local):
    tz = pytz.timezone(tz)
    aware = tz.normalize(tz.localize(local, is_dst=False))
    if aware.replace(tzinfo=None) == local:
        first = tz.localize(local, is_dst=True)
        if tz.normalize(first).replace(tzinfo=None) == local:
            aware = min(aware, first)
    return aware.astimezone(pytz.utc).replace(tzinfo=None)


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_tz = fields.Selection(
        _tz_get,
        string="Salon Time Zone",
        compute="_compute_salon_tz",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The salon's day, its roster and its journal are in this time zone, wherever the reader is.",
    )
    salon_late_cancel_hours = fields.Integer(
        string="Late Cancellation", default=24, help="A visit cancelled less than so many hours ahead counts as late."
    )
    salon_discount_limit = fields.Float(
        string="Administrator's Discount Limit",
        default=15,
        help="Percent that an administrator may give; above it a manager is needed.",
    )
    salon_discount_limit_manager = fields.Float(
        string="Manager's Discount Limit", default=100, help="Percent that a manager may give; above it the owner."
    )
    salon_active_days = fields.Integer(
        string="Active Client", default=90, help="A client with a done visit in the last so many days is active."
    )
    salon_lost_days = fields.Integer(
        string="Lost Client", default=180, help="A client not seen for so many days is lost."
    )
    salon_due_user_id = fields.Many2one(
        "res.users", string="Due Clients Caller", help="Gets the day's due clients as activities every night."
    )
    salon_due_daily_limit = fields.Integer(string="Due Clients a Day", default=20)
    salon_expense_limit = fields.Monetary(
        string="Administrator's Expense Limit",
        help="What an administrator may take from a cash register alone; what is above it waits for a manager. With 0 "
        "every expense does.",
    )

    salon_deposit_account_id = fields.Many2one(
        "account.account", string="Deposits", help="What clients paid ahead, until the visit uses it."
    )
    salon_pass_account_id = fields.Many2one(
        "account.account", string="Passes", help="What clients paid for passes, until the sessions are used."
    )
    salon_tip_account_id = fields.Many2one(
        "account.account", string="Tips", help="What clients gave for the masters, until it is paid out."
    )
    salon_debt_account_id = fields.Many2one(
        "account.account", string="Debts Paid", help="Clearing account of debts that are paid at a till."
    )
    salon_fee_account_id = fields.Many2one(
        "account.account", string="Cancellation Fees", help="Income from deposits that the salon keeps."
    )
    salon_breakage_account_id = fields.Many2one(
        "account.account", string="Expired Passes", help="Income from sessions that expired unused."
    )
    salon_walk_in_partner_id = fields.Many2one(
        "res.partner", string="Walk-in Customer", help="Stands on the documents of visits without a card."
    )

    salon_tip_split = fields.Selection(
        [("value", "By price"), ("time", "By time"), ("equal", "Equally")],
        string="Share Tips",
        required=True,
        default="value",
        help="How a tip is shared when several masters served, unless it is changed when it is taken.",
    )

    salon_pass_warn_days = fields.Integer(
        string="Expiring Passes", default=14, help="The desk hears of a pass so many days before it expires."
    )
    salon_pass_grace_days = fields.Integer(
        string="Grace after Expiry",
        default=30,
        help="Days after which the sessions left on an expired pass become income.",
    )
    salon_pass_burn = fields.Boolean(
        string="No-show Takes the Session", help="Otherwise a missed visit gives the session back."
    )
    salon_pass_desk_refund = fields.Boolean(
        string="Administrators Refund Passes", help="Otherwise only managers pay the unused part of a pass back."
    )
    salon_pass_freeze_limit = fields.Integer(
        string="Administrator's Freeze Limit",
        default=60,
        help="Days for which an administrator may freeze one pass in all; above it a manager is needed.",
    )

    def _salon_account(self, kind):
        """Return the account of one ``kind`` of the salon's money (see ``_ACCOUNT_TYPES``), made at the first need.

        :raise UserError: the company has no chart of accounts
        """
        self.ensure_one()
        name = f"salon_{kind}_account_id"
        if not self[name]:
            company = self.sudo()
            company._salon_check_accounting()
            account_type = _ACCOUNT_TYPES[kind]
            # In the company's own words, whoever is the first to need it.
            env = self.with_context(lang=company.partner_id.lang).env
            names = {
                "deposit": env._("Clients' Deposits"),
                "pass": env._("Passes Sold"),
                "tip": env._("Tips to Pay Out"),
                "debt": env._("Clients' Debts, Paid at the Till"),
                "fee": env._("Cancellation Fees"),
                "breakage": env._("Expired Passes"),
            }
            accounts = self.env["account.account"].sudo().with_company(company.root_id)
            company[name] = accounts.create(
                {
                    "name": names[kind],
                    "code": accounts._search_new_account_code(
                        {"liability_current": "201900", "asset_current": "101900"}.get(account_type, "450900")
                    ),
                    "account_type": account_type,
                    "reconcile": kind == "debt",
                    "company_ids": [Command.set(company.root_id.ids)],
                }
            )
        return self[name]

    def _salon_check_accounting(self):
        """:raise UserError: the company has no chart of accounts"""
        self.ensure_one()
        if not self.sudo().root_id.chart_template:
            raise UserError(
                self.env._(
                    "%(company)s has no chart of accounts yet: choose its country's one in the settings of Invoicing "
                    "before taking money.",
                    company=self.name,
                )
            )

    def _salon_registers(self):
        """Return the journals that money is taken into: cash, then bank; a company without a cash register gets one.

        Those in another currency are left to Invoicing: prices are in the company's.

        :raise UserError: the company has no chart of accounts
        """
        self.ensure_one()
        self._salon_check_accounting()
        journals = self.env["account.journal"].sudo().with_company(self)
        found = journals.search([*journals._check_company_domain(self), ("type", "in", ("cash", "bank"))])
        found = found.filtered(lambda journal: journal.currency_id in (self.currency_id, journal.currency_id.browse()))
        if "cash" not in found.mapped("type"):
            # Of two desks that take the first money at once the second one begins anew, and finds it.
            self.env.cr.execute("UPDATE res_company SET write_date = write_date WHERE id = %s", [self.id])
            found |= self._salon_make_register(lambda company: company.env._("Cash"), type="cash")
        return found.sorted(lambda journal: (journal.type != "cash", journal.sequence, journal.id))

    def _salon_make_register(self, name_of, **values):
        """Make a journal (as superuser) that money is taken into, named in each language of the database.

        :param name_of: the name that it has to the company given, which is in one of the languages
        """
        journals = self.env["account.journal"].sudo().with_company(self)
        journal = journals.create({"name": name_of(self), "company_id": self.id, **values})
        for company in self._salon_languages():
            journal.with_context(lang=company.env.lang).name = name_of(company)
        return journal

    def _salon_languages(self):
        """Return the company in each language of the database: what one person sets up is read by others."""
        return [self.with_context(lang=code) for code, _name in self.env["res.lang"].get_installed()]

    def _salon_next_register(self, used):
        """Return the register that is offered for another part of a payment: the first that is not among ``used``."""
        registers = self._salon_registers()
        # The lines of a dialog that is open hold copies of the registers.
        return (registers - used._origin)[:1] or registers[:1]

    def _salon_checked_register(self, journal):
        """Return the journal if money can be taken into it.

        :raise UserError: none is given, or it is not one of this company's registers
        """
        journal = journal.sudo()
        if journal not in self._salon_registers():
            raise UserError(self.env._("Choose a register of %(company)s.", company=self.name))
        return journal

    def _salon_own_discount_limit(self):
        """Return the percent that the user may take off a price."""
        self.ensure_one()
        if self.env.su or self.env.user.has_group("salon_spa.group_salon_owner"):
            return 100.0
        manager = self.env.user.has_group("salon_spa.group_salon_manager")
        return self.salon_discount_limit_manager if manager else self.salon_discount_limit

    def _salon_money_date(self):
        """Return the day of what is paid now: the salon's today, unless code that brings in the past says another."""
        self.ensure_one()
        day = self.env.context.get("salon_money_date")
        # A remote caller's context holds no dates, only strings.
        return day if isinstance(day, date) else self._salon_today()

    def _salon_misc_journal(self):
        """Return the journal of entries that no document stands behind.

        :raise UserError: the company has none
        """
        self.ensure_one()
        self._salon_check_accounting()
        journals = self.env["account.journal"].sudo().with_company(self)
        found = journals.search([*journals._check_company_domain(self), ("type", "=", "general")])
        found = found.sorted(lambda journal: (journal.code != "MISC", journal.sequence, journal.id))[:1]
        if not found:
            raise UserError(self.env._("%(company)s has no journal for miscellaneous entries.", company=self.name))
        return found

    def _salon_post_entry(self, day, label, lines):
        """Post an entry of the journal for miscellaneous entries, on the next day that is not locked.

        :param lines: ``[(account.account, debit less credit, name, res.partner)]`` that balance
        :return: account.move
        """
        self.ensure_one()
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(self)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": self._salon_misc_journal().id,
                    "date": day,
                    "ref": label,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "balance": balance,
                                "name": name,
                                "partner_id": partner.id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for account, balance, name, partner in lines
                    ],
                }
            )
        )
        locks = move._get_violated_lock_dates(move.date, False)
        if locks:
            move.date = locks[-1][0] + timedelta(days=1)
        move.action_post()
        return move

    def _salon_priced(self, taxes, base, total, quantity=1, product=None):
        """Return the values of a document's line that charges ``total`` with tax, to the cent.

        Left alone, a document rounds its taxes over all lines, and not every amount can be reached: the bill would
        differ from what the visit says and the client pays. So the line says how much of it is which tax.

        :param float base: the price, as a whole, that ``total`` is all or a part of, in the terms of the price list
        :param float quantity: of the line, not of ``base``
        """
        self.ensure_one()
        currency = self.currency_id
        whole = taxes.compute_all(base / quantity, currency, quantity, product)
        ratio = total / whole["total_included"] if whole["total_included"] else 0.0
        # With all its digits, so that it comes to the amount.
        values = {"price_unit": base * ratio / quantity, "tax_ids": [Command.set(taxes.ids)]}
        amounts = {}
        for row in whole["taxes"]:
            tax_base, amount = amounts.get(row["id"], (row["base"], 0.0))
            amounts[row["id"]] = tax_base, amount + row["amount"]
        untaxed = currency.round(whole["total_excluded"] * ratio)
        parts = {tax_id: currency.round(amount * ratio) for tax_id, (_base, amount) in amounts.items()}
        if not parts or any(row["is_reverse_charge"] for row in whole["taxes"]):
            return values
        largest = max(parts, key=lambda tax_id: abs(parts[tax_id]))
        parts[largest] = currency.round(parts[largest] + total - untaxed - sum(parts.values()))
        manual = {}
        for tax_id, part in parts.items():
            tax_base = currency.round(amounts[tax_id][0] * ratio)
            manual[str(tax_id)] = {
                "tax_amount_currency": part, "tax_amount": part,
                "base_amount_currency": tax_base, "base_amount": tax_base,
            }  # fmt: skip
        values["extra_tax_data"] = {
            "manual_total_excluded_currency": untaxed,
            "manual_total_excluded": untaxed,
            "manual_tax_amounts": manual,
            "currency_id": currency.id,
            "price_unit": values["price_unit"],
            "discount": 0.0,
            "quantity": quantity,
            "rate": 1.0,
        }
        return values

    def _salon_less_change(self, payments, due):
        """Return payments as they stay in the registers, less the change, which comes out of the cash.

        :param payments: ``[(account.journal, amount)]`` as the client gave them
        :raise UserError: too much was given by other means than cash, or a register is not the company's
        """
        self.ensure_one()
        currency = self.currency_id
        change = max(0.0, currency.round(sum(amount for _journal, amount in payments) - due))
        kept = []
        for given, amount in payments:
            journal = self._salon_checked_register(given)
            back = min(change, amount) if journal.type == "cash" else 0.0
            change = currency.round(change - back)
            kept.append((journal, amount - back))
        if change:
            raise UserError(
                self.env._(
                    "%(amount)s too much: change can be given back from cash only.", amount=currency.format(change)
                )
            )
        return kept

    def _salon_walk_in(self):
        """Return who stands on the documents of visits without a card."""
        self.ensure_one()
        if not self.salon_walk_in_partner_id:
            company = self.sudo()
            company.salon_walk_in_partner_id = company.env["res.partner"].create(
                {"name": self.env._("Walk-in Customer"), "company_id": self.id}
            )
        return self.sudo().salon_walk_in_partner_id

    @api.depends("partner_id")
    def _compute_salon_tz(self):
        for company in self:
            known = company.salon_tz or company.partner_id.tz or company.resource_calendar_id.tz
            company.salon_tz = known or self.env.user.tz or "UTC"

    def _salon_tz(self):
        """Return the pytz time zone that the salon's day is counted in."""
        self.ensure_one()
        return pytz.timezone(self.salon_tz or "UTC")

    def _salon_today(self, now=None):
        """Return the salon's local date; ``now`` is naive UTC and defaults to the present."""
        self.ensure_one()
        return self._salon_local(now or fields.Datetime.now()).date()

    def _salon_local(self, moment):
        """Turn a naive UTC datetime into the salon's wall-clock time (naive)."""
        self.ensure_one()
        return _local(self.salon_tz or "UTC", moment)

    def _salon_utc(self, local):
        """Turn the salon's wall-clock time (naive) into naive UTC.

        A time that the spring change skips is moved on by the hour that is missing; one that the autumn change
        repeats is its first occurrence.
        """
        self.ensure_one()
        return _utc(self.salon_tz or "UTC", local)

    def _salon_format(self, moment, pattern):
        """Write a naive UTC datetime in the salon's time zone and the user's language, by a CLDR ``pattern``."""
        return format_datetime(self.env, moment, tz=self.salon_tz or "UTC", dt_format=pattern)

    def _salon_desk_user(self, author):
        """Return who calls a client: the company's caller, ``author``, who is here, else anybody of the front desk."""
        self.ensure_one()
        desk = self.env.ref("salon_spa.group_salon_administrator").sudo().all_user_ids
        desk = desk.filtered(lambda user: user.active and self in user.company_ids).sorted("id")
        for user in (self.salon_due_user_id, author, self.env.user):
            if user in desk:
                return user
        return desk[:1] or self.env.user

    @api.model
    def _salon_load_demo(self):
        """Fill the main company with the demo salon (called by the demo data only)."""
        self._salon_demo_class()(self.env).build()

    @api.model
    def _salon_demo_class(self):
        """Return what builds the demo salon; addons add to it."""
        from ..demo.lotus import Lotus  # nobody but a demo database needs it in memory

        return Lotus
