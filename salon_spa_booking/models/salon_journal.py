import logging
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.salon_spa.models.salon_visit_line import _DEFERRED, CLOSED, PHASES, STATE_COLORS
from odoo.addons.salon_spa.tools import roster

from .salon_allocation import NOT_AVAILABLE
from .salon_journal_mixin import PENDING

_logger = logging.getLogger(__name__)

DESK = "salon_spa.group_salon_administrator"
PAYABLE = {"booked", "confirmed", "arrived", "done"}
# The board shows at least these hours (minutes of the day), also when nobody works.
USUAL_HOURS = (9 * 60, 20 * 60)
DAY = 24 * 60
# What a drop on the board may change.
MOVABLE = {"start", "stop", "employee_id", "room_id", "is_chained", "is_parallel", "is_room_chosen"}
# Changes of more visits than this at once are told to a master in one message.
NEWS_LIMIT = 20


class SalonJournal(models.AbstractModel):
    """What the journal shows and does: the visit lines of some days on a board of masters or rooms.

    Every time that goes to the board or comes from it is an ISO string of the salon's wall clock without a zone
    ("2030-03-04T10:00:00"), so that a reader in another time zone sees the salon's clock.
    """

    _name = "salon.journal"
    _description = "Journal"

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def read_days(self, start_date, end_date, mode="masters", domain=None):
        """Return the board of the current company from ``start_date`` to ``end_date``, both included.

        The number of queries does not grow with masters, visits or days.

        :param start_date: local day of the salon, as a string, like ``end_date``
        :param mode: "masters" or "rooms": what the columns are
        :param domain: of salon.visit.line: which lines are shown; loads and totals of masters do not depend on it
        :return: dict of ``columns``, ``open`` (working time), ``blocks``, ``events``, ``totals`` per day and what the
            clock says
        :raise AccessError: the user does not work in a salon
        """
        self.env["salon.visit.line"].check_access("read")
        company = self.env.company
        mode = mode if mode in self._get_modes() else "masters"
        first, last = fields.Date.to_date(start_date), fields.Date.to_date(end_date)
        low = company._salon_utc(datetime.combine(first, time.min))
        high = company._salon_utc(datetime.combine(last + timedelta(days=1), time.min))
        rows = self._find_rows(company, first, last, low, high, domain)
        columns, spans, leaves = self._get_columns(mode, company, rows, low, high)
        local = self._clock(company)
        taken = self._read_allocations(columns, low, high)
        events = self._read_events(mode, rows, local)
        blocks = self._read_blocks(columns, leaves, taken, local, low, high)
        self._add_loads(mode, company, columns, spans, taken)
        opened = [
            {"column": column["id"], "start": local(start), "stop": local(stop)}
            for column in columns
            for start, stop in spans[column["id"]]
        ]
        busy = {event["column"] for event in events} | {block["column"] for block in blocks if block["block_type"]}
        for column in columns:
            column["works"] = bool(spans[column["id"]]) or column["id"] in busy
        now = fields.Datetime.now()
        return {
            "columns": sorted(columns, key=lambda column: not column["works"]),
            "open": opened,
            "blocks": blocks,
            "events": events,
            "totals": self._get_totals(columns, rows),
            "hours": self._get_hours(opened, events),
            "today": fields.Date.to_string(company._salon_today(now)),
            "offset": company._salon_tz().fromutc(now).isoformat()[-6:],
            "currency_id": company.currency_id.id,
            "company_id": company.id,
            "is_desk": self.env.user.has_group(DESK),
            "mode": mode,
            "modes": self._get_modes(),
        }

    @api.model
    def _get_modes(self):
        """Return what the columns can be: rooms, which everybody's visits fill, are the desk's."""
        if not self.env.user.has_group(DESK):
            return ["masters"]
        rooms = self.env["salon.room"].sudo().search_count([("company_id", "=", self.env.company.id)], limit=1)
        return ["masters", "rooms"] if rooms else ["masters"]

    @api.model
    def _find_rows(self, company, first, last, low, high, domain):
        """Return what the board shows of the lines that the reader may see, a dict for each, in order of time.

        The lines are searched as anybody searches them, with the reader's rights; what they show is then read in one
        statement, which takes a tenth of the time of records and their caches.
        """
        day = timedelta(days=1)
        line_ids = self.env["salon.visit.line"]._search(
            Domain(domain or Domain.TRUE)
            & Domain("company_id", "=", company.id)
            # A line may begin on the day before; the stored day lets the index serve.
            & Domain("date", ">=", first - day)
            & Domain("date", "<=", last)
            & Domain("kind", "=", "service")
            & Domain("start", "<", high)
            & Domain("stop", ">", low)
        ).get_result_ids()
        if not line_ids:
            return []
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """SELECT line.id, line.visit_id, line.client_id, line.product_id, line.employee_id, line.room_id,
                          line.start, line.stop, line.date, line.state, line.price_total, %s,
                          line.pass_amount, visit.payment_state, visit.amount_due, visit.booking_source, visit.note,
                          client.name AS client, client.client_state, client.birth_day, client.birth_month,
                          COALESCE(client.phone_sanitized, client.phone) AS phone,
                          master.name AS master, room.name AS room
                     FROM salon_visit_line line
                     JOIN salon_visit visit ON visit.id = line.visit_id
                LEFT JOIN res_partner client ON client.id = line.client_id
                LEFT JOIN hr_employee master ON master.id = line.employee_id
                LEFT JOIN salon_room room ON room.id = line.room_id
                    WHERE line.id = ANY(%s)
                 ORDER BY line.start, line.id""",
                SQL(", ").join(SQL.identifier("line", name) for name in PHASES),
                list(line_ids),
            )
        )

    @api.model
    def _clock(self, company):
        """Return a function that writes a naive UTC datetime as the salon's wall clock, in ISO."""
        tz = company._salon_tz()

        def local(moment):
            return tz.fromutc(moment).replace(tzinfo=None).isoformat()

        return local

    @api.model
    def _get_columns(self, mode, company, rows, low, high):
        """Return ``(columns, open spans by column id, leaves by column id)``."""
        if mode == "rooms":
            return self._get_rooms(company, rows, low, high)
        masters = self._get_masters(company, rows)
        desk = self.env.user.has_group(DESK)
        columns = [
            {
                "id": master.id,
                "name": master.name,
                "color": master.salon_color,
                "image": f"/web/image/hr.employee.public/{master.id}/avatar_128",
                # What takes a colleague's time is not a master's to know.
                "resource_id": (desk or master.user_id == self.env.user) and master.resource_id.id,
                "capacity": 1,
            }
            for master in masters
        ]
        spans = self.env["salon.shift"]._get_working_spans(masters, low, high)
        leaves = self.env["salon.shift"]._get_leave_spans(masters, low, high)
        if any(not row["employee_id"] for row in rows):
            columns.append(self._no_column(self.env._("No master")))
            spans[0] = leaves[0] = []
        return columns, spans, leaves

    @api.model
    def _no_column(self, name):
        """Return the column of what has no place yet."""
        return {"id": 0, "name": name, "color": 0, "image": False, "resource_id": False, "capacity": 0}

    @api.model
    def _get_rooms(self, company, rows, low, high):
        rooms = self.env["salon.room"].sudo().search_fetch(
            (Domain("company_id", "=", company.id) & Domain("active", "=", True))
            | Domain("id", "in", [row["room_id"] for row in rows if row["room_id"]]),
            ["name", "color", "resource_id", "capacity"],
        )
        columns = [
            {
                "id": room.id,
                "name": room.name,
                "color": room.color,
                "image": False,
                "resource_id": room.resource_id.id,
                "capacity": room.capacity,
            }
            for room in rooms
        ]
        # A room without opening hours is open whenever somebody works.
        masters = self._get_masters(company, [])
        work = self.env["salon.shift"]._get_working_spans(masters, low, high)
        anybody = roster.merge(span for spans in work.values() for span in spans)
        hours = self.env["resource.resource"]._salon_open_spans(rooms.resource_id.ids, company, low, high, anybody)
        spans = {room.id: hours[room.resource_id.id] for room in rooms}
        if any(not row["room_id"] for row in rows):
            columns.append(self._no_column(self.env._("No room")))
            spans[0] = []
        return columns, spans, {column["id"]: [] for column in columns}

    @api.model
    def _get_masters(self, company, rows):
        """Return the masters (sudo) who have a column: of the company; for a master the own one and who shares it."""
        # By sudo: employees are read by officers only, and the board needs no more than a name and a colour.
        employees = self.env["hr.employee"].sudo()
        domain = Domain("is_master", "=", True) & Domain("company_id", "=", company.id)
        if not self.env.user.has_group(DESK):
            domain &= Domain("user_id", "=", self.env.uid)
        # Who has left may still have visits to show.
        booked = [row["employee_id"] for row in rows if row["employee_id"]]
        return employees.search_fetch(
            (domain & Domain("active", "=", True)) | Domain("id", "in", booked),
            ["name", "salon_color", "resource_id", "company_id", "user_id"],
            order="name, id",
        )

    @api.model
    def _read_allocations(self, columns, low, high):
        """Return ``{column id: [row]}`` of what takes the columns' time, by one query; naive UTC."""
        by_resource = {column["resource_id"]: column["id"] for column in columns if column["resource_id"]}
        taken = defaultdict(list)
        if not by_resource:
            return taken
        # The columns are those that the reader may see; nothing of a visit is read here but its time.
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT taken.id, taken.resource_id, taken.start, taken.stop, taken.kind, taken.block_type,
                          taken.note, taken.line_id,
                          COALESCE(line.prep_minutes + line.cleanup_minutes, 0) AS buffers
                     FROM salon_allocation taken
                LEFT JOIN salon_visit_line line ON line.id = taken.line_id
                    WHERE taken.resource_id = ANY(%s) AND taken.blocking
                      AND taken.start < %s AND taken.start > %s AND taken.stop > %s
                      AND (taken.hold_until IS NULL OR taken.hold_until > %s)
                 ORDER BY taken.start, taken.id""",
                list(by_resource),
                high,
                # Nothing lasts longer than two days; the bound lets the index on (resource, start) serve.
                low - timedelta(days=2),
                low,
                fields.Datetime.now(),
            )
        )
        for row in rows:
            taken[by_resource[row["resource_id"]]].append(row)
        return taken

    @api.model
    def _read_events(self, mode, rows, local):
        products = self.env["product.product"].sudo().browse({row["product_id"] for row in rows})
        services = {product.id: product.display_name for product in products}
        warned = self._contraindicated({row["client_id"] for row in rows if row["client_id"]})
        may_call = not self.env["res.partner"]._salon_hides_contacts()
        walk_in = self.env._("Walk-in")
        desk = self.env.user.has_group(DESK)
        place, other = ("room_id", "master") if mode == "rooms" else ("employee_id", "room")
        events = []
        for row in rows:
            start, stop = local(row["start"]), local(row["stop"])
            if stop <= start:
                # The hour that the autumn change repeats, or a service without a length.
                length = max(row["stop"] - row["start"], timedelta(minutes=5))
                stop = (datetime.fromisoformat(start) + length).isoformat()
            events.append(
                {
                    "id": row["id"],
                    "visit_id": row["visit_id"],
                    "column": row[place] or 0,
                    "start": start,
                    "stop": stop,
                    "phases": [row[name] for name in PHASES],
                    "state": row["state"],
                    "color": STATE_COLORS.get(row["state"], 0),
                    "client": row["client"] or walk_in,
                    "service": services[row["product_id"]],
                    "other": row[other] or "",
                    "amount": row["price_total"],
                    "icons": self._get_icons(row, warned),
                    "call": (may_call and row["phone"]) or "",
                    "editable": desk and row["state"] not in CLOSED,
                    "can_pay": bool(desk and row["amount_due"] and row["state"] in PAYABLE),
                }
            )
        return events

    @api.model
    def _contraindicated(self, client_ids):
        """Return the ids of those clients who have contraindications, none for who may not read medical notes."""
        if not self.env.user.has_group("salon_spa.group_salon_medical"):
            return set()
        domain = [("id", "in", list(client_ids)), ("contraindication_ids", "!=", False)]
        return set(self.env["res.partner"].sudo().with_context(active_test=False).search(domain).ids)

    @api.model
    def _get_icons(self, row, warned):
        """Return the names of the marks that the event carries; static/src/journal knows their pictures."""
        day = row["date"]
        marks = {
            "new": row["client_state"] == "prospect" and row["state"] != "done",
            "birthday": row["birth_day"] == day.day and int(row["birth_month"] or 0) == day.month,
            "medical": row["client_id"] in warned,
            "note": row["note"],
            "online": row["booking_source"] == "online",
            "pass": row["pass_amount"],
            "deposit": row["payment_state"] == "deposit",
            "unpaid": row["state"] in ("arrived", "done") and row["amount_due"],
        }
        return [name for name, is_set in marks.items() if is_set]

    @api.model
    def _read_blocks(self, columns, leaves, taken, local, low, high):
        """Return what is greyed: leaves (``block_type`` False), blocks and holds of the columns."""
        labels = dict(self.env["salon.allocation"]._fields["block_type"]._description_selection(self.env))
        leave, hold = self.env._("Leave"), self.env._("Held")
        desk = self.env.user.has_group(DESK)
        blocks = []
        for column in columns:
            for start, stop in leaves[column["id"]]:
                blocks.append(self._block(column, local(max(start, low)), local(min(stop, high)), leave))
            alike = {}
            for row in taken[column["id"]]:
                key = (row["start"], row["stop"], row["kind"], row["block_type"], row["note"])
                if row["kind"] == "visit":
                    continue
                if key in alike:
                    # To the eye the seats of a room are blocked as one, and a drag must not tear them apart.
                    alike[key]["editable"] = False
                    continue
                name = labels.get(row["block_type"], hold)
                name = f"{name}: {row['note']}" if row["note"] else name
                alike[key] = {
                    **self._block(column, local(row["start"]), local(row["stop"]), name),
                    "id": row["id"],
                    "block_type": row["block_type"] or row["kind"],
                    "editable": desk and row["kind"] == "block",
                }
            blocks += alike.values()
        return blocks

    @api.model
    def _block(self, column, start, stop, name):
        return {
            "id": 0,
            "column": column["id"],
            "start": start,
            "stop": stop,
            "block_type": False,
            "name": name,
            "editable": False,
        }

    @api.model
    def _add_loads(self, mode, company, columns, spans, taken):
        """Set on each column the minutes that are booked, those that can be, and their ratio in percent.

        As the load reports define them. Staff occupancy: booked are the master's minutes of visits (processing left
        out, preparation and clean-up counted if the settings say so); available are the shifts less leaves and blocks.
        Room utilisation: minutes that the seats are taken by visits, of the opening hours of all seats less
        maintenance.
        """
        rooms = mode == "rooms"
        lost = {"maintenance"} if rooms else set(NOT_AVAILABLE)
        for column in columns:
            rows = taken[column["id"]]
            work = spans[column["id"]]
            booked = sum(_length(row["start"], row["stop"]) for row in rows if row["kind"] == "visit")
            if not rooms and not company.salon_load_buffers:
                booked -= sum({row["line_id"]: row["buffers"] for row in rows if row["kind"] == "visit"}.values())
            blocked = sum(
                max(_length(max(row["start"], start), min(row["stop"], stop)), 0)
                for row in rows
                if row["kind"] == "block" and row["block_type"] in lost
                for start, stop in work
            )
            opened = sum(_length(start, stop) for start, stop in work) * column["capacity"]
            available = max(opened - blocked, 0)
            column.update(booked=booked, available=available, load=_percent(booked, available))

    @api.model
    def _get_totals(self, columns, rows):
        """Return the figures of the days: visits shown, booked and available minutes of columns, load in percent."""
        booked = sum(column["booked"] for column in columns)
        available = sum(column["available"] for column in columns)
        live = self.env["salon.visit"]._live_states()
        return {
            "visits": len({row["visit_id"] for row in rows if row["state"] in live}),
            "booked": booked,
            "available": available,
            "load": _percent(booked, available),
        }

    @api.model
    def _get_hours(self, opened, events):
        """Return the minutes of the day ``[from, to]``, of whole hours, that the board has to show."""
        low, high = (None, None)
        for item in (*opened, *events):
            start, stop = datetime.fromisoformat(item["start"]), datetime.fromisoformat(item["stop"])
            begin = start.hour * 60 + start.minute
            end = stop.hour * 60 + stop.minute if stop.date() == start.date() else DAY
            low, high = min(low, begin) if low is not None else begin, max(high, end) if high is not None else end
            if stop.date() != start.date():
                low = 0
        if low is None:
            low, high = USUAL_HOURS
        return [low // 60 * 60, min(-(-high // 60) * 60, DAY)]

    # ------------------------------------------------------------------
    # One event
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def read_line(self, line_id):
        """Return the facts about a visit line for its card on the board.

        :raise AccessError: the line is not one of the reader's
        """
        line = self._existing("salon.visit.line", line_id)
        visit, client = line.visit_id, line.sudo().client_id
        labels = dict(line._fields["state"]._description_selection(self.env))
        payments = dict(visit._fields["payment_state"]._description_selection(self.env))
        warnings = visit.warning_text if visit.state not in CLOSED else False
        return {
            "id": line.id,
            "visit_id": visit.id,
            "number": visit.name,
            "client": client.name or self.env._("Walk-in"),
            "client_id": client.id,
            "phone": line.phone_display or "",
            "call": (not client._salon_hides_contacts() and (client.phone_sanitized or client.phone)) or "",
            "day": line.company_id._salon_format(line.start, "EEEE, d MMMM"),
            "time": "–".join(line.company_id._salon_format(moment, "HH:mm") for moment in (line.start, line.stop)),
            "services": [
                {
                    "id": other.id,
                    "name": other.product_id.display_name,
                    "master": other.sudo().employee_id.name or "",
                    "time": other.company_id._salon_format(other.start, "HH:mm") if other.start else "",
                    "client": other.sudo().client_id.name if visit.with_guests else "",
                }
                for other in visit._live_lines().sorted(lambda other: (other.start or datetime.max, other.id))
            ],
            "state": line.state,
            "visit_state": visit.state,
            "state_label": labels[line.state],
            "color": STATE_COLORS.get(line.state, 0),
            "amount": visit.currency_id.format(visit.amount_total),
            "payment": payments[visit.payment_state] if visit.payment_state != "unpaid" else "",
            "due": visit.currency_id.format(visit.amount_due) if 0 < visit.amount_due < visit.amount_total else "",
            "note": visit.note or "",
            "wishes": visit.preference_note or "",
            "last_time": visit.last_time_text or "",
            "warnings": warnings or "",
            "is_new": visit.is_first_visit,
            "is_birthday": visit.is_birthday,
            "can_pay": visit.can_pay,
        }

    @api.model
    def _existing(self, model, record_id):
        """:raise UserError: the record is gone; the board shows the past"""
        record = self.env[model].browse(int(record_id)).exists()
        if not record:
            raise UserError(self.env._("This was deleted in the meantime."))
        record.check_access("read")
        return record

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------

    @api.model
    def move(self, line_id, values, reason=None):
        """Give a line another time, master or length, as a drop on the board says, with every check of the visit.

        The line alone is moved. Services chained after it follow, as everywhere.

        :param values: dict with any of ``start`` and ``stop`` (salon's wall clock in ISO; UTC with a "Z" at the end),
            ``employee_id``, ``room_id``; with ``whole`` the visit's other services keep their distance to the line;
            ``seen`` is what the caller believes: ``{name: value}``
        :param reason: why to book in spite of warnings
        :return: ``{"warnings": [sentences]}`` when nothing was done because a reason has to be given, else
            ``{"undo": values, "followed": bool}``; ``undo`` takes it back through this same method
        :raise UserError: the time is taken, the visit is closed, or it is not any more what the caller saw
        """
        line = self._existing("salon.visit.line", line_id)
        visit = line.visit_id
        unknown = set(values) - MOVABLE - {"whole", "seen"}
        if unknown:
            raise ValueError(f"Unknown values: {', '.join(sorted(unknown))}")
        self._check_seen(line, values.get("seen") or {})
        undo = self._undo_values(line, values)
        if values.get("whole"):
            changes = self._whole_changes(line, values)
        else:
            changes = {line: self._line_values(line, values)}
        chained = visit._live_lines().filtered(lambda other: other.kind == "service") - line
        before = {other: other.start for other in chained}
        line._check_open()
        with self.env.cr.savepoint() as savepoint:
            if reason:
                visit.override_reason = reason
            for other, vals in changes.items():
                other.with_context(salon_deferred=_DEFERRED).write(vals)
            visit._rechain()
            planned = visit.state in ("requested", "booked", "confirmed")
            warnings = self._get_open_warnings(visit) if planned and not reason else []
            if warnings:
                savepoint.rollback()
                return {"warnings": warnings}
            visit._lines_changed()
        undo["seen"] = self._seen(line, values)
        return {
            "undo": undo,
            "followed": any(other.start != start for other, start in before.items()),
            "left_behind": any(other.start == start for other, start in before.items()),
        }

    @api.model
    def move_block(self, block_id, values):
        """Give a break or another block another time, length or place, as a drop on the board says.

        :param values: dict with any of ``start`` and ``stop`` (as ``move`` takes them), ``resource_id``, and ``seen``,
            the start and resource that the caller believes
        :return: ``{"undo": values}``, which take it back through this same method
        :raise UserError: the time is taken, it is no block, or it is not any more where the caller saw it
        """
        block = self._existing("salon.allocation", block_id)
        unknown = set(values) - {"start", "stop", "resource_id", "seen"}
        if unknown:
            raise ValueError(f"Unknown values: {', '.join(sorted(unknown))}")
        moments = {name: self._moment(block.company_id, values[name]) for name in ("start", "stop") if name in values}
        seen = values.get("seen") or {}
        seen_start = self._moment(block.company_id, seen["start"]) if seen.get("start") else block.start
        if (seen_start, seen.get("resource_id", block.resource_id.id)) != (block.start, block.resource_id.id):
            raise UserError(self.env._("This block was changed in the meantime: look at it before you move it."))
        undo = {**self._block_place(block), "stop": f"{block.stop.isoformat()}Z"}
        start = moments.get("start", block.start)
        stop = moments.get("stop", start + (block.stop - block.start))
        if stop <= start:
            raise UserError(self.env._("The end lies before the start."))
        block.write({"start": start, "stop": stop, "resource_id": values.get("resource_id", block.resource_id.id)})
        return {"undo": {**undo, "seen": self._block_place(block)}}

    @api.model
    def _block_place(self, block):
        return {"start": f"{block.start.isoformat()}Z", "resource_id": block.resource_id.id}

    @api.model
    def _line_values(self, line, values):
        """Turn what the board says into values of the line."""
        vals = {}
        start = self._moment(line.company_id, values["start"]) if values.get("start") else line.start
        if start != line.start:
            # A time of its own keeps the line where it was dropped.
            vals.update(start=start, is_chained=False, is_parallel=False)
        if values.get("stop"):
            vals["stop"] = self._moment(line.company_id, values["stop"])
            if vals["stop"] <= start:
                raise UserError(self.env._("The end lies before the start."))
        for name in (MOVABLE - {"start", "stop"}) & set(values):
            vals[name] = values[name]
        return vals

    @api.model
    def _whole_changes(self, line, values):
        """Return ``{line: values}`` that move the visit's lines as far as ``line``, whose time is ``start``."""
        company = line.company_id
        shift = self._moment(company, values["start"]) - line.start
        lines = line.visit_id._live_lines().filtered("start")
        return {other: {"start": other.start + shift} for other in lines}

    @api.model
    def _moment(self, company, text):
        """Read a time from the board as naive UTC."""
        moment = datetime.fromisoformat(text.removesuffix("Z"))
        return moment if text.endswith("Z") else company._salon_utc(moment)

    @api.model
    def _undo_values(self, line, values):
        """Return the values that bring the line back to where it is now."""
        undo = {"start": f"{line.start.isoformat()}Z"}
        if values.get("whole"):
            return {**undo, "whole": True}
        undo.update(is_chained=line.is_chained, is_parallel=line.is_parallel)
        undo.update(room_id=line.room_id.id, is_room_chosen=line.is_room_chosen)
        if "employee_id" in values or "stop" in values:
            undo.update(employee_id=line.employee_id.id, stop=f"{line.stop.isoformat()}Z")
        return undo

    @api.model
    def _seen(self, line, values):
        return {"start": f"{line.start.isoformat()}Z", "employee_id": line.employee_id.id}

    @api.model
    def _check_seen(self, line, seen):
        """:raise UserError: somebody else has moved the line since the caller looked"""
        start = seen.get("start") and self._moment(line.company_id, seen["start"])
        if (start and start != line.start) or seen.get("employee_id", line.employee_id.id) != line.employee_id.id:
            raise UserError(
                self.env._(
                    "%(visit)s was changed in the meantime: look at it before you move it.",
                    visit=line.visit_id.display_name,
                )
            )

    @api.model
    def _get_open_warnings(self, visit):
        """Return the warnings about the visit as it stands that a reason would cover, as sentences.

        Those that nothing covers are left to the booking itself, which refuses.
        """
        warnings = visit._get_warnings()
        if any(warning["blocking"] for warning in warnings):
            return []
        return [text for warning in visit._not_overridden(warnings) for text in visit._warning_texts(warning)]

    @api.model
    def paste(self, visit_id, start, employee_id=None, room_id=None, reason=None):
        """Book the services of a visit once more, from ``start`` (salon's wall clock in ISO), at today's prices.

        :param employee_id: master of the column it was pasted into: serves what the first service's master served
        :param room_id: room of the column it was pasted into, for the first service
        :param reason: why to book in spite of warnings
        :return: ``{"warnings": [sentences]}`` when nothing was done because a reason has to be given, else
            ``{"visit_id": id of the new visit}``
        :raise UserError: the time is taken, or the visit has no services
        """
        visit = self._existing("salon.visit", visit_id)
        visit._check_desk()
        if not visit.start:
            raise UserError(self.env._("%(visit)s has no time yet.", visit=visit.display_name))
        delta = datetime.fromisoformat(start) - visit.company_id._salon_local(visit.start)
        with self.env.cr.savepoint() as savepoint:
            copy = visit._copy_moved_by(delta)
            lines = copy.line_ids.filtered("employee_id").sorted(lambda line: (line.start, line.id))
            if employee_id and lines:
                replaced = lines[0].employee_id
                lines.filtered(lambda line: line.employee_id == replaced).write({"employee_id": employee_id})
            if room_id and lines:
                lines[0].room_id = room_id
            if reason:
                copy.override_reason = reason
            warnings = [] if reason else self._get_open_warnings(copy)
            if warnings:
                savepoint.rollback()
                return {"warnings": warnings}
            copy.action_book()
        return {"visit_id": copy.id}

    # ------------------------------------------------------------------
    # News
    # ------------------------------------------------------------------

    def _tell_changes(self):
        """Tell open journals and masters what the transaction that has just been committed changed."""
        pending = self.env.cr.postcommit.data.pop(PENDING)
        try:
            with self.env.registry.cursor() as cr:
                self.with_env(self.env(cr=cr, su=True))._tell_journals(pending["days"])
            with self.env.registry.cursor() as cr:
                self.with_env(self.env(cr=cr, su=True))._tell_masters(pending["lines"])
        except Exception:
            # The change itself is kept already: whoever made it must not read that it failed, and repeat it.
            _logger.exception("Changes in the journal could not be told")

    @api.model
    def _tell_journals(self, days):
        """Let the journals that show one of ``days`` (``{(company id, date)}``) fetch it again.

        Everybody of the salon hears it, so that it says no more than which days.
        """
        by_company = defaultdict(list)
        for company_id, day in days:
            by_company[company_id].append(fields.Date.to_string(day))
        group = self.env.ref("salon_spa.group_salon_master")
        for company_id, dates in by_company.items():
            group._bus_send("salon.journal", {"company_id": company_id, "dates": sorted(dates)})

    @api.model
    def _tell_masters(self, before):
        """Tell masters of own visits ahead that somebody else has booked, moved or cancelled.

        :param before: ``{line id: what salon.visit.line._journal_state() told before the change, None for new ones}``
        """
        if not before:
            return
        lines = self.env["salon.visit.line"].browse(before).exists()
        after = {line.id: line._journal_state() for line in lines}
        now = fields.Datetime.now()
        news = defaultdict(list)
        for line_id, old in before.items():
            new = after.get(line_id)
            was = old and old["live"] and old["start"] and old["employee_id"]
            now_has = new and new["live"] and new["start"] and new["employee_id"]
            if was and was != now_has and old["start"] > now:
                news[was].append(("cancelled", old, None))
            if now_has and was != now_has and new["start"] > now:
                news[now_has].append(("new", new, None))
            if was and was == now_has and old["start"] != new["start"] and max(old["start"], new["start"]) > now:
                news[was].append(("moved", new, old["start"]))
        for employee in self.env["hr.employee"].browse(news):
            user = employee.user_id
            if user and user.id != self.env.uid:
                try:
                    # What one master can't be told does not silence the others.
                    with self.env.cr.savepoint():
                        self._tell_master(user, news[employee.id])
                except Exception:
                    _logger.exception("%s could not be told of changes", employee.name)

    @api.model
    def _tell_master(self, user, news):
        """Tell one master, by the channels of the own choice; a series or an import is one message.

        :param news: list of ``(event, state of the line, former start or None)``
        """
        by_event = defaultdict(list)
        for event, state, old_start in news:
            if user[f"salon_notice_{event}"] != "none":
                by_event[event].append((state, old_start))
        for event, rows in by_event.items():
            channel = user[f"salon_notice_{event}"]
            visits = self.env["salon.visit"].browse([state["visit_id"] for state, _old_start in rows])
            visits = visits.with_context(lang=user.lang, salon_notice_channel=channel)
            env = visits.env
            title = {"new": env._("New visit"), "moved": env._("Visit moved"), "cancelled": env._("Visit cancelled")}
            known = visits.exists()
            rows = [(visit, *row) for visit, row in zip(visits, rows, strict=True) if visit in known]
            if len(rows) > NEWS_LIMIT:
                starts = sorted(state["start"] for _visit, state, _old_start in rows)
                first, last = (self._news_time(known[0], moment) for moment in (starts[0], starts[-1]))
                text = env._("%(count)s visits, %(first)s to %(last)s", count=len(rows), first=first, last=last)
                told = [(known[-1], text)]
            else:
                told = [(row[0], self._news_text(*row)) for row in rows]
            for visit, text in told:
                # The title is in the body too: lists of messages show nothing else.
                news = f"{title[event]}: {text}"
                visit.message_notify(partner_ids=user.partner_id.ids, subject=news, body=news)
                if channel == "inbox":
                    values = {"title": title[event], "message": text, "type": "info"}
                    user._bus_send("simple_notification", values)

    @api.model
    def _news_text(self, visit, state, old_start):
        service = visit.env["product.product"].browse(state["product_id"]).display_name
        text = ", ".join(filter(None, [self._news_time(visit, state["start"]), state["client"], service]))
        if not old_start:
            return text
        before = self._news_time(visit, old_start)
        return visit.env._("%(visit)s (was: %(before)s)", visit=text, before=before)

    @api.model
    def _news_time(self, visit, moment):
        return visit.company_id._salon_format(moment, "EEE d MMM HH:mm")


def _length(start, stop):
    """Return the minutes from ``start`` to ``stop``."""
    return int((stop - start).total_seconds() // 60)


def _percent(part, whole):
    return round(100 * part / whole) if whole else 0
