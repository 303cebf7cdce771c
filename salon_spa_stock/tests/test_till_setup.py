from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.salon_spa.tests.common import SalonCase

from .common_till import TillCase


@tagged("post_install", "-at_install")
class TestTillSetup(TillCase):
    def programs(self, company=None):
        domain = [("company_id", "=", (company or self.company).id)]
        return self.env["loyalty.program"].with_context(active_test=False).search(domain)

    def test_out_of_the_box(self):
        till, methods = self.till, self.till.payment_method_ids
        self.assertEqual(methods.mapped("name"), ["Cash", "Card", "Bank transfer"])
        self.assertEqual(methods.mapped("type"), ["cash", "bank", "bank"], "nothing is sold on account")
        self.assertEqual(len(methods.journal_id), 3, "each method has a register of its own")
        registers = self.company._salon_registers()
        self.assertLessEqual(methods.journal_id, registers)
        self.assertEqual(registers[:2].mapped("name"), ["Cash", "Card"], "as they are offered where money is taken")
        self.assertEqual(till.tip_product_id.salon_money, "tip")
        self.assertTrue(till.restrict_price_control)
        self.assertFalse(till.manual_discount)
        self.assertEqual(
            sorted(self.programs().mapped("program_type")), ["ewallet", "gift_card", "loyalty", "promo_code"]
        )
        promo = self.programs().filtered(lambda program: program.program_type == "promo_code")
        self.assertFalse(promo.active, "the example waits until somebody wants it")
        points = self.programs().filtered(lambda program: program.program_type == "loyalty")
        self.assertEqual((points.applies_on, points.trigger), ("both", "auto"))
        self.assertEqual(
            (points.rule_ids.reward_point_mode, points.rule_ids.reward_point_amount, points.reward_ids.discount),
            ("money", 1, 0.05),
        )

    def test_in_each_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        methods = self.company._salon_till_methods().with_context(lang="ru_RU")
        self.assertEqual(methods.mapped("name"), self.company.with_context(lang="ru_RU")._salon_method_names())
        self.assertEqual(methods[0].journal_id.name, methods[0].name)
        self.assertNotIn("Card", methods.mapped("name"))
        self.assertIn("Card", methods.with_context(lang="en_US").mapped("name"))
        points = self.programs().filtered(lambda program: program.program_type == "loyalty")
        self.company._salon_name_loyalty(points)
        self.assertEqual((points.name, points.portal_point_name), ("Points", "points"))
        told = points.with_context(lang="ru_RU")
        self.assertEqual((told.name, told.portal_point_name), ("Баллы", "баллов"))
        self.assertEqual(points.reward_ids.description, "Paid with Points")
        self.assertEqual(told.reward_ids.description, "Оплачено баллами")

    def test_a_sum_typed_quickly_is_no_barcode(self):
        parameters = self.env["ir.config_parameter"]
        key = "barcode.max_time_between_keys_in_ms"
        self.assertEqual(parameters.get_param(key), "100")
        parameters.set_param(key, "180")
        self.company._salon_let_people_type()
        self.assertEqual(parameters.get_param(key), "180", "somebody's scanner needs that")

    def test_once(self):
        programs, methods = self.programs(), self.env["pos.payment.method"].search([])
        self.programs().filtered("active")[:1].name = "Ours"
        self.assertEqual(self.company._salon_setup_till(), self.till)
        self.assertEqual((self.programs(), self.env["pos.payment.method"].search([])), (programs, methods))
        self.assertIn("Ours", self.programs().mapped("name"))

    def test_programs_speak_the_company_s_currency(self):
        """Odoo's own gift cards are older than the salon's chart of accounts, and than its currency."""
        cards = self.programs().filtered(lambda program: program.program_type == "gift_card")
        wallet = self.programs().filtered(lambda program: program.program_type == "ewallet")
        foreign = self.env.ref("base.CHF")
        self.env["loyalty.card"].create({"program_id": wallet.id, "points": 5})
        (cards | wallet).currency_id = foreign
        self.company._salon_setup_till()
        self.assertEqual(cards.currency_id, self.company.currency_id, "nobody has a card yet")
        self.assertEqual(wallet.currency_id, foreign, "what clients have stays what it is")
        wallets = self.programs().filtered(lambda program: program.program_type == "ewallet") - wallet
        self.assertEqual(wallets.currency_id, self.company.currency_id)
        self.assertLessEqual(cards | wallets, self.till._get_program_ids())

    def test_owed_and_untaxed(self):
        self.company.account_sale_tax_id = self.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        for kind, xmlid in (("gift_card", "gift_card_product_50"), ("ewallet", "ewallet_product_50")):
            program = self.programs().filtered(lambda program, kind=kind: program.program_type == kind)
            account = self.company._salon_owed_account(kind)
            self.assertEqual(account.account_type, "liability_current")
            for product in self.env.ref(f"loyalty.{xmlid}") | program.reward_ids.discount_line_product_id:
                self.assertEqual(product.product_tmpl_id.get_product_accounts()["income"], account)
                self.assertFalse(product.taxes_id)

    def test_services_stand_on_the_till(self):
        category = self.env.ref("salon_spa_stock.pos_category_service")
        self.assertTrue(self.cut.available_in_pos)
        self.assertEqual(self.cut.pos_categ_ids, category)
        hidden = self.make_service("Consultation", available_in_pos=False)
        self.assertFalse(hidden.available_in_pos)
        own = self.env["pos.category"].create({"name": "Hair"})
        hair = self.make_service("Wash", pos_categ_ids=[Command.set(own.ids)])
        self.assertEqual((hair.available_in_pos, hair.pos_categ_ids), (True, own))
        ten_cuts = self.env["product.template"].create({"name": "Ten Cuts", "salon_money": "pass", "list_price": 400})
        self.assertTrue(ten_cuts.available_in_pos)
        self.assertEqual(ten_cuts.pos_categ_ids, self.env.ref("salon_spa_stock.pos_category_card"))
        for money in ("deposit", "tip", "fee", "debt"):
            self.assertFalse(self.env.ref(f"salon_spa.product_{money}").available_in_pos, money)

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Second salon"})
        with self.assertRaisesRegex(UserError, "no chart of accounts"):
            other._salon_setup_till()
        self.env["account.chart.template"].try_loading("generic_coa", other, install_demo=False)
        till = other._salon_setup_till()
        self.assertEqual(till.company_id, other)
        self.assertEqual(till.payment_method_ids.journal_id.company_id, other)
        self.assertEqual(len(self.programs(other)), 4)
        self.assertNotEqual(other._salon_owed_account("gift_card"), self.company._salon_owed_account("gift_card"))
        self.assertEqual(other._salon_owed_account("gift_card").company_ids, other)

    def test_branch_books_where_its_company_does(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        till = branch._salon_setup_till()
        self.assertEqual(till.payment_method_ids.journal_id.company_id, branch)
        self.assertEqual(branch._salon_owed_account("gift_card"), self.company._salon_owed_account("gift_card"))

    def test_two_tills(self):
        method = self.env["pos.config"]._create_cash_payment_method({"name": "Second drawer"})
        self.env["pos.config"].create({"name": "Spa", "payment_method_ids": [Command.set(method.ids)]})
        action = self.company.with_user(self.desk).action_salon_open_till()
        self.assertEqual(action["res_model"], "pos.config", "the desk chooses which one")


@tagged("post_install", "-at_install")
class TestTillFirstOpening(SalonCase):
    def test_desk_opens_it(self):
        desk = self.make_user("till-desk", "administrator")
        self.assertFalse(self.company.salon_till_id)
        action = self.company.with_user(desk).action_salon_open_till()
        self.assertIn(f"/pos/ui/{self.company.salon_till_id.id}", action["url"])

    def test_settings_set_it_up(self):
        self.env["res.config.settings"].create({}).action_salon_setup_till()
        self.assertTrue(self.company.salon_till_id)


@tagged("post_install", "-at_install")
class TestClientCards(TillCase):
    def give(self, kind, points, client=None, **values):
        program = self.env["loyalty.program"].search(
            [("program_type", "=", kind), ("company_id", "=", self.company.id)], limit=1
        )
        return self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": (client or self.clara).id, "points": points, **values}
        )

    def test_on_the_card(self):
        self.give("loyalty", 120)
        self.give("ewallet", 15.5)
        valid = self.give("gift_card", 30, expiration_date="2099-01-01")
        self.give("gift_card", 70, expiration_date="2020-01-01")
        self.give("gift_card", 0)
        client = self.clara.with_user(self.desk)
        self.assertEqual((client.salon_points, client.salon_wallet_amount, client.salon_gift_amount), (120, 15.5, 30))
        self.assertEqual(len(client.salon_card_ids), 3)
        self.assertIn(valid, client.salon_card_ids)
        self.assertFalse(self.anna.work_contact_id.with_user(self.desk).salon_card_ids)
        with self.assertRaises(AccessError):
            self.clara.with_user(self.make_user("till-master", "master")).read(["salon_points"])

    def test_cards_that_expire_soon(self):
        today = self.company._salon_today()
        soon = self.give("gift_card", 30, expiration_date=today + timedelta(days=20))
        for days in (-1, 40):
            self.give("gift_card", 30, expiration_date=today + timedelta(days=days))
        view = etree.fromstring(self.env["loyalty.card"].get_view(view_type="search")["arch"])
        (domain,) = view.xpath("//filter[@name='expiring_30']/@domain")
        self.assertEqual(self.env["loyalty.card"].search(literal_eval(domain)), soon)

    def test_owed(self):
        self.give("loyalty", 120)
        self.give("gift_card", 70, expiration_date="2020-01-01")
        report = self.env["salon.liability.report"].with_user(self.manager)
        rows = {row.kind: row for row in report.search([("partner_id", "=", self.clara.id)])}
        self.assertEqual((rows["points"].quantity, rows["points"].amount, rows["points"].is_expired), (120, 6.0, False))
        self.assertEqual((rows["gift_card"].amount, rows["gift_card"].is_expired), (70.0, True))
        visit = self.make_visit(self.tomorrow())
        visit._take_deposit(20.0, self.till.payment_method_ids[0].journal_id)
        deposit = report.search([("kind", "=", "deposit"), ("partner_id", "=", self.clara.id)])
        self.assertEqual(
            (deposit.amount, deposit.name, deposit.currency_id), (20.0, visit.name, self.company.currency_id)
        )

    def test_members_and_others(self):
        dora = self.make_client("Dora")
        for day in ("2026-03-02", "2026-03-09"):
            self.make_done_visit(self.at(day, "10:00"))
        self.make_done_visit(self.at("2026-03-03", "10:00"), client=dora)
        self.give("loyalty", 1)
        figures = {
            member: (visits, clients, visits_per_client, ticket, returning)
            for member, visits, clients, visits_per_client, ticket, returning in self.env[
                "salon.visit.report"
            ]._read_group(
                [("partner_id", "in", (self.clara | dora).ids), ("date", ">", "2026-03-02")],
                ["is_member"],
                [
                    "visit_count:count_distinct",
                    "client_count:count_distinct",
                    "visits_per_client:avg",
                    "average_ticket:avg",
                    "returning_share:avg",
                ],
            )
        }
        self.assertEqual(figures, {True: (1, 1, 1, 50, 100), False: (1, 1, 1, 50, 0)})

    def test_taxes_of_another_company_stay(self):
        other = self.env["res.company"].create({"name": "Shop"})
        country = self.company.account_fiscal_country_id
        group = self.env["account.tax.group"].create({"name": "Shop", "company_id": other.id, "country_id": country.id})
        values = {"amount": 20, "tax_group_id": group.id, "country_id": country.id, "company_id": other.id}
        tax = self.env["account.tax"].create({"name": "Shop 20", **values})
        card = self.env.ref("loyalty.gift_card_product_50").product_tmpl_id
        card.taxes_id = [Command.link(tax.id)]
        self.company._salon_setup_till()
        self.assertEqual(card.taxes_id, tax)

    def test_liability_of_a_program_of_all_companies(self):
        domain = [("program_type", "=", "gift_card"), ("company_id", "=", self.company.id)]
        program = self.env["loyalty.program"].search(domain)
        program.company_id = False
        order = self.sell(self.open_session(), (self.env.ref("loyalty.gift_card_product_50"), 1, 75.0))
        values = {"program_id": program.id, "points": 75, "partner_id": self.clara.id}
        self.env["loyalty.card"].create({**values, "source_pos_order_id": order.id})
        self.env.flush_all()
        rows = self.env["salon.liability.report"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual((rows.company_id, rows.amount), (self.company, 75))
