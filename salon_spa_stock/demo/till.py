from odoo import Command, fields


class TillDemo:
    """The demo salon's till: set up, points for who has paid for visits, and a session of this day, closed."""

    def steps(self):
        return [*super().steps(), self.set_up_till, self.work_at_the_till]

    def set_up_till(self):
        self.till = self.company._salon_setup_till()
        program = self.env["loyalty.program"].search(
            [("program_type", "=", "loyalty"), ("company_id", "in", [False, self.company.id])], limit=1
        )
        clients = self.env["res.partner"].search([("is_client_card", "=", True), ("visit_count", ">", 0)])
        self.env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": client.id, "points": client.total_spent}
                for client in clients
                if client.total_spent > 0
            ]
        )

    def work_at_the_till(self):
        """Retail with its sellers and a jar given back, a gift card sold and used, a service with a tip for who walked
        in, a visit if one of this day is not paid yet, and at the end 5,000 too few in the drawer."""
        env = self.env
        desk = env.ref("salon_spa.demo_user_desk")
        self.session = env["pos.session"].with_user(desk).create({"config_id": self.till.id}).sudo()
        self.session.set_opening_control(300_000, "Change in coins and small notes")
        cash, card = self.till.payment_method_ids.sorted("sequence")[:2]
        sellers = list(self.masters[:3])
        shampoo, mask, cream = (self.products[f"retail_{slug}"] for slug in ("shampoo", "mask", "cream"))
        goods = [self.goods(shampoo, sellers[0]), self.goods(mask, sellers[0], 2)]
        sold = self.sell(goods, {cash: 525_000})
        self.give_back(sold.lines.filtered(lambda line: line.product_id == mask), cash)

        giver, guest = self.clients[1], self.clients[2]
        ticket = env.ref("loyalty.gift_card_product_50")
        program = env["loyalty.program"].search(
            [("program_type", "=", "gift_card"), ("company_id", "=", self.company.id)], limit=1
        )
        order = self.sell([self.goods(ticket, price=500_000)], {card: 500_000}, giver)
        code, new = "LOTUS-500", {"program_id": program.id, "coupon_id": -1, "partner_id": giver.id, "points": 500_000}
        order.confirm_coupon_programs({"-1": {**new, "code": code}})
        gift = env["loyalty.card"].search([("code", "=", code)])
        reward = program.reward_ids[:1]
        used = self.goods(reward.discount_line_product_id, price=-320_000)
        used |= {"is_reward_line": True, "reward_id": reward.id, "coupon_id": gift.id, "points_cost": 320_000}
        order = self.sell([self.goods(cream, sellers[1]), used], {}, guest)
        order.confirm_coupon_programs({str(gift.id): {"points": -320_000, "program_id": program.id}})

        cut = self.services["Men's haircut"][:1]
        tip = self.goods(env.ref("salon_spa.product_tip").product_variant_id, price=20_000)
        self.sell([self.goods(cut, sellers[2]), tip], {card: cut.lst_price + 20_000})
        visit = env["salon.visit"].search(
            [("state", "=", "done"), ("date", "=", self.today), ("amount_due", ">", 0), ("is_anonymous", "=", False)],
            order="start",
            limit=1,
        )
        if visit:
            answer = env["salon.visit"].with_user(desk).get_till_visit(visit.id, self.till.id)
            names = {"product_id": "product_id", "qty": "qty", "price_unit": "price_unit", "salon_line_id": "id"}
            names |= {"salon_employee_id": "employee_id", "salon_asked": "amount"}
            lines = [{ours: line[theirs] for ours, theirs in names.items()} for line in answer["lines"]]
            self.sell(lines, {cash: visit.amount_due}, visit.partner_id, visit)
        self.close_till()

    def goods(self, product, seller=None, quantity=1, price=None):
        """Return a line of a receipt as the till sends it; the demo salon's prices have no tax."""
        return {
            "product_id": product.id,
            "qty": quantity,
            "price_unit": product.lst_price if price is None else price,
            "salon_employee_id": seller.id if seller else False,
        }

    def sell(self, lines, payments, client=None, visit=None, **values):
        """Send a paid order as the till does.

        :param payments: ``{pos.payment.method: amount}``
        """
        number = len(self.session.order_ids) + 1
        uuid = f"demo-{self.session.id}-{number}"
        total = sum(line["price_unit"] * line["qty"] for line in lines)
        moment = fields.Datetime.to_string(fields.Datetime.now())
        desk = self.session.user_id
        # The till sends the lines of a refund above zero.
        sign = -1 if values.get("is_refund") else 1
        order = {
            "name": f"Order {number}",
            "uuid": uuid,
            "access_token": uuid,
            "session_id": self.session.id,
            "company_id": self.company.id,
            "user_id": desk.id,
            "partner_id": client.id if client else False,
            "salon_visit_id": visit.id if visit else False,
            "date_order": moment,
            "sequence_number": number,
            "amount_total": total,
            "amount_paid": sum(payments.values()),
            "amount_tax": 0,
            "amount_return": 0,
            "fiscal_position_id": False,
            "pricelist_id": False,
            "to_invoice": False,
            "state": "paid",
            "lines": [
                Command.create(
                    {
                        "tax_ids": [Command.clear()],
                        "discount": 0,
                        "pack_lot_ids": [],
                        "price_subtotal": sign * line["price_unit"] * line["qty"],
                        "price_subtotal_incl": sign * line["price_unit"] * line["qty"],
                        **line,
                    }
                )
                for line in lines
            ],
            "payment_ids": [
                Command.create({"name": moment, "amount": amount, "payment_method_id": method.id})
                for method, amount in payments.items()
            ],
            **values,
        }
        orders = self.env["pos.order"].with_user(desk).with_context(salon_paying=uuid)
        orders.sync_from_ui([order])
        return self.env["pos.order"].search([("uuid", "=", uuid)])

    def give_back(self, line, method):
        """Give one piece of a line back."""
        back = {**self.goods(line.product_id, line.salon_employee_id, -1), "refunded_orderline_id": line.id}
        self.sell([back], {method: -line.price_unit}, is_refund=True)

    def close_till(self):
        session = self.session.with_user(self.env.ref("salon_spa.demo_user_manager"))
        session.post_closing_cash_details(self.session.cash_register_balance_end - 5_000)
        session.update_closing_control_state_session("One note too few: counted twice.")
        session.close_session_from_ui([])
