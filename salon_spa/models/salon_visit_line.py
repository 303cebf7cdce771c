from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import timeline

PHASES = ("prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes")
TIMING = {
    "start",
    "stop",
    "employee_id",
    "product_id",
    "client_id",
    "cancelled",
    "sequence",
    "is_chained",
    "is_parallel",
    *PHASES,
}
CLOSED = ("done", "cancelled", "no_show")
# What a document or a pass has settled the amount by.
PRICED = {"product_id", "price_unit", "quantity", "discount", "discount_amount", "cancelled"}
# What may still be written on a visit that is over: what was done and how, not when, by whom and for how much.
NOTES = {"note", "formula", "photo_ids"}
# Of Odoo's palette: planned in blue and violet, here in orange, served in green, lost in red.
STATE_COLORS = {
    "draft": 12,
    "requested": 3,
    "booked": 4,
    "confirmed": 11,
    "arrived": 2,
    "done": 10,
    "cancelled": 1,
    "no_show": 9,
}
# Who reads the entries of Odoo's accounting.
BOOKKEEPERS = "account.group_account_invoice,account.group_account_readonly"
# Passed in the context by _change and by the visit's own write only; an object, so that no remote caller can forge it.
_DEFERRED = object()
# The same, passed by a document that was paid for: what was sold is true, also of a visit that is closed or billed.
_BY_DOCUMENT = object()


class SalonVisitLine(models.Model):
    """One service (or retail product) of a visit: for whom, by whom, when, for how much.

    ``start`` and ``stop`` are the client's time in naive UTC; the master's time reaches further by the preparation
    and the clean-up (see tools/timeline.py) and stands in salon.allocation.
    """

    _name = "salon.visit.line"
    _description = "Visit Line"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "start desc, visit_id desc, sequence, id"
    _check_company_auto = True

    visit_id = fields.Many2one("salon.visit", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="visit_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    client_id = fields.Many2one(
        "res.partner",
        compute="_compute_client_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        domain="[('is_client_card', '=', True)]",
        help="Who is served: the visit's client, or a guest who came along.",
    )
    product_id = fields.Many2one(
        "product.product", string="Service", required=True, ondelete="restrict", index=True, check_company=True
    )
    kind = fields.Selection(
        [("service", "Service"), ("product", "Product")], compute="_compute_kind", store=True, precompute=True
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        ondelete="restrict",
        index=True,
        domain="[('is_master', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
    )
    salon_color = fields.Integer(related="employee_id.salon_color")
    is_editable = fields.Boolean(related="visit_id.is_editable")
    state_color = fields.Integer(compute="_compute_state_color", help="The calendar's colour of the state.")
    phone_display = fields.Char(related="client_id.phone_display")

    prep_minutes = fields.Integer(
        "Preparation", compute="_compute_phases", store=True, readonly=False, precompute=True, help="Minutes."
    )
    active_minutes = fields.Integer(
        "Active", compute="_compute_phases", store=True, readonly=False, precompute=True, help="Minutes."
    )
    processing_minutes = fields.Integer(
        "Processing",
        compute="_compute_phases",
        store=True,
        readonly=False,
        precompute=True,
        help="Minutes during which the client stays and the master is free.",
    )
    finishing_minutes = fields.Integer(
        "Finishing", compute="_compute_phases", store=True, readonly=False, precompute=True, help="Minutes."
    )
    cleanup_minutes = fields.Integer(
        "Clean-up", compute="_compute_phases", store=True, readonly=False, precompute=True, help="Minutes."
    )
    is_chained = fields.Boolean(
        "Follows the One Before",
        default=True,
        help="Starts when the client's service before it ends; switch off to give the line a time of its own.",
    )
    is_parallel = fields.Boolean(
        "At the Same Time",
        help="Begins together with the client's service before it, by another master: manicure and pedicure at once.",
    )
    start = fields.Datetime(index=True)
    start_hour = fields.Float(
        "Time",
        compute="_compute_start_hour",
        inverse="_inverse_start_hour",
        help="When the service starts, by the salon's clock on the visit's day.",
    )
    stop = fields.Datetime(
        compute="_compute_stop", inverse="_inverse_stop", store=True, precompute=True, readonly=False
    )
    duration = fields.Float(
        compute="_compute_duration",
        inverse="_inverse_duration",
        help="Hours that the client spends on this service; a longer or shorter one changes the active time.",
    )
    date = fields.Date("Day", compute="_compute_date", store=True, precompute=True, help="The salon's local day.")
    allocation_ids = fields.One2many("salon.allocation", "line_id", string="Allocations")

    cancelled = fields.Boolean(copy=False, help="This guest or service was cancelled, the rest of the visit was not.")
    state = fields.Selection(
        selection="_selection_state", compute="_compute_state", store=True, precompute=True, index=True
    )

    quantity = fields.Float(default=1.0, digits="Product Unit")
    price_unit = fields.Monetary(
        "Price", compute="_compute_price", store=True, readonly=False, precompute=True, help="Before discount."
    )
    price_source = fields.Selection(
        [
            ("master", "Master's own"),
            ("grade", "Grade"),
            ("pricelist", "Price list"),
            ("variant", "Service"),
            ("manual", "By hand"),
        ],
        compute="_compute_price",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the price came from; the most specific wins: the master's own, the grade's, the price list's, "
        "the service's.",
    )
    discount = fields.Float("Discount, %", digits=(16, 2))
    discount_amount = fields.Monetary(
        "Discount", compute="_compute_discount_amount", store=True, readonly=False, precompute=True
    )
    discount_reason_id = fields.Many2one(
        "salon.reason", domain="[('kind', '=', 'discount')]", ondelete="restrict", index="btree_not_null"
    )
    discount_campaign_id = fields.Many2one(
        "utm.campaign", string="Campaign", ondelete="restrict", index="btree_not_null", help="What gave the discount."
    )
    amount_list = fields.Monetary("List Amount", compute="_compute_amounts", store=True, precompute=True)
    price_total = fields.Monetary(
        "Amount", compute="_compute_amounts", store=True, precompute=True, help="What it costs the client, with tax."
    )
    price_untaxed = fields.Monetary("Amount without Tax", compute="_compute_amounts", store=True, precompute=True)

    pass_line_id = fields.Many2one(
        "salon.pass.line", string="Pass", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    pass_amount = fields.Monetary(
        "Covered by Pass", readonly=True, copy=False, help="What a pass pays of the amount, with tax."
    )
    pass_value = fields.Monetary(
        "Paid Value of Pass",
        readonly=True,
        copy=False,
        help="What was paid, without tax, for the part of the pass that was used: revenue from this service.",
    )
    move_line_ids = fields.One2many("account.move.line", "salon_line_id", groups=BOOKKEEPERS)
    amount_billed = fields.Monetary(
        "Billed", compute="_compute_billed", store=True, compute_sudo=True, help="On invoices and receipts, with tax."
    )
    amount_refunded = fields.Monetary("Refunded", compute="_compute_billed", store=True, compute_sudo=True)
    amount_revenue = fields.Monetary(
        "Revenue",
        compute="_compute_amount_revenue",
        store=True,
        help="What the figures count: the amount without tax; of what a pass covers, the value paid for it.",
    )

    note = fields.Text("Master's Note", copy=False, help="How it went: what the next master should know.")
    formula = fields.Text(copy=False, help="What was mixed and applied, so that it can be repeated.")
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)

    _positive_quantity = models.Constraint("CHECK(quantity > 0)", "The quantity must be above zero.")
    _phases_not_negative = models.Constraint(
        "CHECK(LEAST(prep_minutes, active_minutes, processing_minutes, finishing_minutes, cleanup_minutes) >= 0)",
        "A phase can't be shorter than nothing.",
    )
    _price_not_negative = models.Constraint("CHECK(price_unit >= 0)", "A price can't be below zero.")
    _discount_range = models.Constraint("CHECK(discount BETWEEN 0 AND 100)", "A discount is between 0 and 100 percent.")
    _day_state = models.Index("(company_id, date, state)")
    _client_day = models.Index("(client_id, date)")
    _employee_start = models.Index("(employee_id, start)")

    @api.model
    def _selection_state(self):
        return self.env["salon.visit"]._fields["state"]._description_selection(self.env)

    @api.depends("visit_id.partner_id")
    def _compute_client_id(self):
        for line in self:
            # A guest keeps the own card when the visit's client changes (salon.visit.write moves the others).
            line.client_id = line.client_id or line.visit_id.partner_id

    @api.depends("product_id")
    def _compute_kind(self):
        for line in self:
            line.kind = "product" if line.product_id and line.product_id.type != "service" else "service"

    @api.depends("product_id", "employee_id")
    def _compute_phases(self):
        lines = self.filtered("product_id")
        pairs = [(line.product_id._origin, line.employee_id._origin) for line in lines]
        for line, phases in zip(lines, self.env["product.product"]._salon_phases_batch(pairs), strict=True):
            line.update(phases)

    @api.depends("start", *PHASES)
    def _compute_stop(self):
        for line in self:
            line.stop = line.start and line.start + timeline.minutes(timeline.client_minutes(line._phases()))

    def _inverse_stop(self):
        for line in self:
            if line.start and line.stop:
                line._set_client_minutes(int((line.stop - line.start).total_seconds() // 60))

    def _set_client_minutes(self, total):
        """Give the client so many minutes by a longer or shorter active phase."""
        self.ensure_one()
        active = total - self.processing_minutes - self.finishing_minutes
        if active < 0:
            raise UserError(
                self.env._(
                    "%(service)s takes at least %(minutes)s minutes.",
                    service=self.product_id.display_name,
                    minutes=self.processing_minutes + self.finishing_minutes,
                )
            )
        if active != self.active_minutes:
            self.active_minutes = active

    @api.depends("active_minutes", "processing_minutes", "finishing_minutes")
    def _compute_duration(self):
        for line in self:
            line.duration = timeline.client_minutes(line._phases()) / 60

    def _inverse_duration(self):
        for line in self:
            line._set_client_minutes(round(line.duration * 60))

    @api.onchange("duration")
    def _onchange_duration(self):
        self._inverse_duration()

    @api.depends("start", "company_id.salon_tz")
    def _compute_start_hour(self):
        for line in self:
            company = line.company_id or self.env.company
            local = line.start and company._salon_local(line.start)
            line.start_hour = local.hour + local.minute / 60 if local else 0.0

    def _inverse_start_hour(self):
        for line in self:
            day = line.start or line.visit_id.start
            company = line.company_id or self.env.company
            hour = line.start_hour
            if hour >= 24 and hour == int(hour):
                # Typed as 1030.
                hour = hour // 100 + hour % 100 / 60
            if not 0 <= hour < 24:
                raise UserError(self.env._("Write the time as 10:30."))
            if day:
                midnight = datetime.combine(company._salon_local(day).date(), time())
                start = company._salon_utc(midnight + timedelta(minutes=round(hour * 60)))
                if start != line.start:
                    line.start = start

    @api.onchange("start_hour")
    def _onchange_start_hour(self):
        # A new line has no time yet: its 0:00 was not typed.
        if self.start or self.start_hour:
            before = self.start
            self._inverse_start_hour()
            self.is_chained = self.is_chained and self.start == before

    @api.onchange("start")
    def _onchange_start(self):
        self.is_chained = not self.start

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Propose who does it: the master asked for, the client's favourite, or the only one who can.

        Whoever was asked for and does not do it is named, so that nobody looks for the reason.
        """
        if self.product_id and self.kind == "service":
            skilled = self.env["hr.employee"]._salon_skilled(self.product_id, self.company_id or self.env.company)
            if self.employee_id._origin not in skilled:
                asked = self.env.context.get("salon_employee_id")
                favourite = self.client_id.sudo().favourite_employee_id.id
                known = [employee_id for employee_id in (asked, favourite) if employee_id in skilled.ids]
                self.employee_id = known[0] if known else skilled.id if len(skilled) == 1 else False
                if asked and asked not in skilled.ids:
                    warning = {
                        "title": self.env._("Another master"),
                        "message": self.env._(
                            "%(master)s does not do %(service)s.",
                            master=self.env["hr.employee"].sudo().browse(asked).name,
                            service=self.product_id.display_name,
                        ),
                        "type": "notification",
                    }
                    return {"warning": warning}
        return None

    @api.depends("state")
    def _compute_state_color(self):
        for line in self:
            line.state_color = STATE_COLORS.get(line.state, 0)

    @api.depends("start", "visit_id.date", "company_id.salon_tz")
    def _compute_date(self):
        for line in self:
            # A product has no time of its own: it is sold on the visit's day.
            line.date = line.company_id._salon_local(line.start).date() if line.start else line.visit_id.date

    @api.depends("visit_id.state", "cancelled")
    def _compute_state(self):
        for line in self:
            line.state = "cancelled" if line.cancelled else line.visit_id.state

    @api.depends("product_id", "employee_id", "client_id")
    def _compute_price(self):
        lines = self.filtered(
            lambda line: line.product_id
            and not (line.price_source == "manual" and line._origin.product_id == line.product_id)
        )
        for line, (price, source) in lines._current_prices().items():
            line.price_unit, line.price_source = price, source

    def _current_prices(self):
        """Return ``{line: (price, source)}`` that the price list gives for each line on its own day."""
        prices = {}
        for company, lines in self.grouped(lambda line: line.company_id or self.env.company).items():
            requests = [(line.product_id, line.employee_id, line.client_id, line.date) for line in lines]
            prices.update(zip(lines, self.env["product.product"]._salon_prices(requests, company), strict=True))
        return prices

    def _reprice(self):
        """Bring the price of lines that are not closed in line with the price list; prices by hand stay."""
        lines = self.filtered(lambda line: line.state not in CLOSED and line.price_source != "manual")
        for line, (price, source) in lines._current_prices().items():
            if (price, source) != (line.price_unit, line.price_source):
                line.write({"price_unit": price, "price_source": source})

    @api.depends("price_unit", "quantity", "discount")
    def _compute_discount_amount(self):
        for line in self:
            # Without a percentage the discount is an amount of its own, which another price leaves as it is.
            amount = line.price_unit * line.quantity * line.discount / 100 if line.discount else line.discount_amount
            line.discount_amount = line.currency_id.round(amount) if line.currency_id else amount

    @api.onchange("discount")
    def _onchange_discount(self):
        if not self.discount:
            self.discount_amount = 0

    @api.depends("price_unit", "quantity", "discount_amount", "product_id")
    def _compute_amounts(self):
        for line in self:
            amount = line.price_unit * line.quantity
            line.amount_list = line.currency_id.round(amount) if line.currency_id else amount
            line.price_untaxed, line.price_total = line._taxed(line.amount_list - line.discount_amount)

    def _taxes(self):
        """Return the taxes on the service in the line's company."""
        self.ensure_one()
        company = self.company_id or self.env.company
        # Whoever books need not read the product's accounting.
        return self.product_id.sudo().taxes_id._filter_taxes_by_company(company)

    def _taxed(self, amount):
        """Return ``(without tax, with tax)`` of an amount at the price list's prices, as an invoice would say."""
        self.ensure_one()
        taxes = self._taxes()
        if not taxes:
            return amount, amount
        quantity = self.quantity or 1
        result = taxes.compute_all(amount / quantity, self.currency_id, quantity, self.product_id, self.client_id)
        return result["total_excluded"], result["total_included"]

    @api.model
    def _taxes_changed(self, templates):
        """Bring what is to come of these services in line with their taxes; what was served, billed or taken from a
        pass stays as it was agreed."""
        lines = self.search(
            Domain("product_id.product_tmpl_id", "in", templates.ids)
            & Domain("state", "not in", CLOSED)
            & Domain("amount_billed", "=", 0)
            & Domain("pass_line_id", "=", False)
        )
        lines.modified(["quantity"])

    @api.depends("price_total", "price_untaxed", "pass_amount", "pass_value", "amount_billed")
    def _compute_amount_revenue(self):
        for line in self:
            paid = line.price_untaxed
            if line.pass_amount:
                # What was billed and refunded before stays a sale; the refund is a fact of its own.
                money_part = max(line.price_total - line.pass_amount, line.amount_billed)
                paid = line.currency_id.round(paid * money_part / line.price_total)
            line.amount_revenue = paid + line.pass_value

    @api.depends(
        "move_line_ids.price_total",
        "move_line_ids.move_id.state",
        "move_line_ids.move_id.salon_visit_id",
        "move_line_ids.salon_is_void",
    )
    def _compute_billed(self):
        for line in self:
            rows = line._billed_amounts()
            # Void is what was given back: without the credit note, that somebody has cancelled, it is charged.
            voided = sum(amount for amount, is_void in rows if is_void)
            counts = line.currency_id.compare_amounts(voided, 0) > 0
            amounts = [amount for amount, is_void in rows if counts or not is_void]
            line.amount_billed = sum(amount for amount in amounts if amount > 0)
            line.amount_refunded = -sum(amount for amount in amounts if amount < 0)

    def _billed_amounts(self):
        """Return what documents charge for this line as ``[(amount with tax, whether it is void)]``, refunds below
        zero; addons add their documents."""
        self.ensure_one()
        return [
            (line._salon_amount(), line.salon_is_void)
            for line in self.move_line_ids
            if line.move_id.state == "posted" and line.move_id.salon_visit_id == self.visit_id
        ]

    def _void_refunded(self):
        """What was charged for these services and given back in full counts no more: they are to be paid anew."""
        for line in self:
            compare = line.currency_id.compare_amounts
            if compare(line.amount_refunded, 0) > 0 and compare(line.amount_refunded, line.amount_billed) >= 0:
                line.sudo()._void_documents()

    def _void_documents(self):
        """Mark what documents charge and give back for this line as void; addons mark theirs."""
        self.move_line_ids.filtered(lambda line: line.parent_state == "posted").salon_is_void = True

    def _to_bill(self):
        """Return what is still to be charged for this line, with tax."""
        self.ensure_one()
        visit = self.visit_id
        if self.cancelled or visit.is_paid_elsewhere or visit.state in ("cancelled", "no_show"):
            return 0.0
        return max(0.0, self.price_total - self.pass_amount - self.amount_billed)

    def _keep_pass(self, pass_line, amount, value):
        """Note which pass this line goes by and what that pays, on a closed visit too; the pass itself is not asked."""
        values = {"pass_line_id": pass_line.id, "pass_amount": amount, "pass_value": value}
        super(SalonVisitLine, self.sudo()).write(values)  # pylint: disable=super-method-mismatch

    @api.depends("product_id", "client_id", "visit_id.is_anonymous")
    def _compute_display_name(self):
        for line in self:
            who = line.client_id.name or (self.env._("Walk-in") if line.visit_id.is_anonymous else "")
            line.display_name = ", ".join(filter(None, [who, line.product_id.display_name]))

    @api.constrains("start", "stop")
    def _check_span(self):
        # Not by the database: Odoo may write a new start before it computes the end that follows from it.
        for line in self:
            if line.start and line.stop and line.stop < line.start:
                raise ValidationError(self.env._("The end lies before the start."))

    @api.constrains("discount_amount", "amount_list")
    def _check_discount_amount(self):
        for line in self:
            if line.currency_id.compare_amounts(line.discount_amount, line.amount_list) > 0:
                raise ValidationError(
                    self.env._(
                        "The discount on %(service)s is more than its price.", service=line.product_id.display_name
                    )
                )

    @api.model
    def _timing_fields(self):
        """Return the fields that decide whose time is taken when; addons add rooms."""
        return TIMING

    @api.model
    def _note_fields(self):
        """Return the fields that masters write, also when the visit is over; addons add what they note."""
        return NOTES

    def _phases(self):
        """Return the minutes of this line's phases as a dict."""
        self.ensure_one()
        return {name: self[name] for name in PHASES}

    def _master_spans(self):
        """Return the spans (naive UTC) that this line takes of its master."""
        self.ensure_one()
        return timeline.master_spans(self.start, self._phases()) if self.start else []

    def _is_unsuited(self, client):
        """Tell whether the service is meant for others than ``client`` by sex or age; what is unknown suits."""
        self.ensure_one()
        service = self.product_id.product_tmpl_id
        if service.client_sex and client.sex and client.sex != service.client_sex:
            return True
        if not client.birth_year:
            return False
        too_young = service.client_age_min and client.age < service.client_age_min
        too_old = service.client_age_max and client.age > service.client_age_max
        return bool(too_young or too_old)

    def _is_live(self):
        """Tell whether the line holds its master's time."""
        self.ensure_one()
        return bool(
            self.kind == "service"
            and self.employee_id
            and self.start
            and not self.cancelled
            and self.visit_id.state in self.env["salon.visit"]._live_states()
        )

    @api.model
    def default_get(self, fields):
        """A start in the context is where the visit begins: its first service takes it, the others follow."""
        context = {key: value for key, value in self.env.context.items() if key != "default_start"}
        # The whole context is replaced, as a key has to go from it.
        lines = self.with_context(context)  # pylint: disable=context-overridden
        return super(SalonVisitLine, lines).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_write({key for vals in vals_list for key in vals}, creating=True)
        lines = super().create([self._with_companions(vals) for vals in vals_list])
        lines.client_id._make_client_cards()
        priced = [line.id for line, vals in zip(lines, vals_list, strict=True) if "price_unit" in vals]
        self.browse(priced)._settle_price_source()
        lines._check_open()
        lines._check_discounts()
        if self.env.context.get("salon_deferred") is not _DEFERRED:
            lines.visit_id._lines_changed()
        for line in lines.filtered(lambda line: line.visit_id.state != "draft"):
            line.visit_id._log("line_added", new=line._describe())
        return lines

    def write(self, vals):
        vals = dict(vals)
        self._check_may_write(vals.keys())
        if "visit_id" in vals and self.visit_id.ids != [vals["visit_id"]]:
            # Its state, its day and the time that it holds are those of its visit.
            raise UserError(self.env._("A service stays in its visit: remove it there and add it to the other one."))
        by_document = self.env.context.get("salon_by_document") is _BY_DOCUMENT
        if set(vals) - self._note_fields() and not by_document:
            self._check_open()
        if PRICED & set(vals) and not by_document:
            self.visit_id._wait_for_money()
            self._check_not_billed()
            self._void_refunded()
        if {*PRICED, "client_id"} & set(vals) and not by_document:
            # It is another service, or another price, that a pass would pay.
            self._return_pass()
        deferred = self.env.context.get("salon_deferred") is _DEFERRED
        if "start" in vals and "is_chained" not in vals and not deferred:
            # Who gives a line a time of its own wants it to stay there.
            vals.update(is_chained=False, is_parallel=vals.get("is_parallel", False))
        tracked = self.browse()
        if set(vals) - self._note_fields():
            tracked = self.filtered(lambda line: line.visit_id.state != "draft")
        before = {line.id: line._snapshot() for line in tracked}
        if vals.get("discount") == 0:
            vals.setdefault("discount_amount", 0)
        other = self.browse()
        if "product_id" in vals and "price_unit" not in vals:
            other = self.filtered(
                lambda line: line.price_source == "manual" and line.product_id.id != vals["product_id"]
            )
        former = self.client_id if "client_id" in vals else self.client_id.browse()
        result = super().write(vals)
        if "client_id" in vals:
            self.client_id._make_client_cards()
            (former - self.client_id)._refresh_plans()
        for line, (price, source) in other._current_prices().items():
            # The price by hand was that of the service before.
            super(SalonVisitLine, line).write({"price_unit": price, "price_source": source})
        if {"price_unit", "price_source"} & set(vals):
            self._settle_price_source()
        if {*PRICED, "discount_reason_id", "discount_campaign_id"} & set(vals):
            self._check_discounts()
        if self._timing_fields() & set(vals) and not deferred:
            self.visit_id._lines_changed()
        if "start" in vals:
            self._check_passes_still_fit()
        for line in tracked:
            line._log_changes(before[line.id])
        return result

    @api.model
    def _with_companions(self, vals):
        """Complete values of which one is given and others, computed together with it, are not.

        Before the record exists Odoo computes the others with the whole group, over what was given: the end of the
        line and its amounts would follow from values that it does not have.
        """
        vals = dict(vals)
        if "price_unit" in vals:
            vals.setdefault("price_source", "manual")
        if vals.get("product_id") and not vals.keys().isdisjoint(PHASES):
            employee = self.env["hr.employee"].browse(vals.get("employee_id") or ())
            vals = {**self.env["product.product"].browse(vals["product_id"])._salon_phases(employee), **vals}
        return vals

    def _settle_price_source(self):
        """Tell a price by hand from one of the price list, whatever the caller says it is."""
        for line, (price, source) in self._current_prices().items():
            if line.currency_id.compare_amounts(price, line.price_unit):
                source = "manual"
            if source != line.price_source:
                super(SalonVisitLine, line).write({"price_source": source})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_not_closed(self):
        self._check_open()
        self._check_not_billed()

    def unlink(self):
        self._return_pass()
        visits, clients = self.visit_id, self.client_id
        for line in self.filtered(lambda line: line.visit_id.state != "draft"):
            line.visit_id._log("line_removed", old=line._describe())
        result = super().unlink()
        clients._refresh_plans()
        if self.env.context.get("salon_deferred") is not _DEFERRED:
            visits.exists()._lines_changed()
        return result

    def _check_may_write(self, names, creating=False):
        """Masters note what they did; times, prices and people are the desk's."""
        if self.env.su or self.env.user.has_group("salon_spa.group_salon_administrator"):
            return
        if creating or set(names) - self._note_fields():
            raise AccessError(
                self.env._("Masters write notes, formulas and photos. Ask the front desk to change anything else.")
            )

    def _check_open(self):
        closed = self.visit_id.filtered(lambda visit: visit.state in CLOSED)
        if closed:
            raise UserError(
                self.env._(
                    "%(visit)s is closed: reopen it to change its services, times or prices.",
                    visit=closed[0].display_name,
                )
            )

    def _check_not_billed(self):
        """:raise UserError: the client has paid for one of these services, or has a bill for it"""
        for line in self:
            kept = line.amount_billed - line.amount_refunded
            if line.currency_id.compare_amounts(kept, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(service)s is on a bill of %(amount)s: refund it first.",
                        service=line.product_id.display_name,
                        amount=line._money(kept),
                    )
                )

    def _check_discounts(self):
        limits = self._discount_limits()
        limited = self.filtered(lambda line: limits[line.company_id] < 100)
        # Less than one of a service, and a lower price by hand, is a discount by another name.
        whole = {line: max(1.0, line.quantity) if line.kind == "service" else line.quantity for line in limited}
        listed = {
            line: line.currency_id.round(price * whole[line])
            for line, (price, _source) in limited.filtered(
                lambda line: line.price_source == "manual"
            )._current_prices().items()
        }
        for line in self:
            if line.discount_amount and not (line.discount_reason_id or line.discount_campaign_id):
                raise UserError(
                    self.env._("Give the reason for the discount on %(service)s.", service=line.product_id.display_name)
                )
            limit = limits[line.company_id]
            full = max(line.currency_id.round(line.price_unit * whole.get(line, line.quantity)), listed.get(line, 0))
            given = full - line.amount_list + line.discount_amount
            if line in limited and given > full * limit / 100 + line.currency_id.rounding / 2:
                values = {"limit": f"{limit:g}", "service": line.product_id.display_name}
                if self.env.user.has_group("salon_spa.group_salon_manager"):
                    raise UserError(self.env._("A discount above %(limit)s%% needs the owner: %(service)s.", **values))
                raise UserError(self.env._("A discount above %(limit)s%% needs a manager: %(service)s.", **values))

    def _discount_limits(self):
        """Return ``{company: percent}`` that the user may take off a price."""
        return {company: company._salon_own_discount_limit() for company in self.company_id}

    def _snapshot(self):
        return {
            "start": self.start,
            "stop": self.stop,
            "employee": self.employee_id,
            "product": self.product_id,
            "price": self.price_unit,
            "discount": self.discount_amount,
            "cancelled": self.cancelled,
        }

    def _log_changes(self, before):
        """Write into the visit's history what differs from the snapshot ``before``."""
        after = self._snapshot()
        visit, service = self.visit_id, self.product_id.display_name
        if (before["start"], before["stop"]) != (after["start"], after["stop"]):
            visit._log("moved", old=self._span_text(before), new=self._span_text(after), reason=service)
        if before["employee"] != after["employee"]:
            visit._log("master", old=before["employee"].name, new=after["employee"].name, reason=service)
        if before["product"] != after["product"]:
            visit._log("service", old=before["product"].display_name, new=service)
        if self.currency_id.compare_amounts(before["price"], after["price"]):
            visit._log("price", old=self._money(before["price"]), new=self._money(after["price"]), reason=service)
        if self.currency_id.compare_amounts(before["discount"], after["discount"]):
            reason = ", ".join(filter(None, [service, self._discount_reason()]))
            old, new = self._money(before["discount"]), self._money(after["discount"])
            visit._log("discount", old=old, new=new, reason=reason)
        if before["cancelled"] != after["cancelled"]:
            visit._log("line_removed" if after["cancelled"] else "line_added", new=self._describe())

    def _log_terms(self):
        """Write into the visit's history what the booking costs other than the price list says."""
        by_hand = self.filtered(lambda line: line.price_source == "manual")._current_prices()
        for line in self:
            service = line.product_id.display_name
            price, _source = by_hand.get(line, (line.price_unit, None))
            if line.currency_id.compare_amounts(price, line.price_unit):
                line.visit_id._log("price", old=line._money(price), new=line._money(line.price_unit), reason=service)
            if line.discount_amount:
                reason = ", ".join(filter(None, [service, line._discount_reason()]))
                line.visit_id._log("discount", old=line._money(0), new=line._money(line.discount_amount), reason=reason)

    def _discount_reason(self):
        return self.discount_reason_id.name or self.discount_campaign_id.sudo().name

    def _prepare_document_line(self, amount):
        """Return the values of a line of an invoice or a credit note that charges ``amount``, with tax, for this."""
        self.ensure_one()
        notes = [self.product_id.with_context(lang=self.visit_id._payer().lang).display_name, self.employee_id.name]
        if self.discount_amount:
            notes.append(self.env._("discount %(amount)s", amount=self._money(self.discount_amount)))
        if self.pass_amount:
            notes.append(self.env._("by pass %(amount)s", amount=self._money(self.pass_amount)))
        return {
            "product_id": self.product_id.id,
            "name": ", ".join(filter(None, notes)),
            "quantity": self.quantity,
            "salon_line_id": self.id,
            **self.company_id._salon_priced(
                self._taxes(), self.amount_list - self.discount_amount, amount, self.quantity, self.product_id
            ),
        }

    def _money(self, amount):
        return self.currency_id.format(amount)

    def _span_text(self, snapshot):
        if not snapshot["start"]:
            return ""
        company = self.company_id
        return (
            company._salon_format(snapshot["start"], "dd.MM.yyyy HH:mm")
            + "–"
            + company._salon_format(snapshot["stop"], "HH:mm")
        )

    def _rechain_to(self, start, in_form):
        """Start when the services before it want it; ``in_form`` as of ``salon.visit._rechain``."""
        if in_form:
            self.start = start
            return
        fresh = not self.start
        self.with_context(salon_deferred=_DEFERRED).write({"start": start})
        if fresh:
            # Until now the line had no day whose price could be asked for.
            self._reprice()

    def _describe(self):
        parts = [self.product_id.display_name, self.employee_id.name, self._span_text(self._snapshot())]
        return ", ".join(filter(None, parts))

    def _prepare_allocations(self):
        """Return the values of the allocations that the line needs while it is live; addons add rooms and equipment."""
        self.ensure_one()
        return [
            {
                "resource_id": self.employee_id.resource_id.id,
                "start": start,
                "stop": stop,
                "kind": "visit",
                "line_id": self.id,
                "company_id": self.company_id.id,
            }
            for start, stop in self._master_spans()
        ]

    def _sync_allocations(self):
        """Make the allocations of these lines what the lines say, in one step.

        :raise UserError: a master is taken; nothing is changed then
        """
        wanted = [vals for line in self if line._is_live() for vals in line._prepare_allocations()]
        allocations = self.env["salon.allocation"].sudo()
        current = allocations.search([("line_id", "in", self.ids)], order="id")

        left = list(current)
        for vals in wanted:
            choices = vals["choices"] if "choices" in vals else [vals["resource_id"]]
            span = (vals["line_id"], vals["start"], vals["stop"])
            same = (row for row in left if (row.line_id.id, row.start, row.stop) == span)
            kept = next((row for row in same if row.resource_id.id in choices), None)
            if not kept:
                break
            left.remove(kept)
        if left or len(current) != len(wanted):
            if wanted:
                current._replace(wanted)
            else:
                current.unlink()

    def _free_instead(self, employee, also_taken=(), count=3):
        """Return what can be booked in place of what was refused, from one load of working and of busy times.

        :param also_taken: spans of ``employee`` known to be busy that this transaction may not see yet
        :return: up to ``count`` starts (naive UTC, in time order) on this line's local day at which ``employee`` can
            serve it, nearest ones, and up to ``count`` other masters who can serve it at its own time
        """
        self.ensure_one()
        company = self.company_id
        day = datetime.combine(company._salon_local(self.start).date(), time())
        begin, end = company._salon_utc(day), company._salon_utc(day + timedelta(days=1))
        employees = employee.sudo() | employee.sudo()._salon_skilled(self.product_id, company)
        work = self.env["salon.shift"]._get_working_spans(employees, begin, end)
        busy = self.env["salon.allocation"]._busy_spans(
            employees.resource_id.ids, begin, end, exclude_line_ids=self.visit_id.line_ids.ids
        )
        now = fields.Datetime.now()
        past = [(begin, now)] if begin <= now < end else []
        taken = {
            one: sorted({*busy[one.resource_id.id], *self._fixed_spans(one), *past}) for one in employees
        }
        others = employees - employee
        pairs = [(self.product_id, one) for one in others]
        free = [
            one
            for one, phases in zip(others, self.env["product.product"]._salon_phases_batch(pairs), strict=True)
            if (spans := timeline.master_spans(self.start, phases))
            and all(timeline.inside(span, work[one.id]) for span in spans)
            and not timeline.overlaps(spans, taken[one])
        ]
        starts = timeline.nearest_starts(
            self._phases(), self.start, work[employee.id], sorted({*taken[employee], *also_taken}), count
        )
        return starts, employee.browse().concat(*free[:count])

    def _free_masters_text(self, masters):
        """Return the sentence that names the masters who are free at this line's time, empty when nobody is."""
        if not masters:
            return ""
        return self.env._("Free at that time: %(masters)s.", masters=", ".join(masters.mapped("name")))

    def _fixed_spans(self, employee):
        """Return the spans in which this visit itself keeps ``employee`` or this line's client from another start.

        Services chained after this one move along with it and are in nobody's way.
        """
        lines = self.visit_id._live_lines().filtered(lambda line: line.kind == "service" and line.start and line.stop)
        later = lines.filtered(lambda line: (line.sequence, line.id) > (self.sequence, self.id))
        spans = []
        for line in lines - self - later.filtered("is_chained"):
            if line.employee_id == employee:
                spans += line._master_spans()
            elif line.client_id == self.client_id:
                spans.append((line.start, line.stop))
        return spans

    def action_repeat_formula(self):
        """Fill the formula from this client's last done line of the service that has one."""
        for line in self:
            last = self.sudo().search(
                Domain("client_id", "=", line.client_id.id)
                & Domain("product_id.product_tmpl_id", "=", line.product_id.product_tmpl_id.id)
                & Domain("state", "=", "done")
                & Domain("formula", "!=", False)
                & Domain("company_id", "in", self.env.companies.ids)
                & Domain("id", "!=", line._origin.id or 0),
                order="start desc",
                limit=1,
            )
            if not last or not line.client_id:
                raise UserError(
                    self.env._(
                        "No earlier formula of %(service)s is kept for this client.",
                        service=line.product_id.display_name,
                    )
                )
            line.formula = last.formula
        return self.action_open_line() if len(self) == 1 else None

    def action_cancel_line(self):
        """Cancel this service or guest only; the rest of the visit stays."""
        for line in self:
            if all(other.cancelled for other in line.visit_id.line_ids - line):
                raise UserError(self.env._("It is the visit's last service: cancel the visit instead."))
        self.write({"cancelled": True})

    def action_restore_line(self):
        self.write({"cancelled": False})

    def action_open_line(self):
        """Open what the master writes down about this service: formula, note, photos; and its minutes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "salon.visit.line",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_visit(self):
        """Open the visit of this line."""
        self.ensure_one()
        return self.visit_id._open_form()

    def action_swap_masters(self):
        """Exchange the masters of two lines in one step, which two moves one after the other could not do."""
        if len(self) != 2:
            raise UserError(self.env._("Select exactly two services to swap their masters."))
        first, second = self
        self._change({first: {"employee_id": second.employee_id.id}, second: {"employee_id": first.employee_id.id}})

    @api.model
    def _change(self, changes):
        """Write different values on several lines as one change: their time is given up and taken at once.

        :param changes: ``{line: values}``
        :raise UserError: a master is taken; nothing is changed then
        """
        lines = self.concat(*changes)
        for line, vals in changes.items():
            line.with_context(salon_deferred=_DEFERRED).write(vals)
        lines.visit_id._lines_changed()
