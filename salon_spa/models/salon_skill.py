from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SalonSkill(models.Model):
    """A master may perform a service. No row: may not."""

    _name = "salon.skill"
    _description = "Skill"
    _order = "employee_id, product_id"

    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_master", "=", True)],
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_salon_service", "=", True)],
    )
    company_id = fields.Many2one(related="employee_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    active_minutes = fields.Integer(
        string="Own Minutes", help="How long this master works on the client; 0 is the service's own active minutes."
    )
    own_price = fields.Monetary(
        compute="_compute_own_price",
        inverse="_inverse_own_price",
        help="This master's own price of today; 0 is none. A price written here holds from today, "
        "and visits that are already booked keep theirs.",
    )

    _employee_product = models.Constraint("UNIQUE(employee_id, product_id)", "The master already has this skill.")
    _not_negative = models.Constraint("CHECK (active_minutes >= 0)", "A master's own minutes can't be negative.")

    @api.depends("employee_id", "product_id")
    def _compute_display_name(self):
        for skill in self:
            skill.display_name = f"{skill.employee_id.name or ''}: {skill.product_id.display_name or ''}"

    @api.depends("employee_id", "product_id")
    def _compute_own_price(self):
        for company, skills in self.grouped(lambda skill: skill.company_id or self.env.company).items():
            history = self.env["salon.price"]._salon_history(
                set(skills.product_id._origin.ids), set(skills.employee_id._origin.ids), company
            )
            today = company._salon_today()
            for skill in skills:
                skill.own_price = (
                    history.price(
                        today, skill.product_id._origin.id, employee_id=skill.employee_id._origin.id
                    )
                    or 0.0
                )

    def _inverse_own_price(self):
        for company, skills in self.grouped("company_id").items():
            today = company._salon_today()
            history = self.env["salon.price"]._salon_history(
                set(skills.product_id.ids), set(skills.employee_id.ids), company
            )
            changes = []
            for skill in skills:
                now = history.price(today, skill.product_id.id, employee_id=skill.employee_id.id)
                if company.currency_id.compare_amounts(now or 0.0, skill.own_price):
                    changes.append((skill.product_id, None, skill.employee_id, skill.own_price or None))
            if changes:
                self.env["salon.price"]._salon_set(changes, today, company)

    # ---------------------------------------------------------------- the matrix screen

    @api.model
    def _matrix_employees(self):
        """The masters in the order of the columns."""
        return self.env["hr.employee"].search(
            [("is_master", "=", True), ("company_id", "in", self.env.companies.ids)], order="name, id"
        )

    @api.model
    def _matrix_products(self):
        """The services' variants in the order of the rows."""
        products = self.env["product.product"].search(
            [("is_salon_service", "=", True), ("company_id", "in", [False, *self.env.companies.ids])]
        )
        return products.sorted(lambda p: (p.categ_id.complete_name or "", p.name or "", p.id))

    @api.model
    @api.readonly
    def matrix_read(self):
        """Return what the matrix services x masters shows, of the current company and of today.

        ``{"services": [{id, name, category, minutes, price}], "masters": [{id, name, grade}], "grades": [{id, name}],
        "skills": [{service, master, minutes}], "prices": [{service, grade, master, price}], "currency", "can_edit"}``;
        minutes are the active ones, 0 in a skill means the service's; prices are in the company's currency, and only
        levels with a price of their own stand in ``prices``.
        """
        self.check_access("read")
        company = self.env.company
        today = company._salon_today()
        products = self._matrix_products()
        employees = self._matrix_employees()
        grades = self.env["salon.grade"].search([])
        names = {grade.id: grade.name for grade in grades}
        grade_ids = self.env["hr.employee"]._salon_grades([(employee.id, today) for employee in employees])
        base = products._salon_prices([(product, None, None, today) for product in products], company)
        history = self.env["salon.price"]._salon_history(set(products.ids), set(employees.ids), company)
        skills = self.search_fetch(
            [("employee_id", "in", employees.ids), ("product_id", "in", products.ids)],
            ["employee_id", "product_id", "active_minutes"],
        )
        prices = []
        for product in products:
            levels = [(grade.id, False) for grade in grades] + [(False, employee.id) for employee in employees]
            for grade_id, employee_id in levels:
                price = history.price(today, product.id, grade_id=grade_id, employee_id=employee_id)
                if price is not None:
                    prices.append({"service": product.id, "grade": grade_id, "master": employee_id, "price": price})
        return {
            "services": [
                {
                    "id": product.id,
                    "name": product.with_context(display_default_code=False).display_name,
                    "category": product.categ_id.complete_name or "",
                    "minutes": product.active_minutes,
                    "price": price,
                }
                for product, (price, _source) in zip(products, base, strict=True)
            ],
            "masters": [
                {
                    "id": employee.id,
                    "name": employee.name,
                    "grade_id": grade_ids[employee.id, today],
                    "grade": names.get(grade_ids[employee.id, today], ""),
                }
                for employee in employees
            ],
            "grades": [{"id": grade.id, "name": grade.name} for grade in grades],
            "skills": [
                {"service": skill.product_id.id, "master": skill.employee_id.id, "minutes": skill.active_minutes}
                for skill in skills
            ],
            "prices": prices,
            "currency_id": company.currency_id.id,
            "can_edit": self.has_access("write"),
        }

    @api.model
    def matrix_write(self, changes, prices=()):
        """Apply a batch of edits of the matrix, all or none.

        :param changes: list of ``{"service": product.product id, "master": hr.employee id, "allowed": bool,
            "minutes": int}``; minutes 0 means the service's own.
        :param prices: list of ``{"service": id, "grade": id or False, "master": id or False,
            "price": number or None}``; neither grade nor master is the list price, a price of None takes the level's
            own price away. They are not written here: the caller gets the wizard that asks from when they hold.
        :return: an action that opens the price change, or False.
        :raise AccessError: for everybody but managers.
        :raise UserError: for a service or master that is not in the matrix, or a value that makes no sense.
        """
        self.check_access("write")
        masters = [row.get("master") for row in changes]
        masters += [row["master"] for row in prices if row.get("master") not in (None, False)]
        products = self._matrix_known(
            self._matrix_products(), [row.get("service") for row in [*changes, *prices]], self.env._("service")
        )
        employees = self._matrix_known(self._matrix_employees(), masters, self.env._("master"))
        grades = self._matrix_known(
            self.env["salon.grade"].search([]),
            [row["grade"] for row in prices if row.get("grade") not in (None, False)],
            self.env._("grade"),
        )

        existing = {
            (skill.product_id.id, skill.employee_id.id): skill
            for skill in self.search([("product_id", "in", list(products)), ("employee_id", "in", list(employees))])
        }
        to_remove, to_create = self.browse(), []
        for change in changes:
            key = (change["service"], change["master"])
            minutes = change.get("minutes") or 0
            if not isinstance(minutes, int) or not 0 <= minutes <= 24 * 60:
                raise UserError(
                    self.env._(
                        "%(value)s is not a number of minutes for %(service)s.",
                        value=minutes,
                        service=products[change["service"]].display_name,
                    )
                )
            skill = existing.get(key)
            if not change.get("allowed"):
                to_remove |= skill or self.browse()
            elif skill:
                skill.active_minutes = minutes
            else:
                to_create.append({"product_id": key[0], "employee_id": key[1], "active_minutes": minutes})
        to_remove.unlink()
        self.create(to_create)
        if not prices:
            return False
        return self._matrix_price_action(
            [
                (
                    products[row["service"]],
                    grades.get(row.get("grade")),
                    employees.get(row.get("master")),
                    row.get("price"),
                )
                for row in prices
            ]
        )

    @api.model
    def _matrix_known(self, records, ids, label):
        """Return {id: record} of what the client named; refuse ids that the matrix doesn't show."""
        known = {record.id: record for record in records}
        for record_id in ids:
            # Not "in known" alone: 1.0 and True equal the id 1.
            if type(record_id) is not int or record_id not in known:
                raise UserError(
                    self.env._(
                        "The %(what)s number %(id)s is not in the matrix any more. Reload the page and try again.",
                        what=label,
                        id=record_id,
                    )
                )
        return {record_id: known[record_id] for record_id in ids}

    @api.model
    def _matrix_price_action(self, changes):
        wizard = self.env["salon.price.change"].create({"is_preset": True})
        lines = []
        for product, grade, employee, price in changes:
            is_number = isinstance(price, (int, float)) and not isinstance(price, bool)
            if price is not None and (not is_number or price < 0):
                raise UserError(
                    self.env._(
                        "%(value)s is not a price for %(service)s.", value=price, service=product.display_name
                    )
                )
            if price is None and not grade and not employee:
                raise UserError(
                    self.env._("%(service)s needs a list price: write an amount.", service=product.display_name)
                )
            lines.append(
                {
                    "product_id": product.id,
                    "grade_id": grade.id if grade else False,
                    "employee_id": employee.id if employee else False,
                    "new_price": price or 0.0,
                    "is_inherited": price is None,
                }
            )
        wizard.write({"line_ids": [fields.Command.create(line) for line in lines]})
        return wizard._reopen()

    @api.constrains("employee_id", "product_id")
    def _check_is_service(self):
        for skill in self:
            if not skill.product_id.is_salon_service:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not a salon service, so nobody can be skilled in it.",
                        product=skill.product_id.display_name,
                    )
                )
