from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rights import check_desk


class SalonTransfer(models.TransientModel):
    """Goods that go to another place: an internal transfer of Odoo's, or to another company one of each."""

    _name = "salon.transfer"
    _description = "Transfer Goods"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    location_id = fields.Many2one(
        "stock.location",
        string="From",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company._salon_stock_location(),
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
    )
    location_dest_id = fields.Many2one(
        "stock.location",
        string="To",
        required=True,
        ondelete="cascade",
        domain="[('usage', '=', 'internal'), ('company_id', 'in', allowed_company_ids), ('id', '!=', location_id)]",
    )
    line_ids = fields.One2many("salon.transfer.line", "transfer_id")
    note = fields.Char()
    has_target = fields.Boolean(compute="_compute_has_target", help="There is another place to bring goods to.")

    @api.depends("location_id")
    @api.depends_context("allowed_company_ids")
    def _compute_has_target(self):
        places = self.env["stock.location"].search(
            [("usage", "=", "internal"), ("company_id", "in", self.env.companies.ids)], limit=2
        )
        for transfer in self:
            transfer.has_target = bool(places - transfer.location_id)

    def _compute_display_name(self):
        self.display_name = self.env._("Transfer Goods")

    def action_transfer(self):
        """Move the goods at once, and open the transfer.

        :raise UserError: there is not so much of a product, or a quantity can't be; nothing is moved then
        """
        self.ensure_one()
        check_desk(self)
        lines = self.line_ids.filtered("quantity")
        if not lines:
            raise UserError(self.env._("Nothing to move: enter at least one product and its quantity."))
        if self.location_id == self.location_dest_id:
            raise UserError(self.env._("The goods are there already: choose another place to bring them to."))
        source, target = self.location_id.company_id, self.location_dest_id.company_id
        if source not in self.env.companies or target not in self.env.companies:
            raise UserError(self.env._("Choose places of salons that you work in."))
        for line in lines:
            line._check()
        if source == target:
            pickings = self._move(source, "internal", self.location_id, self.location_dest_id)
        else:
            pickings = self._move_between(source, target)
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_transfer")
        form = self.env.ref("salon_spa_stock.stock_picking_view_form_transfer")
        return {**action, "res_id": pickings[0].id, "views": [(form.id, "form")], "view_mode": "form", "context": {}}

    def _move_between(self, source, target):
        """Send from one company and receive in the other, for what the goods cost the first."""
        transit = self.env.ref("stock.stock_location_inter_company").sudo()
        if not transit.active:
            transit.active = True
        sent = self._move(source, "outgoing", self.location_id, transit, partner=target.partner_id)
        received = self._move(
            target, "incoming", transit, self.location_dest_id, partner=source.partner_id, sent=sent.move_ids
        )
        for line in self.line_ids.filtered("quantity"):
            out = sent.move_ids.filtered(lambda move, line=line: move.product_id == line.product_id)
            value = source.currency_id._convert(
                sum(out.mapped("value")), target.currency_id, target, fields.Date.context_today(self)
            )
            back = received.move_ids.filtered(lambda move, line=line: move.product_id == line.product_id)
            back[:1].value_manual = value
        return sent | received

    def _move(self, company, code, source, target, partner=None, sent=None):
        """Return a done transfer of the company's; ``sent`` are the moves whose lots arrive here."""
        env = self.sudo().with_company(company).env
        kind = (
            env["stock.picking.type"]
            .with_context(active_test=False)
            .search([("code", "=", code), ("company_id", "=", company.id)], limit=1)
        )
        picking = env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "company_id": company.id,
                "partner_id": partner.id if partner else False,
                "origin": self.note,
            }
        )
        rows = []
        for product, lines in self.line_ids.filtered("quantity").sudo().grouped("product_id").items():
            product = product.with_env(env)
            if sent:
                lots = self._arriving_lots(product, sent, company)
            else:
                lots = [pair for line in lines for pair in line._get_lots()]
            rows.append(
                {
                    "product": product,
                    "quantity": sum(quantity for _lot, quantity in lots),
                    "source": source,
                    "target": target,
                    "lots": lots,
                    "values": {"picking_id": picking.id, "company_id": company.id},
                }
            )
        env["stock.move"]._salon_move_now(rows)
        return picking

    def _arriving_lots(self, product, sent, company):
        """Return the lots of another company as those of ``company``: names and expiry dates stay."""
        result = []
        for row in sent.move_line_ids.filtered(lambda row: row.product_id == product):
            lot = row.lot_id
            if lot and lot.company_id and lot.company_id != company:
                known = product.env["stock.lot"].search(
                    [("product_id", "=", product.id), ("name", "=", lot.name), ("company_id", "=", company.id)], limit=1
                )
                lot = known or lot.with_env(product.env).copy({"company_id": company.id, "name": lot.name})
            result.append((lot, row.quantity_product_uom))
        return result


class SalonTransferLine(models.TransientModel):
    _name = "salon.transfer.line"
    _description = "Goods to Transfer"

    transfer_id = fields.Many2one("salon.transfer", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", domain=[("is_storable", "=", True)]
    )
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        required=True,
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1)
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        ondelete="cascade",
        domain="[('product_id', '=', product_id)]",
        help="Left empty, what expires first goes.",
    )
    available_qty = fields.Float("There", digits="Product Unit", compute="_compute_available_qty")
    unit_name = fields.Char(related="product_id.uom_id.name", string="Unit of the Product")

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.product_id.uom_id

    @api.depends("product_id", "lot_id", "transfer_id.location_id")
    def _compute_available_qty(self):
        for line in self:
            domain = [
                ("product_id", "=", line.product_id.id),
                ("location_id", "=", line.transfer_id.location_id.id),
            ]
            if line.lot_id:
                domain.append(("lot_id", "=", line.lot_id.id))
            line.available_qty = sum(self.env["stock.quant"].search(domain).mapped("quantity"))

    def _base_quantity(self):
        self.ensure_one()
        return self.product_id._salon_to_unit(self.quantity, self.uom_id)

    def _get_lots(self):
        quantity = self._base_quantity()
        if self.lot_id:
            return [(self.lot_id, quantity)]
        return self.product_id._salon_pick_lots(self.transfer_id.location_id, quantity)

    def _check(self):
        self.ensure_one()
        product = self.product_id
        if self.quantity < 0:
            raise UserError(self.env._("%(product)s: a quantity can't be negative.", product=product.display_name))
        if self.lot_id and self.lot_id.product_id != product:
            raise UserError(
                self.env._("%(product)s has no lot %(lot)s.", product=product.name, lot=self.lot_id.name)
            )
        twins = self.transfer_id.line_ids.filtered(lambda line: line.product_id == product)
        wanted = sum(line._base_quantity() for line in twins if not self.lot_id or line.lot_id == self.lot_id)
        if product.uom_id.compare(wanted, self.available_qty) > 0:
            raise UserError(
                self.env._(
                    "Only %(quantity)s %(unit)s of %(product)s are at %(place)s.",
                    quantity=product.uom_id._salon_number(self.available_qty),
                    unit=product.uom_id.name,
                    product=product.display_name,
                    place=self.transfer_id.location_id.display_name,
                )
            )
