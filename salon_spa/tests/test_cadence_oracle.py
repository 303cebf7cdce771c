"""salon.cadence against a slow and obvious oracle in plain Python, which shares nothing with the SQL."""

import statistics
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytz
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

NOW = datetime(2026, 3, 31, 9, 0)
ZONES = {"Berlin": "Europe/Berlin", "Tashkent": "Asia/Tashkent", "Los Angeles": "America/Los_Angeles"}
STATES = ["done"] * 6 + ["booked", "requested", "confirmed", "arrived", "cancelled", "no_show", "draft"]


def rounded(days):
    return int(Decimal(days).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def most_frequent(values):
    """Return the most frequent of ``values`` (oldest first), the one seen last when several are level."""
    counts = Counter(values)
    best = max(counts.values(), default=0)
    return next((value for value in reversed(values) if counts[value] == best), None)


def oracle(lines, periodicity, now):
    """Return ``{(client, key): facts}`` for ``lines``: dicts of client, key, product, master, company, tz, start,
    state, number (their order of entry)."""
    local = {
        line["number"]: pytz.utc.localize(line["start"]).astimezone(pytz.timezone(line["tz"])) for line in lines
    }
    visits = {}
    for line in sorted(lines, key=lambda line: (line["start"], line["number"])):
        if line["state"] == "done":
            # The later line of a day takes the place of the earlier one.
            days = visits.setdefault((line["client"], line["key"]), {})
            days[local[line["number"]].date()] = line
    facts, medians = {}, {}
    for who, days in visits.items():
        dates = sorted(days)
        gaps = [(after - before).days for before, after in pairwise(dates)]
        if len(dates) >= 3:
            medians[who] = statistics.median(Decimal(gap) for gap in gaps[-6:])
    for who, days in visits.items():
        dates = sorted(days)
        rows = [days[day] for day in dates]
        last = rows[-1]
        period = periodicity[last["product"]]
        if who in medians:
            interval, source = medians[who], "own"
            if period:
                interval = min(max(interval, Decimal(period) / 2), Decimal(period) * 2)
        elif period:
            interval, source = Decimal(period), "periodicity"
        else:
            others = [median for (_client, key), median in medians.items() if key == who[1]]
            interval, source = (statistics.median(others), "others") if others else (None, None)
        interval = None if interval is None else rounded(interval)
        ahead = [
            line["start"]
            for line in lines
            if (line["client"], line["key"]) == who
            and line["state"] in ("requested", "booked", "confirmed", "arrived")
            and local[line["number"]].date()
            >= pytz.utc.localize(now).astimezone(pytz.timezone(line["tz"])).date()
        ]
        facts[who] = {
            "visit_count": len(dates),
            "last_done": dates[-1],
            "last_start": last["start"],
            "interval_days": interval,
            "interval_source": source,
            "due_date": None if interval is None else dates[-1] + timedelta(days=interval),
            "next_booked": min(ahead, default=None),
            "usual_weekday": str(most_frequent([day.weekday() for day in dates])),
            "usual_hour": most_frequent([local[row["number"]].hour for row in rows]),
            "employee_id": most_frequent([row["master"] for row in rows[-6:] if row["master"]]),
            "last_product_id": last["product"],
            "company_id": last["company"],
        }
    return facts


@tagged("post_install", "-at_install")
class TestCadenceOracle(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].create([{"name": name, "salon_tz": tz} for name, tz in ZONES.items()])
        cls.clients = cls.env["res.partner"].create([{"name": f"Client {index}"} for index in range(3)])
        cls.masters = cls.env["hr.employee"].create([{"name": f"Master {index}"} for index in range(3)])
        group = cls.env["salon.service.group"].create({"name": "Cut"})
        length = cls.env["product.attribute"].create(
            {"name": "Length", "value_ids": [Command.create({"name": name}) for name in ("Short", "Long")]}
        )
        templates = cls.env["product.template"].create(
            [
                {
                    "name": "Massage",
                    "type": "service",
                    "attribute_line_ids": [
                        Command.create(
                            {"attribute_id": length.id, "value_ids": [Command.set(length.value_ids.ids)]}
                        )
                    ],
                },
                {"name": "Women's Cut", "salon_group_id": group.id, "type": "service"},
                {"name": "Men's Cut", "salon_group_id": group.id, "type": "service"},
            ]
        )
        cls.products = templates.product_variant_ids
        cls.keys = {
            product.id: ("group", group.id)
            if product.product_tmpl_id.salon_group_id
            else ("service", product.product_tmpl_id.id)
            for product in cls.products
        }
        cls.visits = {
            (company.id, state): cls.env["salon.visit"].create({"is_anonymous": True, "company_id": company.id})
            for company in cls.companies
            for state in set(STATES)
        }
        cls.env.flush_all()

    def insert(self, lines):
        """Put the lines into the table past the ORM, whose guards would refuse such lives."""
        for line in lines:
            day = pytz.utc.localize(line["start"]).astimezone(pytz.timezone(line["tz"])).date()
            self.env.cr.execute(
                SQL(
                    """INSERT INTO salon_visit_line (visit_id, company_id, client_id, product_id, employee_id, kind,
                                                     state, start, date, price_unit, discount, quantity,
                                                     prep_minutes, active_minutes, processing_minutes,
                                                     finishing_minutes, cleanup_minutes)
                       VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, 1, 0, 60, 0, 0, 0)""",
                    self.visits[line["company"], line["state"]].id,
                    line["company"],
                    line["client"],
                    line["product"],
                    line["master"],
                    line.get("kind", "service"),
                    line["state"],
                    line["start"],
                    day,
                )
            )

    def lines(self):
        moment = st.one_of(
            # Crowded days, so that one day has several lines and gaps are level, and days ahead of now.
            st.builds(
                lambda day, quarter: datetime(2026, 3, 1) + timedelta(days=day, minutes=15 * quarter),
                st.integers(-20, 45),
                st.sampled_from([0, 30, 36, 40, 41, 60, 88, 95]),
            ),
            st.datetimes(datetime(2024, 1, 1), datetime(2026, 4, 30)).map(
                lambda moment: moment.replace(second=0, microsecond=0)
            ),
        )
        line = {
            "client": st.sampled_from(self.clients.ids),
            "product": st.sampled_from(self.products.ids),
            "master": st.sampled_from([*self.masters.ids, None]),
            "company": st.sampled_from(self.companies.ids),
            "state": st.sampled_from(STATES),
            "start": moment,
        }
        # One client's long history of one service, where the six last gaps are not all.
        regular = {
            **line,
            "client": st.just(self.clients.ids[0]),
            "product": st.just(self.products.ids[0]),
            "state": st.just("done"),
        }
        return st.one_of(
            st.lists(st.fixed_dictionaries(line), max_size=40),
            st.builds(
                lambda history, rest: history + rest,
                st.lists(st.fixed_dictionaries(regular), min_size=7, max_size=20),
                st.lists(st.fixed_dictionaries(line), max_size=10),
            ),
        )

    def rows(self):
        rows = self.env["salon.cadence"].search([("client_id", "in", self.clients.ids)])
        names = (
            "visit_count", "last_done", "last_start", "interval_days", "interval_source", "due_date", "next_booked",
            "usual_weekday", "usual_hour", "employee_id", "last_product_id", "company_id",
        )  # fmt: skip
        self.env.cr.execute(
            SQL(
                "SELECT client_id, product_tmpl_id, group_id, %s FROM salon_cadence WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                rows.ids,
            )
        )
        return {
            (client, ("group", group) if group else ("service", template)): dict(zip(names, facts, strict=True))
            for client, template, group, *facts in self.env.cr.fetchall()
        }

    def run_example(self, lines, periods, parts):
        """Let the SQL work on one example and undo it; ``parts`` rebuilds client by client and not all at once."""
        company_tz = {company.id: company.salon_tz for company in self.companies}
        for number, line in enumerate(lines):
            line.update(number=number, tz=company_tz[line["company"]], key=self.keys[line["product"]])
        periodicity = dict(zip(self.products.ids, periods, strict=True))
        with self.env.cr.savepoint() as savepoint:
            for product_id, days in periodicity.items():
                self.env.cr.execute(
                    "UPDATE product_product SET periodicity_days = %s WHERE id = %s", (days, product_id)
                )
            self.insert(lines)
            cadence = self.env["salon.cadence"]
            if parts:
                # Twice: the salon's median over all clients is whole once every client has had a turn.
                for client in [*self.clients.ids, *self.clients.ids]:
                    cadence._rebuild([client])
            else:
                cadence._rebuild()
            found = self.rows()
            self.env.cr.execute("SELECT xmin::text || ctid::text FROM salon_cadence ORDER BY id")
            before = self.env.cr.fetchall()
            cadence._rebuild(self.clients.ids)
            self.env.cr.execute("SELECT xmin::text || ctid::text FROM salon_cadence ORDER BY id")
            self.assertEqual(self.env.cr.fetchall(), before, "A second rebuild wrote rows that were right already")
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(found, oracle(lines, periodicity, NOW))

    @freeze_time(NOW)
    def test_rows_equal_the_oracle(self):
        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            self.lines(), st.lists(st.sampled_from([0, 1, 7, 21, 35]), min_size=4, max_size=4), st.booleans()
        )
        def check(lines, periods, parts):
            self.run_example(lines, periods, parts)

        check()

    def test_oracle_itself(self):
        """The oracle says what a reader expects of a life written out by hand."""
        lines = [
            {
                "client": 1, "key": "cut", "product": 7, "master": 3, "company": 1, "tz": "Europe/Berlin",
                "state": "done", "number": number, "start": datetime.combine(day, datetime.min.time()).replace(hour=9),
            }
            for number, day in enumerate([date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 5)])
        ]  # fmt: skip
        facts = oracle(lines, {7: 21}, NOW)[1, "cut"]
        # Gaps 28 and 31 days, median 29.5, which lies between 10.5 and 42, is 30 whole days.
        self.assertEqual(facts["interval_days"], 30)
        self.assertEqual(facts["due_date"], date(2026, 4, 4))
        self.assertEqual((facts["usual_weekday"], facts["usual_hour"]), ("0", 10))
        self.assertEqual(oracle(lines, {7: 14}, NOW)[1, "cut"]["interval_days"], 28)
        self.assertEqual(oracle(lines[:2], {7: 0}, NOW)[1, "cut"]["interval_days"], None)
