from datetime import datetime, time, timedelta

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, plaintext2html

from ..tools import cadence, timeline

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
# A value compared with days overdue is compared the other way round with the due date.
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
# Read by _rebuild, so that what the ORM still holds of them has to reach the database first.
SOURCES = {
    "salon.visit": ["state"],
    "salon.visit.line": ["client_id", "company_id", "product_id", "employee_id", "kind", "state", "date", "start"],
    "product.product": ["product_tmpl_id", "periodicity_days"],
    "product.template": ["salon_group_id"],
    "res.partner": ["active", "average_ticket"],
    "res.company": ["salon_tz"],
}
CLIENTS_PER_BATCH = 5000


class SalonCadence(models.Model):
    """How often a client comes for a service, and when it is due again.

    One row per client and service, or per client and service group when the service has one. The rows follow from
    the done visit lines and are written by ``_rebuild`` only; what the callers heard (put off, refused, wrong number)
    is written by salon.cadence.call.
    """

    _name = "salon.cadence"
    _description = "Due Client"
    _inherit = ["salon.guard.mixin", "salon.export.mixin"]
    _order = "value desc, due_date, id"
    _rec_name = "client_id"

    active = fields.Boolean(related="client_id.active", store=True, string="Card in Use")
    client_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade", index=True)
    phone_display = fields.Char("Phone", compute="_compute_phone_display")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, help="Where the service was last done."
    )
    product_tmpl_id = fields.Many2one(
        "product.template", string="Service without Group", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    group_id = fields.Many2one(
        "salon.service.group", string="Service Group", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    service_name = fields.Char(
        "Service", compute="_compute_service_name", help="The service, or its group: any service of a group renews it."
    )
    last_product_id = fields.Many2one(
        "product.product",
        string="Last Service",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The service, with its length or zone, that was done last.",
    )
    visit_count = fields.Integer(
        "Visits", readonly=True, help="Days on which the service was done; twice on one day is once."
    )
    last_done = fields.Date(readonly=True, help="The salon's local day on which the service was last done.")
    last_start = fields.Datetime(readonly=True, help="When the service was last done.")
    median_gap = fields.Float(
        readonly=True,
        aggregator=None,
        help="Median of the last six gaps between visits, in days; from three visits on.",
    )
    interval_days = fields.Integer(
        "Every (Days)",
        readonly=True,
        aggregator="avg",
        help="With three visits or more: the median of the last six gaps, kept between half and twice the service's "
        "periodicity. Else the periodicity of the service; without one the median of the salon's other clients. "
        "Rounded to whole days, halves up.",
    )
    interval_source = fields.Selection(
        [("own", "Own visits"), ("periodicity", "Periodicity"), ("others", "Other clients")],
        "Interval From",
        readonly=True,
        help="Where the interval comes from: the client's own visits, the periodicity of the service, or, for a "
        "service without one, the salon's other clients.",
    )
    due_date = fields.Date("Due", readonly=True, index=True, help="Day of the last visit plus the usual interval.")
    days_overdue = fields.Integer(
        compute="_compute_days_overdue",
        search="_search_days_overdue",
        aggregator=None,
        help="Days passed since the due date; below zero it lies ahead.",
    )
    overdue_ratio = fields.Float(
        "Overdue, Intervals",
        compute="_compute_days_overdue",
        digits=(16, 2),
        aggregator=None,
        help="Days overdue divided by the usual interval.",
    )
    status = fields.Selection(
        [("fresh", "Fresh"), ("at_risk", "At Risk"), ("due", "Due"), ("lost", "Lost")],
        compute="_compute_days_overdue",
        search="_search_status",
        help="By the days since the service was last done, nothing being booked. At risk: more than the usual "
        "interval. Due: 1.25 intervals or more. Lost: more than three intervals and more than the days that the "
        "settings call lost.",
    )
    is_due = fields.Boolean(
        compute="_compute_is_due",
        search="_search_is_due",
        help="The due date is reached, nothing is booked, and nobody put the call off, refused or has a wrong number.",
    )
    next_booked = fields.Datetime(
        "Booked", readonly=True, help="The nearest visit with this service that is booked, from today on."
    )
    usual_weekday = fields.Selection(
        WEEKDAYS, readonly=True, help="The weekday of most visits, the latest one when several are level."
    )
    usual_hour = fields.Integer(
        readonly=True,
        aggregator=None,
        help="The local hour at which most visits began, the latest one when several are level.",
    )
    usual_time_text = fields.Char("Usual Time", compute="_compute_usual_time_text")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Usual Master",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Who served most of the last six visits, the latest one when several are level.",
    )
    suggested_employee_id = fields.Many2one(
        "hr.employee",
        string="Suggested Master",
        compute="_compute_suggested_employee_id",
        help="The usual master, or another one with the skill when that one does not do the service any more.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    value = fields.Monetary(
        required=True, default=0, readonly=True, aggregator="avg", help="The client's average ticket."
    )
    next_step_text = fields.Char("Next Step", compute="_compute_next_step_text")

    call_ids = fields.One2many("salon.cadence.call", "cadence_id", string="Calls")
    last_call_id = fields.Many2one("salon.cadence.call", readonly=True, ondelete="set null", index="btree_not_null")
    last_call_text = fields.Char("Last Call's Result", compute="_compute_last_call_text")
    last_call_at = fields.Datetime(readonly=True)
    snooze_until = fields.Date("Put off Until", readonly=True, help="On the list again from this day on.")
    refused_at = fields.Datetime(
        "Refused", readonly=True, help="Off the list until the client has the service done again."
    )
    refusal_reason_id = fields.Many2one(
        "salon.reason", string="Reason of Refusal", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    wrong_number_at = fields.Datetime(
        "Wrong Number", readonly=True, help="Off the list until the phone is changed or the client comes again."
    )

    # The arbiter of the upsert: exactly one of service and group is set.
    _client_service = models.UniqueIndex(
        "(client_id, COALESCE(product_tmpl_id, 0), COALESCE(group_id, 0))", "The client already has this service."
    )
    _service_or_group = models.Constraint(
        "CHECK((product_tmpl_id IS NULL) <> (group_id IS NULL))", "A row is about one service or one service group."
    )
    # The due list in its own order; the rest of its condition is checked inside the index. PostgreSQL recognises the
    # condition only when it is worded as the ORM words it: IS TRUE.
    _due_list = models.Index(
        """(value DESC, due_date, id, company_id, snooze_until, interval_source)
           WHERE active IS TRUE AND next_booked IS NULL AND refused_at IS NULL AND wrong_number_at IS NULL"""
    )
    # What the salon's other clients do, for a service without periodicity.
    _service_gap = models.Index("(product_tmpl_id, median_gap) WHERE median_gap IS NOT NULL AND group_id IS NULL")
    _group_gap = models.Index("(group_id, median_gap) WHERE median_gap IS NOT NULL AND product_tmpl_id IS NULL")

    # ------------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------------

    @api.model
    def _todays(self):
        """Return ``{local date: companies}``: time zones part the companies into two days at most hours."""
        companies = self.env["res.company"].sudo().with_context(active_test=False).search([])
        now = fields.Datetime.now()
        return companies.grouped(lambda company: company._salon_today(now))

    @api.model
    def _by_today(self, domain):
        """Return the domain that holds for each company on its own day.

        :param domain: function of the local date that returns a Domain
        """
        todays = self._todays()
        if len(todays) == 1:
            return domain(*todays)
        return Domain.OR(
            Domain("company_id", "in", companies.ids) & domain(today) for today, companies in todays.items()
        )

    @api.depends("client_id.phone_display")
    @api.depends_context("uid")
    def _compute_phone_display(self):
        for row in self:
            row.phone_display = row.client_id.phone_display

    @api.depends("product_tmpl_id.name", "group_id.name")
    @api.depends_context("lang")
    def _compute_service_name(self):
        for row in self:
            row.service_name = row.group_id.name or row.product_tmpl_id.name

    @api.depends("client_id.name", "service_name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.client_id.name}, {row.service_name}"

    def _compute_currency_id(self):
        self.currency_id = self.env["res.partner"]._salon_currency()

    @api.depends("due_date", "last_done", "interval_days", "next_booked", "company_id.salon_lost_days")
    def _compute_days_overdue(self):
        todays = {company: company._salon_today() for company in self.company_id}
        for row in self:
            today = todays.get(row.company_id)
            row.days_overdue = (today - row.due_date).days if row.due_date else 0
            row.overdue_ratio = row.days_overdue / row.interval_days if row.interval_days else 0.0
            row.status = row.last_done and cadence.status(
                (today - row.last_done).days,
                row.interval_days,
                row.company_id.salon_lost_days,
                booked=bool(row.next_booked),
            )

    def _search_days_overdue(self, operator, value):
        if operator == "in":
            days = [day for day in value if day is not False]
            return self._by_today(lambda today: Domain("due_date", "in", [today - timedelta(days=day) for day in days]))
        if operator not in FLIPPED:
            return NotImplemented
        return self._by_today(lambda today: Domain("due_date", FLIPPED[operator], today - timedelta(days=value)))

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [status for status in value if status]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s = ANY(%s)", model._status_sql(alias), wanted),
            predicate=lambda row: row.status in wanted,
        )

    @api.model
    def _status_sql(self, alias):
        """Return the SQL expression of ``status`` for the rows of table ``alias``: tools.cadence.status in SQL."""
        self.flush_model(["next_booked", "interval_days", "last_done", "company_id"])
        facts = [
            (company.id, today, company.salon_lost_days)
            for today, companies in self._todays().items()
            for company in companies
        ]
        company = SQL.identifier(alias, "company_id")
        today = SQL(" ").join(SQL("WHEN %s THEN %s::date", id_, day) for id_, day, _lost in facts)
        lost = SQL(" ").join(SQL("WHEN %s THEN %s", id_, days) for id_, _day, days in facts)
        since = SQL("(CASE %s %s END - %s)", company, today, SQL.identifier(alias, "last_done"))
        interval = SQL("COALESCE(%s, 0)", SQL.identifier(alias, "interval_days"))
        return SQL(
            """CASE WHEN %(booked)s IS NOT NULL THEN 'fresh'
                    WHEN %(since)s > GREATEST(%(most)s * %(interval)s, CASE %(company)s %(lost)s END) THEN 'lost'
                    WHEN %(interval)s = 0 THEN 'fresh'
                    WHEN %(since)s >= %(ratio)s * %(interval)s THEN 'due'
                    WHEN %(since)s > %(interval)s THEN 'at_risk'
                    ELSE 'fresh' END""",
            booked=SQL.identifier(alias, "next_booked"),
            since=since,
            interval=interval,
            company=company,
            lost=lost,
            most=cadence.LOST_INTERVALS,
            ratio=cadence.DUE_RATIO,
        )

    @api.depends("due_date", "next_booked", "snooze_until", "refused_at", "wrong_number_at")
    def _compute_is_due(self):
        todays = {company: company._salon_today() for company in self.company_id}
        for row in self:
            today = todays.get(row.company_id)
            row.is_due = bool(
                row.due_date
                and row.due_date <= today
                and not row.next_booked
                and not row.refused_at
                and not row.wrong_number_at
                and (not row.snooze_until or row.snooze_until <= today)
            )

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain(
            [("next_booked", "=", False), ("refused_at", "=", False), ("wrong_number_at", "=", False)]
        ) & self._by_today(
            lambda today: Domain("due_date", "<=", today)
            & (Domain("snooze_until", "=", False) | Domain("snooze_until", "<=", today))
        )
        return domain if True in value else ~domain

    @api.depends("usual_weekday", "usual_hour", "last_done")
    @api.depends_context("lang")
    def _compute_usual_time_text(self):
        weekdays = dict(self._fields["usual_weekday"]._description_selection(self.env))
        for row in self:
            row.usual_time_text = row.usual_weekday and self.env._(
                "%(weekday)s, %(hour)s:00", weekday=weekdays[row.usual_weekday], hour=row.usual_hour
            )

    @api.depends("employee_id.active", "last_product_id.salon_skill_ids.employee_id.active")
    def _compute_suggested_employee_id(self):
        skills = self.env["salon.skill"].sudo().search(
            [("product_id", "in", self.last_product_id.ids), ("employee_id.active", "=", True)]
        )
        able = skills.grouped("product_id")
        for row in self:
            masters = able.get(row.last_product_id, skills.browse()).employee_id
            mates = masters.filtered(lambda master, row=row: master.company_id == row.company_id)
            suggested = row.employee_id if row.employee_id in masters else mates.sorted("name")[:1]
            row.suggested_employee_id = suggested.sudo(False)

    @api.depends("interval_days", "due_date", "next_booked", "employee_id.name", "days_overdue")
    @api.depends_context("lang")
    def _compute_next_step_text(self):
        for row in self:
            row.next_step_text = "; ".join(row._next_step_parts()) or False

    def _next_step_parts(self):
        """Return what the client card says of the row, part by part: how often, when, with whom."""
        self.ensure_one()
        parts = []
        if self.interval_days == 1:
            parts.append(self.env._("Every day"))
        elif self.interval_days:
            parts.append(self.env._("Every %(days)s days", days=self.interval_days))
        if self.next_booked:
            when = self.company_id._salon_format(self.next_booked, "d MMM HH:mm")
            parts.append(self.env._("booked for %(when)s", when=when))
        elif self.due_date:
            if self.days_overdue == 1:
                parts.append(self.env._("1 day overdue"))
            elif self.days_overdue > 1:
                parts.append(self.env._("%(days)s days overdue", days=self.days_overdue))
            elif not self.days_overdue:
                parts.append(self.env._("due today"))
            else:
                parts.append(self.env._("due on %(date)s", date=format_date(self.env, self.due_date)))
        if self.employee_id:
            parts.append(self.env._("usually with %(master)s", master=self.employee_id.name))
        return parts

    @api.depends("last_call_id.summary")
    def _compute_last_call_text(self):
        # Calls belong to the desk; a master reads the outcome on the own clients' rows.
        for row in self:
            row.last_call_text = row.sudo().last_call_id.summary

    # ------------------------------------------------------------------
    # Keeping the rows current
    # ------------------------------------------------------------------

    @api.model
    def _rebuild(self, partner_ids=None):
        """Bring the rows of the given clients (all when None) in line with their visits.

        Rows without a done visit go. What callers wrote stays until the client is served again: then a service put
        off, refused or with a wrong number counts from the start. Rows that are right already are not touched, so
        that parallel sessions rarely meet; when two do, PostgreSQL reports a serialization failure, on which Odoo
        repeats the request.
        """
        if partner_ids is not None:
            partner_ids = [id_ for id_ in partner_ids if id_]
            if not partner_ids:
                return
        for model, names in SOURCES.items():
            self.env[model].flush_model(names)
        self.flush_model()
        # A serialization failure is answered by repeating the request, and is no news for the log.
        self.env.cr.execute(self._rebuild_sql(partner_ids), log_exceptions=False)
        self.invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(["cadence_ids"], flush=False)

    @api.model
    def _refresh_next_booked(self, partner_ids):
        """Tell the rows of the given clients when the service is booked next: all that a visit changes in them as
        long as it is not over."""
        for name in ("salon.visit.line", "product.product", "product.template"):
            self.env[name].flush_model(SOURCES[name])
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
UPDATE salon_cadence row
   SET next_booked = ahead.start, write_uid = %(uid)s, write_date = %(now)s
  FROM (SELECT cadence.id,
               (SELECT MIN(line.start)
                  FROM salon_visit_line line
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN res_company company ON company.id = line.company_id
                 WHERE line.client_id = cadence.client_id AND line.kind = 'service' AND line.state = ANY(%(planned)s)
                   AND line.date >= timezone(company.salon_tz, timezone('UTC', %(now)s::timestamp))::date
                   AND CASE WHEN template.salon_group_id IS NULL THEN template.id = cadence.product_tmpl_id
                            ELSE template.salon_group_id = cadence.group_id END) AS start
          FROM salon_cadence cadence
         WHERE cadence.client_id = ANY(%(ids)s)) ahead
 WHERE row.id = ahead.id AND row.next_booked IS DISTINCT FROM ahead.start
RETURNING row.id
                """,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                planned=self.env["salon.visit"]._planned_states(),
                ids=partner_ids,
            ),
            log_exceptions=False,
        )
        changed = self.browse(id_ for (id_,) in self.env.cr.fetchall())
        changed.invalidate_recordset(flush=False)

    @api.model
    def _rebuild_sql(self, partner_ids):
        """Return the statement of ``_rebuild``.

        Of several lines of one client and service on one local day the latest stands for the day. What is usual is
        the most frequent value, the latest when level: the greatest array of (count, how late, value).

        Rows are numbered and counted in place, as joins of the parts would be planned blindly.
        """
        everybody = partner_ids is None
        ids = partner_ids or []
        written = (
            "active", "company_id", "visit_count", "last_done", "last_start", "median_gap", "interval_days",
            "interval_source", "due_date", "next_booked", "usual_weekday", "usual_hour", "employee_id",
            "last_product_id", "value",
        )  # fmt: skip
        return SQL(
            """
WITH line AS MATERIALIZED (
    SELECT line.id, line.client_id, line.state, line.date, line.start, line.product_id, line.employee_id,
           line.company_id, timezone(company.salon_tz, timezone('UTC', line.start)) AS local_start,
           line.date >= timezone(company.salon_tz, timezone('UTC', %(now)s::timestamp))::date AS is_ahead,
           CASE WHEN template.salon_group_id IS NULL THEN template.id ELSE 0 END AS service_id,
           COALESCE(template.salon_group_id, 0) AS group_id
      FROM salon_visit_line line
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN res_company company ON company.id = line.company_id
     WHERE %(lines_of)s
       AND line.kind = 'service' AND line.start IS NOT NULL
       AND (line.state = 'done' OR line.state = ANY(%(planned)s))
), day AS (
    SELECT DISTINCT ON (client_id, service_id, group_id, date)
           client_id, service_id, group_id, date, start, product_id, employee_id, company_id,
           EXTRACT(isodow FROM date)::int - 1 AS weekday, EXTRACT(hour FROM local_start)::int AS hour
      FROM line
     WHERE state = 'done'
     ORDER BY client_id, service_id, group_id, date, start DESC, id DESC
), visit AS (
    SELECT day.*,
           row_number() OVER latest_first AS place,
           date - lead(date) OVER latest_first AS gap
      FROM day
    WINDOW latest_first AS (PARTITION BY client_id, service_id, group_id ORDER BY date DESC)
), counted AS (
    SELECT visit.*,
           COUNT(*) OVER (PARTITION BY client_id, service_id, group_id, weekday) AS weekday_times,
           COUNT(*) OVER (PARTITION BY client_id, service_id, group_id, hour) AS hour_times,
           COUNT(*) FILTER (WHERE place <= 6)
               OVER (PARTITION BY client_id, service_id, group_id, employee_id) AS employee_times
      FROM visit
), habit AS (
    SELECT client_id, service_id, group_id, COUNT(*)::int AS visit_count,
           CASE WHEN COUNT(*) >= 3
                THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) FILTER (WHERE place <= 6) END AS median_gap,
           (MAX(ARRAY[weekday_times, -place, weekday]))[3]::text AS usual_weekday,
           (MAX(ARRAY[hour_times, -place, hour]))[3]::int AS usual_hour,
           (MAX(ARRAY[employee_times, -place, employee_id])
                FILTER (WHERE place <= 6 AND employee_id IS NOT NULL))[3]::int AS employee_id,
           MAX(date) FILTER (WHERE place = 1) AS last_done,
           MAX(start) FILTER (WHERE place = 1) AS last_start,
           MAX(product_id) FILTER (WHERE place = 1) AS product_id,
           MAX(company_id) FILTER (WHERE place = 1) AS company_id
      FROM counted
     GROUP BY client_id, service_id, group_id
), known AS MATERIALIZED (
    SELECT habit.*, (SELECT NULLIF(periodicity_days, 0) FROM product_product WHERE id = product_id) AS periodicity
      FROM habit
), unknown AS (
    SELECT DISTINCT service_id, group_id FROM known WHERE visit_count < 3 AND periodicity IS NULL
), salon AS (
    SELECT service_id, group_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY median_gap) AS median_gap
      FROM (SELECT service_id, group_id, median_gap FROM known JOIN unknown USING (service_id, group_id)
             UNION ALL
            SELECT unknown.service_id, 0, other.median_gap
              FROM unknown JOIN salon_cadence other ON other.product_tmpl_id = unknown.service_id
             WHERE other.group_id IS NULL AND other.median_gap IS NOT NULL AND %(others)s
             UNION ALL
            SELECT 0, unknown.group_id, other.median_gap
              FROM unknown JOIN salon_cadence other ON other.group_id = unknown.group_id
             WHERE other.product_tmpl_id IS NULL AND other.median_gap IS NOT NULL AND %(others)s) AS gaps
     GROUP BY service_id, group_id
), booked AS (
    SELECT client_id, service_id, group_id, MIN(start) AS start
      FROM line
     WHERE state <> 'done' AND is_ahead
     GROUP BY client_id, service_id, group_id
), fresh AS MATERIALIZED (
    SELECT client.active, known.client_id, NULLIF(known.service_id, 0) AS product_tmpl_id,
           NULLIF(known.group_id, 0) AS group_id, known.company_id, known.visit_count, known.last_done,
           known.last_start, known.median_gap, rhythm.interval_days,
           CASE WHEN rhythm.interval_days IS NULL THEN NULL
                WHEN known.median_gap IS NOT NULL THEN 'own'
                WHEN known.periodicity IS NOT NULL THEN 'periodicity'
                ELSE 'others' END AS interval_source,
           known.last_done + rhythm.interval_days AS due_date, booked.start AS next_booked,
           known.usual_weekday, known.usual_hour, known.employee_id, known.product_id AS last_product_id,
           COALESCE(client.average_ticket, 0) AS value
      FROM known
      JOIN res_partner client ON client.id = known.client_id
      LEFT JOIN booked USING (client_id, service_id, group_id)
      LEFT JOIN salon USING (service_id, group_id)
     CROSS JOIN LATERAL (
           SELECT floor(0.5 + CASE
                      WHEN known.median_gap IS NULL THEN COALESCE(known.periodicity, salon.median_gap)
                      WHEN known.periodicity IS NULL THEN known.median_gap
                      ELSE LEAST(GREATEST(known.median_gap, known.periodicity / 2.0), known.periodicity * 2)
                  END)::int AS interval_days
           ) AS rhythm
), gone AS (
    DELETE FROM salon_cadence row
     WHERE %(rows_of)s
       AND NOT EXISTS (
           SELECT FROM fresh
            WHERE fresh.client_id = row.client_id
              AND COALESCE(fresh.product_tmpl_id, 0) = COALESCE(row.product_tmpl_id, 0)
              AND COALESCE(fresh.group_id, 0) = COALESCE(row.group_id, 0)
       )
)
INSERT INTO salon_cadence AS row (
       client_id, product_tmpl_id, group_id, %(columns)s, create_uid, create_date, write_uid, write_date)
SELECT client_id, product_tmpl_id, group_id, %(columns)s, %(uid)s, %(now)s, %(uid)s, %(now)s
  FROM fresh
 WHERE NOT EXISTS (
       SELECT FROM salon_cadence row
        WHERE row.client_id = fresh.client_id
          AND COALESCE(row.product_tmpl_id, 0) = COALESCE(fresh.product_tmpl_id, 0)
          AND COALESCE(row.group_id, 0) = COALESCE(fresh.group_id, 0)
          AND (%(row_columns)s) IS NOT DISTINCT FROM (%(fresh_columns)s)
       )
 ORDER BY client_id, product_tmpl_id, group_id
    ON CONFLICT (client_id, COALESCE(product_tmpl_id, 0), COALESCE(group_id, 0)) DO UPDATE
   SET (%(columns)s) = (%(excluded_columns)s),
       write_uid = EXCLUDED.write_uid,
       write_date = EXCLUDED.write_date,
       snooze_until = CASE WHEN row.last_call_at < EXCLUDED.last_start THEN NULL ELSE row.snooze_until END,
       refusal_reason_id = CASE WHEN row.refused_at < EXCLUDED.last_start THEN NULL ELSE row.refusal_reason_id END,
       refused_at = CASE WHEN row.refused_at < EXCLUDED.last_start THEN NULL ELSE row.refused_at END,
       wrong_number_at = CASE WHEN row.wrong_number_at < EXCLUDED.last_start THEN NULL ELSE row.wrong_number_at END
            """,
            now=fields.Datetime.now(),
            uid=self.env.uid,
            planned=self.env["salon.visit"]._planned_states(),
            lines_of=SQL("line.client_id IS NOT NULL") if everybody else SQL("line.client_id = ANY(%s)", ids),
            rows_of=SQL("TRUE") if everybody else SQL("row.client_id = ANY(%s)", ids),
            others=SQL("FALSE") if everybody else SQL("other.client_id <> ALL(%s)", ids),
            columns=SQL(", ").join(SQL.identifier(name) for name in written),
            row_columns=SQL(", ").join(SQL.identifier("row", name) for name in written),
            fresh_columns=SQL(", ").join(SQL.identifier("fresh", name) for name in written),
            excluded_columns=SQL(", ").join(SQL.identifier("excluded", name) for name in written),
        )

    @api.model
    def _phone_changed(self, partners):
        """Put the clients back on the list whose number was wrong."""
        wrong = self.sudo().search([("client_id", "in", partners.ids), ("wrong_number_at", "!=", False)])
        wrong.wrong_number_at = False

    @api.model
    def _rhythm_changed(self, products):
        """Have the due dates follow a new periodicity or group of ``products`` in a moment, in the background."""
        rows = self.sudo().with_context(active_test=False)
        if rows.search_count([("last_product_id", "in", products.ids)], limit=1):
            self.env.ref("salon_spa.cron_rebuild_cadence").sudo()._trigger()

    @api.model
    def _cron_rebuild(self):
        """Bring all rows in line with the calendar and the settings: what was booked may have passed, a periodicity
        may be another one. Batches are committed, and a run that is out of time goes on where it stopped."""
        settings = self.env["ir.config_parameter"].sudo()
        cron = self.env["ir.cron"]
        begun_at = int(settings.get_param("salon_spa.cadence_rebuilt_to", 0))
        clients = self._clients_after(begun_at)
        seconds = cron._commit_progress(remaining=len(clients))
        while clients and seconds > 0:
            batch, clients = clients[:CLIENTS_PER_BATCH], clients[CLIENTS_PER_BATCH:]
            try:
                self._rebuild(batch)
            except (SerializationFailure, DeadlockDetected):
                # Somebody closed a visit of one of these clients meanwhile: look at it as it is now.
                self.env.cr.rollback()
                clients = batch + clients
                seconds = cron._commit_progress()
                continue
            seconds = cron._commit_progress(len(batch), remaining=len(clients))
        if clients or begun_at:
            settings.set_param("salon_spa.cadence_rebuilt_to", clients and batch[-1])

    @api.model
    def _clients_after(self, client_id):
        """Return the sorted ids, above ``client_id``, of the clients who were ever served or have a row."""
        self.env["salon.visit.line"].flush_model(["client_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT client_id FROM salon_visit_line WHERE client_id > %(after)s AND state = 'done'
                    UNION SELECT client_id FROM salon_cadence WHERE client_id > %(after)s ORDER BY client_id""",
                after=client_id,
            )
        )
        return [row[0] for row in rows]

    # ------------------------------------------------------------------
    # The day's list as activities
    # ------------------------------------------------------------------

    @api.model
    def _cron_schedule_due_calls(self):
        """Give each company's caller the first rows of the due list as calls to make today, and close those that are
        not due any more. A second run changes nothing."""
        activities = self.env["mail.activity"].sudo()
        given = activities.search([("salon_cadence_id", "!=", False)])
        still = self.sudo().search(self._expected_domain() & Domain("id", "in", given.salon_cadence_id.ids))
        given.filtered(lambda activity: activity.salon_cadence_id not in still).unlink()
        callers = [("salon_due_user_id.active", "=", True), ("salon_due_daily_limit", ">", 0)]
        for company in self.env["res.company"].sudo().search(callers):
            domain = self._expected_domain() & Domain("company_id", "=", company.id)
            rows = self.sudo().search(domain, limit=company.salon_due_daily_limit)
            has = activities.search([("salon_cadence_id", "in", rows.ids)]).salon_cadence_id
            user = company.salon_due_user_id
            today = company._salon_today()
            rows = (rows - has).with_context(lang=user.lang)
            activities.with_context(mail_activity_quick_update=True).create(
                [row._prepare_call_activity(user, today) for row in rows]
            )

    @api.model
    def _expected_domain(self):
        """Return the domain of who is due by the own rhythm or the service's periodicity.

        That other clients come again for a service without periodicity, styling for a ball, is no reason to call.
        """
        return Domain("is_due", "=", True) & Domain("interval_source", "!=", "others")

    def _prepare_call_activity(self, user, today):
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.client_id.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            "summary": self.env._("%(service)s is due", service=self.service_name),
            "note": plaintext2html(self.next_step_text or ""),
            "user_id": user.id,
            "date_deadline": today,
            "automated": True,
            "salon_cadence_id": self.id,
        }

    # ------------------------------------------------------------------
    # What the caller does
    # ------------------------------------------------------------------

    def action_book(self):
        """Open a new visit with the client, the service, the master and the usual time filled in."""
        self.ensure_one()
        start = self._time_to_book()
        product, master = self._product_to_book(), self.suggested_employee_id
        line = {"product_id": product.id, "employee_id": master.id, "start": start}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book"),
            "res_model": "salon.visit",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.client_id.id,
                "default_company_id": self.company_id.id,
                "default_booking_source": "phone",
                "default_cadence_id": self.id,
                "default_start": start,
                "default_line_ids": [Command.create(line)] if product else [],
            },
        }

    def _product_to_book(self):
        """Return the variant done last, or another one of the same service when that one is no longer offered."""
        product = self.last_product_id
        return product if product.active else product.product_tmpl_id.product_variant_id

    def _time_to_book(self):
        """Return the start (naive UTC) nearest to the client's habit at which the suggested master is free.

        The usual weekday of the next four weeks comes first, then any day of the next two weeks. When the master has
        no time at all, it is the next usual weekday at the usual hour, whoever may serve.
        """
        company, master, product = self.company_id, self.suggested_employee_id, self._product_to_book()
        today = company._salon_today()
        weekday = int(self.usual_weekday) if self.usual_weekday else None
        usual_day = cadence.next_usual_day(today, weekday)
        days = [usual_day + timedelta(weeks=week) for week in range(4 if weekday is not None else 1)]
        days += [today + timedelta(days=ahead) for ahead in range(1, 15)]

        def local(day, hour=time()):
            return company._salon_utc(datetime.combine(day, hour))

        if master and product:
            begin, end = local(min(days)), local(max(days) + timedelta(days=1))
            work = self.env["salon.shift"]._get_working_spans(master, begin, end)[master.id]
            busy = self.env["salon.allocation"]._busy_spans(master.resource_id.ids, begin, end)
            phases = product._salon_phases(master)
            for day in days:
                hours = [span for span in work if local(day) <= span[0] < local(day + timedelta(days=1))]
                wanted = local(day, time(self.usual_hour))
                starts = timeline.nearest_starts(phases, wanted, hours, busy[master.resource_id.id], count=1)
                if starts:
                    return starts[0]
        return local(usual_day, time(self.usual_hour))

    def action_later(self):
        """Ask when to call again."""
        return self._ask_outcome("later", self.env._("Call Later"))

    def action_refused(self):
        """Ask why the client does not want to come."""
        return self._ask_outcome("refused", self.env._("Does Not Want to Come"))

    def _ask_outcome(self, outcome, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "salon.cadence.call",
            "view_mode": "form",
            "views": [(self.env.ref("salon_spa.salon_cadence_call_view_form_dialog").id, "form")],
            "target": "new",
            "context": {"default_cadence_id": self.id, "default_outcome": outcome},
        }

    def action_wrong_number(self):
        """Note that the client can't be reached by the number on the card."""
        self.env["salon.cadence.call"].create([{"cadence_id": row.id, "outcome": "wrong_number"} for row in self])

    def action_back(self):
        """Take back what the last call said: the rows are on the list again."""
        self.check_access("write")
        rows = self.sudo()
        rows.last_call_id.undone = True
        wrong = rows.filtered("wrong_number_at").client_id
        rows |= rows.search([("client_id", "in", wrong.ids), ("wrong_number_at", "!=", False)])
        rows.write(
            {"snooze_until": False, "refused_at": False, "refusal_reason_id": False, "wrong_number_at": False}
        )

    def action_open_client(self):
        """Open the client's card."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_client")
        action.update(views=[view for view in action["views"] if view[1] == "form"], res_id=self.client_id.id)
        return action
