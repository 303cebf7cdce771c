from odoo import Command, fields

from odoo.addons.salon_spa.tests.common import SalonCase


class TillCase(SalonCase):
    """The small salon with a till: a desk that opens it, products to sell, a client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("till-desk", "administrator")
        cls.manager = cls.make_user("till-manager", "manager")
        cls.shampoo = cls.make_product("Shampoo", 20.0)
        cls.mask = cls.make_product("Hair mask", 30.0, barcode="4006381333931")
        cls.till = cls.company._salon_setup_till()
        cls.company.salon_expense_limit = 100.0

    @classmethod
    def make_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": price,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    def open_session(self, cash=0.0, user=None):
        """Open the till with so much counted in the drawer; return the session."""
        session = self.env["pos.session"].with_user(user or self.desk).create({"config_id": self.till.id})
        session.set_opening_control(cash, None)
        return session.sudo()

    def method(self, name):
        return self.till.payment_method_ids.filtered(lambda method: method.with_context(lang="en_US").name == name)

    def sale(self, session, *lines, payments=None, client=None, uuid=None, **values):
        """Return what the till sends for a sale of ``(product, quantity, price)``, paid by ``{method: amount}``."""
        session = session.sudo()
        total = sum(quantity * price for _product, quantity, price in lines)
        payments = payments or {"Cash": total}
        number = len(session.order_ids) + 1
        return {
            "amount_paid": sum(payments.values()),
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": total,
            "company_id": self.company.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "lines": [
                Command.create(
                    {
                        "product_id": product.id,
                        "qty": quantity,
                        "price_unit": price,
                        "price_subtotal": quantity * price,
                        "price_subtotal_incl": quantity * price,
                        "discount": 0,
                        "tax_ids": [],
                        "pack_lot_ids": [],
                    }
                )
                for product, quantity, price in lines
            ],
            "name": f"Order {number}",
            "partner_id": client.id if client else False,
            "payment_ids": [
                Command.create(
                    {
                        "amount": amount,
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": self.method(name).id,
                    }
                )
                for name, amount in payments.items()
            ],
            "pricelist_id": False,
            "sequence_number": number,
            "session_id": session.id,
            "state": "paid",
            "to_invoice": False,
            "user_id": self.desk.id,
            "uuid": uuid or f"{session.id:05d}-{number:05d}",
            "access_token": f"token-{session.id}-{number}",
            **values,
        }

    def sell(self, session, *lines, **values):
        """Sell at the till as its screen does; return the order."""
        data = self.sale(session, *lines, **values)
        self.env["pos.order"].with_user(self.desk).sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def close(self, session, counted, user=None):
        """Count the drawer and close the session; return what the till's screen is told."""
        session = session.with_user(user or self.desk)
        answer = session.post_closing_cash_details(counted)
        if answer["successful"]:
            session.update_closing_control_state_session("")
            answer = session.close_session_from_ui([])
        return answer
