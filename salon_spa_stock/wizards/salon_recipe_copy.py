from odoo import fields, models
from odoo.exceptions import UserError


class SalonRecipeCopy(models.TransientModel):
    _name = "salon.recipe.copy"
    _description = "Copy a Recipe"

    recipe_id = fields.Many2one("salon.recipe", required=True, ondelete="cascade")
    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Services",
        domain=[("is_salon_service", "=", True)],
        help="Empty is the recipe's own service and variant.",
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Masters",
        domain=[("is_master", "=", True)],
        help="Who gets an own recipe; empty is the recipe that holds for every master.",
    )

    def action_apply(self):
        """Give the recipe to the chosen services and masters, in place of what they have.

        :raise UserError: nothing is chosen
        """
        self.ensure_one()
        recipe = self.recipe_id
        if not self.product_tmpl_ids and not self.employee_ids:
            raise UserError(self.env._("Choose the services or the masters that get the recipe."))
        services, variants = self.product_tmpl_ids, recipe.product_id.browse()
        if not services:
            services = recipe.product_tmpl_id if not recipe.product_id else services
            variants = recipe.product_id
        made = recipe | recipe._copy_to(services, variants, self.employee_ids)
        domain = [("id", "in", made.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recipes"),
            "res_model": "salon.recipe",
            "view_mode": "list,form",
            "domain": domain,
        }
