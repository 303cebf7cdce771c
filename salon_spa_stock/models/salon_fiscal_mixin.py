from odoo import api, models
from odoo.tools import float_round

from odoo.addons.salon_spa.tools import money


class SalonFiscalMixin(models.AbstractModel):
    """What a fiscal receipt says about a paid document, whichever kind it is."""

    _name = "salon.fiscal.mixin"
    _description = "Content of a Fiscal Receipt"

    def _prepare_fiscal_receipt(self):
        """Return the values of this document's receipt, nothing when no money went over the counter."""
        self.ensure_one()
        lines, payments = self._fiscal_lines(), self._fiscal_payments()
        total = sum(line["sum"] for line in lines)
        refund = total < 0 or (not total and sum(payments.values()) < 0)
        if refund:
            lines = [{**line, "sum": -line["sum"]} for line in lines]
            payments = {kind: -amount for kind, amount in payments.items()}
        positions, prepaid = self._fiscal_positions(lines)
        if not positions:
            return {}
        payments["prepaid"] += prepaid
        currency = self.company_id.currency_id
        amount = currency.round(sum(position["sum"] for position in positions))
        client = self.partner_id
        return {
            "uuid": self._fiscal_key(),
            "company_id": self.company_id.id,
            "document_name": self._fiscal_name(),
            "partner_id": client.id,
            "kind": "refund" if refund else "sale",
            "amount": amount,
            "payload": {
                "kind": "refund" if refund else "sale",
                "document": self._fiscal_name(),
                "till": self._fiscal_till(),
                "company": {"name": self.company_id.name, "tax_number": self.company_id.vat or ""},
                "currency": currency.name,
                "total": amount,
                "positions": positions,
                "payments": [
                    {"kind": kind, "sum": currency.round(amount)}
                    for kind, amount in payments.items()
                    if not currency.is_zero(amount)
                ],
                "client": {"name": client.name or "", "phone": client.phone or "", "email": client.email or ""},
            },
        }

    def _fiscal_positions(self, lines):
        """Spread what was taken off over what was sold, to the cent: a receipt has no line below zero.

        :param lines: see ``_fiscal_lines``; those of the object ``payment`` are money given earlier
        :return: ``(positions, sum paid earlier)``
        """
        currency = self.company_id.currency_id
        sold = [line for line in lines if line["sum"] > 0 and line["object"] != "payment"]
        off = -sum(line["sum"] for line in lines if line["sum"] < 0 and line["object"] != "payment")
        prepaid = -sum(line["sum"] for line in lines if line["object"] == "payment")
        shares = money.share(off, [line["sum"] for line in sold], currency.rounding)
        positions = []
        for line, share in zip(sold, shares, strict=True):
            amount, quantity = currency.round(line["sum"] - share), line["quantity"]
            price = float_round(amount / quantity, precision_digits=6) if quantity else amount
            positions.append({**line, "sum": amount, "price": price})
        return [position for position in positions if not currency.is_zero(position["sum"])], currency.round(prepaid)

    @api.model
    def _fiscal_line(self, name, quantity, amount, taxes, kind, master):
        """Return one line.

        :param float amount: with tax, for the whole quantity
        :param taxes: ``account.tax``
        :param str kind: ``service``, ``goods``, ``advance`` (paid ahead), ``tip``, ``debt``,
            ``payment`` (paid earlier, used now)
        :param master: ``hr.employee`` who serves on an own account, or empty
        """
        line = {
            "name": name,
            "quantity": abs(quantity),
            "sum": amount,
            "tax_rate": sum(taxes.filtered(lambda tax: tax.amount_type == "percent").mapped("amount")),
            "object": kind,
        }
        master = master.sudo()
        if master.is_self_employed:
            line["agent"] = {"name": master.name, "tax_number": master.self_employed_number or ""}
        return line

    # What each kind of document says for itself.

    def _fiscal_key(self):
        """Return the key of this document's receipt, which no other document in the world has; asked for once."""
        raise NotImplementedError

    def _fiscal_name(self):
        raise NotImplementedError

    def _fiscal_till(self):
        """Return which till it was, for who has several devices."""
        raise NotImplementedError

    def _fiscal_lines(self):
        """Return all lines as ``_fiscal_line`` makes them, in the company's currency; below zero is given back."""
        raise NotImplementedError

    def _fiscal_payments(self):
        """Return ``{"cash": …, "electronic": …, "prepaid": …, "credit": …}``; below zero is given back."""
        raise NotImplementedError
