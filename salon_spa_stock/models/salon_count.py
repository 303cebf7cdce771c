import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..tools import count_sheet
from ..tools.rights import check_desk
from .product_template import SALON_USES

MAX_ERRORS = 40


class SalonCount(models.Model):
    """One stock-taking: what the books said when it began, what was found, and why they differ.

    The difference that counts is that to the moment at which the count began: what was used or sold since then by
    visits and the till is in the books already and must not be taken off twice. Applying therefore moves the stock by
    the difference, and does not set it to what was counted.
    """

    _name = "salon.count"
    _description = "Stock-taking"
    _inherit = ["mail.thread", "salon.export.mixin"]
    _order = "started_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self._default_name())
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env.company._salon_stock_location(),
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
    )
    salon_use = fields.Selection(SALON_USES, string="Products", help="Empty: all that is in stock.")
    categ_ids = fields.Many2many("product.category", string="Categories")
    with_empty = fields.Boolean("Also What Is Not There", help="Lists the products of which nothing should be left.")
    is_blind = fields.Boolean(
        "Hide What Is Expected", default=True, help="Who counts does not see on the sheet what should be there."
    )
    started_at = fields.Datetime(
        "Begun",
        default=fields.Datetime.now,
        readonly=True,
        copy=False,
        help="The books of this moment are what the count is compared with.",
    )
    applied_at = fields.Datetime("Applied", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", string="Counted by", default=lambda self: self.env.user)
    state = fields.Selection(
        [("open", "Counting"), ("done", "Applied"), ("cancelled", "Called off")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("salon.count.line", "count_id", copy=False)
    line_count = fields.Integer("Lines", compute="_compute_progress")
    counted_count = fields.Integer("Counted", compute="_compute_progress")
    moved_count = fields.Integer("Moved Meanwhile", compute="_compute_progress")
    shrinkage_value = fields.Monetary(
        "Shrinkage",
        compute="_compute_shrinkage_value",
        groups="salon_spa.group_salon_manager",
        help="Book quantity less counted quantity less what is explained, at cost; below zero more was found.",
    )

    @api.model
    def _default_name(self):
        company = self.env.company
        return self.env._("Stock-taking %s", company._salon_format(fields.Datetime.now(), "dd.MM.yyyy HH:mm"))

    @api.depends("line_ids.is_counted", "line_ids.expected_qty", "state")
    def _compute_progress(self):
        for count in self:
            count.line_count = len(count.line_ids)
            count.counted_count = len(count.line_ids.filtered("is_counted"))
            count.moved_count = len(count.line_ids.filtered(lambda line: not line.uom_id.is_zero(line.moved_qty)))

    @api.depends("line_ids.shrinkage_value")
    def _compute_shrinkage_value(self):
        for count in self:
            count.shrinkage_value = sum(count.line_ids.mapped("shrinkage_value"))

    @api.model_create_multi
    def create(self, vals_list):
        check_desk(self)
        self._check_kept({name for vals in vals_list for name in vals})
        counts = super().create(vals_list)
        for count in counts.filtered(lambda count: not count.line_ids):
            count._list_stock()
        return counts

    def write(self, vals):
        if {"location_id", "company_id"} & vals.keys() and any(self.mapped("line_ids")):
            raise UserError(self.env._("This count has begun: call it off and begin another one for another place."))
        self._check_kept(vals.keys())
        return super().write(vals)

    def _check_kept(self, names):
        if {"state", "applied_at", "started_at"} & names and not self.env.su:
            raise AccessError(self.env._("A count is closed by its buttons only."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(count.state == "done" for count in self):
            raise UserError(self.env._("A count that was applied is kept: the stock follows from it."))

    # ---------------------------------------------------------------- what is to be counted

    def _list_stock(self):
        """Write down what the books say now, a line per product and lot."""
        self.ensure_one()
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                Domain("location_id", "=", self.location_id.id)
                & Domain("product_id.is_storable", "=", True)
                & Domain("product_id.active", "=", True)
            )
        )
        wanted = self._wanted_products()
        held = {}
        for quant in quants.filtered(lambda quant: quant.product_id in wanted):
            key = quant.product_id, quant.lot_id
            held[key] = held.get(key, 0.0) + quant.quantity
        if self.with_empty:
            listed = {product for product, _lot in held}
            held.update({(product, self.env["stock.lot"]): 0.0 for product in wanted if product not in listed})
        rows = sorted(held.items(), key=lambda row: (row[0][0].display_name or "", row[0][1].name or ""))
        self.sudo().write(
            {
                "line_ids": [
                    Command.create({"product_id": product.id, "lot_id": lot.id, "expected_qty": quantity})
                    for (product, lot), quantity in rows
                ],
                "started_at": fields.Datetime.now(),
            }
        )

    def _wanted_products(self):
        domain = Domain("is_storable", "=", True) & Domain("company_id", "in", (False, self.company_id.id))
        if self.salon_use:
            domain &= Domain("salon_use", "in", [self.salon_use, "both"])
        elif self.with_empty:
            domain &= Domain("salon_use", "!=", False)
        if self.categ_ids:
            domain &= Domain("categ_id", "child_of", self.categ_ids.ids)
        return self.env["product.product"].search(domain)

    def action_begin_again(self):
        """Take the books of this moment and forget what was counted."""
        check_desk(self)
        self._check_open()
        for count in self:
            count.line_ids.unlink()
            count._list_stock()

    def action_cancel(self):
        """Call the counts off: the stock stays as it is."""
        check_desk(self)
        self._check_open()
        self.sudo().state = "cancelled"

    def _check_open(self):
        if any(count.state != "open" for count in self):
            raise UserError(self.env._("This count is closed. Begin another one."))

    # ---------------------------------------------------------------- the sheet

    def _sheet_token(self):
        return f"salon-count-{self.id}"

    def _sheet_titles(self):
        return {
            "number": self.env._("Line"),
            "product": self.env._("Product"),
            "code": self.env._("Code"),
            "barcode": self.env._("Barcode"),
            "lot": self.env._("Lot"),
            "location": self.env._("Place"),
            "unit": self.env._("Unit"),
            "expected": self.env._("Expected"),
            "counted": self.env._("Counted"),
        }

    def _languages(self):
        """Return the count in each language of the database: one person downloads a sheet, another reads it."""
        return [self.with_context(lang=code) for code, _name in self.env["res.lang"].get_installed()]

    def _sheet(self):
        """Return the bytes of the sheet to count by, an .xlsx file."""
        self.ensure_one()
        titles = self._sheet_titles()
        if self.is_blind:
            del titles["expected"]
        rows = [
            {
                "number": line.id,
                "product": line.product_id.with_context(display_default_code=False).display_name,
                "code": line.product_id.default_code or "",
                "barcode": line.product_id.barcode or "",
                "lot": line.lot_id.name or "",
                "location": self.location_id.display_name,
                "unit": line.uom_id.name,
                "expected": line.expected_qty,
                "counted": line.counted_qty if line.is_counted else None,
            }
            for line in self.line_ids
        ]
        hint = self.env._("Fill in the last column, in the unit of the row. A row left empty is not counted.")
        return count_sheet.write(self._sheet_token(), self.name, titles, rows, hint)

    def action_download_sheet(self):
        """Return the sheet to count by as a download."""
        self.ensure_one()
        check_desk(self)
        self._check_open()
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-').replace(':', '-')}.xlsx",
                "datas": base64.b64encode(self._sheet()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}

    def action_upload_sheet(self):
        """Open the dialog that a filled-in sheet is read by."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read a Sheet"),
            "res_model": "salon.count.upload",
            "view_mode": "form",
            "target": "new",
            "context": {"default_count_id": self.id},
        }

    def _read_sheet(self, content):
        """Take the counted quantities from a sheet, all or none.

        :param bytes content: the .xlsx file
        :return: number of lines counted
        :raise UserError: what is wrong with the file, or a sentence for each row that is wrong
        """
        self.ensure_one()
        check_desk(self)
        self._check_open()
        try:
            names = {title: name for count in self._languages() for name, title in count._sheet_titles().items()}
            rows = count_sheet.read(content, self._sheet_token(), names)
        except count_sheet.SheetError as error:
            raise UserError(self._sheet_problem(error.kind)) from error
        lines = {line.id: line for line in self.line_ids}
        errors, found, new = [], {}, {}
        for number, values in rows:
            problem = self._read_row(number, values, lines, found, new)
            if problem:
                errors.append(self.env._("Row %(number)s: %(problem)s", number=number, problem=problem))
        if errors:
            shown = errors[:MAX_ERRORS]
            if len(errors) > MAX_ERRORS:
                shown.append(self.env._("… and %(count)s more.", count=len(errors) - MAX_ERRORS))
            raise UserError("\n".join([self.env._("Nothing was read. Mend these rows and try again:"), *shown]))
        for line, quantity in found.items():
            line.write({"counted_qty": quantity, "is_counted": True})
        self.line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "counted_qty": quantity,
                    "is_counted": True,
                }
            )
            for (product, lot), quantity in new.items()
        ]
        return len(found) + len(new)

    def _sheet_problem(self, kind):
        if kind == "big":
            return self.env._("This file is too big for a count sheet. Upload the sheet that was downloaded here.")
        if kind == "other":
            return self.env._(
                "This is not the sheet of “%(count)s”. Download its sheet and fill that one in.", count=self.name
            )
        if kind == "empty":
            return self.env._("No quantity is filled in on this sheet: the last column is empty.")
        if kind == "columns":
            titles = self._sheet_titles()
            return self.env._(
                "In this sheet a column is missing or has another heading: the fourth row names “%(counted)s” and, in "
                "the hidden first column, “%(line)s”. Download the sheet again and fill that one in.",
                counted=titles["counted"],
                line=titles["number"],
            )
        return self.env._("This is not a count sheet. Upload the Excel file (.xlsx) that was downloaded here.")

    def _read_row(self, number, values, lines, found, new):
        """Put what a row of the sheet says into ``found`` or ``new``; return what is wrong with it, or nothing."""
        quantity = count_sheet.number(values["counted"])
        if quantity is None:
            return self.env._("“%(value)s” is not a number.", value=count_sheet.text(values["counted"])[:40])
        if quantity < 0:
            return self.env._("a counted quantity can't be negative.")
        line_id = count_sheet.number(values["number"])
        line = lines.get(int(line_id)) if line_id is not None else None
        if line_id is not None and line is None:
            return self.env._("line %(line)s is not in this count.", line=count_sheet.text(values["number"]))
        if line:
            product, lot = line.product_id, line.lot_id
        else:
            product, lot, problem = self._find_product(values)
            if problem:
                return problem
            line = next((one for one in lines.values() if one.product_id == product and one.lot_id == lot), None)
        unit = count_sheet.text(values.get("unit"))
        uom = self._find_unit(product, unit)
        if not uom:
            return self.env._(
                "%(product)s is counted in %(unit)s, not in “%(other)s”.",
                product=product.display_name,
                unit=product.uom_id.name,
                other=unit,
            )
        quantity = product._salon_to_unit(quantity, uom)
        key, where = (line, found) if line else ((product, lot), new)
        if key in where:
            return self.env._("%(product)s stands in the sheet twice.", product=product.display_name)
        where[key] = quantity
        return None

    def _find_product(self, values):
        """Return (product, lot, problem) of a row that was added to the sheet by hand."""
        products = self.env["product.product"].with_context(active_test=False)
        nothing, no_lot = products.browse(), self.env["stock.lot"]
        for field, column in (("barcode", "barcode"), ("default_code", "code"), ("name", "product")):
            wanted = count_sheet.text(values.get(column))
            if wanted:
                found = products.search(
                    [
                        (field, "=", wanted),
                        ("is_storable", "=", True),
                        ("company_id", "in", (False, self.company_id.id)),
                    ],
                    limit=2,
                )
                if len(found) > 1:
                    return nothing, no_lot, self.env._("several products are called “%(name)s”.", name=wanted[:60])
                if not found:
                    return nothing, no_lot, self.env._("no product “%(name)s” is kept in stock.", name=wanted[:60])
                break
        else:
            return nothing, no_lot, self.env._("it does not say which product.")
        name = count_sheet.text(values.get("lot"))
        if found.tracking == "none" or not name:
            problem = self.env._("write the lot of %(product)s.", product=found.display_name)
            return found, no_lot, problem if found.tracking != "none" else None
        lot = no_lot.search(
            [("product_id", "=", found.id), ("name", "=", name), ("company_id", "in", (False, self.company_id.id))],
            limit=1,
        )
        unknown = self.env._("%(product)s has no lot “%(lot)s”.", product=found.display_name, lot=name[:40])
        return found, lot, None if lot else unknown

    def _find_unit(self, product, name):
        """Return the unit of a row: the product's, or another of its kind that is called so."""
        if not name or name == product.uom_id.name:
            return product.uom_id
        for count in self._languages():
            candidates = count.env["uom.uom"].search([("name", "=", name)])
            candidates = candidates.filtered(lambda uom: uom._has_common_reference(product.uom_id))
            if candidates:
                return candidates[0]
        return self.env["uom.uom"]

    # ---------------------------------------------------------------- applying

    def _book_quantities(self):
        """Return {(product id, lot id): quantity in the books now} of the place."""
        self.ensure_one()
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group([("location_id", "=", self.location_id.id)], ["product_id", "lot_id"], ["quantity:sum"])
        )
        return {(product.id, lot.id): quantity for product, lot, quantity in groups}

    def action_apply(self):
        """Bring the stock to what was counted: what is explained is written off by its reason, the rest adjusted.

        :raise UserError: nothing was counted, or a line is wrong; nothing is moved then
        """
        check_desk(self)
        for count in self:
            # Two desks that apply one count queue up here, and the second finds it closed.
            count.lock_for_update()
            count._check_open()
            counted = count.line_ids.filtered("is_counted")
            if not counted:
                raise UserError(self.env._("Nothing is counted yet: enter the quantities, or read a sheet."))
            counted._check()
            count._write_off_explained(counted)
            count._adjust(counted)
            for line in counted.sudo():
                line.unit_cost = line.product_id.with_company(count.company_id).standard_price
            count.sudo().write({"state": "done", "applied_at": fields.Datetime.now()})
            count.sudo().location_id.last_inventory_date = count.company_id._salon_today()

    def _write_off_explained(self, lines):
        scraps = self.env["stock.scrap"].sudo().with_company(self.company_id)
        for line in lines.filtered(lambda line: line.uom_id.compare(line.explained_qty, 0) > 0):
            scrap = scraps.create(
                {
                    "product_id": line.product_id.id,
                    "product_uom_id": line.uom_id.id,
                    "lot_id": line.lot_id.id,
                    "scrap_qty": line.explained_qty,
                    "location_id": self.location_id.id,
                    "scrap_location_id": self.company_id._salon_write_off_location().id,
                    "scrap_reason_tag_ids": [Command.set(line.reason_id.ids)],
                    "origin": self.name,
                    "company_id": self.company_id.id,
                }
            )
            scrap.do_scrap()
            scrap.move_ids.salon_count_line_id = line

    def _adjust(self, lines):
        rows = []
        for line in lines:
            rest = line.uom_id.round(line.difference + line.explained_qty)
            if line.uom_id.is_zero(rest):
                continue
            loss = line.product_id.with_company(self.company_id).property_stock_inventory
            source, target = (self.location_id, loss) if rest < 0 else (loss, self.location_id)
            rows.append(
                {
                    "product": line.product_id,
                    "quantity": abs(rest),
                    "source": source,
                    "target": target,
                    "lots": [(line.lot_id, abs(rest))],
                    "values": {
                        "is_inventory": True,
                        "inventory_name": self.name,
                        "company_id": self.company_id.id,
                        "salon_count_line_id": line.id,
                    },
                }
            )
        if rows:
            self.env["stock.move"].with_company(self.company_id)._salon_move_now(rows)

    def action_open_lines(self):
        """Open the report of the count's shrinkage."""
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa_stock.action_shrinkage")
        return {**action, "domain": [("count_id", "in", self.ids), ("is_counted", "=", True)], "context": {}}
