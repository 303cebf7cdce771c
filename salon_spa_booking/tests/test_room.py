import doctest
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.salon_weekdays_mixin import WEEKDAYS
from ..tools import phases
from .common import BookingCase

DAY = "2030-03-05"  # a Tuesday


@tagged("post_install", "-at_install")
class TestRooms(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = cls.at(DAY, "10:00")
        for master in (cls.anna, cls.bella, cls.carla, cls.dora, cls.eva):
            cls.give_shift(master, DAY, "08:00", "22:00")

    def book(self, *lines, start=None, **values):
        return self.make_visit(start or self.start, *lines, **values)

    def test_examples_of_the_documentation(self):
        self.assertFalse(doctest.testmod(phases).failed)

    def test_a_room_is_found_at_booking(self):
        """From the preparation to the clean-up; the room that is good for least comes first."""
        visit = self.book((self.massage, self.anna))
        self.assertEqual(self.places(visit), [("Cabinet 1", "10:00", "11:10")])
        self.assertEqual(visit.line_ids.room_id, self.room_1)
        self.assertFalse(visit.line_ids.is_room_chosen)
        second = self.book((self.massage, self.bella), client=self.make_client("Dana"))
        self.assertEqual(second.line_ids.room_id, self.room_2)

    def test_fewer_rooms_than_masters(self):
        """Four seats serve four masters; the fifth is refused with the times at which there is room again."""
        for number, master in enumerate((self.anna, self.bella, self.carla, self.dora)):
            self.book((self.massage, master), client=self.make_client(f"Client {number}"))
        visit = self.book((self.massage, self.eva), client=self.make_client("Late"), book=False)
        with self.refused("“Test Cabinet” for Massage is taken on Tuesday, 5 March at 10:00–11:10"):
            visit.action_book()
        self.assertEqual(visit.state, "draft")
        self.assertFalse(visit.line_ids.allocation_ids)

    def test_refusal_names_times_and_masters_that_have_a_room(self):
        masters = (self.anna, self.bella, self.carla, self.dora)
        for number, master in enumerate(masters):
            self.book((self.massage, master), client=self.make_client(f"Client {number}"))
        visit = self.book((self.massage, self.eva), client=self.make_client("Late"), book=False, override_reason=False)
        with self.refused("Nearest free times: 08:45, 08:50, 11:10."):
            visit.action_book()
        visit.start = self.at(DAY, "11:10")
        visit.action_book()

    def test_time_moved_keeps_the_room_while_it_is_free(self):
        first = self.book((self.massage, self.anna))
        first.line_ids.start += timedelta(minutes=15)
        self.assertEqual(self.places(first), [("Cabinet 1", "10:15", "11:25")])
        self.book((self.massage, self.bella), start=self.at(DAY, "13:00"), client=self.make_client("Dana"))
        first.line_ids.start = self.at(DAY, "13:00")
        self.assertEqual(first.line_ids.room_id, self.room_2, "Cabinet 1 is taken at that time")

    def test_room_by_hand_is_that_one_or_none(self):
        self.book((self.massage, self.anna))
        visit = self.book((self.massage, self.bella), client=self.make_client("Dana"))
        visit.line_ids.room_id = self.for_two
        self.assertEqual(self.places(visit), [("Lotus Room", "10:00", "11:10")])
        self.assertIn("Cabinet 2 → Lotus Room", [f"{log.old} → {log.new}" for log in visit.log_ids])
        with self.refused("taken"):
            visit.line_ids.room_id = self.room_1
        self.assertEqual(visit.line_ids.room_id, self.for_two)
        visit.line_ids.room_id = False
        self.assertEqual(visit.line_ids.room_id, self.for_two, "left to the booking, which stays where it is")
        self.assertFalse(visit.line_ids.is_room_chosen)

    def test_unsuited_room_wants_a_reason(self):
        service = self.make_service("Bath", active_minutes=30)
        self.need(service, room=self.couple)
        visit = self.book((service, self.anna), override_reason="no skill")
        self.assertEqual(visit.line_ids.room_id, self.for_two)
        with self.refused("Cabinet 1 is not meant for Bath"):
            visit.line_ids.room_id = self.room_1
        visit.override_reason = "The client asked"
        visit.line_ids.room_id = self.room_1
        self.assertEqual(self.places(visit), [("Cabinet 1", "10:00", "10:30")])

    def test_two_guests_sit_together(self):
        """A couple's two masters work in one room, although the small cabinets stand first."""
        friend = self.make_client("Friend")
        visit = self.env["salon.visit"].create(
            {
                "partner_id": self.clara.id,
                "override_reason": "test",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.massage.id,
                            "employee_id": master.id,
                            "client_id": client.id,
                            "start": self.start,
                        }
                    )
                    for master, client in ((self.anna, self.clara), (self.bella, friend))
                ],
            }
        )
        visit.action_book()
        self.assertEqual(visit.line_ids.room_id, self.for_two)
        self.assertEqual(
            sorted(visit.line_ids.allocation_ids.filtered("requirement_id").mapped("seat")), [1, 2], "a seat each"
        )

    def test_who_has_two_services_stays_in_the_room(self):
        """Between them the room is neither cleaned up nor prepared; after the last one it is."""
        visit = self.book((self.massage, self.anna), (self.massage, self.bella))
        self.assertEqual(self.places(visit), [("Cabinet 1", "10:00", "11:00"), ("Cabinet 1", "11:00", "12:10")])
        visit.override_reason = "test"
        visit.line_ids[1].start += timedelta(hours=1)
        self.assertEqual(
            self.places(visit),
            [("Cabinet 1", "10:00", "11:10"), ("Cabinet 1", "12:00", "13:10")],
            "who waits for an hour does not wait in the room",
        )

    def test_changed_rooms_are_cleaned(self):
        """Without one room for both services each is given in a room of its own, which is cleaned up after it."""
        self.for_two.active = False
        for room, begin, end in ((self.room_2, "09:00", "11:00"), (self.room_1, "11:10", "13:00")):
            self.env["salon.allocation"].create(
                {
                    "resource_id": room.resource_id.id,
                    "start": self.at(DAY, begin),
                    "stop": self.at(DAY, end),
                    "block_type": "maintenance",
                }
            )
        visit = self.book((self.massage, self.anna), (self.massage, self.bella))
        self.assertEqual(self.places(visit), [("Cabinet 1", "10:00", "11:10"), ("Cabinet 2", "11:00", "12:10")])

    def test_services_hours_apart_need_no_room_together(self):
        self.for_two.active = False
        for room, begin, end in ((self.room_2, "09:00", "13:00"), (self.room_1, "13:00", "17:00")):
            self.env["salon.allocation"].create(
                {
                    "resource_id": room.resource_id.id,
                    "start": self.at(DAY, begin),
                    "stop": self.at(DAY, end),
                    "block_type": "maintenance",
                }
            )
        visit = self.book((self.massage, self.anna))
        visit.write(
            {
                "override_reason": "test",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.massage.id,
                            "employee_id": self.bella.id,
                            "start": self.at(DAY, "14:00"),
                            "is_chained": False,
                        }
                    )
                ],
            }
        )
        self.assertEqual(
            self.places(visit), [("Cabinet 1", "10:00", "11:10"), ("Cabinet 2", "14:00", "15:10")]
        )

    def test_who_sits_already_is_not_moved(self):
        self.for_two.active = False
        visit = self.book((self.massage, self.anna))
        self.env["salon.allocation"].create(
            {
                "resource_id": self.room_1.resource_id.id,
                "start": self.at(DAY, "11:10"),
                "stop": self.at(DAY, "13:00"),
                "block_type": "maintenance",
            }
        )
        with freeze_time(self.at(DAY, "10:30")):
            visit.write(
                {
                    "override_reason": "test",
                    "line_ids": [Command.create({"product_id": self.massage.id, "employee_id": self.bella.id})],
                }
            )
        self.assertEqual(self.places(visit), [("Cabinet 1", "10:00", "11:10"), ("Cabinet 2", "11:00", "12:10")])

    def test_one_room_serves_the_services_of_a_visit(self):
        """Two half-free cabinets are none: the first one would be left without its cleaning."""
        self.for_two.active = False
        for room, begin, end in ((self.room_2, "09:00", "11:00"), (self.room_1, "11:00", "13:00")):
            self.env["salon.allocation"].create(
                {
                    "resource_id": room.resource_id.id,
                    "start": self.at(DAY, begin),
                    "stop": self.at(DAY, end),
                    "block_type": "maintenance",
                }
            )
        with self.refused("“Test Cabinet” for Massage is taken"):
            self.book((self.massage, self.anna), (self.massage, self.bella))

    def test_the_visit_changes_rooms_as_a_whole(self):
        visit = self.book((self.massage, self.anna), (self.massage, self.bella))
        self.env["salon.allocation"].create(
            {
                "resource_id": self.room_1.resource_id.id,
                "start": self.at(DAY, "12:10"),
                "stop": self.at(DAY, "13:00"),
                "block_type": "maintenance",
            }
        )
        visit.override_reason = "test"
        visit.line_ids[1].active_minutes = 90
        self.assertEqual(self.places(visit), [("Cabinet 2", "10:00", "11:00"), ("Cabinet 2", "11:00", "12:40")])

    def test_service_that_leaves_the_room_early(self):
        """Let the last phase end earlier: the chair is free while the client sits elsewhere."""
        self.need(self.colour, room=self.cabinet, first_phase="prep_minutes", last_phase="active_minutes")
        self.need(self.colour, room=self.couple, first_phase="processing_minutes", last_phase="finishing_minutes")
        visit = self.book((self.colour, self.anna))
        self.assertEqual(self.places(visit), [("Cabinet 1", "09:55", "10:40"), ("Lotus Room", "10:40", "11:25")])
        self.assertEqual(visit.line_ids.room_id, self.room_1, "the first one is the line's")
        self.assertIn("Lotus Room", visit.line_ids.place_text)

    def test_device_for_one_phase(self):
        only = "processing_minutes"
        self.need(self.colour, device=self.laser_type, first_phase=only, last_phase=only)
        self.make_device("Laser A")
        visit = self.book((self.colour, self.anna))
        self.assertEqual(self.places(visit), [("Laser A", "10:40", "11:10")])
        other = self.book((self.colour, self.bella), client=self.make_client("Dana"), book=False)
        with self.refused("“Test Laser” for Colour is taken"):
            other.action_book()
        other.start = self.at(DAY, "10:30")
        other.action_book()
        self.assertEqual(self.places(other), [("Laser A", "11:10", "11:40")])

    def test_device_that_stands_in_a_room_brings_the_visit_there(self):
        self.need(self.massage, device=self.laser_type)
        self.make_device("Laser B", room_id=self.room_2.id)
        visit = self.book((self.massage, self.anna))
        self.assertEqual(visit.line_ids.room_id, self.room_2)
        with self.refused("Test Laser"):
            visit.line_ids.room_id = self.room_1

    def test_several_devices_at_once(self):
        self.need(self.massage, device=self.laser_type, quantity=2)
        self.make_device("Lamp A")
        visit = self.book((self.massage, self.anna), book=False)
        with self.refused("Test Laser"):
            visit.action_book()
        self.make_device("Lamp B")
        visit.action_book()
        self.assertEqual([row[0] for row in self.places(visit)], ["Cabinet 1", "Lamp A", "Lamp B"])

    def test_nothing_of_the_type_at_all(self):
        service = self.make_service("Float", active_minutes=30)
        self.need(service, room=self.env["salon.room.type"].create({"name": "Tank"}))
        visit = self.book((service, self.anna), book=False)
        with self.refused("Float needs “Tank”, and none is open on Tuesday"):
            visit.action_book()

    def opening_hours(self, begin, end):
        return self.env["resource.calendar"].create(
            {
                "name": "Mornings",
                "tz": "Europe/Berlin",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create({"name": "x", "dayofweek": str(day), "hour_from": begin, "hour_to": end})
                    for day in range(7)
                ],
            }
        )

    def test_closed_room_is_not_taken(self):
        self.room_1.resource_calendar_id = self.opening_hours(8, 11)
        visit = self.book((self.massage, self.anna))
        self.assertEqual(visit.line_ids.room_id, self.room_2, "Cabinet 1 closes at 11, the clean-up ends at 11:10")
        earlier = self.book((self.massage, self.bella), start=self.at(DAY, "08:30"), client=self.make_client("Dana"))
        self.assertEqual(earlier.line_ids.room_id, self.room_1)
        with self.refused("Cabinet 1 is closed on Tuesday, 5 March, 10:00"):
            visit.line_ids.room_id = self.room_1

    def test_holiday_closes_a_room_with_opening_hours(self):
        self.room_1.resource_calendar_id = self.opening_hours(8, 22)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Painting",
                "resource_id": self.room_1.resource_id.id,
                "company_id": self.company.id,
                "date_from": self.at(DAY, "00:00"),
                "date_to": self.at(DAY, "23:59"),
            }
        )
        self.assertEqual(self.book((self.massage, self.anna)).line_ids.room_id, self.room_2)

    def test_leave_closes_a_room_that_is_always_open(self):
        for room in (self.room_1, self.room_2):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Painting",
                    "resource_id": room.resource_id.id,
                    "company_id": self.company.id,
                    "date_from": self.at(DAY, "00:00"),
                    "date_to": self.at(DAY, "23:59"),
                }
            )
        self.assertEqual(self.book((self.massage, self.anna)).line_ids.room_id, self.for_two)

    def test_room_that_is_needed_no_more_is_given_back(self):
        visit = self.book((self.massage, self.anna))
        self.assertTrue(visit.line_ids.room_id)
        visit.line_ids.product_id = self.cut
        self.assertFalse(visit.line_ids.room_id)

    def test_device_alone_needs_no_room_beside_it(self):
        self.need(self.cut, device=self.laser_type)
        self.make_device("Laser B", room_id=self.room_2.id)
        self.assertEqual(self.places(self.book((self.cut, self.anna))), [("Laser B", "10:00", "11:00")])

    def test_rooms_are_the_same_for_every_caller(self):
        self.room_1.action_archive()
        self.env.registry.clear_cache()
        self.env["salon.room"].with_context(active_test=False)._places(self.company.id)
        self.assertEqual(self.book((self.massage, self.anna)).line_ids.room_id, self.room_2)

    def test_maintenance_keeps_a_room_free(self):
        self.env["salon.allocation"].create(
            {
                "resource_id": self.room_1.resource_id.id,
                "start": self.start,
                "stop": self.start + timedelta(hours=1),
                "block_type": "maintenance",
            }
        )
        self.assertEqual(self.book((self.massage, self.anna)).line_ids.room_id, self.room_2)

    def test_cancelling_frees_the_room_and_restoring_takes_one(self):
        visit = self.book((self.massage, self.anna))
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        self.assertFalse(self.places(visit))
        other = self.book((self.massage, self.bella), client=self.make_client("Dana"))
        self.assertEqual(other.line_ids.room_id, self.room_1)
        visit.override_reason = "test"
        visit.action_reopen()
        self.assertEqual(visit.line_ids.room_id, self.room_2)

    def test_room_in_use_is_kept(self):
        self.book((self.massage, self.anna), start=self.tomorrow())
        with self.refused("Visits still ahead: Cabinet 1 (1)"):
            self.room_1.action_archive()
        with self.refused("has been in use: archive it"):
            self.room_1.unlink()
        resource = self.room_2.resource_id
        self.room_2.unlink()
        self.assertFalse(resource.exists())

    def test_fewer_seats_than_are_taken(self):
        self.test_two_guests_sit_together()
        with self.refused("Lotus Room is booked for more than 1 at once on 5 March, 10:00"):
            self.for_two.capacity = 1

    def test_types_are_told_apart_by_name_whatever_the_translations(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        for kind, other in ((self.cabinet, "Test Room for Two"), (self.laser_type, "Test Lamp")):
            kind.with_context(lang="ru_RU").name = "Перевод"
            kind.create({"name": "Test Lamp"})
            for name in (kind.name, other):
                with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    kind.create({"name": name})

    def test_a_service_is_performed_on_some_day(self):
        days = dict.fromkeys((f"salon_{day}" for day in WEEKDAYS), False)
        with self.assertRaisesRegex(ValidationError, "at least one day of the week on which “Massage”"):
            self.massage.product_tmpl_id.write(days)
        self.massage.product_tmpl_id.write({**days, "salon_tue": True})
        self.env["product.template"].create({"name": "Towel", **days})

    def test_bad_requirements(self):
        for values, text in (
            ({"room_type_id": False, "equipment_type_id": False}, "room type or an equipment type"),
            ({"room_type_id": self.cabinet.id, "equipment_type_id": self.laser_type.id}, "room type or an equipment"),
            ({"room_type_id": self.cabinet.id, "quantity": 0}, "between 1 and 20"),
        ):
            with self.subTest(values), mute_logger("odoo.sql_db"):
                try:
                    with self.env.cr.savepoint():
                        self.env["salon.requirement"].create({"product_tmpl_id": self.cut.product_tmpl_id.id, **values})
                        self.env.flush_all()
                    self.fail("nothing was refused")
                except Exception as error:
                    self.env.clear()
                    self.assertIn(text, self.env["salon.requirement"]._sql_error_to_message(error))
        with self.assertRaisesRegex(ValidationError, "the last phase comes before the first"):
            self.need(self.cut, room=self.cabinet, first_phase="finishing_minutes", last_phase="active_minutes")

    def test_other_company_keeps_its_rooms(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        self.env["salon.room"].create(
            {"name": "A0", "company_id": other.id, "sequence": 1, "type_ids": [Command.set(self.cabinet.ids)]}
        )
        self.assertEqual(self.book((self.massage, self.anna)).line_ids.room_id, self.room_1)

    def test_rooms_cost_a_bounded_number_of_queries(self):
        desk = self.make_user("desk", "administrator")
        visits = self.env["salon.visit"].with_user(desk).with_context(tracking_disable=False)
        for hours, bound in ((0, 120), (2, 46)):
            client = self.make_client(f"Client {hours}")
            vals = {
                "product_id": self.massage.id,
                "employee_id": self.anna.id,
                "start": self.start + timedelta(hours=hours),
            }
            self.env.flush_all()
            self.env.invalidate_all()
            # The first one warms what a server keeps warm.
            with self.assertQueryCount(bound):
                visits.create({"partner_id": client.id, "line_ids": [Command.create(vals)]}).action_book()
                self.env.flush_all()
