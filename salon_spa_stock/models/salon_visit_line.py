from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SalonVisitLine(models.Model):
    _inherit = "salon.visit.line"

    kind = fields.Selection(selection_add=[("extra", "Extra Material")])
    consumption_ids = fields.One2many("salon.consumption", "line_id", string="Materials Used", copy=False)
    charged_consumption_ids = fields.One2many(
        "salon.consumption", "charge_line_id", string="Charged Overuse", readonly=True, copy=False
    )
    salon_sold_move_ids = fields.One2many("stock.move", "salon_sold_line_id", string="Goods Given", readonly=True)
    extra_of_id = fields.Many2one(
        "salon.visit.line",
        string="Extra of",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="The service whose overuse of material this line charges.",
    )

    @api.depends("product_id")
    def _compute_kind(self):
        super()._compute_kind()
        surcharge = self._salon_surcharge()
        for line in self:
            if surcharge and line.product_id == surcharge:
                line.kind = "extra"

    @api.depends("extra_of_id")
    def _compute_display_name(self):
        super()._compute_display_name()
        for line in self.filtered("extra_of_id"):
            line.display_name = ", ".join(filter(None, [line.display_name, line.note]))

    @api.model
    def _salon_surcharge(self):
        """Return the product that overuse of material is charged by."""
        return (
            self.env.ref("salon_spa_stock.product_surcharge", raise_if_not_found=False) or self.env["product.product"]
        )

    def _taxes(self):
        # Extra material is a part of the service's price, with its taxes and no others.
        return self.extra_of_id._taxes() if self.extra_of_id else super()._taxes()

    @api.model
    def _note_fields(self):
        # What was used is said by the master, also of a visit that is closed: the stock follows.
        return super()._note_fields() | {"consumption_ids"}

    def write(self, vals):
        result = super().write(vals)
        if {"product_id", "employee_id", "quantity", "cancelled"} & set(vals):
            planned = self.sudo().filtered("consumption_ids")
            if planned:
                self.env["salon.consumption"]._plan(planned)
        return result

    def _salon_stock_location(self):
        """Return where the line's goods or materials are taken from."""
        self.ensure_one()
        return self._salon_stock_locations()[self]

    def _salon_stock_locations(self):
        """Return ``{line: where it takes its goods or materials from}``: services from their master's own shelf, else
        from the cabinet of their room, if there is one, all else from the salon's stock.
        """
        salons = {company: company._salon_stock_location() for company in self.company_id}
        allocations = self.env["salon.allocation"].sudo()
        taken = allocations.search(
            [("line_id", "in", self.ids), ("resource_id.salon_stock_location_id", "!=", False)], order="start, id"
        ).grouped("line_id")
        places = {}
        for line in self:
            company = line.company_id
            own = line.sudo().employee_id.salon_stock_location_id
            rooms = taken.get(line, allocations).resource_id.salon_stock_location_id
            found = (own | rooms).filtered(lambda place, company=company: place.company_id == company)
            places[line] = found[:1] if line.kind == "service" and found else salons[company]
        return places

    def action_plan_materials(self):
        """List what the recipe says, to be corrected before the visit is closed."""
        self._check_may_note()
        for line in self:
            if line.state not in ("requested", "booked", "confirmed", "arrived"):
                raise UserError(self.env._("The recipe is written off when the visit is done: correct it then."))
        self.env["salon.consumption"]._plan(self.sudo())
        if not self.sudo().consumption_ids:
            raise UserError(self.env._("%(service)s has no recipe yet.", service=self[:1].product_id.display_name))
        return self.action_open_line() if len(self) == 1 else None

    def action_repeat_materials(self):
        """Set what was used to what this client's last service of the kind used.

        :raise UserError: nothing was written down then
        """
        self._check_may_note()
        for line in self:
            last = self.sudo().search(
                Domain("client_id", "=", line.client_id.id)
                & Domain("product_id.product_tmpl_id", "=", line.product_id.product_tmpl_id.id)
                & Domain("state", "=", "done")
                & Domain("consumption_ids", "!=", False)
                & Domain("company_id", "in", self.env.companies.ids)
                & Domain("id", "!=", line._origin.id or 0),
                order="start desc",
                limit=1,
            )
            if not last or not line.client_id:
                raise UserError(
                    self.env._(
                        "What %(service)s took of this client's last time was not written down.",
                        service=line.product_id.display_name,
                    )
                )
            self.env["salon.consumption"]._plan(line.sudo())
            used = {row.product_id: row.actual for row in last.consumption_ids}
            for row in line.consumption_ids:
                row.actual = used.pop(row.product_id, 0)
            self.env["salon.consumption"].create(
                [
                    {"line_id": line.id, "product_id": product.id, "actual": quantity}
                    for product, quantity in used.items()
                    if quantity
                ]
            )
        return self.action_open_line() if len(self) == 1 else None

    def _check_may_note(self):
        self.check_access("write")

    # ------------------------------------------------------------------
    # Products sold in the visit
    # ------------------------------------------------------------------

    def _salon_delivered(self):
        """Return {line: quantity that has left the stock as goods sold}, in the product's unit."""
        moves = self.env["stock.move"].sudo().search([("salon_sold_line_id", "in", self.ids), ("state", "=", "done")])
        result = dict.fromkeys(self, 0.0)
        for move in moves:
            line = move.salon_sold_line_id.with_env(self.env)
            if move.product_id != line.product_id:
                continue
            if move.location_dest_id.usage == "customer":
                result[line] += move.quantity
            elif move.location_id.usage == "customer":
                result[line] -= move.quantity
        return result

    def _salon_deliver(self):
        """Take the products of done visits out of stock, however they are paid for; a second call moves nothing.

        A product that is sold in a visit leaves the stock with the visit. A till or an invoice that bills such a line
        must not move it once more.
        """
        lines = self.sudo().filtered(
            lambda line: line.kind == "product" and line.state == "done" and line.product_id.is_storable
        )
        kept = lines._salon_kept_quantities()
        self._salon_move_sold([(line, kept[line] - done) for line, done in lines._salon_delivered().items()])

    def _salon_kept_quantities(self):
        """Return {line: quantity of the product that the client has, or will have}."""
        return {line: line.quantity for line in self}

    def _salon_take_back(self):
        """Put the products of reopened visits back on the shelf."""
        lines = self.sudo().filtered(lambda line: line.kind == "product" and line.state != "done")
        self._salon_move_sold([(line, -done) for line, done in lines._salon_delivered().items()])

    def _salon_move_sold(self, wanted):
        """Move sold goods to the client (quantity above zero) or back, the lots that were given."""
        customers = self.env.ref("stock.stock_location_customers")
        rows = []
        for line, quantity in wanted:
            uom = line.product_id.uom_id
            if uom.is_zero(quantity):
                continue
            shelf = line._salon_stock_location()
            source, target = (shelf, customers) if quantity > 0 else (customers, shelf)
            given = line.salon_sold_move_ids.filtered(
                lambda move: move.state == "done" and not move.origin_returned_move_id
            )
            values = {
                "salon_sold_line_id": line.id,
                "origin": line.visit_id.display_name,
                "company_id": line.company_id.id,
            }
            lots = None
            if quantity < 0:
                values["origin_returned_move_id"] = given[-1:].id
                lots = [(row.lot_id, row.quantity_product_uom) for row in given[-1:].move_line_ids]
                if uom.compare(sum(amount for _lot, amount in lots), -quantity):
                    lots = [(lots[0][0] if lots else self.env["stock.lot"], -quantity)]
            rows.append(
                {
                    "product": line.product_id.with_company(line.company_id),
                    "quantity": abs(quantity),
                    "source": source,
                    "target": target,
                    "lots": lots,
                    "values": values,
                }
            )
        if rows:
            self.env["stock.move"]._salon_move_now(rows)
