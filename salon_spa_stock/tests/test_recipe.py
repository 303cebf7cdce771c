from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .material_case import MaterialCase


@tagged("post_install", "-at_install")
class TestRecipe(MaterialCase):
    def test_the_form_knows_whether_overuse_is_charged(self):
        recipe = self.make_recipe(self.cut, (self.dye, 90, self.ml))
        for charges in (False, True):
            self.cut.salon_charge_overuse = charges
            self.assertEqual(Form(recipe).charges_overuse, charges, "else it asks for a price of nothing")

    def test_the_most_specific_wins(self):
        length = self.env["product.attribute"].create(
            {
                "name": "Length",
                "create_variant": "always",
                "value_ids": [Command.create({"name": name}) for name in ("Short", "Long")],
            }
        )
        values = [Command.set(length.value_ids.ids)]
        template = self.env["product.template"].create(
            {
                "name": "Highlights",
                "is_salon_service": True,
                "active_minutes": 60,
                "attribute_line_ids": [Command.create({"attribute_id": length.id, "value_ids": values})],
            }
        )
        short, long = template.product_variant_ids
        find = self.env["salon.recipe"]._find
        general = self.make_recipe(long, (self.dye, 90, self.ml))
        self.assertEqual(find([(long, self.anna)])[long, self.anna], general)
        variant = self.make_recipe(long, (self.dye, 120, self.ml), product_id=long.id)
        self.assertEqual(find([(long, self.anna)])[long, self.anna], variant)
        self.assertEqual(find([(short, self.anna)])[short, self.anna], general)
        own = self.make_recipe(long, (self.dye, 50, self.ml), employee_id=self.anna.id)
        self.assertEqual(find([(long, self.anna)])[long, self.anna], own)
        self.assertEqual(find([(long, self.bella)])[long, self.bella], variant)
        both = self.make_recipe(long, (self.dye, 110, self.ml), employee_id=self.anna.id, product_id=long.id)
        self.assertEqual(find([(long, self.anna)])[long, self.anna], both)
        nobody = self.env["hr.employee"]
        self.assertEqual(find([(short, nobody)])[short, nobody], general)
        self.assertFalse(find([(self.cut, self.anna)])[self.cut, self.anna])

    def test_units_are_converted(self):
        recipe = self.make_recipe(self.cut, (self.oxidant, 0.25, self.litre))
        self.assertEqual(recipe.line_ids._base_quantity(), 250)
        self.assertEqual(recipe.cost, 25)
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        self.assertEqual(self.taken(visit), {"Oxidant": (250, 250)})

    def test_bad_recipes(self):
        with self.refused("stocked in ml, which g can't be converted to", ValidationError):
            self.make_recipe(self.cut, (self.dye, 10, self.gram))
        for quantity in (0, -3):
            with self.violates("salon_recipe_line_positive"):
                self.make_recipe(self.cut, (self.dye, quantity, self.ml))
        loose = self.env["product.product"].create({"name": "Loose", "type": "consu", "is_storable": False})
        with self.refused("is not kept in stock", ValidationError):
            self.make_recipe(self.cut, (loose, 1, self.pieces))
        barrel = self.make_material("Barrel", self.litre, 10)
        with self.refused("too little to be counted in L", ValidationError):
            self.make_recipe(self.cut, (barrel, 7, self.ml))
        with self.refused("is not a service of the salon", ValidationError):
            self.make_recipe(self.dye, (self.dye, 1, self.ml))
        with self.refused("is not a variant of", ValidationError):
            self.make_recipe(self.cut, (self.dye, 1, self.ml), product_id=self.colour.id)
        with self.violates("salon_recipe_one_each"):
            self.make_recipe(self.colour, (self.dye, 1, self.ml))

    def test_copied_to_services_and_masters(self):
        own = self.make_recipe(self.cut, (self.gloves, 1, self.pieces))
        wizard = self.env["salon.recipe.copy"].create(
            {"recipe_id": self.recipe.id, "product_tmpl_ids": [Command.set(self.cut.product_tmpl_id.ids)]}
        )
        wizard.action_apply()
        self.assertEqual(own.line_ids.mapped("product_id"), self.dye | self.oxidant | self.gloves)
        self.assertEqual(own.line_ids.mapped("quantity"), [60, 90, 2])
        wizard = self.env["salon.recipe.copy"].create(
            {"recipe_id": self.recipe.id, "employee_ids": [Command.set((self.anna | self.bella).ids)]}
        )
        wizard.action_apply()
        recipes = self.env["salon.recipe"].search([("product_tmpl_id", "=", self.colour.product_tmpl_id.id)])
        self.assertEqual(recipes.employee_id, self.anna | self.bella)
        self.assertEqual(len(recipes), 3)
        with self.refused("Choose the services or the masters"):
            self.env["salon.recipe.copy"].create({"recipe_id": self.recipe.id}).action_apply()
        with self.refused("Copy To"):
            self.recipe.copy()

    def test_typed_in_a_form(self):
        form = Form(self.env["salon.recipe"].with_context(default_product_tmpl_id=self.cut.product_tmpl_id.id))
        with form.line_ids.new() as line:
            line.product_id = self.dye
            self.assertEqual(line.uom_id, self.ml)
            line.quantity = 12.5
        recipe = form.save()
        self.assertEqual(recipe.material_text, "Dye 6.1 12.5 ml")
        self.assertEqual(recipe.cost, 6.25)

    def test_the_same_material_in_two_phases(self):
        self.make_recipe(
            self.cut,
            (self.dye, 10, self.ml, {"phase": "active_minutes"}),
            (self.dye, 5, self.ml, {"phase": "finishing_minutes"}),
        )
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        self.assertEqual(self.taken(visit), {"Dye 6.1": (15, 15)})
