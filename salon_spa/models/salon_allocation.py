import re
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, mute_logger, sql

from ..tools import placing

# First key of the two-key advisory locks that queue up everybody who wants the same resource.
LOCK_SPACE = 7_305_061

_DETAIL_RESOURCE = re.compile(r"=\(\[(\d+),")
_DETAIL_SEAT = re.compile(r"=\(\[\d+,\d+\), \[(\d+),")
_DETAIL_SPANS = re.compile(r'\["([^"]+)","([^"]+)"\)')


class SalonAllocation(models.Model):
    """One seat of a resource taken for a span: by a visit line, a hold or a block.

    This table is the only truth about "busy". PostgreSQL guards it, so that whatever writes here, from however many
    sessions at once, nobody is ever booked twice.
    """

    _name = "salon.allocation"
    _description = "Allocation"
    _order = "start, resource_id, seat"
    _check_company_auto = True

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, check_company=True
    )
    seat = fields.Integer(required=True, default=1, help="A resource of capacity n has the seats 1 to n.")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    kind = fields.Selection(
        [("visit", "Visit"), ("hold", "Hold"), ("block", "Block")], required=True, default="block", index=True
    )
    block_type = fields.Selection(
        [
            ("break", "Break"),
            ("admin", "Administrative work"),
            ("training", "Training"),
            ("unavailable", "Unavailable"),
            ("maintenance", "Maintenance"),
        ],
        help="What the time of a block is for.",
    )
    blocking = fields.Boolean(required=True, default=True, help="Nothing else may take the seat in this span.")
    hold_until = fields.Datetime(index="btree_not_null", help="A hold lapses at this moment.")
    line_id = fields.Many2one("salon.visit.line", string="Visit Line", ondelete="cascade", index="btree_not_null")
    visit_id = fields.Many2one(related="line_id.visit_id", store=True, precompute=True, index="btree_not_null")
    note = fields.Char()
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)

    # int4range(x, x, '[]') makes integers comparable under GiST without any extension; tsrange and not tstzrange
    # because the columns are naive UTC. Deferrable, so that one statement may move several spans past each other.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(resource_id, resource_id, '[]') WITH =, int4range(seat, seat, '[]') WITH =, "
        "tsrange(start, stop, '[)') WITH &&) WHERE (blocking) DEFERRABLE INITIALLY IMMEDIATE",
        "This time is already taken.",
    )
    _positive_span = models.Constraint("CHECK(start < stop)", "The end must be after the start.")
    _short_span = models.Constraint(
        "CHECK(stop <= start + interval '2 days')", "One entry covers two days at most: enter a longer one day by day."
    )
    _positive_seat = models.Constraint("CHECK(seat > 0)", "Seats are counted from 1.")
    _block_type_set = models.Constraint(
        "CHECK(kind != 'block' OR block_type IS NOT NULL)", "Say what the block is for: break, training, maintenance..."
    )
    _resource_start = models.Index("(resource_id, start)")

    def init(self):
        """Refuse to install or upgrade without the overlap guard: Odoo itself would only log its absence."""
        super().init()
        if sql.constraint_definition(self.env.cr, self._table, "salon_allocation_no_overlap"):
            return
        overlaps = self.env.execute_query(
            SQL(
                """SELECT a.id, b.id FROM salon_allocation a JOIN salon_allocation b
                     ON a.id < b.id AND a.resource_id = b.resource_id AND a.seat = b.seat AND a.blocking AND b.blocking
                    AND tsrange(a.start, a.stop, '[)') && tsrange(b.start, b.stop, '[)')
                  ORDER BY a.start LIMIT 20"""
            )
        )
        raise UserError(
            self.env._(
                "The guard against double booking could not be created. Resolve these pairs of overlapping "
                "allocations first: %(pairs)s",
                pairs=", ".join(f"{first}/{second}" for first, second in overlaps) or "?",
            )
        )

    @api.depends("resource_id", "start", "stop")
    def _compute_display_name(self):
        for allocation in self:
            allocation.display_name = allocation.resource_id.name or ""

    @api.constrains("resource_id", "seat")
    def _check_seat(self):
        for resource, allocations in self.sudo().grouped("resource_id").items():
            capacity = resource.salon_capacity
            if max(allocations.mapped("seat")) > capacity:
                raise ValidationError(
                    self.env._(
                        "%(resource)s has the seats 1 to %(capacity)d only: choose one of them.",
                        resource=resource.name,
                        capacity=capacity,
                    )
                    if capacity > 1
                    else self.env._("%(resource)s has one seat only: leave the seat at 1.", resource=resource.name)
                )

    def _check_by_hand(self):
        """People enter and change blocks; the time of visits and holds follows from those alone."""
        if not self.env.su and any(row.kind != "block" or row.line_id or not row.blocking for row in self):
            raise UserError(self.env._("Here are breaks and blocks only: move or cancel the visit itself."))

    @api.ondelete(at_uninstall=False)
    def _unlink_blocks_only(self):
        self._check_by_hand()

    @api.model_create_multi
    def create(self, vals_list):
        """Take the spans, after every other session that wants one of these resources is through."""
        self._lock({vals["resource_id"] for vals in vals_list if vals.get("resource_id")})
        with self._refused_in_words():
            allocations = super().create(vals_list)
        allocations._check_by_hand()
        return allocations

    def write(self, vals):
        self._check_by_hand()
        if {"resource_id", "start", "stop", "seat", "blocking"} & set(vals):
            self._lock({*self.resource_id.ids, vals.get("resource_id")} - {None, False})
        with self._refused_in_words():
            result = super().write(vals)
        self._check_by_hand()
        return result

    @contextmanager
    def _refused_in_words(self):
        """Say who is taken and when if a block is refused that somebody enters or moves by hand."""
        if self.env.su:
            yield
            return
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                yield
        except psycopg2.errors.ExclusionViolation as error:
            raise UserError(self._taken_message([], *self._read_violation(error))) from error

    @api.model
    def _lock(self, resource_ids):
        """Queue up for the resources until the transaction ends, always in the same order.

        Without it two sessions that want one slot still end with one winner, but through PostgreSQL's deadlock
        detection, which takes seconds.
        """
        if resource_ids:
            self.env.execute_query(
                SQL(
                    "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s) AS id",
                    LOCK_SPACE,
                    sorted(resource_ids),
                )
            )

    def _replace(self, vals_list):
        """Give up the allocations of ``self`` and take those of ``vals_list``, or change nothing.

        :param vals_list: values of allocations; in place of ``resource_id`` there may be ``choices``, ids of resources
            of which any one serves, the best first. The resource among them and the seat are chosen here; those of one
            visit with the same ``bond`` get the same resource.
        :return: the new allocations
        :raise UserError: a span is taken; the message names the resource, the time and the nearest free times,
            never who has it
        """
        wants = [
            (tuple(vals["choices"] if "choices" in vals else [vals["resource_id"]]), vals["start"], vals["stop"])
            for vals in vals_list
        ]
        resources = self.env["resource.resource"].browse({one for choices, *_span in wants for one in choices})
        seats = {resource.id: resource.salon_capacity for resource in resources.sudo()}
        choosing = [
            want
            for vals, want in zip(vals_list, wants, strict=True)
            if "choices" in vals or seats[want[0][0]] > 1
        ]
        taken = self._taken_seats(choosing)
        for _attempt in range(1 + sum(seats[one] for choices, *_span in wants for one in choices)):
            places, unplaced = self._place(vals_list, wants, taken, seats)
            if places is None:
                raise UserError(self._unplaced_message(vals_list, unplaced, taken))
            chosen = [
                {
                    **{name: value for name, value in vals.items() if name not in ("choices", "bond")},
                    "resource_id": one,
                    "seat": seat,
                }
                for vals, (one, seat) in zip(vals_list, places, strict=True)
            ]
            resource_ids = {one for one, _seat in places}
            try:
                # The locks of an attempt that fails go with its savepoint: nobody waits for what is not taken.
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    self._lock(resource_ids | set(self.resource_id.ids))
                    self._drop_lapsed_holds(resource_ids)
                    self.unlink()
                    return self.create(chosen)
            except psycopg2.errors.ExclusionViolation as error:
                resource_id, spans = self._read_violation(error)
                seat = self._read_seat(error)
                known = (resource_id, seat, *spans[-1]) if resource_id and seat and spans else None
                seats_there = [sum(seats[one] for one in want[0]) for want in wants if resource_id in want[0]]
                if not known or known[1:] in taken.get(resource_id, ()) or max(seats_there, default=1) == 1:
                    raise UserError(self._taken_message(chosen, resource_id, spans)) from error
                # A seat that this transaction's snapshot does not show as taken: choose again without it.
                taken.setdefault(resource_id, []).append(known[1:])
        raise UserError(self._taken_message(chosen, resource_id, spans))

    @api.model
    def _place(self, vals_list, wants, taken, seats):
        """Choose resource and seat of each want (tools/placing.py), one visit after the other.

        :return: as ``place`` of tools/placing.py
        """
        lines = self.env["salon.visit.line"].browse([vals.get("line_id") for vals in vals_list])
        groups = {}
        for index, line in enumerate(lines):
            groups.setdefault(line.visit_id.id if line.id else index, []).append(index)
        taken = {resource_id: list(spans) for resource_id, spans in taken.items()}
        places = {}
        for indexes in groups.values():
            own, own_vals = [wants[index] for index in indexes], [vals_list[index] for index in indexes]
            bonds = [vals.get("bond") for vals in own_vals]
            found, unplaced = placing.place(own, taken, seats, self._place_rule(own_vals, own), bonds)
            if not found:
                return None, indexes[unplaced]
            for index, (resource_id, seat) in zip(indexes, found, strict=True):
                places[index] = (resource_id, seat)
                taken.setdefault(resource_id, []).append((seat, *wants[index][1:]))
        return [places[index] for index in range(len(wants))], None

    @api.model
    def _place_rule(self, vals_list, wants):
        """Return the function ``allowed`` of tools/placing.py for the wants of one visit; addons say what belongs
        together."""
        return None

    def _taken_seats(self, wants):
        """Return ``{resource id: [(seat, start, stop)]}`` of what others have of the choices of ``wants``."""
        if not wants:
            return {}
        rows = self._search_busy(
            {one for choices, *_span in wants for one in choices},
            min(start for _choices, start, _stop in wants),
            max(stop for _choices, _start, stop in wants),
        )
        taken = {}
        for row in rows - self:
            taken.setdefault(row.resource_id.id, []).append((row.seat, row.start, row.stop))
        return taken

    @api.model
    def _unplaced_message(self, vals_list, index, taken):
        """Say which resource has no seat left for the want at ``index``."""
        vals = vals_list[index]
        resource_id = vals.get("resource_id") or vals["choices"][0]
        spans = [(start, stop) for _seat, start, stop in taken.get(resource_id, ())]
        spans = [span for span in spans if span[0] < vals["stop"] and vals["start"] < span[1]]
        return self._taken_message(
            [{**vals, "resource_id": resource_id}], resource_id, [(vals["start"], vals["stop"]), *spans]
        )

    @api.model
    def _read_violation(self, error):
        """Return ``(resource_id, [wanted span, taken span])`` of an ExclusionViolation, as far as it tells."""
        detail = error.diag.message_detail or ""
        resource = _DETAIL_RESOURCE.search(detail)
        spans = [
            tuple(fields.Datetime.to_datetime(moment.strip()) for moment in span)
            for span in _DETAIL_SPANS.findall(detail)
        ]
        return (int(resource[1]) if resource else None), spans

    @api.model
    def _read_seat(self, error):
        seat = _DETAIL_SEAT.search(error.diag.message_detail or "")
        return int(seat[1]) if seat else None

    @api.model
    def _taken_message(self, vals_list, resource_id, spans):
        """Say which resource is taken, when, and which free times are nearest; never by whom."""
        resource = self.env["resource.resource"].sudo().browse(resource_id)
        if not resource_id or not spans:
            return self.env._("This time is already taken. Choose another time or another master.")
        company = resource.company_id or self.env.company
        start, stop = spans[0]
        vals = next((v for v in vals_list if v["resource_id"] == resource_id and v["start"] == start), {})
        line = self.env["salon.visit.line"].browse(vals.get("line_id"))
        free, masters = self._free_instead(resource, line, spans[1:])
        message = self.env._(
            "%(who)s is already taken on %(day)s at %(start)s–%(stop)s.",
            who=resource.name,
            day=company._salon_format(start, "EEEE, d MMMM"),
            start=company._salon_format(start, "HH:mm"),
            stop=company._salon_format(stop, "HH:mm"),
        )
        if line and free:
            message += "\n" + self.env._(
                "Nearest free times: %(times)s.",
                times=", ".join(company._salon_format(moment, "HH:mm") for moment in free),
            )
        elif line:
            message += "\n" + self.env._("There is no other free time on that day: choose another day or master.")
        if masters:
            message += "\n" + line._free_masters_text(masters)
        return message

    @api.model
    def _free_instead(self, resource, line, also_taken):
        """Return what ``line`` can have in place of a taken resource: starts of its master, other masters."""
        employee = self.env["hr.employee"].sudo()
        employee = employee.search([("resource_id", "=", resource.id)], limit=1) if line else employee
        return line._free_instead(employee, also_taken) if employee else ([], employee)

    @api.model
    def _drop_lapsed_holds(self, resource_ids):
        self.sudo().search(
            [
                ("kind", "=", "hold"),
                ("resource_id", "in", list(resource_ids)),
                ("hold_until", "<", fields.Datetime.now()),
            ],
            order="id",
        ).unlink()

    @api.model
    def _cron_drop_lapsed_holds(self):
        """Give the time of lapsed holds back; bookings of the same resource do so at once by themselves."""
        self.search([("kind", "=", "hold"), ("hold_until", "<", fields.Datetime.now())]).unlink()

    @api.model
    def _busy_spans(self, resource_ids, start, stop, exclude_line_ids=()):
        """Return ``{resource_id: [(start, stop), ...]}`` in naive UTC of what blocks the resources, by one query."""
        busy = {resource_id: [] for resource_id in resource_ids}
        for row in self._search_busy(resource_ids, start, stop, exclude_line_ids):
            busy[row.resource_id.id].append((row.start, row.stop))
        return busy

    @api.model
    def _search_busy(self, resource_ids, start, stop, exclude_line_ids=()):
        """Return, in time order, what blocks the resources between two moments (naive UTC), lapsed holds left out."""
        domain = [
            ("resource_id", "in", list(resource_ids)),
            ("blocking", "=", True),
            ("start", "<", stop),
            # Nothing lasts longer (_short_span); the bound lets the index on (resource, start) serve.
            ("start", ">", start - timedelta(days=2)),
            ("stop", ">", start),
            "|",
            ("hold_until", "=", False),
            ("hold_until", ">", fields.Datetime.now()),
        ]
        if exclude_line_ids:
            domain += ["|", ("line_id", "=", False), ("line_id", "not in", list(exclude_line_ids))]
        return self.sudo().search_fetch(domain, ["resource_id", "seat", "start", "stop"], order="start")
