from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

CLOSE_REASONS = [
    ("used_up", "Used up"),
    ("dried", "Dried up"),
    ("spoiled", "Spoiled"),
    ("tester", "Tester"),
]


class SalonContainer(models.Model):
    """A bottle or tube in use: opened once, drawn from by services, closed with the rest written off.

    What is in it is part of the stock of its place until it is drawn or written off; every change is a stock move that
    names the container.
    """

    _name = "salon.container"
    _description = "Opened Container"
    _inherit = ["salon.guard.mixin"]
    _order = "state desc, opened_at, id"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product",
        string="Material",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('is_storable', '=', True)]",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit", help="The one that the product is stocked in.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, readonly=True
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Where",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.company._salon_stock_location(),
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        groups="stock.group_stock_user",
    )
    lot_name = fields.Char(related="lot_id.name", string="Lot Number", help="Of the lot it came from.")
    capacity = fields.Float(
        digits="Product Unit",
        compute="_compute_capacity",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="How much was in it when it was opened, in the unit the product is stocked in.",
    )
    opened_at = fields.Datetime("Opened", required=True, default=fields.Datetime.now)
    opened_by_id = fields.Many2one(
        "res.users", string="Opened by", required=True, readonly=True, default=lambda self: self.env.user
    )
    use_until = fields.Date(
        compute="_compute_use_until",
        store=True,
        help="The product's days after opening, and never later than the lot expires.",
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, default="open", readonly=True, index=True
    )
    closed_at = fields.Datetime("Closed", readonly=True)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    close_reason = fields.Selection(CLOSE_REASONS, string="Why Closed", readonly=True)
    move_ids = fields.One2many(
        "stock.move", "salon_container_id", string="Stock Moves", groups="stock.group_stock_user"
    )
    consumption_ids = fields.One2many("salon.consumption", "container_id", string="Used for")
    drawn = fields.Float(
        "Used for Visits", digits="Product Unit", compute="_compute_drawn", help="Written off by services."
    )
    wasted = fields.Float(
        "Thrown Away", digits="Product Unit", compute="_compute_drawn", help="Written off with a reason at closing."
    )
    shrinkage = fields.Float(
        digits="Product Unit", compute="_compute_drawn", help="What was found missing when it was weighed."
    )
    left = fields.Float(digits="Product Unit", compute="_compute_drawn", help="By the book.")
    yield_rate = fields.Float(
        "Yield, %",
        digits=(16, 1),
        compute="_compute_yield_rate",
        store=True,
        aggregator="avg",
        help="Used for visits, divided by what was in the container; of closed ones only.",
    )

    _capacity_positive = models.Constraint("CHECK(capacity > 0)", "Say how much is in the container: above zero.")

    @api.depends("product_id")
    def _compute_capacity(self):
        for container in self:
            container.capacity = container.product_id.salon_container_size or container.capacity

    @api.depends("opened_at", "product_id.salon_open_days", "lot_id.expiration_date")
    def _compute_use_until(self):
        for container in self:
            company, days = container.company_id, container.product_id.salon_open_days
            dates = []
            if days and container.opened_at:
                dates.append(company._salon_local(container.opened_at).date() + timedelta(days=days))
            # By sudo: a lot's date is no secret of the stock keeper's.
            expires = container.sudo().lot_id.expiration_date
            if expires:
                dates.append(company._salon_local(expires).date())
            container.use_until = min(dates, default=False)

    @api.depends("use_until", "state")
    def _compute_is_overdue(self):
        for container in self:
            today = (container.company_id or self.env.company)._salon_today()
            container.is_overdue = bool(
                container.state == "open" and container.use_until and container.use_until < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return Domain("state", "=", "open") & Domain.OR(
            Domain("company_id", "=", company.id) & Domain("use_until", "<", company._salon_today())
            for company in self.env.companies
        )

    @api.depends("capacity", "move_ids.state", "move_ids.quantity")
    def _compute_drawn(self):
        drawn, wasted, lost = self._taken()
        for container in self:
            key = container._origin.id
            container.drawn, container.wasted, container.shrinkage = drawn[key], wasted[key], lost[key]
            left = container.capacity - drawn[key] - wasted[key] - lost[key]
            container.left = container.uom_id.round(left) if container.uom_id else left

    def _taken(self):
        """Return what services drew, what was thrown away and what was missing, each by the container's id."""
        drawn, wasted, lost = (defaultdict(float) for _number in range(3))
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                [("salon_container_id", "in", self._origin.ids), ("state", "=", "done")],
                ["salon_container_id", "salon_consumption_id", "location_id", "location_dest_id"],
                ["quantity:sum"],
            )
            if self._origin
            else []
        )
        for container, consumption, source, destination, quantity in groups:
            away = source == container.location_id
            if consumption:
                kind = drawn
            elif container.company_id._salon_write_off_location() in (source, destination):
                kind = wasted
            else:
                kind = lost
            kind[container.id] += quantity if away else -quantity
        return drawn, wasted, lost

    @api.depends("state", "capacity", "move_ids.state", "move_ids.quantity")
    def _compute_yield_rate(self):
        closed = self.filtered(lambda container: container.state == "closed" and container.capacity)
        drawn = closed._taken()[0]
        for container in self:
            done = drawn[container._origin.id] if container in closed else 0
            container.yield_rate = 100 * done / container.capacity if done else 0

    @api.depends("product_id", "opened_at", "state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for container in self:
            day = container.opened_at and (container.company_id or self.env.company)._salon_format(
                container.opened_at, "d MMM"
            )
            container.display_name = container.product_id and self.env._(
                "%(product)s, opened %(day)s", product=container.product_id.display_name, day=day or ""
            )

    @api.constrains("product_id", "lot_id")
    def _check_lot(self):
        for container in self:
            names = {"product": container.product_id.display_name, "lot": container.sudo().lot_id.name}
            if not container.product_id.is_storable:
                raise ValidationError(
                    self.env._("%(product)s is not kept in stock, so nothing of it is opened.", **names)
                )
            lot = container.sudo().lot_id
            if lot and lot.product_id != container.product_id:
                raise ValidationError(self.env._("Lot %(lot)s is not one of %(product)s.", **names))
            if lot.expiration_date and lot.expiration_date <= container.opened_at:
                raise ValidationError(
                    self.env._("Lot %(lot)s of %(product)s has expired: open another one and write it off.", **names)
                )

    @api.model
    def _salon_kept_from_create(self):
        return {*super()._salon_kept_from_create(), "company_id"}

    @api.model_create_multi
    def create(self, vals_list):
        containers = super().create(vals_list)
        for container in containers.filtered(lambda one: one.product_id.tracking != "none" and not one.lot_id).sudo():
            shelves = self.env["salon.consumption"]._shelves(container.product_id, container.location_id)
            container.lot_id = shelves[container.product_id, container.location_id].next_lot()
        return containers

    def write(self, vals):
        closed = self.filtered(lambda container: container.state == "closed")
        if closed and not self._salon_keeps():
            raise UserError(self.env._("%(container)s is closed.", container=closed[0].display_name))
        if {"product_id", "location_id", "lot_id", "capacity"} & set(vals) and any(self.sudo().mapped("move_ids")):
            raise UserError(self.env._("Something was drawn from it already: close it and open another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_untouched(self):
        if any(self.sudo().mapped("move_ids")):
            raise UserError(self.env._("Something was drawn from it already: close it instead of deleting it."))

    # ------------------------------------------------------------------
    # Drawing
    # ------------------------------------------------------------------

    @api.model
    def _open_drawn(self, opened):
        """Open the containers that a draw has found to be needed.

        :param opened: ``{Opened: (product, location)}``; each gets the id of its record as ``key``
        """
        containers = self.sudo().create(
            [
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "company_id": self.env.company.id,
                    "lot_id": container.lot,
                    "opened_by_id": self.env.uid,
                }
                for container, (product, location) in opened.items()
            ]
        )
        for container, record in zip(opened, containers, strict=True):
            container.key = record.id

    def _follow_moves(self):
        """Close what has run out, and keep what was thrown away empty when something is given back to it."""
        for container in self:
            left = container.uom_id.compare(container.left, 0)
            if container.state == "open" and left <= 0:
                container._set_closed("used_up")
            elif container.state == "closed" and left > 0:
                if container.close_reason == "used_up" and not container.wasted:
                    # It had closed by itself.
                    container.write({"state": "open", "closed_at": False, "closed_by_id": False, "close_reason": False})
                else:
                    container._throw_away(container.left)

    # ------------------------------------------------------------------
    # Closing and weighing
    # ------------------------------------------------------------------

    def _check_desk(self):
        if not (self.env.su or self.env.user.has_group("salon_spa.group_salon_administrator")):
            raise AccessError(self.env._("Ask the front desk to close or weigh an opened container."))

    def _check_open(self):
        for container in self:
            if container.state != "open":
                raise UserError(self.env._("%(container)s is closed.", container=container.display_name))

    def _close(self, reason):
        """Close the containers; what is left by the book is written off.

        :param reason: one of CLOSE_REASONS
        :raise UserError: one of them is closed already
        """
        self._check_desk()
        self._check_open()
        for container in self.sudo():
            container._throw_away(container.left)
            container._set_closed(reason)

    def _weigh(self, left):
        """Note what really is in the container; the difference to the book is shrinkage.

        :param left: in the unit the product is stocked in
        :raise UserError: it is closed, or can't hold that much
        """
        self.ensure_one()
        self._check_desk()
        self._check_open()
        container = self.sudo()
        if left < 0 or container.uom_id.compare(left, container.capacity) > 0:
            raise UserError(
                self.env._(
                    "Between 0 and %(capacity)s %(unit)s can be in %(container)s.",
                    capacity=container.uom_id._salon_number(container.capacity),
                    unit=container.uom_id.name,
                    container=container.display_name,
                )
            )
        lost = container.uom_id.round(container.left - left)
        inventory = container.product_id.with_company(container.company_id).property_stock_inventory
        if lost > 0:
            container._move(lost, container.location_id, inventory, is_inventory=True)
        elif lost < 0:
            container._move(-lost, inventory, container.location_id, is_inventory=True)
        container._follow_moves()

    def _set_closed(self, reason):
        self.write(
            {
                "state": "closed",
                "close_reason": reason,
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )

    def _throw_away(self, quantity):
        quantity = self.uom_id.round(quantity)
        if quantity > 0:
            self._move(quantity, self.location_id, self.company_id._salon_write_off_location())

    def _move(self, quantity, source, destination, **values):
        company = self.company_id
        self.env["stock.move"].with_company(company)._salon_move_now(
            [
                {
                    "product": self.product_id.with_company(company),
                    "quantity": quantity,
                    "source": source,
                    "target": destination,
                    "lots": [(self.lot_id, quantity)],
                    "values": {
                        "company_id": company.id,
                        "origin": self.display_name,
                        "salon_container_id": self.id,
                        **values,
                    },
                }
            ]
        )

    def action_close(self):
        """Ask why these containers are closed."""
        return self._ask("salon.container.close", self.env._("Close the Container"))

    def action_weigh(self):
        """Ask how much is left in this container."""
        return self._ask("salon.container.weigh", self.env._("Weigh the Container"))

    def _ask(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_container_ids": self.ids, "default_container_id": self[:1].id},
        }
