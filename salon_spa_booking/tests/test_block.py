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
        with freeze_time("2030-03-05 02:00:00"), self.enter_registry_test_mode():
            self.env.ref("salon_spa_booking.cron_enter_blocks").method_direct_trigger()
        self.assertEqual(len(block.allocation_ids), 91, "one deleted, one day more")
        self.assertNotIn("03-07 13:00", self.local_spans(block))

    def test_over_midnight(self):
        block = self.make_block(hour_from=22, hour_to=2, date_to="2030-03-04")
        row = block.allocation_ids
        self.assertEqual(row.stop - row.start, timedelta(hours=4))

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
