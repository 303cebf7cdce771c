from odoo import api, fields, models
from odoo.exceptions import ValidationError

MINUTES_FIELDS = ("prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes")


class ProductProduct(models.Model):
    _inherit = "product.product"

    prep_minutes = fields.Integer(
        string="Preparation", help="Minutes of the master before the client's time begins."
    )
    active_minutes = fields.Integer(string="Active Phase", help="Minutes the master works on the client.")
    processing_minutes = fields.Integer(
        string="Processing", help="Minutes the client waits, a colour takes for instance; the master is free."
    )
    finishing_minutes = fields.Integer(string="Finishing", help="Minutes the master works after the wait.")
    cleanup_minutes = fields.Integer(string="Clean-up", help="Minutes of the master after the client's time ends.")
    service_minutes = fields.Integer(
        string="Client's Time",
        compute="_compute_service_minutes",
        store=True,
        help="Minutes that the client is told: active, processing and finishing.",
    )
    periodicity_days = fields.Integer(
        string="Periodicity", help="Days after which the service is due again; 0 is not periodic."
    )
    duration_text = fields.Char(string="Duration", compute="_compute_duration_text")
    salon_skill_ids = fields.One2many(
        "salon.skill", "product_id", string="Skills", groups="salon_spa.group_salon_master"
    )

    _salon_minutes = models.Constraint(
        """CHECK (COALESCE(prep_minutes, 0) >= 0 AND COALESCE(active_minutes, 0) >= 0
            AND COALESCE(processing_minutes, 0) >= 0 AND COALESCE(finishing_minutes, 0) >= 0
            AND COALESCE(cleanup_minutes, 0) >= 0)""",
        "The minutes of a service can't be negative.",
    )
    _salon_periodicity = models.Constraint(
        "CHECK (COALESCE(periodicity_days, 0) >= 0)",
        "The periodicity is a number of days; 0 means that the service is not periodic.",
    )

    @api.depends("active_minutes", "processing_minutes", "finishing_minutes")
    def _compute_service_minutes(self):
        for product in self:
            product.service_minutes = (
                product.active_minutes + product.processing_minutes + product.finishing_minutes
            )

    @api.depends(*MINUTES_FIELDS)
    @api.depends_context("lang")
    def _compute_duration_text(self):
        for product in self:
            product.duration_text = self._format_phases({name: product[name] for name in MINUTES_FIELDS})

    @api.model
    def _format_phases(self, phases):
        """Return the minutes by field name in one line: "5 + 40 | 30 wait | 15 + 5 = 95 min, client 85 min"."""
        prep, active, processing, finishing, cleanup = (phases[name] for name in MINUTES_FIELDS)
        client = active + processing + finishing
        total = prep + client + cleanup
        if not total:
            return ""
        if total == client and not processing:
            return self.env._("%(minutes)d min", minutes=total)
        before = " + ".join(str(minutes) for minutes in (prep, active) if minutes)
        after = " + ".join(str(minutes) for minutes in (finishing, cleanup) if minutes)
        if processing:
            wait = self.env._("%(minutes)d wait", minutes=processing)
            chain = " | ".join(part for part in (before, wait, after) if part)
        else:
            chain = " + ".join(part for part in (before, after) if part)
        return self.env._(
            "%(phases)s = %(total)d min, client %(client)d min", phases=chain, total=total, client=client
        )

    @api.constrains(*MINUTES_FIELDS)
    def _check_salon_minutes(self):
        if self.env.context.get("salon_minutes_later"):
            return
        for product in self:
            if product.is_salon_service and product.service_minutes <= 0:
                raise ValidationError(
                    self.env._(
                        "“%(service)s” needs a duration: give the minutes of its active phase.",
                        service=product.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A variant added to a service starts as its sibling: same minutes, same periodicity, same masters.

        Prices are not taken over: the attribute's extra price is what makes the variant dearer.
        """
        siblings = self._salon_siblings([vals["product_tmpl_id"] for vals in vals_list if vals.get("product_tmpl_id")])
        names = (*MINUTES_FIELDS, "periodicity_days")
        alone = [not vals.get("product_tmpl_id") for vals in vals_list]
        for vals in vals_list:
            if vals.get("is_salon_service"):
                # Before the default of goods is filled in.
                vals.setdefault("type", "service")
            sibling = siblings.get(vals.get("product_tmpl_id"))
            if sibling and not any(vals.get(name) for name in names):
                vals.update({name: sibling[name] for name in names})
        products = super().create(vals_list)
        skills = []
        for product in products:
            for skill in siblings.get(product.product_tmpl_id.id, self.browse()).sudo().salon_skill_ids:
                skills.append(
                    {
                        "product_id": product.id,
                        "employee_id": skill.employee_id.id,
                        "active_minutes": skill.active_minutes,
                    }
                )
        self.env["salon.skill"].sudo().create(skills)
        # Variants of a template get their minutes right after this and are checked there.
        singles = self.browse(product.id for product, single in zip(products, alone, strict=True) if single)
        singles._check_salon_minutes()
        return products

    def write(self, vals):
        res = super().write(vals)
        if "periodicity_days" in vals:
            self.env["salon.cadence"]._rhythm_changed(self)
        return res

    @api.model
    def _salon_siblings(self, template_ids):
        """Return {template id: a variant of the salon service that a new variant takes after}."""
        variants = self.with_context(active_test=False).search(
            [("product_tmpl_id", "in", template_ids), ("is_salon_service", "=", True)], order="active desc, id"
        )
        siblings = {}
        for variant in variants:
            siblings.setdefault(variant.product_tmpl_id.id, variant)
        return siblings

    # ---------------------------------------------------------------- phases

    def _salon_phases(self, employee=None, date=None):
        """Return the minutes of each phase as a dict keyed by field name, the master's own active time applied.

        :param employee: hr.employee or nothing; ``date`` is accepted for extensions whose times are dated.
        """
        self.ensure_one()
        return self._salon_phases_batch([(self, employee)])[0]

    @api.model
    def _salon_phases_batch(self, pairs, skills=None):
        """Return the phases of each ``(product, employee or None)``, in the same order, with one query on skills.

        :param skills: salon.skill of these pairs, when the caller has read them already
        """
        if skills is None:
            skills = self.env["salon.skill"].sudo().search_fetch(
                [
                    ("product_id", "in", [product.id for product, _employee in pairs]),
                    ("employee_id", "in", [employee.id for _product, employee in pairs if employee]),
                    ("active_minutes", ">", 0),
                ],
                ["product_id", "employee_id", "active_minutes"],
            )
        own = {(skill.product_id.id, skill.employee_id.id): skill.active_minutes for skill in skills}
        result = []
        for product, employee in pairs:
            phases = {name: product[name] for name in MINUTES_FIELDS}
            minutes = own.get((product.id, employee.id)) if employee else None
            if minutes:
                phases["active_minutes"] = minutes
            result.append(phases)
        return result

    # ---------------------------------------------------------------- price

    def _salon_price(self, employee=None, partner=None, date=None, company=None):
        """Return ``(price, source)`` of one unit in the company's currency.

        See :meth:`_salon_prices` for what decides.
        """
        self.ensure_one()
        return self._salon_prices([(self, employee, partner, date)], company)[0]

    @api.model
    def _salon_prices(self, requests, company=None):
        """Return ``[(price, source)]`` for many lines at once, with a number of queries that does not grow with them.

        The most specific wins: the master's own price ('master'), else that of the grade which the master holds on
        the date ('grade'), else the client's price list where a rule of it applies ('pricelist'), else the general
        price: the dated row of the variant, before its first row the product's sales price ('variant').

        :param requests: list of (product.product, hr.employee or None, res.partner or None, date); the date is the
            salon's local date, or a naive UTC datetime, or nothing for now.
        :param company: res.company whose prices and currency count; the current one by default.
        """
        company = company or self.env.company
        self = self.with_company(company).sudo()
        requests = [
            (product._origin.id, employee and employee._origin.id, partner and partner._origin.id, date)
            for product, employee, partner, date in requests
        ]
        products = {product.id: product for product in self.browse({request[0] for request in requests})}
        moments = [self._salon_price_moment(date, company) for _product, _employee, _partner, date in requests]
        history = self.env["salon.price"]._salon_history(
            set(products), {employee_id for _product, employee_id, *_rest in requests if employee_id}, company
        )
        grades = self.env["hr.employee"]._salon_grades(
            [(request[1], day) for request, (day, _moment) in zip(requests, moments, strict=True) if request[1]]
        )
        rules = self._salon_pricelist_rules({partner_id for *_rest, partner_id, _date in requests if partner_id})

        result = []
        for (product_id, employee_id, partner_id, _date), (day, moment) in zip(requests, moments, strict=True):
            product = products[product_id]
            price, source = None, None
            if employee_id:
                price = history.price(day, product.id, employee_id=employee_id)
                source = "master"
                if price is None and (grade_id := grades[employee_id, day]):
                    price = history.price(day, product.id, grade_id=grade_id)
                    source = "grade"
            if price is None:
                base = history.price(day, product.id)
                if base is None:
                    base = product.currency_id._convert(product.lst_price, company.currency_id, company, day)
                price, source = base, "variant"
                rule = self._salon_pick_rule(rules.get(partner_id), product, moment)
                if rule:
                    # A rule that starts from the sales price starts from the price of that date.
                    priced = product.with_context(salon_list_price=(base, company.currency_id.id))
                    price = rule._compute_price(priced, 1.0, product.uom_id, moment, currency=rule.currency_id)
                    price = rule.currency_id._convert(price, company.currency_id, company, day)
                    source = "pricelist"
            result.append((company.currency_id.round(price), source))
        return result

    @api.model
    def _salon_price_moment(self, date, company):
        """Return (local date, naive UTC datetime) that a price is asked for; a bare date stands for its noon."""
        if isinstance(date, str):
            date = fields.Datetime.to_datetime(date) if len(date) > 10 else fields.Date.to_date(date)
        if not date:
            date = fields.Datetime.now()
        if hasattr(date, "hour"):
            return company._salon_local(date).date(), date
        noon = fields.Datetime.to_datetime(date).replace(hour=12)
        return date, company._salon_utc(noon)

    @api.model
    def _salon_pricelist_rules(self, partner_ids):
        """Return {partner id: rules of the client's price list, the most specific first, of any date}."""
        pricelists = self.env["product.pricelist"]._get_partner_pricelist_multi(list(partner_ids))
        pricelists = {partner_id: pricelists[partner_id] for partner_id in partner_ids}
        rules = self.env["product.pricelist.item"].search(
            [("pricelist_id", "in", list({pricelist.id for pricelist in pricelists.values() if pricelist}))]
        )
        by_pricelist = rules.grouped("pricelist_id")
        return {partner_id: by_pricelist.get(pricelist) for partner_id, pricelist in pricelists.items()}

    @api.model
    def _salon_pick_rule(self, rules, product, moment):
        for rule in rules or ():
            if (rule.date_start and rule.date_start > moment) or (rule.date_end and rule.date_end < moment):
                continue
            if rule._is_applicable_for(product, 1.0):
                return rule
        return None

    def _price_compute(self, price_type, uom=None, currency=None, company=None, date=False):
        """Let a price list's rule start from the salon's price of the date asked for (see :meth:`_salon_prices`)."""
        dated = self.env.context.get("salon_list_price")
        if not dated or price_type not in ("list_price", "lst_price"):
            return super()._price_compute(price_type, uom=uom, currency=currency, company=company, date=date)
        company = company or self.env.company
        price, currency_id = dated
        target = currency or self.currency_id
        source = self.env["res.currency"].browse(currency_id)
        price = source._convert(price, target, company, date or fields.Date.context_today(self), round=False)
        return dict.fromkeys(self.ids, price)

    # ---------------------------------------------------------------- sales price of Odoo

    def _salon_list_company(self):
        """The company in whose currency Odoo keeps the product's sales price."""
        self.ensure_one()
        return self.company_id or self.env["res.company"]._get_main_company()

    def _salon_sync_list_price(self):
        """Bring Odoo's own sales price to the general price of today, so that every other screen shows it.

        Variants share one sales price plus an extra per attribute value: one attribute can take any prices, several
        attributes only those that add up. Where they don't, the sales price stays and the dated price alone counts.
        """
        for template in self.sudo().product_tmpl_id.with_context(salon_price_sync=True):
            variants = template.product_variant_ids
            if not variants:
                continue
            company = variants[0]._salon_list_company()
            today = company._salon_today()
            history = self.env["salon.price"]._salon_history(set(variants.ids), set(), company)
            prices = {}
            for variant in variants:
                price = history.price(today, variant.id)
                prices[variant] = variant.lst_price if price is None else price
            currency = company.currency_id
            if all(currency.compare_amounts(variant.lst_price, price) == 0 for variant, price in prices.items()):
                continue
            shifts = {currency.round(price - variant.price_extra) for variant, price in prices.items()}
            if len(shifts) == 1:
                template.list_price = shifts.pop()
                continue
            values = [variant.product_template_variant_value_ids for variant in variants]
            if all(len(value) == 1 for value in values):
                template.list_price = min(prices.values())
                for variant, value in zip(variants, values, strict=True):
                    fixed = variant.price_extra - value.price_extra
                    value.price_extra = prices[variant] - template.list_price - fixed

    def _salon_record_list_price(self):
        """A sales price written outside the salon's screens (import, another app) is the general price from today."""
        if self.env.context.get("salon_price_sync"):
            return
        dated = self.env["salon.price"].sudo().search(
            [("product_id", "in", self.ids), ("grade_id", "=", False), ("employee_id", "=", False)]
        )
        for product in dated.product_id:
            company = product._salon_list_company()
            today = company._salon_today()
            history = self.env["salon.price"]._salon_history({product.id}, set(), company)
            price = history.price(today, product.id)
            if price is not None and company.currency_id.compare_amounts(price, product.lst_price):
                # By sudo: sales prices are written by people of other departments too.
                self.env["salon.price"].sudo()._salon_set([(product, None, None, product.lst_price)], today, company)

    def action_salon_change_price(self):
        """Open the wizard that asks from which date and whether future visits are priced anew."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Prices"),
            "res_model": "salon.price.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_product_ids": self.ids},
        }
