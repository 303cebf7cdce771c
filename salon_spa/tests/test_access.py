"""Who may what. Every cell of the tables here is written down on purpose: a new model, a new public method or a
changed right fails until somebody has decided about it.
"""

import inspect
import json
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SalonCase

ROLES = ("nobody", "portal", "public", "master", "administrator", "manager", "owner")
SALON_ROLES = ("master", "administrator", "manager", "owner")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}

_READ_BY_ALL = ("", "", "", "r", "r", "rwcd", "rwcd")
_READ_BY_EMPLOYEES = ("r", "", "", "r", "r", "rwcd", "rwcd")
_REPORT = ("", "", "", "", "", "r", "r")
_MANAGERS_WIZARD = ("", "", "", "", "", "rwcd", "rwcd")
_DESKS_WIZARD = ("", "", "", "", "rwcd", "rwcd", "rwcd")
_READ_BY_DESK = ("", "", "", "", "r", "r", "r")

# model: what each of ROLES may do with records of it, as far as no record rule says less; several answers where another
# addon of the repository adds to it.
MATRIX = {
    # The salon's own
    "salon.allocation": ("", "", "", "r", "rwcd", "rwcd", "rwcd"),
    "salon.break.even.report": _REPORT,
    "salon.cadence": ("", "", "", "r", "rw", "rw", "rw"),
    "salon.cadence.call": ("", "", "", "", "rwc", "rwc", "rwc"),
    "salon.cash.report": _REPORT,
    "salon.consent": ("", "", "", "r", "rwc", "rwcd", "rwcd"),
    "salon.contraindication": _READ_BY_ALL,
    "salon.expense": ("", "", "", "", "rwcd", "rwcd", "rwcd"),
    "salon.export.log": _REPORT,
    "salon.finance.report": _REPORT,
    "salon.grade": _READ_BY_ALL,
    "salon.grade.change": _MANAGERS_WIZARD,
    "salon.money.category": ("", "", "", "", "r", "rwcd", "rwcd"),
    "salon.money.plan": _MANAGERS_WIZARD,
    "salon.pass": ("", "", "", "r", "rw", "rw", "rw"),
    "salon.pass.breakage": _REPORT,
    "salon.pass.correct": _MANAGERS_WIZARD,
    "salon.pass.correct.line": _MANAGERS_WIZARD,
    "salon.pass.entitlement": _READ_BY_ALL,
    "salon.pass.freeze": ("", "", "", "r", "rc", "rc", "rc"),
    "salon.pass.line": ("", "", "", "r", "r", "r", "r"),
    "salon.pass.refund": _DESKS_WIZARD,
    "salon.pass.sell": _DESKS_WIZARD,
    "salon.pass.sell.line": _DESKS_WIZARD,
    "salon.pass.use": ("", "", "", "r", "r", "r", "r"),
    "salon.payment.report": _READ_BY_DESK,
    "salon.liability.report": _REPORT,
    "salon.preference": _READ_BY_ALL,
    "salon.price": _READ_BY_ALL,
    "salon.price.change": _MANAGERS_WIZARD,
    "salon.price.change.line": _MANAGERS_WIZARD,
    "salon.reason": _READ_BY_ALL,
    "salon.reassign": _MANAGERS_WIZARD,
    "salon.reassign.line": _MANAGERS_WIZARD,
    "salon.revenue.report": _REPORT,
    "salon.roster.generate": _MANAGERS_WIZARD,
    "salon.roster.generate.line": _MANAGERS_WIZARD,
    "salon.roster.publish": _MANAGERS_WIZARD,
    "salon.service.group": _READ_BY_ALL,
    "salon.shift": _READ_BY_ALL,
    "salon.shift.pattern": _READ_BY_ALL,
    "salon.shift.pattern.line": _READ_BY_ALL,
    "salon.skill": _READ_BY_ALL,
    "salon.tip": _READ_BY_DESK,
    "salon.visit": ("", "", "", "rw", "rwcd", "rwcd", "rwcd"),
    "salon.visit.cancel": _DESKS_WIZARD,
    "salon.visit.deposit": _DESKS_WIZARD,
    "salon.visit.discount": _DESKS_WIZARD,
    "salon.visit.line": ("", "", "", "rw", "rwcd", "rwcd", "rwcd"),
    "salon.visit.log": ("", "", "", "", "r", "r", "r"),
    "salon.visit.outcome.report": _REPORT,
    "salon.visit.pass": _DESKS_WIZARD,
    "salon.visit.pass.line": _DESKS_WIZARD,
    "salon.visit.pay": _DESKS_WIZARD,
    "salon.visit.pay.pass": _DESKS_WIZARD,
    "salon.visit.pay.line": _DESKS_WIZARD,
    "salon.visit.pay.tip": _DESKS_WIZARD,
    "salon.visit.correct": _DESKS_WIZARD,
    "salon.visit.correct.line": _DESKS_WIZARD,
    "salon.visit.refund": _DESKS_WIZARD,
    "salon.visit.refund.line": _DESKS_WIZARD,
    "salon.visit.report": _REPORT,
    # Odoo's own, as far as this addon adds to them
    "account.account": ("r", "", "", "r", "r", "r", "rwcd"),
    "account.journal": ("", "", "", "", "r", "r", "rwcd"),
    # A till lets the desk read them.
    "account.move": ("", "r", "", "", ("", "r"), "rwcd", "rwcd"),
    "account.move.line": ("", "r", "", "", ("", "r"), "rwcd", "rwcd"),
    "account.payment": ("", "", "", "", "", "rwcd", "rwcd"),
    "base.partner.merge.automatic.wizard": ("", "", "", "", "", "rwc", "rwc"),
    "hr.employee": ("", "", "", "", "", "rwcd", "rwcd"),
    "hr.employee.public": ("r", "", "", "r", "r", "r", "r"),
    "hr.version": ("", "", "", "", "", "rwcd", "rwcd"),
    "mail.activity": ("rwcd", "", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "mail.message": ("rwcd", "rwcd", "r", "rwcd", "rwcd", "rwcd", "rwcd"),
    "mail.tracking.value": ("", "", "", "", "", "", "rwcd"),
    "product.product": _READ_BY_EMPLOYEES,
    "product.template": _READ_BY_EMPLOYEES,
    "product.template.attribute.value": _READ_BY_EMPLOYEES,
    "res.company": ("r", "r", "r", "r", "r", "r", "rwcd"),
    "res.config.settings": ("", "", "", "", "", "", "rwc"),
    "res.partner": ("r", "r", "r", "r", "rwc", "rwc", "rwcd"),
    "res.users": ("r", "r", "r", "r", "r", "r", "rwcd"),
    "resource.calendar.leaves": ("rwcd", "", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "resource.resource": _READ_BY_EMPLOYEES,
}

# The method opens a window and no more: what the window shows and changes has rights of its own.
OPENS = None
# model: {public method: (least role, arguments), or OPENS}; "changes" stands for arguments that name records. Odoo's
# own methods, which are overridden here and there, do what MATRIX says.
SURFACE = {
    "account.journal": {"action_salon_register_moves": OPENS},
    "hr.employee": {
        "action_salon_change_grade": OPENS,
        "action_salon_future_lines": OPENS,
        "action_salon_reassign": ("manager", ()),
        "action_salon_shifts": OPENS,
    },
    "product.product": {"action_salon_change_price": OPENS},
    "product.template": {"action_salon_change_price": OPENS, "action_salon_prices": OPENS},
    "res.partner": {
        "action_book_visit": OPENS,
        "action_merge_clients": ("manager", ()),
        "action_open_client_card": OPENS,
        "action_open_debts": OPENS,
        "action_open_passes": OPENS,
        "action_open_visits": OPENS,
        "action_sell_pass": OPENS,
    },
    "salon.cadence": {
        "action_back": ("administrator", ()),
        "action_book": OPENS,
        "action_later": OPENS,
        "action_open_client": OPENS,
        "action_refused": OPENS,
        "action_wrong_number": ("administrator", ()),
    },
    "salon.cadence.call": {"action_later": ("administrator", ())},
    "salon.cash.report": {"action_open_entry": OPENS},
    "salon.expense": {
        "action_back_to_new": ("manager", ()),
        "action_enter": ("administrator", ()),
        "action_take_back": ("manager", ()),
    },
    "salon.finance.report": {"action_open_entry": OPENS},
    "salon.grade.change": {"action_apply": ("manager", ())},
    "salon.money.plan": {"action_copy_last_month": ("manager", ())},
    "salon.price.change": {"action_apply": ("manager", ())},
    "salon.reassign": {"action_apply": ("manager", ())},
    "salon.revenue.report": {"action_open_visit": OPENS},
    "salon.visit.report": {"action_open_visit": OPENS},
    "salon.visit.outcome.report": {"action_open_visit": OPENS},
    "salon.roster.generate": {"action_apply": ("manager", ())},
    "salon.roster.publish": {"action_apply": ("manager", ())},
    "salon.shift": {
        "action_lines_outside": OPENS,
        "action_publish": ("manager", ()),
        "action_unpublish": ("manager", ()),
        "roster_read": ("master", ()),
        "roster_write": ("manager", "changes"),
    },
    "salon.skill": {"matrix_read": ("master", ()), "matrix_write": ("manager", "changes")},
    "salon.visit": {
        "action_arrive": ("master", ()),
        "action_bills": ("manager", ()),
        "action_book": ("administrator", ()),
        "action_cancel": ("administrator", ()),
        "action_confirm": ("administrator", ()),
        "action_deposit": ("administrator", ()),
        "action_discard": ("administrator", ()),
        "action_correct_payments": ("administrator", ()),
        "action_discount": ("administrator", ()),
        "action_done": ("master", ()),
        "action_keep_deposit": ("administrator", ()),
        "action_move_to_state": ("master", ("done",)),
        "action_no_show": ("administrator", ()),
        "action_passes": ("administrator", ()),
        "action_pay": ("administrator", ()),
        "action_refund": ("administrator", ()),
        "action_reopen": ("administrator", ()),
        "action_repeat_visit": ("administrator", ()),
        "action_request": ("administrator", ()),
        "action_sell_pass": ("administrator", ()),
    },
    "salon.pass": {
        "action_bills": ("manager", ()),
        "action_correct": ("manager", ()),
        "action_freeze": ("administrator", ()),
        "action_pay": ("administrator", ()),
        "action_refund": ("manager", ()),
        "action_unfreeze": ("administrator", ()),
    },
    "salon.pass.correct": {"action_apply": ("manager", ())},
    "salon.pass.refund": {"action_apply": ("manager", ())},
    "salon.pass.sell": {"action_apply": ("administrator", ())},
    "salon.pass.use": {"action_open_visit": OPENS},
    "salon.payment.report": {"action_open_visit": OPENS},
    "salon.visit.pass": {"action_apply": ("administrator", ())},
    "salon.visit.cancel": {"action_apply": ("administrator", ())},
    "salon.visit.correct": {"action_apply": ("administrator", ())},
    "salon.visit.deposit": {"action_apply": ("administrator", ())},
    "salon.visit.discount": {"action_apply": ("administrator", ())},
    "salon.tip": {"action_pay_out": OPENS},
    "salon.visit.pay": {"action_apply": ("administrator", ())},
    "salon.visit.refund": {"action_apply": ("administrator", ())},
    "salon.visit.line": {
        "action_cancel_line": ("administrator", ()),
        "action_open_line": OPENS,
        "action_open_visit": OPENS,
        "action_repeat_formula": ("master", ()),
        "action_restore_line": ("administrator", ()),
        "action_swap_masters": ("administrator", ()),
    },
}

DAY = "2030-03-04"


class AccessCase(SalonCase):
    """One user for each role; Anna and Bella are masters with a user, Anna's is the master of the tables."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "nobody": cls.make_plain_user("access-nobody", "base.group_user"),
            "portal": cls.make_plain_user("access-portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
            **{role: cls.make_user(f"access-{role}", role) for role in SALON_ROLES},
        }
        cls.desk, cls.manager = cls.users["administrator"], cls.users["manager"]
        cls.anna_user, cls.bella_user = cls.users["master"], cls.make_user("access-bella", "master")
        cls.anna.user_id, cls.bella.user_id = cls.anna_user, cls.bella_user
        cls.dora = cls.make_client("Dora", phone="+49 30 901821")
        cls.reason = cls.env.ref("salon_spa.reason_client_plans")
        cls.discount_reason = cls.env.ref("salon_spa.reason_discount_loyal")

    @classmethod
    def make_plain_user(cls, login, group):
        return new_test_user(cls.env, login=login, groups=group, tz="Europe/Berlin")

    def as_role(self, role, records):
        return records.with_user(self.users[role])

    def refused(self, function, *arguments):
        """Assert that a call ends with an AccessError; what it did before is rolled back."""
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            function(*arguments)

    def write_refused(self, records, values, error=UserError, text=""):
        with self.assertRaises(error) as caught, mute_logger("odoo.addons.base.models.ir_rule"):
            records.write(values)
            records.flush_recordset()
        self.assertIn(text, str(caught.exception))

    @staticmethod
    def day(offset):
        """Return the day so many days from the present one, as ``at`` takes it."""
        return fields.Date.to_string(fields.Date.today() + timedelta(days=offset))


@tagged("post_install", "-at_install")
class TestMatrix(AccessCase):
    """An addon that stands on this one goes on with a table of its own."""

    module, matrix = "salon_spa", MATRIX

    def own_models(self):
        ids = self.env["ir.model.data"].search([("module", "=", self.module), ("model", "=", "ir.model")])
        models = self.env["ir.model"].browse(ids.mapped("res_id")).mapped("model")
        return {name for name in models if not self.env[name]._abstract}

    def test_every_model_is_written_down(self):
        self.assertEqual(self.own_models() - set(self.matrix), set(), "decide about these models in MATRIX")
        self.assertEqual(set(self.matrix) - self.own_models(), set(), "these models are gone")

    def test_every_cell(self):
        wrong = []
        for name, cells in self.matrix.items():
            if name not in self.env:
                continue
            self.assertEqual(len(cells), len(ROLES), name)
            for role, expected in zip(ROLES, cells, strict=True):
                model = self.as_role(role, self.env[name])
                actual = "".join(letter for letter, operation in OPERATIONS.items() if model.has_access(operation))
                if actual not in (expected if isinstance(expected, tuple) else (expected,)):
                    wrong.append(f"{name} for {role}: {actual or 'nothing'} instead of {expected or 'nothing'}")
        self.assertFalse(wrong, "\n".join(["", *wrong]))

    def test_models_with_a_company_keep_companies_apart(self):
        rules = self.env["ir.rule"].search([("global", "=", True)])
        guarded = {rule.model_id.model for rule in rules if "company_id" in (rule.domain_force or "")}
        with_company = {
            name
            for name in self.own_models()
            if name.startswith("salon.") and "company_id" in self.env[name]._fields and not self.env[name]._transient
        }
        self.assertEqual(with_company - guarded, set(), "these models lack the rule for companies")

    def test_other_company_is_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        master = self.make_master("Carla", self.cut, company_id=other.id)
        visit = (
            self.env["salon.visit"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.clara.id,
                    "company_id": other.id,
                    "override_reason": "test",
                    "line_ids": [
                        Command.create(
                            {"product_id": self.cut.id, "employee_id": master.id, "start": self.at(DAY, "10:00")}
                        )
                    ],
                }
            )
        )
        visit.action_book()
        shift = self.env["salon.shift"].create(
            {
                "employee_id": master.id,
                "company_id": other.id,
                "start": self.at(DAY, "09:00"),
                "stop": self.at(DAY, "18:00"),
                "state": "published",
            }
        )
        for records in (visit, visit.line_ids, visit.line_ids.allocation_ids, visit.log_ids, shift):
            self.assertTrue(records)
            records = self.env[records._name].browse(records.ids)
            self.refused(self.as_role("manager", records).read, ["id"])
            self.assertFalse(self.as_role("manager", records).search([("id", "in", records.ids)]))
        with freeze_time(self.at(DAY, "20:00")):
            visit.action_done()
        visit.line_ids.formula = "6.1 + 3 %"
        own = self.make_visit(self.at(DAY, "15:00"), client=self.clara)
        self.assertFalse(self.as_role("manager", own).last_time_text, "nor is it told in the own visit")
        with self.assertRaisesRegex(UserError, "No earlier formula"):
            self.as_role("manager", own.line_ids).action_repeat_formula()
        with self.assertRaisesRegex(UserError, "company"):
            self.as_role("manager", self.env["salon.allocation"]).create(
                {
                    "resource_id": master.resource_id.id,
                    "start": self.at(DAY, "12:00"),
                    "stop": self.at(DAY, "13:00"),
                    "block_type": "break",
                }
            )


@tagged("post_install", "-at_install")
class TestSurface(AccessCase):
    """The methods that can be called over RPC."""

    module, surface = "salon_spa", SURFACE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        start = cls.at(DAY, "10:00")
        booked = cls.make_visit(start, (cls.cut, cls.anna), (cls.cut, cls.anna))
        closed = cls.make_visit(start + timedelta(hours=4))
        closed.action_cancel(cls.reason)
        draft = cls.make_visit(start + timedelta(hours=6), book=False)
        served = cls.make_done_visit(cls.at(cls.day(-2), "10:00"))
        served.line_ids.formula = "6.1 + 3 %"
        today = cls.make_visit(cls.at(cls.day(-1), "10:00"), (cls.cut, cls.anna))
        shift = cls.give_shift(cls.anna, DAY, "09:00", "18:00")
        hidden = cls.give_shift(cls.anna, "2030-03-05", "09:00", "18:00")
        hidden.state = "draft"
        cadence = cls.env["salon.cadence"].search([("client_id", "=", cls.clara.id)], limit=1)
        expense = cls.env["salon.expense"].create(
            {"category_id": cls.env.ref("salon_spa.category_household").id, "amount": 10}
        )
        entered = expense.copy()
        entered.action_enter()
        ten_cuts = cls.env["product.product"].create(
            {
                "name": "Ten Cuts",
                "type": "service",
                "salon_money": "pass",
                "list_price": 100,
                "pass_entitlement_ids": [Command.create({"sessions": 10})],
            }
        )
        sold = cls.env["salon.pass"]._sell(ten_cuts, cls.clara, cls.company)
        cls.subjects = {
            "hr.employee": cls.anna,
            "res.partner": cls.clara,
            "salon.cadence": cadence,
            "salon.expense": expense,
            "salon.pass": sold,
            "salon.shift": hidden,
            "salon.visit": booked,
            "salon.visit.line": booked.line_ids,
            ("salon.expense", "action_take_back"): entered,
            ("salon.visit", "action_book"): draft,
            ("salon.visit", "action_request"): draft,
            ("salon.visit", "action_reopen"): closed,
            ("salon.visit", "action_done"): today,
            ("salon.visit", "action_move_to_state"): today,
            ("salon.visit.line", "action_cancel_line"): booked.line_ids[0],
            ("salon.visit.line", "action_restore_line"): booked.line_ids[0],
            ("salon.visit.line", "action_repeat_formula"): today.line_ids,
            ("salon.shift", "action_unpublish"): shift,
        }
        cls.wizards = {
            "salon.cadence.call": {"cadence_id": cadence.id, "outcome": "wrong_number"},
            "salon.grade.change": {
                "employee_id": cls.anna.id,
                "grade_id": cls.env["salon.grade"].create({"name": "Top"}).id,
            },
            "salon.pass.correct": {"pass_id": sold.id, "days": 5, "reason": "test"},
            "salon.pass.refund": {"pass_id": sold.id, "amount": 10, "reason": "test"},
            "salon.pass.sell": {"partner_id": cls.clara.id, "product_id": ten_cuts.id},
            "salon.price.change": {"product_ids": [Command.set(cls.cut.ids)], "percent": 10},
            "salon.reassign": {"employee_ids": [Command.set(cls.anna.ids)]},
            "salon.roster.generate": {
                "employee_ids": [Command.set(cls.anna.ids)],
                "pattern_id": cls.env["salon.shift.pattern"].search([], limit=1).id,
            },
            "salon.roster.publish": {},
            **{
                f"salon.visit.{name}": {"visit_id": today.id, **values}
                for name, values in {
                    "correct": {"reason": "test"},
                    "deposit": {"amount": 10},
                    "discount": {"percent": 1},
                    "pass": {},
                    "pay": {},
                    "refund": {"reason": "test"},
                }.items()
            },
            "salon.visit.cancel": {
                "visit_ids": [Command.set(booked.ids)],
                "reason_id": cls.reason.id,
            },
        }

        cls.changes = {
            "salon.shift": [{"employee_id": cls.anna.id, "date": "2030-03-06", "spans": [[540, 1080]]}],
            "salon.skill": [{"service": cls.cut.id, "master": cls.anna.id, "allowed": True, "minutes": 45}],
        }

    def public_methods(self, name):
        ours = f"odoo.addons.{self.module}."
        classes = type(self.env[name]).mro()
        found = set()
        for cls in classes:
            for method, function in vars(cls).items() if cls.__module__.startswith(ours) else ():
                if method.startswith("_") or not inspect.isfunction(function):
                    continue
                # What the class extends, and not the addons that extend it.
                others = [parent for parent in classes[classes.index(cls) + 1 :] if method in vars(parent)]
                odoo = any(not parent.__module__.startswith(ours) for parent in others)
                private = any(getattr(vars(parent)[method], "_api_private", False) for parent in [cls, *others])
                if not odoo and not private:
                    found.add(method)
        return found

    def test_every_public_method_is_written_down(self):
        found = {
            name: methods
            for name, model in self.env.registry.items()
            if not model._abstract
            # A model of another addon has what it takes from a mixin here in that addon's table.
            and not model._original_module.startswith(f"{self.module}_")
            and (methods := self.public_methods(name))
        }
        written = {name: set(methods) for name, methods in self.surface.items()}
        self.maxDiff = None
        self.assertEqual(found, written, "decide about new public methods in SURFACE, or give them an underscore")

    def subject(self, name, method):
        records = self.subjects.get((name, method)) or self.subjects.get(name)
        if records is None and name in self.wizards:
            return self.env[name].create(self.wizards[name])
        return self.env[name] if records is None else records

    def outcome(self, role, name, method, arguments):
        """Tell whether a role's call of a method is refused for lack of rights."""
        savepoint = self.env.cr.savepoint()
        try:
            subject = self.as_role(role, self.subject(name, method))
            subject = subject.with_context(salon_days=3, active_ids=subject.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            with mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db"):
                getattr(subject, method)(*arguments)
                self.env.flush_all()
            return "allowed"
        except AccessError:
            return "refused"
        except UserError:
            # The call got as far as the rules of the trade.
            return "allowed"
        finally:
            self.env.clear()
            savepoint.close(rollback=True)

    def test_every_method_for_every_role(self):
        order = ["nobody", *SALON_ROLES]
        wrong = []
        for name, methods in self.surface.items():
            for method, rule in methods.items():
                if rule is OPENS:
                    continue
                least, arguments = rule
                if arguments == "changes":
                    arguments = (self.changes[name],)
                for role in ROLES:
                    expected = "refused"
                    if role in SALON_ROLES and order.index(role) >= order.index(least):
                        expected = "allowed"
                    actual = self.outcome(role, name, method, arguments)
                    if actual != expected:
                        wrong.append(f"{name}.{method} by {role}: {actual} instead of {expected}")
        self.assertFalse(wrong, "\n".join(["", *wrong]))


@tagged("post_install", "-at_install")
class TestMaster(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = now = cls.at(cls.day(-1), "10:00")
        cls.shared = cls.make_visit(now, (cls.cut, cls.anna), (cls.cut, cls.bella))
        cls.mine = cls.make_visit(now + timedelta(days=3), (cls.cut, cls.anna))
        cls.foreign = cls.make_visit(now + timedelta(days=4), (cls.cut, cls.bella), client=cls.dora)
        cls.own_line, cls.other_line = cls.shared.line_ids.sorted("sequence")

    def mine_only(self, records):
        return records.with_user(self.anna_user)

    def test_sees_own_visits_only(self):
        asked = self.shared | self.mine | self.foreign
        found = self.mine_only(self.env["salon.visit"]).search([("id", "in", asked.ids)])
        self.assertEqual(found, self.shared | self.mine)
        for records in (self.foreign, self.foreign.line_ids, self.foreign.line_ids.allocation_ids):
            self.refused(self.mine_only(records).read, ["id"])

    def test_sees_the_whole_of_a_shared_visit(self):
        shared = self.mine_only(self.shared)
        self.assertEqual(len(shared.read(["line_ids"])[0]["line_ids"]), 2)
        self.assertEqual(shared.line_ids.mapped("price_total"), [50.0, 50.0])
        self.assertEqual(
            self.mine_only(self.env["salon.allocation"]).search([("visit_id", "=", self.shared.id)]).resource_id,
            self.anna.resource_id,
        )

    def test_writes_what_was_done(self):
        line = self.mine_only(self.own_line)
        line.write({"formula": "7.3 + 6 %", "note": "Likes it cool"})
        self.mine_only(self.shared).note = "Came by bike"
        self.assertEqual((self.own_line.formula, self.shared.note), ("7.3 + 6 %", "Came by bike"))
        self.refused(self.mine_only(self.other_line).write, {"formula": "x"})
        commands = [Command.update(self.other_line.id, {"note": "x"})]
        self.refused(self.mine_only(self.shared).write, {"line_ids": commands})

    def test_writes_neither_price_nor_time_nor_people(self):
        for values in (
            {"price_unit": 1},
            {"discount": 5},
            {"discount_amount": 5},
            {"quantity": 2},
            {"start": self.now},
            {"stop": self.now},
            {"start_hour": 5},
            {"duration": 5},
            {"active_minutes": 5},
            {"employee_id": self.bella.id},
            {"product_id": self.colour.id},
            {"client_id": self.dora.id},
            {"cancelled": True},
            {"visit_id": self.mine.id},
            {"state": "done"},
            {"formula": "x", "price_unit": 1},
        ):
            with self.subTest(values=values):
                self.write_refused(self.mine_only(self.own_line), values, AccessError)
                if "formula" not in values:
                    commands = [Command.update(self.own_line.id, values)]
                    self.write_refused(self.mine_only(self.shared), {"line_ids": commands}, AccessError)
        for values in (
            {"partner_id": self.dora.id},
            {"start": self.now},
            {"override_reason": "x"},
            {"is_anonymous": True},
            {"payment_state": "paid"},
            {"amount_total": 1},
            {"cancel_note": "x"},
        ):
            with self.subTest(values=values):
                self.write_refused(self.mine_only(self.shared), values, AccessError)

    def test_neither_makes_nor_removes(self):
        visits, lines = self.mine_only(self.env["salon.visit"]), self.mine_only(self.env["salon.visit.line"])
        self.refused(visits.create, {"partner_id": self.clara.id})
        self.refused(lines.create, {"visit_id": self.mine.id, "product_id": self.cut.id})
        self.refused(self.mine_only(self.mine).write, {"line_ids": [Command.create({"product_id": self.cut.id})]})
        self.refused(self.mine_only(self.shared).write, {"line_ids": [Command.delete(self.own_line.id)]})
        self.refused(self.mine_only(self.mine).unlink)
        self.refused(self.mine_only(self.mine).copy)

    def test_serves_a_visit_from_arrival_to_done(self):
        shared = self.mine_only(self.shared)
        shared.line_ids.mapped("price_total")
        shared.action_arrive()
        self.assertEqual(self.shared.state, "arrived")
        shared.action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.shared.state, "done")
        self.assertEqual(set(self.shared.line_ids.mapped("state")), {"done"}, "the colleague's line is done, too")
        self.assertEqual(self.shared.amount_total, 100.0)
        clara = self.clara
        self.assertEqual((clara.visit_count, clara.total_spent, clara.client_state), (1, 100.0, "client"))
        self.assertTrue(self.env["salon.cadence"].search([("client_id", "=", self.clara.id)]))
        done = self.shared.log_ids.filtered(lambda entry: entry.event == "done")
        self.assertEqual(done.user_id, self.anna_user)

    def test_takes_only_the_steps_of_serving(self):
        for step in ("confirm", "cancel", "no_show", "book", "request", "reopen"):
            with self.subTest(step=step):
                self.refused(getattr(self.mine_only(self.mine), f"action_{step}"))
        self.refused(self.mine_only(self.mine).action_move_to_state, "cancelled")
        self.refused(self.mine_only(self.foreign).action_arrive)
        self.refused(self.mine_only(self.foreign).action_move_to_state, "arrived")
        self.assertEqual((self.mine.state, self.foreign.state), ("booked", "booked"))

    def test_repeats_the_formula_of_a_colleague(self):
        self.other_line.formula = "8.0 + 9 %"
        self.shared.action_done()
        self.mine_only(self.mine.line_ids).action_repeat_formula()
        self.assertEqual(self.mine.line_ids.formula, "8.0 + 9 %")

    def test_sees_the_cards_of_own_clients(self):
        partners = self.mine_only(self.env["res.partner"])
        emma = self.make_client("Emma")
        contact = self.env["res.partner"].create({"name": "Supplier"})
        staff_client = self.bella_user.partner_id
        staff_client.is_client_card = True
        asked = self.clara | self.dora | emma | contact | staff_client
        self.assertEqual(partners.search([("id", "in", asked.ids)]), self.clara | contact | staff_client)
        self.refused(self.mine_only(self.dora).read, ["name"])
        self.assertEqual(self.mine_only(self.clara).read(["name", "visit_count"])[0]["name"], "Clara")
        self.assertFalse(partners.name_search("Dora"))
        self.refused(self.mine_only(self.clara).write, {"preference_note": "x"})

    def test_sees_the_card_of_who_pays_for_the_served(self):
        child = self.make_client("Fred")
        visit = self.make_visit(self.now + timedelta(days=5), (self.cut, self.anna), client=self.dora)
        visit.line_ids.client_id = child
        self.assertEqual(self.mine_only(self.dora).name, "Dora")
        self.assertEqual(self.mine_only(child).name, "Fred")

    def test_sees_due_clients_and_consents_of_own_clients(self):
        self.make_done_visit(self.now - timedelta(days=9), (self.cut, self.anna))
        self.make_done_visit(self.now - timedelta(days=9), (self.cut, self.bella), client=self.dora)
        rows = self.env["salon.cadence"].search([("client_id", "in", (self.clara | self.dora).ids)])
        self.assertEqual(rows.client_id, self.clara | self.dora)
        self.assertEqual(self.mine_only(rows).search([("id", "in", rows.ids)]).client_id, self.clara)
        consents = self.env["salon.consent"].create(
            [{"partner_id": client.id, "channel": "sms", "purpose": "marketing"} for client in (self.clara, self.dora)]
        )
        found = self.mine_only(self.env["salon.consent"]).search([("id", "in", consents.ids)])
        self.assertEqual(found.partner_id, self.clara)

    def test_sees_the_roster_and_changes_none(self):
        shift = self.give_shift(self.bella, DAY, "09:00", "18:00")
        self.assertEqual(self.mine_only(shift).read(["hours"])[0]["hours"], 9)
        self.refused(self.mine_only(shift).write, {"note": "x"})
        self.refused(self.mine_only(shift).unlink)

    def test_reads_no_history(self):
        self.refused(self.mine_only(self.env["salon.visit.log"]).search, [])
        self.refused(self.mine_only(self.mine).read, ["log_ids"])


@tagged("post_install", "-at_install")
class TestAdministrator(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = cls.at(DAY, "10:00")
        for master in (cls.anna, cls.bella):
            cls.give_shift(master, DAY, "09:00", "20:00")

    def as_desk(self, records):
        return records.with_user(self.desk)

    def book(self, *masters, start=None, **line):
        """Book a visit as the administrator, with a line for each master."""
        commands = [
            Command.create(
                {
                    "product_id": self.cut.id,
                    "employee_id": master.id,
                    "sequence": number,
                    **({"start": start or self.start} if not number else {}),
                    **line,
                }
            )
            for number, master in enumerate(masters or (self.anna,))
        ]
        visit = self.as_desk(self.env["salon.visit"]).create({"partner_id": self.clara.id, "line_ids": commands})
        visit.action_book()
        return visit

    def test_day_at_the_desk(self):
        client = self.as_desk(self.env["res.partner"]).create(
            {"name": "Greta", "is_client_card": True, "phone": "030 901822", "country_id": self.env.ref("base.de").id}
        )
        visit = self.as_desk(self.env["salon.visit"]).create(
            {
                "partner_id": client.id,
                "line_ids": [
                    Command.create({"product_id": self.colour.id, "employee_id": self.anna.id, "start": self.start}),
                    Command.create({"product_id": self.cut.id, "employee_id": self.bella.id, "sequence": 20}),
                ],
            }
        )
        visit.action_book()
        visit.action_confirm()
        visit.line_ids.sorted("sequence")[0].start = self.start + timedelta(hours=1)
        visit.action_arrive()
        self.assertEqual(client.next_visit_start, self.start + timedelta(hours=1))
        visit.line_ids.action_swap_masters()
        self.assertEqual(visit.line_ids.sorted("sequence").employee_id, self.bella | self.anna)
        self.assertEqual(set(visit.log_ids.user_id), {self.desk})
        events = set(visit.log_ids.mapped("event"))
        self.assertLessEqual({"created", "booked", "confirmed", "moved", "arrived", "master"}, events)

    def test_closes_cancels_and_reopens(self):
        served = self.as_desk(self.make_visit(self.at(self.day(-1), "10:00")))
        served.action_done()
        self.assertEqual(self.clara.visit_count, 1)
        served.action_reopen("wrong button")
        self.assertEqual((served.state, self.clara.visit_count), ("arrived", 0))
        visit = self.book()
        visit.action_cancel(self.reason.id, "ill")
        self.assertEqual((visit.state, self.spans(visit)), ("cancelled", []))
        missed = self.book()
        missed.action_no_show()
        self.assertEqual(missed.state, "no_show")
        wizard = self.as_desk(self.env["salon.visit.cancel"]).create(
            {"visit_ids": [Command.set(self.book(self.bella).ids)], "reason_id": self.reason.id}
        )
        wizard.action_apply()
        self.assertEqual(wizard.visit_ids.state, "cancelled")

    def test_serves_a_walk_in(self):
        visit = self.as_desk(self.env["salon.visit"]).create(
            {
                "is_anonymous": True,
                "booking_source": "walk_in",
                "override_reason": "walked in",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.cut.id,
                            "employee_id": self.anna.id,
                            "start": self.at(self.day(-1), "10:00"),
                        }
                    )
                ],
            }
        )
        visit.action_book()
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_notes_what_came_of_a_call(self):
        self.make_done_visit(self.at(self.day(-60), "10:00"))
        row = self.as_desk(self.env["salon.cadence"]).search([("client_id", "=", self.clara.id)])
        self.assertTrue(row.is_due)
        self.as_desk(self.env["salon.cadence.call"]).create(
            {
                "cadence_id": row.id,
                "outcome": "refused",
                "reason_id": self.env.ref("salon_spa.reason_refusal_price").id,
            }
        )
        self.assertFalse(row.is_due)
        row.action_back()
        self.assertTrue(row.is_due)
        row.action_wrong_number()
        self.assertFalse(row.is_due)

    def test_figures_of_clients_are_not_written(self):
        for values in ({"no_show_count": 0}, {"total_spent": 9000}, {"client_state": "client"}):
            with self.subTest(values=values):
                self.write_refused(self.as_desk(self.clara), values)
                with self.assertRaises(UserError):
                    self.as_desk(self.env["res.partner"]).create({"name": "Eva", "is_client_card": True, **values})

    def test_figures_of_the_due_list_are_not_written(self):
        self.make_done_visit(self.at(self.day(-60), "10:00"))
        row = self.as_desk(self.env["salon.cadence"]).search([("client_id", "=", self.clara.id)])
        for values in ({"due_date": "2031-01-01"}, {"interval_days": 1}, {"refused_at": "2026-01-01 00:00:00"}):
            with self.subTest(values=values):
                self.write_refused(row, values)

    def test_discount_within_the_limit_only(self):
        self.company.salon_discount_limit = 15
        line = self.book().line_ids
        self.write_refused(line, {"discount": 10}, text="Give the reason")
        line.write({"discount": 15, "discount_reason_id": self.discount_reason.id})
        self.assertEqual(line.price_total, 42.5)
        for values in (
            {"discount": 15.1},
            {"discount_amount": 7.6},
            {"price_unit": 42},
            {"price_unit": 45, "discount": 10},
            {"price_unit": 1, "price_source": "variant"},
        ):
            with self.subTest(values=values):
                self.write_refused(line, values, text="needs a manager")
        line.with_user(self.manager).write({"discount": 50})
        self.assertEqual(line.price_total, 25)

    def test_discount_limit_holds_for_drafts_and_new_lines(self):
        for values in (
            {"discount": 50, "discount_reason_id": self.discount_reason.id},
            {"price_unit": 1},
            {"price_unit": 1, "price_source": "grade"},
        ):
            with self.subTest(values=values):
                with self.assertRaises(UserError) as caught:
                    self.book(**values)
                self.assertIn("needs a manager", str(caught.exception))

    def test_terms_agreed_in_a_draft_leave_a_trace_when_booked(self):
        visit = self.book(price_unit=48, discount=5, discount_reason_id=self.discount_reason.id, active_minutes=90)
        self.assertEqual((visit.amount_list, visit.amount_total), (48, 45.6), "amounts follow from the price given")
        self.assertEqual(visit.stop, self.start + timedelta(minutes=90), "the end follows from the time given")
        self.assertEqual(visit.line_ids.price_source, "manual")
        events = visit.log_ids.filtered(lambda entry: entry.event in ("price", "discount"))
        self.assertEqual(sorted(events.mapped("event")), ["discount", "price"])
        self.assertEqual(events.user_id, self.desk)

    def test_price_of_the_list_stays_one_when_it_is_sent_back(self):
        visit = self.book(price_unit=50)
        self.assertEqual(visit.line_ids.price_source, "variant")
        self.assertNotIn("price", visit.log_ids.mapped("event"))

    def test_what_follows_from_the_visit_is_not_written(self):
        visit = self.book()
        for values in (
            {"state": "done"},
            {"payment_state": "paid"},
            {"amount_total": 1},
            {"amount_list": 1},
            {"date": "2030-01-01"},
            {"stop": self.start},
            {"employee_ids": [Command.clear()]},
            {"name": "V1"},
            {"done_at": self.start},
            {"cancelled_at": self.start},
            {"is_late_cancel": True},
            {"cancel_reason_id": self.reason.id},
        ):
            with self.subTest(values=values):
                self.write_refused(visit, values)
                # Nor by a key of the context that the models themselves use.
                forged = visit.with_context(salon_by_method=True, salon_deferred=True)
                self.write_refused(forged, values)
        for values in (
            {"state": "done"},
            {"price_total": 1},
            {"amount_list": 1},
            {"date": "2030-01-01"},
            {"kind": "product"},
            {"company_id": self.company.id},
        ):
            with self.subTest(values=values):
                self.write_refused(visit.line_ids, values)
                self.write_refused(visit, {"line_ids": [Command.update(visit.line_ids.id, values)]})

    def test_nothing_is_born_in_a_state(self):
        visits = self.as_desk(self.env["salon.visit"])
        with self.assertRaises(UserError):
            visits.create({"partner_id": self.clara.id, "state": "done"})
        with self.assertRaises(UserError):
            visits.create({"partner_id": self.clara.id, "payment_state": "paid"})
        context = {
            "default_state": "done",
            "default_payment_state": "paid",
            "default_done_at": "2026-01-01 00:00:00",
            "default_name": "V1",
            "default_amount_total": 1000,
            "salon_by_method": True,
        }
        visit = visits.with_context(**context).create(
            {"partner_id": self.clara.id, "line_ids": [Command.create({"product_id": self.cut.id})]}
        )
        self.assertEqual((visit.state, visit.payment_state, visit.done_at), ("draft", "unpaid", False))
        self.assertEqual((visit.amount_total, visit.line_ids.state), (50, "draft"))
        self.assertNotEqual(visit.name, "V1")

    def test_moving_with_a_forged_context_still_takes_the_time(self):
        visit = self.book()
        visit.line_ids.with_context(salon_deferred=True).start = self.start + timedelta(hours=2)
        self.assertEqual(self.spans(visit), [("Anna", "12:00", "13:00")])
        self.assertIn("moved", visit.log_ids.mapped("event"))

    def test_time_of_visits_is_not_given_away(self):
        allocation = self.as_desk(self.book().line_ids.allocation_ids)
        for values in ({"blocking": False}, {"start": self.start - timedelta(hours=1)}, {"seat": 2}, {"kind": "block"}):
            with self.subTest(values=values):
                self.write_refused(allocation, values)
        with self.assertRaises(UserError):
            allocation.unlink()

    def test_enters_blocks_and_nothing_else(self):
        allocations = self.as_desk(self.env["salon.allocation"])
        line = self.book(self.bella).line_ids
        values = {"resource_id": self.anna.resource_id.id, "start": self.start, "stop": self.start + timedelta(hours=1)}
        block = allocations.create({**values, "kind": "block", "block_type": "break"})
        block.stop = self.start + timedelta(hours=2)
        for wrong in (
            {"kind": "visit"},
            {"kind": "hold"},
            {"block_type": "break", "blocking": False},
            {"block_type": "break", "line_id": line.id},
        ):
            later = {"start": self.start + timedelta(days=1), "stop": self.start + timedelta(days=1, hours=1)}
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                allocations.create({**values, **later, **wrong})
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                defaults = {f"default_{name}": value for name, value in wrong.items()}
                allocations.with_context(**defaults).create({**values, **later, "block_type": "break"})
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                block.write(wrong)
        block.unlink()

    def test_deletes_drafts_and_no_other_visit(self):
        visit = self.book()
        self.refused(visit.unlink)
        with self.assertRaisesRegex(UserError, "was booked: cancel it instead"):
            visit.action_discard()
        visit.action_cancel(self.reason)
        self.refused(visit.unlink)
        visit.with_user(self.manager).unlink()
        draft = self.as_desk(self.make_visit(self.start, book=False))
        draft.action_discard()
        self.assertFalse(draft.exists())
        trace = self.env["salon.visit.log"].search([("event", "=", "deleted")], order="id desc", limit=1)
        self.assertEqual((trace.user_id, trace.partner_id), (self.desk, self.clara))

    def test_keeps_off_what_managers_keep(self):
        for records, values in (
            (self.cut, {"list_price": 1}),
            (self.anna, {"name": "x"}),
            (self.env["salon.skill"].search([("employee_id", "=", self.anna.id)], limit=1), {"active_minutes": 5}),
            (self.env["salon.shift"].search([("employee_id", "=", self.anna.id)], limit=1), {"note": "x"}),
            (self.reason, {"name": "x"}),
            (self.company, {"salon_discount_limit": 100}),
        ):
            self.refused(self.as_desk(records).write, values)
        self.refused(self.as_desk(self.env["res.config.settings"]).create, {})
        self.refused(self.as_role("manager", self.env["res.config.settings"]).create, {})

    def test_owner_changes_the_settings(self):
        settings = self.as_role("owner", self.env["res.config.settings"]).create({"salon_discount_limit": 20})
        settings.execute()
        self.assertEqual(self.company.salon_discount_limit, 20)


@tagged("post_install", "-at_install")
class TestHistory(AccessCase):
    def test_nobody_touches_it(self):
        visit = self.make_visit(self.at(DAY, "10:00"))
        entry = visit.log_ids[0]
        values = {"visit_name": "x", "user_id": 1, "date": "2026-01-01", "event": "booked", "company_id": 1}
        for role in ROLES:
            log = self.as_role(role, entry)
            with self.subTest(role=role):
                self.refused(log.create, [values])
                self.write_refused(log, {"reason": "x"})
                self.write_refused(log, {"user_id": 1})
                with self.assertRaises(UserError):
                    log.unlink()
                self.write_refused(self.as_role(role, visit), {"log_ids": [Command.clear()]})
        for user in (self.env.user, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                entry.with_user(user).unlink()
            self.write_refused(entry.with_user(user), {"reason": "x"})
        self.assertTrue(entry.exists())

    def test_nobody_touches_the_log_of_exports(self):
        entry = self.env["salon.export.log"].create({"user_id": self.desk.id, "model_name": "Contact"})
        for role in ROLES:
            log = self.as_role(role, entry)
            with self.subTest(role=role):
                self.refused(log.create, [{"user_id": 1, "model_name": "x"}])
                self.refused(log.write, {"record_count": 0})
                self.refused(log.unlink)


@tagged("post_install", "-at_install")
class TestOthers(AccessCase):
    """Whoever has no role in the salon."""

    def test_employees_read_contacts_as_ever(self):
        nobody = self.users["nobody"]
        read = self.clara.with_user(nobody).read(["name", "phone", "email", "street", "category_id", "user_ids"])[0]
        self.assertEqual((read["name"], read["phone"]), ("Clara", self.clara.phone))
        self.assertIn(self.clara, self.env["res.partner"].with_user(nobody).search([("id", "=", self.clara.id)]))
        self.refused(self.clara.with_user(nobody).write, {"name": "x"})

    def own_fields(self, records):
        """Return the fields of this addon that the records' user may read."""
        return [
            name
            for name, field in records._fields.items()
            if "salon_spa" in field._modules and records._has_field_access(field, "read")
        ]

    def test_every_field_that_they_get_can_be_read(self):
        """A field that is offered (fields_get) and raises breaks whatever reads a record whole."""
        portal_user = self.users["portal"]
        for role, records in (
            ("nobody", self.clara),
            ("nobody", self.cut),
            ("nobody", self.cut.product_tmpl_id),
            ("nobody", self.company),
            ("nobody", self.env["hr.employee.public"].browse(self.anna.id)),
            ("nobody", self.anna.resource_id),
            ("nobody", self.users["nobody"]),
            ("portal", portal_user.partner_id),
            ("portal", self.company),
            ("public", self.company),
        ):
            with self.subTest(role=role, model=records._name):
                records = self.as_role(role, records)
                self.assertTrue(records.read(self.own_fields(records)))

    def test_what_the_salon_knows_about_clients_is_for_its_people(self):
        open_to_all = {
            "is_client_card",
            "client_state",
            "card_number",
            "phone_shared",
            "phone_display",
            "duplicate_partner_ids",
            "duplicate_partner_id",
            "salon_currency_id",
            "phone",
        }
        portal_partner = self.users["portal"].partner_id
        for role, partner in (("nobody", self.clara), ("portal", portal_partner), ("public", portal_partner)):
            with self.subTest(role=role):
                self.assertLessEqual(set(self.own_fields(self.as_role(role, partner))), open_to_all)
        partners = self.as_role("nobody", self.env["res.partner"])
        self.refused(partners.search, [("client_status", "=", "lost")])
        self.refused(partners.formatted_read_group, [], ["client_status"], ["__count"])

    def test_hr_officers_without_a_role_read_employees(self):
        officer = self.make_plain_user("access-officer", "hr.group_hr_user")
        self.assertEqual(self.anna.with_user(officer).read()[0]["name"], "Anna")

    def test_contact_managers_keep_their_contacts(self):
        keeper = self.make_plain_user("access-keeper", "base.group_partner_manager")
        contact = self.env["res.partner"].with_user(keeper).create({"name": "Supplier", "phone": "not a number"})
        contact.write({"name": "Supplier Ltd", "phone": "still none"})
        self.assertEqual(contact.phone, "still none")

    def test_guests_reach_nothing(self):
        visit = self.make_visit(self.at(DAY, "10:00"))
        visit.partner_id = self.users["portal"].partner_id
        for role in ("nobody", "portal", "public"):
            for records in (visit, visit.line_ids, visit.line_ids.allocation_ids, visit.log_ids):
                self.refused(self.as_role(role, records).read, ["id"])
            self.refused(self.as_role(role, self.env["salon.cadence"]).search, [])
            self.refused(self.as_role(role, self.env["salon.shift"]).search, [])

    def test_masters_and_the_desk_read_no_private_data_of_employees(self):
        self.anna.write({"private_phone": "+49 30 999999", "private_street": "Secret 1", "pin": "1234"})
        private = {"private_phone", "private_street", "pin", "birthday", "ssid", "private_email", "identification_id"}
        for role in ("master", "administrator"):
            employees = self.as_role(role, self.bella if role == "master" else self.anna)
            readable = {
                name
                for name, field in employees._fields.items()
                if employees._has_field_access(field, "read") and name in self.env["hr.employee.public"]._fields
            }
            self.assertFalse(readable & private)
            for name in sorted(private & set(employees._fields)):
                with self.subTest(role=role, field=name):
                    self.refused(employees.read, [name])
                    # Odoo looks for employees among their public profiles, which have no such field.
                    with self.assertRaises(ValueError), mute_logger("odoo.domains"):
                        employees.search([(name, "!=", False)])
            self.assertEqual(employees.read(["name", "is_master"])[0]["is_master"], True)
            self.refused(self.as_role(role, self.env["hr.version"]).search, [])


@tagged("post_install", "-at_install")
class TestRpc(HttpCase, AccessCase):
    """The same over HTTP, where a browser or a script would knock."""

    def call(self, model, method, *arguments, **keywords):
        payload = {"params": {"model": model, "method": method, "args": list(arguments), "kwargs": keywords}}
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(payload, default=str),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def result(self, *arguments, **keywords):
        answer = self.call(*arguments, **keywords)
        self.assertNotIn("error", answer, answer.get("error", {}).get("data", {}).get("message"))
        return answer.get("result")

    def error(self, *arguments, **keywords):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            answer = self.call(*arguments, **keywords)
        self.assertIn("error", answer, answer)
        return answer["error"]["data"]

    def test_administrator_books_and_forges_nothing(self):
        self.authenticate("access-administrator", "access-administrator")
        line = {"product_id": self.cut.id, "employee_id": self.anna.id, "start": str(self.at(DAY, "10:00"))}
        values = {"partner_id": self.clara.id, "override_reason": "test", "line_ids": [[0, 0, line]]}
        context = {"default_state": "done", "default_payment_state": "paid", "salon_by_method": True}
        (visit_id,) = self.result("salon.visit", "create", [values], context=context)
        visit = self.env["salon.visit"].browse(visit_id)
        self.assertEqual((visit.state, visit.payment_state), ("draft", "unpaid"))
        self.result("salon.visit", "action_book", [visit_id])
        visit.invalidate_recordset()
        self.assertEqual((visit.state, len(visit.line_ids.allocation_ids)), ("booked", 1))

        user_error, access_error = "odoo.exceptions.UserError", "odoo.exceptions.AccessError"
        write = ["salon.visit", "write", [visit_id], {"state": "done"}]
        self.assertEqual(self.error(*write)["name"], user_error)
        self.assertEqual(self.error(*write, context={"salon_by_method": True})["name"], user_error)
        self.assertEqual(self.error("salon.visit", "_set_state", [visit_id], "done")["name"], access_error)
        self.assertEqual(self.error("salon.visit", "_log", [visit_id], "done")["name"], access_error)
        self.assertEqual(
            self.error("salon.visit.line", "write", visit.line_ids.ids, {"price_total": 1})["name"], user_error
        )
        self.assertEqual(self.error("salon.visit.log", "unlink", visit.log_ids.ids)["name"], access_error)
        self.assertEqual(
            self.error("salon.allocation", "write", visit.line_ids.allocation_ids.ids, {"blocking": False})["name"],
            user_error,
        )
        taken = self.error("salon.visit", "action_book", [self.result("salon.visit", "create", [values])[0]])
        self.assertEqual(taken["name"], user_error)
        self.assertIn("Anna is already taken", taken["message"])
        self.assertNotIn("Clara", taken["message"])
        self.result("salon.visit", "action_cancel", [visit_id], self.reason.id)
        visit.invalidate_recordset()
        self.assertEqual((visit.state, len(visit.line_ids.allocation_ids)), ("cancelled", 0))

    def test_master_serves_own_visit_and_reaches_no_other(self):
        start = self.at(self.day(-1), "10:00")
        mine = self.make_visit(start, (self.cut, self.anna))
        foreign = self.make_visit(start, (self.cut, self.bella), client=self.dora)
        self.authenticate("access-master", "access-master")
        self.result("salon.visit.line", "write", mine.line_ids.ids, {"formula": "6.0"})
        self.result("salon.visit", "action_arrive", mine.ids)
        self.result("salon.visit", "action_done", mine.ids)
        mine.invalidate_recordset()
        self.assertEqual((mine.state, mine.line_ids.formula), ("done", "6.0"))
        access_error = "odoo.exceptions.AccessError"
        for call in (
            ("salon.visit", "read", foreign.ids, ["start"]),
            ("salon.visit", "action_done", foreign.ids),
            ("salon.visit.line", "read", foreign.line_ids.ids, ["start"]),
            ("res.partner", "read", self.dora.ids, ["name"]),
            ("salon.visit", "action_reopen", mine.ids),
            ("salon.visit.line", "write", mine.line_ids.ids, {"price_unit": 1}),
        ):
            with self.subTest(call=call[:2]):
                error = self.error(*call)
                self.assertEqual(error["name"], access_error)
                self.assertNotIn("Dora", error["message"])
        self.assertEqual(foreign.state, "booked")
