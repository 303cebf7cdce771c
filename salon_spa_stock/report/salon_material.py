from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SalonMaterial(models.Model):
    """What is left of each material at each place, without prices: for everybody of the salon to see."""

    _name = "salon.material"
    _description = "Material"
    _auto = False
    _order = "product_id, location_id"
    _rec_name = "product_id"
    _depends = {
        "stock.quant": ["product_id", "location_id", "lot_id", "quantity"],
        "stock.location": ["usage", "company_id"],
        "stock.warehouse": ["lot_stock_id", "company_id"],
        "stock.lot": ["expiration_date"],
        "product.product": ["product_tmpl_id", "active"],
        "product.template": ["salon_use", "uom_id", "company_id"],
    }

    product_id = fields.Many2one("product.product", string="Material", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", string="Product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", related="product_tmpl_id.categ_id")
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    location_id = fields.Many2one("stock.location", string="Where", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    quantity = fields.Float("Left", digits="Product Unit", readonly=True, help="In the unit the product is stocked in.")
    expires = fields.Date("Expires First", readonly=True, help="When the first lot that is left expires.")
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired", help="The first lot has expired.")
    opened_count = fields.Integer("Opened", compute="_compute_opened", help="Containers in use at this place.")
    opened_left = fields.Float("Left in Opened", digits="Product Unit", compute="_compute_opened")
    opened_text = fields.Char("In Use", compute="_compute_opened")
    is_mine = fields.Boolean(
        "My Place", compute="_compute_is_mine", search="_search_is_mine", help="Where the reader takes materials from."
    )

    @property
    def _table_query(self) -> SQL:
        # The salon's main stock is listed for every material, also for one of which nothing was ever there.
        return SQL(
            """
            SELECT place.product_id::bigint * 2097152 + place.location_id AS id,
                   place.product_id, place.location_id, place.company_id,
                   product.product_tmpl_id, template.uom_id,
                   COALESCE(stock.quantity, 0) AS quantity,
                   stock.expires::date AS expires
              FROM (
                    SELECT product.id AS product_id, location.id AS location_id, location.company_id
                      FROM stock_location location
                      JOIN stock_warehouse warehouse ON warehouse.lot_stock_id = location.id AND warehouse.active
                     CROSS JOIN product_product product
                     UNION
                    SELECT quant.product_id, quant.location_id, location.company_id
                      FROM stock_quant quant
                      JOIN stock_location location ON location.id = quant.location_id
                     WHERE location.usage = 'internal' AND quant.quantity != 0
                   ) place
              JOIN product_product product ON product.id = place.product_id AND product.active
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN (
                    SELECT quant.product_id, quant.location_id, SUM(quant.quantity) AS quantity,
                           MIN(lot.expiration_date) FILTER (WHERE quant.quantity > 0) AS expires
                      FROM stock_quant quant
                      LEFT JOIN stock_lot lot ON lot.id = quant.lot_id
                     GROUP BY quant.product_id, quant.location_id
                   ) stock ON stock.product_id = place.product_id AND stock.location_id = place.location_id
             WHERE template.salon_use IN ('consumable', 'both')
               AND (template.company_id IS NULL OR template.company_id = place.company_id)
            """
        )

    def _compute_is_expired(self):
        for row in self:
            row.is_expired = bool(row.expires and row.expires <= row.company_id._salon_today())

    def _compute_opened(self):
        # By sudo: what is in use is read by everybody of the salon, as the rest of the row.
        containers = (
            self.env["salon.container"]
            .sudo()
            .search(
                [
                    ("state", "=", "open"),
                    ("product_id", "in", self.product_id.ids),
                    ("location_id", "in", self.location_id.ids),
                ]
            )
        )
        by_place = containers.grouped(lambda container: (container.product_id.id, container.location_id.id))
        for row in self:
            opened = by_place.get((row.product_id.id, row.location_id.id), containers.browse())
            row.opened_count = len(opened)
            row.opened_left = sum(opened.mapped("left"))
            row.opened_text = (
                self.env._(
                    "%(count)d opened, %(left)s %(unit)s in them",
                    count=len(opened),
                    left=row.uom_id._salon_number(row.opened_left),
                    unit=row.uom_id.name,
                )
                if opened
                else False
            )

    def _my_locations(self):
        """Return where the reader takes materials from: the own shelves, else the salons' stock and rooms."""
        masters = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", self.env.uid), ("company_id", "in", self.env.companies.ids)])
        )
        own = masters.salon_stock_location_id
        rest = self.env.companies - own.company_id
        resources = self.env["resource.resource"].sudo()
        rooms = resources.search([("company_id", "in", rest.ids), ("salon_stock_location_id", "!=", False)])
        return own.union(rooms.salon_stock_location_id, *(company._salon_stock_location() for company in rest))

    def _compute_is_mine(self):
        mine = self._my_locations()
        for row in self:
            row.is_mine = row.location_id in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("location_id", "in" if True in value else "not in", self._my_locations().ids)
