from collections import defaultdict
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.product_template import SALON_USES
from ..tools import valuation
from ..tools.rights import check_company, check_manager

KINDS = ("received", "used", "sold", "written_off", "adjusted", "transferred")


class SalonMovement(models.TransientModel):
    """The movement report of a period: what was there, what came, where it went, what is left; by quantity and value.

    Quantities: opening + received - used - sold - written off + adjusted + transferred = closing, and closing of a
    period up to today is what is in stock. Values: the same with the moves' values; what remains between them and the
    valuation of the stock is the column of price changes and rounding.
    """

    _name = "salon.movement"
    _description = "Stock Movement"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._salon_today().replace(day=1))
    date_to = fields.Date("To", required=True, default=lambda self: self.env.company._salon_today())
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        ondelete="cascade",
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        help="Empty: the whole salon.",
    )
    salon_use = fields.Selection(SALON_USES, string="Products", help="Empty: all that is kept in stock.")
    line_ids = fields.One2many("salon.movement.line", "movement_id")

    @api.onchange("company_id")
    def _onchange_company_id(self):
        self.location_id = False

    def action_last_month(self):
        """Set the period to the calendar month before the one that runs."""
        self.ensure_one()
        first = self.company_id._salon_today().replace(day=1)
        self.write({"date_from": first - relativedelta(months=1), "date_to": first - timedelta(days=1)})
        return self.action_show()

    def action_show(self):
        """Work the report out and open it.

        :raise UserError: the period ends before it begins
        """
        self.ensure_one()
        check_manager(self)
        check_company(self)
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins: change the days."))
        self.line_ids = [Command.clear(), *(Command.create(values) for values in self._rows())]
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_movement_lines")
        period = self.env._("%(first)s to %(last)s", first=self.date_from, last=self.date_to)
        return {
            **action,
            "name": self.env._("Stock Movement, %s", period),
            "domain": [("movement_id", "=", self.id)],
            "context": {"create": False, "edit": False},
        }

    # ---------------------------------------------------------------- arithmetic

    def _rows(self):
        """Return the values of the report's lines, one per product that was in stock or moved."""
        company = self.company_id.sudo()
        local = [datetime.combine(day, time()) for day in (self.date_from, self.date_to + timedelta(days=1))]
        start, stop = (company._salon_utc(moment) for moment in local)
        valued = (
            self.env["stock.location"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", company.id), ("usage", "in", ("internal", "transit"))])
        )
        inside = valued
        if self.location_id:
            inside = valued.filtered_domain([("id", "child_of", self.location_id.id)])
        flows = self._flows(inside, valued, start, stop)
        after = self._flows(inside, valued, stop, None)
        now = self._on_hand(inside)
        all_after = after if inside == valued else self._flows(valued, valued, stop, None)
        all_flows = flows if inside == valued else self._flows(valued, valued, start, stop)
        all_now = now if inside == valued else self._on_hand(valued)
        products = self._products(set(flows) | set(now) | set(after))
        histories = self._histories(products)
        rows = []
        for product in products:
            unit = product.uom_id
            moved = {kind: unit.round(flows[product.id][kind][0]) for kind in KINDS}
            closing = unit.round(now.get(product.id, 0.0) - sum(after[product.id][kind][0] for kind in KINDS))
            opening = unit.round(closing - sum(moved.values()))
            if not (opening or closing or any(moved.values())):
                continue
            all_closing = all_now.get(product.id, 0.0) - sum(all_after[product.id][kind][0] for kind in KINDS)
            all_opening = all_closing - sum(all_flows[product.id][kind][0] for kind in KINDS)
            opening_value = self._value(product, histories, opening, all_opening, start - timedelta(seconds=1))
            closing_value = self._value(product, histories, closing, all_closing, stop - timedelta(seconds=1))
            values = {kind: flows[product.id][kind][1] for kind in KINDS}
            if inside != valued:
                # Between two places of the salon a move has no value of its own: it takes that of the stock along.
                held, worth = (closing, closing_value) if closing else (opening, opening_value)
                values["transferred"] += flows[product.id]["between"][0] * (worth / held if held else 0.0)
            rounded = {kind: company.currency_id.round(value) for kind, value in values.items()}
            opening_value, closing_value = (
                company.currency_id.round(value) for value in (opening_value, closing_value)
            )
            revalued = company.currency_id.round(closing_value - opening_value - sum(rounded.values()))
            rows.append(
                {
                    "product_id": product.id,
                    "opening_qty": opening,
                    "received_qty": moved["received"],
                    "used_qty": -moved["used"],
                    "sold_qty": -moved["sold"],
                    "written_off_qty": -moved["written_off"],
                    "adjusted_qty": moved["adjusted"],
                    "transferred_qty": moved["transferred"],
                    "closing_qty": closing,
                    "opening_value": opening_value,
                    "received_value": rounded["received"],
                    "used_value": -rounded["used"],
                    "sold_value": -rounded["sold"],
                    "written_off_value": -rounded["written_off"],
                    "adjusted_value": rounded["adjusted"],
                    "transferred_value": rounded["transferred"],
                    "revalued_value": revalued,
                    "closing_value": closing_value,
                }
            )
        return rows

    def _products(self, product_ids):
        products = self.env["product.product"].sudo().with_company(self.company_id).browse(product_ids)
        products = products.filtered(lambda product: product.is_storable)
        if self.salon_use:
            products = products.filtered(lambda product: product.salon_use in (self.salon_use, "both"))
        return products.sorted(lambda product: (product.categ_id.complete_name or "", product.display_name))

    def _on_hand(self, locations):
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group([("location_id", "in", locations.ids)], ["product_id"], ["quantity:sum"])
        )
        return {product.id: quantity for product, quantity in groups}

    def _flows(self, inside, valued, start, stop):
        """Return {product id: {kind: [quantity, value]}} of what crossed the border of the locations ``inside``.

        In is above zero, out below. "between" is the part of "transferred" that has no value of its own. ``start`` is
        the first moment, ``stop`` the first one after the period; None is without an end.
        """
        self.env.flush_all()
        result = defaultdict(lambda: {kind: [0.0, 0.0] for kind in (*KINDS, "between")})
        if not inside:
            return result
        self.env.cr.execute(
            SQL(
                """
                WITH crossing AS (
                    SELECT row.product_id,
                           move.id AS move_id,
                           other.id AS other_id,
                           other.usage,
                           move.scrap_id,
                           CASE WHEN row.location_dest_id IN %(inside)s THEN 1 ELSE -1 END AS sign,
                           row.quantity_product_uom AS quantity,
                           other.id IN %(valued)s AS is_between,
                           move.value * row.quantity_product_uom / NULLIF(SUM(row.quantity_product_uom)
                               FILTER (WHERE (row.location_id IN %(valued)s) != (row.location_dest_id IN %(valued)s))
                               OVER (PARTITION BY move.id), 0) AS value
                      FROM stock_move_line row
                      JOIN stock_move move ON move.id = row.move_id
                      JOIN stock_location other
                        ON other.id = CASE WHEN row.location_dest_id IN %(inside)s
                                           THEN row.location_id ELSE row.location_dest_id END
                     WHERE row.state = 'done'
                       AND move.date >= %(start)s
                       AND (%(stop)s::timestamp IS NULL OR move.date < %(stop)s)
                       AND (row.location_id IN %(inside)s OR row.location_dest_id IN %(inside)s)
                       AND row.location_id != row.location_dest_id
                )
                SELECT product_id,
                       CASE WHEN usage IN ('internal', 'transit', 'view') THEN 'transferred'
                            WHEN usage = 'supplier' THEN 'received'
                            WHEN usage = 'customer' THEN 'sold'
                            WHEN usage = 'production' THEN 'used'
                            WHEN scrap_id IS NOT NULL OR other_id IN %(loss)s THEN 'written_off'
                            ELSE 'adjusted' END AS kind,
                       is_between,
                       SUM(sign * quantity),
                       SUM(CASE WHEN is_between THEN 0 ELSE sign * value END)
                  FROM crossing
                 WHERE other_id NOT IN %(inside)s
                 GROUP BY 1, 2, 3
                """,
                inside=tuple(inside.ids),
                valued=tuple(valued.ids),
                start=start,
                stop=stop,
                loss=(0, *self.company_id._salon_loss_locations().ids),
            )
        )
        for product_id, kind, is_between, quantity, value in self.env.cr.fetchall():
            totals = result[product_id]
            totals[kind][0] += quantity or 0.0
            totals[kind][1] += float(value or 0.0)
            if is_between:
                totals["between"][0] += quantity or 0.0
        return result

    def _histories(self, products):
        """Return {product id: (moves, price changes)} from the beginning: what a cost follows from."""
        moves, prices = defaultdict(list), defaultdict(list)
        if not products:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT move.product_id, move.date,
                       COALESCE(SUM(row.quantity_product_uom) FILTER (WHERE move.is_in AND target.ours
                                                                        AND NOT source.ours), 0),
                       COALESCE(SUM(row.quantity_product_uom) FILTER (WHERE move.is_out AND source.ours
                                                                        AND NOT target.ours), 0),
                       COALESCE(move.value, 0)
                  FROM stock_move move
                  JOIN stock_move_line row ON row.move_id = move.id AND row.state = 'done'
                  JOIN LATERAL (SELECT company_id IS NOT NULL AND usage IN ('internal', 'transit') AS ours
                                  FROM stock_location WHERE id = row.location_id) source ON TRUE
                  JOIN LATERAL (SELECT company_id IS NOT NULL AND usage IN ('internal', 'transit') AS ours
                                  FROM stock_location WHERE id = row.location_dest_id) target ON TRUE
                 WHERE move.product_id IN %s AND move.company_id = %s AND (move.is_in OR move.is_out)
                   AND (row.owner_id IS NULL OR row.owner_id = %s)
                 GROUP BY move.id
                 ORDER BY move.date, move.id
                """,
                tuple(products.ids),
                self.company_id.id,
                self.company_id.sudo().partner_id.id,
            )
        )
        for product_id, date, in_qty, out_qty, value in self.env.cr.fetchall():
            moves[product_id].append(valuation.Move(date, float(in_qty), float(out_qty), float(value)))
        # As Odoo reads them: the changes of every company, by date.
        changes = (
            self.env["product.value"]
            .sudo()
            .search(
                [("product_id", "in", products.ids), ("move_id", "=", False), ("lot_id", "=", False)], order="date, id"
            )
        )
        for change in changes:
            prices[change.product_id.id].append((change.date, change.value))
        return {product.id: (moves[product.id], prices[product.id]) for product in products}

    def _value(self, product, histories, quantity, whole, moment):
        """Return what ``quantity`` of the ``whole`` stock of a product was worth at a moment."""
        if product.uom_id.is_zero(quantity):
            return 0.0
        if product.uom_id.is_zero(whole):
            return product.standard_price * quantity
        moves, prices = histories[product.id]
        if product.cost_method == "average":
            value = valuation.average(moves, prices, whole, moment)
        elif product.cost_method == "fifo":
            value = valuation.first_in_first_out(moves, whole, product.standard_price, moment)
        else:
            value = valuation.standard(prices, whole, product.standard_price, moment)
        return value * quantity / whole


class SalonMovementLine(models.TransientModel):
    _name = "salon.movement.line"
    _description = "Stock Movement of a Product"
    _inherit = ["salon.export.mixin"]
    _order = "id"
    _rec_name = "product_id"

    movement_id = fields.Many2one("salon.movement", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="movement_id.company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    salon_use = fields.Selection(related="product_id.salon_use", store=True, string="Use")
    categ_id = fields.Many2one(related="product_id.categ_id", store=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    opening_qty = fields.Float("Opening", digits="Product Unit", readonly=True, help="In stock before the first day.")
    received_qty = fields.Float(
        "Received", digits="Product Unit", readonly=True, help="From suppliers, less what went back."
    )
    used_qty = fields.Float("Used", digits="Product Unit", readonly=True, help="By services, less what was put back.")
    sold_qty = fields.Float("Sold", digits="Product Unit", readonly=True, help="To clients, less what they returned.")
    written_off_qty = fields.Float(
        "Written Off", digits="Product Unit", readonly=True, help="Spoiled, expired, testers, lost."
    )
    adjusted_qty = fields.Float(
        "Adjusted", digits="Product Unit", readonly=True, help="Differences of stock-takings; found is above zero."
    )
    transferred_qty = fields.Float(
        "Transferred", digits="Product Unit", readonly=True, help="To and from other places; what came is above zero."
    )
    closing_qty = fields.Float("Closing", digits="Product Unit", readonly=True, help="In stock after the last day.")
    opening_value = fields.Monetary(readonly=True)
    received_value = fields.Monetary(readonly=True)
    used_value = fields.Monetary(readonly=True)
    sold_value = fields.Monetary(readonly=True)
    written_off_value = fields.Monetary(readonly=True)
    adjusted_value = fields.Monetary(readonly=True)
    transferred_value = fields.Monetary(readonly=True)
    revalued_value = fields.Monetary(
        "Price Changes",
        readonly=True,
        help="What the value of the stock changed by without a move: new costs, bills at another price, rounding.",
    )
    closing_value = fields.Monetary(readonly=True, help="What the stock was worth after the last day.")
