from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list

from ..tools.shelf import Lot, Opened, Shelf
from .salon_recipe_line import PHASES

# A digit too many is caught before the stock is gone; nothing that a service takes comes near it.
MOST = 1_000_000
# Passed in the context where the recipe says what was used; an object, so that no remote caller can forge it.
_BY_RECIPE = object()


class SalonConsumption(models.Model):
    """What one service of a visit took of one material: the norm and what it really was.

    ``actual`` and the visit's state say how much is to be gone from the stock, ``moved`` how much has gone. ``_settle``
    makes the moves for the difference and for nothing else, whoever calls it and how often.
    """

    _name = "salon.consumption"
    _description = "Material Used"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "line_id, sequence, id"
    _rec_name = "product_id"

    line_id = fields.Many2one(
        "salon.visit.line", string="Service of the Visit", required=True, ondelete="cascade", index=True
    )
    visit_id = fields.Many2one(related="line_id.visit_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Material",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('is_storable', '=', True)]",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit", help="The one that the product is stocked in.")
    phase = fields.Selection(PHASES, readonly=True)
    norm = fields.Float(digits="Product Unit", readonly=True, help="By the recipe, in the product's unit.")
    tolerance = fields.Float("Tolerance, %", digits=(16, 2), readonly=True)
    actual = fields.Float(
        "Used", digits="Product Unit", help="What it really was; until somebody corrects it, the norm."
    )
    is_corrected = fields.Boolean("Corrected", readonly=True, help="Somebody has said what it really was.")
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Written off"), ("reversed", "Given back")],
        required=True,
        default="planned",
        readonly=True,
        index=True,
    )
    moved = fields.Float("Written Off", digits="Product Unit", readonly=True, help="What has left the stock so far.")
    short = fields.Float(
        digits="Product Unit", readonly=True, help="So much of it was not in stock when it was written off."
    )
    expired_lot_ids = fields.Many2many(
        "stock.lot",
        string="Expired Lots",
        readonly=True,
        groups="stock.group_stock_user",
        help="Were there, and were left alone.",
    )
    location_id = fields.Many2one(
        "stock.location", string="Taken From", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        groups="stock.group_stock_user",
        help="Said by hand; empty is the lot that expires first.",
    )
    container_id = fields.Many2one(
        "salon.container",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('product_id', '=', product_id), ('company_id', '=', company_id)]",
        help="The bottle or tube it was drawn from; empty is the one that was opened first.",
    )
    lot_text = fields.Char("Lots", compute="_compute_lot_text", help="The lots that it was taken from.")
    move_ids = fields.One2many(
        "stock.move", "salon_consumption_id", string="Stock Moves", groups="stock.group_stock_user"
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        groups="salon_spa.group_salon_manager",
        help="What the stock was worth less by it.",
    )

    charge_price = fields.Monetary(
        "Price of Overuse",
        readonly=True,
        help="Per unit above norm and tolerance; 0 when the service does not charge it.",
    )
    overuse = fields.Float(
        "Above Tolerance",
        digits="Product Unit",
        compute="_compute_overuse",
        store=True,
        help="Above norm and tolerance.",
    )
    charge_amount = fields.Monetary("To Charge", compute="_compute_overuse", store=True)
    charge_line_id = fields.Many2one(
        "salon.visit.line",
        string="Charged by",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The line of the visit that the client pays the overuse with.",
    )
    is_waived = fields.Boolean("Not Charged", readonly=True, help="The desk has decided not to charge the overuse.")

    _one_each = models.UniqueIndex(
        "(line_id, product_id)", "This material is on the list already: change how much of it was used."
    )
    _not_negative = models.Constraint("CHECK(actual >= 0)", "Nobody uses less than nothing: give 0 or more.")
    _not_absurd = models.Constraint(f"CHECK(actual < {MOST})", "So much can't have been used: check the amount.")

    @api.depends("norm", "tolerance", "actual", "charge_price")
    def _compute_overuse(self):
        for row in self:
            # What no recipe knows has no norm to be above of.
            over = row.actual - row.norm * (1 + row.tolerance / 100) if row.norm else 0
            row.overuse = max(row.uom_id.round(over) if row.uom_id else over, 0)
            amount = row.overuse * row.charge_price
            row.charge_amount = row.currency_id.round(amount) if row.currency_id else amount

    @api.depends("move_ids.state", "move_ids.value", "move_ids.is_out")
    def _compute_cost(self):
        for row in self:
            row.cost = sum(move.value if move.is_out else -move.value for move in row.move_ids if move.state == "done")

    @api.depends("move_ids.move_line_ids.lot_id")
    def _compute_lot_text(self):
        # By sudo: masters see what they took, and nothing else of the stock.
        for row in self:
            lots = row.sudo().move_ids.filtered(lambda move: not move.origin_returned_move_id).move_line_ids.lot_id
            row.lot_text = ", ".join(lots.mapped("name"))

    @api.depends("product_id", "actual", "uom_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.product_id.display_name} {row._text(row.actual)}"

    @api.constrains("product_id")
    def _check_product(self):
        for row in self:
            if not row.product_id.is_storable:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not kept in stock, so nothing of it can be written off.",
                        product=row.product_id.display_name,
                    )
                )

    @api.constrains("product_id", "lot_id", "container_id")
    def _check_source(self):
        for row in self.sudo():
            for place in (row.lot_id, row.container_id):
                if place and place.product_id != row.product_id:
                    raise ValidationError(
                        self.env._(
                            "%(place)s does not hold %(product)s: choose another one or none.",
                            place=place.display_name,
                            product=row.product_id.display_name,
                        )
                    )
            lot = row.lot_id
            if lot and row.state != "done" and lot.expiration_date and lot.expiration_date <= fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s of %(product)s expired on %(date)s: choose another one.",
                        lot=lot.name,
                        product=row.product_id.display_name,
                        date=row.company_id._salon_format(lot.expiration_date, "d MMM yyyy"),
                    )
                )

    # ------------------------------------------------------------------
    # What people write
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Note a material that the recipe does not know, or one that replaces another.

        :raise UserError: the service was not done and will not be
        """
        rows = super().create(vals_list)
        if self.env.context.get("salon_by_recipe") is not _BY_RECIPE:
            rows._check_servable()
            rows.sudo().is_corrected = True
            rows._after_correction({})
        return rows

    def write(self, vals):
        """Correct what was used; what was written off already is followed by a move for the difference.

        :raise UserError: a material is changed that is written off
        """
        if "line_id" in vals or ("product_id" in vals and any(row.moved or row.norm for row in self)):
            raise UserError(
                self.env._("Set what was used of this material to 0, and add the other one as a line of its own.")
            )
        corrects = "actual" in vals and self.env.context.get("salon_by_recipe") is not _BY_RECIPE
        if not corrects:
            return super().write(vals)
        self._check_servable()
        before = {row: row.actual for row in self}
        result = super().write(vals)
        self.sudo().is_corrected = True
        self._after_correction(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_not_moved(self):
        if any(row.moved for row in self):
            raise UserError(self.env._("It is written off: set what was used to 0 instead of deleting it."))

    def _check_servable(self):
        for row in self:
            if row.line_id.kind != "service":
                raise UserError(self.env._("Only services use materials; a product is sold as it is."))
            if row.line_id.state in ("cancelled", "no_show"):
                raise UserError(
                    self.env._("%(visit)s did not take place: nothing was used.", visit=row.visit_id.display_name)
                )

    def _after_correction(self, before):
        """Write off the difference of what is done already, and leave a trace of it in the visit's history.

        :param before: ``{row: what was used by then}``, nothing for new rows
        """
        done = self.filtered(lambda row: row.line_id.state == "done")
        for row in done:
            if row not in before or row.uom_id.compare(before[row], row.actual):
                row.visit_id._log(
                    "material", old=row._text(before.get(row, 0)), new=row._text(row.actual), reason=row.product_id.name
                )
        done.sudo().filtered(lambda row: row.state != "done").state = "done"
        done.sudo()._settle()

    def _text(self, quantity):
        self.ensure_one()
        return f"{self.uom_id._salon_number(quantity)} {self.uom_id.name or ''}".strip()

    # ------------------------------------------------------------------
    # From the recipe
    # ------------------------------------------------------------------

    @api.model
    def _plan(self, lines):
        """Make the rows of these visit lines what the recipes say; what somebody corrected stays as it is.

        A line that is written off already is left alone.
        """
        rows = self.sudo().search_fetch(
            [("line_id", "in", lines.ids)],
            ["line_id", "product_id", "state", "is_corrected", "moved", "norm", "actual"],
        )
        settled = rows.filtered(lambda row: row.state == "done").line_id
        rows = rows.filtered(lambda row: row.line_id not in settled)
        planned = self.sudo().with_context(salon_by_recipe=_BY_RECIPE)
        lines = (lines - settled).filtered(lambda line: line.kind == "service" and not line.cancelled)
        wanted = self._wanted(lines, rows)
        known = {(row.line_id, row.product_id): row for row in rows}
        create = []
        for (line, product), values in wanted.items():
            row = known.pop((line, product), None)
            if not row:
                create.append(
                    {
                        **values,
                        "line_id": line.id,
                        "product_id": product.id,
                        "actual": values["norm"],
                        "is_corrected": False,
                    }
                )
                continue
            if not row.is_corrected:
                values["actual"] = values["norm"]
            row.with_env(planned.env).write(values)
        # No longer in the recipe, or the service itself is another one.
        for row in known.values():
            values = {"norm": 0, "tolerance": 0, "charge_price": 0}
            if row.is_corrected:
                row.write(values)
            elif row.state == "planned":
                row.unlink()
            else:
                row.with_env(planned.env).write({**values, "actual": 0})
        planned.create(create)

    @api.model
    def _wanted(self, lines, rows):
        """Return ``{(line, material): values of its row}`` by the recipes."""
        recipes = self.env["salon.recipe"]._find([(line.product_id, line.employee_id) for line in lines])
        chosen = self._choose(lines, recipes, rows)
        wanted = {}
        for line in lines:
            recipe = recipes[line.product_id, line.employee_id]
            charges = line.product_id.salon_charge_overuse
            for number, (main, _substitutes) in enumerate(recipe._groups()):
                item = chosen.get((line, main), main)
                if item.product_id.company_id not in (line.company_id, line.company_id.browse()):
                    # A recipe of several salons may name what one of them alone keeps.
                    continue
                norm = item._base_quantity(line.quantity)
                values = wanted.get((line, item.product_id))
                if values:
                    # The same material once more, in another phase.
                    values["norm"] += norm
                    continue
                wanted[line, item.product_id] = {
                    "sequence": 10 + number,
                    "norm": norm,
                    "tolerance": item.tolerance,
                    "phase": item.phase,
                    "charge_price": item._overuse_price() if charges else 0,
                }
        return wanted

    @api.model
    def _choose(self, lines, recipes, rows):
        """Return ``{(line, line of the recipe): its substitute}`` where the material itself has run out."""
        # What nobody has touched yet may be another one now.
        known = {(row.line_id, row.product_id) for row in rows if row.is_corrected or row.state != "planned"}
        asked = []
        for line in lines:
            for main, substitutes in recipes[line.product_id, line.employee_id]._groups():
                if substitutes and (line, main.product_id) not in known:
                    asked.append((line, main, substitutes))
        if not asked:
            return {}
        places = lines.concat(*(line for line, _main, _substitutes in asked))._salon_stock_locations()
        products = self.env["product.product"].concat(
            *(item.product_id for _line, main, substitutes in asked for item in [main, *substitutes])
        )
        shelves = self._shelves(products, self.env["stock.location"].concat(*places.values()))
        chosen = {}
        for line, main, substitutes in asked:
            used = next((item for item in substitutes if (line, item.product_id) in known), None)
            for item in [main, *substitutes]:
                shelf = shelves[item.product_id, places[line]]
                if not used and shelf.available() >= item._base_quantity(line.quantity):
                    used = item
            if used and used != main:
                chosen[line, main] = used
        return chosen

    # ------------------------------------------------------------------
    # Stock
    # ------------------------------------------------------------------

    @api.model
    def _write_off(self, lines):
        """Write off what these lines of done visits used. A second call finds nothing to do."""
        self._plan(lines)
        rows = self.sudo().search(
            [("line_id", "in", lines.ids), ("state", "!=", "done")], order="line_id, sequence, id"
        )
        rows = rows.filtered(lambda row: not row.line_id.cancelled)
        rows.state = "done"
        rows._settle()

    @api.model
    def _give_back(self, lines):
        """Return to the stock what these lines used, as their visits are open again."""
        rows = self.sudo().search([("line_id", "in", lines.ids), ("state", "=", "done")])
        rows.state = "reversed"
        rows._settle()

    def _settle(self):
        """Bring the stock in line with what was used: a move for each difference, all of them in one go.

        Called by sudo, after the check of who may.
        """
        # ``moved`` is written with every move: of two sessions that settle the same row, one fails and starts anew.
        touched = self.browse()
        for company, rows in self.grouped("company_id").items():
            rows = rows.with_company(company)
            differences = {}
            for row in rows:
                goal = row.actual if row.state == "done" else 0
                difference = row.uom_id.round(goal - row.moved, rounding_method="HALF-UP")
                if difference:
                    differences[row] = difference
            if differences:
                rows._settle_company(company, differences)
                touched = touched.concat(*differences)
        touched._tell_shortages()

    def _settle_company(self, company, differences):
        more = {row: quantity for row, quantity in differences.items() if quantity > 0}
        less = {row: -quantity for row, quantity in differences.items() if quantity < 0}
        rows = self._prepare_draws(company, more) + self._prepare_returns(less)
        moves = self.env["stock.move"].with_company(company)._salon_move_now(rows)
        for row, quantity in differences.items():
            row.moved = row.uom_id.round(row.moved + quantity)
        moves.salon_container_id._follow_moves()

    def _prepare_draws(self, company, quantities):
        """Return the values of the moves that take so much from the shelves; opens containers where needed.

        :param quantities: ``{row: quantity}``
        """
        rows = self.browse().concat(*quantities)
        used = company._salon_used_location()
        usual = rows.line_id._salon_stock_locations()
        places = {row: row.location_id or usual[row.line_id] for row in rows}
        shelves = self._shelves(rows.product_id, self.env["stock.location"].concat(*places.values()))
        draws, opened = [], {}
        for row, quantity in quantities.items():
            shelf = shelves[row.product_id, places[row]]
            expired = shelf.expired()
            parts, short = shelf.take(quantity, row.lot_id.id, row.container_id.id or None)
            row.write(
                {
                    "location_id": places[row].id,
                    "short": row.uom_id.round(row.short + short),
                    **({"expired_lot_ids": [Command.set(expired)]} if expired or row.expired_lot_ids else {}),
                }
            )
            for part in parts:
                if part.opened and part.opened.key is None and part.opened not in opened:
                    opened[part.opened] = (row.product_id, places[row])
            draws.append((row, parts))
        self.env["salon.container"]._open_drawn(opened)
        values = []
        for row, parts in draws:
            for part in parts:
                lot = row.lot_id.browse(part.lot or ())
                container = part.opened.key if part.opened else False
                values.append(row._prepare_move(part.quantity, places[row], used, lot, salon_container_id=container))
            if parts and parts[-1].opened:
                row.container_id = parts[-1].opened.key
        return values

    def _prepare_move(self, quantity, source, target, lot, **values):
        """Return what moves this material at once, as ``stock.move._salon_move_now`` takes it."""
        self.ensure_one()
        if not lot and self.product_id.tracking != "none":
            lot = self.product_id._salon_unknown_lot(source)
        return {
            "product": self.product_id,
            "quantity": quantity,
            "source": source,
            "target": target,
            "lots": [(lot, quantity)],
            "values": {
                "company_id": self.company_id.id,
                "origin": self.visit_id.name,
                "salon_consumption_id": self.id,
                **values,
            },
        }

    def _prepare_returns(self, quantities):
        """Return the values of the moves that bring so much back, each to where it was taken from, the last first."""
        rows = self.browse().concat(*quantities)
        moves = rows.move_ids.filtered(lambda move: move.state == "done").sorted("id")
        returned = defaultdict(float)
        for move in moves:
            returned[move.origin_returned_move_id] += move.quantity
        values = []
        for row, quantity in quantities.items():
            for move in reversed(moves.filtered(lambda move, row=row: move.salon_consumption_id == row)):
                if move.origin_returned_move_id:
                    continue
                part = row.uom_id.round(min(quantity, move.quantity - returned[move]))
                if row.uom_id.compare(part, 0) <= 0:
                    continue
                values.append(
                    row._prepare_move(
                        part,
                        move.location_dest_id,
                        move.location_id,
                        move.move_line_ids.lot_id[:1],
                        salon_container_id=move.salon_container_id.id,
                        origin_returned_move_id=move.id,
                    )
                )
                quantity = row.uom_id.round(quantity - part)
            row.short = max(0, row.uom_id.round(row.short - quantities[row]))
        return values

    @api.model
    def _shelves(self, products, locations):
        """Return ``{(product, location): Shelf}`` as the stock is now, by two queries."""
        now = fields.Datetime.now()
        products, locations = products.sudo(), locations.sudo()
        # What somebody else has only put down here is not the salon's to use.
        owners = [False, *locations.company_id.partner_id.ids]
        lots, opened = defaultdict(list), defaultdict(list)
        quants = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", products.ids),
                    ("location_id", "in", locations.ids),
                    ("owner_id", "in", owners),
                ],
                ["product_id", "location_id", "lot_id"],
                ["quantity:sum"],
            )
        )
        for product, location, lot, quantity in sorted(quants, key=lambda quant: quant[2].id or 0):
            expires = product.use_expiration_date and (lot.removal_date or lot.expiration_date)
            lots[product, location].append(Lot(lot.id, quantity, expires or None))
        kept = products.filtered(lambda product: product.salon_container_size > 0)
        containers = self.env["salon.container"].sudo()
        if kept:
            containers = containers.search(
                [("product_id", "in", kept.ids), ("location_id", "in", locations.ids), ("state", "=", "open")],
                order="opened_at, id",
            )
        for container in containers:
            dates = container.lot_id.removal_date or container.lot_id.expiration_date
            expired = bool(container.product_id.use_expiration_date and dates and dates <= now)
            opened[container.product_id, container.location_id].append(
                Opened(container.id, container.lot_id.id, container.left, expired)
            )
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            (product, location): Shelf(
                lots[product, location], opened[product, location], now, product.salon_container_size, digits
            )
            for product in products
            for location in locations
        }

    # ------------------------------------------------------------------
    # Shortage
    # ------------------------------------------------------------------

    def _warnings(self):
        """Return the sentences about what was short or expired when these rows were written off."""
        texts = []
        for row in self.filtered(lambda row: row.state == "done"):
            place = row.location_id.sudo().display_name
            if row.short:
                texts.append(
                    self.env._(
                        "%(product)s: %(quantity)s more was used than %(place)s had. Count it or enter what came in.",
                        product=row.product_id.display_name,
                        quantity=row._text(row.short),
                        place=place,
                    )
                )
            expired = row.sudo().expired_lot_ids
            if expired:
                texts.append(
                    self.env._(
                        "%(product)s: lots %(lots)s have expired and were left alone. Write them off.",
                        product=row.product_id.display_name,
                        lots=format_list(self.env, expired.mapped("name")),
                    )
                )
        return texts

    def _tell_shortages(self):
        """Give who is in charge of the stock one task for each material and place that has run short."""
        short = self.filtered(lambda row: row.short and row.state == "done")
        if not short:
            return
        kind = self.env.ref("salon_spa_stock.activity_type_shortage", raise_if_not_found=False)
        if not kind:
            return
        activities = self.env["mail.activity"].sudo()
        open_tasks = activities.search(
            [
                ("activity_type_id", "=", kind.id),
                ("res_model", "=", "product.product"),
                ("res_id", "in", short.product_id.ids),
            ]
        )
        told = {(task.res_id, task.salon_location_id.id) for task in open_tasks}
        for (product, location, company), _rows in short.grouped(
            lambda row: (row.product_id, row.location_id, row.company_id)
        ).items():
            if (product.id, location.id) in told:
                continue
            user = product._salon_in_charge(company)
            product = product.with_context(lang=user.lang, mail_activity_quick_update=True)
            product.activity_schedule(
                "salon_spa_stock.activity_type_shortage",
                date_deadline=company._salon_today(),
                summary=product.env._(
                    "Below zero at %(place)s: count it or enter what came in", place=location.display_name
                ),
                user_id=user.id,
                salon_location_id=location.id,
            )

    # ------------------------------------------------------------------
    # Overuse that the client pays
    # ------------------------------------------------------------------

    def _extra_text(self):
        self.ensure_one()
        return self.env._(
            "%(product)s: %(actual)s used, %(norm)s by the norm; %(over)s above norm and tolerance cost %(amount)s",
            product=self.product_id.display_name,
            actual=self._text(self.actual),
            over=self._text(self.overuse),
            norm=self._text(self.norm),
            amount=self.currency_id.format(self.line_id._taxed(self.charge_amount)[1]),
        )

    def _charged(self):
        """Return what the client is charged for the overuse already."""
        self.ensure_one()
        line = self.charge_line_id
        return 0 if line.cancelled else line.amount_list

    def _charge(self):
        """Let a line of the visit charge each row's overuse; called by sudo, after the check of who may."""
        lines = self.env["salon.visit.line"]
        for row in self:
            values = {
                "quantity": row.overuse,
                "price_unit": row.charge_price,
                "note": f"{row.product_id.display_name}, {row._text(row.overuse)}",
            }
            line = row.charge_line_id.filtered(lambda line: not line.cancelled)
            if not row.charge_amount:
                line.unlink()
            elif line:
                line.write(values)
            else:
                row.charge_line_id = lines.create(
                    {
                        **values,
                        "visit_id": row.visit_id.id,
                        "sequence": row.line_id.sequence,
                        "product_id": lines._salon_surcharge().id,
                        "employee_id": row.line_id.employee_id.id,
                        "client_id": row.line_id.client_id.id,
                        "extra_of_id": row.line_id.id,
                    }
                )
