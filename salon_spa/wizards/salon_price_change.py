from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ..models.salon_visit_line import CLOSED


class SalonPriceChange(models.TransientModel):
    """New prices from a day on, and what becomes of the visits that are booked already."""

    _name = "salon.price.change"
    _description = "Price Change"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_ids = fields.Many2many("product.product", string="Services", domain=[("is_salon_service", "=", True)])
    scope = fields.Selection(
        [
            ("all", "Every price"),
            ("base", "List price"),
            ("grade", "Prices of grades"),
            ("master", "Prices of masters"),
        ],
        string="Change",
        required=True,
        default="base",
        help="Every price: the list price and all the prices of grades and masters that differ from it.",
    )
    grade_ids = fields.Many2many("salon.grade", string="Grades", help="Empty: every grade.")
    employee_ids = fields.Many2many(
        "hr.employee", string="Masters", domain=[("is_master", "=", True)], help="Empty: every master with the skill."
    )
    method = fields.Selection(
        [("percent", "By percent"), ("fixed", "To a new price")], string="How", required=True, default="percent"
    )
    percent = fields.Float(help="10 makes it dearer by a tenth, -10 cheaper.")
    fixed_price = fields.Monetary(string="New Price")
    rounding = fields.Selection(
        [("0", "No rounding"), ("1", "To 1"), ("5", "To 5"), ("10", "To 10"), ("50", "To 50"), ("100", "To 100")],
        required=True,
        default="0",
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._salon_today())
    future_visits = fields.Selection(
        [("keep", "Keep the prices that clients were told"), ("reprice", "Price them anew")],
        string="Booked Visits",
        required=True,
        default="keep",
        help="Visits from that day on that are not closed. A price entered by hand is never changed.",
    )
    is_preset = fields.Boolean(help="The lines were edited in the price matrix.")
    line_ids = fields.One2many(
        "salon.price.change.line",
        "wizard_id",
        string="Prices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    visit_count = fields.Integer(compute="_compute_affected")
    visit_line_count = fields.Integer(compute="_compute_affected")

    @api.depends(
        "product_ids", "scope", "grade_ids", "employee_ids", "method", "percent", "fixed_price", "rounding", "date_from"
    )
    def _compute_line_ids(self):
        for wizard in self:
            if wizard.is_preset:
                wizard.line_ids = wizard.line_ids
                continue
            commands = [Command.clear()]
            for product, grade, employee, price in wizard._current_prices():
                commands.append(
                    Command.create(
                        {
                            "product_id": product.id,
                            "grade_id": grade.id if grade else False,
                            "employee_id": employee.id if employee else False,
                            "new_price": wizard._new_price(price),
                        }
                    )
                )
            wizard.line_ids = commands

    def _current_prices(self):
        """Return ``[(product, grade or None, employee or None, price)]`` that the header speaks of, on its day."""
        self.ensure_one()
        products = self.product_ids._origin
        company, day = self.company_id, self.date_from or self.company_id._salon_today()
        masters = self.env["hr.employee"].search([("is_master", "=", True), ("company_id", "=", company.id)])
        grades = self.env["salon.grade"].search([])
        history = self.env["salon.price"]._salon_history(set(products.ids), set(masters.ids), company)
        general = products._salon_prices([(product, None, None, day) for product in products], company)
        base = {product: price for product, (price, _source) in zip(products, general, strict=True)}
        result = []
        if self.scope in ("all", "base"):
            result += [(product, None, None, base[product]) for product in products]
        if self.scope in ("all", "grade"):
            for grade in self.grade_ids._origin or grades:
                for product in products:
                    own = history.price(day, product.id, grade_id=grade.id)
                    if own is not None or self.scope == "grade":
                        result.append((product, grade, None, base[product] if own is None else own))
        if self.scope in ("all", "master"):
            chosen = self.employee_ids._origin
            skills = self.env["salon.skill"].search(
                [("employee_id", "in", (chosen or masters).ids), ("product_id", "in", products.ids)]
            )
            able = {(skill.employee_id.id, skill.product_id.id) for skill in skills}
            pairs = [
                (product, employee)
                for employee in chosen or masters
                for product in products
                if (chosen and self.scope == "master")
                or (self.scope == "master" and (employee.id, product.id) in able)
                or history.price(day, product.id, employee_id=employee.id) is not None
            ]
            prices = products._salon_prices([(product, employee, None, day) for product, employee in pairs], company)
            result += [
                (product, None, employee, price)
                for (product, employee), (price, _source) in zip(pairs, prices, strict=True)
            ]
        return sorted(result, key=lambda row: products.ids.index(row[0].id))

    def _new_price(self, price):
        self.ensure_one()
        new = self.fixed_price if self.method == "fixed" else price * (1 + self.percent / 100)
        if self.rounding != "0":
            new = float_round(new, precision_rounding=float(self.rounding))
        return max(self.currency_id.round(new), 0.0)

    @api.depends("date_from", "company_id", "line_ids.product_id", "line_ids.grade_id", "line_ids.employee_id")
    def _compute_affected(self):
        for wizard in self:
            lines = wizard._affected_lines()
            wizard.visit_line_count = len(lines)
            wizard.visit_count = len(lines.visit_id)

    def _affected_lines(self):
        """Return the visit lines not closed, from the day on, whose price comes from one that changes."""
        self.ensure_one()
        base, by_grade, by_master = set(), set(), set()
        for line in self.line_ids:
            product_id = line.product_id._origin.id
            if line.employee_id:
                by_master.add((product_id, line.employee_id._origin.id))
            elif line.grade_id:
                by_grade.add((product_id, line.grade_id._origin.id))
            else:
                base.add(product_id)
        lines = self.env["salon.visit.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("product_id", "in", self.line_ids.product_id._origin.ids),
                ("date", ">=", self.date_from or self.company_id._salon_today()),
                ("state", "not in", CLOSED),
                ("price_source", "!=", "manual"),
            ]
        )
        grades = self.env["hr.employee"]._salon_grades(
            [(line.employee_id.id, line.date) for line in lines if line.employee_id]
        )

        def touched(line):
            product_id = line.product_id.id
            if (product_id, line.employee_id.id) in by_master:
                return True
            if line.price_source != "master" and (
                product_id,
                grades.get((line.employee_id.id, line.date)),
            ) in by_grade:
                return True
            return line.price_source not in ("master", "grade") and product_id in base

        return lines.filtered(touched)

    def action_apply(self):
        """Write the prices from their day on and, when asked, price the later visits anew."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose at least one service whose price changes."))
        if self.date_from < self.company_id._salon_today():
            raise UserError(
                self.env._("A price can't begin in the past, where visits are sold. Choose today or a later day.")
            )
        affected = self._affected_lines()
        self.env["salon.price"]._salon_set(
            [
                (line.product_id, line.grade_id, line.employee_id, None if line.is_inherited else line.new_price)
                for line in self.line_ids
            ],
            self.date_from,
            self.company_id,
        )
        if self.future_visits == "reprice":
            affected._reprice()
        # The matrix wants to know that it was not called off, and from when the prices hold.
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"salon_date_from": fields.Date.to_string(self.date_from)},
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Prices"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class SalonPriceChangeLine(models.TransientModel):
    _name = "salon.price.change.line"
    _description = "Price Change Line"

    wizard_id = fields.Many2one("salon.price.change", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", string="Service", required=True, ondelete="cascade")
    grade_id = fields.Many2one("salon.grade", ondelete="cascade")
    employee_id = fields.Many2one("hr.employee", string="Master", ondelete="cascade")
    level_text = fields.Char(string="Price Of", compute="_compute_old_price")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    old_price = fields.Monetary(
        compute="_compute_old_price", help="What counts on that day before the change, from whatever level."
    )
    new_price = fields.Monetary()
    is_inherited = fields.Boolean(string="No Own Price", help="The next price in line counts again.")

    @api.depends("product_id", "grade_id", "employee_id", "wizard_id.date_from")
    def _compute_old_price(self):
        for wizard, lines in self.grouped("wizard_id").items():
            company, day = wizard.company_id, wizard.date_from or wizard.company_id._salon_today()
            products = lines.product_id._origin
            history = self.env["salon.price"]._salon_history(set(products.ids), set(), company)
            prices = products._salon_prices(
                [(line.product_id, line.employee_id or None, None, day) for line in lines], company
            )
            for line, (price, _source) in zip(lines, prices, strict=True):
                own = None
                if line.grade_id:
                    own = history.price(day, line.product_id._origin.id, grade_id=line.grade_id._origin.id)
                line.old_price = price if own is None else own
                line.level_text = line.employee_id.name or line.grade_id.name or self.env._("List price")
