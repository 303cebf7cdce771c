import json
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import SQL, sql

from ..models import salon_shift
from .common import SalonCase

MONDAY = "2030-03-04"


class ShiftCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shifts = cls.env["salon.shift"]
        # Mondays to Fridays 8:00-12:00 and 13:00-17:00, whatever the database has.
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Europe/Berlin",
                "attendance_ids": [
                    Command.create(
                        {"name": "Work", "dayofweek": str(day), "hour_from": hours[0], "hour_to": hours[1]}
                    )
                    for day in range(5)
                    for hours in ((8, 12), (13, 17))
                ],
            }
        )
        (cls.anna | cls.bella).resource_calendar_id = cls.calendar

    def clock(self, spans, company=None):
        """Write spans as the salon's wall clock: "Mon 08:00-12:00"."""
        local = (company or self.company)._salon_local
        return [f"{local(start):%a %H:%M}-{local(stop):%H:%M}" for start, stop in spans]

    def works(self, employee, first, last=None):
        """Return the working time of the days ``first`` to ``last`` (dates as text, ``last`` not included)."""
        last = last or f"{date.fromisoformat(first) + timedelta(days=1)}"
        start, stop = self.at(first, "00:00"), self.at(last, "00:00")
        return self.clock(self.shifts._get_working_spans(employee, start, stop)[employee.id])

    def give_leave(self, start, stop, **values):
        return self.env["resource.calendar.leaves"].create(
            {"name": "Away", "date_from": start, "date_to": stop, **values}
        )


@tagged("post_install", "-at_install")
class TestShiftGuard(ShiftCase):
    def test_the_guard_stands_in_the_database(self):
        definition = sql.constraint_definition(self.env.cr, "salon_shift", "salon_shift_no_overlap")
        self.assertIn("EXCLUDE USING gist", definition)
        self.assertIn("DEFERRABLE INITIALLY IMMEDIATE", definition)
        [(kind,)] = self.env.execute_query(
            SQL("SELECT contype FROM pg_constraint WHERE conname = 'salon_shift_no_overlap'")
        )
        self.assertEqual(kind, "x")

    def test_an_upgrade_without_the_guard_names_the_overlapping_pairs(self):
        self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        late = self.give_shift(self.anna, MONDAY, "14:00", "19:00")
        self.shifts.init()
        self.env.cr.execute("ALTER TABLE salon_shift DROP CONSTRAINT salon_shift_no_overlap")
        self.env.cr.execute(
            "UPDATE salon_shift SET start = start - interval '1 hour' WHERE id = %s", [late.id]
        )
        with self.assertRaisesRegex(UserError, "Anna: 2030-03-04 09:00–13:00, 2030-03-04 12:00–18:00"):
            self.shifts.init()

    def test_overlaps_are_refused_and_the_shift_in_the_way_is_named(self):
        self.give_shift(self.anna, MONDAY, "10:00", "19:00")
        message = "Anna already has a shift 10:00–19:00 on 4 Mar"
        with self.assertRaisesRegex(ValidationError, message):
            self.give_shift(self.anna, MONDAY, "18:00", "20:00")
        with self.assertRaisesRegex(ValidationError, message):
            self.shifts.create(
                {"employee_id": self.anna.id, "start": self.at(MONDAY, "12:00"), "stop": self.at(MONDAY, "13:00")}
            )
        self.give_shift(self.anna, MONDAY, "19:00", "20:00")
        self.give_shift(self.bella, MONDAY, "10:00", "19:00")

    def test_moving_a_shift_is_guarded_as_well(self):
        self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        late = self.give_shift(self.anna, MONDAY, "15:00", "19:00")
        with self.assertRaisesRegex(ValidationError, "Anna already has a shift 10:00–14:00"):
            late.start = self.at(MONDAY, "13:00")
        self.assertEqual(late.start, self.at(MONDAY, "15:00"), "nothing was changed")
        other = self.give_shift(self.bella, MONDAY, "10:00", "14:00")
        with self.assertRaisesRegex(ValidationError, "Anna already has a shift 10:00–14:00"):
            other.employee_id = self.anna

    def test_both_shifts_of_one_create_are_compared(self):
        vals = {"employee_id": self.anna.id, "start": self.at(MONDAY, "10:00"), "stop": self.at(MONDAY, "12:00")}
        with self.assertRaisesRegex(ValidationError, "Anna already has a shift 10:00–12:00"):
            self.shifts.create([vals, vals])

    def test_a_shift_has_a_length_of_up_to_24_hours_by_the_clock(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.shifts.create(
                {
                    "employee_id": self.anna.id,
                    "start": self.at(MONDAY, "10:00"),
                    "stop": self.at("2030-03-05", "10:01"),
                }
            )
        # 2030-10-27 has 25 hours in Berlin: 10:00 to 10:00 is a whole day by the clock.
        shift = self.shifts.create(
            {
                "employee_id": self.anna.id,
                "start": self.at("2030-10-26", "10:00"),
                "stop": self.at("2030-10-27", "10:00"),
            }
        )
        self.assertEqual(shift.hours, 25)

    def test_the_database_refuses_an_end_before_the_start(self):
        shift = self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            shift.stop = shift.start
        self.assertIn("salon_shift_positive_span", str(caught.exception))

    def test_day_hours_company_and_resource_follow(self):
        night = self.shifts.create(
            {
                "employee_id": self.anna.id,
                "start": self.at(MONDAY, "00:15"),
                "stop": self.at(MONDAY, "06:45"),
            }
        )
        self.assertEqual(night.start, datetime(2030, 3, 3, 23, 15), "stored in UTC, the evening before")
        self.assertEqual((night.date, night.hours, night.state), (date(2030, 3, 4), 6.5, "draft"))
        self.assertEqual((night.company_id, night.resource_id), (self.company, self.anna.resource_id))
        self.assertEqual(night.display_name, "Anna, 4 Mar 00:15–06:45")
        copy = night.copy()
        self.assertEqual((copy.date, copy.hours_text, copy.state), (date(2030, 3, 11), "00:15–06:45", "draft"))

    def test_form_makes_a_shift(self):
        with Form(self.shifts) as form:
            form.employee_id = self.anna
            form.start = self.at(MONDAY, "10:00")
            form.stop = self.at(MONDAY, "12:00")
        self.assertEqual(form.record.hours_text, "10:00–12:00")

    def test_only_managers_change_the_roster_and_all_masters_read_it(self):
        shift = self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        master = self.make_user("shift.master", "master")
        desk = self.make_user("shift.desk", "administrator")
        manager = self.make_user("shift.manager", "manager")
        for user in (master, desk):
            self.assertEqual(shift.with_user(user).hours_text, "10:00–14:00")
            with self.assertRaises(AccessError):
                shift.with_user(user).action_unpublish()
            with self.assertRaises(AccessError):
                shift.with_user(user).unlink()
            change = {"employee_id": self.anna.id, "date": MONDAY, "spans": []}
            with self.assertRaises(AccessError):
                self.shifts.with_user(user).roster_write([change])
        shift.with_user(manager).action_unpublish()
        self.assertEqual(shift.state, "draft")
        shift.with_user(manager).action_publish()
        self.assertEqual(shift.state, "published")


@tagged("post_install", "-at_install")
class TestWorkingSpans(ShiftCase):
    def test_published_shifts_count_and_drafts_do_not(self):
        self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        self.give_shift(self.anna, MONDAY, "15:00", "19:00")
        self.give_shift(self.anna, "2030-03-05", "10:00", "14:00").action_unpublish()
        self.assertEqual(self.works(self.anna, MONDAY, "2030-03-06"), ["Mon 10:00-14:00", "Mon 15:00-19:00"])

    def test_a_week_without_a_published_shift_goes_by_the_working_schedule(self):
        self.give_shift(self.anna, "2030-03-06", "10:00", "14:00")
        self.assertEqual(self.works(self.anna, MONDAY), [], "the week has a roster, Monday is off")
        self.assertEqual(self.works(self.anna, "2030-03-11"), ["Mon 08:00-12:00", "Mon 13:00-17:00"])
        self.assertEqual(self.works(self.anna, "2030-03-03"), [], "a Sunday of the schedule")
        self.assertEqual(
            self.works(self.anna, "2030-03-08", "2030-03-12"), ["Mon 08:00-12:00", "Mon 13:00-17:00"]
        )
        # A draft is not a roster yet.
        self.give_shift(self.bella, "2030-03-06", "10:00", "14:00").action_unpublish()
        self.assertEqual(self.works(self.bella, "2030-03-06"), ["Wed 08:00-12:00", "Wed 13:00-17:00"])

    def test_a_sunday_night_shift_belongs_to_its_own_week(self):
        night = self.shifts.create(
            {
                "employee_id": self.anna.id,
                "start": self.at("2030-03-10", "22:00"),
                "stop": self.at("2030-03-11", "06:00"),
                "state": "published",
            }
        )
        self.assertEqual(night.date, date(2030, 3, 10))
        self.assertEqual(
            self.works(self.anna, "2030-03-11"), ["Mon 00:00-06:00", "Mon 08:00-12:00", "Mon 13:00-17:00"]
        )

    def test_spans_are_cut_to_what_is_asked(self):
        self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        start, stop = self.at(MONDAY, "12:00"), self.at(MONDAY, "13:00")
        self.assertEqual(
            self.shifts._get_working_spans(self.anna | self.bella, start, stop),
            {self.anna.id: [(start, stop)], self.bella.id: []},
        )
        self.assertEqual(self.shifts._get_working_spans(self.env["hr.employee"], start, stop), {})

    def test_schedule_until_midnight_and_from_midnight_is_one_span(self):
        self.calendar.attendance_ids = [
            Command.clear(),
            Command.create({"name": "Late", "dayofweek": "0", "hour_from": 20, "hour_to": 24}),
            Command.create({"name": "Night", "dayofweek": "1", "hour_from": 0, "hour_to": 4}),
        ]
        self.assertEqual(self.works(self.anna, MONDAY, "2030-03-06"), ["Mon 20:00-04:00"])

    def test_schedule_hours_are_the_salons_wall_clock_whatever_the_employee_has(self):
        self.anna.tz = "Asia/Tokyo"
        self.calendar.tz = "America/New_York"
        self.assertEqual(self.works(self.anna, MONDAY), ["Mon 08:00-12:00", "Mon 13:00-17:00"])

    def test_without_a_working_schedule_only_shifts_count(self):
        self.anna.resource_calendar_id = False
        self.assertEqual(self.works(self.anna, MONDAY), [])
        self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        self.assertEqual(self.works(self.anna, MONDAY), ["Mon 10:00-14:00"])

    def test_each_version_has_its_own_schedule(self):
        """Odoo's own resource intervals add up the schedules of both versions of a contract."""
        weekend = self.calendar.copy({"name": "Weekend", "attendance_ids": [Command.clear()]})
        weekend.attendance_ids = [
            Command.create({"name": "Work", "dayofweek": "5", "hour_from": 10, "hour_to": 16}),
        ]
        self.anna.version_id.write({"date_version": "2029-01-01", "contract_date_start": "2029-01-01"})
        self.anna.create_version({"date_version": "2030-03-06", "resource_calendar_id": weekend.id})
        self.assertEqual(
            self.works(self.anna, MONDAY, "2030-03-13"),
            ["Mon 08:00-12:00", "Mon 13:00-17:00", "Tue 08:00-12:00", "Tue 13:00-17:00", "Sat 10:00-16:00"],
        )

    def test_outside_the_contract_the_schedule_does_not_count(self):
        self.anna.version_id.write(
            {"date_version": "2030-03-05", "contract_date_start": "2030-03-05", "contract_date_end": "2030-03-06"}
        )
        self.assertEqual(
            self.works(self.anna, MONDAY, "2030-03-09"),
            ["Tue 08:00-12:00", "Tue 13:00-17:00", "Wed 08:00-12:00", "Wed 13:00-17:00"],
        )

    def test_a_flexible_schedule_does_not_depend_on_what_is_asked(self):
        flexible = self.env["resource.calendar"].create(
            {"name": "Flexible", "flexible_hours": True, "hours_per_day": 6, "full_time_required_hours": 30}
        )
        self.anna.resource_calendar_id = flexible
        whole = self.works(self.anna, MONDAY, "2030-03-11")
        self.assertEqual(len(whole), 5)
        self.assertEqual(self.works(self.anna, "2030-03-06"), whole[2:3])
        start, stop = self.at(MONDAY, "02:00"), self.at(MONDAY, "03:00")
        self.assertEqual(self.shifts._get_working_spans(self.anna, start, stop)[self.anna.id], [])

    def test_own_leaves_cut_shifts_and_schedules_whatever_calendar_they_name(self):
        other = self.calendar.copy({"name": "Other"})
        self.give_shift(self.anna, MONDAY, "10:00", "19:00")
        self.give_leave(
            self.at(MONDAY, "12:00"),
            self.at(MONDAY, "15:00"),
            resource_id=self.anna.resource_id.id,
            calendar_id=other.id,
        )
        self.give_leave(
            self.at("2030-03-11", "00:00"),
            self.at("2030-03-11", "23:59") + timedelta(seconds=59),
            resource_id=self.anna.resource_id.id,
            calendar_id=other.id,
            time_type="other",
        )
        self.assertEqual(self.works(self.anna, MONDAY), ["Mon 10:00-12:00", "Mon 15:00-19:00"])
        self.assertEqual(self.works(self.anna, "2030-03-11"), [])
        self.assertEqual(self.works(self.bella, "2030-03-11"), ["Mon 08:00-12:00", "Mon 13:00-17:00"])

    def test_a_leave_until_the_last_second_leaves_nothing_of_a_night_shift(self):
        self.shifts.create(
            {
                "employee_id": self.anna.id,
                "start": self.at(MONDAY, "22:00"),
                "stop": self.at("2030-03-05", "06:00"),
                "state": "published",
            }
        )
        for day in (MONDAY, "2030-03-05"):
            self.give_leave(
                self.at(day, "00:00"),
                self.at(day, "23:59") + timedelta(seconds=59),
                resource_id=self.anna.resource_id.id,
            )
        self.assertEqual(self.works(self.anna, MONDAY, "2030-03-06"), [])

    def test_company_leaves_cut_everybody_or_those_of_the_calendar_they_name(self):
        other = self.calendar.copy({"name": "Other"})
        self.bella.resource_calendar_id = other
        for master in (self.anna, self.bella):
            self.give_shift(master, MONDAY, "10:00", "19:00")
            self.give_shift(master, "2030-03-05", "10:00", "19:00")
        values = {"resource_id": False, "company_id": self.company.id}
        self.give_leave(self.at(MONDAY, "00:00"), self.at(MONDAY, "23:00"), calendar_id=False, **values)
        self.give_leave(
            self.at("2030-03-05", "00:00"), self.at("2030-03-06", "00:00"), calendar_id=other.id, **values
        )
        self.assertEqual(self.works(self.anna, MONDAY, "2030-03-06"), ["Tue 10:00-19:00"])
        self.assertEqual(self.works(self.bella, MONDAY, "2030-03-06"), [])

    def test_leaves_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.give_shift(self.anna, MONDAY, "10:00", "19:00")
        leave = self.give_leave(self.at(MONDAY, "00:00"), self.at("2030-03-05", "00:00"), resource_id=False)
        self.env.cr.execute(
            "UPDATE resource_calendar_leaves SET company_id = %s, calendar_id = NULL WHERE id = %s",
            [other.id, leave.id],
        )
        leave.invalidate_recordset()
        self.assertEqual(self.works(self.anna, MONDAY), ["Mon 10:00-19:00"])

    def test_approved_time_off_of_hr_holidays_takes_the_whole_day_of_a_shift(self):
        if "hr.leave" not in self.env:
            self.skipTest("hr_holidays is not installed in this database: its leaves can't be made")
        kind = self.env["hr.leave.type"].create(
            {"name": "Free Day", "requires_allocation": False, "leave_validation_type": "no_validation"}
        )
        self.give_shift(self.anna, MONDAY, "10:00", "21:00")
        self.give_shift(self.anna, "2030-03-05", "10:00", "21:00")
        self.env["hr.leave"].create(
            {
                "name": "Sea",
                "employee_id": self.anna.id,
                "holiday_status_id": kind.id,
                "request_date_from": MONDAY,
                "request_date_to": MONDAY,
            }
        )
        found = self.env["resource.calendar.leaves"].search([("resource_id", "=", self.anna.resource_id.id)])
        self.assertLess(found.date_to, self.at(MONDAY, "21:00"), "stored to the end of the working schedule only")
        self.assertEqual(self.works(self.anna, MONDAY, "2030-03-06"), ["Tue 10:00-21:00"])

    def test_the_number_of_queries_does_not_grow_with_the_masters(self):
        self.give_leave(self.at(MONDAY, "12:00"), self.at(MONDAY, "13:00"), resource_id=self.anna.resource_id.id)
        masters = self.env["hr.employee"].create(
            [{"name": f"Master {number}", "is_master": True} for number in range(20)]
        )
        masters.resource_calendar_id = self.calendar
        self.shifts.create(
            [
                {
                    "employee_id": master.id,
                    "start": self.at(day, "10:00"),
                    "stop": self.at(day, "19:00"),
                    "state": "published",
                }
                for master in masters[:15]
                for day in (MONDAY, "2030-03-05", "2030-03-12")
            ]
        )
        self.env.flush_all()
        start, stop = self.at(MONDAY, "00:00"), self.at("2030-03-18", "00:00")
        counts = []
        for some in (masters[13:16], masters):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            spans = self.shifts._get_working_spans(some, start, stop)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(spans), len(some))
        self.assertEqual(counts[0], counts[1])
        # Everything of the employees in memory, and nobody without a roster: shifts and leaves are left.
        with self.assertQueryCount(2):
            self.shifts._get_working_spans(masters[:15], start, stop)


@tagged("post_install", "-at_install")
class TestDaylightSaving(ShiftCase):
    """A roster is wall-clock time: 10:00 stays 10:00 on both sides of a change."""

    def cell_hours(self, employee, days, spans=((600, 1140),)):
        self.shifts.roster_write(
            [{"employee_id": employee.id, "date": day, "spans": [list(span) for span in spans]} for day in days]
        )
        return self.shifts.search([("employee_id", "=", employee.id), ("date", "in", list(days))])

    def test_spring_and_autumn_in_berlin(self):
        for days, utc in (
            (("2030-03-30", "2030-03-31"), ("09:00", "08:00")),
            (("2030-10-26", "2030-10-27"), ("08:00", "09:00")),
        ):
            with self.subTest(days=days):
                shifts = self.cell_hours(self.anna, days)
                self.assertEqual(shifts.mapped("hours_text"), ["10:00–19:00"] * 2)
                self.assertEqual([f"{shift.start:%H:%M}" for shift in shifts], list(utc))
                self.assertEqual(shifts.mapped("hours"), [9.0, 9.0])

    def test_night_shifts_over_the_change_are_an_hour_shorter_or_longer(self):
        spring = self.cell_hours(self.anna, ("2030-03-30",), ((22 * 60, 6 * 60),))
        autumn = self.cell_hours(self.anna, ("2030-10-26",), ((22 * 60, 6 * 60),))
        self.assertEqual((spring.hours_text, spring.hours), ("22:00–06:00", 7))
        self.assertEqual((autumn.hours_text, autumn.hours), ("22:00–06:00", 9))

    def test_a_zone_without_daylight_saving(self):
        self.company.salon_tz = "Asia/Tashkent"
        days = ("2030-03-30", "2030-03-31", "2030-10-26", "2030-10-27")
        shifts = self.cell_hours(self.anna, days)
        self.assertEqual({f"{shift.start:%H:%M}-{shift.stop:%H:%M}" for shift in shifts}, {"05:00-14:00"})
        self.assertEqual([f"{shift.date}" for shift in shifts], list(days))

    def test_schedules_keep_the_wall_clock_as_well(self):
        self.assertEqual(
            self.works(self.anna, "2030-03-29", "2030-04-02"),
            ["Fri 08:00-12:00", "Fri 13:00-17:00", "Mon 08:00-12:00", "Mon 13:00-17:00"],
        )


@freeze_time("2030-03-01 08:00")
@tagged("post_install", "-at_install")
class TestVisitsOutside(ShiftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls.give_shift(cls.anna, MONDAY, "10:00", "19:00")
        cls.give_shift(cls.anna, "2030-03-06", "10:00", "19:00")
        cls.visit = cls.make_visit(cls.at(MONDAY, "17:00"), (cls.cut, cls.anna))
        cls.line = cls.visit.line_ids

    def told(self, action):
        """Run ``action``; return the visit lines that the user is warned of."""
        self.env["bus.bus"].search([]).unlink()
        self.env.cr.precommit.run()
        action()
        self.env.cr.precommit.run()
        sent = [json.loads(row.message) for row in self.env["bus.bus"].search([])]
        return [
            message["payload"]["line_ids"] for message in sent if message["type"] == "salon_outside_shifts"
        ]

    def test_visits_inside_shifts_are_not_listed(self):
        self.assertFalse(self.shifts._get_lines_outside())

    def test_a_removed_or_shortened_shift_lists_its_visits_and_warns(self):
        self.assertEqual(self.told(lambda: self.shift.write({"stop": self.at(MONDAY, "18:00")})), [])
        self.assertEqual(
            self.told(lambda: self.shift.write({"stop": self.at(MONDAY, "17:30")})), [[self.line.id]]
        )
        self.assertEqual(self.shifts._get_lines_outside(), self.line)
        self.assertEqual(self.told(self.shift.unlink), [], "it was outside before: no second warning")
        self.assertEqual(self.visit.state, "booked", "kept")
        action = self.shifts.action_lines_outside()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.line)

    def test_unpublishing_giving_away_and_deleting_warn(self):
        self.assertEqual(self.told(self.shift.action_unpublish), [[self.line.id]])
        self.assertEqual(self.told(self.shift.action_publish), [])
        self.assertEqual(self.told(lambda: self.shift.write({"employee_id": self.bella.id})), [[self.line.id]])
        self.shift.employee_id = self.anna
        self.assertEqual(self.told(self.shift.unlink), [[self.line.id]])

    def test_the_first_published_shift_of_a_week_ends_the_schedule_in_it(self):
        visit = self.make_visit(self.at("2030-03-12", "09:00"), (self.cut, self.anna))
        self.assertFalse(self.shifts._get_lines_outside(), "Tuesday is in the working schedule")
        self.assertEqual(
            self.told(lambda: self.give_shift(self.anna, "2030-03-14", "10:00", "19:00")), [visit.line_ids.ids]
        )

    def test_a_leave_lists_the_visits_under_it(self):
        self.give_leave(
            self.at(MONDAY, "00:00"), self.at("2030-03-05", "00:00"), resource_id=self.anna.resource_id.id
        )
        self.assertEqual(self.shifts._get_lines_outside(), self.line)
        self.assertFalse(self.shifts._get_lines_outside(self.bella))

    def tasks(self):
        return self.env["mail.activity"].search(
            [("activity_type_id", "=", self.env.ref("salon_spa.activity_type_move").id)]
        )

    def leave_on_monday(self, **values):
        return self.give_leave(
            self.at(MONDAY, "00:00"),
            self.at("2030-03-05", "00:00"),
            **{"resource_id": self.anna.resource_id.id, **values},
        )

    def test_a_leave_over_a_visit_gives_the_desk_a_task(self):
        caller = self.make_user("shift_caller", "administrator")
        self.company.salon_due_user_id = caller
        told = self.told(lambda: self.leave_on_monday().sudo())
        self.assertEqual(told, [[self.line.id]], "who enters it is told at once")
        task = self.tasks()
        self.assertEqual((task.res_model, task.res_id, task.user_id), ("salon.visit", self.visit.id, caller))
        self.assertEqual(task.summary, "On leave: Anna. Find another time or master")
        self.assertEqual(self.visit.state, "booked", "kept")
        self.assertEqual(self.told(self.leave_on_monday), [], "another leave of that day adds nothing")
        self.assertEqual(self.tasks(), task)

    def test_the_task_goes_when_the_visit_is_settled(self):
        for settle in (
            lambda: self.line.write({"start": self.at("2030-03-06", "12:00")}),
            lambda: self.line.write({"employee_id": self.bella.id}),
            lambda: self.visit.action_cancel(self.env.ref("salon_spa.reason_client_plans")),
        ):
            leave = self.leave_on_monday()
            self.assertEqual(self.tasks().res_id, self.visit.id)
            savepoint = self.env.cr.savepoint()
            self.line.note = "Came by bike"
            self.visit.action_confirm()
            self.assertTrue(self.tasks())
            self.visit.override_reason = "Whoever takes it comes in"
            settle()
            self.assertFalse(self.tasks())
            self.env.clear()
            savepoint.close(rollback=True)
            leave.unlink()
            self.assertFalse(self.tasks(), "nor when the leave is taken back")

    def test_a_task_that_is_done_is_not_given_again(self):
        leave = self.leave_on_monday()
        self.tasks().action_feedback("The client agrees, Anna comes in")
        leave.date_to += timedelta(hours=1)
        self.assertFalse(self.tasks())
        leave.unlink()
        self.leave_on_monday()
        self.assertTrue(self.tasks(), "a new leave is a new question")

    def test_a_changed_leave_brings_and_takes_tasks(self):
        leave = self.leave_on_monday()
        leave.write({"date_from": self.at("2030-03-05", "00:00"), "date_to": self.at("2030-03-06", "00:00")})
        self.assertFalse(self.tasks())
        leave.name = "Sea"
        leave.date_from = self.at(MONDAY, "17:30")
        self.assertTrue(self.tasks())
        leave.resource_id = self.bella.resource_id
        self.assertFalse(self.tasks())
        leave.write({"resource_id": False, "calendar_id": False})
        self.assertTrue(self.tasks(), "a holiday of the company is everybody's")

    def test_a_leave_beside_the_visit_gives_no_task(self):
        self.give_leave(
            self.at(MONDAY, "10:00"), self.at(MONDAY, "17:00"), resource_id=self.anna.resource_id.id
        )
        self.leave_on_monday(resource_id=self.bella.resource_id.id)
        with freeze_time("2030-03-05 08:00"):
            self.leave_on_monday()
        self.assertFalse(self.tasks())

    def test_the_task_goes_to_who_booked_else_to_the_desk(self):
        booker = self.make_user("shift_booker", "administrator")
        own = self.env["salon.visit"].with_user(booker).create(
            {
                "partner_id": self.make_client("Dora").id,
                "override_reason": "test",
                "line_ids": [
                    Command.create(
                        {"product_id": self.cut.id, "employee_id": self.bella.id, "start": self.at(MONDAY, "12:00")}
                    )
                ],
            }
        )
        own.action_book()
        self.leave_on_monday(resource_id=self.bella.resource_id.id)
        self.assertEqual(self.tasks().user_id, booker)
        self.tasks().unlink()
        booker.active = False
        self.leave_on_monday(resource_id=self.bella.resource_id.id)
        self.assertTrue(self.tasks().user_id.active)
        self.assertTrue(self.tasks().user_id.has_group("salon_spa.group_salon_administrator"))

    def test_past_and_closed_visits_are_not_listed(self):
        self.shift.unlink()
        with freeze_time("2030-03-05 08:00"):
            self.assertFalse(self.shifts._get_lines_outside())
        self.visit.action_cancel(reason=self.env.ref("salon_spa.reason_client_plans"))
        self.assertFalse(self.shifts._get_lines_outside())

    def test_unusual_hours_are_marked(self):
        early = self.give_shift(self.anna, "2030-03-20", "04:55", "12:00")
        self.assertEqual((self.shift.is_unusual, early.is_unusual), (False, True))
        early.start = self.at("2030-03-20", "05:00")
        self.assertFalse(early.is_unusual)
        early.stop = self.at("2030-03-20", "19:05")
        self.assertTrue(early.is_unusual)

    def test_drafts_and_notes_change_nothing_for_visits(self):
        draft = self.give_shift(self.anna, "2030-03-05", "10:00", "12:00")
        draft.action_unpublish()
        self.assertEqual(self.told(draft.unlink), [])
        self.assertEqual(self.told(lambda: self.shift.write({"note": "Late"})), [])


@freeze_time("2030-03-01 08:00")
@tagged("post_install", "-at_install")
class TestRosterGrid(ShiftCase):
    def write(self, employee, day, *spans):  # pylint: disable=method-required-super
        change = {"employee_id": employee.id, "date": day, "spans": [list(span) for span in spans]}
        return self.shifts.roster_write([change])

    def shown(self, data, employee, kind="shifts"):
        return [
            (row["date"], row["from"], row["to"]) for row in data[kind] if row["employee_id"] == employee.id
        ]

    def test_read_gives_masters_shifts_leaves_and_schedules(self):
        published = self.give_shift(self.anna, MONDAY, "10:00", "19:00")
        published.note = "Keys"
        self.give_shift(self.anna, "2030-03-05", "22:00", "23:30").action_unpublish()
        self.give_leave(
            self.at("2030-03-07", "00:00"),
            self.at("2030-03-08", "12:00"),
            resource_id=self.anna.resource_id.id,
        )
        data = self.shifts.roster_read()
        self.assertEqual((data["month"], data["today"], data["can_edit"]), ("2030-03", "2030-03-01", True))
        self.assertLessEqual({"Anna", "Bella"}, {row["name"] for row in data["masters"]})
        self.assertEqual(
            self.shown(data, self.anna), [(MONDAY, 600, 1140), ("2030-03-05", 1320, 1410)]
        )
        row = next(row for row in data["shifts"] if row["id"] == published.id)
        self.assertEqual((row["state"], row["hours"], row["note"]), ("published", 9.0, "Keys"))
        self.assertEqual(
            self.shown(data, self.anna, "leaves"), [("2030-03-07", 0, 1440), ("2030-03-08", 0, 720)]
        )
        schedule = self.shown(data, self.anna, "schedule")
        self.assertFalse([item for item in schedule if MONDAY <= item[0] <= "2030-03-10"], "that week has a roster")
        self.assertIn(("2030-03-11", 480, 720), schedule)
        self.assertIn((MONDAY, 480, 720), self.shown(data, self.bella, "schedule"))
        self.assertEqual(self.shown(self.shifts.roster_read("2030-04"), self.anna), [])

    def test_desk_and_masters_read_only(self):
        for role in ("master", "administrator"):
            data = self.shifts.with_user(self.make_user(f"grid.{role}", role)).roster_read("2030-03")
            self.assertFalse(data["can_edit"])
            self.assertIn(self.anna.id, [row["id"] for row in data["masters"]])

    def test_write_fills_splits_changes_and_clears_a_cell(self):
        done = self.write(self.anna, MONDAY, (600, 1140))
        [row] = done["shifts"]
        self.assertEqual((row["from"], row["to"], row["state"], done["outside"]), (600, 1140, "draft", []))
        shift = self.shifts.browse(row["id"])
        shift.note = "Keys"
        rows = self.write(self.anna, MONDAY, (540, 780), (900, 1200))["shifts"]
        self.assertEqual([(row["from"], row["to"]) for row in rows], [(540, 780), (900, 1200)])
        self.assertEqual((shift.exists().note, shift.hours_text), ("Keys", "09:00–13:00"), "the shift lives on")
        rows = self.write(self.anna, MONDAY, (900, 1200))["shifts"]
        self.assertEqual([(row["from"], row["to"]) for row in rows], [(900, 1200)])
        self.assertEqual(self.write(self.anna, MONDAY)["shifts"], [])

    def test_new_hours_in_a_published_cell_are_published(self):
        self.give_shift(self.anna, MONDAY, "10:00", "14:00")
        rows = self.write(self.anna, MONDAY, (600, 840), (900, 1200))["shifts"]
        self.assertEqual([row["state"] for row in rows], ["published", "published"])

    def test_a_batch_may_move_shifts_through_one_another(self):
        early = self.give_shift(self.anna, MONDAY, "20:00", "23:00")
        self.write(self.anna, "2030-03-05", (60, 300))
        self.shifts.roster_write(
            [
                {"employee_id": self.anna.id, "date": MONDAY, "spans": [[1320, 420]]},
                {"employee_id": self.anna.id, "date": "2030-03-05", "spans": [[480, 600]]},
            ]
        )
        self.assertEqual(early.hours_text, "22:00–07:00")

    def test_an_overlap_changes_nothing(self):
        self.write(self.anna, "2030-03-05", (360, 600))
        with self.assertRaisesRegex(ValidationError, "Anna already has a shift"):
            self.shifts.roster_write(
                [
                    {"employee_id": self.bella.id, "date": MONDAY, "spans": [[600, 1140]]},
                    {"employee_id": self.anna.id, "date": MONDAY, "spans": [[1320, 480]]},
                ]
            )
        self.assertFalse(self.shifts.search([("date", "=", MONDAY)]))
        with self.assertRaises(UserError):
            self.write(self.anna, MONDAY, (600, 1500))
        # The guard is immediate again after a batch.
        with self.assertRaises(ValidationError):
            self.give_shift(self.anna, "2030-03-05", "06:00", "07:00")

    def test_write_returns_the_visits_that_lost_their_shift(self):
        self.give_shift(self.anna, MONDAY, "10:00", "19:00")
        self.give_shift(self.anna, "2030-03-05", "10:00", "19:00")
        visit = self.make_visit(self.at(MONDAY, "17:00"), (self.cut, self.anna))
        self.assertEqual(self.write(self.anna, MONDAY, (600, 1020))["outside"], visit.line_ids.ids)

    def test_presets_are_the_hours_used_most(self):
        self.shifts.search([]).unlink()
        for day in (4, 5, 6):
            self.write(self.anna, f"2030-03-0{day}", (660, 1260))
        self.write(self.anna, "2030-03-07", (480, 900))
        presets = self.shifts.roster_read()["presets"]
        self.assertEqual(presets[:2], [(660, 1260), (480, 900)])
        self.assertEqual(len(presets), len(set(presets)))
        self.assertLessEqual(len(presets), salon_shift.PRESETS)

    def test_a_month_of_thirty_masters_is_read_by_a_constant_number_of_queries(self):
        counts = []
        for number in (2, 28):
            some = self.env["hr.employee"].create([{"name": "Master", "is_master": True} for _n in range(number)])
            self.shifts.create(
                [
                    {
                        "employee_id": master.id,
                        "start": self.at(f"2030-03-{day:02}", "10:00"),
                        "stop": self.at(f"2030-03-{day:02}", "19:00"),
                        "state": "published",
                    }
                    for master in some
                    for day in range(1, 31)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.shifts.roster_read("2030-03")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
