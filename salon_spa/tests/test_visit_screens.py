import json
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, freeze_time, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestVisitScreens(SalonCase):
    """What the form, the board and the lists do beyond showing fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = "2030-03-04"
        for master in (cls.anna, cls.bella):
            cls.give_shift(master, cls.day, "08:00", "20:00")
        cls.start = cls.at(cls.day, "10:00")

    def hours(self, visit):
        return [
            (line.product_id.name, self.company._salon_local(line.start).strftime("%H:%M"))
            for line in visit.line_ids.sorted(lambda line: (line.sequence, line.id))
        ]

    def new_form(self, *products, start=None, **context):
        form = Form(self.env["salon.visit"].with_context(default_start=start or self.start, **context))
        form.partner_id = self.clara
        for product in products:
            with form.line_ids.new() as line:
                line.product_id = product
                if not line.employee_id:
                    line.employee_id = self.anna
        return form

    # -- The form ---------------------------------------------------------------

    @freeze_time("2030-03-04 09:07:31")
    def test_a_new_visit_starts_at_the_next_quarter(self):
        form = Form(self.env["salon.visit"])
        self.assertEqual(form.start, fields.Datetime.to_datetime("2030-03-04 09:15:00"))
        self.assertFalse(self.env["salon.visit"].default_get(["start"]).get("start"), "code gives times itself")

    def test_services_follow_each_other_before_they_are_saved(self):
        form = self.new_form(self.cut, self.colour)
        second = form.line_ids.edit(1)
        self.assertEqual(second.start_hour, 11 + 5 / 60)
        visit = form.save()
        self.assertEqual(self.hours(visit), [("Cut", "10:00"), ("Colour", "11:05")])
        visit.action_book()
        # Saved lines come latest first.
        form = Form(visit)
        with form.line_ids.edit(1) as line:
            line.duration = 1.5
        form.save()
        self.assertEqual(self.hours(visit), [("Cut", "10:00"), ("Colour", "11:35")])
        self.assertTrue(all(visit.line_ids.mapped("is_chained")), "edited lines stay chained")
        self.assertEqual(visit.line_ids.filtered(lambda line: line.product_id == self.cut).active_minutes, 90)
        self.assertEqual(self.spans(visit)[0], ("Anna", "10:00", "11:30"))

    def test_the_visit_moves_as_a_whole(self):
        form = self.new_form(self.cut, self.colour)
        form.start = self.at(self.day, "15:00")
        self.assertEqual(form.line_ids.edit(0).start_hour, 15.0)
        visit = form.save()
        self.assertEqual(self.hours(visit), [("Cut", "15:00"), ("Colour", "16:05")])

    def test_a_time_typed_by_hand_stays(self):
        form = self.new_form(self.cut, self.cut)
        with form.line_ids.edit(1) as line:
            line.start_hour = 1430.0
        visit = form.save()
        self.assertEqual(self.hours(visit), [("Cut", "10:00"), ("Cut", "14:30")])
        self.assertEqual(visit.line_ids.sorted("id").mapped("is_chained"), [True, False])
        form = Form(visit)
        with self.assertRaisesRegex(UserError, "Write the time as 10:30"), form.line_ids.edit(1) as line:
            line.start_hour = 25.5

    def test_services_of_one_form_may_change_places(self):
        visit = self.make_visit(self.start, (self.cut, self.anna), (self.cut, self.anna))
        first, second = visit.line_ids
        visit.write(
            {
                "line_ids": [
                    Command.update(first.id, {"start": second.start, "is_chained": False}),
                    Command.update(second.id, {"start": first.start, "is_chained": False}),
                ]
            }
        )
        self.assertEqual(self.spans(visit), [("Anna", "10:00", "11:00"), ("Anna", "11:00", "12:00")])
        self.assertEqual(visit.line_ids.allocation_ids.filtered(lambda row: row.line_id == first).start, first.start)

    def test_a_form_that_takes_somebody_elses_time_changes_nothing(self):
        self.make_visit(self.at(self.day, "12:00"), client=self.make_client("Dora"))
        visit = self.make_visit(self.start)
        form = Form(visit)
        with form.line_ids.edit(0) as line:
            line.start_hour = 12.5
        with self.assertRaisesRegex(UserError, "Anna is already taken"):
            form.save()
        self.assertEqual(self.spans(visit), [("Anna", "10:00", "11:00")])

    def test_changing_the_client_takes_the_services_along(self):
        dora = self.make_client("Dora")
        form = self.new_form(self.cut)
        form.partner_id = dora
        visit = form.save()
        self.assertEqual((visit.line_ids.client_id, visit.with_guests), (dora, False))

    def test_guests_keep_their_own_services(self):
        dora = self.make_client("Dora")
        form = self.new_form(self.cut)
        form.with_guests = True
        with form.line_ids.new() as line:
            line.product_id = self.cut
            line.client_id = dora
            line.employee_id = self.bella
        visit = form.save()
        self.assertEqual(visit.line_ids.client_id, self.clara | dora)
        self.assertEqual(self.hours(visit), [("Cut", "10:00"), ("Cut", "10:00")])
        by_code = self.env["salon.visit"].create(
            {
                "partner_id": self.clara.id,
                "line_ids": [Command.create({"product_id": self.cut.id, "client_id": dora.id})],
            }
        )
        self.assertTrue(by_code.with_guests)

    def test_a_walk_in_has_no_client(self):
        form = Form(self.env["salon.visit"])
        form.is_anonymous = True
        self.assertEqual(form.booking_source, "walk_in")
        with form.line_ids.new() as line:
            line.product_id = self.cut
        self.assertIn("Walk-in", form.save().display_name)

    # -- Drafts -----------------------------------------------------------------

    def test_saving_by_the_book_button_books_or_keeps_nothing(self):
        visits = self.env["salon.visit"].with_context(salon_book=True, default_start=self.start)
        values = {
            "partner_id": self.clara.id,
            "line_ids": [Command.create({"product_id": self.cut.id, "employee_id": self.anna.id})],
        }
        visit = visits.browse(visits.web_save(values, {"state": {}})[0]["id"])
        self.assertEqual((visit.state, self.spans(visit)), ("booked", [("Anna", "10:00", "11:00")]))
        self.assertFalse(visit.action_book(), "the button's own call finds nothing left to do")
        self.assertEqual(visit.log_ids.sorted("id").mapped("event"), ["created", "booked"])
        with self.assertRaisesRegex(UserError, "Anna is already taken"):
            visits.web_save({**values, "partner_id": self.make_client("Dora").id}, {"state": {}})

    def test_empty_drafts_go_after_a_day(self):
        past = fields.Datetime.now() - timedelta(days=2)
        values = {"partner_id": self.clara.id, "start": past}
        empty, noted, asked, ahead, fresh = self.env["salon.visit"].create([values] * 5)
        noted.note = "asks for Anna"
        asked.message_post(body="Which service?")
        ahead.start = self.start
        full = self.make_visit(self.start, book=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE salon_visit SET write_date = write_date - interval '25 hours' WHERE id IN %s",
            [tuple((empty | noted | asked | ahead | full).ids)],
        )
        self.env.invalidate_all()
        self.env["salon.visit"]._gc_empty_drafts()
        kept = noted | asked | ahead | fresh | full
        self.assertEqual((empty | kept).exists(), kept)

    # -- Who is proposed and offered ----------------------------------------------

    def test_the_only_master_who_can_is_proposed(self):
        nails = self.make_service("Nails")
        eva = self.make_master("Eva", nails)
        visit = self.new_form(nails).save()
        self.assertEqual(visit.line_ids.employee_id, eva)

    def test_the_favourite_master_is_proposed_when_skilled(self):
        self.make_done_visit(self.at("2026-03-02", "10:00"), (self.cut, self.bella))
        self.assertEqual(self.clara.favourite_employee_id, self.bella)
        self.assertEqual(self.new_form(self.cut).save().line_ids.employee_id, self.bella)
        nails = self.make_service("Nails")
        eva = self.make_master("Eva", nails)
        self.make_master("Fay", nails)
        form = self.new_form(nails, salon_employee_id=eva.id)
        self.assertEqual(form.save().line_ids.employee_id, eva, "whose calendar was clicked")
        # Anna's calendar was clicked, who does no nails: it is said, and nobody is chosen instead of two others.
        line = self.env["salon.visit.line"].with_context(salon_employee_id=self.anna.id).new({"product_id": nails.id})
        warning = line._onchange_product_id()["warning"]
        self.assertEqual((warning["message"], warning["type"]), ("Anna does not do Nails.", "notification"))
        self.assertFalse(line.employee_id)

    def test_masters_who_perform_the_service_stand_first(self):
        nails = self.make_service("Nails")
        zoe = self.make_master("Zoe", nails)
        desk = self.make_user("screens_desk", "administrator")
        employees = self.env["hr.employee"].with_user(desk).with_context(salon_product_id=nails.id)
        found = employees.web_name_search("", {"display_name": {}}, [("is_master", "=", True)])
        ids = [row["id"] for row in found]
        self.assertEqual(ids[0], zoe.id)
        self.assertIn(self.anna.id, ids)
        self.assertNotIn("other services", found[0]["__formatted_display_name"])
        self.assertIn("other services", found[1]["__formatted_display_name"])

    # -- What the screens tell ------------------------------------------------------

    @freeze_time("2030-03-04 23:30:00")
    def test_today_is_the_salons_day(self):
        # In Berlin the next day has begun.
        old = self.make_visit(self.at("2030-03-04", "12:00"))
        new = self.make_visit(self.at("2030-03-05", "12:00"))
        found = self.env["salon.visit"].search([("is_today", "=", True), ("partner_id", "=", self.clara.id)])
        self.assertEqual(found, new)
        self.assertEqual((old.is_today, new.is_today, new.time_text), (False, True, "12:00–13:00"))

    def test_last_time_tells_what_and_how(self):
        old = self.make_done_visit(self.at("2026-03-02", "10:00"), (self.colour, self.bella))
        old.line_ids.write({"formula": "7/1 40 g", "note": "cooler"})
        visit = self.make_visit(self.start)
        for text in ("2 Mar 2026", "Colour", "Bella", "7/1 40 g", "cooler"):
            self.assertIn(text, visit.last_time_text)
        self.assertFalse(self.make_visit(self.start, client=self.make_client("Dora"), book=False).last_time_text)

    def test_masters_see_no_number_on_a_visit(self):
        user = self.make_user("screens_anna", "master")
        self.anna.user_id = user
        visit = self.make_visit(self.start)
        shown = visit.with_user(user)
        shown.invalidate_recordset()
        self.assertNotIn("901820", (shown.phone_display or "").replace(" ", ""))
        self.assertNotIn("901820", (shown.line_ids.phone_display or "").replace(" ", ""))
        self.assertFalse(shown.is_editable)
        self.assertIn("901820", visit.phone_display.replace(" ", ""))

    def test_repeating_a_visit_keeps_the_clock(self):
        with freeze_time("2030-03-26 12:00:00"):
            # Berlin's clocks go forward on 31 March 2030.
            visit = self.make_visit(
                self.at("2030-03-26", "10:00"), (self.cut, self.anna), (self.cut, self.bella), override_reason="x"
            )
            visit.line_ids[0].write(
                {"discount": 10, "discount_reason_id": self.env.ref("salon_spa.reason_discount_promo").id}
            )
            visit.line_ids[1].action_cancel_line()
            action = visit.action_repeat_visit()
        copy = self.env["salon.visit"].browse(action["res_id"])
        self.assertEqual((copy.state, copy.start), ("draft", self.at("2030-04-02", "10:00")))
        self.assertEqual(copy.line_ids.employee_id, self.anna, "cancelled services are left out")
        self.assertEqual(copy.amount_total, 50.0)

    def test_a_block_is_refused_in_words(self):
        desk = self.make_user("screens_desk", "administrator")
        self.make_visit(self.start)
        blocks = self.env["salon.allocation"].with_user(desk)
        values = {
            "resource_id": self.anna.resource_id.id,
            "start": self.start + timedelta(hours=2),
            "stop": self.start + timedelta(hours=3),
            "block_type": "break",
        }
        block = blocks.create(values)
        with self.assertRaisesRegex(UserError, "Anna is already taken on Monday, 4 March at 10:30–11:30"):
            block.write({"start": self.at(self.day, "10:30"), "stop": self.at(self.day, "11:30")})
        with self.assertRaisesRegex(UserError, "Anna is already taken"):
            blocks.create({**values, "start": self.start, "stop": self.at(self.day, "10:30")})
        block.unlink()


class VisitTourCase(SalonCase, HttpCase):
    """A salon that has opened just now, wherever the test runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Wherever the test runs, it is between six and seven in this salon: the day lies ahead.
        offset = (6 - fields.Datetime.now().hour + 12) % 24 - 12
        cls.company.salon_tz = f"Etc/GMT{-offset:+d}" if offset else "UTC"
        cls.today = cls.company._salon_today()
        cls.company.country_id = cls.env.ref("base.de")
        cls.clara.preference_note = "Green tea"
        for master in (cls.anna, cls.bella):
            cls.env["salon.shift"].create(
                {
                    "employee_id": master.id,
                    "company_id": cls.company.id,
                    "start": cls.clock(7),
                    "stop": cls.clock(21),
                    "state": "published",
                }
            )
        cls.desk = cls.make_user("tour_desk", "administrator")
        cls.master_user = cls.make_user("tour_anna", "master")
        cls.anna.user_id = cls.master_user

    @classmethod
    def clock(cls, hour):
        """Return naive UTC of the salon's ``hour`` today."""
        return cls.company._salon_utc(fields.Datetime.to_datetime(cls.today) + timedelta(hours=hour))


@tagged("post_install", "-at_install")
class TestVisitTours(VisitTourCase):
    """A day in a salon, in a browser whose clock is not the salon's."""

    def test_day_in_a_salon(self):
        self.start_tour("/odoo/salon-today", "salon_day", login="tour_desk")
        erika = self.env["res.partner"].search([("name", "=", "Erika")])
        self.assertEqual((len(erika), erika.phone), (1, "+4930901821"))
        served = erika.salon_visit_ids
        self.assertEqual((served.state, served.start, served.amount_total), ("done", self.clock(10), 170.0))
        self.assertEqual((erika.client_state, erika.visit_count), ("client", 1))
        cancelled = self.clara.salon_visit_ids
        self.assertEqual((cancelled.state, cancelled.start), ("cancelled", self.clock(14)))
        self.assertFalse(self.env["salon.allocation"].search([("visit_id", "=", cancelled.id)]))
        events = served.log_ids.sorted("id").mapped("event")
        self.assertEqual(events, ["created", "booked", "arrived", "done"])
        self.assertEqual(served.log_ids.user_id, self.desk)

    def test_drafts_are_seen_and_discarded(self):
        booked = self.make_visit(self.clock(10))
        # Of another day: the board shows it all the same.
        self.make_visit(self.clock(34), client=self.make_client("Dora"), book=False)
        before = self.env["salon.visit"].search([])
        self.start_tour("/odoo/salon-today", "salon_drafts", login="tour_desk")
        self.assertEqual(self.env["salon.visit"].search([]), before.exists())
        self.assertNotIn("draft", before.exists().mapped("state"))
        self.assertEqual(booked.state, "cancelled")

    def test_day_of_a_master(self):
        visit = self.make_visit(self.clock(10))
        self.make_visit(self.clock(12), (self.cut, self.bella), client=self.make_client("Dora"))
        self.start_tour("/odoo/salon-today", "salon_master_day", login="tour_anna")
        self.assertEqual((visit.state, visit.line_ids.formula), ("done", "7/1 40 g"))

    def test_calendar_by_the_salons_clock(self):
        self.make_visit(self.clock(10))
        self.start_tour(
            "/odoo/salon-calendar?debug=0", "salon_calendar", login="tour_desk", cookies={"tz": "Pacific/Auckland"}
        )

    def test_session_tells_the_salons_clock(self):
        def session_of(login, password):
            self.authenticate(login, password)
            reply = self.url_open(
                "/web/session/get_session_info",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": {}}),
                headers={"Content-Type": "application/json"},
            )
            return reply.json()["result"]

        info = session_of("tour_desk", "tour_desk")
        self.assertEqual((info["salon_tz"], info["user_context"]["tz"]), (self.company.salon_tz,) * 2)
        other = self.env["res.users"].create(
            {"name": "Office", "login": "tour_office", "password": "tour_office", "tz": "Asia/Tokyo"}
        )
        info = session_of(other.login, "tour_office")
        self.assertEqual((info.get("salon_tz"), info["user_context"]["tz"]), (None, "Asia/Tokyo"))


@tagged("post_install", "-at_install")
class TestVisitPhone(VisitTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_visits_of_a_master_in_order_of_time(self):
        self.make_done_visit(self.clock(10) - timedelta(days=1), client=self.make_client("Erika"))
        self.make_visit(self.clock(12), client=self.make_client("Dora"))
        self.make_visit(self.clock(10))
        self.start_tour("/odoo/salon-visits", "salon_visits_phone", login="tour_anna")
