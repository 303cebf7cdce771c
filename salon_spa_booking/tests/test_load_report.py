from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.salon_spa.tests.test_unit_js import suite_id

from .common import BookingCase

DAY = "2030-03-05"  # a Tuesday
MINUTE = timedelta(minutes=1)


class LoadCase(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fringe = cls.make_service("Fringe", active_minutes=20, list_price=25.0)
        cls.env["salon.skill"].create({"employee_id": cls.anna.id, "product_id": cls.fringe.id})
        # Nobody else is there, and nobody works but in shifts.
        (cls.anna | cls.bella).resource_calendar_id = False
        cls.env["hr.employee"].search([("id", "not in", (cls.anna | cls.bella).ids)]).is_master = False

    def figures(self, groupby, *aggregates, domain=(), model="salon.load.report"):
        rows = self.env[model]._read_group(
            Domain("company_id", "=", self.company.id) & Domain(domain), groupby, aggregates
        )
        rows = [tuple(round(value, 6) if isinstance(value, float) else value for value in row) for row in rows]
        if not groupby:
            return rows[0]
        size = len(groupby)
        return {row[0] if size == 1 else row[:size]: row[size:] for row in rows}

    def day(self, employee, *aggregates, day=DAY):
        return self.figures([], *aggregates, domain=[("employee_id", "=", employee.id), ("date", "=", day)])

    def place(self, groupby, *aggregates, day=DAY):
        return self.figures(groupby, *aggregates, domain=[("date", "=", day)], model="salon.place.report")

    def block(self, resource, begin, end, kind="break", day=DAY, **values):
        return self.env["salon.allocation"].create(
            {
                "resource_id": resource.id,
                "start": self.at(day, begin),
                "stop": self.at(day, end),
                "kind": "block",
                "block_type": kind,
                **values,
            }
        )

    def visit(self, clock, *lines, day=DAY, **values):
        client = self.make_client(f"Client of {clock}")
        return self.make_visit(self.at(day, clock), *lines, client=client, **values)


@tagged("post_install", "-at_install")
@freeze_time("2030-03-05 22:00:00")  # the evening of the day
class TestLoadOfMasters(LoadCase):
    def a_day_of_anna(self):
        """Anna works from 9 to 18 and has lunch from 13 to 14: 9 hours of shift, 8 hours to sell.

        At 9:20 she begins a colour. She prepares it from 9:15, works until 10:00, is free while it takes, finishes
        from 10:30 to 10:45 and tidies up until 10:50. From 10:05 to 10:25 she cuts another client's fringe.
        """
        self.give_shift(self.anna, DAY, "09:00", "18:00")
        self.block(self.anna.resource_id, "13:00", "14:00")
        colour = self.visit("09:20", (self.colour, self.anna))
        fringe = self.visit("10:05", (self.fringe, self.anna))
        cancelled = self.visit("15:00", (self.cut, self.anna))
        cancelled.action_cancel(self.env["salon.reason"].search([("kind", "=", "client")], limit=1))
        return colour, fringe

    def test_occupancy(self):
        """She is busy for 5 + 40 + 15 + 5 minutes of the colour and the 20 of the fringe: 85 of 480 minutes."""
        self.a_day_of_anna()
        self.assertEqual(
            self.day(self.anna, "paid_hours:sum", "available_hours:sum", "busy_hours:sum", "occupancy:avg"),
            (9.0, 8.0, round(85 / 60, 6), round(100 * 85 / 480, 6)),
        )

    def test_preparation_counts_by_the_setting(self):
        self.a_day_of_anna()
        self.company.salon_load_buffers = False
        self.assertEqual(self.day(self.anna, "busy_hours:sum"), (round(75 / 60, 6),))

    def test_productive_hours(self):
        """With clients she works 40 + 15 + 20 minutes of the 9 hours that are paid."""
        self.a_day_of_anna()
        self.assertEqual(
            self.day(self.anna, "service_hours:sum", "productive_rate:avg"), (1.25, round(100 * 75 / 540, 6))
        )

    def test_gap_loss(self):
        """Her shortest service is the fringe with 20 minutes. Lost are the 15 minutes before the colour and twice
        5 minutes beside the fringe; the hours after 10:50 and after lunch can still be sold.

        The day's work is worth 120 + 25 for 85 minutes, so that 25 lost minutes cost 25 x 145 / 85.
        """
        self.a_day_of_anna()
        self.assertEqual(
            self.day(self.anna, "gap_hours:sum", "amount_value:sum", "gap_amount:avg"),
            (round(25 / 60, 6), 145.0, round(25 * 145 / 85, 6)),
        )

    def test_gap_between_visits_of_an_hour(self):
        """Bella does nothing shorter than an hour: 55 minutes between two cuts are lost to her, 60 are not."""
        self.give_shift(self.bella, DAY, "09:00", "14:55")
        for clock in ("10:00", "11:55", "13:55"):
            self.visit(clock, (self.cut, self.bella))
        self.assertEqual(
            self.figures(["hour"], "gap_hours:sum", domain=[("date", "=", DAY), ("kind", "=", "gap")]),
            {"11:00": (round(55 / 60, 6),)},
        )

    def test_a_hold_leaves_a_gap_until_it_lapses(self):
        self.give_shift(self.bella, DAY, "09:00", "12:00")
        hold = self.env["salon.allocation"].sudo().create(
            {
                "resource_id": self.bella.resource_id.id,
                "start": self.at(DAY, "09:30"),
                "stop": self.at(DAY, "11:00"),
                "kind": "hold",
                "hold_until": "2030-03-05 22:10:00",
            }
        )
        self.assertEqual(self.day(self.bella, "gap_hours:sum", "busy_hours:sum"), (0.5, 0.0))
        hold.hold_until = "2030-03-05 21:50:00"
        self.assertEqual(self.day(self.bella, "gap_hours:sum"), (0.0,))

    def test_processing_that_is_sold_twice(self):
        """Of the 30 minutes in which the colour takes, 20 went to the fringe."""
        self.a_day_of_anna()
        self.assertEqual(
            self.day(self.anna, "processing_hours:sum", "processing_sold_hours:sum", "double_use_rate:avg"),
            (0.5, round(20 / 60, 6), round(200 / 3, 6)),
        )

    def test_revenue_of_what_is_done(self):
        """Only the fringe is done: 25 in 8 hours to sell."""
        _colour, fringe = self.a_day_of_anna()
        fringe.action_done()
        self.assertEqual(
            self.day(self.anna, "amount_service:sum", "amount_value:sum", "revenue_hour:avg"), (25.0, 145.0, 3.125)
        )

    def test_money_of_a_service_that_the_master_only_prepares(self):
        bath = self.make_service(
            "Bath", prep_minutes=10, active_minutes=0, processing_minutes=60, cleanup_minutes=20, list_price=60.0
        )
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": bath.id})
        self.give_shift(self.anna, DAY, "09:00", "12:00")
        self.visit("10:00", (bath, self.anna)).action_done()
        self.assertEqual(
            self.day(self.anna, "amount_service:sum", "busy_hours:sum", "service_hours:sum"), (60.0, 0.5, 0.0)
        )

    def test_what_each_block_does(self):
        self.give_shift(self.anna, DAY, "09:00", "18:00")
        for number, kind in enumerate(("break", "admin", "training", "unavailable")):
            self.block(self.anna.resource_id, f"{10 + number}:00", f"{10 + number}:30", kind)
        self.assertEqual(self.day(self.anna, "paid_hours:sum", "available_hours:sum"), (9.0, 7.0))
        self.block(self.anna.resource_id, "15:00", "16:00", "maintenance")
        self.assertEqual(self.day(self.anna, "available_hours:sum"), (7.0,), "a master needs no maintenance")
        self.block(self.anna.resource_id, "17:30", "19:00")
        self.assertEqual(self.day(self.anna, "available_hours:sum"), (6.5,), "outside the shift it takes nothing")

    def test_leave_and_working_schedule(self):
        """Bella has no shift in that week: her schedule counts, 8 hours a day with its break, less her leave."""
        self.bella.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "From ten to six",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create({"name": "Day", "dayofweek": str(one), "hour_from": 10, "hour_to": 18})
                        for one in range(5)
                    ),
                ],
            }
        )
        self.assertEqual(self.day(self.bella, "paid_hours:sum"), (8.0,))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": self.bella.resource_id.id,
                "date_from": self.at(DAY, "10:00"),
                "date_to": self.at(DAY, "12:30"),
            }
        )
        self.assertEqual(self.day(self.bella, "paid_hours:sum", "available_hours:sum"), (5.5, 5.5))
        self.bella.action_archive()
        self.assertEqual(self.day(self.bella, "paid_hours:sum"), (0.0,), "she has never worked, and is gone")

    def test_nobody_could_be_booked_before_coming_or_after_leaving(self):
        """Bella came on Tuesday 19 February; the salon itself has been there since January."""
        self.visit("10:00", (self.cut, self.anna), day="2030-01-07")
        self.bella.resource_calendar_id = self.company.resource_calendar_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE resource_resource SET create_date = '2030-02-19 11:00' WHERE id = %s", (self.bella.resource_id.id,)
        )
        self.assertEqual(
            self.figures(
                ["date:day"],
                "paid_hours:sum",
                domain=[("employee_id", "=", self.bella.id), ("date", "<", "2030-02-23")],
            ),
            {date(2030, 2, day): (8.0,) for day in (19, 20, 21, 22)},
        )
        self.visit("10:00", (self.cut, self.bella), day="2030-02-27").action_done()
        self.bella.action_archive()
        days = self.figures(["date:day"], domain=[("employee_id", "=", self.bella.id), ("paid_hours", ">", 0)])
        self.assertEqual(max(days), date(2030, 2, 27))

    def test_ratios_are_those_of_sums(self):
        """Anna is busy for 1 of 2 hours, Bella for 1 of 8: together 2 of 10, and no average of 50 and 12.5 %."""
        self.give_shift(self.anna, DAY, "09:00", "11:00")
        self.give_shift(self.bella, DAY, "09:00", "17:00")
        self.visit("09:00", (self.cut, self.anna))
        self.visit("10:00", (self.cut, self.bella))
        self.assertEqual(
            self.figures(["employee_id"], "occupancy:avg", domain=[("date", "=", DAY)]),
            {self.anna: (50.0,), self.bella: (12.5,)},
        )
        self.assertEqual(self.figures([], "occupancy:avg", domain=[("date", "=", DAY)]), (20.0,))
        sets = self.env["salon.load.report"]._read_grouping_sets(
            [("date", "=", DAY)], [(), ("employee_id",)], ["occupancy:avg", "peak_index:avg"]
        )
        self.assertEqual([(float(a), float(b)) for a, b in sets[0]], [(20.0, 1.0)])
        self.assertEqual(
            {employee: (float(share), float(peak)) for employee, share, peak in sets[1]},
            {self.anna: (50.0, 2.5), self.bella: (12.5, 0.625)},
        )

    def test_peak_index(self):
        """From 9 to 11 nobody comes, from 11 to 12 Anna is full, from 12 to 13 half: 1.5 of 4 hours, 37.5 %."""
        self.give_shift(self.anna, DAY, "09:00", "13:00")
        self.visit("11:00", (self.cut, self.anna))
        self.visit("12:00", (self.fringe, self.anna), (self.fringe, self.anna)).line_ids[0].active_minutes = 10
        self.assertEqual(
            self.figures(["weekday", "hour"], "occupancy:avg", "peak_index:avg", domain=[("date", "=", DAY)]),
            {
                ("1", "09:00"): (0.0, 0.0),
                ("1", "10:00"): (0.0, 0.0),
                ("1", "11:00"): (100.0, round(100 / 37.5, 6)),
                ("1", "12:00"): (50.0, round(50 / 37.5, 6)),
            },
        )

    def test_hours_of_the_clock(self):
        """A massage from 10:40 takes 20 minutes of one hour and 40 of the next, with 10 to tidy up."""
        self.give_shift(self.anna, DAY, "10:30", "12:15")
        self.visit("10:40", (self.massage, self.anna))
        self.assertEqual(
            self.figures(["hour"], "available_hours:sum", "busy_hours:sum", domain=[("date", "=", DAY)]),
            {
                "10:00": (0.5, round(20 / 60, 6)),
                "11:00": (1.0, round(50 / 60, 6)),
                "12:00": (0.25, 0.0),
            },
        )

    def test_outside_the_shift_is_busy_too(self):
        self.give_shift(self.anna, DAY, "10:00", "11:00")
        self.visit("10:00", (self.cut, self.anna))
        self.visit("20:00", (self.cut, self.anna))
        self.assertEqual(self.day(self.anna, "occupancy:avg"), (200.0,))

    def test_night_is_cut_at_midnight(self):
        """Over the night to 31 March an hour is missing: from 22 to 6 there are 7 hours, 5 of them on Sunday."""
        self.give_shift(self.anna, "2030-03-30", "22:00", "23:00")
        shift = self.env["salon.shift"].search([("employee_id", "=", self.anna.id)])
        shift.stop = self.at("2030-03-31", "06:00")
        visit = self.visit("23:30", (self.cut, self.anna), day="2030-03-30")
        days = ("2030-03-30", "2030-03-31")
        self.assertEqual(
            [self.day(self.anna, "paid_hours:sum", "busy_hours:sum", day=one) for one in days],
            [(2.0, 0.5), (5.0, 0.5)],
        )
        hours = self.figures(["hour"], domain=[("date", "=", days[1]), ("kind", "=", "work")])
        self.assertEqual(sorted(hours), ["00:00", "01:00", "03:00", "04:00", "05:00"])
        self.assertEqual(self.env["salon.load.report"].search([("visit_id", "=", visit.id)])[0].line_id, visit.line_ids)

    def test_every_way_to_ask_for_days(self):
        """The query looks at the days asked for only; whatever way they are asked for, the answer is the same."""
        for day in ("2030-02-28", "2030-03-01", DAY, "2030-03-12"):
            self.give_shift(self.anna, day, "10:00", "16:00")
            self.visit("10:00", (self.cut, self.anna), day=day)

        def days(domain):
            mine = Domain("employee_id", "=", self.anna.id) & Domain(domain)
            return sorted(f"{day:%m-%d}" for day in self.figures(["date:day"], domain=mine))

        everything = ["02-28", "03-01", "03-05", "03-12"]
        self.assertEqual(days([]), everything)
        self.assertEqual(days([("date", ">=", "2030-03-01"), ("date", "<", "2030-03-12")]), everything[1:3])
        self.assertEqual(days(["|", ("date", "=", DAY), ("date", ">", "2030-03-05")]), everything[2:])
        self.assertEqual(days([("date", "in", ["2030-02-28", "2030-03-12"])]), [everything[0], everything[3]])
        self.assertEqual(days(["!", ("date", "=", DAY)]), [everything[0], everything[1], everything[3]])
        self.assertEqual(days(["!", ("date", ">", DAY)]), everything[:3])
        self.assertEqual(days([("date", "!=", False)]), everything)
        self.assertEqual(days([("date", "=", False)]), [])
        self.assertEqual(days([("date", "=", "today")]), ["03-05"])
        self.assertEqual(days([("date", ">", "today"), ("date", "<=", "today +7d")]), ["03-12"])
        self.assertEqual(days([("date.month_number", "=", 2)]), ["02-28"])

    def test_rows_tell_what_they_are(self):
        colour, _fringe = self.a_day_of_anna()
        rows = self.env["salon.load.report"].search([("date", "=", DAY), ("employee_id", "=", self.anna.id)])
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(
            Counter(rows.mapped("kind")), {"work": 9, "block": 1, "visit": 3, "buffer": 2, "processing": 1, "gap": 3}
        )
        processing = rows.filtered(lambda row: row.kind == "processing")
        self.assertEqual((processing.hour, processing.datetime), ("10:00", self.at(DAY, "10:00")))
        self.assertEqual(processing.action_open_visit()["res_id"], colour.id)
        self.env.invalidate_all()
        self.assertEqual(rows.browse(processing.id).processing_hours, 0.5, "a row is found again by its id alone")

    def test_companies_are_kept_apart(self):
        self.give_shift(self.anna, DAY, "09:00", "10:00")
        manager = self.make_user("load_manager", "manager")
        report = self.env["salon.load.report"].with_user(manager)
        self.assertEqual(report.search([("date", "=", DAY)]).employee_id, self.anna)
        other = self.env["res.company"].create({"name": "Another Salon"})
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        report = report.with_context(allowed_company_ids=other.ids)
        self.assertFalse(report.search([("date", "=", DAY)]))
        desk = self.make_user("load_desk", "administrator")
        for model in ("salon.load.report", "salon.place.report"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(desk).search([("date", "=", DAY)])
        with self.assertRaises(AccessError):
            self.env["salon.load.report"].with_user(desk).load_read()


@tagged("post_install", "-at_install")
@freeze_time("2030-03-05 22:00:00")
class TestLoadOfPlaces(LoadCase):
    def test_rooms_are_open_while_anybody_works(self):
        """Anna works from 9 to 15, Bella from 12 to 18: the rooms are open for 9 hours, the room for two for 18."""
        self.give_shift(self.anna, DAY, "09:00", "15:00")
        self.give_shift(self.bella, DAY, "12:00", "18:00")
        self.assertEqual(
            self.place(["room_id"], "open_hours:sum"),
            {self.room_1: (9.0,), self.room_2: (9.0,), self.for_two: (18.0,)},
        )

    def test_leave_of_a_room_without_opening_hours(self):
        """Anna works from 9 to 15, and Cabinet 1 is painted from 10 to 12: 4 hours of it are left, and no night."""
        self.give_shift(self.anna, DAY, "09:00", "15:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Painting",
                "resource_id": self.room_1.resource_id.id,
                "company_id": self.company.id,
                "date_from": self.at(DAY, "10:00"),
                "date_to": self.at(DAY, "12:00"),
            }
        )
        hours = self.place(["room_id"], "open_hours:sum")
        self.assertEqual((hours[self.room_1], hours[self.room_2]), ((4.0,), (6.0,)))

    def test_utilisation(self):
        """Cabinet 1 is open from 10 to 20. Ventilation is seen to for an hour, which leaves 9; two massages take
        2 x 70 minutes of it. A break that somebody entered for a room changes nothing."""
        self.give_shift(self.anna, DAY, "09:00", "18:00")
        self.room_1.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Ten to eight",
                "attendance_ids": [
                    Command.clear(),
                    Command.create({"name": "Tuesday", "dayofweek": "1", "hour_from": 10, "hour_to": 20}),
                ],
            }
        )
        for clock in ("10:00", "12:00"):
            self.visit(clock, (self.massage, self.anna))
        self.block(self.room_1.resource_id, "18:00", "19:00", "maintenance")
        self.block(self.room_1.resource_id, "19:00", "19:30", "break")
        self.assertEqual(
            self.place(
                ["room_id"], "open_hours:sum", "maintenance_hours:sum", "usable_hours:sum", "occupied_hours:sum",
                "utilisation:avg", "demand_rate:avg",
            )[self.room_1],
            (10.0, 1.0, 9.0, round(140 / 60, 6), round(100 * 140 / 540, 6), 20.0),
        )

    def test_seats_count_one_by_one(self):
        """Two of four seat hours, as one of the two seats is taken from 10 to 12."""
        (self.room_1 | self.room_2).action_archive()
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        self.massage.cleanup_minutes = 0
        self.visit("10:00", (self.massage, self.anna))
        self.visit("11:00", (self.massage, self.anna))
        self.assertEqual(self.place(["room_id"], "utilisation:avg"), {self.for_two: (50.0,)})

    def test_revpath(self):
        """20 rooms of an hour each and services for 1600: 80 an available treatment hour."""
        (self.room_1 | self.room_2 | self.for_two).action_archive()
        rooms = [self.make_room(f"Cell {number}", self.cabinet) for number in range(20)]
        self.massage.write({"cleanup_minutes": 0, "list_price": 800.0})
        for master in (self.anna, self.bella):
            self.give_shift(master, DAY, "10:00", "11:00")
            self.visit("10:00", (self.massage, master)).action_done()
        self.visit("10:00", (self.cut, self.anna), day="2030-03-04").action_done()
        self.assertEqual(
            self.place([], "open_hours:sum", "amount_service:sum", "revenue_hour:avg"), (len(rooms), 1600.0, 80.0)
        )
        self.assertEqual(self.place([], "utilisation:avg"), (10.0,))

    def test_money_stays_with_the_room_that_the_service_is_known_by(self):
        self.make_device("Laser")
        self.need(self.massage, device=self.laser_type)
        self.give_shift(self.anna, DAY, "10:00", "12:00")
        self.visit("10:00", (self.massage, self.anna)).action_done()
        used = self.place(["resource_id"], "occupied_hours:sum", "amount_service:sum")
        self.assertEqual(
            {resource.name: row for resource, row in used.items() if row[0]},
            {"Cabinet 1": (round(70 / 60, 6), 80.0), "Laser": (round(70 / 60, 6), 0.0)},
        )
        self.assertEqual(
            list(self.place(["equipment_type_id"], "utilisation:avg")), [self.laser_type, self.laser_type.browse()]
        )


@tagged("post_install", "-at_install")
@freeze_time("2030-03-05 22:00:00")
class TestOnTime(LoadCase):
    def serve(self, clock, arrived, done):
        """Serve a cut of an hour, planned at ``clock``."""
        visit = self.visit(clock, (self.cut, self.anna))
        with freeze_time(self.at(DAY, arrived)):
            visit.action_arrive()
        with freeze_time(self.at(DAY, done)):
            visit.action_done()

    def test_on_time_start_and_overrun(self):
        """Early and up to 10 minutes late is on time: two of three. They took 10 minutes more, as much as planned
        and 5 less; a visit that was only marked as done in the evening says nothing."""
        self.serve("09:00", "08:55", "10:05")
        self.serve("11:00", "11:10", "12:10")
        self.serve("13:00", "13:11", "14:06")
        self.visit("15:00", (self.cut, self.anna)).action_done()
        self.assertEqual(
            self.figures(
                [], "done_count:sum", "timed_count:sum", "on_time_count:sum", "on_time_rate:avg", "overrun_minutes:avg",
                model="salon.visit.outcome.report", domain=[("date", "=", DAY)],
            ),
            (4, 3, 2, round(200 / 3, 6), 0.0),
        )
        self.assertEqual(
            self.figures(
                ["employee_ids"], "on_time_rate:avg", "no_show_rate:avg", model="salon.visit.outcome.report",
                domain=[("date", "=", DAY)],
            ),
            {self.anna: (round(200 / 3, 6), 0.0)},
        )


@tagged("post_install", "-at_install")
@freeze_time("2030-03-05 06:00:00")
class TestOverview(LoadCase):
    def test_what_the_overview_reads(self):
        """Today Anna is busy for 1 of 4 hours, tomorrow for none of 4, on the tenth day for 2:10 of 4."""
        for day in (DAY, "2030-03-06", "2030-03-15"):
            self.give_shift(self.anna, day, "10:00", "14:00")
        self.visit("10:00", (self.cut, self.anna))
        self.visit("10:00", (self.massage, self.anna), (self.cut, self.anna), day="2030-03-15")
        manager = self.make_user("overview_manager", "manager")
        read = self.env["salon.load.report"].with_user(manager).load_read
        data = read(14)
        self.assertEqual([period["days"] for period in data["periods"]], [0, 7, 14, 30])
        self.assertEqual([period["available"] for period in data["periods"]], [4.0, 4.0, 8.0, 8.0])
        self.assertEqual(
            [round(period["occupancy"], 2) for period in data["periods"]],
            [25.0, 0.0, round(100 * 130 / 480, 2), round(100 * 130 / 480, 2)],
        )
        self.assertEqual([(one["name"], one["available"]) for one in data["masters"]], [("Anna", 8.0)])
        self.assertEqual([one["name"] for one in data["rooms"]], ["Cabinet 1", "Cabinet 2", "Lotus Room"])
        self.assertEqual(
            {(one["weekday"], one["hour"]): round(one["occupancy"]) for one in data["hours"] if one["busy"]},
            {("4", 10): 100, ("4", 11): 100, ("4", 12): 17},
        )
        self.assertIn("divided by available hours", data["help"]["occupancy"])
        self.assertIn("130", data["value"])
        self.assertEqual(read(3)["ahead"], 0, "an odd number of days is today")
        self.assertEqual(read()["periods"], data["periods"])

    def test_without_any_shift(self):
        data = self.env["salon.load.report"].load_read()
        self.assertEqual({period["occupancy"] for period in data["periods"]}, {None})
        self.assertEqual((data["masters"], data["hours"], data["utilisation"]), ([], [], None))


# Zones with the days on which their clocks change, and one that is off by three quarters of an hour.
ZONES = [
    ("Europe/Berlin", "2030-03-31"),
    ("Europe/Berlin", "2030-10-27"),
    ("America/New_York", "2030-11-03"),
    ("Asia/Kathmandu", "2030-05-15"),
]


@tagged("post_install", "-at_install")
@freeze_time("2030-01-01 06:00:00")
class TestLoadOracle(LoadCase):
    """Every figure by day and hour against arithmetic that goes from minute to minute."""

    def test_random_days(self):
        spans = st.tuples(st.integers(0, 46 * 60), st.integers(5, 300))
        masters = st.integers(0, 1)

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.sampled_from(ZONES),
            st.booleans(),
            st.lists(st.tuples(masters, st.integers(0, 40 * 60), st.integers(30, 14 * 60)), max_size=4),
            st.lists(st.tuples(masters, st.integers(0, 46 * 60), st.integers(0, 2)), max_size=8),
            st.lists(st.tuples(masters, spans, st.sampled_from(["break", "training", "maintenance"])), max_size=3),
            st.lists(st.tuples(masters, spans), max_size=1),
        )
        def check(zone, with_buffers, shifts, visits, blocks, leaves):
            with self.env.cr.savepoint() as savepoint:
                self.run_example(*zone, with_buffers, shifts, visits, blocks, leaves)
                savepoint.rollback()
            self.env.invalidate_all()

        check()

    def run_example(self, zone, day, with_buffers, shifts, visits, blocks, leaves):
        self.company.write({"salon_tz": zone, "salon_load_buffers": with_buffers})
        staff = self.anna, self.bella
        midnight = self.company._salon_utc(datetime.strptime(day, "%Y-%m-%d"))
        free = {master: set(range(-600, 60 * 60)) for master in staff}
        taken = defaultdict(set)
        begin = midnight - timedelta(hours=12)
        for number, start, length in shifts:
            if not taken[number] & set(range(start, start + length)):
                taken[number] |= set(range(start, start + length))
                self.env["salon.shift"].create(
                    {
                        "employee_id": staff[number].id,
                        "company_id": self.company.id,
                        "start": begin + start * MINUTE,
                        "stop": begin + (start + length) * MINUTE,
                        "state": "published",
                    }
                )
        for number, (start, length) in leaves:
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Away",
                    "resource_id": staff[number].resource_id.id,
                    "date_from": begin + start * MINUTE,
                    "date_to": begin + (start + length) * MINUTE,
                }
            )
        busy = []
        for number, start, what in visits:
            master, service = staff[number], (self.cut, self.colour, self.fringe)[what]
            minutes, reach = {}, start - service.prep_minutes
            for name in ("prep", "active", "processing", "finishing", "cleanup"):
                length = service[f"{name}_minutes"]
                minutes[name] = set(range(reach, reach + length))
                reach += length
            needed = minutes["prep"] | minutes["active"] | minutes["finishing"] | minutes["cleanup"]
            if needed <= free[master]:
                free[master] -= needed
                busy.append((master, minutes, needed, service.list_price))
                client = self.make_client(f"Client {len(busy)}")
                self.make_visit(begin + start * MINUTE, (service, master), client=client)
        out = defaultdict(set)
        for number, (start, length), kind in blocks:
            master, minutes = staff[number], set(range(start, start + length))
            if minutes <= free[master]:
                free[master] -= minutes
                if kind != "maintenance":
                    out[master] |= minutes
                self.env["salon.allocation"].create(
                    {
                        "resource_id": master.resource_id.id,
                        "start": begin + start * MINUTE,
                        "stop": begin + (start + length) * MINUTE,
                        "kind": "block",
                        "block_type": kind,
                    }
                )

        tz = pytz.timezone(zone)

        def cell(minute):
            local = pytz.utc.localize(begin + minute * MINUTE).astimezone(tz)
            return local.date(), f"{local:%H}:00"

        expected = defaultdict(Counter)

        def count(master, name, minutes):
            for minute in minutes:
                expected[(master, *cell(minute))][name] += 1

        work = self.env["salon.shift"]._get_working_spans(
            self.anna | self.bella, begin - timedelta(days=2), begin + timedelta(days=5)
        )
        shortest = {self.anna: 20, self.bella: 60}
        for master in staff:
            worked = {
                minute
                for start, stop in work[master.id]
                for minute in range(int((start - begin) / MINUTE), int((stop - begin) / MINUTE))
            }
            count(master, "paid", worked)
            count(master, "available", worked - out[master])
            idle = sorted(worked & free[master])
            window = []
            for minute in [*idle, None]:
                if window and minute != window[-1] + 1:
                    if len(window) < shortest[master]:
                        count(master, "gap", window)
                    window = []
                if minute is not None:
                    window.append(minute)
        for master, minutes, needed, _price in busy:
            served = minutes["active"] | minutes["finishing"]
            count(master, "busy", needed if with_buffers else served)
            count(master, "service", served)
            count(master, "processing", minutes["processing"])
            for other, _minutes, other_needed, _other_price in busy:
                if other == master and other_needed is not needed:
                    count(master, "sold", minutes["processing"] & other_needed)

        names = ("paid", "available", "busy", "service", "gap", "processing", "sold")
        rows = self.env["salon.load.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["employee_id", "date:day", "hour"],
            [
                "paid_hours:sum", "available_hours:sum", "busy_hours:sum", "service_hours:sum", "gap_hours:sum",
                "processing_hours:sum", "processing_sold_hours:sum", "amount_value:sum",
            ],
        )
        found = {
            tuple(row[:3]): {name: round(value * 60, 4) for name, value in zip(names, row[3:10], strict=True) if value}
            for row in rows
        }
        self.assertEqual(
            {key: values for key, values in found.items() if values},
            {key: {name: float(value) for name, value in values.items()} for key, values in expected.items()},
        )
        self.assertAlmostEqual(
            float(sum(row[10] for row in rows)), sum(price for *_rest, price in busy), 6, "no cent is lost"
        )
        today = datetime.strptime(day, "%Y-%m-%d").date()
        part = self.env["salon.load.report"]._read_group(
            [("company_id", "=", self.company.id), ("date", "=", day)], ["employee_id", "hour"], ["busy_hours:sum"]
        )
        self.assertEqual(
            {(master, today, hour): round(value * 60, 4) for master, hour, value in part if value},
            {key: float(values["busy"]) for key, values in expected.items() if key[1] == today and values["busy"]},
            "asked for one day the query says the same",
        )


@tagged("post_install", "-at_install")
class TestOverviewScreen(LoadCase, HttpCase):
    def test_tour(self):
        self.make_user("overview.manager", "manager")
        self.env["salon.shift"].search([]).unlink()
        tomorrow = f"{self.company._salon_today() + timedelta(days=1)}"
        self.give_shift(self.anna, tomorrow, "10:00", "14:00")
        self.visit("10:00", (self.cut, self.anna), day=tomorrow)
        self.start_tour("/odoo/salon-load", "salon_load_tour", login="overview.manager")

    def test_unit_tests_of_the_addon(self):
        """Every Hoot test below static/tests/unit."""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite_id('@salon_spa_booking')}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
