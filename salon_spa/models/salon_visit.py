from collections import defaultdict
from datetime import datetime, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_list

from ..tools import timeline
from .salon_visit_line import _DEFERRED, CLOSED

DISCOUNT = ("discount", "discount_amount", "discount_reason_id", "discount_campaign_id")
# Passed in the context by _set_state only; an object, so that no remote caller can forge it.
_BY_METHOD = object()

# Which states a visit may be in for a method to bring it to the state of the key.
_FROM = {
    "requested": {"draft"},
    "booked": {"draft", "requested", "confirmed", "arrived", "cancelled", "no_show"},
    "confirmed": {"booked", "arrived"},
    "arrived": {"booked", "confirmed", "done"},
    "done": {"booked", "confirmed", "arrived"},
    "cancelled": {"draft", "requested", "booked", "confirmed", "arrived"},
    "no_show": {"booked", "confirmed"},
}


class SalonVisit(models.Model):
    """One coming of a client, or of a group: its services, its state, its money.

    Made by code or RPC a visit needs no more than ``partner_id`` and ``line_ids`` with ``product_id``,
    ``employee_id`` and ``start`` (naive UTC). ``create`` gives a draft, which takes no time; ``action_book`` takes it.
    """

    _name = "salon.visit"
    _description = "Visit"
    _inherit = ["mail.thread", "mail.activity.mixin", "utm.mixin", "salon.guard.mixin", "salon.export.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", default="/", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        ondelete="restrict",
        index=True,
        domain="[('is_client_card', '=', True)]",
        help="Who comes and pays; guests stand in the lines.",
    )
    is_anonymous = fields.Boolean("Walk-in without Card", help="Counted in visits and revenue, apart from clients.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("booked", "Booked"),
            ("confirmed", "Confirmed"),
            ("arrived", "Arrived"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("no_show", "No-show"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        group_expand="_group_expand_state",
    )
    line_ids = fields.One2many("salon.visit.line", "visit_id", string="Services", copy=True)
    employee_ids = fields.Many2many(
        "hr.employee", string="Masters", compute="_compute_employee_ids", store=True, help="Masters of the services."
    )
    start = fields.Datetime(
        compute="_compute_start", inverse="_inverse_start", store=True, readonly=False, index=True
    )
    stop = fields.Datetime("End", compute="_compute_stop", store=True)
    date = fields.Date("Day", compute="_compute_date", store=True, help="The salon's local day.")
    booking_source = fields.Selection(
        [("desk", "Front desk"), ("phone", "Phone"), ("walk_in", "Walk-in"), ("online", "Online")],
        required=True,
        default="desk",
        help="How the visit was booked.",
    )
    amount_list = fields.Monetary("List Amount", compute="_compute_amounts", store=True)
    amount_discount = fields.Monetary("Discounts", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(
        "Total", compute="_compute_amounts", store=True, help="What the services cost the client, with tax."
    )
    note = fields.Text("Notes")

    with_guests = fields.Boolean(help="Somebody comes along: each service says for whom it is.")

    # What the screens show; none of it is stored.
    is_today = fields.Boolean(
        "Today", compute="_compute_is_today", search="_search_is_today", help="By the salon's day."
    )
    is_editable = fields.Boolean(compute="_compute_is_editable", help="The reader may change what was agreed.")
    time_text = fields.Char("Time", compute="_compute_time_text", help="In the salon's time zone.")
    service_text = fields.Char("Service Names", compute="_compute_service_text")
    is_first_visit = fields.Boolean(
        "First Visit", compute="_compute_client_marks", help="The client has no done visit yet."
    )
    is_birthday = fields.Boolean(
        "Birthday", compute="_compute_client_marks", help="The client's birthday is that day."
    )
    has_contraindications = fields.Boolean(
        compute="_compute_has_contraindications",
        groups="salon_spa.group_salon_medical",
        help="A client of this visit has contraindications.",
    )
    last_time_text = fields.Text(
        "Last Time", compute="_compute_last_time_text", help="What the client had on the last day served, and how."
    )
    preference_ids = fields.Many2many(related="partner_id.preference_ids", string="Client's Preferences")
    preference_note = fields.Text(related="partner_id.preference_note", string="Client's Wishes")
    phone_display = fields.Char(related="partner_id.phone_display")
    warning_text = fields.Text("Attention", compute="_compute_warning_text")
    override_reason = fields.Char(
        "Reason to Book Anyway",
        copy=False,
        help="Covers the warnings of the moment and moves into the history; a new one asks for a reason of its own.",
    )
    overridden = fields.Json(readonly=True, copy=False, help="Marks of the warnings that a reason was given for.")
    needs_override = fields.Boolean(compute="_compute_warning_text", help="A warning has no reason given for it yet.")

    cancel_reason_id = fields.Many2one(
        "salon.reason",
        string="Reason",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Why the visit was cancelled or missed.",
    )
    cancel_note = fields.Char("Reason in Words", readonly=True, copy=False)
    cancelled_at = fields.Datetime(readonly=True, copy=False)
    is_late_cancel = fields.Boolean(
        "Late Cancellation",
        readonly=True,
        copy=False,
        help="Cancelled by the client less than the number of hours ahead that the settings call late.",
    )
    booked_at = fields.Datetime(readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    arrived_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    cadence_id = fields.Many2one(
        "salon.cadence",
        string="Due Service",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The line of the due list that this visit was booked from.",
    )
    log_ids = fields.One2many(
        "salon.visit.log", "visit_id", string="History", groups="salon_spa.group_salon_administrator"
    )

    _client_or_walk_in = models.Constraint(
        "CHECK(partner_id IS NOT NULL OR COALESCE(is_anonymous, FALSE))",
        "Choose the client, or mark the visit as a walk-in without card.",
    )
    _day_state = models.Index("(company_id, date, state)")

    # ------------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------------

    @api.model
    def _live_states(self):
        """Return the states in which a visit holds its masters' time."""
        return (*self._planned_states(), "done")

    @api.model
    def _planned_states(self):
        """Return the states of visits that are still to come or to be closed, as a list for SQL's ANY."""
        return ["requested", "booked", "confirmed", "arrived"]

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns of a working day even when they are empty, the closing ones only when used."""
        always = ("booked", "confirmed", "arrived", "done")
        return [key for key, _label in self._fields["state"].selection if key in always or key in states]

    @api.depends("line_ids.employee_id", "line_ids.cancelled")
    def _compute_employee_ids(self):
        for visit in self:
            visit.employee_ids = visit._live_lines().employee_id

    @api.depends("line_ids.start", "line_ids.cancelled")
    def _compute_start(self):
        for visit in self:
            lines = visit._live_lines() or visit.line_ids
            visit.start = min((line.start for line in lines if line.start), default=visit.start)

    @api.depends("start", "line_ids.stop", "line_ids.cancelled")
    def _compute_stop(self):
        for visit in self:
            lines = visit._live_lines() or visit.line_ids
            visit.stop = max((line.stop for line in lines if line.stop), default=visit.start)

    def _inverse_start(self):
        """Move the whole visit: every line keeps its distance."""
        for visit in self:
            starts = [line.start for line in visit._live_lines() if line.start]
            if not visit.start or not starts or min(starts) == visit.start:
                continue
            shift = visit.start - min(starts)
            self.env["salon.visit.line"]._change(
                {line: {"start": line.start + shift} for line in visit._live_lines() if line.start}
            )

    @api.depends("start", "company_id.salon_tz")
    def _compute_date(self):
        for visit in self:
            visit.date = visit.start and visit.company_id._salon_local(visit.start).date()

    @api.depends("date")
    def _compute_is_today(self):
        today = {company: company._salon_today() for company in self.company_id}
        for visit in self:
            visit.is_today = bool(visit.date) and visit.date == today.get(visit.company_id)

    def _search_is_today(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", company.id) & Domain("date", "=", company._salon_today())
            for company in self.env.companies
        )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        desk = self.env.user.has_group("salon_spa.group_salon_administrator")
        for visit in self:
            visit.is_editable = desk and visit.state not in CLOSED

    @api.depends("start", "stop", "company_id.salon_tz")
    def _compute_time_text(self):
        for visit in self:
            moments = [visit.start, visit.stop] if visit.stop and visit.stop != visit.start else [visit.start]
            visit.time_text = "–".join(
                visit.company_id._salon_format(moment, "HH:mm") for moment in moments if moment
            )

    @api.depends("line_ids.product_id", "line_ids.cancelled")
    def _compute_service_text(self):
        for visit in self:
            lines = (visit._live_lines() or visit.line_ids).filtered("product_id")
            lines = lines.sorted(lambda line: (line.start or datetime.max, line.sequence))
            visit.service_text = ", ".join(lines.mapped("product_id.display_name"))

    @api.depends("partner_id", "date", "state")
    def _compute_client_marks(self):
        for visit in self:
            client = visit.partner_id.sudo()
            visit.is_first_visit = client.client_state == "prospect" and visit.state != "done"
            visit.is_birthday = bool(
                visit.date and client.birth_day == visit.date.day and int(client.birth_month) == visit.date.month
            )

    @api.depends("line_ids.client_id")
    def _compute_has_contraindications(self):
        for visit in self:
            visit.has_contraindications = bool((visit.partner_id | visit.line_ids.client_id).contraindication_ids)

    @api.depends("partner_id")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_last_time_text(self):
        for visit in self:
            visit.last_time_text = visit._last_time_text()

    def _last_time_text(self):
        # By sudo: what the client had belongs to the salon, also when a colleague of the reader did it.
        lines = self.env["salon.visit.line"].sudo()
        domain = Domain("client_id", "=", self.partner_id._origin.id) & Domain("state", "=", "done")
        domain &= Domain("company_id", "in", self.env.companies.ids)
        domain &= Domain("visit_id", "not in", self._origin.ids) & Domain("kind", "=", "service")
        last = self.partner_id and lines.search(domain, order="start desc", limit=1)
        if not last:
            return False
        texts = []
        for line in lines.search(domain & Domain("visit_id", "=", last.visit_id.id), order="start"):
            texts.append(
                self.env._(
                    "%(date)s: %(service)s, %(master)s, %(amount)s",
                    date=line.company_id._salon_format(line.start, "d MMM yyyy"),
                    service=line.product_id.display_name,
                    master=line.employee_id.name or "",
                    amount=line.currency_id.format(line.price_total),
                )
            )
            texts += [text for text in (line.formula, line.note) if text]
        return "\n".join(texts)

    @api.depends("line_ids.amount_list", "line_ids.discount_amount", "line_ids.price_total", "line_ids.cancelled")
    def _compute_amounts(self):
        for visit in self:
            lines = visit._live_lines()
            visit.amount_list = sum(lines.mapped("amount_list"))
            visit.amount_discount = sum(lines.mapped("discount_amount"))
            visit.amount_total = sum(lines.mapped("price_total"))

    @api.depends("name", "partner_id", "start", "is_anonymous")
    def _compute_display_name(self):
        for visit in self:
            who = visit.partner_id.name or (self.env._("Walk-in") if visit.is_anonymous else "")
            when = visit.company_id._salon_format(visit.start, "d MMM HH:mm") if visit.start else ""
            visit.display_name = ", ".join(filter(None, [who, when])) if visit._origin else False

    @api.depends(
        "partner_id",
        "state",
        "line_ids.start",
        "line_ids.stop",
        "line_ids.employee_id",
        "line_ids.product_id",
        "line_ids.client_id",
        "line_ids.cancelled",
    )
    @api.depends_context("uid", "lang")
    def _compute_warning_text(self):
        grouped = defaultdict(list)
        pending = self.filtered(lambda visit: visit.state in ("draft", "requested", "booked", "confirmed"))
        for warning in pending._get_warnings():
            grouped[warning["line"].visit_id].append(warning)
        for visit in self:
            visit.warning_text = "\n".join(warning["message"] for warning in grouped[visit]) or False
            visit.needs_override = bool(visit._not_overridden(grouped[visit]))

    @api.onchange("line_ids", "start", "partner_id", "with_guests")
    def _onchange_lines(self):
        for line in self.line_ids:
            if not self.with_guests or not line.client_id or line.client_id == self._origin.partner_id:
                line.client_id = self.partner_id
        self._rechain(in_form=True)

    @api.onchange("start")
    def _onchange_start(self):
        # What _inverse_start does on saving, shown at once.
        lines = self._live_lines().filtered("start")
        if self.start and lines:
            shift = self.start - min(lines.mapped("start"))
            for line in lines:
                line.start += shift

    @api.onchange("is_anonymous")
    def _onchange_is_anonymous(self):
        if self.is_anonymous:
            self.partner_id = False
            self.booking_source = "walk_in"

    def _live_lines(self):
        return self.line_ids.filtered(lambda line: not line.cancelled)

    # ------------------------------------------------------------------
    # Life of the record
    # ------------------------------------------------------------------

    def onchange(self, values, field_names, fields_spec):
        return super(SalonVisit, self.with_context(salon_form=True)).onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """A form starts at the next quarter of an hour; code that creates visits gives the times itself."""
        defaults = super().default_get(fields)
        if self.env.context.get("salon_form") and "start" in fields and not defaults.get("start"):
            now = datetime.now().replace(microsecond=0)
            defaults["start"] = now + (datetime.min - now) % timedelta(minutes=15)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A visit starts as a draft; book it with its button."))
            if not self.env.su or vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("salon.visit") or "/"
        # The visit has a history of its own, and who makes fifty visits a day does not want to follow them all.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        visits = super(SalonVisit, quiet).create(vals_list).with_env(self.env)
        visits.partner_id._make_client_cards()
        visits._rechain()
        for visit in visits:
            visit._log("created", new=visit.partner_id.name or self.env._("Walk-in"))
        if self.env.context.get("salon_book"):
            # The form's “Book”: what is refused is not kept.
            visits.with_context(salon_book=False).action_book()
        return visits

    def _salon_keeps(self):
        return super()._salon_keeps() or self.env.context.get("salon_by_method") is _BY_METHOD

    @api.model
    def _salon_kept_from_create(self):
        return {*super()._salon_kept_from_create(), "name", "company_id"}

    def write(self, vals):
        if "state" in vals and self.env.context.get("salon_by_method") is not _BY_METHOD:
            raise UserError(
                self.env._("The state of a visit changes by its buttons only: book, confirm, arrived, done, cancel.")
            )
        self._check_may_write(vals)
        before = {visit: visit.partner_id for visit in self} if "partner_id" in vals else {}
        if "line_ids" in vals:
            # The services of one form are one change: only what they come to together may be refused.
            result = super(SalonVisit, self.with_context(salon_deferred=_DEFERRED)).write(vals)
        else:
            result = super().write(vals)
        if before:
            self.partner_id._make_client_cards()
        for visit, client in before.items():
            if visit.partner_id != client:
                own = visit.line_ids.filtered(lambda line, client=client: line.client_id in (client, client.browse()))
                if visit.state != "draft":
                    visit._log("client", old=client.name, new=visit.partner_id.name)
                own.write({"client_id": visit.partner_id.id})
                (client | visit.partner_id)._refresh_client_stats()
                self.env["salon.cadence"]._rebuild((client | visit.partner_id).ids)
        if "line_ids" in vals:
            self._lines_changed()
        return result

    def _check_may_write(self, vals):
        """Masters bring their visits forward by the buttons; the rest is the desk's."""
        by_method = self.env.context.get("salon_by_method") is _BY_METHOD
        if not by_method and set(vals) - {"line_ids", "note"}:
            self._check_desk()
        closed = self.filtered(lambda visit: visit.state in CLOSED)
        if closed and not by_method and {"partner_id", "is_anonymous", "start"} & set(vals):
            raise UserError(self.env._("%(visit)s is closed: reopen it first.", visit=closed[0].display_name))

    def _check_desk(self):
        """Masters note that a client is here and that the visit is done; every other step is the desk's."""
        if not (self.env.su or self.env.user.has_group("salon_spa.group_salon_administrator")):
            raise AccessError(self.env._("Ask the front desk to change this visit."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_without_trace(self):
        """The desk deletes what never took anybody's time; what was cancelled is the manager's."""
        all_closed = self.env.su or self.env.user.has_group("salon_spa.group_salon_manager")
        for visit in self:
            if not all_closed and visit.state != "draft":
                raise AccessError(
                    self.env._("%(visit)s is not a draft: cancel it, or ask a manager.", visit=visit.display_name)
                )
            if visit.state not in ("draft", "cancelled"):
                raise UserError(self.env._("Cancel %(visit)s before deleting it.", visit=visit.display_name))

    def unlink(self):
        clients = self.partner_id | self.line_ids.client_id
        traces = [
            {
                **visit._prepare_log("deleted", old="; ".join(line._describe() for line in visit.line_ids)),
                "visit_id": False,
            }
            for visit in self
        ]
        # The lines go by the database's cascade, past their own guards, as the visit itself was checked.
        result = super().unlink()
        self.env["salon.visit.log"].sudo().create(traces)
        clients._refresh_client_stats()
        self.env["salon.cadence"]._rebuild(clients.ids)
        return result

    def action_discard(self):
        """Delete these drafts, from a form, which closes.

        :raise UserError: one of them is no draft any more
        """
        self._check_desk()
        for visit in self:
            if visit.state != "draft":
                raise UserError(self.env._("%(visit)s was booked: cancel it instead.", visit=visit.display_name))
        self.unlink()
        return {"type": "ir.actions.act_window_close", "infos": {"noReload": True}}

    @api.autovacuum
    def _gc_empty_drafts(self):
        """Delete drafts of the past that nobody has touched for a day and that say nothing: no service, no note, no
        message, no task."""
        now = fields.Datetime.now()
        domain = Domain("state", "=", "draft") & Domain("write_date", "<", now - timedelta(days=1))
        domain &= Domain("start", "=", False) | Domain("start", "<", now)
        for name in ("line_ids", "note", "message_ids", "activity_ids"):
            domain &= Domain(name, "=", False)
        self.search(domain).unlink()

    def _prepare_log(self, event, old=None, new=None, reason=None):
        """Return the values of an entry in the history of this visit."""
        self.ensure_one()
        return {
            "visit_id": self.id,
            "visit_name": self.name,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "event": event,
            "old": old,
            "new": new,
            "reason": reason,
        }

    def _log(self, event, old=None, new=None, reason=None):
        """Add an entry to the history of each visit of ``self``."""
        self.env["salon.visit.log"].sudo().create([visit._prepare_log(event, old, new, reason) for visit in self])

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def _rechain(self, in_form=False):
        """Let each chained line start when those before it of the same client end, and with what runs at once.

        :param in_form: set the values on the records of a form that is being edited, without saving
        """
        for visit in self:
            if visit.state in CLOSED:
                continue
            lines = visit._live_lines().filtered(lambda line: line.kind == "service")
            lines = lines.sorted(lambda line: (line.sequence, line._origin.id or line.id.origin or 1 << 40))
            for own in lines.grouped("client_id").values():
                before = own.browse()
                for together in self._at_once(own):
                    start = together[0].start
                    ended = before.filtered("stop")
                    if not before and not start:
                        start = visit.start
                    elif ended and (together[0].is_chained or not start):
                        start = max(
                            timeline.next_start(
                                last.stop, last.cleanup_minutes, line.prep_minutes, last.employee_id == line.employee_id
                            )
                            for last in ended
                            for line in together
                        )
                    for line in together:
                        if start and start != line.start:
                            line._rechain_to(start, in_form)
                    before = together

    @api.model
    def _at_once(self, lines):
        """Return the services of one client in groups that start at once, in order."""
        groups = []
        for line in lines:
            if groups and line.is_parallel:
                groups[-1] |= line
            else:
                groups.append(line)
        return groups

    def _lines_changed(self):
        """Bring in line with the services what follows from them."""
        for visit in self:
            if not visit.with_guests and visit.line_ids.client_id - visit.partner_id:
                visit.with_guests = True
        self._rechain()
        self._time_changed()

    def _time_changed(self):
        """Take the time that the lines of live visits say now, and tell the clients' figures."""
        live = self.filtered(lambda visit: visit.state in self._live_states())
        if live:
            live._check_bookable()
            live._check_warnings()
            live.line_ids._sync_allocations()
            (live.partner_id | live.line_ids.client_id)._refresh_plans()
            live._take_back_moves()

    def _refresh_clients(self):
        """Bring the clients' figures and their due services in line with the visits."""
        clients = self.partner_id | self.line_ids.client_id
        clients.sudo()._refresh_client_stats()
        self.env["salon.cadence"].sudo()._rebuild(clients.ids)

    # ------------------------------------------------------------------
    # Visits under a leave
    # ------------------------------------------------------------------

    @api.model
    def _leaves_changed(self, employees, start, stop):
        """Give the desk a task for each visit ahead that a leave of its master takes, and take back those settled.

        :param start: naive UTC, like ``stop``: where leaves of ``employees`` were made, changed or removed
        """
        visits = self.sudo()
        lines = self.env["salon.shift"].sudo()._get_lines_on_leave(employees.sudo(), start, stop)
        asked = visits.browse(lines.visit_id._move_activities().mapped("res_id"))
        lines = lines.filtered(lambda line: line.visit_id not in asked)
        for visit, own_lines in lines.grouped("visit_id").items():
            visit._ask_to_move(own_lines.employee_id)
        if self.env.user.has_group("salon_spa.group_salon_administrator"):
            self.env["salon.shift"]._tell_outside(lines.ids)
        visits.browse(self._search_moves(Domain.TRUE).mapped("res_id"))._take_back_moves()

    @api.model
    def _search_moves(self, domain):
        """Return the tasks to move visits, done ones too: what the desk has settled is not asked again."""
        kind = self.env.ref("salon_spa.activity_type_move", raise_if_not_found=False)
        domain &= Domain("res_model", "=", self._name) & Domain("activity_type_id", "in", kind.ids if kind else [])
        return self.env["mail.activity"].sudo().with_context(active_test=False).search(domain)

    def _move_activities(self):
        return self._search_moves(Domain("res_id", "in", self.ids))

    def _ask_to_move(self, masters):
        """Give who is at the desk the task to find another time or master for this visit."""
        self.ensure_one()
        user = self._desk_user()
        visit = self.with_context(lang=user.lang, mail_activity_quick_update=True)
        visit.activity_schedule(
            "salon_spa.activity_type_move",
            date_deadline=self.company_id._salon_today(),
            summary=visit.env._(
                "On leave: %(masters)s. Find another time or master", masters=", ".join(masters.mapped("name"))
            ),
            user_id=user.id,
        )

    def _desk_user(self):
        """Return who calls the client, see ``_salon_desk_user`` of the company."""
        self.ensure_one()
        return self.company_id._salon_desk_user(self.create_uid)

    def _take_back_moves(self):
        """Remove the tasks to move those of these visits that no leave takes any more."""
        activities = self._move_activities()
        if not activities:
            return
        lines = self.sudo().browse(activities.mapped("res_id")).line_ids.filtered("start")
        on_leave = lines.browse()
        if lines:
            on_leave = self.env["salon.shift"].sudo()._get_lines_on_leave(
                lines.employee_id, min(lines.mapped("start")), max(lines.mapped("stop"))
            )
        activities.filtered(lambda activity: activity.res_id not in on_leave.visit_id.ids).unlink()

    # ------------------------------------------------------------------
    # Warnings that the desk can override
    # ------------------------------------------------------------------

    def _get_warnings(self):
        """Return what speaks against these visits as they stand, with as many queries for a hundred as for one.

        :return: list of ``{"code", "line", "mark", "message", "blocking", "trace"}``; blocking ones can't be overridden
        """
        lines = self.line_ids.filtered(lambda line: line.kind == "service" and line.product_id and not line.cancelled)
        return [
            *self._get_shift_warnings(lines),
            *self._get_skill_warnings(lines),
            *self._get_client_warnings(lines),
            *self._get_overlap_warnings(lines),
        ]

    @api.model
    def _warning(self, code, line, message, blocking=False, trace=None, about=()):
        """:param trace: what the history keeps in place of a message that not everybody who reads it may see
        :param about: ids of what the warning is about beside the terms of the line
        """
        # What the warning is about, whatever the language: another time or another master is another warning.
        master, service, client = (line[name]._origin.id for name in ("employee_id", "product_id", "client_id"))
        span = [fields.Datetime.to_string(line.start), fields.Datetime.to_string(line.stop)]
        terms = {
            "shift": [master, *span],
            "skill": [master, service],
            "overlap": [client, *span],
        }.get(code, [client, service])
        return {
            "code": code,
            "line": line,
            "mark": ":".join(map(str, [code, *terms, *about])),
            "message": message,
            "blocking": blocking,
            "trace": trace or message,
        }

    def _not_overridden(self, warnings):
        """Return those of the ``warnings`` about this visit that no reason was given for."""
        self.ensure_one()
        return [warning for warning in warnings if warning["mark"] not in (self.overridden or ())]

    @api.model
    def _get_shift_warnings(self, lines):
        spans = {line: line._master_spans() for line in lines if line.employee_id and line.start}
        moments = [moment for line_spans in spans.values() for span in line_spans for moment in span]
        if not moments:
            return []
        employees = lines.employee_id._origin
        work = self.env["salon.shift"]._get_working_spans(employees, min(moments), max(moments))
        return [
            self._warning(
                "shift",
                line,
                self.env._(
                    "%(master)s does not work on %(when)s.",
                    master=line.employee_id.name,
                    when=line.company_id._salon_format(line.start, "EEEE, d MMMM, HH:mm"),
                ),
            )
            for line, line_spans in spans.items()
            if not all(timeline.inside(span, work[line.employee_id._origin.id]) for span in line_spans)
        ]

    @api.model
    def _get_skill_warnings(self, lines):
        skills = self.env["salon.skill"].sudo()._read_group(
            [
                ("employee_id", "in", lines.employee_id._origin.ids),
                ("product_id", "in", lines.product_id._origin.ids),
            ],
            ["employee_id", "product_id"],
        )
        known = {(employee.id, product.id) for employee, product in skills}
        return [
            self._warning(
                "skill",
                line,
                self.env._(
                    "%(master)s does not do %(service)s.",
                    master=line.employee_id.name,
                    service=line.product_id.display_name,
                ),
            )
            for line in lines
            if line.employee_id and (line.employee_id._origin.id, line.product_id._origin.id) not in known
        ]

    @api.model
    def _get_client_warnings(self, lines):
        """Contraindications, sex and age; what the illness is stays with those who may read medical notes."""
        warnings = []
        may_read = self.env.user.has_group("salon_spa.group_salon_medical")
        for line in lines.filtered("client_id"):
            client, service = line.client_id.sudo(), line.product_id.product_tmpl_id
            found = service.contraindication_ids and client.contraindication_ids & service.contraindication_ids
            if found:
                message, trace = (
                    self.env._(
                        "%(service)s is contraindicated for %(client)s: %(names)s.",
                        service=service.name,
                        client=client.name,
                        names=names,
                    )
                    for names in (format_list(self.env, found.mapped("name")), self.env._("see the medical notes"))
                )
                blocking = "block" in found.mapped("severity")
                message = message if may_read else trace
                warnings.append(self._warning("contraindication", line, message, blocking, trace, sorted(found.ids)))
            if line._is_unsuited(client):
                message = self.env._(
                    "%(service)s is not meant for %(client)s by sex or age.", service=service.name, client=client.name
                )
                warnings.append(self._warning("client", line, message))
        return warnings

    @api.model
    def _get_overlap_warnings(self, lines):
        """The same client at two places at once, in this visit or in another."""
        timed = lines.filtered(lambda line: line.client_id and line.start and line.stop)
        if not timed:
            return []
        others = self.env["salon.visit.line"].sudo().search(
            [
                ("client_id", "in", timed.client_id._origin.ids),
                ("state", "in", self._live_states()),
                ("kind", "=", "service"),
                ("id", "not in", timed._origin.ids),
                ("start", "<", max(timed.mapped("stop"))),
                ("stop", ">", min(timed.mapped("start"))),
            ],
            order="start, id",
        )
        # A line being edited in a form counts as the form shows it, not as it is stored.
        by_client = (timed | others).grouped(lambda line: line.client_id._origin)
        warnings = []
        for line in timed:
            rival = next(
                (
                    other
                    for other in by_client[line.client_id._origin]
                    if other != line
                    and other.start < line.stop
                    and line.start < other.stop
                    and not (other.visit_id == line.visit_id and (other.is_parallel or line.is_parallel))
                ),
                None,
            )
            if rival:
                message = self.env._(
                    "%(client)s has another service at %(when)s.",
                    client=line.client_id.name,
                    when=line.company_id._salon_format(rival.start, "HH:mm"),
                )
                warnings.append(self._warning("overlap", line, message))
        return warnings

    def _check_warnings(self):
        """Stop at warnings, unless they may be overridden and the reason is given, which is kept in the history.

        :raise UserError: with every warning as a sentence of its own
        """
        visits = self.filtered(lambda visit: visit.state not in ("done", "arrived"))
        grouped = defaultdict(list)
        for warning in visits._get_warnings():
            grouped[warning["line"].visit_id].append(warning)
        for visit in visits:
            warnings = grouped[visit]
            texts = [warning["message"] for warning in warnings if warning["blocking"]]
            if texts:
                raise UserError("\n".join(texts))
            fresh = visit._not_overridden(warnings)
            if fresh and not visit.override_reason:
                texts = [text for warning in fresh for text in self._warning_texts(warning)]
                texts.append(self.env._("To book anyway, write the reason into “Reason to Book Anyway” and repeat."))
                raise UserError("\n".join(texts))
            if fresh:
                visit._log(
                    "override", new=" ".join(warning["trace"] for warning in fresh), reason=visit.override_reason
                )
            # A reason that nothing was in need of, or that nothing is any more, covers no later warning.
            marks = [warning["mark"] for warning in warnings]
            if visit.override_reason or marks != (visit.overridden or []):
                visit.sudo().write({"overridden": marks or False, "override_reason": False})

    @api.model
    def _warning_texts(self, warning):
        """Return the sentences that a refusal says of a warning: what is wrong, and who could do it instead."""
        line = warning["line"]
        masters = line._free_instead(line.employee_id)[1] if warning["code"] == "shift" else line.employee_id.browse()
        return [warning["message"], *filter(None, [line._free_masters_text(masters)])]

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------

    def _set_state(self, state, **values):
        self.with_context(salon_by_method=_BY_METHOD).write({"state": state, **values})

    def _starting(self, state):
        """Return the visits that are not yet in ``state`` and may go there.

        :raise UserError: one of them can't; the message says why
        """
        pending = self.filtered(lambda visit: visit.state != state)
        labels = dict(self._fields["state"]._description_selection(self.env))
        for visit in pending:
            if visit.state not in _FROM[state]:
                names = {"visit": visit.display_name, "current": labels[visit.state], "wanted": labels[state]}
                if visit.state in CLOSED:
                    raise UserError(
                        self.env._(
                            "%(visit)s is “%(current)s” and can't become “%(wanted)s” before it is reopened.", **names
                        )
                    )
                raise UserError(self.env._("%(visit)s is “%(current)s” and can't become “%(wanted)s”.", **names))
        return pending

    def _check_bookable(self):
        for visit in self:
            services = visit._live_lines().filtered(lambda line: line.kind == "service")
            if not services:
                raise UserError(self.env._("Add a service to %(visit)s first.", visit=visit.display_name))
            for line in services:
                if not line.employee_id:
                    raise UserError(
                        self.env._("Choose the master for %(service)s.", service=line.product_id.display_name)
                    )
                if not line.start:
                    raise UserError(self.env._("Choose the time of %(service)s.", service=line.product_id.display_name))
                if not line._master_spans():
                    raise UserError(self.env._("Give %(service)s a duration.", service=line.product_id.display_name))

    def action_request(self):
        """Hold the time of a visit that the salon has to agree to.

        :raise UserError: a service has no master or time, a warning is not overridden, a master is taken
        """
        self._check_desk()
        self._take_time("requested", {})

    def action_book(self):
        """Take the masters' time; from confirmed or arrived: take the step back.

        :raise UserError: a service has no master or time, a warning is not overridden, a master is taken
        """
        self._check_desk()
        self._take_time("booked", {"booked_at": fields.Datetime.now()})

    def _take_time(self, state, values):
        visits = self._starting(state)
        if not visits:
            return
        visits._check_bookable()
        visits._check_warnings()
        back = visits.filtered(lambda visit: visit.state in ("confirmed", "arrived"))
        back._set_state(state, confirmed_at=False, arrived_at=False)
        taking = visits - back
        known = taking.filtered(lambda visit: visit.state != "draft")
        reopened = taking.filtered(lambda visit: visit.state in ("cancelled", "no_show"))
        taking._set_state(
            state, cancel_reason_id=False, cancel_note=False, cancelled_at=False, is_late_cancel=False, **values
        )
        taking.line_ids._sync_allocations()
        (visits - reopened)._log(state)
        reopened._log("reopened")
        reopened._refresh_clients()
        # What was agreed while it was a draft has left no trace yet.
        (taking - known)._live_lines()._log_terms()
        taking._on_booked()

    def action_confirm(self):
        """Note that the client has confirmed."""
        self._check_desk()
        visits = self._starting("confirmed")
        visits._set_state("confirmed", confirmed_at=fields.Datetime.now(), arrived_at=False)
        visits._log("confirmed")

    def action_arrive(self):
        """Note that the client is here."""
        visits = self._starting("arrived")
        done = visits.filtered(lambda visit: visit.state == "done")
        if done:
            raise UserError(self.env._("%(visit)s is done: reopen it first.", visit=done[0].display_name))
        visits._set_state("arrived", arrived_at=fields.Datetime.now())
        visits._log("arrived")

    def action_done(self):
        """Close the visit as served.

        :raise UserError: it lies in the future, or has no service left
        """
        visits = self._starting("done")
        now = fields.Datetime.now()
        for visit in visits:
            if visit.date and visit.date > visit.company_id._salon_today(now):
                raise UserError(
                    self.env._(
                        "%(visit)s is planned for another day: move it to today before closing it.",
                        visit=visit.display_name,
                    )
                )
        visits._check_bookable()
        visits._check_deposit_used()
        for visit in visits:
            visit._set_state("done", done_at=now, arrived_at=visit.arrived_at or now)
        visits._log("done")
        visits._on_done()

    def action_reopen(self, reason=None):
        """Take back the closing of a visit: done becomes arrived, cancelled and missed become booked again."""
        self._check_desk()
        done = self.filtered(lambda visit: visit.state == "done")
        if done:
            done._set_state("arrived", done_at=False)
            done._log("reopened", reason=reason)
            done._on_reopened()
        rest = self - done
        if any(visit.state not in ("cancelled", "no_show") for visit in rest):
            raise UserError(self.env._("Only a visit that is done, cancelled or missed can be reopened."))
        rest.action_book()

    def action_cancel(self, reason=None, note=None):
        """Cancel the visits and free their time at once.

        :param reason: salon.reason or its id, one for cancellations; without one the dialog that asks for it opens
        :raise UserError: there is no such reason
        """
        self._check_desk()
        if not reason:
            return self._ask_reason()
        self._close_unserved("cancelled", self._given_reason(reason, ("client", "salon")), note)

    def action_no_show(self, reason=None, note=None):
        """Note that the client did not come and free the rest of the time.

        :param reason: salon.reason or its id, one for no-shows; the first of them when not given
        :raise UserError: there is no such reason
        """
        self._check_desk()
        if not reason:
            reason = self.env["salon.reason"].search([("kind", "=", "no_show")], limit=1)
        else:
            reason = self._given_reason(reason, ("no_show",))
        self._close_unserved("no_show", reason, note)

    @api.model
    def _given_reason(self, reason, kinds):
        """Return the reason in use that a caller gave, as a record or by its id, if it is one of ``kinds``.

        :raise UserError: with the reasons that there are
        """
        reasons = self.env["salon.reason"].search([("kind", "in", kinds)])
        given = reason.ids if isinstance(reason, models.BaseModel) and reason._name == reasons._name else [reason]
        if len(given) != 1 or type(given[0]) is not int or given[0] not in reasons.ids:
            raise UserError(
                self.env._(
                    "Choose one of these reasons: %(reasons)s.", reasons=format_list(self.env, reasons.mapped("name"))
                )
            )
        return reasons.browse(given)

    def _close_unserved(self, state, reason, note):
        visits = self._starting(state)
        visits.line_ids._check_not_billed()
        now = fields.Datetime.now()
        for visit in visits:
            limit = timedelta(hours=visit.company_id.salon_late_cancel_hours)
            visit._set_state(
                state,
                cancel_reason_id=reason.id,
                cancel_note=note,
                cancelled_at=now,
                is_late_cancel=bool(
                    state == "cancelled"
                    and reason.kind == "client"
                    and visit.state not in ("draft", "requested")
                    and visit.start
                    and visit.start - now < limit
                ),
            )
        visits.line_ids._sync_allocations()
        visits._log(state, reason=", ".join(filter(None, [reason.name, visits[:1].cancel_note])) or None)
        visits._on_cancelled()

    def _ask_reason(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Visit"),
            "res_model": "salon.visit.cancel",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_visit_ids": [Command.set(self.ids)]},
        }

    def action_repeat_visit(self):
        """Open a draft with the same services, masters and time of day, on the same weekday of the next weeks.

        Prices are those of the new day; discounts, notes and formulas stay with the old visit.
        """
        self.ensure_one()
        weeks = timedelta(weeks=1)
        while self.start and self.date + weeks <= self.company_id._salon_today():
            weeks += timedelta(weeks=1)
        return self._copy_moved_by(weeks)._open_form()

    def _copy_moved_by(self, delta):
        """Return a draft with the same services and masters, so much later by the salon's clock.

        Prices are those of the new day; discounts, notes and formulas stay with the old visit.
        """
        self.ensure_one()
        company = self.company_id
        values = self._prepare_repeated()
        for vals in values:
            if vals.get("start"):
                vals["start"] = company._salon_utc(company._salon_local(vals["start"]) + delta)
        start = self.start and company._salon_utc(company._salon_local(self.start) + delta)
        return self.copy({"start": start, "line_ids": [Command.create(vals) for vals in values]})

    def _prepare_repeated(self):
        """Return the values of this visit's lines for another one; prices are those of its day."""
        values = (self._live_lines() or self.line_ids).copy_data()
        for vals in values:
            for name in ("visit_id", "stop", "price_unit", "price_source", *DISCOUNT):
                vals.pop(name, None)
        return values

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit"),
            "res_model": "salon.visit",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_move_to_state(self, state):
        """Bring the visit to a column of the board that it was dropped on."""
        method = {
            "requested": "action_request",
            "booked": "action_book",
            "confirmed": "action_confirm",
            "arrived": "action_arrive",
            "done": "action_done",
            "cancelled": "action_cancel",
            "no_show": "action_no_show",
        }.get(state)
        if not method:
            raise UserError(self.env._("A booked visit can't become a draft again: cancel it instead."))
        if state == "arrived" and self.state == "done":
            return self.action_reopen()
        return getattr(self, method)()

    # ------------------------------------------------------------------
    # Hooks for the other addons, called once per change
    # ------------------------------------------------------------------

    def _on_booked(self):
        """Called when visits have taken their time. A second call must change nothing."""
        (self.partner_id | self.line_ids.client_id)._refresh_plans()
        self.env["salon.cadence.call"].sudo()._note_booked(self)

    def _on_done(self):
        """Called when visits were closed as served. A second call must change nothing."""
        self._refresh_clients()
        self._take_back_moves()

    def _on_reopened(self):
        """Called when done visits are open again. A second call must change nothing."""
        self._refresh_clients()

    def _on_cancelled(self):
        """Called when visits were cancelled or missed. A second call must change nothing."""
        self._refresh_clients()
        self._take_back_moves()
