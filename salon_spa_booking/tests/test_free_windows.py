from datetime import date, datetime, time, timedelta
from random import Random
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..models.salon_free_window import LEARNED_DAYS, OF_A_HABIT
from ..tools import assignment
from ..tools.availability import STEP
from .common import BookingCase

TODAY = "2030-03-04"  # a Monday
DAY = "2030-03-05"
WEDNESDAY = "2030-03-06"


class WindowsCase(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hr.employee"].search([("id", "not in", (cls.anna | cls.bella).ids)]).is_master = False
        cls.env["salon.cadence"].search([]).unlink()
        cls.desk = cls.make_user("desk", "administrator")
        cls.windows = cls.env["salon.free.window"].with_user(cls.desk)

    @classmethod
    def make_due(cls, name, day, clock="10:00", master=None, service=None, price=50.0, **values):
        """Make a client who was served once on a day (which makes the weekday, hour and master the usual ones)."""
        client = cls.make_client(name, phone=values.pop("phone", False))
        visit = cls.make_visit(
            cls.at(day, clock), (service or cls.cut, master or cls.anna), client=client, booking_source="phone"
        )
        visit.line_ids.price_unit = price
        visit.action_done()
        return client

    def times(self, data):
        """Return ``{(date, master): [time, ...]}`` of an answer of ``windows_read``."""
        names = {one["id"]: one["name"] for one in data["masters"]}
        found = {}
        for day in data["days"]:
            for window in day["windows"]:
                found.setdefault((day["date"], names[window["employee_id"]]), []).append(window["time"])
        return found

    def people(self, employee, begin, end, day=DAY):
        return self.windows.people_read(
            employee.id,
            fields.Datetime.to_string(self.at(day, begin)),
            fields.Datetime.to_string(self.at(day, end)),
        )


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 12:02:00")
class TestFreeWindows(WindowsCase):
    def test_idle_time_of_a_day_written_by_hand(self):
        # Anna works from ten to seven with lunch at one; a colour from eleven lets her rest from 11:40 to 12:10.
        self.give_shift(self.anna, DAY, "10:00", "19:00")
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at(DAY, "13:00"),
                "stop": self.at(DAY, "14:00"),
                "block_type": "break",
            }
        )
        self.make_visit(self.at(DAY, "11:00"), (self.colour, self.anna))
        data = self.windows.windows_read(7, [self.anna.id])
        # Her shortest service is the cut of an hour: 10:00-10:55, 11:40-12:10 and 12:30-13:00 can't be sold.
        self.assertEqual(self.times(data), {(DAY, "Anna"): ["14:00–19:00"]})
        self.assertEqual(data["minutes"], 300)
        self.assertEqual(data["gap_minutes"], 55 + 30 + 30)
        self.assertFalse(self.windows.windows_read(7, [self.anna.id], 301)["days"])
        self.assertFalse(self.windows.windows_read(7, [self.bella.id])["days"][0]["date"] < TODAY)
        self.assertEqual(self.windows.windows_read(7, [])["days"], [], "nobody is not everybody")

    def test_never_in_the_past(self):
        # It is 13:02 in Berlin: the next five minutes begin at 13:05.
        self.give_shift(self.anna, TODAY, "09:00", "18:00")
        data = self.windows.windows_read(1, [self.anna.id])
        self.assertEqual(self.times(data), {(TODAY, "Anna"): ["13:05–18:00"]})

    def test_what_an_idle_hour_costs(self):
        # A cut for 50 and a colour for 120, which takes 5 + 40 and 15 + 5 minutes of her: 170 in 125 minutes.
        self.make_done_visit(self.at("2030-02-26", "10:00"), (self.cut, self.anna))
        self.make_done_visit(self.at("2030-02-27", "10:00"), (self.colour, self.anna))
        # A service too long ago teaches nothing.
        old = date(2030, 3, 4) - timedelta(days=LEARNED_DAYS + 1)
        self.make_done_visit(self.at(str(old), "10:00"), (self.cut, self.anna))
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        self.give_shift(self.bella, DAY, "10:00", "12:00")
        data = self.windows.windows_read(2)
        lost = {window["employee_id"]: window["lost"] for day in data["days"] for window in day["windows"]}
        hourly = 170 / (125 / 60)
        self.assertAlmostEqual(lost[self.anna.id], 2 * hourly)
        self.assertAlmostEqual(lost[self.bella.id], 2 * hourly, msg="who has done nothing costs the salon's average")
        self.assertAlmostEqual(data["lost"], 4 * hourly)

    def test_idle_time_against_slow_arithmetic(self):
        # Random shifts, visits and blocks around both changes of the clock, minute by minute.
        random = Random(7)
        for monday in (date(2030, 3, 25), date(2030, 10, 21)):
            with freeze_time(datetime.combine(monday, time(4, 33))):
                self._check_random_week(random, monday)

    def _check_random_week(self, random, monday):
        working, taken, blocked = {}, set(), set()
        for employee in self.anna | self.bella:
            for offset in range(7):
                day = monday + timedelta(days=offset)
                begin = self.company._salon_utc(datetime.combine(day, time(random.randrange(0, 9), 30)))
                minutes = random.randrange(300, 700, 5)
                self.env["salon.shift"].create(
                    {
                        "employee_id": employee.id,
                        "start": begin,
                        "stop": begin + timedelta(minutes=minutes),
                        "state": "published",
                    }
                )
                for minute in range(minutes):
                    working[employee.id, begin + timedelta(minutes=minute)] = day
                for number in range(3):
                    start = begin + timedelta(minutes=100 * number + random.randrange(0, 30, 5))
                    length = random.randrange(10, 70, 5)
                    self.env["salon.allocation"].create(
                        {
                            "resource_id": employee.resource_id.id,
                            "start": start,
                            "stop": start + timedelta(minutes=length),
                            **({"block_type": "admin"} if number else {"kind": "hold", "hold_until": "2031-01-01"}),
                        }
                    )
                    span = {(employee.id, start + timedelta(minutes=minute)) for minute in range(length)}
                    taken |= span
                    blocked |= span if number else set()
        heat, idle = {}, {}
        for key, _day in working.items():
            local = self.company._salon_local(key[1])
            cell = heat.setdefault((local.weekday(), local.hour), [0, 0])
            cell[0] += key not in blocked
            cell[1] += key not in taken
            if key not in taken and key[1] >= fields.Datetime.now() - timedelta(minutes=1):
                idle.setdefault(key[0], []).append(key[1])
        wanted = []
        now = fields.Datetime.now()
        now += (datetime.min - now) % timedelta(minutes=STEP)
        for employee_id, moments in idle.items():
            moments = sorted(moment for moment in moments if moment >= now)
            start = before = None
            for moment in [*moments, None]:
                if before is None or moment is None or moment - before > timedelta(minutes=1):
                    if before and before + timedelta(minutes=1) - start >= timedelta(hours=1):
                        wanted.append((employee_id, start, before + timedelta(minutes=1)))
                    start = moment
                before = moment
        # The shortest service is the cut of an hour.
        data = self.windows.windows_read(7)
        found = [
            (one["employee_id"], *map(fields.Datetime.to_datetime, (one["start"], one["stop"])))
            for day in data["days"]
            for one in day["windows"]
        ]
        self.assertEqual(sorted(found), sorted(wanted))
        hours = {
            (cell["weekday"], cell["hour"]): [cell["available"], cell["idle"]]
            for cell in self.windows.heat_read(7)["hours"]
        }
        self.assertEqual(hours, {key: cell for key, cell in heat.items() if cell != [0, 0]})

    def test_heat_of_the_past(self):
        self.give_shift(self.anna, "2030-02-26", "10:00", "12:00")
        self.make_done_visit(self.at("2030-02-26", "10:30"), (self.cut, self.anna))
        self.assertEqual(
            [cell for cell in self.windows.heat_read(-7, [self.anna.id])["hours"] if cell["weekday"] == 1],
            [
                {"weekday": 1, "hour": 10, "available": 60, "idle": 30},
                {"weekday": 1, "hour": 11, "available": 60, "idle": 30},
            ],
        )

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def test_people_who_fit_best_first(self):
        self.give_shift(self.anna, DAY, "10:00", "14:00")
        # All were here on a Tuesday, when she had time for them, seven weeks ago.
        usual = self.make_due("Usual", "2030-01-15", "10:00", self.anna, price=60)
        other_master = self.make_due("Other Master", "2030-01-15", "10:00", self.bella, price=60)
        other_day = self.make_due("Other Day", "2030-01-16", "10:00", self.anna, price=60)
        rich = self.make_due("Rich", "2030-01-15", "11:00", self.anna, price=600)
        self.make_due("Not Due", "2030-02-26", "10:00", self.anna, price=600)
        put_off = self.make_due("Put Off", "2030-01-15", "12:00", self.anna, price=600)
        refused = self.make_due("Refused", "2030-01-15", "13:00", self.anna, price=600)
        self.env["salon.cadence.call"].create(
            [
                {"cadence_id": put_off.cadence_ids.id, "outcome": "later", "later_date": "2030-03-20"},
                {
                    "cadence_id": refused.cadence_ids.id,
                    "outcome": "refused",
                    "reason_id": self.env["salon.reason"].search([("kind", "=", "refusal")], limit=1).id,
                },
            ]
        )
        people = self.people(self.anna, "10:00", "14:00")
        self.assertEqual(
            [person["client_id"] for person in people], [one.id for one in (rich, usual, other_day, other_master)]
        )
        self.assertEqual(people[1]["time"], "10:00–11:00")
        self.assertEqual(people[1]["reasons"], ["13 days overdue", "usual master", "usual day", "usual time"])
        row = usual.cadence_ids
        self.assertAlmostEqual(
            people[1]["value"], 60 * assignment.CHANCE_DUE * assignment.overdue(row.days_overdue / row.interval_days)
        )
        self.assertEqual(people[3]["reasons"], ["13 days overdue", "usual day", "usual time"])

    def test_what_is_too_long_or_has_no_room_does_not_fit(self):
        self.give_shift(self.anna, DAY, "10:00", "11:10")
        self.cut.product_tmpl_id.periodicity_days = 30
        self.massage.product_tmpl_id.periodicity_days = 30
        colour = self.make_due("Colour", "2030-01-15", service=self.colour)
        massage = self.make_due("Massage", "2030-01-16", service=self.massage)
        cut = self.make_due("Cut", "2030-01-17")
        self.colour.product_tmpl_id.periodicity_days = 30
        self.env["salon.cadence"]._rebuild((colour | massage | cut).ids)
        found = {person["client_id"] for person in self.people(self.anna, "10:00", "11:10")}
        self.assertEqual(found, {massage.id, cut.id}, "a colour takes 95 minutes")
        rooms = self.room_1 | self.room_2 | self.for_two
        for room in rooms:
            self.env["salon.allocation"].create(
                [
                    {
                        "resource_id": room.resource_id.id,
                        "seat": seat + 1,
                        "start": self.at(DAY, "10:30"),
                        "stop": self.at(DAY, "10:45"),
                        "block_type": "maintenance",
                    }
                    for seat in range(room.capacity)
                ]
            )
        found = {person["client_id"] for person in self.people(self.anna, "10:00", "11:10")}
        self.assertEqual(found, {cut.id}, "no cabinet is free for the whole massage")

    def test_who_is_here_anyway_is_not_asked_for_the_same_time(self):
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        client = self.make_due("Busy", "2030-01-15")
        self.make_visit(self.at(DAY, "10:30"), (self.massage, self.bella), client=client)
        self.assertFalse(self.people(self.anna, "10:00", "12:00"))
        self.give_shift(self.anna, WEDNESDAY, "10:00", "12:00")
        self.assertTrue(self.people(self.anna, "10:00", "12:00", WEDNESDAY))

    def test_the_waitlist_comes_first_and_gets_what_it_asked_for(self):
        self.give_shift(self.anna, DAY, "10:00", "14:00")
        self.make_due("Due", "2030-01-15", price=50)
        values = {
            "partner_id": self.clara.id,
            "date_from": DAY,
            "date_to": DAY,
            "hour_from": 12,
            "line_ids": [Command.create({"product_id": self.cut.id})],
        }
        entry = self.env["salon.waitlist"].create(values)
        bella_only = self.env["salon.waitlist"].create(
            {
                **values,
                "partner_id": self.make_client("Bella's").id,
                "line_ids": [Command.create({"product_id": self.cut.id, "employee_id": self.bella.id})],
            }
        )
        two = [Command.create({"product_id": self.cut.id, "guest": guest}) for guest in (1, 2)]
        self.env["salon.waitlist"].create(
            {**values, "partner_id": self.make_client("Two").id, "hour_from": 0, "line_ids": two}
        )
        people = self.people(self.anna, "10:00", "14:00")
        self.assertEqual([person["source"] for person in people], ["waitlist", "due"])
        self.assertEqual(people[0]["source_id"], entry.id)
        self.assertEqual(people[0]["time"], "12:00–13:00")
        self.assertFalse(self.people(self.anna, "10:00", "12:30")[0]["source"] == "waitlist")
        action = self.windows.window_book("waitlist", entry.id, self.anna.id, people[0]["start"])
        visit = self.env["salon.visit"].browse(action["res_id"])
        self.assertEqual((visit.state, visit.partner_id), ("booked", self.clara))
        self.assertEqual((entry.state, bella_only.state), ("booked", "waiting"))
        with self.refused("waits no longer"):
            self.windows.window_book("waitlist", entry.id, self.anna.id, people[0]["start"])

    def test_two_services_waited_for_take_one_window(self):
        self.give_shift(self.anna, DAY, "10:00", "12:40")
        entry = self.env["salon.waitlist"].create(
            {
                "partner_id": self.clara.id,
                "date_from": DAY,
                "date_to": DAY,
                "line_ids": [Command.create({"product_id": one.id}) for one in (self.cut, self.colour)],
            }
        )
        # An hour for the cut, five minutes to prepare the colour, 85 minutes of it, five to tidy up.
        people = self.people(self.anna, "10:00", "12:35")
        self.assertEqual([person["time"] for person in people], ["10:00–12:30"])
        self.assertFalse(self.people(self.anna, "10:00", "12:30"))
        action = self.windows.window_book("waitlist", entry.id, self.anna.id, people[0]["start"])
        visit = self.env["salon.visit"].browse(action["res_id"])
        self.assertEqual(visit.line_ids.product_id, self.cut | self.colour)
        self.assertEqual(visit.stop, self.at(DAY, "12:30"))

    def test_one_click_books(self):
        self.give_shift(self.anna, DAY, "10:00", "14:00")
        client = self.make_due("Due", "2030-01-15")
        (person,) = self.people(self.anna, "10:00", "14:00")
        arguments = (person["source"], person["source_id"], person["employee_id"], person["start"])
        visit = self.env["salon.visit"].browse(self.windows.window_book(*arguments)["res_id"])
        self.assertEqual((visit.state, visit.booking_source), ("booked", "phone"))
        self.assertEqual((visit.partner_id, visit.cadence_id), (client, client.cadence_ids))
        self.assertEqual(client.cadence_ids.last_call_id.outcome, "booked", "the call that led to it is noted")
        self.assertFalse(self.people(self.anna, "11:00", "14:00"), "nobody is due any more")
        with self.refused("by now"):
            self.windows.window_book(*arguments)

    def test_somebody_was_faster(self):
        self.give_shift(self.anna, DAY, "10:00", "14:00")
        self.make_due("Due", "2030-01-15")
        (person,) = self.people(self.anna, "10:00", "14:00")
        self.make_visit(self.at(DAY, "10:30"))
        with self.refused("already taken"):
            self.windows.window_book("due", person["source_id"], self.anna.id, person["start"])

    def test_the_desk_sees_phones_by_right(self):
        self.give_shift(self.anna, DAY, "10:00", "14:00")
        self.make_due("Due", "2030-01-15", phone="+49 30 1234567")
        (person,) = self.people(self.anna, "10:00", "14:00")
        self.assertEqual((person["phone"], person["may_call"]), ("+49 30 1234567", True))
        administrators = self.env.ref("salon_spa.group_salon_administrator")
        administrators.implied_ids -= self.env.ref("salon_spa.group_salon_phone")
        (person,) = self.people(self.anna, "10:00", "14:00")
        self.assertFalse(person["may_call"])
        self.assertNotIn("1234567", person["phone"].replace(" ", ""))

    def test_masters_are_refused(self):
        master = self.make_user("a.master", "master")
        windows = self.env["salon.free.window"].with_user(master)
        moment = fields.Datetime.to_string(self.at(DAY, "10:00"))
        for ask in (
            lambda: windows.windows_read(),
            lambda: windows.heat_read(),
            lambda: windows.people_read(self.anna.id, moment, moment),
            lambda: windows.window_book("due", 1, self.anna.id, moment),
            lambda: self.env["salon.fill.week"].with_user(master).open_proposal(),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_other_companies_are_not_looked_into(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        self.give_shift(self.anna, DAY, "10:00", "14:00")
        self.make_due("Due", "2030-01-15")
        self.desk.company_ids += other
        windows = self.windows.with_company(other)
        self.assertFalse(windows.windows_read(7)["days"])
        self.assertFalse(windows.people_read(self.anna.id, f"{DAY} 09:00:00", f"{DAY} 13:00:00"))
        self.assertTrue(self.windows.windows_read(7, [self.anna.id])["days"])

    def test_the_cut_keeps_the_worthiest_of_each_habit(self):
        self.env["salon.cadence"]._rebuild()
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}", "is_client_card": True} for number in range(OF_A_HABIT + 10)]
        )
        rows = self.env["salon.cadence"].sudo()
        self.env.cr.execute(
            """INSERT INTO salon_cadence (active, client_id, company_id, product_tmpl_id, last_product_id, visit_count,
                                          last_done, interval_days, interval_source, due_date, usual_weekday,
                                          usual_hour, employee_id, value)
               SELECT TRUE, id, %s, %s, %s, 3, '2030-02-01', 20, 'own', DATE '2030-03-04' - place::int * 7, '1', 10,
                      %s, 100
                 FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM res_partner WHERE id = ANY(%s)) c""",
            (self.company.id, self.cut.product_tmpl_id.id, self.cut.id, self.anna.id, clients.ids),
        )
        rows.invalidate_model()
        found = list(self.windows._due_candidates(self.company, [self.cut.id]))
        self.assertEqual(len(found), OF_A_HABIT)
        # The cut in the database goes by the same arithmetic as the choice.
        worth = sorted((-assignment.overdue(place * 7 / 20), place) for place in range(1, len(clients) + 1))
        kept = {clients[place - 1].id for _worth, place in worth[:OF_A_HABIT]}
        self.assertEqual({one.client_id for one in found}, kept)
        self.assertTrue(all(one.days_overdue / 20 == one.intervals for one in found))

    def test_queries_do_not_grow_with_masters(self):
        counts = []
        for number in range(2):
            for name in range(8 * number):
                master = self.make_master(f"More {name}", self.cut | self.colour | self.massage)
                self.give_shift(master, DAY, "10:00", "18:00")
            if not number:
                self.give_shift(self.anna, DAY, "10:00", "18:00")
                self.make_due("Due", "2030-01-15")
            for ask in (
                lambda: self.windows.windows_read(14),
                lambda: self.windows.heat_read(14),
                lambda: self.people(self.anna, "10:00", "18:00"),
            ):
                ask()
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                ask()
                counts.append(self.env.cr.sql_log_count - before)
        for few, many in zip(counts[:3], counts[3:], strict=True):
            self.assertLessEqual(many, few)


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 12:02:00")
class TestFillWeek(WindowsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Who has a shift in a week works in no other hours of it.
        for master in (cls.anna, cls.bella):
            cls.give_shift(master, "2030-03-10", "10:00", "11:00")

    def fill(self, **values):
        fill = self.env["salon.fill.week"].with_user(self.desk).create({"days": 3, **values})
        fill._propose()
        return fill

    def rows(self, fill):
        return [
            (line.partner_id.name, line.employee_id.name, f"{self.company._salon_local(line.start):%a %H:%M}")
            for line in fill.line_ids
        ]

    def test_each_client_once_and_each_time_once(self):
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        self.give_shift(self.anna, WEDNESDAY, "10:00", "11:00")
        names = ["Ada", "Bea", "Cleo", "Dina"]
        for number, name in enumerate(names):
            self.make_due(name, "2030-01-15", f"{10 + number}:00", price=100 - number)
        fill = self.fill()
        # Three hours for four clients, the least worthy of whom is not asked.
        self.assertEqual(sorted(name for name, *_rest in self.rows(fill)), names[:3])
        starts = [line.start for line in fill.line_ids]
        self.assertEqual(starts, [self.at(DAY, "10:00"), self.at(DAY, "11:00"), self.at(WEDNESDAY, "10:00")])
        self.assertAlmostEqual(fill.value, sum(fill.line_ids.mapped("value")))
        self.assertEqual(len(self.fill(calls=2).line_ids), 2)
        self.assertEqual(self.fill(calls=1).line_ids.partner_id.name, "Ada")

    def test_without_scipy_too(self):
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        for number, name in enumerate(["Ada", "Bea", "Cleo"]):
            self.make_due(name, "2030-01-15", f"{10 + number}:00", price=100 - number)
        with patch.dict("sys.modules", {"scipy": None, "scipy.optimize": None}):
            fill = self.fill()
        self.assertEqual({name for name, *_rest in self.rows(fill)}, {"Ada", "Bea"})

    def test_one_room_is_promised_once(self):
        self.massage.product_tmpl_id.periodicity_days = 30
        (self.room_2 | self.for_two).active = False
        for master in (self.anna, self.bella):
            self.give_shift(master, DAY, "10:00", "11:10")
        for name, day, master in (("Ada", "2030-01-15", self.anna), ("Bea", "2030-01-22", self.bella)):
            self.make_due(name, day, master=master, service=self.massage)
        # Both masters are free, and there is but one cabinet.
        fill = self.fill()
        self.assertEqual(len(fill.line_ids), 1)
        fill.line_ids.action_book()
        self.assertEqual(fill.line_ids.visit_id.state, "booked")

    def test_all_of_it_can_be_booked(self):
        (self.massage | self.colour).product_tmpl_id.periodicity_days = 30
        for master in (self.anna, self.bella):
            for day in (DAY, WEDNESDAY):
                self.give_shift(master, day, "10:00", "16:00")
        services = (self.cut, self.massage, self.colour)
        for number in range(14):
            day = date(2030, 1, 7) + timedelta(days=number)
            self.make_due(f"Client {number}", str(day), "12:00", service=services[number % 3], price=40 + number)
        fill = self.fill(calls=30)
        self.assertGreater(len(fill.line_ids), 8)
        self.assertEqual(len(fill.line_ids.partner_id), len(fill.line_ids))
        for line in fill.line_ids:
            line.action_book()
        self.assertEqual(set(fill.line_ids.visit_id.mapped("state")), {"booked"})
        self.assertEqual(set(fill.line_ids.mapped("result_text")), {"Booked"})
        fill.action_propose()
        self.assertTrue(all(line.visit_id for line in fill.line_ids.filtered(lambda one: one.result_text)))

    def test_calls_become_activities_and_no_duplicates(self):
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        ada = self.make_due("Ada", "2030-01-15")
        self.make_due("Bea", "2030-01-15", "15:00")
        waiting = self.env["salon.waitlist"].create(
            {
                "partner_id": self.clara.id,
                "date_from": WEDNESDAY,
                "date_to": WEDNESDAY,
                "line_ids": [Command.create({"product_id": self.cut.id})],
            }
        )
        self.give_shift(self.anna, WEDNESDAY, "10:00", "11:00")
        fill = self.fill(user_id=self.desk.id)
        fill.line_ids.filtered(lambda line: line.partner_id.name == "Bea").is_chosen = False
        for _twice in range(2):
            fill.action_call()
        activities = self.env["mail.activity"].search([("user_id", "=", self.desk.id)])
        self.assertEqual(len(activities), 2)
        due = activities.filtered("salon_cadence_id")
        self.assertEqual(due.salon_cadence_id, ada.cadence_ids)
        self.assertIn("Tue, 5 Mar, 10:00–11:00 with Anna, Cut", due.note)
        other = activities - due
        self.assertEqual((other.res_model, other.res_id), ("salon.waitlist", waiting.id))
        # The nightly list does not add a second one.
        self.company.write({"salon_due_user_id": self.desk.id, "salon_due_daily_limit": 5})
        self.env["salon.cadence"]._cron_schedule_due_calls()
        again = self.env["mail.activity"].search([("salon_cadence_id", "=", ada.cadence_ids.id)])
        self.assertEqual(again, due)
        fill.line_ids.is_chosen = False
        with self.assertRaises(UserError):
            fill.action_call()

    def test_nobody_is_called_for_the_wish_of_another_salon(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        waiting = self.env["salon.waitlist"].create(
            {
                "partner_id": self.clara.id,
                "company_id": other.id,
                "line_ids": [Command.create({"product_id": self.cut.id})],
            }
        )
        row = {"source": "waitlist", "source_id": waiting.id, "partner_id": self.clara.id}
        fill = self.env["salon.fill.week"].with_user(self.desk).create({"line_ids": [Command.create(row)]})
        with self.assertRaises(AccessError):
            fill.action_call()
        self.assertFalse(waiting.activity_ids)

    def test_proposal_for_no_master_is_refused(self):
        fills = self.env["salon.fill.week"].with_user(self.desk)
        with self.assertRaisesRegex(UserError, "at least one master"):
            fills.open_proposal(7, [])
        for asked in (None, self.anna.ids):
            fill = fills.browse(fills.open_proposal(7, asked)["res_id"])
            self.assertEqual(fill.employee_ids.ids, asked or [])

    def test_the_answer_shows_in_the_row(self):
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        self.make_due("Ada", "2030-01-15")
        line = self.fill().line_ids
        self.assertFalse(line.result_text)
        action = line.action_later()
        self.assertEqual(action["context"]["default_cadence_id"], line.cadence_id.id)
        self.env["salon.cadence.call"].with_user(self.desk).create(
            {"cadence_id": line.cadence_id.id, "outcome": "later", "later_date": "2030-03-20"}
        )
        line.invalidate_recordset()
        self.assertIn("Call on", line.result_text)
