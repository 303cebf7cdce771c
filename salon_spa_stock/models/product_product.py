from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

NEED_DAYS = (7, 14, 30)


class ProductProduct(models.Model):
    _inherit = "product.product"

    salon_need_7 = fields.Float(
        "Need, 7 Days",
        digits="Product Unit",
        compute="_compute_salon_need",
        help="What visits booked for today and the next days will take by their recipes, 7 days in all.",
    )
    salon_need_14 = fields.Float(
        "Need, 14 Days",
        digits="Product Unit",
        compute="_compute_salon_need",
        help="What visits booked for today and the next days will take by their recipes, 14 days in all.",
    )
    salon_need_30 = fields.Float(
        "Need, 30 Days",
        digits="Product Unit",
        compute="_compute_salon_need",
        help="What visits booked for today and the next days will take by their recipes, 30 days in all.",
    )
    salon_cover_days = fields.Float(
        "Cover, Days",
        digits=(16, 1),
        compute="_compute_salon_need",
        help="On hand, divided by the need of a day: that of the visits booked for the next 14 days, else what was "
        "used in the last 30 days.",
    )
    salon_is_short = fields.Boolean(
        "Not Enough", compute="_compute_salon_need", help="Less on hand than the visits of the next 7 days will take."
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Before Odoo's own defaults come in, which would win over those of the use.
        template = self.env["product.template"]
        return super().create([template._salon_with_use_values(vals) for vals in vals_list])

    @api.depends_context("company")
    def _compute_salon_need(self):
        products = self._origin
        needs = {days: products._salon_need(days) for days in NEED_DAYS}
        cover = products._salon_days_of_cover()
        for product in self:
            origin = product._origin
            product.salon_need_7 = needs[7].get(origin, 0)
            product.salon_need_14 = needs[14].get(origin, 0)
            product.salon_need_30 = needs[30].get(origin, 0)
            product.salon_cover_days = cover.get(origin) or 0
            on_hand = origin.sudo().qty_available
            product.salon_is_short = bool(needs[7].get(origin)) and on_hand < needs[7][origin]

    def _salon_need(self, days):
        """Return {product: quantity that booked visits will use}, in the product's unit.

        By the recipes of the services booked with the current company, substitutes left out.

        :param int days: how many days, today included
        """
        company = self.env.company
        today = company._salon_today()
        need = dict.fromkeys(self, 0.0)
        booked = (
            self.env["salon.visit.line"]
            .sudo()
            ._read_group(
                Domain("company_id", "=", company.id)
                & Domain("kind", "=", "service")
                & Domain("state", "in", self.env["salon.visit"]._planned_states())
                & Domain("date", ">=", today)
                & Domain("date", "<", today + timedelta(days=days)),
                ["product_id", "employee_id"],
                ["quantity:sum"],
            )
        )
        recipes = self.env["salon.recipe"]._find([(service, master) for service, master, _times in booked])
        for service, master, times in booked:
            for line, _substitutes in recipes[service, master]._groups():
                if line.product_id in need:
                    need[line.product_id] += line._base_quantity(times)
        return need

    def _salon_days_of_cover(self, days=14):
        """Return {product: days that the stock on hand lasts}; None when nothing is needed and nothing was used.

        :param int days: how far ahead visits are looked at; without any, the average use of the last 30 days counts
        """
        need = self._salon_need(days)
        daily = {product: quantity / days for product, quantity in need.items() if quantity}
        rest = self.filtered(lambda product: product not in daily)
        daily.update({product: quantity / 30 for product, quantity in rest._salon_used(30).items()})
        return {
            product: max(product.sudo().qty_available, 0.0) / daily[product] if daily.get(product) else None
            for product in self
        }

    def _salon_used(self, days):
        """Return {product: quantity that services used}, in the product's unit, on the last ``days`` days."""
        company = self.env.company
        today = company._salon_today()
        used = (
            self.env["salon.consumption"]
            .sudo()
            ._read_group(
                Domain("product_id", "in", self.ids)
                & Domain("company_id", "=", company.id)
                & Domain("state", "=", "done")
                & Domain("line_id.date", ">", today - timedelta(days=days))
                & Domain("line_id.date", "<=", today),
                ["product_id"],
                ["actual:sum"],
            )
        )
        return {product: quantity for product, quantity in used if quantity > 0}

    def _salon_in_charge(self, company):
        """Return who looks after the stock of this product."""
        self.ensure_one()
        responsible = self.sudo().with_company(company).responsible_id
        for user in (company.sudo().salon_stock_user_id, responsible, company._salon_stock_user()):
            if user.active and company in user.company_ids:
                return user
        return company._salon_desk_user(self.env.user)

    def action_salon_open_container(self):
        """Open a new container of this product."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open a Container"),
            "res_model": "salon.container",
            "view_mode": "form",
            "target": "new",
            "context": {"default_product_id": self.id},
        }

    def _salon_to_unit(self, quantity, uom):
        """Return a quantity given in ``uom`` in the product's unit.

        :raise UserError: the unit is of another kind
        """
        self.ensure_one()
        if not uom._has_common_reference(self.uom_id):
            raise UserError(
                self.env._(
                    "%(product)s is kept in %(unit)s and can't be counted in %(other)s.",
                    product=self.display_name,
                    unit=self.uom_id.name,
                    other=uom.name,
                )
            )
        return uom._compute_quantity(quantity, self.uom_id, rounding_method="HALF-UP")

    def _salon_pick_lots(self, location, quantity, expired_first=False):
        """Return [(stock.lot, quantity)] of the lots at a location, those that expire first coming first.

        What has expired is given only when there is nothing else, unless ``expired_first``, as for a write-off. What
        the lots don't hold is taken from the last of them, which goes negative; a product that is not kept by
        lots gives one empty lot.
        """
        self.ensure_one()
        if self.tracking == "none":
            return [(self.env["stock.lot"], quantity)]
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search([("product_id", "=", self.id), ("location_id", "=", location.id), ("lot_id", "!=", False)])
        )
        held = {}
        for quant in quants:
            held[quant.lot_id] = held.get(quant.lot_id, 0.0) + quant.quantity
        now = fields.Datetime.now()

        lots = sorted(
            held, key=lambda lot: (lot.expiration_date is False, lot.expiration_date or lot.create_date, lot.id)
        )
        if not expired_first:
            # Those that have expired come last.
            fresh = [lot for lot in lots if not lot.expiration_date or lot.expiration_date > now]
            usual = (fresh or lots)[-1:]
            lots = fresh + [lot for lot in lots if lot not in fresh]
        else:
            usual = lots[-1:]
        picked, rest = [], quantity
        for lot in lots:
            taken = min(rest, held[lot])
            if self.uom_id.compare(taken, 0) > 0:
                picked.append((lot, taken))
                rest = self.uom_id.round(rest - taken)
        if self.uom_id.compare(rest, 0) > 0:
            last = picked.pop() if picked else (usual[0] if usual else self._salon_unknown_lot(location), 0.0)
            picked.append((last[0], last[1] + rest))
        return picked

    def _salon_unknown_lot(self, location):
        """Return the lot that goods are taken from when nobody has entered one yet."""
        self.ensure_one()
        lots = self.env["stock.lot"].sudo()
        found = lots.search(
            [("product_id", "=", self.id), ("company_id", "in", (location.company_id.id, False))], limit=1
        )
        return found or lots.create(
            {"name": self.env._("Unknown lot"), "product_id": self.id, "company_id": location.company_id.id}
        )
