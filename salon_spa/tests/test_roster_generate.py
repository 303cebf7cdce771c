from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .test_shift import ShiftCase


@freeze_time("2030-02-10 08:00")
@tagged("post_install", "-at_install")
class TestRosterGenerate(ShiftCase):
    def wizard(self, masters=None, **values):
        return self.env["salon.roster.generate"].create(
            {
                "employee_ids": [(6, 0, (masters or self.anna).ids)],
                "date_from": "2030-03-04",
                "date_to": "2030-03-17",
                "pattern_id": self.env.ref("salon_spa.pattern_2_2").id,
                **values,
            }
        )

    def roster(self, employee, first="2030-03-01", last="2030-04-30"):
        shifts = self.shifts.search([("employee_id", "=", employee.id), ("date", ">=", first), ("date", "<=", last)])
        return [f"{shift.date:%d} {shift.hours_text}" for shift in shifts]

    def counts(self, line):
        return {
            name: line[f"{name}_count"]
            for name in ("create", "keep", "remove", "leave", "blocked")
            if line[f"{name}_count"]
        }

    def test_unusual_hours_are_counted(self):
        pattern = self.env["salon.shift.pattern"].create(
            {
                "name": "Early",
                "cycle_days": 7,
                "line_ids": [
                    (0, 0, {"day": 1, "hour_from": 4, "hour_to": 12}),
                    (0, 0, {"day": 2, "hour_from": 9, "hour_to": 18}),
                    (0, 0, {"day": 3, "hour_from": 8, "hour_to": 23}),
                ],
            }
        )
        line = self.wizard(pattern_id=pattern.id).line_ids
        self.assertEqual((line.create_count, line.unusual_count), (6, 4))

    def test_a_wizard_fresh_from_its_defaults_makes_next_month(self):
        with Form(self.env["salon.roster.generate"]) as form:
            self.assertEqual((str(form.date_from), str(form.date_to)), ("2030-03-01", "2030-03-31"))
            form.employee_ids.add(self.anna)
            form.employee_ids.add(self.bella)
            self.assertEqual(len(form.line_ids), 2)
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.create_count, 21, "weekdays of March 2030")
            self.assertIn("Anna", str(form.preview_html))
            form.employee_ids.remove(id=self.bella.id)
            self.assertEqual(len(form.line_ids), 1)
        form.record.action_apply()
        self.assertEqual(len(self.roster(self.anna)), 21)

    def test_two_two_with_an_offset_of_the_second_master(self):
        wizard = self.wizard(self.anna | self.bella, date_to="2030-03-11")
        wizard.line_ids.filtered(lambda line: line.employee_id == self.bella).cycle_start = "2030-03-06"
        wizard.action_apply()
        hours = "10:00–22:00"
        self.assertEqual(self.roster(self.anna), [f"{day} {hours}" for day in ("04", "05", "08", "09")])
        self.assertEqual(self.roster(self.bella), [f"{day} {hours}" for day in ("06", "07", "10", "11")])
        self.assertEqual(set(self.shifts.search([("employee_id", "=", self.anna.id)]).mapped("state")), {"draft"})

    def test_shipped_patterns(self):
        days = {
            "5_2": ["04", "05", "06", "07", "08", "11", "12", "13", "14", "15"],
            "3_3": ["04", "05", "06", "10", "11", "12", "16", "17"],
            "odd": ["05", "07", "09", "11", "13", "15", "17"],
            "even": ["04", "06", "08", "10", "12", "14", "16"],
        }
        for name, expected in days.items():
            with self.subTest(name=name):
                self.wizard(mode="all", pattern_id=self.env.ref(f"salon_spa.pattern_{name}").id).action_apply()
                self.assertEqual([row[:2] for row in self.roster(self.anna)], expected)
        self.wizard(
            mode="all", pattern_id=self.env.ref("salon_spa.pattern_split").id, date_to="2030-03-04"
        ).action_apply()
        self.assertEqual(self.roster(self.anna, last="2030-03-04"), ["04 09:00–13:00", "04 15:00–20:00"])

    def test_weekday_patterns_start_on_monday_whatever_day_the_period_starts(self):
        self.wizard(
            pattern_id=self.env.ref("salon_spa.pattern_5_2").id, date_from="2030-03-07", date_to="2030-03-12"
        ).action_apply()
        self.assertEqual([row[:2] for row in self.roster(self.anna)], ["07", "08", "11", "12"])

    def test_wall_clock_stays_over_both_changes_of_the_clock(self):
        even = self.env.ref("salon_spa.pattern_5_2").id
        for first, last in (("2030-03-25", "2030-04-05"), ("2030-10-21", "2030-11-01")):
            with self.subTest(first=first):
                self.wizard(pattern_id=even, date_from=first, date_to=last).action_apply()
                shifts = self.shifts.search([("date", ">=", first), ("date", "<=", last)])
                self.assertEqual(shifts.mapped("hours_text"), ["10:00–19:00"] * 10)
                self.assertEqual(len({shift.start.hour for shift in shifts}), 2, "the change lies in between")
        self.company.salon_tz = "Asia/Tashkent"
        self.wizard(pattern_id=even, date_from="2031-03-24", date_to="2031-04-04").action_apply()
        shifts = self.shifts.search([("date", ">=", "2031-01-01")])
        self.assertEqual({shift.start.hour for shift in shifts}, {5})
        self.assertEqual(shifts.mapped("hours_text"), ["10:00–19:00"] * 10)

    def test_modes_keep_replace_and_say_so_first(self):
        self.give_shift(self.anna, "2030-03-04", "12:00", "14:00")
        self.give_shift(self.anna, "2030-03-05", "12:00", "14:00").action_unpublish()
        self.give_shift(self.anna, "2030-03-06", "12:00", "14:00").action_unpublish()
        before = self.roster(self.anna)
        period = {"date_to": "2030-03-08"}
        for mode, counts, after in (
            (
                "empty",
                {"create": 1, "keep": 3},
                ["04 12:00–14:00", "05 12:00–14:00", "06 12:00–14:00", "08 10:00–22:00"],
            ),
            (
                "drafts",
                {"create": 2, "keep": 1, "remove": 2},
                ["04 12:00–14:00", "05 10:00–22:00", "08 10:00–22:00"],
            ),
            ("all", {"create": 3, "remove": 3}, ["04 10:00–22:00", "05 10:00–22:00", "08 10:00–22:00"]),
        ):
            with self.subTest(mode=mode), self.env.cr.savepoint() as savepoint:
                wizard = self.wizard(mode=mode, **period)
                self.assertEqual(self.counts(wizard.line_ids), counts)
                self.assertEqual(self.roster(self.anna), before, "a preview changes nothing")
                wizard.action_apply()
                self.assertEqual(self.roster(self.anna), after)
                savepoint.rollback()

    def test_what_is_as_wanted_stays_and_doing_it_twice_changes_nothing(self):
        self.wizard(publish=True).action_apply()
        shifts = self.shifts.search([("employee_id", "=", self.anna.id)])
        self.assertEqual(set(shifts.mapped("state")), {"published"})
        again = self.wizard(mode="all")
        self.assertEqual(self.counts(again.line_ids), {"keep": len(shifts)})
        with self.assertRaisesRegex(UserError, "Nothing would change"):
            again.action_apply()
        self.assertEqual(shifts.exists(), shifts)

    def test_leaves_are_shown_and_left_out(self):
        leave = {"resource_id": self.anna.resource_id.id}
        self.give_leave(self.at("2030-03-05", "00:00"), self.at("2030-03-06", "00:00"), **leave)
        self.give_leave(self.at("2030-03-08", "09:00"), self.at("2030-03-08", "12:00"), **leave)
        wizard = self.wizard(date_to="2030-03-09")
        self.assertEqual(self.counts(wizard.line_ids), {"create": 3, "leave": 2})
        self.assertIn("Left out, on leave: 10:00–22:00", wizard.preview_html)
        self.assertIn("Cut by a leave: 10:00–22:00", wizard.preview_html)
        wizard.action_apply()
        self.assertEqual([row[:2] for row in self.roster(self.anna)], ["04", "08", "09"])
        self.assertEqual(self.counts(self.wizard(date_to="2030-03-09", skip_leaves=False).line_ids)["create"], 1)

    def test_a_night_shift_that_stays_is_not_overlapped(self):
        self.shifts.create(
            {
                "employee_id": self.anna.id,
                "start": self.at("2030-03-03", "22:00"),
                "stop": self.at("2030-03-04", "11:00"),
                "state": "published",
            }
        )
        wizard = self.wizard(mode="all", date_to="2030-03-05")
        self.assertEqual(self.counts(wizard.line_ids), {"create": 1, "blocked": 1})
        wizard.action_apply()
        self.assertEqual(self.roster(self.anna), ["03 22:00–11:00", "05 10:00–22:00"])

    def test_night_pattern_crosses_midnight(self):
        pattern = self.env["salon.shift.pattern"].create(
            {
                "name": "Nights",
                "cycle_days": 2,
                "line_ids": [(0, 0, {"day": 1, "hour_from": 22, "hour_to": 6.5})],
            }
        )
        self.wizard(pattern_id=pattern.id, date_to="2030-03-06").action_apply()
        self.assertEqual(self.roster(self.anna), ["04 22:00–06:30", "06 22:00–06:30"])

    def test_copy_a_week_to_several_weeks_and_masters_over_the_change_of_the_clock(self):
        self.give_shift(self.anna, "2030-03-18", "09:00", "13:00")
        self.give_shift(self.anna, "2030-03-18", "15:00", "20:00")
        self.give_shift(self.anna, "2030-03-24", "10:00", "18:00")
        self.give_shift(self.bella, "2030-03-19", "10:00", "18:00")
        wizard = self.wizard(
            self.anna | self.bella,
            source="week",
            source_date="2030-03-20",
            date_from="2030-03-18",
            date_to="2030-04-07",
        )
        self.assertEqual(wizard.line_ids.mapped("create_count"), [6, 2])
        wizard.action_apply()
        self.assertEqual(
            self.roster(self.anna, "2030-03-25"),
            [
                *("25 09:00–13:00", "25 15:00–20:00", "31 10:00–18:00"),
                *("01 09:00–13:00", "01 15:00–20:00", "07 10:00–18:00"),
            ],
        )
        self.assertEqual(self.roster(self.bella, "2030-03-25"), ["26 10:00–18:00", "02 10:00–18:00"])
        self.assertEqual(len(self.roster(self.anna, last="2030-03-24")), 3, "the week that is copied stays")

    def test_replacing_tells_which_visits_lost_their_shift(self):
        self.give_shift(self.anna, "2030-03-04", "10:00", "14:00")
        self.give_shift(self.anna, "2030-03-06", "10:00", "14:00")
        visit = self.make_visit(self.at("2030-03-06", "10:00"), (self.cut, self.anna))
        action = self.wizard(mode="all", date_to="2030-03-08", publish=True).action_apply()
        self.assertEqual(action["tag"], "salon_roster_done")
        self.assertEqual(action["params"]["line_ids"], visit.line_ids.ids)
        self.assertEqual(visit.state, "booked")

    def test_wrong_wishes_are_refused_with_a_reason(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self.wizard(date_to="2030-03-01")
        with self.assertRaisesRegex(ValidationError, "a year at most"):
            self.wizard(date_to="2031-03-05")
        with self.assertRaisesRegex(UserError, "Choose the masters"):
            self.env["salon.roster.generate"].create({}).action_apply()
        with self.assertRaisesRegex(UserError, "Choose the pattern"):
            self.wizard(pattern_id=False).action_apply()
        desk = self.make_user("generate.desk", "administrator")
        with self.assertRaises(AccessError):
            self.env["salon.roster.generate"].with_user(desk).create({})

    def test_publishing_a_period_of_some_masters_and_taking_it_back(self):
        self.wizard(self.anna | self.bella).action_apply()
        wizard = self.env["salon.roster.publish"].create(
            {"date_from": "2030-03-04", "date_to": "2030-03-10", "employee_ids": [(6, 0, self.anna.ids)]}
        )
        self.assertEqual(wizard.shift_count, 4)
        wizard.action_apply()
        published = self.shifts.search([("state", "=", "published")])
        self.assertEqual((published.employee_id, len(published)), (self.anna, 4))
        self.assertEqual(max(published.mapped("date")), date(2030, 3, 9))
        with self.assertRaisesRegex(UserError, "no shift to change"):
            wizard.action_apply()
        back = self.env["salon.roster.publish"].create(
            {"date_from": "2030-03-04", "date_to": "2030-03-31", "state": "draft"}
        )
        back.action_apply()
        self.assertEqual(set(published.mapped("state")), {"draft"})


@tagged("post_install", "-at_install")
class TestShiftPattern(ShiftCase):
    def pattern(self, lines, **values):
        return self.env["salon.shift.pattern"].create(
            {
                "name": "Own",
                "line_ids": [(0, 0, {"day": day, "hour_from": start, "hour_to": stop}) for day, start, stop in lines],
                **values,
            }
        )

    def test_patterns_that_would_overlap_are_refused(self):
        for lines, values in (
            ([(1, 10, 14), (1, 13, 19)], {}),
            ([(1, 22, 8), (2, 7, 12)], {}),
            ([(1, 6, 12), (4, 22, 8)], {"cycle_days": 4}),
            ([(1, 20, 9), (1, 8, 12)], {"kind": "odd"}),
        ):
            with self.subTest(lines=lines), self.assertRaisesRegex(ValidationError, "overlap"):
                self.pattern(lines, **values)
        pattern = self.pattern([(1, 10, 14)])
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.env["salon.shift.pattern.line"].create(
                {"pattern_id": pattern.id, "day": 1, "hour_from": 12, "hour_to": 15}
            )

    def test_days_beyond_the_cycle_and_mondays_of_odd_cycles_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "the cycle has 4 days"):
            self.pattern([(5, 10, 14)], cycle_days=4)
        with self.assertRaisesRegex(ValidationError, "whole weeks"):
            self.pattern([(1, 10, 14)], cycle_days=4, anchor_weekday=True)

    def test_a_copy_has_the_hours(self):
        copy = self.pattern([(1, 10, 14), (2, 10, 14)], cycle_days=3).copy()
        self.assertEqual(copy.line_ids.mapped("day"), [1, 2])
