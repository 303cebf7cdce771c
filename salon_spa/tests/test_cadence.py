from ast import literal_eval
from datetime import date, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.res_partner import STAT_FIELDS
from ..tools import cadence
from .common import SalonCase

NOW = "2026-03-31 09:00:00"
TODAY = date(2026, 3, 31)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCadence(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("salon_spa.reason_refusal_price")

    def served(self, *days, product=None, master=None, client=None, clock="10:00"):
        for day in days:
            with freeze_time(self.at(day, "20:00")):
                self.make_done_visit(self.at(day, clock), (product or self.cut, master or self.anna), client=client)
        return self.row(client)

    def row(self, client=None):
        return self.env["salon.cadence"].search([("client_id", "=", (client or self.clara).id)])

    def due(self, client=None, user=None):
        cadence_ = self.env["salon.cadence"].with_user(user or self.env.user)
        return cadence_.search([("is_due", "=", True), ("client_id", "=", (client or self.clara).id)])

    # ------------------------------------------------------------------
    # What the row says
    # ------------------------------------------------------------------

    def test_first_visit_takes_the_periodicity(self):
        row = self.served("2026-02-20")
        self.assertEqual(row.product_tmpl_id, self.cut.product_tmpl_id)
        self.assertFalse(row.group_id)
        self.assertEqual((row.visit_count, row.last_done, row.interval_days), (1, date(2026, 2, 20), 35))
        self.assertEqual(row.due_date, date(2026, 3, 27))
        self.assertEqual((row.days_overdue, row.is_due), (4, True))
        self.assertEqual((row.employee_id, row.last_product_id), (self.anna, self.cut))
        self.assertEqual((row.usual_weekday, row.usual_hour), ("4", 10))
        self.assertEqual(row.value, 50.0)
        self.assertEqual(self.due(), row)

    def test_three_visits_take_the_median(self):
        row = self.served("2026-01-01", "2026-01-21", "2026-03-01")
        # Gaps of 20 and 39 days: the median 29.5 is 30 whole days.
        self.assertEqual((row.interval_days, row.due_date), (30, TODAY))
        self.assertEqual(row.next_step_text, "Every 30 days; due today; usually with Anna")

    def test_median_is_clamped(self):
        row = self.served("2026-03-01", "2026-03-02", "2026-03-03")
        self.assertEqual(row.interval_days, 18, "half of 35, rounded up")

    def test_not_due_before_the_day(self):
        row = self.served("2026-02-25")
        self.assertEqual((row.due_date, row.is_due, row.status), (date(2026, 4, 1), False, "fresh"))
        self.assertFalse(self.due())
        with freeze_time("2026-03-31 21:59"):
            self.assertFalse(self.due())
        with freeze_time("2026-03-31 22:01"):
            self.env.invalidate_all()
            self.assertEqual(self.due(), row, "the first of April begins in Berlin at 22:00 UTC")
            self.assertTrue(row.is_due)

    def test_any_service_of_the_group_renews_it(self):
        group = self.env["salon.service.group"].create({"name": "Cut"})
        beard = self.make_service("Beard", periodicity_days=14)
        self.env["salon.skill"].create({"employee_id": self.bella.id, "product_id": beard.id})
        (self.cut | beard).product_tmpl_id.salon_group_id = group
        row = self.served("2026-01-10")
        self.assertEqual((row.group_id, row.product_tmpl_id.ids, row.service_name), (group, [], "Cut"))
        self.assertTrue(row.is_due)
        self.served("2026-03-30", product=beard, master=self.bella)
        self.assertEqual(len(self.row()), 1)
        self.assertEqual((row.visit_count, row.interval_days, row.last_product_id), (2, 14, beard))
        self.assertFalse(row.is_due)

    def test_service_that_gets_a_group_later(self):
        self.served("2026-01-10")
        group = self.env["salon.service.group"].create({"name": "Cut"})
        self.cut.product_tmpl_id.salon_group_id = group
        self.env["salon.cadence"]._rebuild()
        self.assertEqual((self.row().group_id, self.row().product_tmpl_id.ids), (group, []))

    def test_new_periodicity_rebuilds_in_a_moment(self):
        row = self.served("2026-02-20")
        cron = self.env.ref("salon_spa.cron_rebuild_cadence")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.make_service("Never done").periodicity_days = 10
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before)
        self.cut.product_tmpl_id.periodicity_days = 60
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(row.interval_days, 60)

    def test_without_periodicity_the_salon_decides(self):
        row = self.served("2026-01-10", product=self.colour)
        self.assertEqual((row.interval_days, row.due_date, row.is_due), (0, False, False))
        self.assertFalse(self.due())
        for name, days in (
            ("Dora", ("2025-10-01", "2025-10-21", "2025-11-10")),
            ("Elsa", ("2025-10-02", "2025-11-11", "2025-12-21")),
        ):
            other = self.served(*days, product=self.colour, client=self.make_client(name))
        self.assertEqual(other.interval_days, 40, "the own median, as nothing clamps it")
        self.env["salon.cadence"]._rebuild(self.clara.ids)
        self.assertEqual(row.interval_days, 30, "between the others' 20 and 40")
        self.assertEqual((row.interval_source, other.interval_source), ("others", "own"))
        self.assertTrue(row.is_due)

    def test_the_list_opens_without_what_only_others_do(self):
        """A blow-dry for a ball is not missed because other clients come for one every week."""
        blow_dry = self.make_service("Blow-Dry")
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": blow_dry.id})
        regular = self.served(
            "2026-03-02", "2026-03-09", "2026-03-16", product=blow_dry, client=self.make_client("Dora")
        )
        once = self.served("2026-01-10", product=blow_dry, client=self.make_client("Elsa"))
        once_cut = self.served("2026-01-11")
        rows = regular | once | once_cut
        self.assertEqual(rows.mapped("interval_source"), ["own", "others", "periodicity"])
        self.assertTrue(all(rows.mapped("is_due")))
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_cadence")
        search = etree.fromstring(self.env["salon.cadence"].get_view(view_type="search")["arch"])
        shown = self.env["salon.cadence"].search([("id", "in", rows.ids)])
        for key in literal_eval(action["context"]):
            (filter_,) = search.xpath(f"//filter[@name='{key.removeprefix('search_default_')}']")
            shown = shown.filtered_domain(literal_eval(filter_.get("domain")))
        self.assertEqual(shown, regular | once_cut)
        caller = self.make_user("caller", "administrator")
        self.company.write({"salon_due_user_id": caller.id, "salon_due_daily_limit": 100})
        self.env["salon.cadence"]._cron_schedule_due_calls()
        called = self.env["mail.activity"].search([("user_id", "=", caller.id)]).salon_cadence_id
        self.assertEqual(called & rows, regular | once_cut)

    def test_only_done_lines_count(self):
        visit = self.make_visit(self.at("2026-02-01", "10:00"))
        self.assertFalse(self.row())
        visit.action_done()
        self.assertEqual(self.row().visit_count, 1)
        visit.action_reopen()
        self.assertFalse(self.row())

    def test_two_services_and_a_cancelled_one(self):
        visit = self.make_visit(
            self.at("2026-02-01", "10:00"), (self.cut, self.anna), (self.cut, self.bella), (self.colour, self.anna)
        )
        visit.line_ids.filtered(lambda line: line.product_id == self.colour).action_cancel_line()
        visit.action_done()
        self.assertEqual(self.row().visit_count, 1, "twice on one day is once")
        self.assertEqual(self.row().employee_id, self.bella, "the later of the day")

    def test_guest_is_due_and_payer_is_not(self):
        guest = self.make_client("Guest")
        visit = self.make_visit(self.at("2026-01-10", "10:00"), book=False)
        visit.line_ids.client_id = guest
        visit.action_book()
        visit.action_done()
        self.assertTrue(self.due(guest))
        self.assertFalse(self.row())

    def test_what_a_planned_visit_changes_is_what_the_whole_rebuild_says(self):
        """Booking, moving and taking back tell the clients by a short statement; the long one finds nothing to add."""
        guest = self.make_client("Guest")
        self.served("2026-01-10", "2026-02-01")
        self.served("2026-02-02", product=self.colour, client=guest)
        clients, rows = self.clara | guest, self.env["salon.cadence"]

        def figures():
            found = rows.search([("client_id", "in", clients.ids)])
            return clients.read([*STAT_FIELDS]), found.read(["client_id", "next_booked", "due_date", "visit_count"])

        def check(step):
            told = figures()
            clients._refresh_client_stats()
            rows._rebuild(clients.ids)
            self.assertEqual(told, figures(), step)
            return told[0][0]["next_visit_start"], [row["next_booked"] for row in told[1]]

        visit = self.make_visit(self.at("2026-04-02", "10:00"), (self.cut, self.anna), (self.colour, self.bella))
        booked = check("booked")
        self.assertEqual(booked[0], visit.start)
        visit.start = self.at("2026-04-03", "13:10")
        self.assertNotEqual(check("moved"), booked)
        cut, colour = visit.line_ids.sorted("sequence")
        colour.client_id = guest
        check("for a guest")
        self.assertEqual(guest.next_visit_start, colour.start)
        colour.client_id = self.clara
        check("for the client again")
        self.assertFalse(guest.next_visit_start)
        cut.product_id = self.colour
        check("another service")
        colour.client_id = guest
        colour.action_cancel_line()
        check("the guest stays away")
        colour.action_restore_line()
        check("the guest comes")
        colour.unlink()
        check("the guest is taken off")
        self.assertFalse(guest.next_visit_start)
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        check("cancelled")
        visit.action_reopen()
        check("reopened")
        self.make_visit(self.at("2026-04-05", "12:00"), client=guest)
        check("another one")

    def test_walk_ins_and_archived_clients_never_appear(self):
        visit = self.make_visit(self.at("2026-01-10", "10:00"), book=False)
        visit.write({"partner_id": False, "is_anonymous": True})
        visit.line_ids.client_id = False
        visit.action_book()
        visit.action_done()
        self.assertFalse(self.env["salon.cadence"].search([("last_product_id", "=", self.cut.id)]))
        row = self.served("2026-01-11")
        self.assertEqual(self.due(), row)
        self.clara.active = False
        self.assertFalse(self.due())
        self.clara.active = True
        self.assertEqual(self.due(), row)

    # ------------------------------------------------------------------
    # Booking takes the row off
    # ------------------------------------------------------------------

    def test_booking_takes_off_and_cancelling_puts_back(self):
        row = self.served("2026-01-10")
        visit = self.make_visit(self.at("2026-04-02", "10:00"))
        self.assertEqual(row.next_booked, visit.start)
        self.assertFalse(self.due())
        self.assertEqual(row.status, "fresh")
        self.assertIn("booked for", row.next_step_text)
        visit.action_cancel(self.env.ref("salon_spa.reason_client_ill"))
        self.assertEqual(self.due(), row)

    def test_another_service_booked_does_not_help(self):
        row = self.served("2026-01-10")
        self.make_visit(self.at("2026-04-02", "10:00"), (self.colour, self.anna))
        self.assertEqual(self.due(), row)

    def test_booked_visit_that_passed_unnoticed(self):
        row = self.served("2026-01-10")
        self.make_visit(self.at("2026-03-31", "08:00"))
        self.assertFalse(self.due(), "it is today, the client may be in the chair")
        with freeze_time("2026-04-01 09:00:00"), self.enter_registry_test_mode():
            self.env.ref("salon_spa.cron_rebuild_cadence").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(self.due(), row)

    def test_book_button_prefills_and_notes_the_call(self):
        desk = self.make_user("desk", "administrator")
        row = self.served("2026-01-10")  # a Saturday
        self.give_shift(self.anna, "2026-04-04", "09:00", "18:00")
        action = row.with_user(desk).action_book()
        form = Form(self.env["salon.visit"].with_user(desk).with_context(**action["context"]))
        visit = form.save()
        self.assertEqual((visit.partner_id, visit.cadence_id), (self.clara, row))
        self.assertEqual((visit.line_ids.product_id, visit.line_ids.employee_id), (self.cut, self.anna))
        self.assertEqual(visit.start, self.at("2026-04-04", "10:00"), "next Saturday at ten")
        self.assertFalse(row.call_ids, "nothing is noted for a draft")
        visit.override_reason = "test"
        visit.action_book()
        self.assertEqual((row.call_ids.outcome, row.call_ids.visit_id, row.call_ids.user_id), ("booked", visit, desk))
        self.assertFalse(self.due())
        visit._on_booked()
        self.assertEqual(len(row.call_ids), 1, "a second call of the hook changes nothing")

    def test_book_button_proposes_a_time_at_which_the_master_is_free(self):
        row = self.served("2026-01-10")

        def proposed():
            return row.action_book()["context"]["default_start"]

        self.assertEqual(proposed(), self.at("2026-04-01", "10:00"), "Anna has Saturdays off: the next day she works")
        self.give_shift(self.anna, "2026-04-11", "09:00", "18:00")
        self.assertEqual(proposed(), self.at("2026-04-11", "10:00"), "the first Saturday on which she works")
        self.make_visit(self.at("2026-04-11", "09:30"), client=self.make_client("Dora"))
        self.assertEqual(proposed(), self.at("2026-04-11", "10:30"), "after the client who is there already")
        self.env["salon.shift"].search([("employee_id", "=", self.anna.id)]).unlink()
        self.anna.resource_calendar_id = False
        self.assertEqual(proposed(), self.at("2026-04-04", "10:00"), "the habit, when nobody knows when she works")

    def test_suggested_master(self):
        row = self.served("2026-01-10")
        self.assertEqual(row.suggested_employee_id, self.anna)
        self.anna.salon_skill_ids.filtered(lambda skill: skill.product_id == self.cut).unlink()
        row.invalidate_recordset()
        self.assertEqual(row.suggested_employee_id, self.bella)
        self.bella.salon_skill_ids.unlink()
        row.invalidate_recordset()
        self.assertFalse(row.suggested_employee_id)
        self.assertEqual(row.action_book()["context"]["default_partner_id"], self.clara.id)

    def test_variant_no_longer_offered(self):
        row = self.served("2026-01-10")
        self.cut.active = False
        lines = row.action_book()["context"]["default_line_ids"]
        self.assertEqual(lines, [])

    # ------------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------------

    def call(self, row, outcome, user=None, **values):
        calls = self.env["salon.cadence.call"].with_user(user or self.env.user)
        return calls.create({"cadence_id": row.id, "outcome": outcome, **values})

    def test_later(self):
        row = self.served("2026-01-10")
        action = row.action_later()
        form = Form(self.env["salon.cadence.call"].with_context(**action["context"]), view=action["views"][0][0])
        self.assertEqual(form.later_date, TODAY + timedelta(days=7))
        call = form.save()
        self.assertFalse(self.due())
        call.with_context(salon_days=3).action_later()
        self.assertEqual(row.snooze_until, date(2026, 4, 3))
        self.assertIn("04/03/2026", row.last_call_text)
        with freeze_time("2026-04-02 12:00"):
            self.assertFalse(self.due())
        with freeze_time("2026-04-03 12:00"):
            self.assertEqual(self.due(), row)

    def test_later_needs_a_day_ahead(self):
        row = self.served("2026-01-10")
        for day in (False, TODAY, TODAY - timedelta(days=1)):
            with self.assertRaises(UserError):
                self.call(row, "later", later_date=day)
        self.assertEqual(self.due(), row)

    def test_refused_until_served_again(self):
        row = self.served("2026-01-10")
        with self.assertRaises(UserError):
            self.call(row, "refused")
        self.call(row, "refused", reason_id=self.reason.id)
        self.assertFalse(self.due())
        self.assertEqual(row.last_call_text, "Refused: Too expensive, 31 Mar")
        self.env["salon.cadence"]._rebuild()
        self.assertEqual(row.refusal_reason_id, self.reason, "a rebuild keeps what the caller heard")
        # A visit from before the call, closed late, is no change of mind.
        self.make_done_visit(self.at("2026-02-01", "10:00"))
        self.assertTrue(row.refused_at)
        with freeze_time("2026-04-10 12:00"):
            self.make_done_visit(self.at("2026-04-10", "11:00"))
            self.assertFalse(row.refused_at or row.refusal_reason_id)
        with freeze_time("2026-06-01 12:00"):
            self.assertEqual(self.due(), row)

    def test_served_again_ends_a_snooze(self):
        row = self.served("2026-01-10")
        self.call(row, "later", later_date="2026-12-31")
        with freeze_time("2026-04-10 12:00"):
            self.make_done_visit(self.at("2026-04-10", "11:00"))
        self.assertFalse(row.snooze_until)

    def test_wrong_number_is_for_all_services_until_it_changes(self):
        row = self.served("2026-01-10")
        self.colour.periodicity_days = 20
        self.served("2026-01-11", product=self.colour)
        self.assertEqual(len(self.due()), 2)
        row.action_wrong_number()
        self.assertFalse(self.due())
        self.clara.phone = "+49 30 901821"
        self.assertEqual(len(self.due()), 2)

    def test_back_to_the_list(self):
        row = self.served("2026-01-10")
        for outcome, values in (
            ("refused", {"reason_id": self.reason.id}),
            ("later", {"later_date": "2026-05-01"}),
            ("wrong_number", {}),
        ):
            call = self.call(row, outcome, **values)
            self.assertFalse(self.due())
            row.action_back()
            self.assertEqual(self.due(), row)
            self.assertTrue(call.undone)
            self.assertIn("taken back", row.last_call_text)

    def test_calls_outlive_the_row(self):
        row = self.served("2026-01-10")
        call = self.call(row, "refused", reason_id=self.reason.id)
        self.env["salon.visit"].search([("partner_id", "=", self.clara.id)]).action_reopen()
        call.invalidate_recordset()
        self.assertFalse(call.cadence_id)
        self.assertEqual((call.client_id, call.service_name), (self.clara, "Cut"))
        with self.assertRaisesRegex(UserError, "no longer due"):
            self.env["salon.cadence.call"].create({"outcome": "wrong_number", "cadence_id": row.id})

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_rights(self):
        desk, master = self.make_user("desk", "administrator"), self.make_user("anna", "master")
        self.anna.user_id = master
        row = self.served("2026-01-10")
        mine = row.with_user(master)
        self.assertEqual(self.due(user=master), row)
        self.assertIn("•", mine.phone_display)
        self.assertNotIn("•", row.with_user(desk).phone_display)
        self.assertTrue(mine.next_step_text)
        for button in ("action_wrong_number", "action_back"):
            with self.assertRaises(AccessError):
                getattr(mine, button)()
        self.anna.user_id = self.bella.user_id = False
        with self.assertRaises(AccessError):
            mine.read(["due_date"])
        row.with_user(desk).action_wrong_number()
        self.assertEqual(row.last_call_id.user_id, desk)
        with self.assertRaises(UserError):
            row.with_user(desk).write({"due_date": "2030-01-01"})
        with self.assertRaises(UserError):
            self.call(row, "wrong_number", user=desk, user_id=self.owner.id)

    # ------------------------------------------------------------------
    # Searching
    # ------------------------------------------------------------------

    def test_search_by_overdue_and_status(self):
        rows = {
            days: self.served(str(TODAY - timedelta(days=days)), client=self.make_client(f"C{days}"))
            for days in (20, 36, 44, 180, 181)
        }
        everyone = self.env["salon.cadence"].union(*rows.values())
        mine = [("id", "in", everyone.ids)]
        for domain in (
            [("days_overdue", ">=", 1), ("days_overdue", "<=", 9)],
            [("days_overdue", ">", 9)],
            [("days_overdue", "<", 1)],
            [("days_overdue", "=", 9)],
            [("status", "=", "fresh")],
            [("status", "=", "at_risk")],
            [("status", "in", ["due", "lost"])],
            [("status", "!=", "lost")],
            [("is_due", "=", False)],
            [("is_due", "!=", False)],
        ):
            with self.subTest(domain):
                found = everyone.search(mine + domain)
                self.assertEqual(found, everyone.search(mine).filtered_domain(domain))
                self.assertTrue(found)
                self.assertNotEqual(found, everyone)
        self.assertEqual(
            [rows[days].status for days in (20, 36, 44, 180, 181)], ["fresh", "at_risk", "due", "due", "lost"]
        )
        with self.assertRaises(UserError):
            everyone.search([("days_overdue", "like", "1")])

    def test_each_company_has_its_own_day(self):
        far = self.env["res.company"].create({"name": "Auckland", "salon_tz": "Pacific/Auckland"})
        cadence_ = self.env["salon.cadence"]
        clients = [self.make_client(name) for name in ("Here", "There")]
        rows = cadence_.create(
            [
                {
                    "client_id": client.id,
                    "product_tmpl_id": self.cut.product_tmpl_id.id,
                    "company_id": company.id,
                    "last_done": "2026-03-01",
                    "interval_days": 31,
                    "due_date": "2026-04-01",
                }
                for client, company in zip(clients, (self.company, far), strict=True)
            ]
        )
        with freeze_time("2026-03-31 12:00"):
            self.assertEqual(cadence_.search([("id", "in", rows.ids), ("is_due", "=", True)]), rows[1])
            self.assertEqual(cadence_.search([("id", "in", rows.ids), ("days_overdue", "=", 0)]), rows[1])
            self.assertEqual(rows.mapped("days_overdue"), [-1, 0])

    def test_branches_share_the_client(self):
        branch = self.env["res.company"].create({"name": "Branch", "salon_tz": "Europe/Berlin"})
        self.env.user.company_ids += branch
        row = self.served("2026-01-10")
        dora = self.env["hr.employee"].create({"name": "Dora", "is_master": True, "company_id": branch.id})
        self.make_done_visit(self.at("2026-03-30", "10:00"), (self.cut, dora), company_id=branch.id)
        self.assertEqual(self.row(), row)
        self.assertEqual((row.company_id, row.last_done), (branch, date(2026, 3, 30)))
        self.assertFalse(self.due())

    def test_queries_do_not_grow_with_the_rows(self):
        clients = [self.make_client(f"C{index}") for index in range(6)]
        for hour, client in enumerate(clients, 9):
            self.served("2026-01-10", client=client, clock=f"{hour}:00")
        names = ["phone_display", "service_name", "days_overdue", "status", "is_due", "next_step_text",
                 "suggested_employee_id", "last_call_text", "display_name", "value"]  # fmt: skip
        counts = []
        for amount in (2, 6):
            self.env.invalidate_all()
            rows = self.env["salon.cadence"].search([("client_id", "in", [c.id for c in clients[:amount]])])
            before = self.env.cr.sql_log_count
            rows.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # ------------------------------------------------------------------
    # The day's list as activities
    # ------------------------------------------------------------------

    def test_day_list_as_activities(self):
        caller = self.make_user("caller", "administrator")
        self.company.write({"salon_due_user_id": caller.id, "salon_due_daily_limit": 2})
        clients = [self.make_client(f"C{index}") for index in range(4)]
        for hour, client in enumerate(clients, 10):
            self.served("2026-01-10", client=client, clock=f"{hour}:00")
        own = [("user_id", "=", caller.id)]
        activities = self.env["mail.activity"]
        schedule = self.env["salon.cadence"]._cron_schedule_due_calls
        schedule()
        first = activities.search(own)
        self.assertEqual(len(first), 2)
        self.assertEqual(set(first.mapped("res_model")), {"res.partner"})
        self.assertEqual(first[0].summary, "Cut is due")
        self.assertEqual(first.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        schedule()
        self.assertEqual(activities.search(own), first, "a second run changes nothing")
        booked, called = first.salon_cadence_id
        self.make_visit(self.at("2026-04-02", "10:00"), client=booked.client_id)
        self.call(called, "refused", user=caller, reason_id=self.reason.id)
        self.assertFalse(first.filtered(lambda activity: activity.salon_cadence_id == called).active)
        schedule()
        second = activities.search(own)
        self.assertEqual(len(second), 2)
        self.assertFalse(second & first)
        self.company.salon_due_daily_limit = 0
        schedule()
        self.assertEqual(activities.search(own), second)

    def test_nightly_job(self):
        """The nightly job goes through everybody in batches and leaves no trace of where it stopped."""
        row = self.served("2026-01-10")
        self.env.flush_all()
        self.env.cr.execute("UPDATE salon_cadence SET due_date = '2030-01-01' WHERE id = %s", (row.id,))
        with self.enter_registry_test_mode():
            self.env.ref("salon_spa.cron_rebuild_cadence").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(row.due_date, date(2026, 2, 14))
        self.assertIn(self.clara.id, self.env["salon.cadence"]._clients_after(0))
        self.assertNotIn(self.clara.id, self.env["salon.cadence"]._clients_after(self.clara.id))

    def test_status_of_the_tool(self):
        for days, interval, expected in (
            (35, 35, "fresh"),
            (36, 35, "at_risk"),
            (43, 35, "at_risk"),
            (44, 35, "due"),
            (180, 35, "due"),
            (181, 35, "lost"),
            (300, 100, "due"),
            (301, 100, "lost"),
            (180, 0, "fresh"),
            (181, 0, "lost"),
        ):
            with self.subTest(days=days, interval=interval):
                self.assertEqual(cadence.status(days, interval, 180), expected)
        self.assertEqual(cadence.status(999, 35, 180, booked=True), "fresh")

    def test_next_usual_day(self):
        tuesday = TODAY
        days = {weekday: cadence.next_usual_day(tuesday, weekday) for weekday in range(7)}
        for weekday, day in days.items():
            self.assertEqual(day.weekday(), weekday)
            self.assertTrue(timedelta(0) < day - tuesday <= timedelta(days=7))
        self.assertEqual(cadence.next_usual_day(tuesday, None), date(2026, 4, 1))
