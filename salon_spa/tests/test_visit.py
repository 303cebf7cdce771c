from datetime import datetime, timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestVisit(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = cls.at("2030-03-04", "10:00")
        for master in (cls.anna, cls.bella):
            cls.give_shift(master, "2030-03-04", "09:00", "18:00")
        cls.reason = cls.env.ref("salon_spa.reason_client_plans")

    # -- What code needs to give ------------------------------------------------

    def test_moved_past_its_own_end_with_nothing_in_memory(self):
        """As over RPC: Odoo writes the new start before it computes the end."""
        visit = self.make_visit(self.tomorrow())
        line = visit.line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        visit.override_reason = "test"
        line.write({"start": self.tomorrow(15)})
        self.env.flush_all()
        self.assertEqual((line.start, line.stop), (self.tomorrow(15), self.tomorrow(16)))
        with self.assertRaisesRegex(UserError, "takes at least|end lies before"):
            line.stop = self.tomorrow(14)
            self.env.flush_all()

    def test_two_services_at_once_by_two_masters(self):
        """Manicure and pedicure together: no warning, and what follows waits for the longer of the two."""
        start = self.tomorrow()
        visit = self.env["salon.visit"].create(
            {
                "partner_id": self.clara.id,
                "line_ids": [
                    Command.create({"product_id": self.colour.id, "employee_id": self.anna.id, "start": start}),
                    Command.create({"product_id": self.cut.id, "employee_id": self.bella.id, "is_parallel": True}),
                    Command.create({"product_id": self.cut.id, "employee_id": self.anna.id}),
                ],
            }
        )
        first, second, third = visit.line_ids.sorted("id")
        self.assertEqual(second.start, start)
        self.assertEqual(third.start, first.stop + timedelta(minutes=5), "Anna tidies up first")
        self.assertNotIn("another service", visit.warning_text or "")
        second.is_parallel = False
        self.assertEqual(second.start, first.stop)

    def test_what_runs_at_once_begins_when_all_its_masters_can(self):
        start = self.tomorrow()
        visit = self.env["salon.visit"].create(
            {
                "partner_id": self.clara.id,
                "line_ids": [
                    Command.create({"product_id": self.colour.id, "employee_id": self.anna.id, "start": start}),
                    Command.create({"product_id": self.cut.id, "employee_id": self.bella.id}),
                    Command.create({"product_id": self.cut.id, "employee_id": self.anna.id, "is_parallel": True}),
                ],
            }
        )
        first, second, third = visit.line_ids.sorted("id")
        self.assertEqual(second.start, first.stop + timedelta(minutes=5), "Anna tidies up first")
        self.assertEqual(third.start, second.start)

    def test_code_gives_client_service_master_and_start_only(self):
        visit = self.env["salon.visit"].create(
            {
                "partner_id": self.clara.id,
                "line_ids": [
                    Command.create(
                        {"product_id": self.colour.id, "employee_id": self.anna.id, "start": self.start}
                    )
                ],
            }
        )
        line = visit.line_ids
        self.assertEqual((visit.state, visit.start, visit.amount_total), ("draft", self.start, 120.0))
        self.assertEqual(visit.stop, self.start + timedelta(minutes=85))
        self.assertEqual((line.client_id, line.kind, line.price_source), (self.clara, "service", "variant"))
        self.assertEqual(self.spans(visit), [], "a draft takes no time")
        visit.action_book()
        self.assertEqual(len(self.spans(visit)), 2)

    def test_whoever_has_a_visit_has_a_card(self):
        contact, guest, other = self.env["res.partner"].create([{"name": name} for name in ("Vera", "Gina", "Olga")])
        visit = self.make_visit(self.start, client=contact, book=False)
        visit.line_ids = [
            Command.create({"product_id": self.cut.id, "employee_id": self.bella.id, "client_id": guest.id})
        ]
        visit.partner_id = other
        self.assertEqual((contact | guest | other).mapped("is_client_card"), [True] * 3)

    def test_bookings_that_lack_something_say_what(self):
        visit = self.env["salon.visit"].create({"partner_id": self.clara.id})
        with self.assertRaisesRegex(UserError, "Add a service"):
            visit.action_book()
        line = self.env["salon.visit.line"].create({"visit_id": visit.id, "product_id": self.cut.id})
        with self.assertRaisesRegex(UserError, "Choose the master for Cut"):
            visit.action_book()
        line.employee_id = self.anna
        with self.assertRaisesRegex(UserError, "Choose the time of Cut"):
            visit.action_book()

    def test_booked_visit_goes_on_holding_its_time(self):
        """What a booking may not lack it may not lose either: it would look booked and hold nobody's time."""
        visit = self.make_visit(self.start)
        for values, text in (
            ({"employee_id": False}, "Choose the master"),
            ({"active_minutes": 0}, "a duration"),
            ({"cancelled": True}, "Add a service"),
        ):
            with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                visit.line_ids.write(values)
        with self.assertRaisesRegex(UserError, "Add a service"), self.env.cr.savepoint():
            visit.line_ids.unlink()
        self.assertEqual(self.spans(visit), [("Anna", "10:00", "11:00")])

    def test_warnings_of_many_visits_are_asked_for_at_once(self):
        visits = self.env["salon.visit"]
        for hour in range(6):
            visits += self.make_visit(self.start + timedelta(hours=hour), client=self.make_client(f"Client {hour}"))
        counts = []
        for some in (visits[:2], visits):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("warning_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_visit_needs_a_client_or_is_a_walk_in(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.env["salon.visit"].create({})
        visit = self.make_visit(self.start, is_anonymous=True, partner_id=False)
        self.assertEqual((visit.state, visit.line_ids.client_id.id), ("booked", False))
        self.assertIn("Walk-in", visit.display_name)

    # -- Time -------------------------------------------------------------------

    def test_services_follow_each_other(self):
        visit = self.make_visit(self.start, (self.colour, self.anna), (self.cut, self.anna), (self.cut, self.bella))
        colour, cut, second = visit.line_ids.sorted("sequence")
        self.assertEqual(colour.stop, self.at("2030-03-04", "11:25"))
        self.assertEqual(cut.start, self.at("2030-03-04", "11:30"), "the same master tidies up first")
        self.assertEqual(second.start, cut.stop, "another master can start at once")
        self.assertEqual((visit.start, visit.stop), (self.start, second.stop))

    def test_longer_first_service_pushes_the_next_one(self):
        visit = self.make_visit(self.start, (self.cut, self.anna), (self.cut, self.bella))
        first, second = visit.line_ids.sorted("sequence")
        first.active_minutes = 90
        self.assertEqual(second.start, self.at("2030-03-04", "11:30"))

    def test_a_line_moved_by_hand_stays_where_it_was_put(self):
        visit = self.make_visit(self.start, (self.cut, self.anna), (self.cut, self.bella))
        first, second = visit.line_ids.sorted("sequence")
        second.start = self.at("2030-03-04", "14:00")
        first.active_minutes = 90
        self.assertEqual(second.start, self.at("2030-03-04", "14:00"))

    def test_guests_are_served_side_by_side(self):
        guest = self.make_client("Gina")
        visit = self.make_visit(self.start, (self.cut, self.anna), book=False)
        visit.line_ids = [
            Command.create({"product_id": self.cut.id, "employee_id": self.bella.id, "client_id": guest.id})
        ]
        visit.action_book()
        self.assertEqual(set(visit.line_ids.mapped("start")), {self.start})
        self.assertEqual(len(self.spans(visit)), 2)
        visit.line_ids.filtered(lambda line: line.client_id == guest).action_cancel_line()
        self.assertEqual(self.spans(visit), [("Anna", "10:00", "11:00")])
        self.assertEqual(visit.amount_total, 50.0)
        with self.assertRaisesRegex(UserError, "cancel the visit instead"):
            visit.line_ids.filtered(lambda line: not line.cancelled).action_cancel_line()

    def test_guest_keeps_the_own_card_when_the_client_changes(self):
        guest, other = self.make_client("Gina"), self.make_client("Olga")
        visit = self.make_visit(self.start, (self.cut, self.anna), book=False)
        visit.line_ids = [
            Command.create({"product_id": self.cut.id, "employee_id": self.bella.id, "client_id": guest.id})
        ]
        visit.partner_id = other
        self.assertEqual(visit.line_ids.client_id, guest | other)

    def test_client_and_services_change_at_once(self):
        other = self.make_client("Olga")
        visit = self.make_visit(self.start)
        visit.write({"partner_id": other.id, "line_ids": [Command.update(visit.line_ids.id, {"formula": "7/1"})]})
        self.assertEqual(visit.line_ids.client_id, other)
        self.assertFalse(visit.with_guests, "nobody else comes along")

    def test_service_never_changes_its_visit(self):
        """Else a draft's service would get into a booked visit without taking the master's time."""
        booked = self.make_visit(self.start)
        draft = self.make_visit(self.start, client=self.make_client("Dora"), book=False)
        for change in (
            lambda: draft.line_ids.write({"visit_id": booked.id}),
            lambda: booked.write({"line_ids": [Command.link(draft.line_ids.id)]}),
        ):
            with self.assertRaisesRegex(UserError, "stays in its visit"), self.env.cr.savepoint():
                change()
        draft.line_ids.write({"visit_id": draft.id})
        self.assertEqual(draft.line_ids.state, "draft")

    def test_local_day_late_in_the_evening(self):
        visit = self.make_visit(self.at("2030-03-04", "23:30"), book=False)
        self.assertEqual(str(visit.date), "2030-03-04")
        self.company.salon_tz = "Asia/Tashkent"
        self.assertEqual(str(visit.date), "2030-03-05")

    # -- States -----------------------------------------------------------------

    def test_state_is_not_written_by_hand(self):
        visit = self.make_visit(self.start, book=False)
        for attempt in ({}, {"salon_by_method": True}, {"salon_by_method": 1}):
            with self.assertRaisesRegex(UserError, "by its buttons only"):
                visit.with_context(**attempt).write({"state": "done"})
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            self.env["salon.visit"].create({"partner_id": self.clara.id, "state": "done"})

    @freeze_time("2030-03-04 12:00:00")
    def test_whole_life(self):
        visit = self.make_visit(self.start)
        visit.action_confirm()
        visit.action_arrive()
        visit.action_done()
        self.assertEqual((visit.state, visit.line_ids.state), ("done", "done"))
        with self.assertRaisesRegex(UserError, "reopen"):
            visit.line_ids.price_unit = 1
        visit.line_ids.formula = "6/0 + 3%"
        visit.action_reopen("wrong price")
        self.assertEqual(visit.state, "arrived")
        visit.line_ids.price_unit = 55
        visit.action_done()
        self.assertEqual(
            visit.log_ids.sorted("id").mapped("event"),
            ["created", "booked", "confirmed", "arrived", "done", "reopened", "price", "done"],
        )
        price = visit.log_ids.filtered(lambda log: log.event == "price")
        self.assertIn("50", price.old)
        self.assertIn("55", price.new)

    @freeze_time("2030-03-04 12:00:00")
    def test_second_call_changes_nothing(self):
        visit = self.make_visit(self.start)
        visit.action_done()
        entries = len(visit.log_ids)
        visit.action_done()
        self.assertEqual(len(visit.log_ids), entries)
        self.assertEqual(self.clara.visit_count, 1)

    def test_visit_of_another_day_is_not_closed(self):
        visit = self.make_visit(self.start)
        with self.assertRaisesRegex(UserError, "another day"):
            visit.action_done()

    def test_forbidden_steps(self):
        visit = self.make_visit(self.start)
        visit.action_cancel(self.reason)
        with self.assertRaisesRegex(UserError, "Cancelled.*Confirmed"):
            visit.action_confirm()
        with self.assertRaisesRegex(UserError, "Only a visit"):
            self.make_visit(self.at("2030-03-04", "12:00")).action_reopen()

    def test_late_cancellation(self):
        for hours, reason, late in (
            (2, "reason_client_plans", True),
            (30, "reason_client_plans", False),
            (2, "reason_salon_master", False),
        ):
            visit = self.make_visit(self.start)
            with freeze_time(self.start - timedelta(hours=hours)):
                visit.action_cancel(self.env.ref(f"salon_spa.{reason}"), "called")
            self.assertEqual(visit.is_late_cancel, late, (hours, reason))
        self.assertEqual(self.clara.late_cancel_count, 1)

    def test_cancelled_by_mistake_is_booked_again_unless_taken(self):
        visit = self.make_visit(self.start)
        visit.action_cancel(self.reason)
        visit.action_reopen()
        self.assertEqual((visit.state, visit.cancel_reason_id.id), ("booked", False))
        visit.action_cancel(self.reason)
        self.make_visit(self.start, client=self.make_client("Dora"))
        with self.assertRaisesRegex(UserError, "already taken"):
            visit.action_reopen()

    def test_only_a_reason_in_use_of_the_right_kind_closes_a_visit(self):
        visit = self.make_visit(self.start)
        missed, cancelled = self.env.ref("salon_spa.reason_no_show"), self.reason
        archived = self.env["salon.reason"].create({"name": "Was once", "kind": "client", "active": False})
        wrong = ["1", str(cancelled.id), [cancelled.id], {"id": cancelled.id}, True, 1.5, -1, archived, archived.id]
        wrong += [self.clara, cancelled.browse([cancelled.id, archived.id])]
        for method, others in ((visit.action_cancel, [missed]), (visit.action_no_show, [cancelled, cancelled.id])):
            for reason in [*wrong, *others]:
                with (
                    self.subTest(method=method.__name__, reason=reason),
                    self.assertRaisesRegex(UserError, "Choose one of these reasons: "),
                ):
                    method(reason)
        self.assertEqual(visit.state, "booked")
        visit.action_no_show(missed.id, ["her", "bus"])
        self.assertEqual((visit.cancel_reason_id, visit.cancel_note), (missed, "['her', 'bus']"))

    def test_cancelling_asks_for_the_reason(self):
        visit = self.make_visit(self.start)
        action = visit.action_cancel()
        self.assertEqual(action["res_model"], "salon.visit.cancel")
        wizard = self.env["salon.visit.cancel"].with_context(**action["context"]).create({"reason_id": self.reason.id})
        wizard.action_apply()
        self.assertEqual(visit.state, "cancelled")

    def test_deleting_leaves_a_trace(self):
        visit = self.make_visit(self.start)
        name = visit.name
        with self.assertRaisesRegex(UserError, "Cancel .* before deleting"):
            visit.unlink()
        visit.action_cancel(self.reason)
        visit.unlink()
        log = self.env["salon.visit.log"].search([("visit_name", "=", name), ("event", "=", "deleted")])
        self.assertIn("Cut", log.old)
        for change in (lambda: log.write({"old": "x"}), log.unlink):
            with self.assertRaises(UserError):
                change()

    # -- Warnings ---------------------------------------------------------------

    def warnings(self, visit):
        return sorted(warning["code"] for warning in visit._get_warnings())

    def test_outside_the_shift(self):
        visit = self.make_visit(self.at("2030-03-04", "17:30"), book=False, override_reason=False)
        self.assertEqual(self.warnings(visit), ["shift"])
        self.assertIn("Anna does not work", visit.warning_text)
        with self.assertRaisesRegex(UserError, "Reason to Book Anyway"):
            visit.action_book()
        visit.override_reason = "Anna agreed to stay"
        visit.action_book()
        log = visit.log_ids.filtered(lambda entry: entry.event == "override")
        self.assertEqual(log.reason, "Anna agreed to stay")
        self.assertFalse(visit.override_reason, "it is in the history now")
        self.assertEqual((bool(visit.warning_text), visit.needs_override), (True, False))

    def test_a_reason_covers_the_warnings_it_was_given_for(self):
        visit = self.make_visit(self.at("2030-03-04", "17:30"), override_reason="Anna agreed to stay")
        visit.action_confirm()
        visit.line_ids.note = "nothing that matters changes"
        visit.action_book()
        with self.assertRaisesRegex(UserError, "does not work on .*18:30"), self.env.cr.savepoint():
            visit.start = self.at("2030-03-04", "18:30")
        self.env.invalidate_all()
        visit.write({"start": self.at("2030-03-04", "18:30"), "override_reason": "and even longer"})
        reasons = visit.log_ids.filtered(lambda entry: entry.event == "override").mapped("reason")
        self.assertCountEqual(reasons, ["Anna agreed to stay", "and even longer"])

    def test_a_reason_that_nothing_needs_covers_nothing_later(self):
        visit = self.make_visit(self.start, override_reason="just in case")
        self.assertFalse(visit.override_reason)
        late = {"start": self.at("2030-03-04", "17:30")}
        with self.assertRaisesRegex(UserError, "does not work on"), self.env.cr.savepoint():
            visit.write(late)
        self.env.invalidate_all()
        visit.write({**late, "override_reason": "Anna agreed to stay"})
        visit.start = self.start
        with self.assertRaisesRegex(UserError, "does not work on"), self.env.cr.savepoint():
            visit.write(late)

    def test_a_reason_for_one_warning_is_none_for_another(self):
        visit = self.make_visit(self.at("2030-03-04", "17:30"), override_reason="Anna agreed to stay")
        self.env["salon.skill"].search([("employee_id", "=", self.anna.id)]).unlink()
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            visit.line_ids.active_minutes = 40
        self.assertIn("Anna does not do Cut", str(refusal.exception))

    def test_no_skill(self):
        self.env["salon.skill"].search([("employee_id", "=", self.anna.id)]).unlink()
        visit = self.make_visit(self.start, book=False)
        self.assertEqual(self.warnings(visit), ["skill"])

    def test_contraindication(self):
        acid = self.env["salon.contraindication"].create({"name": "Pregnancy", "severity": "warn"})
        self.clara.contraindication_ids = acid
        self.colour.product_tmpl_id.contraindication_ids = acid
        visit = self.make_visit(self.start, (self.colour, self.anna), book=False)
        self.assertEqual(self.warnings(visit), ["contraindication"])
        self.assertIn("Pregnancy", visit.warning_text)
        desk = self.make_user("desk", "administrator")
        self.assertNotIn("Pregnancy", visit.with_user(desk)._get_warnings()[0]["message"])
        acid.severity = "block"
        with self.assertRaisesRegex(UserError, "contraindicated"):
            visit.action_book()
        acid.severity = "warn"
        visit.action_book()
        log = visit.with_user(desk).log_ids.filtered(lambda entry: entry.event == "override")
        self.assertEqual(log.new, "Colour is contraindicated for Clara: see the medical notes.")

    def test_sex_and_age(self):
        self.clara.write({"sex": "female", "birth_day": 1, "birth_month": 1, "birth_year": 2020})
        self.cut.product_tmpl_id.write({"client_sex": "male"})
        visit = self.make_visit(self.start, book=False)
        self.assertEqual(self.warnings(visit), ["client"])
        self.cut.product_tmpl_id.write({"client_sex": False, "client_age_min": 99})
        self.assertEqual(self.warnings(visit), ["client"])
        self.cut.product_tmpl_id.client_age_min = 0
        self.assertEqual(self.warnings(visit), [])

    def test_same_client_at_two_places(self):
        self.make_visit(self.start)
        visit = self.make_visit(self.start, (self.cut, self.bella), book=False)
        self.assertEqual(self.warnings(visit), ["overlap"])
        visit.start = self.at("2030-03-04", "11:00")
        self.assertEqual(self.warnings(visit), [])
        visit.start = self.start
        self.assertIn("another service", visit.warning_text)
        visit.line_ids.client_id = self.make_client("Gina")
        self.assertFalse(visit.warning_text)

    # -- Money ------------------------------------------------------------------

    def test_discount_needs_a_reason_and_above_the_limit_a_manager(self):
        desk = self.make_user("desk", "administrator")
        visit = self.make_visit(self.start)
        line = visit.line_ids
        with self.assertRaisesRegex(UserError, "reason for the discount"), self.env.cr.savepoint():
            line.with_user(desk).discount = 10
        reason = self.env.ref("salon_spa.reason_discount_loyal")
        line.invalidate_recordset()
        line.with_user(desk).write({"discount": 10, "discount_reason_id": reason.id})
        self.assertEqual((line.discount_amount, line.price_total, visit.amount_total), (5.0, 45.0, 45.0))
        with self.assertRaisesRegex(UserError, "needs a manager"), self.env.cr.savepoint():
            line.with_user(desk).discount = 50
        line.invalidate_recordset()
        line.discount = 50
        self.assertEqual(visit.amount_total, 25.0)
        log = visit.log_ids.filtered(lambda entry: entry.event == "discount")
        self.assertEqual(len(log), 2)
        self.assertIn("Regular client", log[0].reason)

    def test_price_by_hand_is_kept_and_traced(self):
        visit = self.make_visit(self.start)
        visit.line_ids.price_unit = 42
        self.assertEqual(visit.line_ids.price_source, "manual")
        visit.line_ids._reprice()
        visit.line_ids.employee_id = self.bella
        self.assertEqual(visit.line_ids.price_unit, 42)
        self.assertIn("price", visit.log_ids.mapped("event"))

    def test_another_service_has_the_price_of_the_list(self):
        self.company.salon_discount_limit = 15
        line = self.make_visit(self.start).line_ids.with_user(self.make_user("desk", "administrator"))
        line.price_unit = 45
        line.product_id = self.colour
        self.assertEqual((line.price_unit, line.price_source), (120, "variant"))
        line.write({"price_unit": 110, "product_id": self.cut.id})
        self.assertEqual((line.price_unit, line.price_source), (110, "manual"))

    def test_source_of_a_price_is_not_believed(self):
        self.company.salon_discount_limit = 15
        line = self.make_visit(self.start).line_ids.with_user(self.make_user("desk", "administrator"))
        line.price_unit = 45
        line.price_source = "variant"
        self.assertEqual(line.price_source, "manual")
        with self.assertRaisesRegex(UserError, "needs a manager"):
            line.write({"discount": 14, "discount_reason_id": self.env.ref("salon_spa.reason_discount_loyal").id})

    def test_services_in_a_row_cost_what_their_day_says(self):
        self.env.cr.execute("UPDATE product_product SET create_date = '2025-01-01'")
        self.env.invalidate_all()
        self.env["salon.price"]._salon_set([(self.cut, None, None, 70)], self.start.date())
        visit = self.make_visit(self.start, (self.cut, self.anna), (self.cut, self.anna))
        self.assertEqual(visit.line_ids.mapped("price_unit"), [70, 70])

    def test_discount_by_amount_outlives_another_price(self):
        line = self.make_visit(self.start).line_ids
        line.write({"discount_amount": 5, "discount_reason_id": self.env.ref("salon_spa.reason_discount_loyal").id})
        line.quantity = 2
        self.assertEqual((line.discount_amount, line.price_total), (5, 95))
        line.discount = 10
        self.assertEqual((line.discount_amount, line.price_total), (10, 90))
        line.discount = 0
        self.assertEqual((line.discount_amount, line.price_total), (0, 100))

    def test_discount_above_the_price_is_refused(self):
        visit = self.make_visit(self.start)
        reason = self.env.ref("salon_spa.reason_discount_loyal")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            visit.line_ids.write({"discount_amount": 60, "discount_reason_id": reason.id})
            self.env.flush_all()

    # -- Formula ----------------------------------------------------------------

    @freeze_time("2030-03-04 12:00:00")
    def test_repeat_last_formula(self):
        first = self.make_done_visit(self.start, (self.colour, self.anna))
        first.line_ids.formula = "7/1 30 g + 6% 60 g"
        second = self.make_visit(self.at("2030-03-04", "13:00"), (self.colour, self.bella))
        second.line_ids.action_repeat_formula()
        self.assertEqual(second.line_ids.formula, "7/1 30 g + 6% 60 g")
        other = self.make_visit(self.at("2030-03-04", "15:00"), (self.cut, self.bella))
        with self.assertRaisesRegex(UserError, "No earlier formula"):
            other.line_ids.action_repeat_formula()


@tagged("post_install", "-at_install")
class TestDaylightSaving(SalonCase):
    def test_visit_over_the_spring_night(self):
        """In Berlin 2030-03-31 02:00 becomes 03:00: an hour from 01:30 ends at 03:30 on the wall."""
        visit = self.make_visit(self.at("2030-03-31", "01:30"))
        self.assertEqual(self.spans(visit), [("Anna", "01:30", "03:30")])
        self.assertEqual(visit.stop - visit.start, timedelta(hours=1))

    def test_visit_over_the_autumn_night(self):
        """2030-10-27 03:00 becomes 02:00: two hours from 01:30 end at 02:30 on the wall."""
        self.cut.active_minutes = 120
        visit = self.make_visit(self.at("2030-10-27", "01:30"))
        self.assertEqual(self.spans(visit), [("Anna", "01:30", "02:30")])

    def test_wall_clock_that_does_not_exist_or_exists_twice(self):
        to_utc = self.company._salon_utc
        self.assertEqual(to_utc(datetime(2030, 3, 31, 2, 30)), datetime(2030, 3, 31, 1, 30))
        self.assertEqual(to_utc(datetime(2030, 10, 27, 2, 30)), datetime(2030, 10, 27, 0, 30))
        self.assertEqual(to_utc(datetime(2030, 7, 1, 10, 0)), datetime(2030, 7, 1, 8, 0))
