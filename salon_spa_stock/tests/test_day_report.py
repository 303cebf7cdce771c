import io
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .common_till import TillCase


@tagged("post_install", "-at_install")
class TestDayReport(TillCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._salon_today()
        cls.noon = cls.company._salon_utc(cls.company._salon_local(cls.env.cr.now()).replace(hour=12, minute=0))

    def report(self, user=None, **values):
        return self.env["salon.day.report"].with_user(user or self.desk).create(values)

    def sections(self, report):
        return {
            section["title"]: [(text, count, amount) for text, count, amount in section["rows"]]
            for section in report._get_sections()
        }

    def make_day(self):
        session = self.open_session(cash=100.0)
        session.start_at = session.create_date
        self.sell(session, (self.shampoo, 1, 20.0))
        self.sell(session, (self.mask, 1, 30.0), payments={"Card": 30.0})
        self.sell(session, (self.env.ref("loyalty.gift_card_product_50"), 1, 50.0))
        session.with_user(self.desk).try_cash_in_out(
            "out", 30.0, "Coffee", self.desk.partner_id.id, {"translatedType": "out", "formattedAmount": "30"}
        )
        paid = self.make_visit(self.noon, (self.cut, self.anna))
        paid.line_ids.write({"discount_amount": 5.0, "discount_reason_id": self.ref("salon_spa.reason_discount_loyal")})
        paid.action_done()
        paid.with_user(self.desk)._pay([(session.cash_journal_id, 50.0)], tips={self.anna: 5.0})
        unpaid = self.make_visit(
            self.noon + timedelta(hours=2), (self.colour, self.bella), client=self.make_client("Eva")
        )
        unpaid.action_done()
        arrived = self.make_visit(
            self.noon + timedelta(hours=5), (self.cut, self.bella), client=self.make_client("Fay")
        )
        arrived.action_arrive()
        session.invalidate_recordset()
        return session

    def test_figures(self):
        session = self.make_day()
        sections = self.sections(self.report())
        self.assertEqual(sections["Visits"], [("Done", 2, 165.0), ("Arrived", 1, 50.0)])
        self.assertEqual(sorted(sections["Revenue"]), [("Product", 2, 50.0), ("Service", 2, 165.0)])
        self.assertEqual({type(count) for _text, count, _amount in sections["Revenue"]}, {int}, "pieces are whole")
        self.assertEqual(sections["Money Received"], [("Card", 1, 30.0), ("Cash", 3, 120.0)])
        self.assertEqual(
            sections["Cash in the Drawer"],
            [
                ("Opened with", None, 100.0),
                ("Paid at the till", None, 70.0),
                ("Taken in visits, less expenses", None, 50.0),
                ("Put in, less taken out", None, -30.0),
                ("Expected in the drawer", None, 190.0),
            ],
        )
        self.assertEqual(sections["Cash In and Out"], [("Coffee", None, -30.0)])
        self.assertEqual(sections["Paid Ahead, Less What Was Used"], [("Gift Card", None, 50.0)])
        self.assertEqual(sections["Discounts"], [("Regular client", None, 5.0)])
        self.assertEqual(sections["Tips"], [("Anna", None, 5.0)])
        self.assertEqual(sections["Not Paid"], [("Eva", None, 120.0)])
        self.assertTrue(self.close(session, 188.0, user=self.manager)["successful"])
        rows = self.sections(self.report())["Cash in the Drawer"]
        self.assertEqual(
            rows[-3:], [("Expected in the drawer", None, 190.0), ("Counted", None, 188.0), ("Difference", None, -2.0)]
        )

    def test_discount_of_a_program(self):
        promo = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "promotion",
                "reward_ids": [Command.create({"discount": 10, "discount_mode": "per_order"})],
            }
        )
        session = self.open_session()
        data = self.sale(session, (self.mask, 1, 30.0), (promo.reward_ids.discount_line_product_id, 1, -10.0))
        data["lines"][1][2].update(reward_id=promo.reward_ids.id, is_reward_line=True)
        self.env["pos.order"].with_user(self.desk).sync_from_ui([data])
        sections = self.sections(self.report())
        self.assertEqual(sections["Revenue"], [("Product", 1, 20.0)])
        self.assertEqual(sections["Discounts"], [("Ten off", None, 10.0)])

    def test_paid_by_gift_card(self):
        """What is earned and not received is there too."""
        program = self.env["loyalty.program"].search(
            [("program_type", "=", "gift_card"), ("company_id", "=", self.company.id)], limit=1
        )
        session = self.open_session()
        self.sell(session, (self.env.ref("loyalty.gift_card_product_50"), 1, 50.0))
        data = self.sale(session, (self.mask, 2, 30.0), (program.reward_ids.discount_line_product_id, 1, -20.0))
        data["lines"][1][2].update(reward_id=program.reward_ids.id, is_reward_line=True)
        self.env["pos.order"].with_user(self.desk).sync_from_ui([data])
        sections = self.sections(self.report())
        self.assertEqual(sections["Revenue"], [("Product", 2, 60.0)])
        self.assertEqual(sections["Money Received"], [("Cash", 2, 90.0)])
        self.assertEqual(sections["Paid Ahead, Less What Was Used"], [("Gift Card", None, 30.0)])
        self.assertNotIn("Expenses and Other Income", sections)

    def test_paid_by_pass(self):
        rows = [Command.create({"product_ids": [Command.set(self.cut.ids)], "sessions": 4})]
        values = {"name": "Four Cuts", "salon_money": "pass", "list_price": 160, "taxes_id": False}
        product = self.env["product.template"].create({**values, "pass_entitlement_ids": rows}).product_variant_id
        register = self.company._salon_registers()[:1]
        passes = self.env["salon.pass"].with_user(self.desk)
        sold = passes._sell(product, self.clara, self.company, [(register, 160)])
        visit = self.make_visit(self.noon, (self.cut, self.anna))
        visit.line_ids.with_user(self.desk)._use_pass(sold.line_ids)
        ahead = "Paid Ahead, Less What Was Used"
        self.assertEqual(self.sections(self.report())[ahead], [("Four Cuts", None, 160.0)])
        visit.action_done()
        sections = self.sections(self.report())
        self.assertEqual(sections["Revenue"], [("Service", 1, 40.0)])
        self.assertEqual(sections[ahead], [("Four Cuts", None, 120.0)])

    def test_kept_deposit(self):
        """It is income and no revenue."""
        visit = self.make_visit(self.noon + timedelta(days=2), (self.cut, self.anna)).with_user(self.desk)
        visit._take_deposit(20.0, self.company._salon_registers()[:1])
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        visit._keep_deposit()
        sections = self.sections(self.report())
        self.assertEqual(sections["Expenses and Other Income"], [("Cancellation fee", 1, 20.0)])
        self.assertNotIn("Revenue", sections)

    def test_other_day_is_empty(self):
        self.make_day()
        report = self.report(date=self.today - timedelta(days=400))
        self.assertFalse(report._get_sections())
        self.assertIn("Nothing happened", report.body)

    def test_one_session(self):
        first = self.open_session(cash=10.0)
        self.sell(first, (self.shampoo, 1, 20.0))
        self.close(first, 30.0)
        second = self.open_session(cash=30.0)
        self.sell(second, (self.mask, 2, 30.0))
        received = [("Cash", 1, 60.0)]
        self.assertEqual(self.sections(self.report(session_id=second.id))["Money Received"], received)
        self.assertEqual(self.sections(self.report())["Money Received"], [("Cash", 2, 80.0)])

    def test_pages(self):
        self.make_day()
        report = self.report()
        for name in ("report_day_page", "report_day_narrow_page"):
            page = (
                self.env["ir.actions.report"]
                .with_user(self.desk)
                ._render_qweb_html(f"salon_spa_stock.{name}", report.ids)[0]
            )
            for text in (b"Day Report", b"Coffee", b"Eva", b"190.00"):
                self.assertIn(text, page)
        day = report.date
        report.action_day_before()
        self.assertEqual(report.date, day - timedelta(days=1))
        report.action_day_after()
        self.assertEqual(report.date, day)

    def test_pdf(self):
        """Printed for real, by the program that Odoo prints with."""
        self.make_day()
        printer = self.env["ir.actions.report"].with_user(self.desk).with_context(force_report_rendering=True)
        if printer.get_wkhtmltopdf_state() != "ok":
            self.skipTest("This machine has no wkhtmltopdf.")
        pages = [
            printer._render_qweb_pdf(f"salon_spa_stock.{name}", self.report().ids)
            for name in ("report_day", "report_day_narrow")
        ]
        sizes = []
        for content, kind in pages:
            self.assertEqual(kind, "pdf")
            box = PdfFileReader(io.BytesIO(content)).pages[0].mediabox
            sizes.append((round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)))
        self.assertEqual(sizes[0], (210, 297))
        self.assertEqual(sizes[1][0], 80)

    def test_rights(self):
        master = self.make_user("till-master", "master")
        with self.assertRaises(AccessError):
            self.report(user=master)
        report = self.report()
        other = self.env["res.company"].create({"name": "Another salon"})
        report.company_id = other
        with self.assertRaisesRegex(AccessError, "You don't work in Another salon"):
            report._get_sections()
        with self.assertRaisesRegex(UserError, "another company"):
            report.session_id = self.open_session()
