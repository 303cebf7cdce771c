from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError


class SalonRecipe(models.Model):
    """What a service uses up, by the norm. The most specific one counts: the master's own before the service's, the
    variant's before that of all variants.
    """

    _name = "salon.recipe"
    _description = "Recipe"
    _order = "product_tmpl_id, product_id, employee_id, id"

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Service",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("is_salon_service", "=", True)],
    )
    product_id = fields.Many2one(
        "product.product",
        string="Variant",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Empty is every variant that has no recipe of its own.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        ondelete="cascade",
        index="btree_not_null",
        domain=[("is_master", "=", True)],
        help="A master who works by another recipe; empty is every master without an own one.",
    )
    company_id = fields.Many2one(related="product_tmpl_id.company_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    variant_text = fields.Char("Variant's Values", compute="_compute_variant_text")
    variant_count = fields.Integer(related="product_tmpl_id.product_variant_count", string="Variants")
    charges_overuse = fields.Boolean(related="product_tmpl_id.salon_charge_overuse")
    line_ids = fields.One2many("salon.recipe.line", "recipe_id", string="Materials", copy=True)
    material_text = fields.Char("What It Takes", compute="_compute_material_text")
    cost = fields.Monetary(
        "Material Cost",
        compute="_compute_cost",
        groups="salon_spa.group_salon_manager",
        help="The norm at the present cost of the materials, without substitutes.",
    )

    _one_each = models.UniqueIndex(
        "(product_tmpl_id, COALESCE(product_id, 0), COALESCE(employee_id, 0))",
        "There is a recipe for this service, variant and master already: change that one.",
    )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("product_tmpl_id", "product_id", "employee_id")
    def _compute_display_name(self):
        for recipe in self:
            service = recipe.product_id.display_name or recipe.product_tmpl_id.display_name
            recipe.display_name = ", ".join(filter(None, [service, recipe.employee_id.name]))

    @api.depends("product_id")
    @api.depends_context("lang")
    def _compute_variant_text(self):
        for recipe in self:
            recipe.variant_text = ", ".join(recipe.product_id.product_template_variant_value_ids.mapped("name"))

    @api.depends("line_ids.display_name", "line_ids.is_substitute")
    @api.depends_context("lang")
    def _compute_material_text(self):
        for recipe in self:
            recipe.material_text = ", ".join(
                line.display_name for line in recipe.line_ids if line.product_id and not line.is_substitute
            )

    @api.depends("line_ids.cost", "line_ids.is_substitute")
    def _compute_cost(self):
        for recipe in self:
            recipe.cost = sum(line.cost for line in recipe.line_ids if not line.is_substitute)

    @api.constrains("product_tmpl_id", "product_id")
    def _check_variant(self):
        for recipe in self:
            if recipe.product_id and recipe.product_id.product_tmpl_id != recipe.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%(variant)s is not a variant of %(service)s.",
                        variant=recipe.product_id.display_name,
                        service=recipe.product_tmpl_id.display_name,
                    )
                )

    @api.constrains("product_tmpl_id")
    def _check_service(self):
        for recipe in self:
            if not recipe.product_tmpl_id.is_salon_service:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not a service of the salon: only services have recipes.",
                        product=recipe.product_tmpl_id.display_name,
                    )
                )

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_id.product_tmpl_id != self.product_tmpl_id:
            self.product_id = False

    def copy(self, default=None):
        """:raise UserError: a recipe is copied to another service or master, which the dialog asks for"""
        if self and not {"product_tmpl_id", "product_id", "employee_id"} & set(default or {}):
            raise UserError(self.env._("Press “Copy To” to give the recipe to another service or master."))
        return super().copy(default)

    @api.model
    def _find(self, pairs):
        """Return ``{(service, master): recipe}`` of these pairs, an empty recipe where there is none; one query.

        :param pairs: iterable of (product.product, hr.employee or empty)
        """
        pairs = set(pairs)
        templates = {service.product_tmpl_id.id for service, _master in pairs}
        recipes = self.sudo().search_fetch(
            [
                ("product_tmpl_id", "in", list(templates)),
                ("employee_id", "in", [False, *{master.id for _service, master in pairs if master}]),
            ],
            ["product_tmpl_id", "product_id", "employee_id"],
        )
        by_key = {
            (recipe.product_tmpl_id.id, recipe.product_id.id, recipe.employee_id.id): recipe for recipe in recipes
        }
        found = {}
        for service, master in pairs:
            template, variant, employee = service.product_tmpl_id.id, service.id, master.id if master else False
            keys = [(template, variant, False), (template, False, False)]
            if employee:
                keys = [(template, variant, employee), (template, False, employee), *keys]
            found[service, master] = next((by_key[key] for key in keys if key in by_key), recipes.browse())
        return found

    def _groups(self):
        """Return the lines of this recipe, or of none, as ``[(line, its substitutes in order)]``."""
        groups = []
        for line in self.line_ids:
            if line.is_substitute and groups:
                groups[-1][1].append(line)
            else:
                groups.append((line, []))
        return groups

    def _copy_to(self, services, variants, masters):
        """Give this recipe to others in place of what they have.

        :param services: product.template whose recipe for all variants is meant
        :param variants: product.product that get an own one
        :param masters: hr.employee that get an own one; nobody means the recipe for every master
        """
        self.ensure_one()
        targets = [(service, variants.browse()) for service in services]
        targets += [(variant.product_tmpl_id, variant) for variant in variants]
        made = self.browse()
        for template, variant in targets:
            for master in masters or [masters]:
                existing = self.search(
                    [
                        ("product_tmpl_id", "=", template.id),
                        ("product_id", "=", variant.id),
                        ("employee_id", "=", master.id),
                    ]
                )
                if existing == self:
                    continue
                lines = [Command.create(values) for values in self.line_ids.copy_data()]
                if existing:
                    existing.line_ids = [Command.clear(), *lines]
                    made |= existing
                else:
                    made |= self.copy(
                        {
                            "product_tmpl_id": template.id,
                            "product_id": variant.id,
                            "employee_id": master.id,
                            "line_ids": lines,
                        }
                    )
        return made

    def action_copy_to(self):
        """Ask which services and masters get this recipe."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy the Recipe"),
            "res_model": "salon.recipe.copy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_recipe_id": self.id},
        }
