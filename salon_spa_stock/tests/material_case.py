from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.salon_spa.tests.common import SalonCase


class MaterialCase(SalonCase):
    """The small salon with a colour kept in tubes of 60 ml, an oxidant in bottles of a litre, gloves and a wax that
    nobody opens: a colouring takes 60 ml, 90 ml and two gloves.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["salon.visit.line"]._salon_surcharge().taxes_id = False
        cls.ml, cls.gram = cls.env.ref("uom.product_uom_milliliter"), cls.env.ref("uom.product_uom_gram")
        cls.litre, cls.pieces = cls.env.ref("uom.product_uom_litre"), cls.env.ref("uom.product_uom_unit")
        cls.stock = cls.company._salon_stock_location()
        cls.used = cls.company._salon_used_location()
        cls.dye = cls.make_material("Dye 6.1", cls.ml, 1000, cost=0.5, price=1.0)
        cls.oxidant = cls.make_material("Oxidant", cls.ml, 3000, cost=0.1)
        cls.gloves = cls.make_material("Gloves", cls.pieces, 100, cost=0.2)
        cls.recipe = cls.make_recipe(
            cls.colour, (cls.dye, 60, cls.ml), (cls.oxidant, 90, cls.ml), (cls.gloves, 2, cls.pieces)
        )
        cls.yesterday = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=1)

    @classmethod
    def make_material(cls, name, uom, on_hand=0, cost=0.0, price=0.0, **values):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "salon_use": "consumable",
                "type": "consu",
                "is_storable": True,
                "uom_id": uom.id,
                "list_price": price,
                "standard_price": cost,
                **values,
            }
        )
        if on_hand:
            cls.put(product, on_hand)
        return product

    @classmethod
    def put(cls, product, quantity, lot=None, location=None):
        cls.env["stock.quant"]._update_available_quantity(product, location or cls.stock, quantity, lot_id=lot)

    @classmethod
    def make_lot(cls, product, name, days):
        """Make a lot that expires in so many days."""
        return cls.env["stock.lot"].create(
            {
                "name": name,
                "product_id": product.id,
                "company_id": cls.company.id,
                "expiration_date": fields.Datetime.now() + timedelta(days=days),
            }
        )

    @classmethod
    def make_recipe(cls, service, *lines, **values):
        commands = []
        for index, (product, quantity, uom, *rest) in enumerate(lines):
            extra = rest[0] if rest else {}
            commands.append(
                Command.create(
                    {"product_id": product.id, "quantity": quantity, "uom_id": uom.id, "sequence": index, **extra}
                )
            )
        return cls.env["salon.recipe"].create(
            {"product_tmpl_id": service.product_tmpl_id.id, "line_ids": commands, **values}
        )

    @classmethod
    def make_colouring(cls, *lines, **values):
        """Make a visit of yesterday that may be closed."""
        return cls.make_visit(cls.yesterday, *(lines or [(cls.colour, cls.anna)]), **values)

    def left(self, product, location=None, lot=None):
        domain = [("product_id", "=", product.id), ("location_id", "=", (location or self.stock).id)]
        if lot:
            domain.append(("lot_id", "=", lot.id))
        return sum(self.env["stock.quant"].search(domain).mapped("quantity"))

    def row(self, visit, product):
        return visit.consumption_ids.filtered(lambda row: row.product_id == product)

    def taken(self, visit):
        """Return what the visit's materials were by the norm and really: ``{name: (norm, used)}``."""
        return {row.product_id.name: (row.norm, row.actual) for row in visit.consumption_ids}

    @contextmanager
    def violates(self, name):
        """Assert that what is done inside is against the database's constraint of this name."""
        with self.assertRaises(IntegrityError) as caught, mute_logger("odoo.sql_db"):
            yield
            self.env.flush_all()
        self.assertIn(name, str(caught.exception))

    @contextmanager
    def refused(self, text, error=UserError):
        with self.assertRaises(error) as caught:
            yield
            self.env.flush_all()
        self.assertIn(text, str(caught.exception))
