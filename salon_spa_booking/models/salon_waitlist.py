import logging
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_list

from .salon_availability import Wish
from .salon_weekdays_mixin import WEEKDAYS

_logger = logging.getLogger(__name__)

# Times are offered by themselves between these hours of the salon's clock, and no more to who has left so many offers
# in a row unanswered.
AWAKE_FROM, AWAKE_TO, SILENT = 9, 21, 3

# So many who wait are looked for together at most, before what was found is offered.
BATCH = 100

# The calls that come and go with the offers; those that "Fill My Week" plans are others.
OFFER_CALL = "salon_spa_booking.activity_type_offer"

# Changes of these decide which time suits.
WISH = {"line_ids", "date_from", "date_to", "hour_from", "hour_to", "visit_id", *WEEKDAYS}


class SalonWaitlist(models.Model):
    """A client who waits for a time: which services, by whom, on which days and hours, until when.

    Whenever time becomes free (a visit cancelled, moved or shortened, a shift added, a block or a leave taken back) the
    clients who wait are looked through, the longest waiting first. By the settings the desk is shown what fits, or the
    time is held and offered by a link: to one after the other, or to several at once, of whom the first gets it.
    """

    _name = "salon.waitlist"
    _description = "Waitlist Entry"
    _inherit = ["mail.thread", "mail.activity.mixin", "salon.weekdays.mixin"]
    _order = "id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('is_client_card', '=', True)]",
    )
    phone_display = fields.Char(related="partner_id.phone_display")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    line_ids = fields.One2many("salon.waitlist.line", "waitlist_id", string="Services", copy=True)
    visit_id = fields.Many2one(
        "salon.visit",
        string="Instead of",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('partner_id', '=', partner_id), ('state', 'in', ('requested', 'booked', 'confirmed'))]",
        help="A visit that is booked already and is to be moved up; its time becomes free for the next in the list.",
    )
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._salon_today())
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self.env.company._salon_today() + timedelta(days=14)
    )
    hour_from = fields.Float("After", help="Begins not earlier.")
    hour_to = fields.Float("Before", default=24.0, help="Ends not later.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("offered", "Offered"),
            ("booked", "Booked"),
            ("lapsed", "Lapsed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Char()
    match_start = fields.Datetime("Fits", readonly=True, copy=False, help="The best time that is free now.")
    match_text = fields.Char("Free Now", compute="_compute_match_text")
    match_parts = fields.Json(readonly=True, copy=False)
    offer_ids = fields.One2many("salon.offer", "waitlist_id", string="Offers")
    offer_text = fields.Char("Offered", compute="_compute_offer", groups="salon_spa.group_salon_administrator")
    offer_url = fields.Char("Link", compute="_compute_offer", groups="salon_spa.group_salon_administrator")
    booked_visit_id = fields.Many2one("salon.visit", string="Booked", readonly=True, copy=False, ondelete="set null")

    _dates_in_order = models.Constraint("CHECK(date_to >= date_from)", "The last day lies before the first.")
    _hours_of_a_day = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)",
        "The hours go from an earlier to a later one, between 0:00 and 24:00.",
    )
    _waiting = models.Index("(company_id, state)")

    @api.depends("partner_id", "line_ids.product_id")
    def _compute_display_name(self):
        for entry in self:
            services = format_list(self.env, entry.line_ids.product_id.mapped("display_name"))
            entry.display_name = ", ".join(filter(None, [entry.partner_id.name, services]))

    @api.depends("match_start", "match_parts")
    @api.depends_context("lang")
    def _compute_match_text(self):
        for entry in self:
            entry.match_text = False
            if entry.match_start:
                masters, _rooms = self.env["salon.availability"]._places_text(entry.match_parts or [])
                when = entry.company_id._salon_format(entry.match_start, "EEE, d MMM, HH:mm")
                entry.match_text = f"{when}, {masters}"

    @api.depends("offer_ids.state", "offer_ids.start", "offer_ids.hold_until")
    @api.depends_context("lang")
    def _compute_offer(self):
        for entry in self:
            offer = entry.offer_ids.filtered(lambda offer: offer.state == "open")[:1]
            entry.offer_url = offer.url
            entry.offer_text = offer and self.env._(
                "%(when)s, held until %(until)s",
                when=entry.company_id._salon_format(offer.start, "EEE, d MMM, HH:mm"),
                until=offer._until_text(),
            )

    @api.constrains("line_ids", *WEEKDAYS)
    def _check_complete(self):
        for entry in self:
            if not entry.line_ids:
                raise ValidationError(
                    self.env._("Say which service %(client)s waits for.", client=entry.partner_id.name)
                )
            if any(len(lines & entry._along()) > 1 for lines in entry._persons()):
                raise ValidationError(
                    self.env._("Who comes along for several services needs a card: choose it under “Guest”.")
                )
            if not entry._weekdays():
                raise ValidationError(
                    self.env._("Choose the days of the week that suit %(client)s.", client=entry.partner_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._match()
        return entries

    def write(self, vals):
        if WISH & set(vals):
            # What was offered suited the wish before.
            self._open_offers()._close("declined")
        result = super().write(vals)
        if WISH & set(vals):
            self._match()
        return result

    def unlink(self):
        # Others who were offered the same time along with these go on waiting.
        for offer in self._open_offers():
            offer._wave()._close("declined")
        return super().unlink()

    def _open_offers(self):
        return self.sudo().offer_ids.filtered(lambda offer: offer.state == "open")

    @api.onchange("visit_id")
    def _onchange_visit_id(self):
        if self.visit_id:
            lines = [line for own in self.visit_id._persons() for line in own]
            self.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"product_id": line.product_id.id, "sequence": 10 + number})
                    for number, line in enumerate(lines)
                ),
            ]

    # ------------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------------

    @api.model
    def _wake(self, company):
        """Time may have become free in ``company``: look through those who wait, soon and not in this transaction."""
        if self.sudo().search_count([("company_id", "in", company.ids), ("state", "=", "waiting")], limit=1):
            self.env.ref("salon_spa_booking.cron_match_waitlist").sudo()._trigger()

    @api.model
    def _cron_match(self):
        """Let offers lapse, then offer what is free to those who wait."""
        cron = self.env["ir.cron"]
        self.env["salon.offer"]._lapse()
        # The salon's day is one ahead of UTC at most: what is over there is not later than today here.
        over = self.search([("state", "in", ("waiting", "offered")), ("date_to", "<=", fields.Date.today())])
        over = over.filtered(lambda entry: entry.date_to < entry.company_id._salon_today())
        over._open_offers()._close("lapsed")
        over._end("lapsed")
        # Offers go with the client who was asked first, when that client is deleted.
        left = self.search([("state", "=", "offered"), ("offer_ids", "not any", [("state", "=", "open")])])
        left.state = "waiting"
        entries = self.search([("state", "=", "waiting")])
        companies = entries.grouped("company_id")
        cron._commit_progress(remaining=len(entries))
        for own in companies.values():
            for first in range(0, len(own), BATCH):
                if not own[first : first + BATCH]._ask_each():
                    return

    def _ask_each(self):
        """Offer to these of one company what is free for them, the longest waiting first, or tell the desk.

        Anybody may delete one of them whenever the progress is committed.

        :return: whether there is time left for more
        """
        cron, through = self.env["ir.cron"], 0
        self = self.exists()
        self = self.with_company(self.company_id)
        for entry, (search, plan) in zip(self, self._best_plans_known(), strict=True):
            through += 1
            try:
                if entry.state != "waiting" or not (plan or entry.match_start):
                    continue
                with self.env.cr.savepoint():
                    entry._ask(search, plan)
            except Exception:
                if entry.exists():
                    _logger.exception("Waitlist entry %s could not be asked", entry.id)
            if not cron._commit_progress(through):
                return False
            through = 0
        return bool(cron._commit_progress(through))

    def _best_plans_known(self):
        """As ``_best_plans``, but one entry that can't be looked through keeps nobody else from being asked."""
        try:
            with self.env.cr.savepoint():
                return self._best_plans()
        except Exception:
            if len(self) > 1:
                return [found for entry in self for found in entry._best_plans_known()]
            _logger.exception("Waitlist entry %s could not be matched", self.id)
            return [(None, None)]

    def _ask(self, search, plan):
        """Offer the time to this client if it is offered by itself, else tell the desk when something is free anew."""
        self.ensure_one()
        fitted = self.match_start
        if plan and self._may_be_asked():
            # What was found may be held by now for who was asked before.
            search, plan = self._best_plan()
            if plan:
                # Before the entry is written: who books takes the time first and the entry then, and so does this.
                self._offer(search, plan)
        self._note_plan(search, plan)
        if plan and not fitted and self.state == "waiting":
            self._tell_fits()

    def _match(self):
        """Find the best time that is free now for each of these who wait."""
        waiting = self.filtered(lambda entry: entry.state == "waiting")
        for own in waiting.grouped("company_id").values():
            for entry, (search, plan) in zip(own, own._best_plans(), strict=True):
                entry._note_plan(search, plan)

    def _note_plan(self, search, plan):
        """Keep what is free now for this client."""
        self.ensure_one()
        start, parts = (plan.start, self._parts(search, plan)) if plan else (False, False)
        if (self.match_start, self.match_parts) != (start, parts):
            self.write({"match_start": start, "match_parts": parts})

    def _may_be_asked(self):
        """Tell whether a time is offered by itself: if the settings say so, but not at night, nor to who is silent."""
        self.ensure_one()
        hour = self.company_id._salon_local(fields.Datetime.now()).hour
        return self.company_id.salon_waitlist_mode != "desk" and AWAKE_FROM <= hour < AWAKE_TO and not self._rests()

    def _is_silent(self):
        """Tell whether the client has left the last offers unanswered."""
        self.ensure_one()
        last = self.offer_ids.sorted("id", reverse=True)[:SILENT]
        return len(last) == SILENT and set(last.mapped("state")) == {"lapsed"}

    def _rests(self):
        """Tell whether this client is silent and the desk has not called yet."""
        return self._is_silent() and bool(self.sudo().activity_search([OFFER_CALL]))

    def _note_silence(self):
        """Let the desk call who leaves offers unanswered; nothing is offered to them by itself until that is done."""
        for entry in self.filtered(lambda entry: entry.state == "waiting" and entry._is_silent()):
            entry._schedule_call(lambda env: env._("Has not answered %(count)s offers: call", count=SILENT))

    def _schedule_call(self, text):
        """Give the desk the task to call this client about an offer, or about those left unanswered.

        :param text: function of an environment in the language of who is to call
        """
        self.ensure_one()
        user = self.company_id._salon_desk_user(self.create_uid)
        entry = self.with_context(lang=user.lang)
        entry.activity_schedule(OFFER_CALL, summary=text(entry.env), user_id=user.id)

    def _tell_fits(self):
        """Tell the front desk that something is free now for this client."""
        self.ensure_one()

        def text(env):
            entry = self.with_env(env)
            return env._(
                "Free now for who waits: %(entry)s: %(match)s.", entry=entry.display_name, match=entry.match_text
            )

        self._tell_desk(self.company_id, text)

    @api.model
    def _tell_desk(self, company, text):
        """Show a message on the screens of those at the front desk of ``company``.

        :param text: function of an environment in the language of who is told
        """
        for user in self.env.ref("salon_spa.group_salon_administrator").sudo().all_user_ids:
            if company in user.company_ids:
                message = text(self.with_context(lang=user.lang).env)
                user._bus_send("simple_notification", {"type": "info", "sticky": True, "message": message})

    def _best_plan(self):
        """Return ``(search, plan)`` of the best time that is free and suits; an earlier one than is booked already."""
        self.ensure_one()
        return self._best_plans()[0]

    def _best_plans(self):
        """Return ``_best_plan`` for each of these who wait in one salon."""
        searches = self._searches()
        return [(search, search and entry._best_of(search)) for entry in self for search in [searches.get(entry)]]

    def _searches(self, first=None, last=None):
        """Return ``{entry: search}`` of what suits each of these who wait in one salon, on the days from ``first`` to
        ``last`` if they are given; who waits for no such day, or for a master who does not do the service, is left out.

        Those who wait for the same days are looked for together: the number of queries grows with the days, not with
        the clients. Who is to be moved up is looked for alone, without the time of the visit.
        """
        service, company, found = self.env["salon.availability"], self.company_id, {}
        able = self - self.line_ids._unskilled().waitlist_id
        for (visit, days), entries in able.grouped(lambda entry: (entry.visit_id, entry._days(first, last))).items():
            if days[0] > days[1]:
                continue
            guests = [entry._guests() for entry in entries]
            searches = service._search_each(company, guests, *days, without=visit.line_ids)
            for entry, search in zip(entries, searches, strict=True):
                found[entry] = entry._only_suiting(search, days)
        return found

    def _days(self, first, last):
        """Return the first and the last local day that can be booked and suit; the first is the later when none is."""
        self.ensure_one()
        today = self.company_id._salon_today()
        horizon = today + timedelta(days=self.company_id.salon_horizon_days)
        ends = self.date_to, horizon, self.visit_id.date, last
        return max(filter(None, (self.date_from, today, first))), min(filter(None, ends))

    def _best_of(self, search):
        """Return the best plan that this client has not refused."""
        refused = set(self.offer_ids.filtered(lambda offer: offer.state != "open").mapped("start"))
        best = self.env["salon.availability"]._best(
            search, len(refused) + 1, self.company_id, self.line_ids.employee_id
        )
        return next((plan for plan in best if plan.start not in refused), None)

    def _only_suiting(self, search, days):
        """Return the search with what suits this client, earlier than what is booked already."""
        self.ensure_one()
        search = self.env["salon.availability"]._within(
            search, self.company_id, days, self._weekdays(), self.hour_from, self.hour_to
        )
        if self.visit_id:
            before = self.visit_id.start - timedelta(minutes=1)
            search = search._replace(request=search.request._replace(latest=before))
        return search

    def _guests(self):
        """Return what is asked of the availability: the services waited for, or those of the visit to be moved up."""
        if self.visit_id:
            return self.visit_id._wishes()
        employees = self.env["hr.employee"]
        return [
            [
                Wish(
                    line.product_id,
                    employees.browse(line.employee_id.ids),
                    line._client(),
                    parallel=line.is_parallel and line != lines[0],
                )
                for line in lines
            ]
            for lines in self._persons()
        ]

    def _persons(self):
        """Return the services of each person in order, a record set for each."""
        lines = self.line_ids.sorted(lambda line: (line.sequence, line.id))
        return list(lines.grouped(lambda line: (line._client(), line.guest)).values())

    def _along(self):
        """Return what is for persons who come along without a card of their own: it stands on the card of another."""
        cards, along = set(), self.line_ids.browse()
        for lines in self._persons():
            card = lines[0]._client()
            if card in cards:
                along |= lines
            cards.add(card)
        return along

    def _served(self):
        """Return the services in the order of ``_guests``: lines of this entry, or of the visit to be moved up."""
        if self.visit_id:
            return [line for own in self.visit_id._persons() for line in own]
        return [line for lines in self._persons() for line in lines]

    def _parts(self, search, plan):
        """Return what a plan comes to for each service, and for which service that is."""
        parts = self.env["salon.availability"]._parts(search, plan)
        return [
            {**part, "line_id": line.id, "product_id": line.product_id.id}
            for line, part in zip(self._served(), parts, strict=True)
        ]

    # ------------------------------------------------------------------
    # Offers
    # ------------------------------------------------------------------

    def _offer(self, search, plan):
        """Hold the time of a plan and offer it to this client, and to others whom it suits, as the settings say."""
        self.ensure_one()
        company = self.company_id
        until = min(fields.Datetime.now() + timedelta(minutes=company.salon_waitlist_hold), plan.start)
        # By sudo: nobody makes or changes offers but these methods.
        offer = self.env["salon.offer"].sudo().create(
            {
                "waitlist_id": self.id,
                "start": plan.start,
                "parts": self._parts(search, plan),
                "hold_until": until,
            }
        )
        offers = offer
        taken = self.env["salon.availability"]._taken_by(plan)
        if company.salon_waitlist_mode == "wave":
            offers |= self._others_for(offer, taken)
        # After the others were asked what suits them: held, the time is free for nobody.
        try:
            with self.env.cr.savepoint():
                offer._hold(taken)
        except UserError:
            # Somebody was faster.
            offers.unlink()
            return offers.browse()
        offers.waitlist_id.write({"state": "offered"})
        self.env.ref("salon_spa_booking.cron_match_waitlist").sudo()._trigger(at=until + timedelta(seconds=1))
        offers._on_offered()
        return offers

    def _others_for(self, offer, taken):
        """Return offers of the same time to the next who wait and whom it suits.

        :param taken: what is held for the first, as ``salon.availability._taken_by`` gives it
        """
        service, company = self.env["salon.availability"], self.company_id
        offers = offer.browse()
        others = self.search([("company_id", "=", company.id), ("state", "=", "waiting"), ("id", "!=", self.id)])
        others = others.filtered(lambda entry: offer.start not in entry.offer_ids.mapped("start"))
        day = company._salon_local(offer.start).date()
        searches = others._searches(day, day)
        for entry in others.filtered(lambda entry: entry in searches and not entry._rests()):
            if len(offers) + 1 >= company.salon_waitlist_wave:
                break
            search = searches[entry]
            plan = search.board.plan(search.request, offer.start, service._weights(company))
            if plan and self._covers(taken, service._taken_by(plan)):
                offers |= offers.create(
                    {
                        "waitlist_id": entry.id,
                        "start": offer.start,
                        "parts": entry._parts(search, plan),
                        "hold_until": offer.hold_until,
                        "first_id": offer.id,
                    }
                )
        return offers

    @api.model
    def _covers(self, held, taken):
        """Tell whether one hold keeps all that another plan takes: each seat of a master, room or device."""
        left = list(held)
        for resource_id, _seat, start, stop in taken:
            if resource_id < 0:
                continue  # the client's own time
            wide = (row for row in left if row[0] == resource_id and row[2] <= start and stop <= row[3])
            row = next(wide, None)
            if not row:
                return False
            left.remove(row)
        return True

    def _book(self, parts):
        """Book the services as ``parts`` say, or move the visit there; return the visit.

        :raise UserError: the time was taken meanwhile
        """
        self.ensure_one()
        served = {(line.id, line.product_id.id): line for line in self._served()}
        if served.keys() != {(part.get("line_id"), part.get("product_id")) for part in parts}:
            raise UserError(self.env._("The services have changed since: look for a time anew."))
        values = {
            served[part["line_id"], part["product_id"]]: {
                "employee_id": part["employee_id"],
                "start": fields.Datetime.to_datetime(part["start"]),
            }
            for part in parts
        }
        if self.visit_id:
            if min(vals["start"] for vals in values.values()) >= self.visit_id.start:
                raise UserError(self.env._("The visit has been moved to an earlier time since."))
            self.env["salon.visit.line"]._change(
                {line: {**vals, "is_chained": line.is_chained} for line, vals in values.items()}
            )
            visit = self.visit_id
        else:
            first = {lines[0] for lines in self._persons()}
            along = self._along()
            commands = [
                fields.Command.create(
                    {
                        **vals,
                        "product_id": line.product_id.id,
                        "client_id": line._client().id,
                        "sequence": 10 + number,
                        "is_parallel": line in along or (line.is_parallel and line not in first),
                        "is_chained": not along and line not in first,
                    }
                )
                for number, (line, vals) in enumerate(
                    sorted(values.items(), key=lambda item: bool(along) and item[0] not in first)
                )
            ]
            visit = self.env["salon.visit"].with_context(salon_book=True).create(
                {"partner_id": self.partner_id.id, "company_id": self.company_id.id, "line_ids": commands}
            )
        self._end("booked", booked_visit_id=visit.id)
        return visit

    def _end(self, state, **values):
        """Take these off the list: nothing fits them any more, and nobody is to be called about it."""
        self.write({"state": state, "match_start": False, "match_parts": False, **values})
        self.sudo().activity_unlink([OFFER_CALL, "mail.mail_activity_data_call"])

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_book(self):
        """Book the time that fits now, as the client has agreed by phone.

        :raise UserError: nothing fits, or somebody was faster
        """
        self.check_access("write")
        self.ensure_one()
        self._check_waits(("waiting", "offered"))
        open_offer = self._open_offers()[:1]
        if open_offer:
            return open_offer._claim().sudo(False)._open_form()
        self._match()
        if not self.match_parts:
            raise self._nothing_free()
        return self._book(self.match_parts)._open_form()

    def action_offer(self):
        """Hold the time that fits and offer it to the client by a link.

        :raise UserError: nothing fits
        """
        self.check_access("write")
        self.ensure_one()
        self._check_waits(("waiting",))
        search, plan = self._best_plan()
        if not plan or not self._offer(search, plan):
            raise self._nothing_free()

    def _check_waits(self, states):
        if self.state not in states:
            raise UserError(self.env._("%(entry)s is not waiting.", entry=self.display_name))

    def _nothing_free(self):
        """Return the error that says so; a master who does not do the service is told of instead."""
        self.line_ids._check_skilled()
        return UserError(self.env._("Nothing is free for %(client)s now.", client=self.partner_id.name))

    def action_cancel(self):
        """The client waits no longer; what is held for the client is free again."""
        self.check_access("write")
        self._open_offers()._close("declined")
        self.filtered(lambda entry: entry.state in ("waiting", "offered"))._end("cancelled")

    def action_wait_again(self):
        """Put back on the list who was offered a time, or whose time ran out."""
        self.check_access("write")
        self._open_offers()._close("declined")
        entries = self.filtered(lambda entry: entry.state in ("offered", "lapsed", "cancelled"))
        entries.write({"state": "waiting"})
        entries._match()

    def _note_visit(self, visits):
        """Take off the list who has just been booked for what they wait for, and which visits are moved up no more."""
        clients = visits.partner_id | visits.line_ids.client_id
        waiting = self.sudo().search(
            Domain("state", "in", ("waiting", "offered"))
            & Domain("company_id", "in", visits.company_id.ids)
            & (Domain("partner_id", "in", clients.ids) | Domain("line_ids.client_id", "in", clients.ids))
            & Domain("visit_id", "=", False)
        )
        for entry in waiting:
            visit = visits.filtered(entry._is_met_by)[:1]
            if visit:
                entry._open_offers()._close("declined")
                entry._end("booked", booked_visit_id=visit.id)

    def _is_met_by(self, visit):
        """Tell whether the visit gives this client, and who comes along, all that is waited for."""
        self.ensure_one()
        # Who waits without a card may have got one in the client's own visit.
        anybody = self._along() and visit.partner_id == self.partner_id
        cards = self.line_ids.client_id
        given = Counter(
            (self.partner_id if anybody and line.client_id not in cards else line.client_id, line.product_id)
            for line in visit._live_lines()
        )
        return (
            visit.company_id == self.company_id
            and Counter((line._client(), line.product_id) for line in self.line_ids) <= given
            and self.date_from <= visit.date <= self.date_to
        )

    @api.model
    def _note_closed(self, visits):
        """Nobody waits any more for an earlier time of a visit that is over or cancelled."""
        entries = self.sudo().search([("visit_id", "in", visits.ids), ("state", "in", ("waiting", "offered"))])
        entries.action_cancel()
