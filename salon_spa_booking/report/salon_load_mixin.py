from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.salon_spa.tools import roster

from ..models.salon_availability import LONGEST

# Nothing in the book lasts longer, and no time zone is farther from UTC: what a day holds begins so near to it.
MARGIN = timedelta(days=3)


class SalonLoadMixin(models.AbstractModel):
    """Time that could be sold and time that was, cut by the hours of the salon's clock.

    A row is a piece of time of one kind that lies within one local hour, so that days, weekdays and hours come out
    right on every day, those of 23 and 25 hours too, and every figure is a sum, or a quotient of sums. When masters
    work and rooms are open is asked where bookings ask it (``salon.shift._get_working_spans``,
    ``resource.resource._salon_open_spans``) and handed to the query; nothing is stored, nothing can be out of date.
    """

    _name = "salon.load.mixin"
    _description = "Load Figures"
    _inherit = ["salon.report.mixin"]

    date = fields.Date("Day", readonly=True, help="The salon's local day, from midnight to midnight.")
    hour = fields.Char(readonly=True, help="Hour of the day by the salon's clock.")
    stop = fields.Datetime("End", readonly=True)
    resource_id = fields.Many2one("resource.resource", readonly=True)
    line_id = fields.Many2one("salon.visit.line", string="Visit Line", readonly=True)

    # ------------------------------------------------------------------
    # The days that are asked for
    # ------------------------------------------------------------------

    def _search(self, domain, *args, **kwargs):
        """Let the query look no further than the days that the domain asks for."""
        limited = self.with_context(salon_load_days=self._asked_days(domain))
        return super(SalonLoadMixin, limited)._search(domain, *args, **kwargs)

    @api.model
    def _asked_days(self, domain):
        """Return ``(first, last)``, days (date) outside which no row can satisfy ``domain``."""
        tokens = iter(list(Domain(domain).optimize_full(self)))
        always = (date.min, date.max)

        def read():
            token = next(tokens)
            if token == "!":
                read()
                return always
            if token in ("&", "|"):
                (low, high), (other_low, other_high) = read(), read()
                if token == "&":
                    return max(low, other_low), min(high, other_high)
                return min(low, other_low), max(high, other_high)
            name, operator, value = token
            if name != "date" or not value:
                return always
            days = [fields.Date.to_date(one) for one in value if one] if operator == "in" else []
            if days:
                return min(days), max(days)
            if operator in (">", ">="):
                return fields.Date.to_date(value), date.max
            if operator in ("<", "<="):
                return date.min, fields.Date.to_date(value)
            return always

        return read()

    @api.model
    def _period(self):
        """Return ``(low, high)`` in naive UTC: all that the days asked for can hold, and a margin around.

        Without any day asked for it goes from the first to the last shift or allocation.
        """
        first, last = self.env.context.get("salon_load_days") or (date.min, date.max)
        low = high = None
        if first > date.min:
            low = datetime.combine(first, time()) - MARGIN
        if last < date.max:
            high = datetime.combine(last, time()) + MARGIN
        if low is None or high is None:
            ((begin, end),) = self.env.execute_query(
                SQL(
                    """SELECT MIN(start), MAX(stop) FROM (
                           SELECT MIN(start) AS start, MAX(stop) AS stop FROM salon_allocation
                            WHERE company_id = ANY(%s)
                           UNION ALL
                           SELECT MIN(start), MAX(stop) FROM salon_shift
                            WHERE company_id = ANY(%s) AND state = 'published'
                       ) known""",
                    self.env.companies.ids,
                    self.env.companies.ids,
                )
            )
            now = fields.Datetime.now()
            low = low or (begin or now) - MARGIN
            high = high or (end or now) + MARGIN
        return low, max(low, high)

    @api.model
    def _known_spans(self, resources, low, high):
        """Return ``{resource id: (start, stop)}``, the part of the period in which the resources were in use.

        A working schedule goes on for ever in both directions: before somebody came nobody could be booked, and so
        after the last work of those who are archived.
        """
        for model in ("resource.resource", "salon.allocation", "salon.shift"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT resource.id, resource.active,
                          LEAST(date_trunc('day', resource.create_date), shift.start, (
                              SELECT MIN(start) FROM salon_allocation WHERE resource_id = resource.id
                          )),
                          GREATEST(shift.stop, (
                              SELECT stop FROM salon_allocation
                               WHERE resource_id = resource.id AND kind = 'visit' ORDER BY start DESC LIMIT 1
                          ))
                     FROM resource_resource resource
                     LEFT JOIN LATERAL (
                         SELECT MIN(start) AS start, MAX(stop) AS stop FROM salon_shift
                          WHERE resource_id = resource.id AND state = 'published'
                     ) shift ON TRUE
                    WHERE resource.id = ANY(%s)""",
                resources.ids,
            )
        )
        return {
            resource_id: (max(low, first or low), high if active else min(high, last or low))
            for resource_id, active, first, last in rows
        }

    @api.model
    def _worked(self, low, high):
        """Return ``{employee: [(start, stop)]}`` (naive UTC) of the working time of all masters."""
        employees = self.env["hr.employee"].sudo().with_context(active_test=False).search(
            [("is_master", "=", True), ("company_id", "in", self.env.companies.ids)]
        )
        spans = self.env["salon.shift"]._get_working_spans(employees, low, high)
        known = self._known_spans(employees.resource_id, low, high)
        return {
            employee: roster.clip(spans[employee.id], *known[employee.resource_id.id]) for employee in employees
        }

    @api.model
    def _help(self, name):
        """Return the definition of a figure in the user's language."""
        return self._fields[name].get_description(self.env, ["help"]).get("help", "")

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    # The columns of every part of the report, with their types.
    _part_columns = {}

    @api.model
    def _part(self, number, values, source):
        """Return one part's select.

        :param int number: the part's own below 8, so that ids of different parts never meet
        :param dict values: SQL expressions by column of :attr:`_part_columns`; a column that is left out is empty
        :param SQL source: what follows FROM
        """
        columns = [
            SQL("(%s)::%s AS %s", values.get(name, SQL("NULL")), column_type, SQL.identifier(name))
            for name, column_type in self._part_columns.items()
        ]
        return SQL("SELECT %s AS id_number, %s FROM %s", number, SQL(", ").join(columns), source)

    @api.model
    def _earned(self, low, high):
        """Return the select of what each service earned, net of discounts, around the period: line_id, amount."""
        return SQL(
            """SELECT fact.line_id, SUM(fact.amount_net) AS amount FROM (%s) fact
                WHERE fact.kind = 'service' AND fact.date BETWEEN %s::date AND %s::date AND fact.company_id = ANY(%s)
                GROUP BY fact.line_id""",
            self.env["salon.revenue.report"]._table_query,
            low - LONGEST,
            high,
            self.env.companies.ids,
        )

    @api.model
    def _table_of(self, columns, rows):
        """Return the select of rows that Python computed.

        :param columns: ``{name: SQL type}``
        """
        values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
        return SQL(
            "SELECT * FROM unnest(%s) AS given(%s)",
            SQL(", ").join(
                SQL("%s::%s[]", list(column), column_type)
                for column, column_type in zip(values, columns.values(), strict=True)
            ),
            SQL(", ").join(SQL.identifier(name) for name in columns),
        )

    @api.model
    def _by_hour(self, spans):
        """Return the select that cuts spans by the hours of the salon's clock.

        :param SQL spans: a select with company_id, start, stop (naive UTC) and whatever else
        :return: the same columns, ``piece_start`` and ``piece_stop`` (naive UTC), ``hours`` between them, ``number``
            (1 is the first piece), and ``local``, the wall clock at its start
        """
        return SQL(
            """SELECT span.*,
                      piece.start AS piece_start,
                      piece.stop AS piece_stop,
                      piece.number,
                      EXTRACT(epoch FROM piece.stop - piece.start) / 3600 AS hours,
                      company.currency_id,
                      company.salon_load_buffers AS with_buffers,
                      piece.start AT TIME ZONE 'UTC' AT TIME ZONE company.salon_tz AS local
                 FROM (%s) span
                 JOIN res_company company ON company.id = span.company_id AND span.start < span.stop
                CROSS JOIN LATERAL (
                      SELECT GREATEST(tick, span.start) AS start,
                             LEAST(tick + interval '1 hour', span.stop) AS stop,
                             number
                        FROM generate_series(
                                 date_trunc('hour', span.start AT TIME ZONE 'UTC' AT TIME ZONE company.salon_tz)
                                 - (span.start AT TIME ZONE 'UTC' AT TIME ZONE company.salon_tz) + span.start,
                                 span.stop - interval '1 microsecond',
                                 interval '1 hour'
                             ) WITH ORDINALITY AS ticks(tick, number)
                      ) piece""",
            spans,
        )
