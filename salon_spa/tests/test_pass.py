from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import prepaid
from .test_visit_money import MoneyCase


class PassCase(MoneyCase):
    """Ten cuts for 400, for three months; a sum of 200 for 150; Clara's visit of 170 as of MoneyCase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("manager_pass", "manager")
        cls.ten_cuts = cls.make_pass_product("Ten Cuts", 400, [(cls.cut, 10)], pass_validity=3)
        cls.sum_pass = cls.make_pass_product("Two Hundred", 150, [], pass_kind="sum", pass_sum=200)
        cls.line_cut, cls.line_colour = cls.visit.line_ids.sorted("sequence")
        cls.dora = cls.make_client("Dora", phone="+49 30 901821")
        cls.plans = cls.env.ref("salon_spa.reason_client_plans")

    @classmethod
    def make_pass_product(cls, name, price, rows, **values):
        template = cls.env["product.template"].create(
            {
                "name": name,
                "salon_money": "pass",
                "list_price": price,
                "taxes_id": False,
                "pass_entitlement_ids": [
                    Command.create({"product_ids": [Command.set(product.ids)], "sessions": sessions})
                    for product, sessions in rows
                ],
                **values,
            }
        )
        return template.product_variant_id

    def sell(self, product=None, partner=None, paid=None, user=None, **values):
        product = product or self.ten_cuts
        passes = self.env["salon.pass"].with_user(user or self.desk)
        paid = product.lst_price if paid is None else paid
        sold = passes._sell(product, partner or self.clara, self.company, [(self.cash, paid)], **values)
        return sold.with_user(self.env.user)

    def use(self, sold, line=None, user=None, **values):
        return (line or self.line_cut).with_user(user or self.desk)._use_pass(sold.line_ids[:1], **values)

    def other_visit(self, clock="18:00", *lines, day="2026-03-02", **values):
        return self.make_visit(self.at(day, clock), *lines, **values)

    def owed(self):
        """Return what the books say the salon owes for passes."""
        return -self.balance(self.company._salon_account("pass"))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassSale(PassCase):
    def test_sold_and_paid(self):
        income, owed = self.income(), self.owed()
        sold = self.sell()
        self.assertRegex(sold.name, r"P\d{6}")
        self.assertEqual((sold.partner_id, sold.product_id, sold.state), (self.clara, self.ten_cuts, "active"))
        self.assertEqual((sold.sold_date, sold.expiry_date), (date(2026, 3, 2), date(2026, 6, 2)))
        self.assertEqual((sold.sessions_total, sold.sessions_left), (10, 10))
        self.assertEqual((sold.price_total, sold.price_untaxed, sold.value_left, sold.amount_due), (400, 400, 400, 0))
        self.assertEqual((self.income() - income, self.owed() - owed), (0, 400))
        self.assertEqual(sold.move_line_id.move_id.payment_state, "paid")
        self.assertEqual(self.clara.salon_pass_count, 1)

    def test_instalments(self):
        sold = self.sell(paid=100)
        self.assertEqual((sold.amount_due, sold.state), (300, "active"))
        self.use(sold)
        with self.refused("301.00.* is more than what is due: .*300.00"):
            sold.with_user(self.desk)._pay([(self.cash, 301)])
        sold.with_user(self.desk)._pay([(self.bank, 120)])
        self.assertEqual(sold.amount_due, 180)
        form = Form(self.env["salon.pass.sell"].with_user(self.desk).with_context(default_pass_id=sold.id))
        self.assertEqual((form.partner_id, form.amount_to_pay), (self.clara, 180))
        with form.payment_ids.edit(0) as payment:
            self.assertEqual(payment.amount, 180)
        form.save().action_apply()
        self.assertEqual((sold.amount_due, sold.move_line_id.move_id.payment_state), (0, "paid"))

    def test_dialog_with_discount_and_change(self):
        form = Form(self.env["salon.pass.sell"].with_user(self.desk).with_context(default_partner_id=self.clara.id))
        form.product_id = self.ten_cuts
        self.assertEqual((form.amount_to_pay, form.terms), (400, "10 × Cut, valid for 3 months"))
        form.discount = 10
        form.discount_reason_id = self.reason
        self.assertEqual(form.amount_to_pay, 360)
        with form.payment_ids.edit(0) as payment:
            self.assertEqual(payment.amount, 360)
            payment.amount = 400
        self.assertEqual((form.amount_change, form.amount_left), (40, 0))
        form.save().action_apply()
        sold = self.clara.salon_pass_ids
        self.assertEqual((sold.price_list, sold.price_total, sold.discount_reason_id), (400, 360, self.reason))
        self.assertEqual(sold.line_ids.value, 360)

    def test_refused_sales(self):
        passes = self.env["salon.pass"].with_user(self.desk)
        empty = self.make_pass_product("Nothing", 10, [])
        for message, product, values in (
            ("is not a pass", self.cut, {}),
            ("which sessions the pass Nothing gives", empty, {}),
            ("needs a manager", self.ten_cuts, {"discount": 50, "reason": self.reason}),
            ("Give the reason", self.ten_cuts, {"discount": 5}),
            ("between 0 and 100", self.ten_cuts, {"discount": -5, "reason": self.reason}),
            ("more than what is due", self.ten_cuts, {"payments": [(self.cash, 500)]}),
            ("below zero", self.ten_cuts, {"payments": [(self.cash, -1)]}),
        ):
            with self.subTest(message), self.refused(message):
                passes._sell(product, self.clara, self.company, **values)
        with self.assertRaises(AccessError):
            passes.with_user(self.make_user("master_pass", "master"))._sell(self.ten_cuts, self.clara, self.company)
        self.assertFalse(self.clara.salon_pass_ids)

    def test_price_with_tax(self):
        for included, total, untaxed in (("tax_included", 400, 333.33), ("tax_excluded", 480, 400)):
            with self.subTest(included):
                tax = self.env["account.tax"].create(
                    {"name": included, "amount": 20, "price_include_override": included}
                )
                parts = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
                account = self.company._salon_account("tip")
                parts.filtered(lambda part: part.repartition_type == "tax").account_id = account
                self.ten_cuts.taxes_id = tax
                owed = self.owed()
                sold = self.sell(paid=total)
                self.assertEqual((sold.price_total, sold.price_untaxed), (total, untaxed))
                self.assertAlmostEqual(self.owed() - owed, untaxed, 2)
                income = self.income()
                visit = self.other_visit()
                use = self.use(sold, visit.line_ids)
                self.assertEqual((use.amount, use.value), (50, 33.33 if included == "tax_included" else 40))
                visit.action_done()
                self.assertAlmostEqual(self.income() - income, use.value, 2)
                refundable = sold._refundable()
                sold.with_user(self.manager)._refund(refundable, [(self.cash, refundable)], "moved away")
                self.assertAlmostEqual(self.owed(), owed, 2)
                self.assertEqual((sold.state, sold.value_left), ("refunded", 0))
                visit.action_reopen()
                visit.action_cancel(self.plans)

    def test_an_invoice_of_odoos_own_screens_sells_too(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.dora.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.ten_cuts.id, "quantity": 2, "price_unit": 333.33})
                ],
            }
        )
        move.action_post()
        sold = self.dora.salon_pass_ids.sorted("source_number")
        self.assertEqual(sold.mapped("price_total"), [333.33, 333.33])
        # Posting it again sells nothing twice, and follows the price.
        move.button_draft()
        self.assertEqual(sold.mapped("state"), ["cancelled"] * 2)
        with self.refused("Nothing is left on"):
            self.use(sold[0], self.other_visit(client=self.dora).line_ids)
        move.invoice_line_ids.price_unit = 300
        move.action_post()
        self.assertEqual(self.dora.salon_pass_ids, sold)
        self.assertEqual((sold.mapped("state"), sold[0].value_left), (["active"] * 2, 300))
        self.use(sold[0], self.other_visit("20:00", client=self.dora).line_ids)
        with self.refused("give its sessions back before changing this bill"):
            move.button_draft()

    def test_an_invoice_sells_no_part_of_a_pass(self):
        product = self.make_pass_product("Ten Cuts, in parts", 400, [(self.cut, 10)])
        lines = [Command.create({"product_id": product.id, "quantity": 0.01, "price_unit": 400})]
        move = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.clara.id, "invoice_line_ids": lines}
        )
        with self.refused("is sold whole"):
            move.action_post()

    def test_a_credit_note_of_odoos_own_screens_closes_the_pass(self):
        sold = self.sell()
        move = sold.move_line_id.move_id
        reversal = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        reversal.create({"journal_id": move.journal_id.id}).reverse_moves()
        sold.move_line_ids.move_id.filtered(lambda move: move.state == "draft").action_post()
        self.assertEqual((sold.state, sold.value_left, sold.sessions_left), ("refunded", 0, 0))
        self.assertFalse(self.visit._propose_passes())

    def test_what_is_owed_to_clients(self):
        sold = self.sell(partner=self.dora)
        self.desk_visit()._take_deposit(30, self.cash)
        self.env.flush_all()
        rows = self.env["salon.liability.report"].search([("partner_id", "in", (self.dora | self.clara).ids)])
        self.assertEqual(
            {(row.kind, row.partner_id, row.name, row.amount) for row in rows},
            {("pass", self.dora, sold.name, 400), ("deposit", self.clara, self.visit.name, 30)},
        )

    def test_create_sold_is_idempotent(self):
        line = self.sell(partner=self.dora).move_line_id
        again = self.env["salon.pass"]._create_sold(
            self.ten_cuts, self.dora, 400, 400, self.company, move_line_id=line.id
        )
        self.assertEqual(again, self.dora.salon_pass_ids)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassUse(PassCase):
    def test_a_session_pays_a_service(self):
        sold = self.sell()
        income = self.income()
        use = self.use(sold)
        self.assertEqual((use.sessions, use.amount, use.value, use.date), (1, 50, 40, date(2026, 3, 2)))
        self.assertEqual((sold.sessions_left, sold.value_left, self.line_cut.pass_amount), (9, 360, 50))
        self.assertEqual((self.visit.amount_total, self.visit.amount_pass, self.visit.amount_due), (170, 50, 120))
        self.assertEqual(self.income(), income)
        # Until the visit is done, the session is owed.
        self.env.flush_all()
        report = self.env["salon.liability.report"].search([("partner_id", "=", self.clara.id), ("kind", "=", "pass")])
        self.assertEqual(sum(report.mapped("amount")), 400)
        # A second call takes nothing more.
        self.assertEqual(self.use(sold), use)
        self.desk_visit()._pay([(self.cash, 120)])
        self.assertEqual(self.money(), ("paid", 120, 0))
        self.visit.action_done()
        self.assertEqual(self.income() - income, 160)
        self.assertEqual(self.line_cut.amount_revenue, 40)
        self.assertEqual(use.move_id.date, date(2026, 3, 2))
        self.env.flush_all()
        facts = self.env["salon.revenue.report"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual(sum(facts.mapped("amount_net")), 160)

    def test_all_by_pass_needs_no_bill(self):
        visit = self.other_visit()
        sold = self.sell()
        self.use(sold, visit.line_ids)
        self.assertEqual((visit.payment_state, visit.amount_due, visit.can_pay), ("paid", 0, False))
        visit.action_done()
        self.assertFalse(visit.move_ids)
        self.assertEqual(self.owed(), sold.value_left)

    def test_reopening_gives_back_and_takes_the_revenue_back(self):
        sold = self.sell()
        income, owed = self.income(), self.owed()
        use = self.use(sold)
        self.desk_visit()._pay([(self.cash, 120)])
        self.visit.action_done()
        self.visit._on_done()
        self.assertEqual(self.owed() - owed, -40)
        self.visit.action_reopen()
        self.visit._on_reopened()
        self.assertTrue(use.returned_at)
        self.assertEqual((sold.sessions_left, self.owed() - owed, self.income() - income), (10, 0, 120))
        self.assertEqual((self.visit.amount_due, self.line_cut.pass_line_id.id), (50, False))
        # Closed as a debt, and by the pass after all.
        self.visit.action_done()
        self.assertEqual(self.visit.amount_due, 50)
        self.use(sold)
        self.assertEqual((self.visit.amount_due, self.owed() - owed, self.income() - income), (0, -40, 160))
        self.assertEqual(
            self.visit.log_ids.filtered(lambda row: row.event == "pass_returned").mapped("reason"), ["Cut"]
        )

    def test_what_gives_a_session_back(self):
        sold = self.sell()
        for change in (
            lambda line: line.write({"price_unit": 45}),
            lambda line: line.write({"product_id": self.colour.id}),
            lambda line: line.write({"client_id": self.dora.id}),
            lambda line: line.write({"cancelled": True}),
            lambda line: line.unlink(),
            lambda line: line.visit_id.action_cancel(self.plans),
            lambda line: line.visit_id.action_no_show(),
            lambda line: line.write({"start": self.at("2026-06-03", "10:00")}),
        ):
            visit = self.other_visit("18:00", (self.cut, self.anna), (self.cut, self.anna))
            line = visit.line_ids.sorted("sequence")[0]
            visit.override_reason = "test"
            self.use(sold, line)
            self.assertEqual(sold.sessions_left, 9)
            change(line)
            self.assertEqual((sold.sessions_left, sold.value_left), (10, 400))
            if line.exists():
                self.assertEqual((line.pass_amount, line.pass_value, line.pass_line_id.id), (0, 0, False))
            if visit.state == "booked":
                visit.action_cancel(self.plans)

    def test_a_missed_visit_may_take_the_session(self):
        self.company.salon_pass_burn = True
        sold = self.sell()
        visit = self.other_visit()
        use = self.use(sold, visit.line_ids)
        income = self.income()
        visit.action_no_show()
        visit._on_cancelled()
        self.assertEqual((sold.sessions_left, use.is_burned, self.income() - income), (9, True, 40))
        self.env.flush_all()
        facts = self.env["salon.revenue.report"].search(
            [("entry", "=", "breakage"), ("partner_id", "=", self.clara.id)]
        )
        self.assertEqual(facts.mapped("amount_other"), [40])
        # The client came after all.
        visit.override_reason = "test"
        visit.action_reopen()
        self.assertEqual((sold.sessions_left, use.is_burned, self.income() - income), (9, False, 0))
        visit.action_done()
        self.assertEqual((self.income() - income, self.owed()), (40, sold.value_left))

    def test_a_sum_pays_what_it_has(self):
        sold = self.sell(self.sum_pass)
        use = self.use(sold, self.line_colour)
        self.assertEqual((use.sessions, use.amount, use.value, sold.sum_left), (0, 120, 90, 80))
        other = self.other_visit("18:00", (self.colour, self.anna))
        use = self.use(sold, other.line_ids)
        self.assertEqual((use.amount, use.value, sold.sum_left, sold.value_left), (80, 60, 0, 0))
        self.assertEqual((sold.state, other.amount_due), ("used", 40))
        self.desk_visit(other)._pay([(self.cash, 40)])
        other.action_done()
        self.assertEqual(other.line_ids.amount_revenue, 100)
        self.assertEqual(other.payment_state, "paid")

    def test_several_services_share_the_price_by_list_price(self):
        both = self.make_pass_product("Both", 500, [(self.cut, 4), (self.colour, 4)])
        sold = self.sell(both)
        cut, colour = sold.line_ids
        self.assertEqual((cut.value, colour.value), (147.05, 352.95))
        self.line_cut.with_user(self.desk)._use_pass(cut)
        self.line_colour.with_user(self.desk)._use_pass(colour)
        self.assertEqual((self.line_cut.pass_value, self.line_colour.pass_value), (36.76, 88.23))

    def test_a_category_and_any_service(self):
        category = self.env["product.category"].create({"name": "Hair"})
        child = self.env["product.category"].create({"name": "Long Hair", "parent_id": category.id})
        self.cut.categ_id = child
        product = self.make_pass_product(
            "Hair",
            100,
            [],
            pass_entitlement_ids=[Command.create({"sessions": 3, "categ_ids": [Command.set(category.ids)]})],
        )
        sold = self.sell(product)
        self.assertEqual(self.visit._propose_passes(), {self.line_cut: sold.line_ids})
        anything = self.make_pass_product("Any", 100, [], pass_entitlement_ids=[Command.create({"sessions": 3})])
        sold = self.sell(anything, self.dora)
        self.assertEqual(sold.line_ids.service_text, "Any service")
        visit = self.other_visit("18:00", (self.colour, self.anna), client=self.dora)
        self.assertEqual(visit._propose_passes(), {visit.line_ids: sold.line_ids})

    def test_the_best_pass_is_proposed(self):
        later = self.sell()
        with freeze_time("2026-03-03 10:00:00"):
            endless = self.sell(self.make_pass_product("Endless", 400, [(self.cut, 10)]))
            sooner = self.sell(self.make_pass_product("One Cut", 40, [(self.cut, 1)], pass_validity=1))
        visit = self.other_visit("18:00", *[(self.cut, self.anna)] * 2, day="2026-03-04")
        first, second = visit.line_ids.sorted("sequence")
        self.assertEqual(visit._propose_passes(), {first: sooner.line_ids, second: later.line_ids})
        self.assertEqual(visit._usable_passes()[first], sooner.line_ids | later.line_ids | endless.line_ids)
        self.assertFalse(self.other_visit("20:00", client=self.dora, day="2026-03-04")._propose_passes())

    def test_refused(self):
        sold = self.sell()
        alien = self.sell(partner=self.dora)
        used_up = self.sell(self.make_pass_product("One", 40, [(self.cut, 1)]))
        other = self.other_visit()
        self.use(used_up, other.line_ids)
        draft = self.other_visit("20:00", book=False)
        cases = [
            ("does not belong to Clara", alien, self.line_cut),
            ("is not for Colour", sold, self.line_colour),
            ("Nothing is left", used_up, self.line_cut),
            ("booked visit", sold, draft.line_ids),
        ]
        for message, record, line in cases:
            with self.subTest(message), self.refused(message):
                self.use(record, line)
        with self.assertRaises(AccessError):
            self.use(sold, user=self.make_user("master_pass", "master"))
        self.desk_visit()._pay([(self.cash, 170)])
        with self.refused("nothing left to pay|is on a bill"):
            self.use(sold)
        company = self.env["res.company"].create({"name": "Other Salon"})
        sold.sudo().company_id = company
        with self.refused("another company"):
            self.use(sold, self.other_visit("21:00").line_ids)

    def test_the_counters_are_kept_by_the_database(self):
        sold = self.sell()
        for values in ({"used": 11}, {"used": -1}, {"amount_used": 1}):
            with self.subTest(values), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                sold.line_ids.sudo().write(values)
                self.env.flush_all()
        for values in ({"state": "active"}, {"price_untaxed": 1}, {"partner_id": self.dora.id}, {"extension_days": 9}):
            with self.subTest(values), self.refused("can't be written"):
                sold.with_user(self.desk).write(values)
        with self.refused("can't be written"):
            sold.line_ids.with_user(self.desk).write({"sessions": 100})

    def test_refunded_in_money_and_by_pass_instead(self):
        self.desk_visit()._pay([(self.cash, 170)])
        self.visit.action_done()
        sold = self.sell()
        income = self.income()
        self.desk_visit()._refund({self.line_cut: 50}, [(self.cash, 50)])
        self.use(sold)
        self.assertEqual(self.visit.amount_due, 0)
        self.assertEqual(self.income() - income, -10)
        self.env.flush_all()
        facts = self.env["salon.revenue.report"].search([("line_id", "=", self.line_cut.id)])
        self.assertEqual(sum(facts.mapped("amount_net")), 40)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassTime(PassCase):
    def test_from_the_first_visit(self):
        product = self.make_pass_product(
            "Later", 400, [(self.cut, 10)], pass_validity=30, pass_validity_unit="days", pass_valid_from="first_use"
        )
        sold = self.sell(product)
        self.assertFalse(sold.expiry_date)
        self.use(sold)
        self.assertEqual((sold.start_date, sold.expiry_date), (date(2026, 3, 2), date(2026, 4, 1)))
        self.line_cut._return_pass()
        self.assertFalse(sold.start_date)

    def test_expired(self):
        sold = self.sell()
        last = self.other_visit(day="2026-06-02")
        late = self.other_visit(day="2026-06-03")
        self.use(sold, last.line_ids)
        self.assertEqual(late._propose_passes(), {})
        self.assertIn("valid until 06/02/2026 only", late.with_user(self.desk).pass_text)
        with self.refused("was valid until .* A manager may accept it"):
            self.use(sold, late.line_ids)
        with self.refused("Write down why"):
            self.use(sold, late.line_ids, self.manager)
        use = self.use(sold, late.line_ids, self.manager, reason="the salon was closed")
        self.assertEqual((use.reason, sold.sessions_left), ("the salon was closed", 8))
        self.assertIn("the salon was closed", "".join(sold.message_ids.mapped("body")))

    def test_breakage(self):
        sold = self.sell()
        self.use(sold)
        self.desk_visit()._pay([(self.cash, 120)])
        self.visit.action_done()
        income, owed = self.income(), self.owed()
        with freeze_time("2026-06-10 10:00:00"):
            self.env["salon.pass"]._cron_expire()
            self.assertEqual((sold.state, sold.value_left), ("expired", 360))
        with freeze_time("2026-07-10 10:00:00"):
            for _night in range(2):
                self.env["salon.pass"]._cron_expire()
            self.assertEqual((sold.value_left, self.owed() - owed, self.income() - income), (0, -360, 360))
            self.env.flush_all()
            facts = self.env["salon.revenue.report"].search([("entry", "=", "breakage")])
            self.assertEqual((facts.mapped("amount_other"), facts.date), ([360], date(2026, 7, 10)))
            with self.assertRaises(AccessError):
                sold.with_user(self.desk).action_correct()
            form = Form(self.env["salon.pass.correct"].with_user(self.manager).with_context(default_pass_id=sold.id))
            form.days = 60
            form.reason = "a promise"
            form.save().action_apply()
            self.assertEqual((sold.state, sold.expiry_date), ("active", date(2026, 8, 1)))
            self.assertEqual((sold.value_left, self.owed() - owed, self.income() - income), (360, 0, 0))

    def test_expired_long_ago_and_accepted(self):
        sold = self.sell()
        with freeze_time("2026-07-10 10:00:00"):
            self.env["salon.pass"]._cron_expire()
            income = self.income()
            visit = self.other_visit("10:00", day="2026-07-10")
            self.use(sold, visit.line_ids, self.manager, reason="a regular")
            self.assertEqual((sold.value_left, self.income() - income), (360, -400))
            visit.action_done()
            self.env["salon.pass"]._cron_expire()
            self.assertEqual((sold.value_left, self.income() - income, self.owed()), (0, 0, 0))

    def test_freeze(self):
        sold = self.sell()
        context = {"default_pass_id": sold.id}
        form = Form(self.env["salon.pass.freeze"].with_user(self.desk).with_context(**context))
        form.date_to = "2026-03-15"
        form.reason = "journey"
        self.assertEqual((form.days, form.expiry_date), (14, date(2026, 6, 16)))
        form.save()
        self.assertEqual((sold.state, sold.expiry_date), ("frozen", date(2026, 6, 16)))
        with self.refused("is frozen until"):
            self.use(sold)
        inside = self.other_visit(day="2026-03-16")
        self.use(sold, inside.line_ids)
        with freeze_time("2026-03-05 10:00:00"):
            sold.with_user(self.desk).action_unfreeze()
            self.assertEqual((sold.state, sold.expiry_date), ("active", date(2026, 6, 5)))
            with self.refused("is not frozen"):
                sold.with_user(self.desk).action_unfreeze()
        freezes = self.env["salon.pass.freeze"].with_user(self.desk)
        for message, start, end in (
            ("frozen in that time already", "2026-03-03", "2026-03-20"),
            ("goes by", "2026-03-10", "2026-03-20"),
            ("Ask a manager", "2026-04-01", "2026-07-01"),
            ("Ask a manager", "2026-03-01", "2026-03-01"),
        ):
            with self.subTest(message), self.refused(message):
                freezes.create({"pass_id": sold.id, "date_from": start, "date_to": end, "reason": "x"})
        freezes.with_user(self.manager).create(
            {"pass_id": sold.id, "date_from": "2026-04-01", "date_to": "2026-07-01", "reason": "illness"}
        )

    def test_told_once_that_it_expires(self):
        self.company.salon_due_user_id = self.desk
        sold = self.sell()
        with freeze_time("2026-05-25 10:00:00"):
            for _night in range(2):
                self.env["salon.pass"]._cron_expire()
        self.assertEqual(len(sold.activity_ids), 1)
        self.assertEqual(sold.activity_ids.user_id, self.desk)

    def test_shared_with_the_family(self):
        sold = self.sell()
        with self.refused("owner only"):
            sold.with_user(self.desk).member_ids = self.dora
        family = self.sell(self.make_pass_product("Family", 400, [(self.cut, 10)], pass_is_shareable=True))
        visit = self.other_visit(client=self.dora)
        self.assertFalse(visit._propose_passes())
        family.with_user(self.desk).member_ids = self.dora
        self.assertEqual(visit._propose_passes(), {visit.line_ids: family.line_ids})
        self.use(family, visit.line_ids)
        self.assertEqual(self.dora.salon_pass_count, 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassRefund(PassCase):
    def test_the_unused_part(self):
        sold = self.sell()
        self.use(sold)
        owed, income = self.owed(), self.income()
        manager = sold.with_user(self.manager)
        with self.refused("worth .*360.00"):
            manager._refund(361, [(self.cash, 361)], "x")
        with self.refused("is to be given back"):
            manager._refund(360, [(self.cash, 10)], "x")
        with self.assertRaises(AccessError):
            sold.with_user(self.desk)._refund(360, [(self.cash, 360)], "x")
        form = Form(self.env["salon.pass.refund"].with_user(self.manager).with_context(default_pass_id=sold.id))
        self.assertEqual((form.limit, form.amount, form.amount_paid), (360, 360, 360))
        form.reason = "moves away"
        form.save().action_apply()
        self.assertEqual((sold.state, sold.value_left, sold.sessions_left), ("refunded", 0, 0))
        self.assertEqual((self.owed() - owed, self.income() - income), (-360, 0))
        with self.refused("Nothing is left"):
            manager._refund(1, [(self.cash, 1)], "x")
        # The visit is still to come; given back, its session can be used again.
        self.visit.action_cancel(self.plans)
        self.assertEqual((sold.state, sold.sessions_left, sold.value_left), ("active", 1, 40))

    def test_with_a_debt_and_a_fee(self):
        self.company.salon_pass_desk_refund = True
        sold = self.sell(paid=100)
        owed, income = self.owed(), self.income()
        sold.with_user(self.desk)._refund(350, [(self.cash, 50)], "changed mind")
        self.assertEqual((sold.amount_due, self.owed() - owed, self.income() - income), (0, -400, 50))
        moves = sold.move_line_id.move_id | sold.move_line_ids.move_id
        self.assertEqual(set(moves.mapped("payment_state")) - {"paid", "in_payment"}, set())

    def test_correct(self):
        sold = self.sell()
        self.use(sold)
        form = Form(self.env["salon.pass.correct"].with_user(self.manager).with_context(default_pass_id=sold.id))
        form.reason = "typed wrong"
        form.partner_id = self.dora
        with form.line_ids.edit(0) as row:
            row.sessions = 5
        form.save().action_apply()
        self.assertEqual((sold.partner_id, sold.sessions_left, sold.value_left), (self.dora, 4, 360))
        form = Form(self.env["salon.pass.correct"].with_user(self.manager).with_context(default_pass_id=sold.id))
        form.reason = "typed wrong"
        with form.line_ids.edit(0) as row:
            row.sessions = 0
        with self.refused("is used already"):
            form.save().action_apply()

    def test_merged_cards_keep_their_passes(self):
        family = self.make_pass_product("Family", 400, [(self.cut, 10)], pass_is_shareable=True)
        sold = self.sell(family, self.dora)
        sold.member_ids = self.clara
        cards = self.clara | self.dora
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge(cards.ids, self.clara, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((sold.partner_id, sold.member_ids), (self.clara, self.clara.browse()))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassDialogs(PassCase):
    def pay_dialog(self, visit=None):
        return Form(
            self.env["salon.visit.pay"].with_user(self.desk).with_context(default_visit_id=(visit or self.visit).id)
        )

    def test_paying_proposes_the_pass(self):
        sold = self.sell()
        form = self.pay_dialog()
        self.assertEqual((len(form.pass_ids), form.amount_due, form.amount_to_pay, form.amount_pass), (1, 120, 120, 50))
        with form.payment_ids.edit(0) as payment:
            self.assertEqual(payment.amount, 120)
        form.save().action_apply()
        self.assertEqual((self.visit.state, *self.money()), ("done", "paid", 120, 0))
        self.assertEqual((sold.sessions_left, self.line_cut.pass_line_id), (9, sold.line_ids))

    def test_no_deposit_for_what_a_pass_pays(self):
        dialog = self.env["salon.visit.deposit"].with_user(self.desk).with_context(default_visit_id=self.visit.id)
        self.assertFalse(Form(dialog).pass_text)
        sold = self.sell()
        text = Form(dialog).pass_text
        self.assertEqual(text, f"Cut can go by {sold.display_name}: no deposit is needed for it.")
        self.line_cut._use_pass(sold.line_ids)
        form = Form(dialog)
        self.assertFalse(form.pass_text)
        form.amount = 121
        with self.refused("is more than the visit still costs: .*120"):
            form.save().action_apply()

    def test_the_amount_follows_the_ticks(self):
        sold = self.sell()
        form = self.pay_dialog()
        with form.pass_ids.edit(0) as row:
            row.is_used = False
        self.assertEqual((form.amount_due, form.amount_to_pay, form.amount_pass), (170, 170, 0))
        with form.payment_ids.edit(0) as payment:
            self.assertEqual(payment.amount, 170)
        form.save().action_apply()
        self.assertEqual((sold.sessions_left, self.visit.amount_paid), (10, 170))

    def test_a_debt_is_settled_by_a_pass(self):
        self.visit.action_done()
        self.assertEqual(self.visit.amount_due, 170)
        self.sell(self.sum_pass)
        form = self.pay_dialog()
        self.assertEqual((len(form.pass_ids), form.amount_due), (2, 0))
        form.save().action_apply()
        self.assertEqual((self.visit.payment_state, self.visit.amount_pass, self.visit.amount_due), ("paid", 170, 0))

    def test_choose_for_each_service(self):
        sold, sums = self.sell(), self.sell(self.sum_pass)
        action = self.desk_visit().action_passes()
        wizard = self.env[action["res_model"]].with_user(self.desk).with_context(**action["context"])
        form = Form(wizard)
        self.assertEqual(len(form.pass_ids), 2)
        with form.pass_ids.edit(0) as row:
            self.assertEqual((row.product_id, row.pass_line_id, row.amount), (self.cut, sold.line_ids, 50))
            row.pass_line_id = sums.line_ids
        form.save().action_apply()
        self.assertEqual((sold.sessions_left, sums.sum_left), (10, 30))
        self.assertEqual(self.visit.amount_due, 0)
        form = Form(wizard)
        with form.pass_ids.edit(1) as row:
            self.assertEqual((row.product_id, row.amount), (self.colour, 120))
            row.pass_line_id = self.env["salon.pass.line"]
        form.save().action_apply()
        self.assertEqual((sums.sum_left, self.visit.amount_due), (150, 120))

    def test_only_a_manager_is_offered_an_expired_pass(self):
        sold = self.sell()
        with freeze_time("2026-06-20 10:00:00"):
            visit = self.other_visit("10:00", day="2026-06-20")
            wizards = self.env["salon.visit.pass"].with_context(default_visit_id=visit.id)
            self.assertFalse(Form(wizards.with_user(self.desk)).pass_ids)
            form = Form(wizards.with_user(self.manager))
            with form.pass_ids.edit(0) as row:
                row.pass_line_id = sold.line_ids
            self.assertTrue(form.has_expired)
            form.reason = "the salon was closed"
            form.save().action_apply()
        self.assertEqual(visit.line_ids.pass_line_id, sold.line_ids)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassRights(PassCase):
    def test_masters_see_passes_of_their_clients_without_prices(self):
        sold, alien = self.sell(), self.sell(partner=self.dora)
        self.use(sold)
        user = self.make_user("master_pass", "master")
        self.anna.user_id = user
        passes = self.env["salon.pass"].with_user(user).search([("id", "in", (sold | alien).ids)])
        self.assertEqual(passes, sold)
        fields = passes.read()[0]
        self.assertEqual((fields["left_text"], fields["sessions_left"]), ("9 of 10 left", 9))
        self.assertFalse({"price_total", "price_untaxed", "value_left", "amount_due", "account_id"} & set(fields))
        self.assertFalse({"amount", "value"} & set(passes.use_ids.read()[0]))
        self.assertNotIn("value", passes.line_ids.read()[0])
        self.assertNotIn("400", "".join(passes.message_ids.mapped("body")))
        for change in ({"note": "x"}, {"member_ids": self.dora.ids}):
            with self.subTest(change), self.assertRaises(AccessError):
                passes.write(change)
        self.assertEqual(self.line_cut.with_user(user).pass_line_id.display_name, f"{sold.name}, Cut: 9 of 10 left")

    def test_nobody_makes_or_deletes_a_pass_by_hand(self):
        sold = self.sell()
        owner = self.make_user("owner_pass", "owner")
        with self.assertRaises(AccessError):
            self.env["salon.pass"].with_user(owner).create({"note": "a gift"})
        with self.refused("refund it instead"):
            sold.sudo().unlink()


@tagged("post_install", "-at_install")
class TestPartValue(PassCase):
    def test_parts_add_up(self):
        spent, values = 0.0, []
        for left in (3, 2, 1):
            values.append(prepaid.part_value(100, spent, 3, left, 1, 0.01))
            spent += values[-1]
        self.assertEqual(values, [33.33, 33.33, 33.34])
        self.assertEqual(prepaid.part_value(100, 66.67, 3, 1, 1, 0.01), 33.33)
        self.assertEqual(prepaid.part_value(150, 0, 200, 200, 120, 0.01), 90)
        self.assertEqual(prepaid.part_value(0.3, 0, 3, 3, 1, 0.1), 0.1)
        self.assertEqual(prepaid.part_value(0, 0, 5, 5, 1, 0.01), 0)
        self.assertEqual(prepaid.part_value(10, 0, 3, 3, 1, 1), 3)
