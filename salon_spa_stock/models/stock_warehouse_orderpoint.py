from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# Odoo looks a year ahead, where every lot that a salon has is past its date and would be bought anew.
HORIZON_DAYS = 14


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    # Under a supplier stand millilitres and pieces: there is no sum of them.
    product_min_qty = fields.Float(aggregator=None)
    product_max_qty = fields.Float(aggregator=None)

    salon_supplier_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        compute="_compute_salon_supplier_id",
        store=True,
        help="Chosen in the rule, else the first supplier of the product.",
    )
    salon_order_text = fields.Char(
        "In Packagings",
        compute="_compute_salon_order_text",
        help="What is proposed, in the supplier's packaging.",
    )
    salon_order_price = fields.Monetary(
        "Amount",
        compute="_compute_salon_order_text",
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
        help="What is proposed, at the supplier's price.",
    )
    salon_currency_id = fields.Many2one(related="company_id.currency_id")
    salon_cover_days = fields.Float(
        "Days of Cover",
        compute="_compute_salon_cover_days",
        digits=(16, 0),
        help="How long the stock on hand lasts at the need that booked visits and their recipes forecast; 0 when "
        "nothing is forecast.",
    )
    salon_need = fields.Float(
        "Need, 30 Days",
        compute="_compute_salon_cover_days",
        digits="Product Unit",
        help="What the visits booked for the next 30 days will use by their recipes.",
    )

    @api.depends(
        "supplier_id.partner_id", "product_id.seller_ids.partner_id", "product_id.seller_ids.sequence", "company_id"
    )
    def _compute_salon_supplier_id(self):
        for rule in self:
            rule.salon_supplier_id = rule._salon_seller().partner_id

    def _get_product_context(self):
        context = super()._get_product_context()
        if self.product_id.salon_use:
            last = fields.Date.today() + timedelta(days=HORIZON_DAYS + int(self.lead_days))
            context["to_date"] = min(context["to_date"], datetime.combine(last, time.max))
        return context

    def _salon_seller(self):
        """Return the supplier's price that an order would be made at."""
        self.ensure_one()
        sellers = self.product_id.seller_ids.filtered(
            lambda seller: (
                seller.company_id in (self.company_id, self.env["res.company"])
                and seller.product_id in (self.product_id, self.env["product.product"])
            )
        )
        return self.supplier_id or sellers[:1]

    @api.depends("qty_to_order", "supplier_id", "product_id.seller_ids.price")
    def _compute_salon_order_text(self):
        for rule in self:
            seller = rule._salon_seller()
            uom = seller.product_uom_id or rule.product_uom
            quantity = rule.product_uom._compute_quantity(rule.qty_to_order, uom, rounding_method="HALF-UP")
            rule.salon_order_text = f"{uom._salon_number(quantity)} × {uom.name}" if rule.qty_to_order else ""
            price = (
                seller.currency_id._convert(
                    seller.price * quantity, rule.company_id.currency_id, rule.company_id, fields.Date.today()
                )
                if seller
                else 0
            )
            rule.salon_order_price = price

    @api.depends_context("company")
    @api.depends("qty_on_hand")
    def _compute_salon_cover_days(self):
        for company, rules in self.grouped("company_id").items():
            products = rules.product_id.with_company(company)
            need, cover = products._salon_need(30), products._salon_days_of_cover()
            for rule in rules:
                product = rule.product_id.with_company(company)
                rule.salon_need = need.get(product, 0.0)
                rule.salon_cover_days = cover.get(product) or 0

    @api.model
    def action_salon_to_order(self):
        """Bring the proposals of the companies up to date and open the list of what is to be ordered."""
        if not self.env.user.has_group("salon_spa.group_salon_administrator"):
            raise AccessError(self.env._("Only the front desk and managers see what is to be ordered."))
        rules = self.sudo().search([("company_id", "in", self.env.companies.ids)])
        # Odoo keeps the proposal and looks at the stock again only when it is told to.
        rules._compute_qty_to_order_computed()
        return self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_to_order")

    @api.model
    def action_salon_make_all_orders(self, _ids=None):
        """Make the orders of all that is proposed, as ``action_salon_make_orders`` does for those chosen."""
        return self.browse().action_salon_make_orders()

    def action_salon_make_orders(self):
        """Make one request for quotation per supplier of what is proposed.

        :raise UserError: a product has no supplier, or nothing is to be ordered
        """
        if not (self.env.su or self.env.user.has_group("salon_spa.group_salon_manager")):
            raise AccessError(self.env._("Only a manager may order. Ask your manager."))
        rules = self or self.search([("company_id", "in", self.env.companies.ids)])
        rules._compute_qty_to_order_computed()
        rules = rules.filtered(lambda rule: rule.product_uom.compare(rule.qty_to_order, 0) > 0)
        if not rules:
            raise UserError(self.env._("Nothing is to be ordered: no product is below its minimum."))
        orphans = rules.filtered(lambda rule: not rule._salon_seller())
        if orphans:
            raise UserError(
                self.env._(
                    "Enter a supplier first, in the product's card: %(products)s.",
                    products=", ".join(orphans.product_id.mapped("display_name")),
                )
            )
        for company, mine in rules.grouped("company_id").items():
            mine.with_company(company).action_replenish()
        lines = self.env["purchase.order.line"].search([("orderpoint_id", "in", rules.ids), ("state", "=", "draft")])
        orders = lines.order_id
        if not orders:
            raise UserError(self.env._("No order could be made: check the suppliers of these products."))
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_order")
        action["domain"] = [("id", "in", orders.ids)]
        return action
