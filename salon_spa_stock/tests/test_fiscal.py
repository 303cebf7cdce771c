from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import common as odoo_tests
from odoo.tests import freeze_time, tagged

from ..tools import fiscal
from .common_till import TillCase
from .common_visits import VisitTillCase
from .fiscal_stand_in import FiscalStandIn


@tagged("post_install", "-at_install")
class TestFiscal(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.printer = FiscalStandIn(token="secret")
        cls.addClassCleanup(cls.printer.close)
        cls.company.write(
            {"salon_fiscal_provider": "http", "salon_fiscal_url": cls.printer.url, "salon_fiscal_token": "secret"}
        )
        cls.receipts = cls.env["salon.fiscal.receipt"]

    def setUp(self):
        super().setUp()
        self.printer.mode = "print"
        self.printer.printed.clear()
        self.printer.requests.clear()
        self.session = self.open_session()

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("salon_spa_stock.cron_send_fiscal_receipts").method_direct_trigger()
        self.receipts.invalidate_model()

    def receipt(self, order):
        return self.receipts.search([("pos_order_id", "=", order.id)])

    def send_later(self, receipt, minutes=60):
        """Let the job run when the time for the next try has come."""
        with freeze_time(receipt.next_try + timedelta(minutes=minutes)):
            self.run_job()

    def test_sale(self):
        order = self.sell(
            self.session,
            (self.cut, 1, 50.0),
            (self.shampoo, 2, 20.0),
            client=self.clara,
            payments={"Cash": 40.0, "Card": 50.0},
        )
        receipt = self.receipt(order)
        self.assertEqual((receipt.state, receipt.kind, receipt.amount), ("to_send", "sale", 90.0))
        self.assertFalse(self.printer.requests, "nothing is sent in the transaction of the sale")
        self.run_job()
        self.assertEqual((receipt.state, receipt.number, receipt.qr), ("printed", "1000", "fn=1000"))
        [(key, payload, headers)] = self.printer.requests
        self.assertEqual((key, headers["Authorization"]), (order.uuid, "Bearer secret"))
        self.assertEqual(
            [(p["name"], p["quantity"], p["price"], p["sum"], p["object"]) for p in payload["positions"]],
            [("Cut", 1, 50.0, 50.0, "service"), ("Shampoo", 2, 20.0, 40.0, "goods")],
        )
        self.assertEqual(payload["payments"], [{"kind": "cash", "sum": 40.0}, {"kind": "electronic", "sum": 50.0}])
        self.assertEqual(payload["total"], 90.0)
        self.assertEqual(payload["client"]["name"], "Clara")
        self.assertEqual(payload["client"]["phone"], self.clara.phone)

    def test_no_printer_no_receipt(self):
        self.company.salon_fiscal_provider = False
        order = self.sell(self.session, (self.shampoo, 1, 20.0))
        self.assertFalse(self.receipt(order))

    def test_same_order_sent_again(self):
        data = self.sale(self.session, (self.shampoo, 1, 20.0))
        orders = self.env["pos.order"].with_user(self.desk)
        for _try in range(3):
            orders.sync_from_ui([{**data, "lines": list(data["lines"])}])
        order = orders.sudo().search([("uuid", "=", data["uuid"])])
        self.assertEqual(len(order), 1)
        self.assertEqual(len(self.receipt(order)), 1)
        self.run_job()
        self.run_job()
        self.assertEqual(len(self.printer.requests), 1)

    def test_answer_lost(self):
        order = self.sell(self.session, (self.shampoo, 1, 20.0))
        receipt = self.receipt(order)
        self.printer.mode = "lost"
        self.run_job()
        self.assertEqual((receipt.state, receipt.attempts, receipt.error), ("to_send", 1, "HTTP 502: Bad gateway"))
        self.printer.mode = "print"
        self.send_later(receipt)
        self.assertEqual((receipt.state, receipt.number, receipt.error), ("printed", "1000", False))
        self.assertEqual(len(self.printer.printed), 1, "printed once")
        self.assertEqual(len(self.printer.requests), 2)

    def test_sent_elsewhere(self):
        """Names and numbers of clients go to the address of the settings and to no other that it names."""
        other = FiscalStandIn()
        self.addCleanup(other.close)
        self.printer.mode, self.printer.other = "elsewhere", other.url
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0), client=self.clara))
        self.run_job()
        self.assertFalse(other.requests)
        self.assertEqual((receipt.state, receipt.attempts), ("to_send", 1))

    def test_waits_longer_each_time(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        self.printer.mode = "error"
        waits = []
        moment = receipt.next_try
        for _try in range(4):
            with freeze_time(moment):
                self.run_job()
                waits.append((receipt.next_try - moment).total_seconds() // 60)
            moment = receipt.next_try
        self.assertEqual(waits, [1, 2, 5, 10])
        self.assertEqual(receipt.error, "HTTP 500: Out of paper")
        with freeze_time(moment - timedelta(minutes=1)):
            self.run_job()
        self.assertEqual(receipt.attempts, 4, "not before its time")

    def test_printed_later(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        self.printer.mode = "queue"
        self.run_job()
        self.assertEqual((receipt.state, receipt.number), ("sent", False))
        self.send_later(receipt)
        self.assertEqual((receipt.state, receipt.number), ("printed", "1000"))

    def test_refused(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        self.printer.mode = "refuse"
        self.run_job()
        self.assertEqual(
            (receipt.state, receipt.error, receipt.next_try), ("failed", "HTTP 422: Unknown tax rate", False)
        )
        self.printer.mode = "print"
        self.run_job()
        self.assertEqual(receipt.state, "failed", "whoever was refused waits for a human")
        receipt.with_user(self.desk).action_send_now()
        self.assertEqual(receipt.state, "printed")
        with self.assertRaisesRegex(UserError, "printed already"):
            receipt.with_user(self.desk).action_send_now()

    def test_wrong_answer(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        self.printer.mode = "garbage"
        answer = receipt.with_user(self.desk).action_send_now()
        self.assertEqual(answer["params"]["type"], "danger")
        self.assertIn("HTTP 200", receipt.error)
        self.assertEqual(receipt.state, "to_send")

    def test_too_slow(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        self.printer.mode, self.printer.delay = "slow", 1.0
        # Odoo's tests lengthen short timeouts: this one is about nothing else.
        real_send = patch.object(requests.Session, "send", odoo_tests._super_send)
        with real_send, patch.object(fiscal, "TIMEOUT", 0.3):
            self.run_job()
        self.assertEqual((receipt.state, receipt.error), ("to_send", "The fiscal printer did not answer in time."))

    def test_nobody_there(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        gone = FiscalStandIn()
        gone.close()
        self.company.salon_fiscal_url = gone.url
        self.run_job()
        self.assertEqual((receipt.state, receipt.error), ("to_send", "The fiscal printer can't be reached."))

    def test_wrong_token(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        self.company.salon_fiscal_token = "wrong"
        self.run_job()
        self.assertEqual((receipt.state, receipt.error), ("failed", "HTTP 401: Wrong token"))

    def test_one_failure_keeps_no_other(self):
        first = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        second = self.receipt(self.sell(self.session, (self.mask, 1, 30.0)))
        self.printer.refused.add(first.uuid)
        self.run_job()
        self.assertEqual((first.state, second.state), ("failed", "printed"))
        self.assertEqual(list(self.printer.printed), [second.uuid])

    def test_refund(self):
        order = self.sell(self.session, (self.shampoo, 2, 20.0))
        refund = order.with_user(self.manager)._refund().sudo()
        line = refund.lines
        self.assertEqual(line.qty, -2)
        payment = (
            self.env["pos.make.payment"]
            .with_user(self.manager)
            .with_context(active_ids=refund.ids, active_id=refund.id)
        )
        payment.create({"payment_method_id": self.method("Cash").id, "amount": -40.0}).check()
        receipt = self.receipt(refund)
        self.assertEqual((receipt.kind, receipt.amount), ("refund", 40.0))
        self.assertEqual(receipt.payload["payments"], [{"kind": "cash", "sum": 40.0}])
        self.assertEqual([(p["quantity"], p["sum"]) for p in receipt.payload["positions"]], [(2, 40.0)])
        self.assertNotEqual(receipt.uuid, self.receipt(order).uuid)

    def test_discount_spread_and_gift_card(self):
        """A discount is taken off what was sold to the cent; a gift card is money given earlier."""
        gift = self.env["loyalty.program"].search(
            [("program_type", "=", "gift_card"), ("company_id", "=", self.company.id)], limit=1
        )
        promo = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "promotion",
                "reward_ids": [Command.create({"discount": 10, "discount_mode": "per_order"})],
            }
        )
        data = self.sale(
            self.session,
            (self.shampoo, 1, 19.99),
            (self.mask, 1, 30.0),
            (self.cut, 1, 50.0),
            (promo.reward_ids.discount_line_product_id, 1, -10.0),
            (gift.reward_ids.discount_line_product_id, 1, -25.0),
            payments={"Card": 64.99},
        )
        data["lines"][3][2].update(reward_id=promo.reward_ids.id, is_reward_line=True)
        data["lines"][4][2].update(reward_id=gift.reward_ids.id, is_reward_line=True)
        self.env["pos.order"].with_user(self.desk).sync_from_ui([data])
        order = self.env["pos.order"].search([("uuid", "=", data["uuid"])])
        payload = self.receipt(order).payload
        sums = [position["sum"] for position in payload["positions"]]
        self.assertEqual(sums, [18.0, 27.0, 44.99])
        self.assertAlmostEqual(sum(sums), 89.99)
        self.assertEqual(payload["payments"], [{"kind": "electronic", "sum": 64.99}, {"kind": "prepaid", "sum": 25.0}])
        self.assertEqual(payload["total"], 89.99)

    def test_gift_card_sold_is_an_advance(self):
        order = self.sell(self.session, (self.env.ref("loyalty.gift_card_product_50"), 1, 50.0))
        [position] = self.receipt(order).payload["positions"]
        self.assertEqual((position["object"], position["sum"]), ("advance", 50.0))

    def test_visit_paid_in_its_own_dialog(self):
        """A bill of a visit has a receipt too; a deposit is an advance, and money given earlier when it is used."""
        self.anna.write({"is_self_employed": True, "self_employed_number": "77-12"})
        cash, card = self.method("Cash").journal_id, self.method("Card").journal_id
        visit = self.make_visit(self.tomorrow())
        visit.with_user(self.desk)._take_deposit(20.0, cash)
        [advance] = self.receipts.search([("move_id", "in", visit.move_ids.ids)])
        self.assertEqual(
            [(p["object"], p["sum"]) for p in advance.payload["positions"]],
            [("advance", 20.0)],
        )
        visit.action_arrive()
        visit.with_user(self.desk)._pay([(cash, 10.0), (card, 25.0)], tips={self.anna: 5.0})
        receipt = self.receipts.search([("move_id", "in", visit.move_ids.ids)]) - advance
        self.assertEqual(
            [(p["object"], p["sum"], p.get("agent")) for p in receipt.payload["positions"]],
            [("service", 50.0, {"name": "Anna", "tax_number": "77-12"}), ("tip", 5.0, None)],
        )
        self.assertEqual(
            receipt.payload["payments"],
            [{"kind": "cash", "sum": 10.0}, {"kind": "electronic", "sum": 25.0}, {"kind": "prepaid", "sum": 20.0}],
        )
        line = visit.line_ids
        visit.with_user(self.desk)._refund({line: 50.0}, [(cash, 50.0)])
        refund = self.receipts.search([("move_id", "in", visit.move_ids.ids)]) - advance - receipt
        self.assertEqual((refund.kind, refund.amount), ("refund", 50.0))
        self.assertEqual(refund.payload["payments"], [{"kind": "cash", "sum": 50.0}])
        # A database of the same name has a bill of the same number.
        self.assertNotIn(self.env.cr.dbname, refund.uuid)
        self.assertNotIn(str(refund.move_id.id), refund.uuid.split("-"))

    def test_address(self):
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.company.salon_fiscal_url = "printer"

    def test_rights(self):
        receipt = self.receipt(self.sell(self.session, (self.shampoo, 1, 20.0)))
        with self.assertRaises(AccessError):
            receipt.with_user(self.desk).write({"state": "printed"})
        with self.assertRaises(AccessError):
            receipt.with_user(self.make_user("till-master", "master")).action_send_now()


@tagged("post_install", "-at_install")
class TestFiscalVisits(VisitTillCase):
    def test_masters_on_own_account(self):
        """A visit that is paid at the till names who served on an own account, and the deposit as given earlier."""
        self.company.write({"salon_fiscal_provider": "http", "salon_fiscal_url": "http://127.0.0.1:9"})
        self.bella.write({"is_self_employed": True, "self_employed_number": "77-13"})
        self.desk_visit()._take_deposit(20, self.cash)
        order = self.pay_visit(self.open_session())
        receipt = self.env["salon.fiscal.receipt"].search([("pos_order_id", "=", order.id)])
        self.assertEqual(
            [(p["name"], p["sum"], p["object"], p.get("agent")) for p in receipt.payload["positions"]],
            [
                ("Cut", 50.0, "service", None),
                ("Colour", 120.0, "service", {"name": "Bella", "tax_number": "77-13"}),
            ],
        )
        self.assertEqual(
            receipt.payload["payments"], [{"kind": "cash", "sum": 150.0}, {"kind": "prepaid", "sum": 20.0}]
        )
