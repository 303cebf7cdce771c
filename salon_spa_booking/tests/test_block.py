from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import BookingCase


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 06:00:00")  # a Monday
class TestRepeatedBlocks(BookingCase):
    def make_block(self, **values):
        return self.env["salon.block"].create(
            {
                "name": "Lunch",
                "resource_ids": [Command.set(self.anna.resource_id.ids)],
                "date_from": "2030-03-04",
                "hour_from": 13,
                "hour_to": 13.5,
                **values,
            }
        )

    def enter(self):
        with self.enter_registry_test_mode():
            self.env.ref("salon_spa_booking.cron_enter_blocks").method_direct_trigger()

    def local_spans(self, block):
        rows = block.allocation_ids.sorted("start")
        return [f"{self.company._salon_local(row.start):%m-%d %H:%M}" for row in rows]

    def test_lunch_stands_in_the_book_and_keeps_visits_out(self):
        block = self.make_block()
        self.assertEqual(len(block.allocation_ids), 91, "ninety days and today")
        self.assertEqual(block.entered_until, date(2030, 6, 2))
        self.assertEqual(set(block.allocation_ids.mapped("note")), {"Lunch"})
        visit = self.make_visit(self.at("2030-03-12", "12:30"), book=False)
        with self.assertRaisesRegex(UserError, "Anna is already taken"):
            visit.action_book()

    def test_wall_clock_over_the_change_of_summer_time(self):
        block = self.make_block(date_to="2030-04-02")
        self.assertEqual({text[-5:] for text in self.local_spans(block)}, {"13:00"})
        starts = block.allocation_ids.sorted("start").mapped("start")
        self.assertEqual({starts[0].hour, starts[-1].hour}, {12, 11})

    def test_weekdays_and_weeks(self):
        days = dict.fromkeys(("tue", "wed", "fri", "sat", "sun"), False)
        block = self.make_block(every_weeks=2, date_to="2030-03-25", **days)
        self.assertEqual(self.local_spans(block), ["03-04 13:00", "03-07 13:00", "03-18 13:00", "03-21 13:00"])

    def test_hour_that_the_clock_leaps_over(self):
        block = self.make_block(hour_from=2, hour_to=3, date_from="2030-03-30", date_to="2030-04-01")
        self.assertEqual(self.local_spans(block), ["03-30 02:00", "04-01 02:00"])

    def test_stands_as_far_ahead_as_visits_are_booked(self):
        self.company.salon_horizon_days = 200
        block = self.make_block()
        self.assertEqual(len(block.allocation_ids), 201)
        triggers = self.env["ir.cron.trigger"].search_count([])
        self.company.salon_horizon_days = 300
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)
        self.enter()
        self.assertEqual(len(block.allocation_ids), 301)

    def test_fewer_days_ahead_leave_what_is_entered(self):
        """What was entered for more days is neither lost nor in its own way."""
        self.company.salon_horizon_days = 120
        block = self.make_block()
        entered = len(block.allocation_ids)
        self.company.salon_horizon_days = 60
        self.enter()
        block.hour_from = 12.5
        self.assertEqual((len(block.allocation_ids), block.skipped_text), (entered, ""))
        self.assertEqual({text[-5:] for text in self.local_spans(block)}, {"12:30"})
        with freeze_time("2030-03-20 08:00:00"):
            self.enter()
        self.assertFalse(block.skipped_text)

    def test_one_that_fails_keeps_no_other_out(self):
        block = self.make_block()
        other = self.env["res.company"].create({"name": "Nowhere", "salon_tz": "Europe/Berlin"})
        resource = self.env["resource.resource"].create({"name": "Zoe", "company_id": other.id})
        self.make_block(company_id=other.id, resource_ids=[Command.set(resource.ids)], date_from="2030-03-05")
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET salon_tz = 'No/Where' WHERE id = %s", [other.id])
        self.env.invalidate_all()
        with freeze_time("2030-03-05 02:00:00"), self.assertLogs("odoo.addons.salon_spa_booking", "ERROR"):
            self.enter()
        self.assertEqual(len(block.allocation_ids), 92)

    def test_time_that_is_taken_is_left_out_and_told(self):
        self.make_visit(self.at("2030-03-05", "12:30"))
        block = self.make_block(date_to="2030-03-06")
        self.assertEqual(self.local_spans(block), ["03-04 13:00", "03-06 13:00"])
        self.assertIn("5 Mar", block.skipped_text)
        self.assertIn("Anna", block.skipped_text)

    def test_lapsed_hold_is_in_nobodys_way(self):
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at("2030-03-05", "13:00"),
                "stop": self.at("2030-03-05", "14:00"),
                "kind": "hold",
                "hold_until": "2030-03-04 05:00:00",
            }
        )
        self.assertEqual(len(self.make_block(date_to="2030-03-06").allocation_ids), 3)

    def test_all_seats_of_a_room(self):
        block = self.make_block(
            name="Cleaning",
            block_type="maintenance",
            resource_ids=[Command.set(self.for_two.resource_id.ids)],
            date_to="2030-03-04",
        )
        self.assertEqual(sorted(block.allocation_ids.mapped("seat")), [1, 2])

    def test_one_day_of_a_room_with_seats_is_moved_and_deleted_as_one(self):
        block = self.make_block(resource_ids=[Command.set(self.for_two.resource_id.ids)], date_to="2030-03-06")
        shown = self.env["salon.allocation"].search(block.action_allocations()["domain"], order="start")
        self.assertEqual(len(shown), 3)
        shown[1].write({"start": self.at("2030-03-05", "15:00"), "stop": self.at("2030-03-05", "15:30")})
        shown[2].unlink()
        self.assertEqual(
            self.local_spans(block), ["03-04 13:00", "03-04 13:00", "03-05 15:00", "03-05 15:00"], "both seats"
        )

    def test_one_day_goes_to_another_room_with_all_its_seats(self):
        block = self.make_block(resource_ids=[Command.set(self.for_two.resource_id.ids)], date_to="2030-03-05")
        desk = self.make_user("desk", "administrator")
        day = block.allocation_ids.filtered(lambda row: row.start == self.at("2030-03-05", "13:00"))[-1:]
        day.with_user(desk).resource_id = self.room_1.resource_id
        self.assertTrue(day.exists(), "what was dragged is still there for who dragged it")
        rows = block.allocation_ids.sorted(lambda row: (row.start, row.seat))
        places = [(row.resource_id.name, row.seat) for row in rows]
        self.assertEqual(places, [("Lotus Room", 1), ("Lotus Room", 2), ("Cabinet 1", 1)])
        rows[-1].with_user(desk).write(
            {"resource_id": self.for_two.resource_id.id, "start": self.at("2030-03-05", "12:00")}
        )
        rows = block.allocation_ids.sorted(lambda row: (row.start, row.seat))
        places = [(row.resource_id.name, row.seat) for row in rows]
        self.assertEqual(places, [("Lotus Room", 1), ("Lotus Room", 2)] * 2)
        self.assertEqual(set(rows[2:].mapped("start")), {self.at("2030-03-05", "12:00")})
        # A room that has got another seat since: who moves the time alone takes no more of it.
        self.for_two.capacity = 3
        rows[-1].with_user(desk).write({"resource_id": self.for_two.resource_id.id, "note": "Later"})
        self.assertEqual(len(block.allocation_ids), 4)

    def test_change_is_entered_anew_and_the_past_stays(self):
        block = self.make_block()
        with freeze_time("2030-03-10 08:00:00"):
            block.write({"hour_from": 14, "hour_to": 15})
            texts = self.local_spans(block)
            self.assertEqual(texts[5:7], ["03-09 13:00", "03-10 14:00"])
            block.name = "Late Lunch"
            self.assertEqual(block.allocation_ids.sorted("start")[-1].note, "Late Lunch")
            block.active = False
            self.assertEqual(len(block.allocation_ids), 6, "only what has been")

    def test_day_deleted_by_hand_does_not_come_back(self):
        block = self.make_block()
        block.allocation_ids.sorted("start")[3].unlink()
        with freeze_time("2030-03-05 02:00:00"):
            self.enter()
        self.assertEqual(len(block.allocation_ids), 91, "one deleted, one day more")
        self.assertNotIn("03-07 13:00", self.local_spans(block))

    def test_days_changed_by_hand_stay_so_when_the_block_is_changed(self):
        block = self.make_block(date_to="2030-03-08")
        first, second, third, *_others = block.allocation_ids.sorted("start")
        first.write({"start": self.at("2030-03-04", "15:00"), "stop": self.at("2030-03-04", "16:00")})
        second.unlink()
        third.write({"start": self.at("2030-03-09", "17:00"), "stop": self.at("2030-03-09", "18:00")})
        kept = block.allocation_ids
        block.date_to = "2030-03-10"
        self.assertLessEqual(kept, block.allocation_ids)
        by_hand = ["03-04 15:00", "03-09 17:00"]
        self.assertEqual(
            sorted(self.local_spans(block)),
            sorted([*by_hand, "03-07 13:00", "03-08 13:00", "03-09 13:00", "03-10 13:00"]),
        )
        block.write({"hour_from": 12, "hour_to": 12.5})
        self.assertEqual(
            sorted(self.local_spans(block)),
            sorted([*by_hand, "03-07 12:00", "03-08 12:00", "03-09 12:00", "03-10 12:00"]),
        )
        # What was left out is tried again; whoever is new has every day.
        visit = self.make_visit(self.at("2030-03-08", "10:00"))
        block.write({"hour_from": 10, "hour_to": 10.5})
        self.assertIn("8 Mar", block.skipped_text)
        visit.action_cancel(self.env.ref("salon_spa.reason_client_ill"))
        block.resource_ids |= self.bella.resource_id
        self.assertFalse(block.skipped_text)
        hers = block.allocation_ids.filtered(lambda row: row.resource_id == self.bella.resource_id)
        self.assertEqual((len(hers), len(block.allocation_ids - hers)), (7, 6))
        block.write({"resource_ids": [Command.unlink(self.bella.resource_id.id)], "date_to": "2030-03-05"})
        self.assertEqual(self.local_spans(block), ["03-04 15:00"])

    def test_change_while_the_block_runs(self):
        block = self.make_block()
        with freeze_time("2030-03-04 12:10:00"):
            block.date_to = "2030-03-06"
        self.assertFalse(block.skipped_text)
        self.assertEqual(self.local_spans(block), ["03-04 13:00", "03-05 13:00", "03-06 13:00"])

    def test_over_midnight(self):
        block = self.make_block(hour_from=22, hour_to=2, date_to="2030-03-04")
        row = block.allocation_ids
        self.assertEqual(row.stop - row.start, timedelta(hours=4))
        self.assertEqual(block.overnight_text, "Until the next day, 4 h 0 min")
        block.write({"hour_from": 9.5, "hour_to": 9})
        self.assertEqual(block.overnight_text, "Until the next day, 23 h 30 min")
        block.hour_to = 10
        self.assertFalse(block.overnight_text)

    def test_desk_keeps_blocks_and_masters_do_not(self):
        desk, master = self.make_user("desk", "administrator"), self.make_user("hand", "master")
        block = self.make_block().with_user(desk)
        block.write({"hour_to": 14})
        self.assertTrue(block.action_allocations()["domain"])
        self.assertFalse(self.env["salon.block"].with_user(master).has_access("read"))
        block.unlink()
        self.assertFalse(
            self.env["salon.allocation"].search_count(
                [("resource_id", "=", self.anna.resource_id.id), ("start", ">", fields.Datetime.now())]
            )
        )

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "at least one day of the week"):
            self.make_block(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), False))
        with self.assertRaisesRegex(ValidationError, "Choose the masters, rooms or equipment"):
            self.make_block(resource_ids=[])
        with self.assertRaisesRegex(UserError, "no day falls"):
            self.make_block(date_from="2031-03-04").action_allocations()
