from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.salon_allocation import NOT_AVAILABLE
from ..models.salon_availability import LONGEST

# Days ahead that the overview offers; 0 is today.
AHEAD = (0, 7, 14, 30)

COLUMNS = {
    "kind": SQL("varchar"),
    # What the row is a piece of; time that no record tells apart has its master and its first minute.
    "record_id": SQL("bigint"),
    "start": SQL("timestamp"),
    "stop": SQL("timestamp"),
    "company_id": SQL("integer"),
    "resource_id": SQL("integer"),
    "employee_id": SQL("integer"),
    "line_id": SQL("integer"),
    "visit_id": SQL("integer"),
    "partner_id": SQL("integer"),
    "product_id": SQL("integer"),
    "is_done": SQL("boolean"),
    "amount": SQL("numeric"),
    # Hours that the amount is spread over.
    "total_hours": SQL("numeric"),
}
WORK = {
    "resource_id": SQL("integer"),
    "employee_id": SQL("integer"),
    "company_id": SQL("integer"),
    "start": SQL("timestamp"),
    "stop": SQL("timestamp"),
    "shortest": SQL("integer"),
}


class SalonLoadReport(models.Model):
    """The masters' time: what there was of it and what it was used for."""

    _name = "salon.load.report"
    _description = "Load of Masters"
    _inherit = ["salon.load.mixin"]
    _auto = False
    _order = "date desc, employee_id, datetime, id"
    _rec_name = "employee_id"
    _part_columns = COLUMNS
    _depends = {
        "salon.allocation": [
            "resource_id", "start", "stop", "kind", "block_type", "blocking", "hold_until", "line_id", "company_id",
        ],
        "salon.visit.line": [
            "visit_id", "company_id", "client_id", "product_id", "employee_id", "start", "stop", "state", "kind",
            "prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes",
            "price_total",
        ],
        "salon.shift": ["employee_id", "resource_id", "company_id", "start", "stop", "date", "state"],
        "salon.revenue.report": ["date", "line_id", "kind", "amount_net"],
        "hr.employee": ["resource_id", "company_id", "is_master", "active"],
        "resource.resource": ["active"],
        "res.company": ["currency_id", "salon_tz", "salon_load_buffers"],
    }

    kind = fields.Selection(
        [
            ("work", "Working time"),
            ("block", "Break or block"),
            ("visit", "Service"),
            ("buffer", "Preparation and clean-up"),
            ("processing", "Processing"),
            ("gap", "Lost gap"),
        ],
        string="What For",
        readonly=True,
    )
    employee_id = fields.Many2one("hr.employee", string="Master", readonly=True)
    product_id = fields.Many2one("product.product", string="Service", readonly=True)

    paid_hours = fields.Float(
        "Working Hours",
        readonly=True,
        help="Hours of the published shifts, or of the working schedule in a week without a roster, less leaves. "
        "Breaks are in them.",
    )
    available_hours = fields.Float(
        readonly=True,
        help="Working hours less breaks, administrative work, training and unavailable time. A block for maintenance "
        "takes nothing off a master's hours.",
    )
    busy_hours = fields.Float(
        readonly=True,
        help="Hours that services done, booked or requested take of their masters. While the treatment works by "
        "itself (processing) the master is not busy. Preparation and clean-up count if the settings say so.",
    )
    service_hours = fields.Float(
        readonly=True, help="Busy hours without preparation and clean-up."
    )
    gap_hours = fields.Float(
        "Gap Loss",
        readonly=True,
        help="Free time between visits, breaks and the ends of the shift in pieces shorter than the shortest service "
        "of the master, which nobody can book any more.",
    )
    processing_hours = fields.Float(
        readonly=True, help="Time in which treatments work by themselves and their masters are free for others."
    )
    processing_sold_hours = fields.Float(
        "Processing Sold", readonly=True, help="The part of it in which the master served other clients."
    )
    amount_service = fields.Monetary(
        "Service Revenue", readonly=True, help="Revenue from services done, net of discounts, spread over their time."
    )
    amount_value = fields.Monetary(
        "Done and Booked", readonly=True, help="Revenue from services done, and the price of those booked."
    )
    occupancy = fields.Float(
        "Occupancy, %",
        readonly=True,
        aggregator="avg",
        help="Busy hours, divided by available hours. Above 100 % when masters serve outside their shifts.",
    )
    productive_rate = fields.Float(
        "Productive Hours, %",
        readonly=True,
        aggregator="avg",
        help="Busy hours without preparation and clean-up, divided by working hours.",
    )
    peak_index = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Occupancy, divided by the mean occupancy of all that is shown together: above 1 is a peak.",
    )
    double_use_rate = fields.Float(
        "Use of Processing, %",
        readonly=True,
        aggregator="avg",
        help="Processing time in which the master served other clients, divided by all processing time.",
    )
    revenue_hour = fields.Monetary(
        "Revenue per Available Hour",
        readonly=True,
        aggregator="avg",
        help="Revenue from services done, divided by available hours.",
    )
    gap_amount = fields.Monetary(
        "Gap Loss, Money",
        readonly=True,
        aggregator="avg",
        help="Gap loss in hours, times what services done and booked bring in a busy hour.",
    )

    _report_ratios = {
        "occupancy": ("busy_hours", "available_hours", 100),
        "productive_rate": ("service_hours", "paid_hours", 100),
        "double_use_rate": ("processing_sold_hours", "processing_hours", 100),
        "revenue_hour": ("amount_service", "available_hours", 1),
    }

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, aggregator = aggregate_spec.partition(":")
        if aggregator in ("avg", "sum_currency"):
            if name == "peak_index":
                busy, available = (
                    self._read_group_select(f"{one}:sum", query) for one in ("busy_hours", "available_hours")
                )
                # Over the groups: sums over several sets of groups at once are multiples of the same quotient.
                return SQL(
                    "(%(busy)s / NULLIF(%(available)s, 0))"
                    " / NULLIF(SUM(%(busy)s) OVER () / NULLIF(SUM(%(available)s) OVER (), 0), 0)",
                    busy=busy,
                    available=available,
                )
            if name == "gap_amount":
                gap, value, busy = (
                    self._read_group_select(f"{one}:sum", query) for one in ("gap_hours", "amount_value", "busy_hours")
                )
                return SQL("%s * %s / NULLIF(%s, 0)", gap, value, busy)
        return super()._read_group_select(aggregate_spec, query)

    @property
    def _table_query(self) -> SQL:
        low, high = self._period()
        return SQL(
            """
            WITH work AS MATERIALIZED (%(work)s)
            SELECT COALESCE(
                       (record_id * 64 + number) * 8 + id_number,
                       (resource_id::bigint * 67108864
                        + EXTRACT(epoch FROM piece_start - TIMESTAMP '2000-01-01')::bigint / 60) * 8 + id_number
                   ) AS id,
                   kind,
                   local::date AS date,
                   (EXTRACT(isodow FROM local) - 1)::varchar AS weekday,
                   to_char(local, 'HH24:00') AS hour,
                   piece_start AS datetime,
                   piece_stop AS stop,
                   company_id,
                   currency_id,
                   employee_id,
                   resource_id,
                   line_id,
                   visit_id,
                   partner_id,
                   product_id,
                   CASE WHEN kind = 'work' THEN hours ELSE 0 END AS paid_hours,
                   CASE kind WHEN 'work' THEN hours WHEN 'block' THEN -hours ELSE 0 END AS available_hours,
                   CASE WHEN kind = 'visit' OR (kind = 'buffer' AND with_buffers) THEN hours ELSE 0 END AS busy_hours,
                   CASE WHEN kind = 'visit' THEN hours ELSE 0 END AS service_hours,
                   CASE WHEN kind = 'gap' THEN hours ELSE 0 END AS gap_hours,
                   CASE WHEN kind = 'processing' THEN hours ELSE 0 END AS processing_hours,
                   CASE WHEN kind = 'processing' THEN (%(sold)s) ELSE 0 END AS processing_sold_hours,
                   CASE WHEN is_done THEN COALESCE(amount * hours / total_hours, 0) ELSE 0 END AS amount_service,
                   COALESCE(amount * hours / total_hours, 0) AS amount_value,
                   NULL::numeric AS occupancy,
                   NULL::numeric AS productive_rate,
                   NULL::numeric AS peak_index,
                   NULL::numeric AS double_use_rate,
                   NULL::numeric AS revenue_hour,
                   NULL::numeric AS gap_amount
              FROM (%(pieces)s) piece
            """,
            work=self._work_table(low, high),
            sold=SQL(
                """SELECT COALESCE(SUM(EXTRACT(
                              epoch FROM LEAST(other.stop, piece_stop) - GREATEST(other.start, piece_start)
                          )) / 3600, 0)
                     FROM salon_allocation other
                    WHERE other.resource_id = piece.resource_id AND other.kind = 'visit'
                      AND other.line_id != piece.line_id
                      AND other.start < piece_stop AND other.stop > piece_start
                      AND other.start > piece_start - interval '2 days'"""
            ),
            pieces=self._by_hour(SQL(" UNION ALL ").join(self._parts(low, high).values())),
        )

    @api.model
    def _parts(self, low, high):
        """Return the selects that the report is made of, as ``{name: SQL}``; addons add theirs by ``_part``.

        They may read the working time of the masters from the table ``work`` (resource_id, employee_id, company_id,
        start, stop, shortest: the minutes of the master's shortest service).

        :param low: naive UTC; what lies wholly before it need not be there, nor what lies wholly after ``high``
        """
        return {
            "work": self._part(
                0,
                {
                    "kind": SQL("'work'"),
                    "start": SQL("work.start"),
                    "stop": SQL("work.stop"),
                    "company_id": SQL("work.company_id"),
                    "resource_id": SQL("work.resource_id"),
                    "employee_id": SQL("work.employee_id"),
                },
                SQL("work"),
            ),
            "block": self._part(
                1,
                {
                    "kind": SQL("'block'"),
                    "start": SQL("GREATEST(work.start, block.start)"),
                    "stop": SQL("LEAST(work.stop, block.stop)"),
                    "company_id": SQL("work.company_id"),
                    "resource_id": SQL("work.resource_id"),
                    "employee_id": SQL("work.employee_id"),
                },
                SQL(
                    """work JOIN salon_allocation block
                       ON block.resource_id = work.resource_id AND block.kind = 'block' AND block.block_type = ANY(%s)
                      AND block.start < work.stop AND block.stop > work.start AND block.start BETWEEN %s AND %s""",
                    NOT_AVAILABLE,
                    low - LONGEST,
                    high,
                ),
            ),
            "visit": self._visit_part(low, high),
            "processing": self._processing_part(low, high),
            "gap": self._gap_part(low, high),
        }

    @api.model
    def _visit_part(self, low, high):
        """What visits take of their masters: the time with the client, and what lies before and after it."""
        values = {
            "kind": SQL("span.kind"),
            "record_id": SQL("taken.id * 4 + span.number"),
            "start": SQL("span.start"),
            "stop": SQL("span.stop"),
            "company_id": SQL("taken.company_id"),
            "resource_id": SQL("taken.resource_id"),
            "is_done": SQL("line.state = 'done'"),
            "amount": SQL("CASE WHEN line.state = 'done' THEN fact.amount ELSE line.price_total END"),
            "total_hours": SQL("span.total / 60.0"),
            **self._line_columns(),
        }
        # The money of a service without any work at the client lies in what is done before and after.
        source = SQL(
            """salon_allocation taken
               JOIN salon_visit_line line ON line.id = taken.line_id AND line.state = ANY(%(live)s)
               JOIN hr_employee employee ON employee.id = line.employee_id AND employee.resource_id = taken.resource_id
               LEFT JOIN (%(earned)s) fact ON fact.line_id = line.id
               CROSS JOIN LATERAL (
                    SELECT line.active_minutes + line.finishing_minutes AS served,
                           line.prep_minutes + line.cleanup_minutes AS around
               ) minutes
               CROSS JOIN LATERAL (VALUES
                    (0, 'visit', GREATEST(taken.start, line.start), LEAST(taken.stop, line.stop),
                     NULLIF(minutes.served, 0)),
                    (1, 'buffer', taken.start, LEAST(taken.stop, line.start),
                     CASE minutes.served WHEN 0 THEN NULLIF(minutes.around, 0) END),
                    (2, 'buffer', GREATEST(taken.start, line.stop), taken.stop,
                     CASE minutes.served WHEN 0 THEN NULLIF(minutes.around, 0) END)
               ) AS span(number, kind, start, stop, total)
               WHERE taken.kind = 'visit' AND taken.start BETWEEN %(low)s AND %(high)s""",
            live=list(self.env["salon.visit"]._live_states()),
            earned=self._earned(low, high),
            low=low - LONGEST,
            high=high,
        )
        return self._part(2, values, source)

    @api.model
    def _processing_part(self, low, high):
        """The time in which the treatment works by itself."""
        values = {
            "kind": SQL("'processing'"),
            "record_id": SQL("line.id"),
            "start": SQL("line.start + line.active_minutes * interval '1 minute'"),
            "stop": SQL("line.start + (line.active_minutes + line.processing_minutes) * interval '1 minute'"),
            "company_id": SQL("line.company_id"),
            "resource_id": SQL("employee.resource_id"),
            **self._line_columns(),
        }
        source = SQL(
            """salon_visit_line line JOIN hr_employee employee ON employee.id = line.employee_id
               WHERE line.processing_minutes > 0 AND line.kind = 'service' AND line.state = ANY(%s)
                 AND line.start BETWEEN %s AND %s""",
            list(self.env["salon.visit"]._live_states()),
            low - LONGEST,
            high,
        )
        return self._part(3, values, source)

    @api.model
    def _gap_part(self, low, high):
        """Free windows that are shorter than the shortest service of the master."""
        values = {
            "kind": SQL("'gap'"),
            "start": SQL("lower(free.span)"),
            "stop": SQL("upper(free.span)"),
            "company_id": SQL("free.company_id"),
            "resource_id": SQL("free.resource_id"),
            "employee_id": SQL("free.employee_id"),
        }
        source = SQL(
            """(
                SELECT mine.*, unnest(mine.spans - COALESCE(taken.spans, '{}'::tsmultirange)) AS span
                  FROM (
                        SELECT resource_id, employee_id, company_id, shortest,
                               range_agg(tsrange(start, stop)) AS spans
                          FROM work
                         GROUP BY resource_id, employee_id, company_id, shortest
                       ) mine
                  LEFT JOIN (
                        SELECT resource_id, range_agg(tsrange(start, stop)) AS spans
                          FROM salon_allocation
                         WHERE blocking AND (hold_until IS NULL OR hold_until > %(now)s)
                           AND start BETWEEN %(before)s AND %(high)s
                         GROUP BY resource_id
                       ) taken ON taken.resource_id = mine.resource_id
               ) free
               WHERE upper(free.span) - lower(free.span) < free.shortest * interval '1 minute'
                 AND lower(free.span) > %(low)s AND upper(free.span) < %(high)s""",
            now=fields.Datetime.now(),
            before=low - LONGEST,
            low=low,
            high=high,
        )
        return self._part(4, values, source)

    @api.model
    def _line_columns(self):
        return {
            "employee_id": SQL("line.employee_id"),
            "line_id": SQL("line.id"),
            "visit_id": SQL("line.visit_id"),
            "partner_id": SQL("line.client_id"),
            "product_id": SQL("line.product_id"),
        }

    @api.model
    def _work_table(self, low, high):
        """Return the select of the working time of all masters, see ``_parts``."""
        worked = self._worked(low, high)
        shortest = self._shortest_minutes(worked)
        rows = [
            (employee.resource_id.id, employee.id, employee.company_id.id, start, stop, shortest.get(employee.id))
            for employee, spans in worked.items()
            for start, stop in spans
        ]
        return self._table_of(WORK, rows)

    @api.model
    def _shortest_minutes(self, employees):
        """Return ``{employee id: minutes}`` of the shortest service that each master does, with all its phases."""
        skills = self.env["salon.skill"].sudo().search_fetch(
            [("employee_id", "in", [employee.id for employee in employees]), ("product_id.active", "=", True)],
            ["employee_id", "product_id"],
        )
        pairs = [(skill.product_id, skill.employee_id) for skill in skills]
        shortest = {}
        phases = self.env["product.product"].sudo()._salon_phases_batch(pairs)
        for (_product, employee), minutes in zip(pairs, phases, strict=True):
            total = sum(minutes.values())
            if total:
                shortest[employee.id] = min(total, shortest.get(employee.id, total))
        return shortest

    # ------------------------------------------------------------------
    # The overview
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def load_read(self, ahead=0):
        """Return what the overview shows for the current company.

        :param int ahead: how many days from tomorrow on, one of :data:`AHEAD`; 0 is today
        :return: dict; hours as numbers, shares in percent, amounts as text, ``None`` where there is nothing to divide
            by; ``help`` has the definitions
        """
        self.check_access("read")
        ahead = ahead if ahead in AHEAD else 0
        company = self.env.company
        today = company._salon_today()
        domains = {
            days: Domain("company_id", "=", company.id)
            & (
                Domain("date", ">", today) & Domain("date", "<=", today + timedelta(days=days))
                if days
                else Domain("date", "=", today)
            )
            for days in AHEAD
        }
        figures = ["available_hours:sum", "busy_hours:sum", "occupancy:avg"]
        periods = [
            {"days": days, **self._load_row(*self._read_group(domain, [], figures)[0])}
            for days, domain in domains.items()
        ]
        (whole,), masters, hours = self._read_grouping_sets(
            domains[ahead],
            [(), ("employee_id",), ("weekday", "hour")],
            [*figures, "gap_hours:sum", "gap_amount:sum_currency", "amount_value:sum"],
        )
        places = self.env["salon.place.report"]
        (all_rooms,), rooms = places._read_grouping_sets(
            domains[ahead] & Domain("room_id", "!=", False),
            [(), ("room_id",)],
            ["usable_hours:sum", "occupied_hours:sum", "utilisation:avg"],
        )
        gap, gap_amount, value = whole[3:]
        return {
            "ahead": ahead,
            "periods": periods,
            "gap": gap or 0,
            "gap_amount": company.currency_id.format(gap_amount or 0),
            "value": company.currency_id.format(value or 0),
            "utilisation": self._load_row(*all_rooms)["occupancy"],
            "masters": [
                {"id": employee.id, "name": employee.name, **self._load_row(*row[:3])} for employee, *row in masters
            ],
            "rooms": [{"id": room.id, "name": room.name, **self._load_row(*row)} for room, *row in rooms],
            "hours": [
                {"weekday": weekday, "hour": int(hour[:2]), **self._load_row(*row[:3])}
                for weekday, hour, *row in hours
            ],
            "weekdays": self._fields["weekday"]._description_selection(self.env),
            "help": {
                **{name: self._help(name) for name in ("occupancy", "gap_hours", "gap_amount", "amount_value")},
                "utilisation": places._help("utilisation"),
                "forward": self.env._(
                    "Forward booking: hours booked in these days, from tomorrow on, divided by the available hours."
                ),
            },
        }

    @api.model
    def _load_row(self, available, busy, share):
        # Without available time the share is nothing, not nought; the ORM says False for both.
        return {"available": available or 0, "busy": busy or 0, "occupancy": share if available else None}
