from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .product_product import MINUTES_FIELDS
from .salon_visit_line import CLOSED

VARIANT_FIELDS = (*MINUTES_FIELDS, "periodicity_days")
VALIDITY_UNITS = [("days", "Days"), ("months", "Months")]
VALID_FROM = [("sale", "The sale"), ("first_use", "The first visit")]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_salon_service = fields.Boolean(
        string="Salon Service", index=True, help="Clients are booked for it: it has phases, masters and a periodicity."
    )
    salon_group_id = fields.Many2one(
        "salon.service.group",
        string="Service Group",
        index="btree_not_null",
        ondelete="restrict",
        help="Any service of the group renews the periodicity of the group: a cut by any master renews the cut.",
    )
    salon_money = fields.Selection(
        [("deposit", "Deposit"), ("tip", "Tip"), ("fee", "Fee"), ("debt", "Paid Debt"), ("pass", "Pass")],
        index="btree_not_null",
        help="Selling it is not revenue from a service or a product: it goes to an account of its own.",
    )
    pass_kind = fields.Selection(
        [("sessions", "Sessions"), ("sum", "Sum of money")],
        string="Kind of Pass",
        default="sessions",
        help="Sessions of services, or an amount that services are paid from.",
    )
    pass_entitlement_ids = fields.One2many(
        "salon.pass.entitlement",
        "product_tmpl_id",
        string="For What",
        copy=True,
        groups="salon_spa.group_salon_master",
    )
    pass_sum = fields.Monetary("Sum on the Pass", help="What the client may spend with it; 0 is its price.")
    pass_validity = fields.Integer("Valid for", help="0 is without end.")
    pass_validity_unit = fields.Selection(VALIDITY_UNITS, string="Unit of Validity", default="months")
    pass_valid_from = fields.Selection(VALID_FROM, string="Counted from", default="sale")
    pass_terms_text = fields.Char(
        "What It Gives", compute="_compute_pass_terms_text", groups="salon_spa.group_salon_master"
    )
    pass_is_shareable = fields.Boolean("Can Be Shared", help="Others whom the owner names may use it: a family.")
    is_book_online = fields.Boolean(string="Bookable Online", default=True)
    salon_color = fields.Integer("Colour")
    contraindication_ids = fields.Many2many(
        "salon.contraindication",
        string="Contraindications",
        groups="salon_spa.group_salon_master",
        help="A client with one of them is warned about, or not booked, as the contraindication says.",
    )
    client_sex = fields.Selection([("female", "Women only"), ("male", "Men only")], string="For")
    client_age_min = fields.Integer(string="Age From", help="Years; 0 is no limit.")
    client_age_max = fields.Integer(string="Age To", help="Years, inclusive; 0 is no limit.")

    # The variant's own, shown and edited here as long as there is one variant only (as Odoo's own cost and weight).
    prep_minutes = fields.Integer(
        string="Preparation", compute="_compute_variant_minutes", inverse="_inverse_prep_minutes", copy=True
    )
    active_minutes = fields.Integer(
        string="Active Phase", compute="_compute_variant_minutes", inverse="_inverse_active_minutes", copy=True
    )
    processing_minutes = fields.Integer(
        string="Processing", compute="_compute_variant_minutes", inverse="_inverse_processing_minutes", copy=True
    )
    finishing_minutes = fields.Integer(
        string="Finishing", compute="_compute_variant_minutes", inverse="_inverse_finishing_minutes", copy=True
    )
    cleanup_minutes = fields.Integer(
        string="Clean-up", compute="_compute_variant_minutes", inverse="_inverse_cleanup_minutes", copy=True
    )
    periodicity_days = fields.Integer(
        string="Periodicity",
        compute="_compute_variant_minutes",
        inverse="_inverse_periodicity_days",
        copy=True,
        help="Days after which the service is due again; 0 is not periodic.",
    )
    duration_text = fields.Char(string="Duration", compute="_compute_duration_text")
    salon_price_text = fields.Char(string="Price Now", compute="_compute_salon_price_text")

    _pass_terms = models.Constraint(
        "CHECK (COALESCE(pass_sum, 0) >= 0 AND COALESCE(pass_validity, 0) >= 0)",
        "The sum and the validity of a pass can't be below zero.",
    )
    _client_ages = models.Constraint(
        """CHECK (COALESCE(client_age_min, 0) >= 0 AND COALESCE(client_age_max, 0) >= 0
            AND (COALESCE(client_age_max, 0) = 0 OR COALESCE(client_age_min, 0) <= client_age_max))""",
        "The age limits of a service are whole years, the lower one first; 0 means no limit.",
    )

    @api.depends(
        "pass_kind",
        "pass_sum",
        "list_price",
        "pass_validity",
        "pass_validity_unit",
        "pass_valid_from",
        "pass_entitlement_ids.sessions",
        "pass_entitlement_ids.product_ids",
        "pass_entitlement_ids.categ_ids",
    )
    @api.depends_context("lang", "company")
    def _compute_pass_terms_text(self):
        units = dict(self._fields["pass_validity_unit"]._description_selection(self.env))
        for template in self:
            rows = template.pass_entitlement_ids
            if template.salon_money != "pass":
                template.pass_terms_text = False
                continue
            if template.pass_kind == "sum":
                amount = template.currency_id.format(template.pass_sum or template.list_price)
                texts = [amount, *rows.mapped("service_text")]
            else:
                texts = [f"{row.sessions} × {row.service_text}" for row in rows]
            if template.pass_validity:
                texts.append(
                    self.env._(
                        "valid for %(count)d %(unit)s",
                        count=template.pass_validity,
                        unit=(units.get(template.pass_validity_unit) or "").lower(),
                    )
                )
            template.pass_terms_text = ", ".join(texts)

    @api.constrains("salon_money", "pass_kind", "pass_entitlement_ids")
    def _check_pass(self):
        for template in self:
            if template.salon_money == "pass" and template.type != "service":
                raise ValidationError(
                    self.env._("“%(pass)s” is a pass, so its product type is “Service”.", **{"pass": template.name})
                )

    @api.depends(lambda self: [f"product_variant_ids.{name}" for name in VARIANT_FIELDS])
    def _compute_variant_minutes(self):
        for name in VARIANT_FIELDS:
            self._compute_template_field_from_variant_field(name, default=0)

    def _inverse_prep_minutes(self):
        self._set_product_variant_field("prep_minutes")

    def _inverse_active_minutes(self):
        self._set_product_variant_field("active_minutes")

    def _inverse_processing_minutes(self):
        self._set_product_variant_field("processing_minutes")

    def _inverse_finishing_minutes(self):
        self._set_product_variant_field("finishing_minutes")

    def _inverse_cleanup_minutes(self):
        self._set_product_variant_field("cleanup_minutes")

    def _inverse_periodicity_days(self):
        self._set_product_variant_field("periodicity_days")

    @api.depends(*VARIANT_FIELDS, "product_variant_ids.duration_text")
    @api.depends_context("lang")
    def _compute_duration_text(self):
        for template in self:
            variants = template.product_variant_ids
            if len(variants) > 1:
                spans = variants.mapped("service_minutes")
                template.duration_text = (
                    self.env._("%(minutes)d min", minutes=spans[0])
                    if min(spans) == max(spans)
                    else self.env._("%(least)d to %(most)d min", least=min(spans), most=max(spans))
                )
            else:
                # The form's own values, so that the line follows the typing.
                template.duration_text = self.env["product.product"]._format_phases(
                    {name: template[name] for name in MINUTES_FIELDS}
                )

    @api.depends("list_price", "product_variant_ids.lst_price")
    @api.depends_context("company", "lang")
    def _compute_salon_price_text(self):
        """The general price of today, or the range over the variants."""
        company = self.env.company
        today = company._salon_today()
        variants = self.product_variant_ids._origin
        prices = variants._salon_prices([(variant, None, None, today) for variant in variants], company)
        price_by_variant = {variant.id: price for variant, (price, _source) in zip(variants, prices, strict=True)}
        for template in self:
            values = [price_by_variant[variant.id] for variant in template.product_variant_ids._origin]
            if not values:
                values = [template.list_price]
            low, high = (company.currency_id.format(value) for value in (min(values), max(values)))
            template.salon_price_text = low if low == high else f"{low} – {high}"

    @api.constrains("is_salon_service", "type", *VARIANT_FIELDS)
    def _check_salon_service(self):
        for template in self.filtered("is_salon_service"):
            if template.type != "service":
                raise ValidationError(
                    self.env._(
                        "“%(service)s” is a salon service, so its product type must stay “Service”.",
                        service=template.display_name,
                    )
                )
        self.product_variant_ids._check_salon_minutes()

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._salon_service_vals(vals) for vals in vals_list]
        # Odoo makes the variants first and fills them then: the check of their minutes waits for the end.
        later = self.with_context(salon_minutes_later=True)
        templates = super(ProductTemplate, later).create(vals_list).with_env(self.env)
        for template, vals in zip(templates, vals_list, strict=True):
            # Odoo hands such values to a single variant only; here every variant starts with them.
            given = {name: vals[name] for name in VARIANT_FIELDS if vals.get(name)}
            if given:
                template.product_variant_ids.write(given)
        templates.product_variant_ids._check_salon_minutes()
        return templates

    def write(self, vals):
        if vals.get("company_id"):
            self._salon_check_stays(self.env["res.company"].browse(vals["company_id"]))
        res = super().write(self._salon_service_vals(vals))
        if "list_price" in vals:
            self.product_variant_ids._salon_record_list_price()
        if "salon_group_id" in vals:
            self.env["salon.cadence"]._rhythm_changed(self.product_variant_ids)
        if "taxes_id" in vals:
            self.env["salon.visit.line"].sudo()._taxes_changed(self)
        return res

    def _salon_check_stays(self, company):
        """:raise UserError: another company than ``company`` and its branches has visits ahead with these services"""
        booked = self.env["salon.visit.line"].sudo()._read_group(
            Domain("product_id.product_tmpl_id", "in", self.ids)
            & Domain("stop", ">", fields.Datetime.now())
            & Domain("state", "not in", CLOSED)
            & ~Domain("company_id", "child_of", company.id),
            ["product_id", "company_id"],
            ["visit_id:count_distinct"],
        )
        if booked:
            product, other, count = booked[0]
            raise UserError(
                self.env._(
                    "“%(service)s” is booked for visits ahead in %(company)s: %(count)d. Give them another service "
                    "first, or leave the company of this one empty.",
                    service=product.display_name,
                    company=other.name,
                    count=count,
                )
            )

    def copy(self, default=None):
        """Duplicate the variants' minutes and periodicity too, matched by their attribute values."""
        copies = super(ProductTemplate, self.with_context(salon_minutes_later=True)).copy(default=default)
        for template, duplicate in zip(self, copies, strict=True):
            minutes = {
                variant.product_template_attribute_value_ids.product_attribute_value_id: variant
                for variant in template.product_variant_ids
            }
            for variant in duplicate.product_variant_ids:
                source = minutes.get(variant.product_template_attribute_value_ids.product_attribute_value_id)
                if source:
                    variant.write({name: source[name] for name in VARIANT_FIELDS})
        copies = copies.with_env(self.env)
        copies.product_variant_ids._check_salon_minutes()
        return copies

    @api.model
    def _salon_service_vals(self, vals):
        """A salon service, and a pass, is always of Odoo's product type "service"."""
        if (vals.get("is_salon_service") or vals.get("salon_money")) and "type" not in vals:
            return {**vals, "type": "service"}
        return vals

    def _get_product_accounts(self):
        """What is owed to clients or masters goes to an account of its own, unless the product names another."""
        accounts = super()._get_product_accounts()
        if self.salon_money and not self.property_account_income_id:
            accounts["income"] = (self.company_id or self.env.company)._salon_account(self.salon_money)
        return accounts

    def action_salon_change_price(self):
        """Open the price change for the services' variants."""
        return self.product_variant_ids.action_salon_change_price()

    def action_salon_prices(self):
        """Open the price rows of the services' variants."""
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_price")
        action["domain"] = [("product_id", "in", self.product_variant_ids.ids)]
        action["context"] = {"search_default_current": 0}
        return action
