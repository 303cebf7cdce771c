from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..models.salon_weekdays_mixin import WEEKDAYS
from .common import BookingCase

DAY = "2030-03-05"  # a Tuesday
THURSDAY = "2030-03-07"


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 12:00:00")
class TestFindTime(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for master in (cls.anna, cls.bella):
            for day in (DAY, THURSDAY):
                cls.give_shift(master, day, "10:00", "20:00")
        cls.desk = cls.make_user("desk", "administrator")

    def find(self, *services, **values):
        days = {name: values.pop(name) for name in WEEKDAYS if name in values}
        form = Form(self.env["salon.find.time"].with_user(self.desk))
        form.partner_id = values.pop("client", self.clara)
        for name, value in values.items():
            setattr(form, name, value)
        for service, masters in services:
            with form.line_ids.new() as line:
                line.product_id = service
                for master in masters:
                    line.employee_ids.add(self.env["hr.employee.public"].browse(master.id))
        find = form.save()
        if days:
            # The browser's own buttons for them are no fields of the form.
            find.write(days)
            find._onchange_wish()
        return find

    def test_thursday_after_six_with_anna_or_anybody(self):
        days = dict.fromkeys(("mon", "tue", "wed", "fri", "sat", "sun"), False)
        find = self.find((self.cut, self.anna), hour_from=18, **days)
        self.assertEqual(set(find.option_ids.mapped("day_text")), {"Thursday, 7 March"})
        self.assertFalse(any(find.option_ids.mapped("is_other")))
        clocks = [self.company._salon_local(option.start).hour for option in find.option_ids]
        self.assertGreaterEqual(min(clocks), 18)
        self.assertEqual(set(find.option_ids.mapped("master_text")), {"Anna"})
        anybody = self.find((self.cut, ()), hour_from=18, **days)
        self.assertEqual(set(anybody.option_ids.mapped("master_text")) - {"Anna", "Bella"}, set())

    def test_ends_before(self):
        find = self.find((self.cut, self.anna), hour_to=12, date_to=fields.Date.to_date(DAY))
        starts = {f"{self.company._salon_local(option.start):%H:%M}" for option in find.option_ids}
        self.assertLessEqual(max(starts), "11:00")
        self.assertIn("11:00", starts, "joins nothing but ends at noon")

    def test_one_click_books(self):
        find = self.find((self.massage, ()), (self.cut, self.anna))
        option = find.option_ids[0]
        self.assertTrue(option.room_text)
        visit = self.env["salon.visit"].browse(option.action_take()["res_id"])
        self.assertEqual(visit.state, "booked")
        self.assertEqual(visit.start, option.start)
        self.assertEqual(visit.line_ids.sorted("sequence").mapped("product_id"), self.massage | self.cut)

    def test_somebody_was_faster(self):
        find = self.find((self.cut, self.anna), date_to=fields.Date.to_date(DAY))
        option = find.option_ids[0]
        self.make_visit(option.start, client=self.make_client("Dana"))
        with self.refused("Anna is already taken"):
            option.action_take()
        self.assertFalse(self.env["salon.visit"].search_count([("partner_id", "=", self.clara.id)]))

    def test_couple_in_one_dialog(self):
        friend = self.make_client("Friend")
        form = Form(self.env["salon.find.time"].with_user(self.desk))
        form.partner_id = self.clara
        for client in (self.env["res.partner"], friend):
            with form.line_ids.new() as line:
                line.product_id = self.massage
                line.client_id = client
        find = form.save()
        visit = self.env["salon.visit"].browse(find.option_ids[0].action_take()["res_id"])
        self.assertEqual(visit.line_ids.client_id, self.clara | friend)
        self.assertEqual(len(set(visit.line_ids.mapped("start"))), 1)
        self.assertEqual(len(visit.line_ids.employee_id), 2)
        self.assertEqual(visit.line_ids.room_id, self.for_two, "together")

    def test_couple_without_a_second_card(self):
        """The number says that two come; the client's own card stands for both."""
        form = Form(self.env["salon.find.time"].with_user(self.desk))
        form.partner_id = self.clara
        for service, guest in ((self.massage, 1), (self.cut, 1), (self.massage, 2)):
            with form.line_ids.new() as line:
                line.product_id = service
                line.guest = guest
        find = form.save()
        option = find.option_ids[0]
        visit = self.env["salon.visit"].browse(option.action_take()["res_id"])
        self.assertEqual((visit.state, visit.partner_id), ("booked", self.clara))
        massages = visit.line_ids.filtered(lambda line: line.product_id == self.massage)
        self.assertEqual(set(massages.mapped("start")), {option.start})
        self.assertEqual(len(massages.employee_id), 2)
        self.assertEqual(massages.room_id, self.for_two)
        later = visit.line_ids - massages
        self.assertEqual(str(later.start), option.parts[1]["start"])

    def test_who_comes_along_for_more_needs_a_card(self):
        form = Form(self.env["salon.find.time"].with_user(self.desk))
        form.partner_id = self.clara
        for guest in (1, 2, 2):
            with form.line_ids.new() as line:
                line.product_id = self.cut
                line.guest = guest
        find = form.save()
        with self.refused("needs a card"):
            find.option_ids[0].action_take()

    def test_moving_a_booked_visit(self):
        visit = self.make_visit(self.at(DAY, "12:00"), (self.cut, self.anna), (self.colour, self.anna))
        action = visit.with_user(self.desk).action_find_time()
        find = self.env["salon.find.time"].with_user(self.desk).browse(action["res_id"])
        self.assertEqual(find.line_ids.product_id, self.cut | self.colour)
        option = find.option_ids.filtered(lambda option: option.start.day == 7)[0]
        option.action_take()
        self.assertEqual(visit.start, option.start)
        self.assertEqual(visit.state, "booked")
        first, second = visit.line_ids.sorted("sequence")
        self.assertEqual(second.start, first.stop.replace(second=0) + (second.start - first.stop))

    def test_service_added_while_looking(self):
        visit = self.make_visit(self.at(DAY, "12:00"), override_reason=False)
        find = self.env["salon.find.time"].with_user(self.desk).browse(
            visit.with_user(self.desk).action_find_time()["res_id"]
        )
        with Form(find) as form, form.line_ids.new() as line:
            line.product_id = self.colour
            line.sequence = 20
        find.option_ids[0].action_take()
        self.assertEqual(visit.line_ids.product_id, self.cut | self.colour)
        self.assertEqual(visit.start, find.option_ids[0].start)

    def test_why_not(self):
        self.make_visit(self.at(DAY, "12:00"))
        find = self.find((self.cut, self.anna), asked=self.at(DAY, "12:30"), client=self.make_client("Dana"))
        self.assertEqual(find.why_text, "Anna is taken until 5 Mar 13:00.")
        find.asked = self.at(DAY, "13:00")
        self.assertEqual(find.why_text, "It is free.")

    def test_nothing_free_says_what_to_do(self):
        nobody = self.find((self.make_service("Nobody's", active_minutes=30), ()))
        self.assertFalse(nobody.option_ids)
        self.assertIn("enter the skill", nobody.nothing_text)
        no_room = self.make_service("Bath", active_minutes=30)
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": no_room.id})
        self.need(no_room, room=self.env["salon.room.type"].create({"name": "Bath House"}))
        self.assertIn("no room or device for Bath", self.find((no_room, ())).nothing_text)
        wednesday, far = fields.Date.to_date("2030-03-06"), fields.Date.to_date("2031-03-06")
        find = self.find((self.cut, (self.anna,)), date_from=wednesday, date_to=wednesday)
        self.assertIn("does not work on these days", find.nothing_text)
        find.date_to = fields.Date.to_date(DAY)
        self.assertIn("lies before the first", find.nothing_text)
        find.write({"date_from": far, "date_to": far})
        self.assertIn("So far ahead", find.nothing_text)
        find.write({"date_from": "2030-01-01", "date_to": "2030-01-02"})
        self.assertIn("are over", find.nothing_text)
        self.make_visit(self.at(DAY, "10:00"), (self.make_service("Long", active_minutes=600), self.anna))
        day = fields.Date.to_date(DAY)
        full = self.find((self.cut, (self.anna,)), client=self.make_client("Dana"), date_from=day, date_to=day)
        self.assertIn("No time that is free", full.nothing_text)
        self.cut.product_tmpl_id.salon_tue = False
        full = self.find((self.cut, ()), client=self.make_client("Dora"), date_from=day, date_to=day)
        self.assertIn("by its own rules", full.nothing_text)

    def test_who_is_asked_for_and_does_not_perform_the_service(self):
        find = self.find((self.cut, self.dora))
        self.assertFalse(find.option_ids)
        self.assertIn("Nobody of those chosen performs Cut", find.nothing_text)
        find.asked = self.at(DAY, "12:00")
        self.assertEqual(find.why_text, find.nothing_text)
        with self.refused("Nobody of those chosen performs Cut"):
            find.action_wait()
        find = self.find((self.cut, self.dora | self.anna))
        self.assertEqual(set(find.option_ids.mapped("master_text")), {"Anna"})
        entry = self.env["salon.waitlist"].browse(find.action_wait()["res_id"])
        self.assertEqual(entry.line_ids.employee_id, self.anna, "for the one of the two who does it")
        # Who has the visit already, as the desk once decided, keeps it when it is moved.
        self.give_shift(self.dora, DAY, "10:00", "20:00")
        visit = self.make_visit(self.at(DAY, "12:00"), (self.cut, self.dora))
        action = visit.with_user(self.desk).action_find_time()
        find = self.env["salon.find.time"].with_user(self.desk).browse(action["res_id"])
        self.assertEqual(set(find.option_ids.mapped("master_text")), {"Dora"})

    def test_what_comes_nearest_is_shown_instead(self):
        """On Thursday after nine nobody works: other hours of Thursday, and if Thursday is full other days."""
        days = dict.fromkeys(("mon", "tue", "wed", "fri", "sat", "sun"), False)
        days["date_to"] = fields.Date.to_date("2030-03-08")
        find = self.find((self.cut, self.anna), hour_from=21, **days)
        self.assertIn("what comes nearest", find.nothing_text)
        self.assertEqual(set(find.option_ids.mapped("day_text")), {"Thursday, 7 March"})
        self.assertTrue(all(find.option_ids.mapped("is_other")))
        self.make_visit(self.at(THURSDAY, "10:00"), (self.make_service("Long", active_minutes=600), self.anna))
        find = self.find((self.cut, self.anna), client=self.make_client("Dana"), hour_from=18, **days)
        self.assertTrue(find.option_ids)
        self.assertEqual({self.company._salon_local(option.start).date().day for option in find.option_ids}, {5})
        self.assertGreaterEqual(min(self.company._salon_local(option.start).hour for option in find.option_ids), 18)

    def test_times_of_a_day_stand_in_order(self):
        find = self.find((self.cut, ()))
        self.assertEqual(find.option_ids.mapped("start"), sorted(find.option_ids.mapped("start")))

    def test_begins_with_the_day_that_is_looked_at(self):
        find = self.env["salon.find.time"].with_context(default_date_from="2030-05-01").new({})
        self.assertEqual((str(find.date_from), str(find.date_to)), ("2030-05-01", "2030-05-14"))
        past = self.env["salon.find.time"].with_context(default_date_to=False).new({})
        self.assertEqual(str(past.date_from), "2030-03-04")

    def test_empty_question(self):
        find = self.find()
        self.assertFalse(find.option_ids or find.nothing_text)

    def test_days_in_the_wrong_order(self):
        find = self.find(
            (self.cut, self.anna), date_from=fields.Date.to_date(THURSDAY), date_to=fields.Date.to_date(DAY)
        )
        self.assertFalse(find.option_ids)

    def test_order_of_time_by_setting(self):
        self.company.salon_gap_mode = "off"
        starts = self.find((self.cut, self.anna)).option_ids.mapped("start")[:3]
        clocks = [f"{self.company._salon_local(start):%d %H:%M}" for start in starts]
        self.assertEqual(clocks, ["05 10:00", "05 10:15", "05 10:30"])

    def test_quiet_hours_come_first(self):
        """All else equal; Tuesday is empty, so that the day's first offers are those of the quiet hours."""
        self.company.write({"salon_off_peak_from": 14, "salon_off_peak_to": 15, "salon_weight_off_peak": 50})
        find = self.find((self.cut, self.anna), date_to=fields.Date.to_date(DAY))
        self.assertEqual({self.company._salon_local(option.start).hour for option in find.option_ids}, {14})
        self.assertIn("quiet hours", find.option_ids[0].reason_text)

    def test_nothing_suits_puts_on_the_waitlist(self):
        find = self.find((self.cut, self.anna), hour_from=21)
        entry = self.env["salon.waitlist"].browse(find.action_wait()["res_id"])
        self.assertEqual((entry.partner_id, entry.hour_from, entry.state), (self.clara, 21, "waiting"))
        self.assertEqual((entry.line_ids.product_id, entry.line_ids.employee_id), (self.cut, self.anna))
        with self.assertRaisesRegex(UserError, "client and the services first"):
            self.find((self.cut, self.anna), client=self.env["res.partner"]).action_wait()

    def test_who_waits_chooses_one_master_or_anybody(self):
        find = self.find((self.cut, self.anna | self.bella))
        with self.refused("for one master or for anybody: leave one for Cut"):
            find.action_wait()
        self.assertFalse(self.env["salon.waitlist"].search_count([("partner_id", "=", self.clara.id)]))
        find.line_ids.employee_ids = False
        entry = self.env["salon.waitlist"].browse(find.action_wait()["res_id"])
        self.assertFalse(entry.line_ids.employee_id)

    def test_guest_with_a_card_waits_under_the_own_name(self):
        """A massage for both, and a cut for the friend afterwards: what is the friend's is not booked on the payer."""
        friend = self.make_client("Friend")
        form = Form(self.env["salon.find.time"].with_user(self.desk))
        form.partner_id = self.clara
        for service, client in ((self.massage, self.env["res.partner"]), (self.massage, friend), (self.cut, friend)):
            with form.line_ids.new() as line:
                line.product_id = service
                line.client_id = client
        entry = self.env["salon.waitlist"].browse(form.save().action_wait()["res_id"])
        self.assertEqual(entry.line_ids.mapped("client_id"), friend)
        self.assertEqual([wish.client for own in entry._guests() for wish in own], [self.clara, friend, friend])
        visit = self.env["salon.visit"].browse(entry.action_book()["res_id"])
        self.assertEqual(visit.partner_id, self.clara)
        services = [(line.client_id, line.product_id) for line in visit.line_ids.sorted("sequence")]
        self.assertEqual(services, [(self.clara, self.massage), (friend, self.massage), (friend, self.cut)])
        self.assertEqual(len(set(visit.line_ids.sorted("sequence")[:2].mapped("start"))), 1)
        self.assertEqual((entry.state, entry.booked_visit_id), ("booked", visit))

    def test_without_client_it_is_a_draft(self):
        find = self.find((self.cut, self.anna), client=self.env["res.partner"])
        visit = self.env["salon.visit"].browse(find.option_ids[0].action_take()["res_id"])
        self.assertEqual(visit.state, "draft")

    def test_masters_do_not_book(self):
        with self.assertRaises(AccessError):
            self.env["salon.find.time"].with_user(self.make_user("hand", "master")).create({})

    def test_closed_visit(self):
        visit = self.make_visit(self.at(DAY, "12:00"))
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        with self.assertRaisesRegex(UserError, "reopen it first"):
            visit.action_find_time()

    def test_several_rounds_of_commands(self):
        """The options follow every change of the question."""
        form = Form(self.env["salon.find.time"].with_user(self.desk))
        with form.line_ids.new() as line:
            line.product_id = self.cut
        many = len(form.option_ids)
        form.hour_from = 19
        self.assertLess(len(form.option_ids), many)
        find = form.save()
        self.assertEqual(len(find.option_ids), len(form.option_ids))
        find.write({"line_ids": [Command.clear()]})
        with self.assertRaisesRegex(UserError, "services have changed"):
            find.option_ids[0].action_take()
