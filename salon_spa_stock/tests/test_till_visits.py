from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_visits import VisitTillCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestTillVisits(VisitTillCase):
    def test_paid_and_done(self):
        session = self.open_session()
        income = self.income()
        order = self.pay_visit(session, payments={"Cash": 100, "Card": 70})
        self.assertEqual(order.state, "paid")
        self.assertFalse(order.salon_flag)
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.visit.line_ids.sorted("sequence").mapped("amount_billed"), [50, 120])
        self.assertEqual(order.lines.mapped("salon_employee_id.name"), ["Anna", "Bella"])
        self.assertEqual(
            self.facts(visit_id=self.visit.id), [("sale", "service", "Anna", 50), ("sale", "service", "Bella", 120)]
        )
        self.close(session)
        self.assertEqual(order.state, "done")
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.income() - income, 170)

    def test_sold_beside_the_visit(self):
        session = self.open_session()
        before = self.shampoo.qty_available
        order = self.pay_visit(session, more=[self.line(self.shampoo, 20, 2, salon_employee_id=self.anna.id)])
        self.assertEqual(order.amount_total, 210)
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(
            self.facts(visit_id=self.visit.id),
            [("sale", "product", "Anna", 40), ("sale", "service", "Anna", 50), ("sale", "service", "Bella", 120)],
        )
        self.close(session)
        self.assertEqual(self.shampoo.qty_available - before, -2)

    def test_product_of_the_visit_leaves_the_stock_once(self):
        self.visit.line_ids = [Command.create({"product_id": self.shampoo.id, "quantity": 2})]
        before = self.shampoo.qty_available
        session = self.open_session()
        order = self.pay_visit(session)
        self.assertEqual((order.amount_total, self.visit.state), (210, "done"))
        self.assertEqual(self.shampoo.qty_available - before, -2)
        sold = order.lines.filtered(lambda line: line.product_id == self.shampoo)
        self.refund(session, order, {sold: 1})
        self.assertEqual(self.shampoo.qty_available - before, -1)
        self.close(session)
        self.assertEqual(self.shampoo.qty_available - before, -1)
        self.visit.action_reopen()
        self.assertEqual(self.shampoo.qty_available, before)

    def test_without_a_visit(self):
        session = self.open_session()
        order = self.sell(session, [self.line(self.cut, 50, salon_employee_id=self.bella.id)])
        self.assertEqual(self.facts(product_id=self.cut.id), [("sale", "service", "Bella", 50)])
        self.refund(session, order)
        self.assertEqual(
            self.facts(product_id=self.cut.id), [("refund", "service", "Bella", -50), ("sale", "service", "Bella", 50)]
        )

    def test_sent_twice(self):
        session = self.open_session()
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        order = self.sync(data)
        logs = self.visit.log_ids
        for state in ("paid", "draft", "cancel"):
            self.assertEqual(self.sync({**data, "state": state}), order)
            self.assertEqual(self.sync({**data, "state": state}, paying=False), order)
        self.assertEqual((order.state, len(order.lines), len(order.payment_ids)), ("paid", 2, 1))
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.visit.log_ids, logs)

    def test_draft_then_paid(self):
        session = self.open_session()
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        order = self.sync({**data, "state": "draft", "payment_ids": []})
        self.assertEqual((order.state, self.money()), ("draft", ("unpaid", 0, 170)))
        held = self.opened(self.visit)["held"]
        self.assertIn("Visits' Till", held["text"])
        self.assertFalse(order.with_user(self.desk).get_till_problems())
        # Somebody else takes it over, and the first till comes too late.
        other = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        self.assertFalse(self.opened(self.visit, take_over=True)["held"])
        self.assertFalse(order.salon_visit_id)
        self.sync(other)
        self.assertEqual(self.money(), ("paid", 170, 0))
        commands = [
            [1, line.id, {"salon_line_id": service.id}]
            for line, service in zip(order.lines, self.visit.line_ids.sorted("sequence"), strict=True)
        ]
        with self.refused("Cut is paid already"):
            self.sync({**data, "lines": commands})

    def test_paid_twice_is_refused(self):
        session = self.open_session()
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        self.desk_visit()._pay([(self.cash, 170)])
        with self.refused("Cut is paid already"):
            self.sync(data)
        self.assertFalse(self.env["pos.order"].search([("uuid", "=", data["uuid"])]))
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_paid_twice_offline(self):
        """The money is in the drawer: it is kept as a sale beside the visit, which can be given back."""
        session = self.open_session()
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        self.desk_visit()._pay([(self.cash, 170)])
        order = self.sync(data, paying=False)
        self.assertEqual(order.state, "paid")
        self.assertIn("Cut is paid already", order.salon_flag)
        self.assertFalse(order.lines.salon_line_id)
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertTrue(self.visit.activity_ids)
        self.visit.action_done()
        self.assertEqual(sum(net for *_key, net in self.facts(visit_id=self.visit.id)), 340)
        self.refund(session, order)
        self.assertEqual(sum(net for *_key, net in self.facts(visit_id=self.visit.id)), 170)
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_late_for_a_visit_that_is_gone(self):
        session = self.open_session()
        gone = self.make_visit(self.at("2026-03-02", "18:00"), book=False)
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        data["lines"][0][2]["salon_line_id"] = gone.line_ids.id
        gone.unlink()
        order = self.sync({**data, "salon_visit_id": gone.id}, paying=False)
        self.assertEqual(order.state, "paid")
        self.assertFalse(order.salon_visit_id | order.lines.salon_line_id.visit_id)
        self.assertEqual(self.money(), ("unpaid", 0, 170))

    def test_service_removed_while_it_is_open_at_the_till(self):
        session = self.open_session()
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        order = self.sync({**data, "state": "draft", "payment_ids": []})
        self.desk_visit().line_ids.filtered(lambda line: line.product_id == self.cut).unlink()
        self.assertRegex(order.with_user(self.desk).get_till_problems()[0], "Cut is no longer in the visit")
        update = {**data, "lines": []}
        with self.refused("Cut is no longer in the visit"):
            self.sync(update)
        self.sync({**data, "lines": []}, paying=False)
        self.assertIn("Cut is no longer in the visit", order.salon_flag)
        self.assertEqual((order.state, self.money()), ("paid", ("paid", 120, 0)))
        self.assertIn(("sale", "service", "Anna", 50), self.facts(visit_id=self.visit.id))

    def test_visit_changed_meanwhile(self):
        session = self.open_session()
        data = self.receipt(session, self.visit_lines(self.visit), visit=self.visit)
        self.visit.line_ids.sorted("sequence")[0].price_unit = 60
        with self.refused("Cut costs .*60.00.* now"):
            self.sync(data)
        order = self.sync(data, paying=False)
        self.assertIn("Cut costs", order.salon_flag)
        # What was sold is true.
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.visit.amount_total, 170)

    def test_discount_at_the_till(self):
        session = self.open_session()
        lines = self.visit_lines(self.visit)
        lines[0]["discount"] = 10
        with self.refused("Give the reason for the discount on Cut"):
            self.sell(session, lines, visit=self.visit)
        lines[0].update(discount=20, salon_reason_id=self.reason.id)
        with self.refused("above 15% needs a manager"):
            self.sell(session, lines, visit=self.visit)
        lines[0]["discount"] = 10
        self.sell(session, lines, visit=self.visit)
        cut = self.visit.line_ids.sorted("sequence")[0]
        self.assertEqual((cut.discount_amount, cut.price_total, cut.discount_reason_id), (5, 45, self.reason))
        self.assertEqual(self.money(), ("paid", 165, 0))
        self.assertEqual(self.visit.state, "done")
        self.assertIn(("sale", "service", "Anna", 45), self.facts(visit_id=self.visit.id))

    def test_deposit_then_visit(self):
        session = self.open_session()
        liability = self.company._salon_account("deposit")
        before = self.balance(liability)
        self.sell(session, [self.line(self.deposit, 40)], {"Card": 40}, self.visit)
        self.assertEqual(self.money(), ("deposit", 40, 130))
        self.assertEqual(self.visit.state, "booked")
        with self.refused("deposit of .*40.00.* is not used"):
            self.sell(session, self.visit_lines(self.visit, deposit=False), visit=self.visit)
        with self.refused("The deposit of .* is .*40.00 now"):
            lines = [*self.visit_lines(self.visit, deposit=False), self.line(self.deposit, -50)]
            self.sell(session, lines, visit=self.visit)
        with self.refused("more than the visit still costs"):
            self.sell(session, [self.line(self.deposit, 131)], visit=self.visit)
        order = self.pay_visit(session)
        self.assertEqual(order.amount_total, 130)
        self.assertEqual((self.money(), self.visit.amount_deposit, self.visit.state), (("paid", 170, 0), 0, "done"))
        self.close(session)
        self.assertEqual(self.balance(liability), before)

    def test_deposit_of_the_desk_at_the_till(self):
        """A deposit taken in the visit is used at the till."""
        self.desk_visit()._take_deposit(40, self.cash)
        order = self.pay_visit(self.open_session())
        self.assertEqual((order.amount_total, self.money()), (130, ("paid", 170, 0)))

    def test_deposit_overlooked_offline(self):
        """The visit stays open, so that the deposit can't be forgotten."""
        self.desk_visit()._take_deposit(40, self.cash)
        order = self.sell(
            self.open_session(), self.visit_lines(self.visit, deposit=False), visit=self.visit, paying=False
        )
        self.assertIn("is not used", order.salon_flag)
        self.assertEqual((self.visit.state, self.visit.amount_deposit), ("booked", 40))

    def test_tips(self):
        session = self.open_session()
        tips = {str(self.anna.id): 5, str(self.bella.id): 15}
        self.pay_visit(session, more=[self.line(self.tip, 20, salon_tips=tips)])
        self.assertEqual((self.money(), self.visit.amount_tip), (("paid", 170, 0), 20))
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.anna: 5, self.bella: 15})
        self.close(session)
        self.assertEqual(self.balance(self.company._salon_account("tip")), -20)

    def test_tips_by_price_unless_said(self):
        order = self.pay_visit(self.open_session(), more=[self.line(self.tip, 17, salon_tips={"no": 3})])
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.anna: 5, self.bella: 12})
        tip = order.lines.filtered(lambda line: line.product_id == self.tip)
        self.refund(order.session_id, order, {tip: 1})
        self.assertEqual((self.visit.amount_tip, sum(self.visit.tip_ids.mapped("amount"))), (0, 0))

    def test_tips_as_the_salon_shares_them(self):
        self.company.salon_tip_split = "equal"
        self.pay_visit(self.open_session(), more=[self.line(self.tip, 17)])
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.anna: 8.5, self.bella: 8.5})
        self.assertEqual(self.till._salon_till_data()["_salon_tip_split"], "equal")

    def test_tips_without_a_visit(self):
        session = self.open_session()
        cut = self.line(self.cut, 50, salon_employee_id=self.anna.id)
        shampoo = self.line(self.shampoo, 20, salon_employee_id=self.bella.id)
        order = self.sell(session, [cut, shampoo, self.line(self.tip, 17)], client=self.clara)
        tip = self.env["salon.tip"].search([("pos_line_id", "in", order.lines.ids)])
        self.assertEqual((tip.employee_id, tip.amount, tip.partner_id), (self.anna, 17, self.clara))
        self.assertEqual((tip.company_id, tip.visit_id.id), (self.company, False))
        said = self.line(self.tip, 9, salon_tips={str(self.bella.id): 9})
        self.sell(session, [self.line(self.shampoo, 20), said])
        owed = self.env["salon.liability.report"].search([("kind", "=", "tip")])
        self.assertEqual(sorted(owed.mapped("amount")), [9, 17])
        self.refund(session, order, {order.lines.filtered(lambda line: line.product_id == self.tip): 1})
        self.close(session)
        waiting = self.env["salon.tip"]._not_paid_out(self.company)
        self.assertEqual((sum(waiting.mapped("amount")), self.balance(self.company._salon_account("tip"))), (9, -9))

    def test_master_chosen_at_the_till(self):
        line = self.visit.line_ids.filtered(lambda line: line.product_id == self.cut)
        visits = self.env["salon.visit"].with_user(self.desk)
        answer = visits.set_till_master(line.id, self.bella.id, self.till.id)
        self.assertEqual(line.employee_id, self.bella)
        self.assertEqual((answer["line"]["employee_id"], answer["line"]["amount"]), (self.bella.id, line.price_total))
        self.assertEqual([master["id"] for master in answer["masters"]], [self.bella.id])

    def test_debt_on_account(self):
        session = self.open_session()
        with self.refused("Choose the client who will pay later"):
            walk_in = self.make_visit(self.at("2026-03-02", "18:00"), client=None, partner_id=False, is_anonymous=True)
            self.pay_visit(session, walk_in, {"On Account": 50})
        self.pay_visit(session, payments={"Cash": 100, "On Account": 70})
        self.assertEqual((self.money(), self.visit.state), (("partial", 100, 70), "done"))
        self.assertEqual(self.opened(self.visit)["open"], 70)
        # A part of it in the same session, before the till's books are closed.
        self.sell(session, [self.line(self.debt, 20)], visit=self.visit)
        self.assertEqual(self.money(), ("partial", 120, 50))
        self.close(session)
        self.assertEqual(self.money(), ("partial", 120, 50))
        session = self.open_session()
        with self.refused("more than the debt"):
            self.sell(session, [self.line(self.debt, 51)], visit=self.visit)
        self.sell(session, [self.line(self.debt, 50)], {"Card": 50}, self.visit)
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.close(session)
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.balance(self.company._salon_account("debt")), 0)
        receivable = self.clara.property_account_receivable_id
        lines = self.env["account.move.line"].search(
            [("partner_id", "=", self.clara.id), ("account_id", "=", receivable.id)]
        )
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_debt_of_an_invoice(self):
        self.desk_visit()._pay([(self.cash, 100)])
        self.visit.action_done()
        session = self.open_session()
        self.sell(session, [self.line(self.debt, 70)], visit=self.visit)
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(
            self.visit.move_ids.filtered(lambda move: move.move_type == "out_invoice").payment_state, "paid"
        )
        self.close(session)
        self.assertEqual(self.balance(self.company._salon_account("debt")), 0)

    def test_refund(self):
        session = self.open_session()
        order = self.pay_visit(session)
        cut, colour = order.lines
        self.refund(session, order, {cut: 1})
        self.assertEqual(self.visit.line_ids.sorted("sequence").mapped("amount_refunded"), [50, 0])
        self.assertEqual(self.money(), ("paid", 120, 0))
        self.assertIn(("refund", "service", "Anna", -50), self.facts(visit_id=self.visit.id))
        with self.refused("more than what can be given back for Cut"):
            self.refund(session, order, {cut: 1})
        self.refund(session, order, {colour: 1})
        self.assertEqual(self.money(), ("refunded", 0, 0))
        self.assertEqual(sum(net for *_key, net in self.facts(visit_id=self.visit.id)), 0)

    def test_given_back_and_charged_anew(self):
        session = self.open_session()
        visit = self.make_visit(self.at("2026-03-02", "20:00"))
        order = self.sell(session, self.visit_lines(visit), visit=visit)
        self.refund(session, order)
        self.assertEqual(self.money(visit), ("refunded", 0, 0))
        visit.action_reopen()
        visit.line_ids.price_unit = 40
        self.assertEqual(self.money(visit), ("unpaid", 0, 40))
        self.sell(session, self.visit_lines(visit), visit=visit)
        self.assertEqual((visit.state, self.money(visit)), ("done", ("paid", 40, 0)))
        self.assertEqual(self.facts(visit_id=visit.id), [("sale", "service", "Anna", 40)])

    def test_half_done_leaves_nothing(self):
        session = self.open_session()
        lines = [*self.visit_lines(self.visit), self.line(self.tip, 20), self.line(self.shampoo, 20)]
        data = self.receipt(session, lines, visit=self.visit)
        stock = self.shampoo.qty_available
        for name in ("_salon_count", "_salon_note_tips", "_salon_log", "_salon_close", "_create_order_picking"):
            with (
                self.subTest(name),
                self.assertRaises(ZeroDivisionError),
                self.env.cr.savepoint(),
                self.patch_to_fail(type(self.env["pos.order"]), name),
            ):
                self.sync(data)
            self.env.invalidate_all()
            self.assertFalse(self.env["pos.order"].search([("uuid", "=", data["uuid"])]))
            self.assertEqual((self.money(), self.visit.state), (("unpaid", 0, 170), "booked"))
            self.assertFalse(self.visit.tip_ids)
            self.assertEqual(self.shampoo.qty_available, stock)
        self.sync(data)
        self.assertEqual((self.money(), self.visit.state), (("paid", 170, 0), "done"))

    def patch_to_fail(self, model, name):
        return patch.object(model, name, side_effect=ZeroDivisionError)

    def test_given_back_in_the_visit_and_at_the_till(self):
        session = self.open_session()
        order = self.pay_visit(session)
        cut = self.visit.line_ids.sorted("sequence")[0]
        self.desk_visit()._refund({cut: 30}, [(self.cash, 30)])
        self.assertEqual((cut.amount_refunded, self.money()), (30, ("paid", 140, 0)))
        with self.refused("more than what can be given back for Cut: .*20.00"):
            self.refund(session, order, {order.lines[0]: 1})

    def test_with_an_invoice(self):
        session = self.open_session()
        lines = self.visit_lines(self.visit)
        data = self.receipt(session, lines, {"Cash": 100, "On Account": 70}, self.visit, to_invoice=True)
        orders = self.env["pos.order"].with_user(self.desk).with_context(salon_paying=data["uuid"], generate_pdf=False)
        orders.sync_from_ui([data])
        order = self.visit.pos_order_ids
        self.assertEqual((order.account_move.state, order.account_move.amount_residual), ("posted", 70))
        self.assertEqual((self.money(), self.visit.state), (("partial", 100, 70), "done"))
        self.sell(session, [self.line(self.debt, 70)], visit=self.visit)
        self.assertEqual((self.money(), order.account_move.amount_residual), (("paid", 170, 0), 0))
        self.close(session)
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_pass_sold_and_used(self):
        product = (
            self.env["product.template"]
            .create(
                {
                    "name": "Ten Cuts",
                    "salon_money": "pass",
                    "list_price": 400,
                    "taxes_id": False,
                    "pass_entitlement_ids": [
                        Command.create({"product_ids": [Command.set(self.cut.ids)], "sessions": 10})
                    ],
                }
            )
            .product_variant_id
        )
        session = self.open_session()
        liability = self.company._salon_account("pass")
        owed = self.balance(liability)
        with self.refused("Choose the client of the pass"):
            self.sell(session, [self.line(product, 400)])
        data = self.receipt(session, [self.line(product, 400)], {"Card": 400}, client=self.clara)
        sale = self.sync(data)
        self.sync(data)
        sold = self.env["salon.pass"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual((len(sold), sold.sessions_left, sold.price_total), (1, 10, 400))
        self.assertFalse(self.facts(product_id=product.id))
        self.assertEqual(len(self.opened(self.visit)["passes"]), 1)
        data = self.opened(self.visit, use_passes=True)
        self.assertEqual((data["passes"], [line["amount"] for line in data["lines"]]), ([], [0, 120]))
        self.assertIn(sold.name, data["lines"][0]["note"])
        order = self.pay_visit(session)
        self.assertEqual((order.amount_total, self.money(), self.visit.state), (120, ("paid", 120, 0), "done"))
        self.assertEqual(sold.sessions_left, 9)
        self.assertIn(sold.name, order.salon_pass_text)
        self.assertIn(("sale", "service", "Anna", 40), self.facts(visit_id=self.visit.id))
        cut = order.lines.filtered(lambda line: line.product_id == self.cut)
        self.refund(session, order, {cut: 1}, {})
        self.assertEqual((sold.sessions_left, self.money()), (10, ("paid", 120, 0)))
        self.assertEqual(sum(net for *_key, net in self.facts(visit_id=self.visit.id)), 120)
        with self.refused("Ten Cuts is given back in Clients / Passes"):
            self.refund(session, sale)
        self.close(session)
        self.assertEqual(self.balance(liability) - owed, -400)

    def make_program(self, kind="promotion", **reward):
        return self.env["loyalty.program"].create(
            {
                "name": "Spring",
                "program_type": kind,
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [
                    Command.create(
                        {"reward_type": "discount", "discount": 10, "discount_applicability": "order", **reward}
                    )
                ],
            }
        )

    def reward_line(self, program, price, **values):
        reward = program.reward_ids
        return self.line(
            reward.discount_line_product_id, price, is_reward_line=True, reward_id=reward.id, tax_ids=[Command.set([])],
            **values,
        )  # fmt: skip

    def test_loyalty_discount(self):
        """A discount of the whole order is a discount of its lines, by the program's name, to the cent."""
        program = self.make_program()
        session = self.open_session()
        more = [self.line(self.shampoo, 20, salon_employee_id=self.anna.id), self.reward_line(program, -19)]
        order = self.pay_visit(session, more=more)
        self.assertEqual(order.amount_total, 171)
        cut, colour = self.visit.line_ids.sorted("sequence")
        self.assertEqual((cut.discount_amount, colour.discount_amount), (5, 12))
        self.assertEqual(cut.discount_campaign_id.name, "Spring")
        self.assertEqual((self.money(), self.visit.amount_total), (("paid", 153, 0), 153))
        self.assertEqual(
            self.facts(visit_id=self.visit.id),
            [("sale", "product", "Anna", 18), ("sale", "service", "Anna", 45), ("sale", "service", "Bella", 108)],
        )
        # What was paid is what is given back.
        sold = order.lines.filtered("salon_line_id")[0]
        with self.refused("50.00 is more than what can be given back for Cut: .*45.00"):
            self.refund(session, order, {sold: 1})
        back = self.line(self.cut, 45, -1, refunded_orderline_id=sold.id)
        self.sell(session, [back], is_refund=True, client=self.clara)
        self.assertEqual((cut.amount_refunded, self.money()), (45, ("paid", 108, 0)))
        income = self.income()
        self.close(session)
        self.assertEqual(self.income() - income, 126)

    def test_loyalty_of_one_product(self):
        program = self.make_program(discount_applicability="specific", discount_product_ids=[Command.set(self.cut.ids)])
        self.pay_visit(self.open_session(), more=[self.reward_line(program, -5)])
        self.assertEqual(self.visit.line_ids.sorted("sequence").mapped("discount_amount"), [5, 0])

    def test_gift_card_pays(self):
        """A gift card takes nothing off the price."""
        program = self.make_program("gift_card", discount_mode="per_point", discount=1)
        order = self.pay_visit(self.open_session(), more=[self.reward_line(program, -100)])
        self.assertEqual(order.amount_total, 70)
        self.assertEqual((self.money(), self.visit.amount_discount), (("paid", 170, 0), 0))
        self.assertEqual(sum(net for *_key, net in self.facts(visit_id=self.visit.id)), 170)

    def test_list(self):
        self.open_session()
        visits = self.env["salon.visit"].with_user(self.desk)
        rows = visits.get_till_visits(self.till.id)
        mine = next(row for row in rows if row["id"] == self.visit.id)
        self.assertEqual(
            (mine["client"], mine["section"], mine["due"], mine["masters"]), ("Clara", "booked", 170, "Anna, Bella")
        )
        self.visit.action_arrive()
        rows = visits.get_till_visits(self.till.id)
        self.assertEqual(next(row for row in rows if row["id"] == self.visit.id)["section"], "pay")
        old = self.make_done_visit(self.at("2026-02-20", "10:00"))
        self.assertNotIn(old.id, [row["id"] for row in visits.get_till_visits(self.till.id)])
        rows = visits.get_till_visits(self.till.id, "clar")
        self.assertEqual(next(row for row in rows if row["id"] == old.id)["section"], "debt")
        self.assertIn(old.id, [row["id"] for row in visits.get_till_visits(self.till.id, "901820")])
        with self.assertRaises(AccessError):
            visits.with_user(self.make_user("till-master", "master")).get_till_visits(self.till.id)

    def test_refused_to_open(self):
        with self.refused("Book .* before taking money"):
            self.opened(self.make_visit(self.at("2026-03-02", "18:00"), book=False))
        with self.refused("gone or belongs to another salon"):
            self.env["salon.visit"].with_user(self.desk).get_till_visit(0, self.till.id)
        with self.assertRaises(UserError):
            self.opened(
                self.make_visit(
                    self.at("2026-03-02", "18:00"),
                    company_id=self.env["res.company"].create({"name": "B"}).id,
                    line_ids=[],
                )
            )

    def test_taxes_to_the_cent(self):
        for included, number in (("tax_included", 1), ("tax_excluded", 2)):
            with self.subTest(included):
                tax = self.env["account.tax"].create(
                    {"name": included, "amount": 19 - number, "price_include_override": included}
                )
                self.cut.taxes_id = tax
                visit = self.make_visit(
                    self.at(f"2026-03-0{3 - number}", "11:00"),
                    (self.cut, self.anna),
                    (self.cut, self.anna),
                    (self.cut, self.anna),
                    partner_id=self.make_client(included).id,
                )
                for price, line in zip((33.33, 47.11, 19.99), visit.line_ids.sorted("sequence"), strict=True):
                    line.price_unit = price
                visit._discount(7.77, self.reason)
                session = self.till.current_session_id or self.open_session()
                order = self.pay_visit(session, visit)
                self.assertEqual(order.amount_total, visit.amount_total)
                self.assertEqual((visit.payment_state, visit.amount_due), ("paid", 0))
                self.assertAlmostEqual(
                    sum(order.lines.mapped("salon_untaxed")), sum(visit.line_ids.mapped("amount_revenue")), 2
                )
