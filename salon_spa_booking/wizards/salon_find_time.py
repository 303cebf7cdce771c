from datetime import date, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.salon_weekdays_mixin import WEEKDAYS

# How many times are shown, and how many of one day at most.
SHOWN, OF_A_DAY = 12, 3


class SalonFindTime(models.TransientModel):
    """What the client asks for: "Thursday after six, with Anna or anybody"; the best free times, one click to book.

    Days and hours are the salon's wall clock.
    """

    _name = "salon.find.time"
    _description = "Find Time"
    _inherit = ["salon.weekdays.mixin"]

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    visit_id = fields.Many2one("salon.visit", help="The visit that gets the time; empty makes a new one.")
    partner_id = fields.Many2one("res.partner", string="Client", domain="[('is_client_card', '=', True)]")
    line_ids = fields.One2many("salon.find.time.line", "find_id", string="Services")
    date_from = fields.Date("From", required=True, default=lambda self: self._default_date_from())
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._default_date_from() + timedelta(days=13)
    )
    hour_from = fields.Float("After", help="Begins not earlier.")
    hour_to = fields.Float("Before", default=24.0, help="Ends not later.")
    asked = fields.Datetime("Why Not at", help="A time that the client would like: is it free, and if not, why.")
    why_text = fields.Char("Answer", compute="_compute_why_text")
    option_ids = fields.One2many("salon.find.time.option", "find_id", string="Free Times")
    nothing_text = fields.Char(compute="_compute_nothing_text")

    def _default_date_from(self):
        asked = fields.Date.to_date(self.env.context.get("default_date_from"))
        return max(asked or date.min, self.env.company._salon_today())

    @api.onchange("line_ids", "date_from", "date_to", "hour_from", "hour_to", "partner_id", "visit_id", *WEEKDAYS)
    def _onchange_wish(self):
        self.option_ids = [Command.clear(), *map(Command.create, self._options())]

    @api.depends("option_ids.is_other", "line_ids.product_id", "line_ids.employee_ids", "date_from", "date_to")
    def _compute_nothing_text(self):
        for find in self:
            find.nothing_text = False
            if any(find.option_ids.mapped("is_other")):
                find.nothing_text = self.env._("Nothing is free like this. This is what comes nearest:")
            elif any(line.product_id for line in find.line_ids) and not find.option_ids:
                find.nothing_text = find._why_nothing()

    @api.depends("asked", "line_ids.product_id", "line_ids.employee_ids", "partner_id")
    def _compute_why_text(self):
        for find in self:
            find.why_text = False
            guests = find._guests()
            if not find.asked or not guests:
                continue
            if text := find._unskilled_text():
                find.why_text = text
                continue
            day = find.company_id._salon_local(find.asked).date()
            search = find._search_board(guests, day, day)
            refusal = search.board.why_not(search.request, find.asked)
            service = self.env["salon.availability"]
            find.why_text = service._refusal_text(search, refusal, find.company_id, guests) or self.env._("It is free.")

    def _persons(self):
        """Return the lines of each person in order, a record set for each."""
        self.ensure_one()
        lines = self.line_ids.filtered("product_id").sorted("sequence")
        persons = lines.grouped(lambda line: (line.client_id._origin or self.partner_id._origin, line.guest))
        return list(persons.values())

    def _guests(self):
        """Return what is wanted as the availability wants it: for each person the wishes in order."""
        return [
            [line._wish(line.client_id._origin or self.partner_id._origin, line == lines[0]) for line in lines]
            for lines in self._persons()
        ]

    def _search_board(self, guests, first, last):
        return self.env["salon.availability"]._search_times(
            self.company_id._origin, guests, first, last, without=self.visit_id._origin.line_ids
        )

    def _days_asked(self):
        """Return the first and the last day to look at; the last one is before the first when there is none."""
        company = self.company_id._origin
        today = company._salon_today()
        first = max(self.date_from or today, today)
        return first, min(self.date_to or first, today + timedelta(days=company.salon_horizon_days))

    def _unskilled_text(self):
        """Say which service nobody of those asked for performs; nothing if all is well."""
        for line in self.line_ids.filtered("product_id"):
            if line.employee_ids and not line._masters():
                return self.env._(
                    "Nobody of those chosen performs %(service)s: choose others, or anybody.",
                    service=line.product_id.display_name,
                )
        return False

    def _why_nothing(self):
        """Say why no time at all is free on the days asked for, and what to do."""
        if text := self._unskilled_text():
            return text
        first, last = self._days_asked()
        if last < first:
            if self.date_to and self.date_to < self.date_from:
                return self.env._("The last day lies before the first.")
            if self.date_to and self.date_to < first:
                return self.env._("These days are over.")
            return self.env._(
                "So far ahead nothing can be booked yet: visits are booked for %(days)s days ahead.",
                days=self.company_id.salon_horizon_days,
            )
        guests, company = self._guests(), self.company_id._origin
        search = self._search_board(guests, first, last)
        tasks = [task for guest in search.request.guests for task in guest]
        wishes = [wish for guest in guests for wish in guest]
        for wish, task in zip(wishes, tasks, strict=True):
            service, board = wish.product.display_name, search.board
            if not (wish.employees or self.env["hr.employee"]._salon_skilled(wish.product, company)):
                return self.env._("Nobody performs %(service)s yet: enter the skill of a master.", service=service)
            if not any(all(use.pool for use in way.uses) for way in task.ways):
                return self.env._("There is no room or device for %(service)s yet: enter one.", service=service)
            if task.allowed == ():
                return self.env._(
                    "%(service)s does not begin on these days by its own rules: ask for other days.", service=service
                )
            if not any(board.worked(way.master) for way in task.ways):
                return self.env._(
                    "Who performs %(service)s does not work on these days: ask for other days or masters, or enter"
                    " shifts.",
                    service=service,
                )
        return self.env._("No time that is free is long enough. Ask for more days or any master.")

    def _options(self):
        """Return the values of the best free times of each day, the next day first; when nothing is free on the days of
        the week and at the hours asked for, those of other ones."""
        self.ensure_one()
        guests = self._guests()
        company = self.company_id._origin
        first, last = self._days_asked()
        if not guests or last < first or self._unskilled_text():
            return []
        service = self.env["salon.availability"]
        search = self._search_board(guests, first, last)
        tasks = [task for guest in search.request.guests for task in guest]
        if not all(task.ways for task in tasks):
            return []
        asked, any_day, any_hour = (self.hour_from, self.hour_to), set(range(7)), (0, 24)
        wishes = (self._weekdays(), asked), (self._weekdays(), any_hour), (any_day, asked), (any_day, any_hour)
        for number, (days, hours) in enumerate(wishes):
            within = service._within(search, company, (first, last), days, *hours)
            if plans := self._best_of_days(within, company):
                return [{**self._prepare_option(within, plan, company), "is_other": number > 0} for plan in plans]
        return []

    def _best_of_days(self, search, company):
        """Return the best plans of each day, in the order of time."""
        favourite = self.partner_id.sudo().favourite_employee_id
        plans = []
        for day in search.board.days(search.request)[: SHOWN // OF_A_DAY * 2]:
            best = self.env["salon.availability"]._best(search, OF_A_DAY, company, favourite, day)
            plans += sorted(best, key=lambda plan: plan.start)
        return plans[:SHOWN]

    def _prepare_option(self, search, plan, company):
        service = self.env["salon.availability"]
        parts = service._parts(search, plan)
        masters, rooms = service._places_text(parts)
        return {
            "start": plan.start,
            "day_text": company._salon_format(plan.start, "EEEE, d MMMM"),
            "time_text": company._salon_format(plan.start, "HH:mm"),
            "master_text": masters,
            "room_text": rooms,
            "reason_text": self._reason_text(plan.reasons),
            "parts": parts,
        }

    @api.model
    def _reason_text(self, reasons):
        """Say what speaks for a time (see Plan in tools/ranking.py)."""
        texts = {
            "fits": self.env._("fills the gap"),
            "beside": self.env._("joins a visit"),
            "preferred": self.env._("usual master"),
            "one_master": self.env._("one master"),
            "one_room": self.env._("one room"),
            "off_peak": self.env._("quiet hours"),
            "not_strict": self.env._("leaves a gap"),
        }
        return ", ".join(texts[reason] for reason in reasons if reason in texts)

    def _who_comes(self, persons):
        """Return the first service of each person, and what is for persons who come along without a card of their own:
        those are services of the client that begin together with the first one.

        :raise UserError: who comes along without a card wants more than one service
        """
        cards, first, along = set(), self.line_ids.browse(), self.line_ids.browse()
        for lines in persons:
            first |= lines[0]
            card = lines[0].client_id or self.partner_id
            if card in cards:
                if len(lines) > 1:
                    raise UserError(
                        self.env._("Who comes along for several services needs a card: choose it under “Guest”.")
                    )
                along |= lines
            cards.add(card)
        return first, along

    def _take(self, parts):
        """Book the services at the times of ``parts``, or move the visit there, and open it.

        :raise UserError: somebody was faster; nothing is changed then
        """
        persons = self._persons()
        if sum(map(len, persons)) != len(parts):
            raise UserError(self.env._("The services have changed: choose one of the new times."))
        first, along = self._who_comes(persons)
        parts = iter(parts)
        values = {
            line: {
                "employee_id": part["employee_id"],
                "start": fields.Datetime.to_datetime(part["start"]),
                "is_parallel": line in along or (line.is_parallel and line not in first),
                "is_chained": not (along or line.wait_minutes or line in first),
            }
            for lines in persons
            for line, part in zip(lines, parts, strict=False)
        }
        ordered = self.line_ids.filtered("product_id").sorted(
            # Next to each other what begins together.
            lambda line: (bool(along) and line not in first, line.sequence)
        )
        commands = {
            line: Command.create(
                {
                    **values[line],
                    "sequence": 10 + number,
                    "product_id": line.product_id.id,
                    "client_id": line.client_id.id or self.partner_id.id,
                }
            )
            for number, line in enumerate(ordered)
        }
        if self.visit_id:
            known = {line.visit_line_id: vals for line, vals in values.items() if line.visit_line_id}
            new = [command for line, command in commands.items() if not line.visit_line_id]
            self.env["salon.visit.line"]._change(known)
            if new:
                self.visit_id.line_ids = new
            return self.visit_id._open_form()
        # Without a client it is a draft, in which the client is still to be entered.
        visits = self.env["salon.visit"].with_context(salon_book=bool(self.partner_id))
        visit = visits.create(
            {"partner_id": self.partner_id.id, "is_anonymous": not self.partner_id, "line_ids": [*commands.values()]}
        )
        return visit._open_form()

    def action_wait(self):
        """Put the client on the waitlist for what is asked here.

        :raise UserError: there is no client or no service, or nobody of those asked for performs it, or several do
        """
        self.ensure_one()
        persons = self._persons()
        if not self.partner_id or not persons:
            raise UserError(self.env._("Choose the client and the services first."))
        if text := self._unskilled_text():
            raise UserError(text)
        masters = {line: line._masters() for lines in persons for line in lines}
        for line, able in masters.items():
            if len(able) > 1:
                raise UserError(
                    self.env._(
                        "Who waits does so for one master or for anybody: leave one for %(service)s, or nobody.",
                        service=line.product_id.display_name,
                    )
                )
        entry = self.env["salon.waitlist"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "visit_id": self.visit_id.id if self.visit_id.state in ("requested", "booked", "confirmed") else False,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "hour_from": self.hour_from,
                "hour_to": self.hour_to,
                **{day: self[day] for day in WEEKDAYS},
                "line_ids": [
                    Command.create(
                        {
                            "sequence": line.sequence,
                            "product_id": line.product_id.id,
                            "employee_id": masters[line].id,
                            "client_id": line.client_id.id,
                            "guest": number,
                            "is_parallel": line.is_parallel,
                        }
                    )
                    for number, lines in enumerate(persons, start=1)
                    for line in lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waitlist"),
            "res_model": "salon.waitlist",
            "res_id": entry.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
