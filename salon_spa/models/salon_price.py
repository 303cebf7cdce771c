from bisect import bisect_right
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PriceHistory:
    """Dated prices of one company in memory: what held on a day, whoever asks, without another query."""

    def __init__(self):
        self._rows = defaultdict(lambda: ([], []))

    def add(self, key, date_from, price):
        """Rows come in order of ``date_from``; a price of None ends the one before."""
        dates, prices = self._rows[key]
        dates.append(date_from)
        prices.append(price)

    def price(self, day, product_id, grade_id=False, employee_id=False):
        """Return the price that holds on the local date ``day``, or None when there is none of this level."""
        rows = self._rows.get((product_id, grade_id, employee_id))
        if not rows:
            return None
        position = bisect_right(rows[0], day)
        return rows[1][position - 1] if position else None


class SalonPrice(models.Model):
    _name = "salon.price"
    _description = "Dated Price"
    _order = "product_id, date_from desc, id desc"
    _check_company_auto = True

    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        domain=[("is_salon_service", "=", True)],
    )
    grade_id = fields.Many2one(
        "salon.grade", ondelete="cascade", help="Price of the masters of this grade; empty is the general price."
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        domain=[("is_master", "=", True)],
        help="This master's own price.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._salon_today(),
        help="The price holds from this day until the next row of the same level begins.",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(required=True)
    is_inherited = fields.Boolean(
        string="No Own Price",
        help="From this day the level has no price of its own: the next one in line counts again.",
    )
    level = fields.Selection(
        [("base", "List price"), ("grade", "Grade"), ("master", "Master")],
        compute="_compute_level",
        search="_search_level",
        help="The most specific wins: the master's own price, else the grade's, else the client's price list, "
        "else the list price.",
    )

    _one_a_day = models.UniqueIndex(
        "(product_id, COALESCE(grade_id, 0), COALESCE(employee_id, 0), date_from, company_id)",
        "This service already has a price of this level from that day: change that row instead.",
    )
    _one_level = models.Constraint(
        "CHECK (grade_id IS NULL OR employee_id IS NULL)",
        "A price is either a grade's or a master's, not both.",
    )
    _not_negative = models.Constraint("CHECK (price >= 0)", "A price can't be negative.")

    @api.depends("grade_id", "employee_id")
    def _compute_level(self):
        for row in self:
            row.level = "master" if row.employee_id else "grade" if row.grade_id else "base"

    def _search_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "base": [("grade_id", "=", False), ("employee_id", "=", False)],
            "grade": [("grade_id", "!=", False)],
            "master": [("employee_id", "!=", False)],
        }
        return fields.Domain.OR(domains[level] for level in value if level in domains)

    @api.depends("product_id", "grade_id", "employee_id", "date_from")
    def _compute_display_name(self):
        for row in self:
            level = row.employee_id.display_name or row.grade_id.display_name or self.env._("List price")
            row.display_name = f"{row.product_id.display_name}: {level}, {fields.Date.to_string(row.date_from)}"

    @api.constrains("is_inherited", "grade_id", "employee_id")
    def _check_inherited(self):
        for row in self:
            if row.is_inherited and row.level == "base":
                raise ValidationError(
                    self.env._("The list price can't be left out: give a price for a grade or a master, or a new one.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._salon_sync_list_price()
        return rows

    def write(self, vals):
        res = super().write(vals)
        self._salon_sync_list_price()
        return res

    def unlink(self):
        products = self.filtered(lambda row: row.level == "base").product_id
        res = super().unlink()
        products.exists()._salon_sync_list_price()
        return res

    def _salon_sync_list_price(self):
        self.filtered(lambda row: row.level == "base").product_id._salon_sync_list_price()

    @api.model
    def _salon_history(self, product_ids, employee_ids, company):
        """Return the :class:`PriceHistory` of some products: general and grade prices, and those masters' own.

        One query. It reads as superuser: what a client pays doesn't depend on who books.
        """
        rows = self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("product_id", "in", list(product_ids)),
                "|",
                ("employee_id", "=", False),
                ("employee_id", "in", list(employee_ids)),
            ],
            ["product_id", "grade_id", "employee_id", "date_from", "price", "is_inherited"],
            order="date_from, id",
        )
        history = PriceHistory()
        for row in rows:
            key = (row.product_id.id, row.grade_id.id, row.employee_id.id)
            history.add(key, row.date_from, None if row.is_inherited else row.price)
        return history

    @api.model
    def _salon_set(self, changes, date_from, company=None):
        """Write prices that hold from a day on; a row of that very day is replaced.

        :param changes: list of ``(product, grade or None, employee or None, price)``; a price of None means that the
            level has no own price any more.
        :param date_from: local date.
        """
        company = company or self.env.company
        existing = {
            (row.product_id.id, row.grade_id.id, row.employee_id.id): row
            for row in self.search(
                [
                    ("company_id", "=", company.id),
                    ("date_from", "=", date_from),
                    ("product_id", "in", [product.id for product, *_rest in changes]),
                ]
            )
        }
        self._salon_open_history(
            self.env["product.product"].concat(
                *(product for product, grade, employee, _price in changes if not grade and not employee)
            ),
            date_from,
            company,
        )
        to_create = []
        for product, grade, employee, price in changes:
            vals = {"price": price or 0.0, "is_inherited": price is None}
            grade_id, employee_id = grade.id if grade else False, employee.id if employee else False
            row = existing.get((product.id, grade_id, employee_id))
            if row:
                row.write(vals)
            else:
                to_create.append(
                    {
                        **vals,
                        "product_id": product.id,
                        "grade_id": grade_id,
                        "employee_id": employee_id,
                        "date_from": date_from,
                        "company_id": company.id,
                    }
                )
        self.create(to_create)

    @api.model
    def _salon_open_history(self, products, date_from, company):
        """Before a product's first dated list price, keep what it cost until then, so that past dates stay right."""
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("product_id", "in", products.ids),
                ("grade_id", "=", False),
                ("employee_id", "=", False),
                ("date_from", "<=", date_from),
            ]
        ).product_id
        vals_list = []
        for product in products - known:
            born = company._salon_local(product.create_date).date()
            if born < date_from:
                price = product.currency_id._convert(product.lst_price, company.currency_id, company, date_from)
                vals_list.append(
                    {"product_id": product.id, "date_from": born, "price": price, "company_id": company.id}
                )
        self.create(vals_list)

    @api.model
    def _cron_sync_list_price(self):
        """Every day: a list price whose day has come becomes the product's sales price in Odoo."""
        for company in self.env["res.company"].search([]):
            today = company._salon_today()
            # A week back, so that a server that was down catches up.
            rows = self.search(
                [
                    ("company_id", "=", company.id),
                    ("grade_id", "=", False),
                    ("employee_id", "=", False),
                    ("date_from", "<=", today),
                    ("date_from", ">=", fields.Date.subtract(today, days=7)),
                ]
            )
            rows.product_id._salon_sync_list_price()
