from datetime import datetime, time

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..tools.rights import check_company, check_desk


class SalonReceive(models.TransientModel):
    """Goods that have come, entered in one form: Odoo's purchase order and its receipt are made, or brought on."""

    _name = "salon.receive"
    _description = "Receive Goods"
    _inherit = ["salon.dialog.mixin"]
    _salon_about = ("picking_id",)

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    picking_id = fields.Many2one(
        "stock.picking",
        string="Expected Delivery",
        domain="[('picking_type_code', '=', 'incoming'), ('state', 'in', ('assigned', 'confirmed')),"
        " ('company_id', '=', company_id)]",
        help="An order that is on its way; empty when the goods came without one.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    reference = fields.Char("Delivery Note", help="The supplier's number of the delivery.")
    line_ids = fields.One2many(
        "salon.receive.line", "receive_id", compute="_compute_line_ids", store=True, readonly=False, precompute=True
    )
    amount_total = fields.Monetary("Total", compute="_compute_amount_total", help="Without tax.")

    @api.depends("picking_id", "company_id")
    def _compute_currency_id(self):
        for receive in self:
            order = receive.sudo().picking_id.move_ids.purchase_line_id.order_id[:1]
            receive.currency_id = order.currency_id or receive.company_id.currency_id

    @api.depends("picking_id")
    def _compute_partner_id(self):
        for receive in self:
            receive.partner_id = receive.picking_id.partner_id or receive.partner_id

    @api.depends("picking_id")
    def _compute_line_ids(self):
        for receive in self:
            commands = [Command.clear()]
            for move in receive.sudo().picking_id.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
                bought = move.purchase_line_id
                uom = bought.product_uom_id or move.product_uom
                quantity = move.product_uom._compute_quantity(move.product_uom_qty, uom, rounding_method="HALF-UP")
                commands.append(
                    Command.create(
                        {
                            "move_id": move.id,
                            "product_id": move.product_id.id,
                            "uom_id": uom.id,
                            "ordered_qty": quantity,
                            "quantity": quantity,
                            "price_unit": bought.price_unit,
                        }
                    )
                )
            receive.line_ids = commands

    @api.depends("line_ids.quantity", "line_ids.price_unit")
    def _compute_amount_total(self):
        for receive in self:
            receive.amount_total = sum(line.quantity * line.price_unit for line in receive.line_ids)

    def _compute_display_name(self):
        self.display_name = self.env._("Receive Goods")

    def action_receive(self):
        """Take the goods into stock at the prices given, and open what was received.

        :raise UserError: a quantity, price, unit or expiry date can't be; nothing is written then
        """
        self.ensure_one()
        check_desk(self)
        check_company(self)
        lines = self.line_ids.filtered("quantity")
        if not self.partner_id:
            raise UserError(self.env._("Who delivered the goods? Choose the supplier."))
        if not lines:
            raise UserError(self.env._("Nothing was received: enter at least one product and its quantity."))
        for line in self.line_ids:
            line._check()
        self._check_picking(lines)
        picking = self.sudo().with_company(self.company_id)._get_picking(lines)
        self._fill(picking, lines)
        result = picking.with_context(skip_expired=True, skip_sms=True, skip_backorder=True).button_validate()
        if result is not True and picking.state != "done":
            raise UserError(self.env._("The goods could not be received. Open the delivery in Odoo's Inventory."))
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_receipt")
        form = self.env.ref("salon_spa_stock.stock_picking_view_form_receipt")
        return {**action, "res_id": picking.id, "views": [(form.id, "form")], "view_mode": "form", "context": {}}

    def _check_picking(self, lines):
        """:raise UserError: what is to be received is no delivery that this company waits for"""
        expected = self.sudo().picking_id
        fits = expected.picking_type_code == "incoming" and expected.company_id == self.company_id
        if (expected and not fits) or lines.sudo().move_id - expected.move_ids:
            raise UserError(
                self.env._("Choose a delivery that %(company)s waits for.", company=self.company_id.display_name)
            )

    def _get_picking(self, lines):
        """Return the transfer that the lines are received by: the expected one, else that of a new order."""
        picking = self.picking_id
        order = picking.move_ids.purchase_line_id.order_id[:1]
        extra = lines.filtered(lambda line: not line.move_id)
        if picking and not order:
            for line in extra:
                line.move_id = self.env["stock.move"].create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom": line.product_id.uom_id.id,
                        "product_uom_qty": line._base_quantity(),
                        "picking_id": picking.id,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                        "company_id": picking.company_id.id,
                    }
                )
            return picking
        if not order:
            order = self.env["purchase.order"].create(
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": self.currency_id.id,
                    "partner_ref": self.reference,
                }
            )
        for line in extra:
            bought = self.env["purchase.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": line.product_id.id,
                    "product_qty": line.quantity,
                    "product_uom_id": line.uom_id.id,
                    "price_unit": line.price_unit,
                }
            )
            line.purchase_line_id = bought
        if order.state in ("draft", "sent"):
            order.button_confirm()
            if order.state == "to approve":
                order.button_approve(force=True)
        for line in extra:
            line.move_id = line.purchase_line_id.move_ids[:1]
        return picking or extra.move_id.picking_id[:1]

    def _fill(self, picking, lines):
        """Write what has come into the moves of the transfer; what has not stays expected."""
        moves = picking.sudo().move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        moves.move_line_ids.unlink()
        for move, mine in lines.sudo().grouped("move_id").items():
            values = []
            for line in mine:
                bought = move.purchase_line_id
                # It may have come in another packaging than it was ordered in.
                price = line.uom_id._compute_price(line.price_unit, bought.product_uom_id) if bought else 0
                if bought and float_compare(bought.price_unit, price, precision_digits=6):
                    bought.price_unit = price
                values.append(
                    {
                        "move_id": move.id,
                        "picking_id": picking.id,
                        "product_id": move.product_id.id,
                        "product_uom_id": move.product_id.uom_id.id,
                        "quantity": line._base_quantity(),
                        "lot_id": line._get_lot().id,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                        "company_id": move.company_id.id,
                        "picked": True,
                    }
                )
            self.env["stock.move.line"].sudo().create(values)
        missing = moves.filtered(lambda move: not move.move_line_ids)
        missing.picked = False


class SalonReceiveLine(models.TransientModel):
    _name = "salon.receive.line"
    _description = "Goods Received"
    _inherit = ["salon.dialog.mixin"]
    _salon_about = ("move_id", "purchase_line_id")

    receive_id = fields.Many2one("salon.receive", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="receive_id.company_id")
    currency_id = fields.Many2one(related="receive_id.currency_id")
    move_id = fields.Many2one("stock.move", ondelete="cascade")
    purchase_line_id = fields.Many2one("purchase.order.line", ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", domain=[("is_storable", "=", True)]
    )
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Packaging",
        required=True,
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    ordered_qty = fields.Float("Ordered", digits="Product Unit", readonly=True)
    quantity = fields.Float("Received", digits="Product Unit", default=1)
    price_unit = fields.Float(
        "Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
        help="Of one packaging, without tax.",
    )
    has_expiry = fields.Boolean(related="product_id.use_expiration_date")
    tracking = fields.Selection(related="product_id.tracking")
    expiry_date = fields.Date("Expires")
    lot_name = fields.Char("Lot", help="The number on the packaging; the expiry date when it is left empty.")

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            product = line.product_id
            line.allowed_uom_ids = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id

    def _seller(self):
        self.ensure_one()
        product, company = self.product_id, self.company_id
        sellers = product.seller_ids.filtered(
            lambda seller: (
                seller.partner_id == self.receive_id.partner_id
                and seller.product_id in (product.browse(), product)
                and seller.company_id in (company.browse(), company)
            )
        )
        return sellers[:1]

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            seller, product = line._seller(), line.product_id
            line.uom_id = seller.product_uom_id or product.uom_ids[:1] or product.uom_id

    @api.depends("product_id", "uom_id")
    def _compute_price_unit(self):
        for line in self:
            seller, product, company = line._seller(), line.product_id, line.company_id
            if not product:
                line.price_unit = 0
                continue
            if seller:
                price, uom, currency = seller.price, seller.product_uom_id, seller.currency_id
            else:
                price, uom, currency = product.sudo().standard_price, product.uom_id, company.currency_id
            price = uom._compute_price(price, line.uom_id or product.uom_id)
            if company and currency != line.currency_id:
                price = currency._convert(price, line.currency_id, company, company._salon_today(), round=False)
            line.price_unit = price

    def _base_quantity(self):
        self.ensure_one()
        return self.product_id._salon_to_unit(self.quantity, self.uom_id)

    def _check(self):
        self.ensure_one()
        name = self.product_id.display_name
        if self.quantity < 0:
            raise UserError(self.env._("%(product)s: a quantity received can't be negative.", product=name))
        if self.price_unit < 0:
            raise UserError(self.env._("%(product)s: a price can't be negative.", product=name))
        self._base_quantity()
        if not self.quantity or self.tracking == "none":
            return
        if self.has_expiry and not self.expiry_date:
            raise UserError(
                self.env._("%(product)s: enter the expiry date that stands on the packaging.", product=name)
            )
        if self.expiry_date and self.expiry_date < self.company_id._salon_today():
            raise UserError(
                self.env._(
                    "%(product)s expired on %(date)s: give it back to the supplier.",
                    product=name,
                    date=self.expiry_date,
                )
            )
        if not self.has_expiry and not self.lot_name:
            raise UserError(self.env._("%(product)s: enter the number of the lot.", product=name))

    def _get_lot(self):
        """Return the lot of the line, found by its name or made.

        :raise UserError: a lot of that name expires on another day
        """
        self.ensure_one()
        lots = self.env["stock.lot"].sudo()
        if self.tracking == "none":
            return lots
        name = (self.lot_name or "").strip() or fields.Date.to_string(self.expiry_date)
        lot = lots.search(
            [
                ("product_id", "=", self.product_id.id),
                ("name", "=", name),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            limit=1,
        )
        # Noon in the salon: no reader sees another day.
        expires = self.expiry_date and self.company_id._salon_utc(datetime.combine(self.expiry_date, time(12)))
        if not lot:
            values = {"name": name, "product_id": self.product_id.id, "company_id": self.company_id.id}
            return lots.create({**values, "expiration_date": expires} if expires else values)
        if expires and lot.expiration_date:
            known = self.company_id._salon_local(lot.expiration_date).date()
            if known != self.expiry_date:
                raise UserError(
                    self.env._(
                        "%(product)s: lot %(lot)s is known to expire on %(known)s, not on %(date)s.",
                        product=self.product_id.display_name,
                        lot=name,
                        known=known,
                        date=self.expiry_date,
                    )
                )
        return lot
