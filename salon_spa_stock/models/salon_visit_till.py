from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..models.salon_visit_line_till import SOLD

# How many visits the till lists at once; a search finds the others.
_LISTED = 80


class SalonVisit(models.Model):
    """Receipts of the till are documents of the visit like its invoices."""

    _inherit = "salon.visit"

    pos_order_ids = fields.One2many(
        "pos.order", "salon_visit_id", string="Receipts", groups="point_of_sale.group_pos_user", copy=False
    )
    pos_order_count = fields.Integer(
        "Receipts at the Till", compute="_compute_pos_order_count", groups="point_of_sale.group_pos_user"
    )

    @api.depends("pos_order_ids.state", "pos_order_ids.salon_is_counted")
    def _compute_pos_order_count(self):
        for visit in self:
            visit.pos_order_count = len(visit._till_orders())

    def _till_orders(self):
        """Return the receipts that were paid."""
        return self.pos_order_ids.filtered(lambda order: order.state in SOLD and order.salon_is_counted)

    # ------------------------------------------------------------------
    # Money
    # ------------------------------------------------------------------

    @api.depends(
        "pos_order_ids.state",
        "pos_order_ids.salon_is_counted",
        "pos_order_ids.lines.salon_entry",
        "pos_order_ids.lines.salon_amount",
        "pos_order_ids.lines.price_subtotal_incl",
        "pos_order_ids.payment_ids.amount",
        "pos_order_ids.payment_ids.salon_receivable_id.amount_residual",
        "pos_order_ids.account_move.amount_residual",
        "move_ids.line_ids.amount_residual",
    )
    def _compute_payment(self):
        super()._compute_payment()

    def _document_lines(self):
        lines = super()._document_lines()
        for order in self._till_orders():
            charged = beside = 0.0
            for line in order.lines:
                kind = line._salon_money()
                if line.salon_entry == "visit":
                    charged += line.salon_amount
                elif line.salon_entry == "sale":
                    beside += line.salon_amount
                elif kind in ("deposit", "tip", "fee"):
                    lines.append((kind, line._salon_given()))
            # What was sold beside the visit is none of its money, unless it was put on the client's account too.
            owed = order._salon_owed()
            lines.append((False, charged + max(0.0, min(beside, owed - charged))))
        return lines

    def _open_amount(self):
        entries = self.move_ids.filtered(lambda move: move.move_type == "entry" and move.state == "posted")
        paid_back = entries.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        return (
            super()._open_amount()
            + sum(order._salon_owed() for order in self._till_orders())
            + sum(paid_back.mapped("amount_residual"))
        )

    def _reconcile(self):
        super()._reconcile()
        visit = self.sudo()
        payments = self.env["account.payment"].sudo().search([("salon_visit_id", "=", self.id)])
        orders = visit.pos_order_ids
        lines = (visit.move_ids | payments.move_id | orders.account_move).line_ids
        lines |= orders.payment_ids.salon_receivable_id
        lines = lines.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
                and line.parent_state == "posted"
            )
        )
        for own in lines.grouped("account_id").values():
            if any(line.balance > 0 for line in own) and any(line.balance < 0 for line in own):
                own.reconcile()

    def _bill(self, tips=None):
        move = super()._bill(tips)
        move._salon_earn_points(self.sudo().partner_id)
        return move

    def _refund(self, amounts, payments, reason=None):
        move = super()._refund(amounts, payments, reason)
        visit = self.sudo()
        left = {line.sudo(): amount for line, amount in amounts.items() if line}
        bills = visit.move_ids.filtered(lambda bill: bill.move_type == "out_invoice" and bill.state == "posted")
        for document in [*visit._till_orders(), *bills]:
            given = 0.0
            for line, charged in document._salon_charged().items():
                part = min(left.get(line, 0.0), charged)
                left[line] = left.get(line, 0.0) - part
                given += part
            if given > 0:
                document._salon_take_points_back(given, visit)
        return move

    def _debt_paid(self, amount):
        """Take a debt that was paid at the till off the client's account: out of the clearing account."""
        self.ensure_one()
        company = self.company_id
        client = self.env["res.partner"]._find_accounting_partner(self._payer()).with_company(company).sudo()
        journals = self.env["account.journal"].sudo().with_company(company)
        journal = journals.search([*journals._check_company_domain(company), ("type", "=", "general")], limit=1)
        if not journal:
            raise UserError(self.env._("%(company)s has no journal for other entries.", company=company.name))
        common = {"partner_id": client.id, "name": self.env._("Debt paid: %(visit)s", visit=self.name)}
        clearing = company._salon_account("debt")
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "company_id": company.id,
                    "date": company._salon_today(),
                    "ref": common["name"],
                    "salon_visit_id": self.id,
                    "line_ids": [
                        Command.create({**common, "account_id": clearing.id, "balance": amount}),
                        Command.create(
                            {**common, "account_id": client.property_account_receivable_id.id, "balance": -amount}
                        ),
                    ],
                }
            )
        )
        move.action_post()
        self._reconcile()

    # ------------------------------------------------------------------
    # What the till asks for
    # ------------------------------------------------------------------

    @api.model
    def _check_till(self, config_id):
        """Return the till, if the user may take money for visits there.

        :raise AccessError: for all but the front desk
        """
        if not self.env.user.has_group("salon_spa.group_salon_administrator"):
            raise AccessError(self.env._("Visits are paid at the front desk: ask an administrator."))
        config = self.env["pos.config"].browse(config_id).exists()
        if not config:
            raise UserError(self.env._("This till is gone: open it again."))
        config.check_access("read")
        return config

    @api.model
    @api.readonly
    def get_till_visits(self, config_id, search=None):
        """Return the visits that the till offers to take money for, as small dictionaries, most urgent first.

        Without a search: visits of today, those whose client is here or was served first, then those to come, with
        what is still due. With one: visits by client's name or phone or by number, and debts of other days.

        :param int config_id: the till
        :param str search: part of a client's name, of a phone number or of a visit's number
        :raise AccessError: for all but the front desk
        """
        company = self._check_till(config_id).company_id
        today = company._salon_today()
        mine = Domain("company_id", "=", company.id)
        states = ("booked", "confirmed", "arrived", "done")
        domain = mine & Domain("state", "in", states) & Domain("date", "=", today)
        if search and search.strip():
            words = search.strip()
            found = Domain("name", "ilike", words) | Domain("partner_id.name", "ilike", words)
            digits = "".join(char for char in words if char.isdigit())
            if len(digits) > 3:
                found |= Domain("partner_id.phone_sanitized", "like", digits)
            owed = Domain("state", "=", "done") & Domain("amount_due", ">", 0)
            ahead = Domain("state", "in", ("booked", "confirmed", "arrived")) & Domain("date", ">=", today)
            domain = mine & found & (owed | ahead | Domain("date", "=", today))
        visits = self.search(domain, order="start", limit=_LISTED)
        held = visits._till_held()
        rank = {"pay": 0, "booked": 1, "debt": 2, "paid": 3}
        rows = [visit._till_row(today, held.get(visit)) for visit in visits]
        return sorted(rows, key=lambda row: (rank[row["section"]], row["start"]))

    def _till_held(self):
        """Return ``{visit: draft order}`` of visits that are open at a till."""
        orders = (
            self.env["pos.order"]
            .sudo()
            .search([("salon_visit_id", "in", self.ids), ("state", "=", "draft"), ("session_id.state", "!=", "closed")])
        )
        return {order.salon_visit_id.with_env(self.env): order for order in orders}

    def _till_row(self, today, held=None):
        self.ensure_one()
        to_pay = self._has_to_pay()
        if not to_pay:
            section = "paid"
        elif self.date != today and self.state == "done":
            section = "debt"
        elif self.state in ("arrived", "done"):
            section = "pay"
        else:
            section = "booked"
        states = dict(self._fields["state"]._description_selection(self.env))
        payments = dict(self._fields["payment_state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "client": self.partner_id.name or self.env._("Walk-in"),
            "phone": self.phone_display or "",
            "start": fields.Datetime.to_string(self.start) if self.start else "",
            "time": self.time_text,
            "day": "" if self.date == today else self.company_id._salon_format(self.start, "d MMM yyyy"),
            "services": self.service_text,
            "masters": ", ".join(self.employee_ids.sudo().mapped("name")),
            "state": self.state,
            "state_text": states[self.state],
            "payment_state": self.payment_state,
            "payment_text": payments.get(self.payment_state, ""),
            "section": section,
            "due": self.amount_due,
            "total": self.amount_total,
            "deposit": self.amount_deposit,
            "held": held._salon_holder() if held else False,
        }

    @api.model
    def get_till_visit(self, visit_id, config_id, take_over=False, use_passes=False):
        """Return what an order of the till needs to take money for a visit.

        :param int visit_id: the visit
        :param int config_id: the till
        :param bool take_over: from another order that has the visit open
        :param bool use_passes: let the services go by the passes that are proposed for them, which spends these at once
        :return: dict with ``lines`` still to be paid, ``passes``: sentences about services that could go by a pass,
            ``deposit`` to be used, ``open``: what is on bills and not paid, ``held``: who has the visit open elsewhere
        :raise UserError: the visit is no visit of this till, or is not booked
        """
        config = self._check_till(config_id)
        visit = self.browse(visit_id).exists()
        if not visit or visit.company_id != config.company_id:
            raise UserError(self.env._("This visit is gone or belongs to another salon."))
        if visit.state in ("draft", "requested"):
            raise UserError(self.env._("Book %(visit)s before taking money for it.", visit=visit.display_name))
        held = visit._till_held().get(visit)
        if held and take_over:
            held.write({"salon_visit_id": False})
            held.lines.write({"salon_line_id": False})
            visit._log("till", new=self.env._("Taken over"), reason=held._salon_holder()["text"])
            held = None
        passes = visit._propose_passes() if not held else {}
        if passes and use_passes:
            visit._apply_passes(passes)
            passes = {}
        lines = visit._live_lines().sorted(lambda line: (line.sequence, line.id))
        compare = visit.currency_id.compare_amounts
        unpaid = lines.filtered(
            lambda line: compare(line._to_bill(), 0) > 0 or (line.pass_amount and not line.pos_line_ids)
        )
        if visit.state in ("cancelled", "no_show"):
            unpaid = lines.browse()
        return {
            "id": visit.id,
            "label": visit._till_label(),
            "state": visit.state,
            "partner_id": visit.partner_id.id,
            "lines": [line._till_line() for line in unpaid],
            "passes": [
                self.env._(
                    "%(service)s by %(pass)s", service=line.product_id.display_name, **{"pass": row.display_name}
                )
                for line, row in passes.items()
            ],
            "masters": visit._till_masters(),
            "deposit": visit.amount_deposit,
            "due": visit.amount_due,
            "open": visit.sudo()._open_amount(),
            "held": held._salon_holder() if held else False,
        }

    @api.model
    def set_till_master(self, line_id, employee_id, config_id):
        """Give a service that is being paid for to the master who did it, in the visit itself.

        :param int line_id: the service of the visit
        :param int employee_id: who did it
        :param int config_id: the till
        :return: dict with ``line`` as the till has to show it now, and ``masters`` of the visit
        :raise UserError: the visit refuses it: the master is busy at that time, or the service is on a bill
        """
        config = self._check_till(config_id)
        line = self.env["salon.visit.line"].browse(line_id).exists()
        if not line or line.visit_id.company_id != config.company_id:
            raise UserError(self.env._("This visit is gone or belongs to another salon."))
        if line.visit_id.state in ("booked", "confirmed"):
            # It was done: that the roster or the skills speak against it is noted and keeps nobody from paying.
            line.visit_id.override_reason = self.env._("Master chosen at the till")
        line.employee_id = employee_id
        return {"line": line._till_line(), "masters": line.visit_id._till_masters()}

    def _till_label(self):
        self.ensure_one()
        return ", ".join(
            filter(None, [self.name, self.start and self.company_id._salon_format(self.start, "d MMM HH:mm")])
        )

    def _till_masters(self):
        """Return the masters of the visit with what tips are shared by: price and time of their services."""
        self.ensure_one()
        lines = self._live_lines().filtered("employee_id")
        return [
            {
                "id": master.id,
                "name": master.sudo().name,
                "value": sum(own.mapped("price_total")),
                "time": sum(round(line.duration * 60) for line in own if line.kind == "service"),
            }
            for master, own in lines.sorted("sequence").grouped("employee_id").items()
        ]

    def _till_close(self):
        """Close a visit that is paid at the till, if its day has come and nothing is left to charge or to use."""
        for visit in self:
            if (
                visit.state in ("booked", "confirmed", "arrived")
                and visit.date
                and visit.date <= visit.company_id._salon_today()
                and all(visit.currency_id.compare_amounts(line._to_bill(), 0) <= 0 for line in visit._live_lines())
            ):
                visit.action_done()

    def action_receipts(self):
        """Open the till's receipts of this visit."""
        self.ensure_one()
        self._check_desk()
        action = self.env["ir.actions.act_window"]._for_xml_id("point_of_sale.action_pos_pos_form")
        return {**action, "domain": [("salon_visit_id", "in", self.ids)], "context": {"create": False}}
