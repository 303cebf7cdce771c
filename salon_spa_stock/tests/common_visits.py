from odoo import Command, fields

from odoo.addons.salon_spa.tests.test_visit_money import MoneyCase


class VisitTillCase(MoneyCase):
    """A visit of today for 170 by Anna and Bella, and a till with cash, card and the client's account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drawer = cls.env["account.journal"].create({"name": "Drawer", "code": "DRW", "type": "cash"})
        cls.terminal = cls.env["account.journal"].create({"name": "Terminal", "code": "TRM", "type": "bank"})
        methods = cls.env["pos.payment.method"].create(
            [
                {"name": "Cash", "journal_id": cls.drawer.id},
                {"name": "Card", "journal_id": cls.terminal.id},
                {"name": "On Account", "split_transactions": True},
            ]
        )
        cls.methods = {method.name: method for method in methods}
        cls.tip = cls.env.ref("salon_spa.product_tip").product_variant_id
        cls.deposit = cls.env.ref("salon_spa.product_deposit").product_variant_id
        cls.debt = cls.env.ref("salon_spa.product_debt").product_variant_id
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Visits' Till",
                "payment_method_ids": [Command.set(methods.ids)],
                "iface_tipproduct": True,
                "tip_product_id": cls.tip.id,
            }
        )
        cls.company.salon_till_id = cls.till
        cls.manager = cls.make_user("manager_till_visits", "manager")
        cls.cut.available_in_pos = cls.colour.available_in_pos = True
        cls.shampoo = cls.env["product.product"].create(
            {
                "name": "Shampoo",
                "type": "consu",
                "is_storable": True,
                "list_price": 20.0,
                "available_in_pos": True,
                "barcode": "4006381333931",
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def open_session(cls, till=None):
        session = cls.env["pos.session"].with_user(cls.desk).create({"config_id": (till or cls.till).id})
        session.set_opening_control(0, None)
        return session.sudo()

    def close(self, session):
        """Close the session with what should be in the drawer; as a manager, who may leave debts of today."""
        session = session.with_user(self.manager)
        session.post_closing_cash_details(session.sudo().cash_register_balance_end)
        session.update_closing_control_state_session("")
        answer = session.close_session_from_ui([])
        self.assertTrue(answer["successful"], answer)

    def opened(self, visit, **values):
        """Return what the till gets when the desk opens a visit."""
        visits = self.env["salon.visit"].with_user(self.desk)
        return visits.get_till_visit(visit.id, self.till.id, **values)

    def visit_lines(self, visit, deposit=True):
        """Return the lines that the till makes of an opened visit."""
        data = self.opened(visit)
        lines = [
            {
                "product_id": line["product_id"],
                "qty": line["qty"],
                "price_unit": line["price_unit"],
                "tax_ids": [Command.set(line["tax_ids"])],
                "salon_line_id": line["id"],
                "salon_employee_id": line["employee_id"],
                "salon_asked": line["amount"],
                "salon_note": line["note"],
            }
            for line in data["lines"]
        ]
        if deposit and data["deposit"]:
            used = min(data["deposit"], sum(line["amount"] for line in data["lines"]))
            lines.append(self.line(self.deposit, -used))
        return lines

    def line(self, product, price, qty=1, **values):
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == self.company)
        return {
            "product_id": product.id,
            "qty": qty,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
            **values,
        }

    def receipt(self, session, lines, payments=None, visit=None, client=None, **values):
        """Return what the till sends for an order that is paid; in cash when nothing else is said."""
        total = 0.0
        commands = []
        for line in lines:
            taxes = self.env["account.tax"].browse(line["tax_ids"][0][2])
            price = line["price_unit"] * (1 - line.get("discount", 0) / 100)
            result = taxes.compute_all(price, self.company.currency_id, line["qty"])
            total += result["total_included"]
            # The till's refund has lines above zero.
            sign = -1 if values.get("is_refund") else 1
            commands.append(
                Command.create(
                    {
                        "price_subtotal": sign * result["total_excluded"],
                        "price_subtotal_incl": sign * result["total_included"],
                        "discount": 0,
                        "pack_lot_ids": [],
                        **line,
                    }
                )
            )
        total = self.company.currency_id.round(total)
        payments = {"Cash": total} if payments is None else payments
        self.receipts = getattr(self, "receipts", 0) + 1
        client = client if client is not None else visit.partner_id if visit else self.env["res.partner"]
        return {
            "amount_paid": sum(payments.values()),
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": total,
            "company_id": self.company.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "lines": commands,
            "name": f"Order {self.receipts}",
            "partner_id": client.id or False,
            "payment_ids": [
                Command.create(
                    {
                        "amount": amount,
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": self.methods[name].id,
                    }
                )
                for name, amount in payments.items()
                if amount
            ],
            "pricelist_id": False,
            "sequence_number": self.receipts,
            "session_id": session.id,
            "state": "paid",
            "to_invoice": False,
            "user_id": self.desk.id,
            "uuid": f"{session.id:05d}-{self.receipts:05d}",
            "access_token": f"token-{session.id}-{self.receipts}",
            "salon_visit_id": visit.id if visit else False,
            **values,
        }

    def sync(self, data, paying=True, user=None):
        """Send an order as the till does; ``paying``: the cashier stands there and waits."""
        orders = self.env["pos.order"].with_user(user or self.desk)
        if paying:
            orders = orders.with_context(salon_paying=data["uuid"])
        # Odoo changes what it is given.
        orders.sync_from_ui([{**data, "lines": [list(line) for line in data["lines"]]}])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def sell(self, session, lines, payments=None, visit=None, client=None, paying=True, **values):
        return self.sync(self.receipt(session, lines, payments, visit, client, **values), paying)

    def pay_visit(self, session, visit=None, payments=None, more=(), **values):
        """Open a visit at the till, add ``more`` lines and pay it."""
        visit = visit or self.visit
        return self.sell(session, [*self.visit_lines(visit), *more], payments, visit, **values)

    def refund(self, session, order, lines=None, payments=None, **values):
        """Give lines of an order back, as the till's refund screen does; ``{line: quantity}``."""
        lines = lines or {line: line.qty for line in order.lines}
        given = [
            {
                "product_id": line.product_id.id,
                "qty": -quantity,
                "price_unit": line.price_unit,
                "discount": line.discount,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "refunded_orderline_id": line.id,
            }
            for line, quantity in lines.items()
        ]
        return self.sell(session, given, payments, client=order.partner_id, is_refund=True, **values)

    def make_pass(self):
        """Return a pass on sale: ten cuts for 400."""
        rows = [Command.create({"product_ids": [Command.set(self.cut.ids)], "sessions": 10})]
        values = {"name": "Ten Cuts", "salon_money": "pass", "list_price": 400, "taxes_id": False}
        return self.env["product.template"].create({**values, "pass_entitlement_ids": rows}).product_variant_id

    def sell_pass(self):
        """Sell ten cuts to Clara, at the desk."""
        sold = (
            self.env["salon.pass"]
            .with_user(self.desk)
            ._sell(self.make_pass(), self.clara, self.company, [(self.cash, 400)])
        )
        return sold.sudo()

    def facts(self, **domain):
        """Return ``[(entry, kind, master, net)]`` of the fact table, of today, in order."""
        report = self.env["salon.revenue.report"]
        report.invalidate_model()
        rows = report.search(
            [("company_id", "=", self.company.id), *[(key, "=", value) for key, value in domain.items()]]
        )
        return sorted((row.entry, row.kind or "", row.employee_id.name or "", round(row.amount_net, 2)) for row in rows)
