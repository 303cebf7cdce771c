from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.salon_spa_booking.hooks import uninstall_hook

from .common import BookingCase


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 06:00:00")  # a Monday, 7:00 in Berlin
class TestCalendarMirror(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("mirror_anna", "master")
        cls.desk = cls.make_user("mirror_desk", "administrator")
        cls.anna.user_id = cls.user
        cls.company.salon_calendar_mirror = True
        for master in (cls.anna, cls.bella):
            for day in ("2030-03-05", "2030-03-06"):
                cls.give_shift(master, day, "09:00", "18:00")

    def events(self, visit):
        return self.env["calendar.event"].with_context(active_test=False).search(
            [("salon_line_id", "in", visit.line_ids.ids)], order="start"
        )

    def meeting(self, start, stop, **values):
        """Enter something of Anna's own, from 5 March."""
        return self.env["calendar.event"].with_user(self.user).with_context(no_mail_to_attendees=True).create(
            {
                "name": "Dentist",
                "start": start,
                "stop": stop,
                "partner_ids": [Command.set(self.user.partner_id.ids)],
                **values,
            }
        )

    # -- What is in the calendar ------------------------------------------------------

    def test_booked_service_stands_in_the_master_s_calendar(self):
        visit = self.make_visit(self.at("2030-03-05", "10:00"), (self.massage, self.anna), book=False)
        self.assertFalse(self.events(visit), "a draft takes nobody's time")
        visit.with_user(self.desk).action_book()
        event = self.events(visit)
        self.assertEqual(
            (event.name, event.start, event.stop, event.location),
            ("Clara", self.at("2030-03-05", "10:00"), self.at("2030-03-05", "11:00"), "Cabinet 1"),
        )
        self.assertIn("Massage", event.description)
        self.assertEqual(
            (event.user_id, event.partner_ids, event.privacy, event.show_as),
            (self.user, self.user.partner_id, "private", "busy"),
        )
        self.assertEqual(event.attendee_ids.mapped("state"), ["accepted"])
        self.assertNotIn("901820", f"{event.name} {event.description} {event.attendee_ids.mapped('phone')}")

    def test_nobody_else_reads_it(self):
        event = self.events(self.make_visit(self.at("2030-03-05", "10:00")))
        colleague = new_test_user(self.env, "mirror_colleague", groups="base.group_user")
        for user in (colleague, self.desk):
            self.env.invalidate_all()
            seen = event.with_user(user)
            self.assertEqual((seen.name, seen.display_name, seen.description), ("Busy", "Busy", False))
            self.assertEqual(seen.start, self.at("2030-03-05", "10:00"))
        self.env.invalidate_all()
        self.assertEqual(event.with_user(self.user).name, "Clara")

    def test_nothing_is_sent_and_no_task_is_made(self):
        before = [self.env[model].search_count([]) for model in ("mail.mail", "mail.activity")]
        visits = self.env["salon.visit"].with_context(active_model="salon.visit", active_id=1, default_res_id=1)
        visit = self.make_visit(self.at("2030-03-05", "10:00"), book=False)
        visits.browse(visit.id).with_user(self.desk).action_book()
        visit.with_user(self.desk).line_ids.start = self.at("2030-03-05", "13:00")
        event = self.events(visit)
        self.assertFalse(event.res_model or event.res_id or event.alarm_ids or event.activity_ids)
        visit.with_user(self.desk).action_cancel(self.env["salon.reason"].search([("kind", "=", "client")], limit=1))
        self.assertEqual([self.env[model].search_count([]) for model in ("mail.mail", "mail.activity")], before)
        self.assertFalse(self.env["mail.message"].search([("model", "=", "calendar.event"), ("res_id", "=", event.id)]))

    def test_it_follows_the_visit(self):
        visit = self.make_visit(self.at("2030-03-05", "10:00"))
        event = self.events(visit)
        visit.with_user(self.desk).line_ids.start = self.at("2030-03-06", "15:30")
        self.assertEqual(self.events(visit), event)
        self.assertEqual((event.start, event.stop), (self.at("2030-03-06", "15:30"), self.at("2030-03-06", "16:30")))
        self.assertEqual(event.attendee_ids.state, "accepted", "the master need not accept what the salon moved")
        visit.line_ids.product_id = self.colour
        self.assertIn("Colour", event.description)
        visit.line_ids.employee_id = self.bella
        self.assertFalse(event.exists(), "Bella has no user")
        visit.line_ids.employee_id = self.anna
        self.assertEqual(self.events(visit).user_id, self.user)
        visit.action_no_show()
        self.assertFalse(self.events(visit))
        visit.action_reopen()
        self.assertEqual(len(self.events(visit)), 1)

    def test_it_goes_with_the_service(self):
        visit = self.make_visit(self.at("2030-03-05", "10:00"), (self.cut, self.anna), (self.massage, self.anna))
        first, second = self.events(visit)
        first_line, second_line = first.salon_line_id, second.salon_line_id
        first_line.action_cancel_line()
        self.assertEqual(self.events(visit), second)
        self.assertFalse(first.exists())
        first_line.action_restore_line()
        self.assertEqual(len(self.events(visit)), 2)
        second_line.unlink()
        self.assertFalse(second.exists())

    def test_another_user_of_the_master(self):
        visit = self.make_visit(self.at("2030-03-05", "10:00"))
        new = self.make_user("mirror_anna_2", "master")
        self.anna.user_id = new
        self.assertEqual((self.events(visit).user_id, self.events(visit).partner_ids), (new, new.partner_id))
        self.anna.user_id = False
        self.assertFalse(self.events(visit))

    def test_swapped_masters(self):
        bella = self.make_user("mirror_bella", "master")
        self.bella.user_id = bella
        visits = [
            self.make_visit(self.at("2030-03-05", "10:00"), (self.cut, one), client=self.make_client(one.name))
            for one in (self.anna, self.bella)
        ]
        (visits[0].line_ids | visits[1].line_ids).action_swap_masters()
        self.assertEqual([self.events(visit).user_id for visit in visits], [bella, self.user])

    # -- By hand ----------------------------------------------------------------------

    def test_it_is_not_changed_by_hand(self):
        event = self.events(self.make_visit(self.at("2030-03-05", "10:00"))).with_user(self.user)
        for change in (
            lambda: event.write({"start": self.at("2030-03-05", "11:00"), "stop": self.at("2030-03-05", "12:00")}),
            lambda: event.write({"name": "Another"}),
            lambda: event.write({"partner_ids": [Command.link(self.desk.partner_id.id)]}),
            lambda: event.action_mass_archive("self_only"),
            event.action_archive,
            event.unlink,
        ):
            with self.refused("move or cancel its visit"):
                change()
        alarm = self.env["calendar.alarm"].search([], limit=1)
        event.alarm_ids = alarm
        self.assertEqual(event.alarm_ids, alarm, "a reminder is the master's own")

    def test_it_is_not_made_by_hand(self):
        visit = self.make_visit(self.at("2030-03-05", "10:00"), (self.cut, self.bella))
        with self.refused("Book a visit instead"):
            self.meeting(visit.start, visit.stop, salon_line_id=visit.line_ids.id)
        mine = self.meeting(self.at("2030-03-05", "10:00"), self.at("2030-03-05", "11:00"))
        with self.refused("move or cancel its visit"), self.env.cr.savepoint():
            self.events(self.make_visit(self.at("2030-03-06", "10:00"))).write({"salon_line_id": visit.line_ids.id})
        mine.write({"name": "Doctor"})
        copy = self.events(self.make_visit(self.at("2030-03-06", "10:00"))).with_user(self.user).copy()
        self.assertFalse(copy.salon_line_id)

    def test_another_calendar_has_no_say(self):
        """What a synchronisation brings of a mirrored event is left out, and the rest goes in."""
        event = self.events(self.make_visit(self.at("2030-03-05", "10:00")))
        mine = self.meeting(self.at("2030-03-05", "14:00"), self.at("2030-03-05", "15:00"))
        alarm = self.env["calendar.alarm"].search([], limit=1)
        (event | mine).with_context(dont_notify=True).write({"name": "Moved", "alarm_ids": alarm.ids})
        self.assertEqual((event.name, mine.name), ("Clara", "Moved"))
        self.assertEqual((event | mine).alarm_ids, alarm)

    # -- The switch ---------------------------------------------------------------------

    def test_switch(self):
        self.company.salon_calendar_mirror = False
        visit = self.make_visit(self.at("2030-03-05", "10:00"))
        past = self.make_done_visit(self.at("2030-03-04", "05:00"))
        self.assertFalse(self.events(visit))
        self.company.salon_calendar_mirror = True
        self.assertEqual(self.events(visit).name, "Clara")
        self.assertFalse(self.events(past), "what is over stays out")
        own = self.meeting(self.at("2030-03-05", "14:00"), self.at("2030-03-05", "15:00"))
        self.company.salon_calendar_mirror = False
        self.assertFalse(self.events(visit))
        self.assertTrue(own.exists())

    def test_what_is_over_is_the_master_s_own_once_it_is_switched_off(self):
        event = self.events(self.make_visit(self.at("2030-03-05", "10:00")))
        with freeze_time("2030-03-08 06:00:00"):
            self.company.salon_calendar_mirror = False
        self.assertFalse(event.salon_line_id)
        event.with_user(self.user).unlink()
        self.assertFalse(event.exists())

    def test_a_master_of_two_salons_is_in_one_place_at_a_time(self):
        other = self.env["res.company"].create(
            {"name": "Salon B", "salon_tz": "Europe/Berlin", "salon_calendar_mirror": True}
        )
        self.user.company_ids |= other
        twin = self.env["hr.employee"].create(
            {"name": "Anna", "is_master": True, "company_id": other.id, "user_id": self.user.id}
        )
        self.make_visit(self.at("2030-03-05", "10:00"), (self.massage, self.anna))
        spans = [self.at("2030-03-05", clock) for clock in ("00:00", "10:00", "11:00", "23:00")]
        calendar = self.env["calendar.event"]
        self.assertEqual(calendar._salon_busy(twin, spans[0], spans[3]), {twin.id: [(spans[1], spans[2])]})
        self.assertFalse(calendar._salon_busy(self.anna, spans[0], spans[3]), "there it is in the book")

    def test_removed_with_the_addon(self):
        visit = self.make_visit(self.at("2030-03-05", "10:00"))
        own = self.meeting(self.at("2030-03-05", "14:00"), self.at("2030-03-05", "15:00"))
        uninstall_hook(self.env)
        self.assertFalse(self.events(visit))
        self.assertTrue(own.exists())

    def test_booking_costs_nothing_without_a_user_or_with_the_switch_off(self):
        def queries(employee, clock):
            client = self.make_client(f"{employee.name} {clock}")
            visit = self.make_visit(self.at("2030-03-05", clock), (self.cut, employee), client=client, book=False)
            self.env.flush_all()
            self.env.invalidate_all()
            count = self.env.cr.sql_log_count
            visit.with_user(self.desk).action_book()
            self.env.flush_all()
            return self.env.cr.sql_log_count - count

        queries(self.bella, "09:00")
        without_user = queries(self.bella, "10:00")
        with_user = queries(self.anna, "10:00")
        self.company.salon_calendar_mirror = False
        queries(self.bella, "11:00")
        self.assertEqual(queries(self.bella, "12:00"), without_user)
        self.assertEqual(queries(self.anna, "12:00"), without_user)
        self.assertGreater(with_user, without_user)

    # -- What else is in the calendar ----------------------------------------------------

    def busy(self, *employees):
        spans = self.env["salon.availability"]._extra_busy(
            self.company,
            self.env["hr.employee"].union(*employees),
            self.at("2030-03-05", "00:00"),
            self.at("2030-03-06", "00:00"),
        )
        return {
            resource_id: [
                tuple(f"{self.company._salon_local(moment):%H:%M}" for moment in span) for span in own
            ]
            for resource_id, own in spans.items()
        }

    def test_what_keeps_a_master_busy(self):
        anna = self.anna.resource_id.id
        self.meeting(self.at("2030-03-05", "10:00"), self.at("2030-03-05", "11:00"))
        self.meeting(self.at("2030-03-05", "12:00"), self.at("2030-03-05", "13:00"), show_as="free")
        self.meeting(self.at("2030-03-05", "14:00"), self.at("2030-03-05", "15:00"), active=False)
        declined = self.meeting(self.at("2030-03-05", "15:00"), self.at("2030-03-05", "16:00"))
        declined.attendee_ids.do_decline()
        self.make_visit(self.at("2030-03-05", "16:00"))
        self.assertEqual(self.busy(self.anna, self.bella), {anna: [("10:00", "11:00")]})
        self.company.salon_calendar_mirror = False
        self.assertEqual(self.busy(self.anna), {})

    def test_whole_days_are_the_salon_s(self):
        midnight = datetime(2030, 3, 5)
        self.meeting(midnight, midnight, allday=True, start_date="2030-03-05", stop_date="2030-03-05", show_as="busy")
        self.assertEqual(self.busy(self.anna), {self.anna.resource_id.id: [("00:00", "00:00")]})
        self.assertEqual(
            self.env["calendar.event"]._salon_busy(
                self.anna, self.at("2030-03-04", "00:00"), self.at("2030-03-08", "00:00")
            ),
            {self.anna.id: [(self.at("2030-03-05", "00:00"), self.at("2030-03-06", "00:00"))]},
        )

    def test_warning_when_the_master_is_busy(self):
        self.meeting(self.at("2030-03-05", "10:30"), self.at("2030-03-05", "11:00"))
        visit = self.make_visit(self.at("2030-03-05", "10:00"), book=False, override_reason=False)
        self.assertEqual(visit.warning_text, "Anna is busy on Tuesday, 5 March, 10:00 by the calendar.")
        with self.refused("Anna is busy on Tuesday"):
            visit.with_user(self.desk).action_book()
        self.assertNotIn("Dentist", visit.with_user(self.desk).warning_text)
        visit.override_reason = "She will postpone it"
        visit.with_user(self.desk).action_book()
        self.assertEqual(visit.state, "booked")
        visit.line_ids.start = self.at("2030-03-05", "11:00")
        self.assertFalse(visit.warning_text)
        self.meeting(self.at("2030-03-05", "11:30"), self.at("2030-03-05", "12:30"))
        visit.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Anna is busy"):
            visit.line_ids.start = self.at("2030-03-05", "11:15")

    def test_warning_in_the_form(self):
        self.meeting(self.at("2030-03-05", "10:30"), self.at("2030-03-05", "11:00"))
        with Form(self.env["salon.visit"].with_user(self.desk)) as form:
            form.partner_id = self.clara
            form.start = self.at("2030-03-05", "10:00")
            with form.line_ids.new() as line:
                line.product_id = self.cut
                line.employee_id = self.anna
            self.assertIn("Anna is busy", form.warning_text)
