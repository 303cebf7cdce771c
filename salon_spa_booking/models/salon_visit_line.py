
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.salon_spa.models.salon_visit_line import _DEFERRED
from odoo.addons.salon_spa.tools import timeline

from ..tools.phases import offsets
from .salon_availability import Wish


class SalonVisitLine(models.Model):
    _name = "salon.visit.line"
    _inherit = ["salon.visit.line", "salon.journal.mixin"]

    room_id = fields.Many2one(
        "salon.room",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Found at booking by what the service needs; choose one to have just that.",
    )
    is_room_chosen = fields.Boolean(
        "Room Chosen by Hand", copy=False, help="The service is moved to no other room by itself."
    )
    place_text = fields.Char("Place", compute="_compute_place_text", help="Rooms and equipment of the service.")

    @api.depends("allocation_ids.resource_id")
    def _compute_place_text(self):
        for line in self:
            resources = line.sudo().allocation_ids.resource_id.filtered(lambda one: one.resource_type == "material")
            line.place_text = ", ".join(resources.mapped("name"))

    @api.model
    def _timing_fields(self):
        return super()._timing_fields() | {"room_id"}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_room_choice(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_room_choice(vals))

    @api.model
    def _with_room_choice(self, vals):
        """A room that somebody writes is that one and no other; none given leaves the choice to the booking."""
        if "room_id" in vals and "is_room_chosen" not in vals:
            return {**vals, "is_room_chosen": bool(vals["room_id"])}
        return vals

    def _journal_lines(self):
        return self.filtered(lambda line: line.kind == "service")

    def _journal_state(self):
        """Return what the line's master has of it, to be compared after the change."""
        self.ensure_one()
        return {
            "live": self.state in self.env["salon.visit"]._live_states(),
            "employee_id": self.employee_id.id,
            "start": self.start,
            "visit_id": self.visit_id.id,
            "client": self.client_id.name,
            "product_id": self.product_id.id,
        }

    def _snapshot(self):
        return {**super()._snapshot(), "room": self.room_id}

    def _log_changes(self, before):
        super()._log_changes(before)
        if before["room"] and before["room"] != self.room_id:
            self.visit_id._log(
                "moved", old=before["room"].name, new=self.room_id.name, reason=self.product_id.display_name
            )

    def _sync_allocations(self):
        # What shares a room with these goes with them into another one.
        bonds = {line._bond() for line in self if line._is_live()} - {None}
        if bonds:
            self |= self.visit_id._live_lines().filtered(lambda line: line._bond() in bonds)
        try:
            super()._sync_allocations()
        except UserError:
            if not bonds:
                raise
            # There is no one room for all of it: the client goes from one to another, and each is cleaned up.
            super(SalonVisitLine, self.with_context(salon_rooms_apart=True))._sync_allocations()
        allocations = self.env["salon.allocation"].sudo().search_fetch(
            [("line_id", "in", self.ids)], ["line_id", "resource_id"], order="start desc, id desc"
        )
        # The first room of each line.
        rooms = {}
        for row in allocations:
            room_id = self.env["salon.room"]._places(row.line_id.company_id.id).rooms.get(row.resource_id.id)
            if room_id:
                rooms[row.line_id] = room_id
        for line, room_id in rooms.items():
            if line.room_id.id != room_id:
                line.with_context(salon_deferred=_DEFERRED).write({"room_id": room_id, "is_room_chosen": False})
        for line in self:
            if line.room_id and not line.is_room_chosen and line not in rooms and line._is_live():
                line.with_context(salon_deferred=_DEFERRED).write({"room_id": False})

    def _prepare_allocations(self):
        """Add a seat in the rooms and of the equipment that the service needs, each for its phases."""
        return [*super()._prepare_allocations(), *self._prepare_places()]

    def _prepare_places(self):
        self.ensure_one()
        known = self.env["salon.room"]._places(self.company_id.id)
        phases = self._phases()
        wishes = self.room_id.resource_id.id
        bond = self._bond()
        came, rest = self._stays_in_room()
        stay = timeline.client_minutes(phases)
        places = []
        room_wanted = False

        def in_room(first, last):
            return max(first, 0) if came else first, last if rest is None else min(last, stay + rest)

        for need_id, room_type, equipment_type, quantity, span in self.env["salon.requirement"]._of_service(
            self.product_id.product_tmpl_id.id
        ):
            choices = known.pool(room_type, equipment_type)
            first, last = offsets(phases, *span)
            if room_type and not room_wanted:
                room_wanted = True
                first, last = in_room(first, last)
                if self.is_room_chosen and wishes:
                    choices = (wishes,)
                elif wishes in choices and bond and self.start <= fields.Datetime.now():
                    # Who sits there already is not moved for what comes next.
                    choices = (wishes,)
                elif wishes in choices:
                    choices = (wishes, *(one for one in choices if one != wishes))
            places += [
                self._prepare_place(need_id, choices, first, last, bond if room_type else None)
                for _number in range(quantity)
            ]
        if wishes and self.is_room_chosen and not room_wanted:
            first, last = in_room(*offsets(phases, "prep_minutes", "cleanup_minutes"))
            places.insert(0, self._prepare_place(False, (wishes,), first, last))
        places = [vals for vals in places if vals["start"] < vals["stop"]]
        return self._only_open(places)

    def _bond(self):
        """Return what is the same for all services of the visit that one room serves, None for one of its own.

        A client stays in the room from one service to the next, and those who come together want to be together, if
        some room has the seats for it.
        """
        self.ensure_one()
        alike = self._alike()
        together = self if self in alike else alike.browse()
        while more := (alike - together).filtered(lambda line, known=together: any(map(line._is_beside, known))):
            together |= more
        return min(together.ids) if len(together) > 1 else None

    def _alike(self):
        """Return the visit's services that need the one room that this one needs, none when they have no room
        together."""
        lines = self.visit_id._live_lines()
        if len(lines) < 2:
            return lines.browse()
        company_id = self.company_id.id

        def room_type_of(line):
            template_id = line.product_id.product_tmpl_id.id
            return not line.is_room_chosen and self.env["salon.requirement"]._room_type_of(template_id, company_id)

        room_type = room_type_of(self)
        if not room_type:
            return lines.browse()
        alike, seats = lines.browse(), 0
        for own in self.visit_id._persons():
            some = own.filtered(lambda line: room_type_of(line) == room_type)
            alike |= some
            seats += bool(some) + sum((some - own[0]).mapped("is_parallel"))
        known = self.env["salon.room"]._places(company_id)
        return alike if known.has_seats(room_type, seats) else lines.browse()

    def _is_beside(self, line):
        """Tell whether two services follow each other without a rest, or are given to two persons at once."""
        if self.client_id != line.client_id or self.is_parallel or line.is_parallel:
            return self.start < line.stop and line.start < self.stop
        first, second = (self, line) if self.start <= line.start else (line, self)
        rest = second._rest_after(first)
        return not self.env.context.get("salon_rooms_apart") and (
            0 <= rest < max(first.cleanup_minutes + second.prep_minutes, 1)
        )

    def _stays_in_room(self):
        """Tell whether the client is in this line's room already, and for how many minutes after the service he stays.

        Between two services in one room it is neither cleaned up nor prepared, and nobody else is let in.

        :return: ``(bool, minutes or None)``
        """
        place = self._room_shared()
        if not place:
            return False, None
        near = self.visit_id._live_lines().filtered(
            lambda line: line != self
            and line.kind == "service"
            and line.start
            and line.client_id == self.client_id
            and line._room_shared() == place
        )
        came = any(0 <= self._rest_after(line) < line.cleanup_minutes + self.prep_minutes for line in near)
        rests = {line._rest_after(self): self.cleanup_minutes + line.prep_minutes for line in near}
        return came, min((rest for rest, least in rests.items() if 0 <= rest < least), default=None)

    def _rest_after(self, line):
        """Return the minutes from the end of ``line`` to the start of this one."""
        return int((self.start - line.stop).total_seconds() // 60)

    def _room_shared(self):
        """Return what two lines have in common that are served in one room: the room chosen, or the bond."""
        return ("room", self.room_id.id) if self.is_room_chosen else self._bond()

    def _room_types(self):
        needs = self.env["salon.requirement"]._of_service(self.product_id.product_tmpl_id._origin.id)
        return {room_type for _id, room_type, *_rest in needs if room_type}

    def _free_instead(self, employee, also_taken=(), count=3):
        """As the kernel's, but of times and masters for whom there is a room and the equipment too."""
        self.ensure_one()
        company, client = self.company_id, self.client_id
        employee = employee.sudo()
        others = employee._salon_skilled(self.product_id, company) - employee
        day = company._salon_local(self.start).date()
        taken = [(one.resource_id.id, 1, *span) for one in employee | others.sudo() for span in self._fixed_spans(one)]
        taken += [(employee.resource_id.id, 1, *span) for span in also_taken]
        taken += [(-client.id, 1, *span) for span in self._fixed_spans(employee.browse()) if client]
        wish = Wish(self.product_id, employee | others, client, self.room_id if self.is_room_chosen else None)
        availability = self.env["salon.availability"].with_company(company)
        begin = availability._days(company, day, day)[0][1]
        past = self.start < fields.Datetime.now()
        search = availability._search_times(
            company,
            [[wish]],
            day,
            day,
            without=self.visit_id.line_ids,
            earliest=begin if past else None,
            step=15,
            taken=taken,
        )
        task = search.request.guests[0][0]
        # This line's own minutes, which may have been changed by hand.
        own = availability._ways(wish, employee, self._phases(), self.env["salon.room"]._places(company.id))

        def only(ways):
            return search.request._replace(guests=((task._replace(ways=tuple(ways)),),))

        starts = [slot.start for slot in search.board.slots(only(own))]
        free = [
            one
            for one in others
            if search.board.plan(
                only(way for way in task.ways if way.master == one.sudo().resource_id.id), self.start
            )
        ]
        nearest = sorted(starts, key=lambda moment: (abs(moment - self.start), moment))[:count]
        return sorted(nearest), employee.browse().concat(*free[:count])

    def _wish(self, employees=None, parallel=None):
        """Return what this line asks of the availability; by its own master, if not by one of ``employees``."""
        self.ensure_one()
        phases = self._phases()
        if phases == self.product_id._salon_phases(self.employee_id):
            # As usual: another master may take another time.
            phases = None
        return Wish(
            self.product_id,
            self.employee_id if employees is None else employees,
            self.client_id,
            self.room_id if self.is_room_chosen else None,
            parallel=self.is_parallel if parallel is None else parallel,
            phases=phases,
        )

    def _prepare_place(self, requirement_id, choices, first, last, bond=None):
        return {
            "choices": choices,
            "bond": bond,
            "start": self.start + timeline.minutes(first),
            "stop": self.start + timeline.minutes(last),
            "kind": "visit",
            "line_id": self.id,
            "requirement_id": requirement_id,
            "company_id": self.company_id.id,
        }

    def _only_open(self, places):
        """Leave out of the choices what is closed at the time; a room chosen by hand was warned of and stays."""
        by_hand = (self.room_id.resource_id.id,) if self.is_room_chosen else None
        several = [vals for vals in places if vals["choices"] != by_hand]
        if not several:
            return places
        hours = self.env["resource.resource"]._salon_open_spans(
            {one for vals in several for one in vals["choices"]},
            self.company_id,
            min(vals["start"] for vals in several),
            max(vals["stop"] for vals in several),
        )
        for vals in several:
            span = (vals["start"], vals["stop"])
            vals["choices"] = tuple(
                one for one in vals["choices"] if one not in hours or timeline.inside(span, hours[one])
            )
        return places

    def _no_place_message(self, requirement, start, stop, any_known):
        """Say that nothing of what the service needs is free.

        :param any_known: there is such a thing, open at the time
        """
        company = self.company_id
        values = {
            "what": requirement.display_name or self.room_id.name,
            "service": self.product_id.display_name,
            "day": company._salon_format(start, "EEEE, d MMMM"),
            "start": company._salon_format(start, "HH:mm"),
            "stop": company._salon_format(stop, "HH:mm"),
        }
        if any_known:
            message = self.env._("“%(what)s” for %(service)s is taken on %(day)s at %(start)s–%(stop)s.", **values)
        else:
            message = self.env._(
                "%(service)s needs “%(what)s”, and none is open on %(day)s at %(start)s–%(stop)s.", **values
            )
        free, masters = self._free_instead(self.employee_id)
        if free:
            times = ", ".join(company._salon_format(moment, "HH:mm") for moment in free)
            message += "\n" + self.env._("Nearest free times: %(times)s.", times=times)
        if masters:
            message += "\n" + self._free_masters_text(masters)
        return message

    def unlink(self):
        if any(self.sudo().company_id.mapped("salon_calendar_mirror")):
            self.env["calendar.event"]._salon_remove([("salon_line_id", "in", self.ids)])
        return super().unlink()

    def _mirror_calendar(self, fresh=False):
        """Bring the calendars of the masters in line with these lines, where the settings want it.

        :param fresh: the lines have just taken their time, none of them is in a calendar
        """
        lines = self.filtered(lambda line: line.company_id.sudo().salon_calendar_mirror)
        if fresh:
            lines = lines.filtered(lambda line: line._calendar_user())
        if lines:
            self.env["calendar.event"]._salon_mirror(lines)

    def _calendar_user(self):
        """Return the user in whose calendar the line stands, empty when it is in none."""
        self.ensure_one()
        user = self.employee_id.sudo().user_id
        return user if self._is_live() else user.browse()

    def _prepare_calendar_event(self):
        """Return what the calendar says of the line, in the language of its master: no number, nothing medical."""
        self.ensure_one()
        line = self.with_context(lang=self._calendar_user().lang)
        return {
            "name": line.client_id.name or line.env._("Walk-in"),
            "description": Markup("<p>%s</p>") % line.product_id.display_name,
            "location": line.place_text or False,
            "start": line.start,
            "stop": line.stop,
        }
