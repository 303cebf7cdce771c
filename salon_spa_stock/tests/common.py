from datetime import datetime, time, timedelta

from odoo import Command

from odoo.addons.salon_spa.tests.common import SalonCase


class StockCase(SalonCase):
    """The salon of the kernel's tests with a shelf: dye in ml from a supplier's tubes, gloves by the piece."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cost_method = "average"
        cls.place = cls.company._salon_stock_location()
        cls.ml = cls.env.ref("uom.product_uom_milliliter")
        cls.pcs = cls.env.ref("uom.product_uom_unit")
        cls.litre = cls.env.ref("uom.product_uom_litre")
        cls.tube = cls.env["uom.uom"].create(
            {"name": "Tube 60 ml", "relative_uom_id": cls.ml.id, "relative_factor": 60}
        )
        cls.supplier = cls.env["res.partner"].create({"name": "Dye Works", "is_company": True, "supplier_rank": 1})
        cls.dye = cls.make_product("Dye 6.0", uom=cls.ml, packaging=cls.tube, price=12.0)
        cls.gloves = cls.make_product("Gloves", price=0.1)
        cls.cream = cls.make_product("Cream", uom=cls.ml, price=0.05, expiry=True)
        cls.desk = cls.make_user("stock-desk", "administrator")
        cls.manager = cls.make_user("stock-manager", "manager")
        cls.master_user = cls.make_user("stock-master", "master")

    @classmethod
    def make_product(cls, name, uom=None, packaging=None, price=0.0, expiry=False, use="consumable", **values):
        """Make a product that is bought for ``price`` a packaging (or a unit)."""
        uom = uom or cls.env.ref("uom.product_uom_unit")
        product = cls.env["product.product"].create(
            {
                "name": name,
                "salon_use": use,
                "uom_id": uom.id,
                "uom_ids": [Command.set(packaging.ids)] if packaging else [],
                "seller_ids": [
                    Command.create(
                        {"partner_id": cls.supplier.id, "price": price, "product_uom_id": (packaging or uom).id}
                    )
                ],
                **values,
            }
        )
        product.product_tmpl_id.salon_has_expiry = expiry
        return product

    @classmethod
    def receive(cls, *lines, user=None, **values):
        """Receive goods; each line is ``(product, quantity, values)``, in the packaging that the supplier delivers."""
        receive = (
            cls.env["salon.receive"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "partner_id": cls.supplier.id,
                    "company_id": cls.company.id,
                    "line_ids": [
                        Command.create({"product_id": product.id, "quantity": quantity, **extra})
                        for product, quantity, extra in lines
                    ],
                    **values,
                }
            )
        )
        receive.action_receive()
        return receive

    @classmethod
    def put(cls, product, quantity, location=None, lot=None):
        """Put goods on the shelf, as a stock-taking would."""
        cls.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": (location or cls.place).id,
                "lot_id": lot.id if lot else False,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    @classmethod
    def make_lot(cls, product, name, days):
        """Make a lot that expires in so many days."""
        expires = cls.company._salon_utc(datetime.combine(cls.company._salon_today() + timedelta(days=days), time(12)))
        return cls.env["stock.lot"].create(
            {"name": name, "product_id": product.id, "company_id": cls.company.id, "expiration_date": expires}
        )

    def on_hand(self, product, location=None, lot=None):
        domain = [("product_id", "=", product.id), ("location_id", "=", (location or self.place).id)]
        if lot:
            domain.append(("lot_id", "=", lot.id))
        return sum(self.env["stock.quant"].search(domain).mapped("quantity"))
