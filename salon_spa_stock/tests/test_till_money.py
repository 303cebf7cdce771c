from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common_visits import VisitTillCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestTillMoney(VisitTillCase):
    """What is paid at the till counts once and for no more than was paid, whoever sends it and whatever follows."""

    def cashier(self, group="user"):
        """Return somebody of another shop of the company, who has nothing to do with the salon."""
        groups = f"base.group_user,point_of_sale.group_pos_{group}"
        return new_test_user(self.env, login=f"plain-{group}", groups=groups, company_id=self.company.id)

    def invoiced(self, session, lines, payments, **values):
        data = self.receipt(session, lines, payments, to_invoice=True, **values)
        orders = self.env["pos.order"].with_user(self.desk).with_context(salon_paying=data["uuid"], generate_pdf=False)
        orders.sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    # ------------------------------------------------------------------
    # The invoice of a receipt
    # ------------------------------------------------------------------

    def test_pass_of_an_invoiced_receipt(self):
        """The invoice that is asked for at the till, or a month later, sells the pass no second time."""
        product, session = self.make_pass(), self.open_session()
        order = self.invoiced(session, [self.line(product, 400)], {"Card": 400}, client=self.clara)
        passes = self.env["salon.pass"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual((order.account_move.state, len(passes), passes.pos_line_id), ("posted", 1, order.lines))
        later = self.sell(session, [self.line(product, 400)], {"Card": 400}, client=self.clara)
        self.close(session)
        later.with_context(generate_pdf=False).action_pos_order_invoice()
        self.assertEqual(later.account_move.state, "posted")
        self.assertEqual(self.env["salon.pass"].search_count([("partner_id", "=", self.clara.id)]), 2)

    def test_invoice_of_a_receipt_is_given_back_at_the_till(self):
        """A credit note of its invoice would leave the visit paid and the pass to be used."""
        session = self.open_session()
        order = self.invoiced(session, self.visit_lines(self.visit), {"Card": 170}, visit=self.visit)
        plain = self.invoiced(session, [self.line(self.shampoo, 20)], {"Card": 20}, client=self.clara)
        with self.refused("give it back at the till"):
            order.account_move._reverse_moves()
        self.assertEqual(plain.account_move._reverse_moves().move_type, "out_refund")
        back = [
            {**self.line(line.product_id, line.price_unit, -1), "refunded_orderline_id": line.id}
            for line in order.lines
        ]
        self.invoiced(session, back, {"Card": -170}, client=self.clara, is_refund=True)
        self.assertEqual(self.money(), ("refunded", 0, 0))

    def test_fiscal_receipt_of_an_invoiced_receipt(self):
        self.company.write({"salon_fiscal_provider": "http", "salon_fiscal_url": "http://127.0.0.1:9"})
        lines = [*self.visit_lines(self.visit), self.line(self.tip, 20)]
        order = self.invoiced(self.open_session(), lines, {"Card": 190}, visit=self.visit)
        self.assertEqual(order.account_move.payment_state, "paid")
        receipts = self.env["salon.fiscal.receipt"].search([])
        self.assertEqual((receipts.pos_order_id, receipts.move_id.ids), (order, []))

    # ------------------------------------------------------------------
    # What the till may not say
    # ------------------------------------------------------------------

    def test_the_till_does_not_say_what_was_paid(self):
        lines = [
            {**line, "price_unit": 0, "salon_entry": "visit", "salon_amount": line["salon_asked"]}
            for line in self.visit_lines(self.visit)
        ]
        data = self.receipt(self.open_session(), lines, {}, self.visit, salon_is_counted=True)
        with self.refused("A discount above 15% needs a manager"):
            self.sync(data)
        order = self.sync(data, paying=False)
        self.assertIn("needs a manager", order.salon_flag)
        self.assertEqual(self.money(), ("paid", 0, 0))

    def test_what_was_paid_is_not_written_over(self):
        session = self.open_session()
        order = self.sell(session, [self.line(self.cut, 1)], {"On Account": 1}, client=self.clara)
        cut = self.visit.line_ids.sorted("sequence")[0]
        sale = order.with_user(self.desk)
        for record, values in (
            (sale, {"salon_visit_id": self.visit.id}),
            (sale, {"salon_is_counted": False}),
            (sale, {"salon_flag": False}),
            (sale.lines, {"salon_line_id": cut.id}),
            (sale.lines, {"salon_employee_id": self.bella.id}),
            (sale.lines, {"salon_entry": "visit"}),
            (sale.lines, {"salon_amount": 50}),
            (sale.payment_ids, {"salon_receivable_id": self.env["account.move.line"].search([], limit=1).id}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            sale.lines.create({"order_id": sale.id, "product_id": self.cut.id, "salon_entry": "visit", "qty": 1})

    def test_cashier_of_another_shop(self):
        """Who does not work at the front desk takes no money for visits."""
        cashier = self.cashier()
        data = self.receipt(self.open_session(), self.visit_lines(self.visit), visit=self.visit)
        with self.refused("no longer in the visit"):
            self.sync(data, user=cashier)
        order = self.sync(data, paying=False, user=cashier)
        self.assertFalse(order.salon_visit_id)
        self.assertEqual((self.visit.state, self.money()), ("booked", ("unpaid", 0, 170)))

    def test_visits_are_opened_by_the_front_desk_alone(self):
        """Whatever a browser writes: orders tell by superuser's rights what their visits are and cost."""
        other = self.env["res.company"].create({"name": "Other Salon"})
        foreign = self.env["salon.visit"].create({"company_id": other.id, "partner_id": self.clara.id})
        data = self.receipt(self.open_session(), [self.line(self.shampoo, 20)], {}, state="draft")
        order, cashier = self.sync(data), self.cashier()
        service = self.visit.line_ids[0]
        for user, visit in ((cashier, self.visit), (cashier, foreign), (self.desk, foreign)):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                order.with_user(user).write({"salon_visit_id": visit.id})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                order.with_user(user).copy({"salon_visit_id": visit.id})
        for user in (cashier, self.desk):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                order.lines.with_user(user).write({"salon_line_id": service.id})
        order.with_user(self.desk).write({"salon_visit_id": self.visit.id})
        order.lines.with_user(self.desk).write({"salon_line_id": service.id})

    def test_another_shop_gives_a_receipt_of_a_visit_back(self):
        session = self.open_session()
        order = self.pay_visit(session)
        refund = order.with_user(self.cashier("manager"))._refund()
        payment = self.env["pos.make.payment"].with_user(refund.env.user).with_context(active_id=refund.id)
        payment.create({"payment_method_id": self.methods["Cash"].id, "amount": -170}).check()
        self.assertEqual((refund.sudo().salon_visit_id, self.money()), (self.visit, ("refunded", 0, 0)))

    def test_cashier_goes_on_with_an_open_visit(self):
        data = self.receipt(self.open_session(), self.visit_lines(self.visit), visit=self.visit)
        self.sync({**data, "state": "draft", "payment_ids": []})
        self.sync({**data, "lines": []}, user=self.cashier())
        self.assertEqual((self.visit.state, self.money()), ("done", ("paid", 170, 0)))

    def test_other_shops_sell_on_account_as_before(self):
        method = self.env["pos.payment.method"].create({"name": "House"})
        self.till.payment_method_ids |= method
        self.methods["House"] = method
        session = self.open_session()
        with self.refused("Choose the client who will pay later"):
            self.sell(session, [self.line(self.shampoo, 20)], {"House": 20})
        data = self.receipt(session, [self.line(self.shampoo, 20)], {"House": 20})
        order = self.sync(data, user=self.cashier())
        self.assertEqual((order.state, order.salon_flag), ("paid", False))

    def test_other_shops_close_their_tills(self):
        """Open visits are the front desk's affair."""
        self.visit.action_arrive()
        session = self.env["pos.session"].with_user(self.cashier()).create({"config_id": self.till.id})
        session.set_opening_control(0, None)
        session = session.with_user(self.cashier("manager")).with_env(self.env(user=session.env.uid))
        self.assertEqual(session.salon_closing_hint(), {"text": False, "may_close": False})
        self.assertEqual(session.salon_cash_categories(), [])
        self.assertFalse(session.with_user(self.desk).post_closing_cash_details(0)["successful"])
        self.assertTrue(session.post_closing_cash_details(0)["successful"])

    def test_one_line_pays_for_a_service(self):
        cut = self.visit_lines(self.visit)[0]
        order = self.sell(self.open_session(), [cut, cut], visit=self.visit)
        self.assertEqual(order.lines.mapped("salon_entry"), ["visit", "sale"])
        self.assertEqual(self.money(), ("partial", 50, 120))

    def test_deposit_without_a_visit(self):
        """The visit was taken over by somebody else, and the first till goes on."""
        session = self.open_session()
        data = self.receipt(session, [self.line(self.deposit, 40)], {"Card": 40}, self.visit)
        self.sync({**data, "state": "draft", "payment_ids": []})
        self.opened(self.visit, take_over=True)
        with self.refused("open the visit again"):
            self.sync({**data, "lines": [], "salon_visit_id": False})
        order = self.sync({**data, "lines": [], "salon_visit_id": False}, paying=False)
        self.assertIn("Deposits and debts", order.salon_flag)
        with self.refused("open the visit again"):
            self.sell(session, [self.line(self.debt, 70)], client=self.clara)

    # ------------------------------------------------------------------
    # Passes and discounts
    # ------------------------------------------------------------------

    def test_discount_on_what_a_pass_pays_in_part(self):
        values = {"name": "Sum", "salon_money": "pass", "pass_kind": "sum", "pass_sum": 100, "list_price": 100}
        product = self.env["product.template"].create({**values, "taxes_id": False}).product_variant_id
        passes = self.env["salon.pass"].with_user(self.desk)
        sold = passes._sell(product, self.clara, self.company, [(self.cash, 100)]).sudo()
        self.opened(self.visit, use_passes=True)
        lines = self.visit_lines(self.visit)
        self.assertEqual([line["salon_asked"] for line in lines], [0, 70])
        lines[1].update(discount=10, salon_reason_id=self.reason.id)
        order = self.sell(self.open_session(), lines, visit=self.visit)
        self.assertEqual((order.amount_total, order.lines.mapped("salon_amount")), (63, [0, 63]))
        self.assertEqual((sold.sum_left, self.visit.line_ids.mapped("pass_amount")), (0, [50, 50]))
        self.assertEqual(self.money(), ("paid", 63, 0))
        self.assertEqual(self.visit.amount_total, 163)

    def test_a_pass_is_sold_whole(self):
        product, session = self.make_pass(), self.open_session()
        for quantity in (0.01, -1, 1.5):
            lines = [self.line(product, 400, quantity), self.line(self.shampoo, 20)]
            with self.subTest(quantity), self.refused("A pass is sold whole"):
                self.sell(session, lines, client=self.clara)
        self.sell(session, [self.line(product, 400, 0), self.line(self.shampoo, 20)], client=self.clara)
        order = self.sell(session, [self.line(product, 400, 0.01)], client=self.clara, paying=False)
        self.assertIn("sold whole", order.salon_flag)
        self.assertFalse(self.env["salon.pass"].search([("partner_id", "=", self.clara.id)]))
        self.sell(session, [self.line(product, 400, 2)], client=self.clara)
        self.assertEqual(self.env["salon.pass"].search_count([("partner_id", "=", self.clara.id)]), 2)

    def test_passes_given_back_offline(self):
        """The money is out of the drawer: nobody uses them, or is paid for them, once more."""
        session, product = self.open_session(), self.make_pass()
        owed = self.balance(self.company._salon_account("pass"))
        order = self.sell(session, [self.line(product, 400, 2)], client=self.clara)
        passes = self.env["salon.pass"].search([("pos_line_id", "in", order.lines.ids)], order="source_number")
        with self.refused("Ten Cuts is given back in Clients / Passes"):
            self.refund(session, order, {order.lines: 1})
        back = self.refund(session, order, {order.lines: 1}, paying=False)
        self.assertIn("Ten Cuts", back.salon_flag)
        self.assertEqual(passes.mapped("state"), ["active", "refunded"])
        self.assertEqual(passes.mapped("value_left"), [400, 0])
        with self.refused("Nothing is left"):
            passes[1].with_user(self.manager)._refund(400, [(self.cash, 400)], "x")
        self.close(session)
        self.assertEqual(self.balance(self.company._salon_account("pass")) - owed, -400)

    def test_tips_without_a_visit_and_a_credit_note_without_one(self):
        """An accountant's credit note of something else leaves what masters got at the till alone."""
        lines = [self.line(self.shampoo, 20, salon_employee_id=self.anna.id), self.line(self.tip, 10)]
        self.sell(self.open_session(), lines, client=self.clara)
        tips = self.env["salon.tip"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual((tips.employee_id, tips.amount, tips.visit_id.ids), (self.anna, 10, []))
        line = Command.create({"product_id": self.tip.id, "price_unit": 7})
        values = {"move_type": "out_refund", "partner_id": self.clara.id, "invoice_line_ids": [line]}
        self.env["account.move"].create(values).action_post()
        self.assertEqual(self.env["salon.tip"].search([("partner_id", "=", self.clara.id)]), tips)

    def test_what_is_owed_is_not_paid_out(self):
        """Neither a tip nor a debt nor a gift card below zero, which was paid by no receipt."""
        self.company._salon_setup_loyalty()
        session = self.open_session()
        for product in (self.tip, self.debt, self.make_pass(), self.env.ref("loyalty.gift_card_product_50")):
            lines = [*self.visit_lines(self.visit), self.line(product, 50, -1)]
            with self.subTest(product.name), self.refused("can't be below zero"):
                self.sell(session, lines, visit=self.visit)
            with self.subTest(product.name), self.refused("can't be below zero"):
                self.sell(session, [self.line(product, 50, -1)], client=self.clara, is_refund=True)

    # ------------------------------------------------------------------
    # Giving back
    # ------------------------------------------------------------------

    def test_no_more_of_a_tip_than_was_given(self):
        session = self.open_session()
        order = self.pay_visit(session, more=[self.line(self.tip, 5)])
        tip = order.lines.filtered(lambda line: line.product_id == self.tip)
        for amount in (500, 5.01):
            with self.refused("more than what can be given back for Tip: .*5.00"):
                back = self.line(self.tip, amount, -1, refunded_orderline_id=tip.id)
                self.sell(session, [back], is_refund=True, client=self.clara)
        self.refund(session, order, {tip: 1})
        self.assertEqual(self.visit.amount_tip, 0)
        with self.refused("for Tip: .*0.00"):
            self.refund(session, order, {tip: 1})

    def test_refund_is_a_refund_for_the_tax_office(self):
        """The till sends the lines of a refund above zero."""
        self.company.write({"salon_fiscal_provider": "http", "salon_fiscal_url": "http://127.0.0.1:9"})
        session = self.open_session()
        deposit = self.sell(session, [self.line(self.deposit, 40)], visit=self.visit)
        self.refund(session, deposit)
        order = self.pay_visit(session, more=[self.line(self.tip, 5)])
        back = self.refund(session, order)
        self.assertEqual((back.amount_total, min(back.lines.mapped("price_subtotal_incl"))), (-175, 5))
        receipt = self.env["salon.fiscal.receipt"].search([("pos_order_id", "=", back.id)])
        self.assertEqual((receipt.kind, receipt.amount), ("refund", 175))
        self.assertEqual(receipt.payload["payments"], [{"kind": "cash", "sum": 175}])
        self.assertEqual(
            [(position["object"], position["sum"]) for position in receipt.payload["positions"]],
            [("service", 50), ("service", 120), ("tip", 5)],
        )
        receipts = self.env["salon.fiscal.receipt"].search([("kind", "=", "refund")]) - receipt
        self.assertEqual([position["object"] for position in receipts.payload["positions"]], ["advance"])
        report = self.env["salon.day.report"].with_user(self.desk).create({"session_id": session.id})
        [ahead] = [section for section in report._get_sections() if section["title"].startswith("Paid Ahead")]
        self.assertEqual([amount for _text, _count, amount in ahead["rows"]], [0])

    def test_gift_card_given_back(self):
        """What the client has spent of it is not given back, and what is given back can't be spent."""
        self.company._salon_setup_loyalty()
        product, session = self.env.ref("loyalty.gift_card_product_50"), self.open_session()
        order = self.sell(session, [self.line(product, 50)], client=self.clara)
        program = self.env["loyalty.program"].search(
            [("program_type", "=", "gift_card"), ("company_id", "=", self.company.id)], limit=1
        )
        values = {"points": 50, "program_id": program.id, "coupon_id": -1, "partner_id": self.clara.id, "code": "ABC"}
        order.confirm_coupon_programs({"-1": values})
        card = self.env["loyalty.card"].search([("code", "=", "ABC")])
        card.points = 30
        with self.refused("more than what can be given back for Gift Card: .*30.00"):
            self.refund(session, order)
        back = self.line(product, 30, -1, refunded_orderline_id=order.lines.id)
        refund = self.sell(session, [back], is_refund=True, client=self.clara)
        self.assertEqual((refund.amount_total, card.points), (-30, 0))
        self.assertEqual(card.history_ids.sorted("id")[-1:].used, 30)

    def earn(self, order, points):
        """Let the till say what points an order was good for; return the card."""
        program = self.env["loyalty.program"].search(
            [("program_type", "=", "loyalty"), ("company_id", "=", self.company.id)], limit=1
        )
        card = self.env["loyalty.card"].create({"program_id": program.id, "partner_id": self.clara.id, "points": 100})
        order.confirm_coupon_programs({str(card.id): {"points": points, "program_id": program.id}})
        self.assertEqual(card.points, 100 + points)
        return card

    def test_points_follow_what_is_given_back(self):
        """Wherever it is: at the till, in the visit, of the pass; in part for a part."""
        self.company._salon_setup_loyalty()
        session = self.open_session()
        cuts = self.make_pass()
        order = self.pay_visit(session, more=[self.line(self.shampoo, 20, 2), self.line(cuts, 400)])
        card = self.earn(order, 610)
        shampoo = order.lines.filtered(lambda line: line.product_id == self.shampoo)
        refund = self.refund(session, order, {shampoo: 1})
        self.assertEqual(card.points, 690)
        last = card.history_ids.sorted("id")[-1:]
        self.assertEqual((last.used, last.order_model, last.order_id), (20, "pos.order", refund.id))
        cut = self.visit.line_ids.sorted("sequence")[0]
        self.desk_visit()._refund({cut: 30}, [(self.cash, 30)])
        self.assertEqual(card.points, 660)
        sold = self.env["salon.pass"].search([("partner_id", "=", self.clara.id)])
        sold.with_user(self.manager)._refund(400, [(self.cash, 400)], "test")
        self.assertEqual(card.points, 260)
        # The client has spent them in the meantime.
        card.points = 15
        self.desk_visit()._refund({cut: 20}, [(self.cash, 20)])
        self.assertEqual(card.points, 0)
        self.refund(session, order, {shampoo: 1})
        self.assertEqual(card.points, 0)

    def test_points_of_what_is_paid_without_the_till(self):
        """The client earns the same, whoever takes the money, and has them once."""
        self.company._salon_setup_till()
        mine = self.env["loyalty.program"].search(
            [("program_type", "=", "loyalty"), ("company_id", "=", self.company.id)], limit=1
        )
        mine.copy({"company_id": self.env["res.company"].create({"name": "Salon B"}).id})
        self.desk_visit()._pay([(self.cash, 100)], tips=None)
        card = self.env["loyalty.card"].search([("partner_id", "=", self.clara.id), ("points", ">", 0)])
        self.assertEqual((card.program_id, card.points), (mine, 170))
        # The rest is a debt, which was charged already.
        self.desk_visit()._pay([(self.cash, 70)])
        self.assertEqual(card.points, 170)
        sold = self.sell_pass()
        self.assertEqual(card.points, 570)
        cut = self.visit.line_ids.sorted("sequence")[0]
        self.desk_visit()._refund({cut: 25}, [(self.cash, 25)])
        self.assertEqual(card.points, 545)
        sold.with_user(self.manager)._refund(400, [(self.cash, 400)], "test")
        self.assertEqual(card.points, 145)
        self.assertEqual(sum(card.history_ids.mapped("issued")) - sum(card.history_ids.mapped("used")), 145)

    def test_points_by_the_rules(self):
        self.company._salon_setup_till()
        program = self.env["loyalty.program"].search(
            [("program_type", "=", "loyalty"), ("company_id", "=", self.company.id)], limit=1
        )
        program.rule_ids.write({"product_ids": [Command.set(self.colour.ids)], "reward_point_amount": 0.1})
        rows = [(self.cut, 1, 50, 50), (self.colour, 1, 120, 100)]
        self.assertEqual(program._salon_points(rows), 12)
        program.rule_ids.minimum_amount = 110
        self.assertEqual(program._salon_points(rows), 12 if program.rule_ids.minimum_amount_tax_mode == "incl" else 0)
        program.rule_ids.write({"minimum_amount": 0, "minimum_qty": 2})
        self.assertEqual(program._salon_points(rows), 0)
        program.rule_ids.write({"minimum_qty": 1, "reward_point_mode": "unit"})
        self.assertEqual(program._salon_points(rows), 0.1)

    def test_points_that_were_spent_return(self):
        self.company._salon_setup_loyalty()
        session = self.open_session()
        order = self.sell(session, [self.line(self.shampoo, 20, 2)], client=self.clara)
        card = self.earn(order, -60)
        self.refund(session, order, {order.lines: 1})
        self.assertEqual(card.points, 70)

    def test_points_of_another_shop_stay(self):
        """A company without a salon's till refunds as Odoo does, which leaves points alone."""
        self.company._salon_setup_loyalty()
        session = self.open_session()
        order = self.sell(session, [self.line(self.shampoo, 20, 2)], client=self.clara)
        card = self.earn(order, 40)
        self.company.salon_till_id = False
        self.refund(session, order)
        self.assertEqual(card.points, 140)

    def test_discount_given_back_with_what_it_was_for(self):
        """Odoo's own screens give the discount back too; the till's takes it off each line."""
        rewards = [Command.create({"reward_type": "discount", "discount": 10, "discount_applicability": "order"})]
        program = self.env["loyalty.program"].create(
            {"name": "Spring", "trigger": "auto", "rule_ids": [Command.create({})], "reward_ids": rewards}
        )
        reward, session = program.reward_ids, self.open_session()
        product = reward.discount_line_product_id
        off = self.line(product, -10, tax_ids=[Command.set([])], is_reward_line=True, reward_id=reward.id)
        order = self.sell(session, [self.line(self.shampoo, 20, 5), off], client=self.clara)
        sold, discount = order.lines
        self.assertEqual((order.amount_total, sold.salon_amount), (90, 90))
        back = [
            self.line(self.shampoo, 20, -5, refunded_orderline_id=sold.id),
            self.line(product, -10, -1, tax_ids=[Command.set([])], refunded_orderline_id=discount.id),
        ]
        refund = self.sell(session, back, is_refund=True, client=self.clara)
        self.assertEqual((refund.amount_total, refund.lines.mapped("salon_entry")), (-90, ["sale", "discount"]))
        self.assertEqual(self.facts(), [("refund", "product", "", -90), ("sale", "product", "", 90)])

    def test_pass_given_back_in_odoo_s_own_screen(self):
        """Who is asked there can be told no."""
        session = self.open_session()
        order = self.sell(session, [self.line(self.make_pass(), 400)], {"Card": 400}, client=self.clara)
        back = order.with_user(self.manager)._refund()
        context = {"active_id": back.id, "active_ids": back.ids}
        wizard = self.env["pos.make.payment"].with_user(self.manager).with_context(**context).create({})
        with self.refused("Ten Cuts is given back in Clients / Passes"):
            wizard.check()

    def test_product_given_back_and_the_visit_opened_again(self):
        self.visit.line_ids = [Command.create({"product_id": self.shampoo.id, "quantity": 2})]
        before = self.shampoo.qty_available
        session = self.open_session()
        order = self.pay_visit(session)
        sold = order.lines.filtered(lambda line: line.product_id == self.shampoo)
        self.refund(session, order, {sold: 1})
        self.visit.action_reopen()
        self.assertEqual(self.shampoo.qty_available, before)
        self.visit.action_done()
        self.assertEqual(self.shampoo.qty_available - before, -1, "the client has one of two")

    # ------------------------------------------------------------------
    # Stock and books
    # ------------------------------------------------------------------

    def test_product_of_a_visit_is_not_sent_to_the_client_too(self):
        self.visit.line_ids = [Command.create({"product_id": self.shampoo.id, "quantity": 2})]
        more = [self.line(self.shampoo, 20)]
        self.pay_visit(self.open_session(), more=more, shipping_date="2026-03-05")
        moves = self.env["stock.move"].search([("product_id", "=", self.shampoo.id)], order="id")
        self.assertEqual(sorted(moves.mapped("product_uom_qty")), [1, 2])
        self.assertEqual(moves.filtered("salon_sold_line_id").mapped("product_uom_qty"), [2])

    def test_cost_of_a_product_of_a_visit_is_booked(self):
        """As of what is sold beside the visit, where stock is valued with every sale."""
        self.company.inventory_valuation = "real_time"
        values = {"name": "Real time", "property_valuation": "real_time", "property_cost_method": "average"}
        category = self.env["product.category"].create(values)
        self.shampoo.write({"categ_id": category.id, "standard_price": 8})
        place = self.company._salon_stock_location()
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        stocked = {"product_id": self.shampoo.id, "location_id": place.id, "inventory_quantity": 10}
        quants.create(stocked).action_apply_inventory()
        accounts = self.shampoo._get_product_accounts()
        stock, cost = accounts["stock_valuation"], accounts["expense"]
        before = self.balance(stock), self.balance(cost)
        self.visit.line_ids = [Command.create({"product_id": self.shampoo.id, "quantity": 3})]
        session = self.open_session()
        order = self.pay_visit(session, more=[self.line(self.shampoo, 20, 2)])
        sold = order.lines.filtered(lambda line: line.salon_line_id.kind == "product")
        self.refund(session, order, {sold: 1})
        self.close(session)
        self.assertEqual((self.balance(stock) - before[0], self.balance(cost) - before[1]), (-32, 32))
        # The invoice of a receipt books it itself.
        other = self.make_visit(self.at("2026-03-02", "13:00"), client=self.make_client("Dora"))
        other.line_ids = [Command.create({"product_id": self.shampoo.id, "quantity": 2})]
        session = self.open_session()
        self.invoiced(session, self.visit_lines(other), {"Card": other.amount_due}, visit=other)
        self.close(session)
        self.assertEqual((self.balance(stock) - before[0], self.balance(cost) - before[1]), (-48, 48))

    def test_change_is_no_payment(self):
        """The history says what the visit was paid by, not the notes that went over the counter."""
        data = self.receipt(self.open_session(), self.visit_lines(self.visit), {"Cash": 200}, self.visit)
        self.sync({**data, "amount_return": -30})
        paid = self.visit.log_ids.filtered(lambda log: log.event == "paid")
        self.assertEqual(len(paid), 1)
        self.assertIn("170.00", paid.new)

    def test_archived_service_is_loaded(self):
        """Who has booked a service that is offered no more can pay for it."""
        self.cut.available_in_pos = False
        self.cut.product_tmpl_id.action_archive()
        self.open_session()
        line = self.opened(self.visit)["lines"][0]
        templates = self.env["product.template"].with_user(self.desk).with_context(load_archived=True)
        loaded = templates.load_product_from_pos(self.till.id, [["id", "in", [line["product_tmpl_id"]]]], 0, 0)
        self.assertEqual([row["id"] for row in loaded["product.product"]], [line["product_id"]])

    def test_till_of_another_company(self):
        other = self.env["res.company"].create({"name": "Salon B"})
        with self.assertRaises(AccessError):
            other.with_user(self.desk).action_salon_open_till()

    def test_payments_of_an_open_receipt(self):
        """What a cashier has typed into a receipt that is not paid was not received."""
        report = self.env["salon.payment.report"]
        data = self.receipt(self.open_session(), [self.line(self.shampoo, 20)], {"Cash": 5})
        order = self.sync({**data, "state": "draft"})
        self.env.flush_all()
        self.assertEqual(order.payment_ids.amount, 5)
        self.assertFalse(report.search([("company_id", "=", self.company.id)]))

    def test_what_goes_on_account_is_not_received(self):
        self.pay_visit(self.open_session(), payments={"Cash": 100, "On Account": 70})
        sections = self.env["salon.day.report"].with_user(self.desk).create({})._get_sections()
        received = next(section for section in sections if section["title"] == "Money Received")
        self.assertEqual(received["rows"], [("Drawer", 1, 100)])
