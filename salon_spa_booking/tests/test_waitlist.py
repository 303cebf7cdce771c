import json
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, freeze_time, tagged

from .common import BookingCase

DAY, NEXT = "2030-03-05", "2030-03-06"  # a Tuesday, a Wednesday


class WaitlistCase(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.give_shift(cls.anna, DAY, "10:00", "12:00")
        cls.give_shift(cls.anna, NEXT, "10:00", "12:00")
        cls.desk = cls.make_user("desk", "administrator")
        cls.reason = cls.env.ref("salon_spa.reason_client_plans")
        # Anna's Tuesday is full: two cuts.
        cls.first = cls.make_visit(cls.at(DAY, "10:00"), client=cls.make_client("A"), override_reason=False)
        cls.second = cls.make_visit(cls.at(DAY, "11:00"), client=cls.make_client("B"), override_reason=False)

    def wait(self, client="Waits", service=None, **values):
        return self.env["salon.waitlist"].create(
            {
                "partner_id": (self.make_client(client) if isinstance(client, str) else client).id,
                "company_id": self.company.id,
                "date_from": DAY,
                "date_to": DAY,
                "line_ids": [
                    Command.create({"product_id": (service or self.cut).id, "employee_id": self.anna.id})
                ],
                **values,
            }
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("salon_spa_booking.cron_match_waitlist").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 12:00:00")
class TestWaitlist(WaitlistCase):
    def triggers(self):
        cron = self.env.ref("salon_spa_booking.cron_match_waitlist")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_cancelled_visit_wakes_who_waits(self):
        entry = self.wait()
        self.assertFalse(entry.match_start)
        before = self.triggers()
        self.first.action_cancel(self.reason)
        self.assertGreater(self.triggers(), before)
        self.run_cron()
        self.assertEqual(entry.match_start, self.at(DAY, "10:00"))
        self.assertEqual(entry.match_text, "Tue, 5 Mar, 10:00, Anna")
        self.assertEqual(entry.state, "waiting", "the desk is shown it, nothing more")
        told = self.env["bus.bus"].search([("message", "like", "Free now for who waits: Waits, Cut")])
        self.assertIn(["res.partner", self.desk.partner_id.id], [json.loads(row)[1:] for row in told.mapped("channel")])
        self.run_cron()
        self.assertEqual(self.env["bus.bus"].search([("message", "like", "Free now for who waits")]), told, "once")
        visit = self.env["salon.visit"].browse(entry.with_user(self.desk).action_book()["res_id"])
        self.assertEqual((visit.state, visit.start), ("booked", self.at(DAY, "10:00")))
        self.assertEqual((entry.state, entry.booked_visit_id), ("booked", visit))

    def test_free_now_is_told_in_the_language_of_who_reads(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        self.assertEqual(entry.match_text, "Wed, 6 Mar, 11:00, Anna")
        self.assertEqual(entry.with_context(lang="ru_RU").match_text, "ср, 6 мар., 11:00, Anna")

    def test_two_persons_wait_for_one_time(self):
        """A massage for two: two masters at one time, not one after the other."""
        lines = [Command.create({"product_id": self.massage.id, "guest": guest}) for guest in (1, 2)]
        entry = self.wait(date_from="2030-03-08", date_to="2030-03-08", line_ids=lines)
        visit = self.env["salon.visit"].browse(entry.action_book()["res_id"])
        self.assertEqual(len(set(visit.line_ids.mapped("start"))), 1)
        self.assertEqual(len(visit.line_ids.employee_id), 2)

    def test_who_comes_along_for_more_needs_a_card(self):
        friend = self.make_client("Friend")

        def lines(**values):
            services = ((self.massage, {}), (self.massage, values), (self.cut, values))
            return [Command.create({"product_id": service.id, **line}) for service, line in services]

        with self.assertRaisesRegex(ValidationError, "needs a card"):
            self.wait(line_ids=lines(guest=2))
        entry = self.wait(line_ids=lines(guest=2, client_id=friend.id))
        self.assertEqual(len(entry._persons()), 2)
        with Form(entry.with_user(self.desk)) as form, form.line_ids.new() as line:
            line.product_id = self.cut
            line.client_id = friend
        self.assertEqual(entry.line_ids[-1:].guest, 2, "another person than who waits")

    def test_answered_offers_leave_no_task(self):
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        entry.action_offer()
        self.assertTrue(entry.activity_ids)
        entry.offer_ids.action_decline()
        self.assertFalse(entry.activity_ids)

    def test_moved_and_shortened_visits_and_shifts_wake_too(self):
        self.wait()
        for change in (
            lambda: self.first.write({"start": self.at(NEXT, "10:00")}),
            lambda: self.second.line_ids.write({"active_minutes": 30}),
            lambda: self.give_shift(self.bella, DAY, "10:00", "12:00"),
            lambda: self.env["salon.shift"].search([("employee_id", "=", self.anna.id)])[0].write(
                {"stop": self.at(DAY, "13:00")}
            ),
        ):
            before = self.triggers()
            change()
            self.assertGreater(self.triggers(), before)

    def test_block_and_leave_taken_back_wake(self):
        self.wait()
        block = self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at(NEXT, "10:00"),
                "stop": self.at(NEXT, "11:00"),
                "block_type": "admin",
            }
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "resource_id": self.anna.resource_id.id,
                "company_id": self.company.id,
                "date_from": self.at(NEXT, "10:00"),
                "date_to": self.at(NEXT, "11:00"),
            }
        )
        for record in (block, leave):
            before = self.triggers()
            record.unlink()
            self.assertGreater(self.triggers(), before)

    def test_nobody_waits_nothing_is_woken(self):
        before = self.triggers()
        self.first.action_cancel(self.reason)
        self.assertEqual(self.triggers(), before)

    def test_wishes_of_the_client_count(self):
        """Hours, days and duration: what does not suit is no match."""
        self.first.action_cancel(self.reason)
        self.assertTrue(self.wait("Fits").match_start)
        self.assertFalse(self.wait("Late", hour_from=11).match_start)
        self.assertFalse(self.wait("Not Tuesdays", tue=False).match_start)
        self.assertFalse(self.wait("Too long", service=self.colour).match_start)
        self.assertFalse(self.wait("Other days", date_from=NEXT, date_to=NEXT, hour_from=11.5).match_start)

    def test_in_turn_the_next_is_asked_when_an_offer_lapses(self):
        self.company.write({"salon_waitlist_mode": "turn", "salon_waitlist_hold": 30})
        early, late = self.wait("Early"), self.wait("Late")
        self.first.action_cancel(self.reason)
        self.run_cron()
        self.assertEqual((early.state, late.state), ("offered", "waiting"))
        self.assertTrue(early.activity_ids, "the desk has the task to tell")
        offer = early.offer_ids
        self.assertEqual(offer.hold_until, fields.Datetime.now() + timedelta(minutes=30))
        # Held: the desk can't give it to anybody else.
        with self.refused("Anna is already taken"):
            self.make_visit(self.at(DAY, "10:00"), client=self.make_client("Walks in"), override_reason=False)
        with freeze_time("2030-03-04 12:31:00"):
            with self.refused("This offer has lapsed."):
                offer._claim()
            self.run_cron()
            self.assertEqual((offer.state, early.state, late.state), ("lapsed", "waiting", "offered"))
            visit = late.offer_ids._claim()
        self.assertEqual(visit.partner_id, late.partner_id)
        self.assertEqual(visit.start, self.at(DAY, "10:00"))

    def test_offered_to_several_at_once_the_first_has_it(self):
        self.company.write({"salon_waitlist_mode": "wave", "salon_waitlist_wave": 3})
        entries = self.env["salon.waitlist"].concat(*(self.wait(f"Client {number}") for number in range(4)))
        self.first.action_cancel(self.reason)
        self.run_cron()
        self.assertEqual(entries.mapped("state"), ["offered"] * 3 + ["waiting"])
        self.assertEqual(len(entries.offer_ids.allocation_ids), 1, "one hold keeps it for all")
        second = entries[1].offer_ids
        visit = second._claim()
        self.assertEqual(visit.partner_id, entries[1].partner_id)
        self.assertEqual(entries[0].offer_ids.state, "gone")
        self.assertEqual(entries.mapped("state"), ["waiting", "booked", "waiting", "waiting"])
        with self.refused("Another client was faster"):
            entries[0].offer_ids._claim()
        self.assertEqual(second._claim(), visit, "a second tap changes nothing")
        self.run_cron()
        self.assertEqual(entries[0].state, "waiting", "the time that went to another is not offered again")

    def test_offered_to_several_but_nobody_a_later_time_than_booked(self):
        """A has Tuesday, ten o'clock, and would rather come earlier: Wednesday is no offer."""
        self.company.salon_waitlist_mode = "wave"
        other = self.wait("Other", date_from=NEXT, date_to=NEXT)
        up = self.wait(self.first.partner_id, date_to=NEXT, visit_id=self.first.id)
        self.run_cron()
        self.assertEqual(other.state, "offered")
        self.assertEqual((up.state, up.offer_ids.ids), ("waiting", []))

    def test_offered_to_several_only_what_is_held(self):
        """An hour of Anna's is held: who needs two of them is not offered it, who needs half an hour is."""
        self.company.salon_waitlist_mode = "wave"
        long, short = (
            self.make_service(name, active_minutes=minutes) for name, minutes in (("Long", 120), ("Short", 30))
        )
        for service in (long, short):
            self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": service.id})
        days = {"date_from": NEXT, "date_to": NEXT, "hour_from": 10}
        first = self.wait("First", hour_to=11, **days)
        needs_two = self.wait("Needs two hours", service=long, **days)
        needs_half = self.wait("Needs half an hour", service=short, **days)
        self.run_cron()
        self.assertEqual(first.offer_ids.start, self.at(NEXT, "10:00"))
        self.assertFalse(needs_two.offer_ids)
        self.assertEqual(needs_half.offer_ids.first_id, first.offer_ids)
        self.assertEqual(needs_half.offer_ids._claim().start, self.at(NEXT, "10:00"))

    def test_offered_to_several_only_the_room_that_is_held(self):
        self.company.salon_waitlist_mode = "wave"
        self.need(self.cut, room=self.cabinet)
        other_room = self.make_service("Cut in the other room", active_minutes=60)
        self.need(other_room, room=self.couple)
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": other_room.id})
        days = {"date_from": NEXT, "date_to": NEXT, "hour_to": 11}
        first, second = self.wait("First", **days), self.wait("Second", service=other_room, **days)
        third = self.wait("Third", **days)
        self.run_cron()
        self.assertEqual((first.state, second.state, third.state), ("offered", "waiting", "offered"))

    def test_declined_time_goes_to_the_next_and_is_not_offered_again(self):
        self.company.salon_waitlist_mode = "turn"
        early, late = self.wait("Early"), self.wait("Late")
        self.first.action_cancel(self.reason)
        self.run_cron()
        early.offer_ids.action_decline()
        self.assertFalse(early.offer_ids.allocation_ids)
        self.run_cron()
        self.assertEqual((early.state, late.state), ("waiting", "offered"))

    def test_moving_up_frees_the_time_for_the_next(self):
        """B has 11 o'clock and would rather come earlier; Late waits for anything."""
        self.company.salon_waitlist_mode = "turn"
        up = self.wait(self.second.partner_id, visit_id=self.second.id)
        late = self.wait("Late")
        self.assertFalse(up.match_start)
        self.first.action_cancel(self.reason)
        self.run_cron()
        self.assertEqual(up.offer_ids._claim(), self.second)
        self.assertEqual(self.second.start, self.at(DAY, "10:00"))
        self.run_cron()
        self.assertEqual(late.offer_ids.start, self.at(DAY, "11:00"))

    def test_who_is_booked_waits_no_longer(self):
        entry = self.wait(date_to=NEXT)
        self.make_visit(self.at(NEXT, "10:00"), client=entry.partner_id, override_reason=False)
        self.assertEqual(entry.state, "booked")

    def test_booked_in_another_salon_goes_on_waiting_in_this_one(self):
        other = self.env["res.company"].create({"name": "Elsewhere", "salon_tz": "Europe/Berlin"})
        self.env.user.company_ids |= other
        zoe = self.env["hr.employee"].create({"name": "Zoe", "is_master": True, "company_id": other.id})
        self.env["salon.skill"].create({"employee_id": zoe.id, "product_id": self.cut.id})
        entry = self.wait(self.clara)
        self.make_visit(self.at(DAY, "15:00"), (self.cut, zoe), company_id=other.id)
        self.assertEqual(entry.state, "waiting")

    def test_two_visits_make_no_whole(self):
        """Cut and colour are wanted one after the other: a cut on one day and colour on another are not that."""
        lines = [Command.create({"product_id": service.id}) for service in (self.cut, self.colour)]
        entry = self.wait(date_to="2030-03-08", line_ids=lines)
        values = [
            {
                "partner_id": entry.partner_id.id,
                "override_reason": "Test",
                "line_ids": [
                    Command.create({"product_id": service.id, "employee_id": self.anna.id, "start": start})
                ],
            }
            for service, start in ((self.cut, self.at(NEXT, "15:00")), (self.colour, self.at("2030-03-07", "15:00")))
        ]
        visits = self.env["salon.visit"].create(values)
        visits.action_book()
        self.assertEqual(entry.state, "waiting")
        services = (self.cut, self.bella), (self.colour, self.anna)
        self.make_visit(self.at("2030-03-08", "10:00"), *services, client=entry.partner_id)
        self.assertEqual(entry.state, "booked")

    def test_couple_waits_until_both_are_booked(self):
        friend, days = self.make_client("Friend"), {"date_from": "2030-03-07", "date_to": "2030-03-08"}
        for card, hour in ((self.env["res.partner"], "12:00"), (friend, "15:00")):
            lines = [
                Command.create({"product_id": self.massage.id}),
                Command.create({"product_id": self.massage.id, "guest": 2, "client_id": card.id}),
            ]
            entry = self.wait(f"Couple {card.name}", line_ids=lines, **days)
            self.make_visit(self.at("2030-03-07", hour), (self.massage, self.carla), client=entry.partner_id)
            self.assertEqual(entry.state, "waiting", "one massage is not two")
            line = {"product_id": self.massage.id, "start": self.at("2030-03-08", hour)}
            visit = self.env["salon.visit"].create(
                {
                    "partner_id": entry.partner_id.id,
                    "override_reason": "Test",
                    "line_ids": [
                        Command.create({**line, "employee_id": self.carla.id}),
                        Command.create({**line, "employee_id": self.dora.id, "client_id": friend.id}),
                    ],
                }
            )
            visit.action_book()
            self.assertEqual((entry.state, entry.booked_visit_id), ("booked", visit))

    def test_guest_booked_alone_leaves_the_payer_waiting(self):
        friend = self.make_client("Friend")
        lines = [
            Command.create({"product_id": self.cut.id}),
            Command.create({"product_id": self.cut.id, "guest": 2, "client_id": friend.id}),
        ]
        entry = self.wait("Payer", date_to=NEXT, line_ids=lines)
        alone = self.wait("Host", date_to=NEXT, line_ids=lines[1:])
        self.make_visit(self.at(NEXT, "10:00"), client=friend, override_reason=False)
        self.assertEqual((entry.state, alone.state), ("waiting", "booked"))

    def test_booked_as_a_guest_waits_no_longer(self):
        guest, payer = self.wait("Guest", date_to=NEXT), self.wait("Payer", date_to=NEXT)
        line = {"product_id": self.cut.id, "employee_id": self.anna.id, "start": self.at(NEXT, "10:00")}
        visit = self.env["salon.visit"].create(
            {
                "partner_id": payer.partner_id.id,
                "with_guests": True,
                "line_ids": [Command.create({**line, "client_id": guest.partner_id.id})],
            }
        )
        visit.action_book()
        self.assertEqual((guest.state, guest.booked_visit_id), ("booked", visit))
        self.assertEqual(payer.state, "waiting", "the cut is the guest's")

    def test_who_waits_no_longer_is_not_booked(self):
        cancelled, booked = self.wait("Cancelled", date_to=NEXT), self.wait("Booked", date_to=NEXT)
        cancelled.action_cancel()
        booked.action_book()
        booked.booked_visit_id.action_cancel(self.reason)
        for entry in (cancelled, booked):
            self.assertFalse(entry.match_start)
            with self.refused("is not waiting"):
                entry.action_book()

    def run_later(self, minutes):
        """Run the job now and then at intervals of an expired offer, so many minutes in all."""
        now = fields.Datetime.now()
        for later in range(0, minutes, 16):
            with freeze_time(now + timedelta(minutes=later)):
                self.run_cron()

    def test_who_does_not_answer_is_left_to_the_desk(self):
        self.company.salon_waitlist_mode = "turn"
        self.give_shift(self.anna, "2030-03-07", "09:00", "20:00")
        entry = self.wait("Silent", date_from=NEXT, date_to="2030-03-07")
        self.run_later(120)
        self.assertEqual(entry.offer_ids.mapped("state"), ["lapsed"] * 3)
        self.assertEqual(entry.activity_ids.summary, "Has not answered 3 offers: call")
        with freeze_time("2030-03-04 14:00:00"):
            entry.activity_ids.action_done()
            self.run_cron()
            self.assertEqual(entry.state, "offered", "called, the client wants to go on")
            self.assertEqual(len(entry.activity_ids), 1)

    def plan_call(self, entry):
        """Have "Fill My Week" plan a call about a time that is free; return it."""
        row = {"source": "waitlist", "source_id": entry.id, "partner_id": entry.partner_id.id, "service_text": "Cut"}
        fill = self.env["salon.fill.week"].create({"user_id": self.desk.id, "line_ids": [Command.create(row)]})
        fill.action_call()
        return entry.activity_ids.filtered(lambda activity: activity.summary == "Cut is free")

    def test_planned_call_outlives_the_offers(self):
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        call = self.plan_call(entry)
        self.assertTrue(call)
        entry.action_offer()
        told = entry.activity_ids - call
        self.assertEqual(told.activity_type_id, self.env.ref("salon_spa_booking.activity_type_offer"))
        self.assertEqual(self.plan_call(entry), call, "the same call, and not that about the offer")
        entry.offer_ids.action_decline()
        self.assertEqual(entry.activity_ids, call)
        entry.action_book()
        self.assertFalse(entry.activity_ids, "who is booked is called no more")

    def test_planned_call_keeps_no_offers_back(self):
        """Called because of the silence, the client is asked again, whatever else the desk is to call about."""
        self.company.salon_waitlist_mode = "turn"
        self.give_shift(self.anna, "2030-03-07", "09:00", "20:00")
        entry = self.wait("Silent", date_from=NEXT, date_to="2030-03-07")
        self.run_later(120)
        call = self.plan_call(entry)
        (entry.activity_ids - call).action_done()
        with freeze_time("2030-03-04 14:00:00"):
            self.run_cron()
        self.assertEqual(entry.state, "offered")

    def test_nobody_is_asked_at_night(self):
        self.company.salon_waitlist_mode = "turn"
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        with freeze_time("2030-03-04 21:00:00"):  # 22:00 in the salon
            self.run_later(60)
            self.assertFalse(entry.offer_ids)
            self.assertTrue(entry.match_start, "the desk may still offer it")
        with freeze_time("2030-03-05 08:00:00"):
            self.run_cron()
        self.assertEqual(entry.state, "offered")

    def test_task_is_given_to_somebody_at_the_desk(self):
        admin = self.env.ref("base.user_admin")
        self.company.salon_due_user_id = admin
        admin.active = False
        self.env["res.lang"]._activate_lang("ru_RU")
        (self.env.ref("salon_spa.group_salon_administrator").all_user_ids - self.desk).active = False
        self.desk.lang = "ru_RU"
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        entry.action_offer()
        self.assertEqual(entry.activity_ids.user_id, self.desk)
        self.assertIn("ср, 6 мар., 11:00", entry.activity_ids.summary, "in the words of who reads it")

    def test_held_until_another_day_says_which(self):
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        self.company.salon_waitlist_hold = 60
        entry.action_offer()
        self.assertEqual(entry.offer_text, "Wed, 6 Mar, 11:00, held until 14:00")
        entry.action_wait_again()
        self.company.salon_waitlist_hold = 1440
        entry.action_offer()
        self.assertEqual(entry.offer_text, "Wed, 6 Mar, 10:00, held until Tue, 5 Mar, 13:00")
        self.assertTrue(entry.activity_ids.summary.endswith("held until Tue, 5 Mar, 13:00"))

    def test_held_no_longer_than_until_it_begins(self):
        self.company.salon_waitlist_hold = 2880
        entry = self.wait(date_from=NEXT, date_to=NEXT, hour_to=11)
        with freeze_time("2030-03-05 12:00:00"):
            entry.action_offer()
        self.assertEqual(entry.offer_ids.hold_until, self.at(NEXT, "10:00"))

    def test_many_who_wait_cost_no_more_queries_than_one(self):
        values = {"date_from": DAY, "date_to": "2030-03-18"}
        entries = self.env["salon.waitlist"].union(*(self.wait(f"Client {number}", **values) for number in range(20)))
        costs = []
        for some in (entries[:1], entries[:1], entries):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._match()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertTrue(all(entries.mapped("match_start")))
        # The first time warms what a server keeps warm.
        self.assertLessEqual(costs[2], costs[1] + 2)

    def test_looked_for_together_each_gets_the_own_answer(self):
        """Other days, services and masters, alone and along with a couple that wants the room for two."""
        self.need(self.cut, room=self.cabinet)
        couple = [Command.create({"product_id": self.massage.id, "guest": guest}) for guest in (1, 2)]
        both = [Command.create({"product_id": service.id}) for service in (self.cut, self.colour)]
        days = {"date_from": NEXT, "date_to": "2030-03-08"}
        entries = (
            self.wait("One", **days)
            | self.wait("Couple", line_ids=couple, **days)
            | self.wait("Cut and colour", line_ids=both, **days)
            | self.wait("Late", hour_from=14, line_ids=[Command.create({"product_id": self.massage.id})], **days)
            | self.wait("Tuesday", line_ids=[Command.create({"product_id": self.cut.id})])
            | self.wait(self.second.partner_id, visit_id=self.second.id)
        )
        together = [plan for _search, plan in entries._best_plans()]
        self.assertEqual(together, [entry._best_plan()[1] for entry in entries])
        self.assertEqual([bool(plan) for plan in together], [True, True, True, True, True, False])

    def test_entry_that_fails_keeps_nobody_from_being_asked(self):
        broken, other = self.wait("Broken", date_to=NEXT), self.wait("Other", date_to=NEXT)
        self.env.flush_all()
        # Nobody can enter that; a time zone or a rule of another addon may fail as well.
        self.env.cr.execute("DELETE FROM salon_waitlist_line WHERE waitlist_id = %s", [broken.id])
        self.env.cr.execute("UPDATE salon_waitlist SET match_start = NULL WHERE id = %s", [other.id])
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.salon_spa_booking.models.salon_waitlist", "ERROR"):
            self.run_cron()
        self.assertTrue(other.match_start)

    def test_entry_deleted_meanwhile_keeps_nobody_from_being_asked(self):
        """Somebody deletes one who waits, before the job begins with the salon or when it has asked the first."""
        cron = self.env.registry["ir.cron"]
        commit_progress = cron._commit_progress
        for asked in (False, True):
            first, gone, last = entries = self.env["salon.waitlist"].concat(
                *(self.wait(name, date_to=NEXT) for name in ("First", "Gone", "Last"))
            )
            self.env.flush_all()
            self.env.cr.execute("UPDATE salon_waitlist SET match_start = NULL WHERE id = ANY(%s)", [entries.ids])
            self.env.invalidate_all()

            def commit(model, processed=0, _asked=asked, _gone=gone, **values):
                if bool(processed) == _asked:
                    _gone.with_env(model.env).exists().unlink()
                return commit_progress(model, processed, **values)

            with patch.object(cron, "_commit_progress", commit):
                self.run_cron()
            self.assertFalse(gone.exists())
            self.assertTrue(first.match_start)
            self.assertTrue(last.match_start)
            (first | last).unlink()

    def test_until_when(self):
        entry = self.wait()
        with freeze_time("2030-03-06 06:00:00"):
            self.run_cron()
        self.assertEqual(entry.state, "lapsed")
        entry.write({"date_to": "2030-03-08"})
        with freeze_time("2030-03-06 07:00:00"):
            entry.action_wait_again()
        self.assertEqual(entry.state, "waiting")
        self.assertEqual(entry.match_start, self.at(NEXT, "11:00"), "the quiet hours begin at eleven")

    def test_cancelled_entry_gives_back_what_is_held(self):
        self.company.salon_waitlist_mode = "turn"
        entry = self.wait()
        self.first.action_cancel(self.reason)
        self.run_cron()
        self.assertTrue(entry.offer_ids.allocation_ids)
        entry.action_cancel()
        self.assertFalse(entry.offer_ids.allocation_ids)
        self.assertEqual(entry.state, "cancelled")

    def test_moved_up_over_its_own_time(self):
        """B has 11 o'clock and 10:30 is free: what the visit holds itself stands in nobody's way."""
        self.company.salon_waitlist_mode = "turn"
        self.company.salon_slot_step = "30"
        self.first.line_ids.active_minutes = 30
        up = self.wait(self.second.partner_id, visit_id=self.second.id)
        up.action_offer()
        self.assertEqual(up.offer_ids.start, self.at(DAY, "10:30"))
        self.assertEqual(up.offer_ids._claim().start, self.at(DAY, "10:30"))

    def test_moved_up_by_the_desk_meanwhile(self):
        """B was offered eleven o'clock instead of noon; now that it is ten anyway, the offer moves nothing back."""
        visit = self.make_visit(self.at(NEXT, "12:00"), (self.cut, self.bella), client=self.make_client("C"))
        values = {"date_from": NEXT, "date_to": NEXT, "hour_from": 11, "hour_to": 12}
        up = self.wait(visit.partner_id, visit_id=visit.id, **values)
        self.give_shift(self.bella, NEXT, "10:00", "14:00")
        up.action_offer()
        self.assertEqual(up.offer_ids.start, self.at(NEXT, "11:00"))
        visit.start = self.at(NEXT, "10:00")
        with self.refused("moved to an earlier time"):
            up.offer_ids._claim()
        self.assertEqual(visit.start, self.at(NEXT, "10:00"))

    def test_device_in_a_room_is_held_and_claimed(self):
        self.need(self.cut, room=self.cabinet)
        self.need(self.cut, device=self.laser_type)
        self.make_device("Laser B", room_id=self.room_2.id)
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        entry.action_offer()
        self.assertEqual(len(entry.offer_ids.allocation_ids), 3, "the master, the room and the device")
        self.assertEqual(entry.offer_ids._claim().line_ids.room_id, self.room_2)

    def test_services_changed_since_the_offer(self):
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        entry.action_offer()
        offer = entry.offer_ids
        entry.line_ids.product_id = self.colour
        with self.refused("The services have changed since"):
            offer._claim()
        entry.write({"line_ids": [Command.create({"product_id": self.cut.id})]})
        self.assertEqual((offer.state, entry.state), ("declined", "waiting"))

    def test_nobody_waits_for_an_earlier_time_of_what_is_cancelled(self):
        up = self.wait(self.second.partner_id, visit_id=self.second.id)
        self.second.action_cancel(self.reason)
        self.assertEqual(up.state, "cancelled")

    def test_archived_master_is_offered_to_nobody(self):
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        self.assertTrue(entry.match_start)
        (self.first | self.second).action_cancel(self.reason)
        self.anna.action_archive()
        entry._match()
        self.assertFalse(entry.match_start)

    def test_named_master_without_the_skill(self):
        nails = self.make_service("Nails", active_minutes=60)
        with self.assertRaisesRegex(ValidationError, "Anna does not do Nails"):
            self.wait(service=nails)
        entry = self.wait(date_from=NEXT, date_to=NEXT)
        self.assertTrue(entry.match_start)
        self.env["salon.skill"].search(
            [("employee_id", "=", self.anna.id), ("product_id", "=", self.cut.id)]
        ).unlink()
        self.company.salon_waitlist_mode = "turn"
        self.run_cron()
        self.assertEqual((entry.match_start, entry.offer_ids.ids), (False, []))
        with self.refused("Anna does not do Cut"):
            entry.action_offer()

    def test_visit_moved_up_keeps_its_own_master(self):
        nails = self.make_service("Nails", active_minutes=60)
        visit = self.make_visit(self.at(NEXT, "11:00"), (nails, self.anna), client=self.make_client("C"))
        line = Command.create({"product_id": nails.id, "employee_id": self.anna.id})
        up = self.wait(visit.partner_id, date_to=NEXT, visit_id=visit.id, line_ids=[line])
        self.assertEqual(up.match_start, self.at(NEXT, "10:00"))

    def test_master_of_another_company_is_no_choice(self):
        other = self.env["res.company"].create({"name": "Elsewhere", "salon_tz": "Europe/Berlin"})
        zoe = self.env["hr.employee"].create({"name": "Zoe", "is_master": True, "company_id": other.id})
        self.env["salon.skill"].create({"employee_id": zoe.id, "product_id": self.cut.id})
        with self.refused("belongs to another company"):
            self.wait(line_ids=[Command.create({"product_id": self.cut.id, "employee_id": zoe.id})])

    def test_deleted_entry_leaves_the_others_of_the_wave_waiting(self):
        self.company.salon_waitlist_mode = "wave"
        entries = self.wait("One") | self.wait("Two")
        self.first.action_cancel(self.reason)
        self.run_cron()
        self.assertEqual(entries.mapped("state"), ["offered"] * 2)
        entries[0].unlink()
        self.assertEqual(entries[1].state, "waiting")

    def test_deleted_client_leaves_the_others_of_the_wave_waiting(self):
        """The database takes the offers away with the client who was asked first."""
        self.company.salon_waitlist_mode = "wave"
        entries = self.wait("One") | self.wait("Two")
        self.first.action_cancel(self.reason)
        self.run_cron()
        self.assertEqual(entries.mapped("state"), ["offered"] * 2)
        entries[0].partner_id.unlink()
        self.env.invalidate_all()
        self.run_cron()
        self.assertEqual(entries[1].state, "waiting")
        with freeze_time("2030-03-04 13:00:00"):
            self.run_cron()
            self.assertEqual(entries[1].offer_ids._claim().start, self.at(DAY, "10:00"))

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "Say which service"):
            self.wait(line_ids=[])
        with self.assertRaisesRegex(ValidationError, "days of the week"):
            self.wait(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), False))
        entry = self.wait()
        with self.assertRaisesRegex(UserError, "Nothing is free"):
            entry.action_book()
        with self.assertRaisesRegex(UserError, "Nothing is free"):
            entry.action_offer()
        with self.assertRaises(AccessError):
            entry.with_user(self.make_user("hand", "master")).read(["partner_id"])


@tagged("post_install", "-at_install")
class TestOfferPage(WaitlistCase, HttpCase):
    """The link that the client gets, over real HTTP, without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = fields.Date.to_string(fields.Date.today() + timedelta(days=1))
        cls.give_shift(cls.bella, day, "10:00", "12:00")
        cls.reception = cls.make_user("reception", "administrator")
        entry = cls.env["salon.waitlist"].create(
            {
                "partner_id": cls.make_client("Wanda", phone="+49 30 901825").id,
                "company_id": cls.company.id,
                "line_ids": [Command.create({"product_id": cls.cut.id, "employee_id": cls.bella.id})],
            }
        )
        entry.action_offer()
        cls.offer = entry.offer_ids

    def press(self, answer):
        page = self.url_open(f"/salon/offer/{self.offer.token}")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(f"/salon/offer/{self.offer.token}/{answer}", data={"csrf_token": token})

    def test_claim_by_link(self):
        page = self.url_open(f"/salon/offer/{self.offer.token}")
        self.assertIn(self.company._salon_format(self.offer.start, "HH:mm"), page.text)
        self.assertIn("Bella", page.text)
        self.assertNotIn("901825", page.text)
        self.assertIn("It is yours", self.press("claim").text)
        self.env.invalidate_all()
        self.assertEqual(self.offer.state, "claimed")
        self.assertEqual(self.offer.visit_id.state, "booked")
        self.assertEqual(self.offer.visit_id.booking_source, "online")
        told = self.env["bus.bus"].search([("message", "like", "took the time offered by link")])
        channels = [json.loads(channel)[1:] for channel in told.mapped("channel")]
        self.assertIn(["res.partner", self.reception.partner_id.id], channels)
        self.assertIn("It is yours", self.url_open(f"/salon/offer/{self.offer.token}").text)

    def test_decline_by_link(self):
        self.assertIn("stay on the list", self.press("decline").text)
        self.env.invalidate_all()
        self.assertEqual((self.offer.state, self.offer.waitlist_id.state), ("declined", "waiting"))

    def test_lapsed_offer(self):
        page = self.url_open(f"/salon/offer/{self.offer.token}")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        self.offer.hold_until = fields.Datetime.now() - timedelta(minutes=1)
        answer = self.url_open(f"/salon/offer/{self.offer.token}/claim", data={"csrf_token": token})
        self.assertIn("This offer has lapsed", answer.text)
        self.env.invalidate_all()
        self.assertFalse(self.offer.visit_id)

    def test_wrong_link_says_nothing(self):
        answer = self.url_open("/salon/offer/nonsense")
        self.assertEqual(answer.status_code, 404)
        self.assertIn("leads nowhere", answer.text)

    def test_without_the_page_nothing_is_claimed(self):
        """A foreign page can't claim for the client: the form's own token is asked for."""
        answer = self.url_open(f"/salon/offer/{self.offer.token}/claim", data={"x": "y"})
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.offer.state, "open")

    def test_link_tells_nothing_of_what_the_desk_is_told(self):
        """A contraindication found since: the page says to call, and nothing of the illness."""
        illness = self.env["salon.contraindication"].create({"name": "Secret", "severity": "block"})
        self.cut.product_tmpl_id.contraindication_ids = illness
        self.offer.waitlist_id.partner_id.contraindication_ids = illness
        self.env.flush_all()
        answer = self.press("claim").text
        self.assertIn("Call the salon", answer)
        self.assertNotIn("contraindicated", answer)
        self.assertNotIn("Secret", answer)
