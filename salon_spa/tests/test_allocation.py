from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger, sql

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestAllocation(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = cls.at("2030-03-04", "10:00")
        for master in (cls.anna, cls.bella):
            cls.give_shift(master, "2030-03-04", "09:00", "18:00")

    def test_guard_stands_in_the_database(self):
        definition = sql.constraint_definition(self.env.cr, "salon_allocation", "salon_allocation_no_overlap")
        self.assertIn("EXCLUDE", definition)
        self.env.cr.execute("SELECT contype FROM pg_constraint WHERE conname = 'salon_allocation_no_overlap'")
        self.assertEqual(self.env.cr.fetchone(), ("x",))

    def test_guard_holds_against_plain_sql(self):
        self.make_visit(self.start)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                """INSERT INTO salon_allocation (resource_id, seat, start, stop, kind, block_type, blocking, company_id)
                   VALUES (%s, 1, %s, %s, 'block', 'break', TRUE, %s)""",
                [self.anna.resource_id.id, self.start, self.start + timedelta(minutes=5), self.company.id],
            )

    def test_taken_time_is_named_with_the_nearest_free_ones_but_not_the_client(self):
        self.make_visit(self.start)
        other = self.make_client("Dora")
        visit = self.make_visit(self.start + timedelta(minutes=30), client=other, book=False)
        with self.assertRaises(UserError) as caught:
            visit.action_book()
        message = str(caught.exception)
        self.assertIn("Anna is already taken on Monday, 4 March at 10:30–11:30.", message)
        self.assertIn("Nearest free times: 11:00, 11:15, 11:30.", message)
        self.assertNotIn("Clara", message)

    def test_refusals_name_who_else_is_free(self):
        masters = {name: self.make_master(name, self.cut) for name in ("Dina", "Eva", "Fay", "Gala", "Hilda", "Inga")}
        for name, hours in {"Eva": ("09:00", "11:00"), "Fay": ("10:00", "11:25"), "Gala": ("10:30", "11:30")}.items():
            self.give_shift(masters[name], "2030-03-04", *hours)
        for name in ("Hilda", "Inga"):
            self.give_shift(masters[name], "2030-03-04", "10:00", "18:00")
        # Hilda takes longer than her shift lasts; Inga has a break; Dina has no shift; Eva's and Fay's end too early.
        self.env["salon.skill"].search([("employee_id", "=", masters["Hilda"].id)]).active_minutes = 480
        self.env["salon.allocation"].create(
            {
                "resource_id": masters["Inga"].resource_id.id,
                "start": self.at("2030-03-04", "11:00"),
                "stop": self.at("2030-03-04", "11:30"),
                "block_type": "break",
            }
        )
        self.give_shift(masters["Dina"], "2030-03-05", "09:00", "18:00")
        self.make_visit(self.start)
        start = self.start + timedelta(minutes=30)
        visit = self.make_visit(start, client=self.make_client("Dora"), book=False)
        with self.assertRaises(UserError) as taken:
            visit.action_book()
        answer = "Nearest free times: 11:00, 11:15, 11:30.\nFree at that time: Bella, Gala."
        self.assertTrue(str(taken.exception).endswith(answer), taken.exception)
        # The same for a master without a shift.
        visit = self.make_visit(start, (self.cut, masters["Dina"]), client=visit.partner_id, book=False)
        visit.override_reason = False
        with self.assertRaises(UserError) as absent:
            visit.action_book()
        self.assertIn("Dina does not work", str(absent.exception))
        self.assertIn("\nFree at that time: Bella, Gala.\nTo book anyway", str(absent.exception))
        # Who serves the visit's other guest at that time is not free.
        commands = [
            Command.create(
                {
                    "product_id": self.cut.id,
                    "employee_id": master.id,
                    "client_id": client.id,
                    "start": start,
                    "is_chained": False,
                }
            )
            for master, client in ((self.anna, self.make_client("Ella")), (self.bella, self.make_client("Flora")))
        ]
        pair = self.env["salon.visit"].create({"partner_id": visit.partner_id.id, "line_ids": commands})
        with self.assertRaisesRegex(UserError, "Free at that time: Gala."):
            pair.action_book()

    def test_refusal_costs_a_bounded_number_of_queries(self):
        masters = self.env["hr.employee"].concat(*(self.make_master(f"Master {n}", self.cut) for n in range(12)))
        for master in masters:
            self.give_shift(master, "2030-03-04", "09:00", "18:00")
        self.make_visit(self.start)
        line = self.make_visit(self.start, client=self.make_client("Dora"), book=False).line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            _starts, free = line._free_instead(self.anna)
        self.assertEqual(len(free), 3)

    def test_free_times_leave_the_visits_other_services_where_they_are(self):
        self.make_visit(self.start + timedelta(hours=1), client=self.make_client("Dora"))
        visit = self.make_visit(self.start)
        with self.assertRaises(UserError) as caught:
            visit.write({"line_ids": [Command.create({"product_id": self.cut.id, "employee_id": self.anna.id})]})
        message = str(caught.exception)
        self.assertIn("Anna is already taken on Monday, 4 March at 11:00–12:00.", message)
        self.assertIn("Nearest free times: 12:00, 12:15, 12:30.", message)

    def test_back_to_back_is_no_conflict(self):
        self.make_visit(self.start)
        after = self.make_visit(self.start + timedelta(hours=1), client=self.make_client("Dora"))
        self.assertEqual(after.state, "booked")

    def test_processing_frees_the_master(self):
        colour = self.make_visit(self.start, (self.colour, self.anna))
        self.assertEqual(self.spans(colour), [("Anna", "09:55", "10:40"), ("Anna", "11:10", "11:30")])
        short = self.make_service("Fringe", active_minutes=30)
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": short.id})
        meanwhile = self.make_visit(
            self.start + timedelta(minutes=40), (short, self.anna), client=self.make_client("Dora")
        )
        self.assertEqual(self.spans(meanwhile), [("Anna", "10:40", "11:10")])

    def test_cancel_and_no_show_free_the_time_at_once(self):
        for close, reason in (("action_cancel", "reason_client_plans"), ("action_no_show", "reason_no_show")):
            visit = self.make_visit(self.start)
            getattr(visit, close)(self.env.ref(f"salon_spa.{reason}"))
            self.assertEqual(self.spans(visit), [])
            again = self.make_visit(self.start, client=self.make_client("Dora"))
            again.action_cancel(self.env.ref("salon_spa.reason_client_plans"))

    def test_moving_gives_up_the_old_time(self):
        visit = self.make_visit(self.start)
        visit.line_ids.start = self.start + timedelta(minutes=30)
        self.assertEqual(self.spans(visit), [("Anna", "10:30", "11:30")])
        visit.line_ids.stop = self.start + timedelta(hours=2)
        self.assertEqual(self.spans(visit), [("Anna", "10:30", "12:00")])
        self.assertEqual(visit.line_ids.active_minutes, 90)

    def test_refused_move_leaves_everything_as_it_was(self):
        self.make_visit(self.start)
        visit = self.make_visit(self.start + timedelta(hours=2), client=self.make_client("Dora"))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            visit.line_ids.start = self.start
        visit.invalidate_recordset()
        self.assertEqual(self.spans(visit), [("Anna", "12:00", "13:00")])
        self.assertEqual(visit.start, self.start + timedelta(hours=2))

    def test_two_visits_swap_their_masters_in_one_step(self):
        first = self.make_visit(self.start)
        second = self.make_visit(self.start, (self.cut, self.bella), client=self.make_client("Dora"))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            first.line_ids.employee_id = self.bella
        self.env.invalidate_all()
        (first.line_ids | second.line_ids).action_swap_masters()
        self.assertEqual(self.spans(first), [("Bella", "10:00", "11:00")])
        self.assertEqual(self.spans(second), [("Anna", "10:00", "11:00")])

    def test_whole_visit_moves_by_less_than_its_length(self):
        visit = self.make_visit(self.start, (self.cut, self.anna), (self.cut, self.anna))
        visit.start = self.start + timedelta(hours=1)
        self.assertEqual(self.spans(visit), [("Anna", "11:00", "12:00"), ("Anna", "12:00", "13:00")])

    def test_block_keeps_clients_out(self):
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.start,
                "stop": self.start + timedelta(minutes=30),
                "block_type": "break",
            }
        )
        with self.assertRaisesRegex(UserError, "Anna is already taken"):
            self.make_visit(self.start)

    def test_block_is_refused_in_words(self):
        desk = self.make_user("allocation_desk", "administrator")
        other = self.env["res.company"].create({"name": "Other Salon"})
        stranger = self.make_master("Carla", company_id=other.id)
        values = {
            "resource_id": self.anna.resource_id.id,
            "start": self.start,
            "stop": self.start + timedelta(minutes=30),
            "block_type": "break",
        }
        allocations = self.env["salon.allocation"].with_user(desk)
        block = allocations.create(values)
        later = {name: values[name] + timedelta(hours=1) for name in ("start", "stop")}
        for wrong, text in (
            ({"seat": 2}, "Anna has one seat only"),
            ({"seat": 0}, "Seats are counted from 1"),
            ({"seat": -1}, "Seats are counted from 1"),
            ({"stop": later["start"]}, "The end must be after the start"),
            ({"stop": self.start}, "The end must be after the start"),
            ({"stop": self.start + timedelta(days=3)}, "One entry covers two days at most"),
            ({"block_type": False}, "Say what the block is for"),
            ({"resource_id": stranger.resource_id.id}, "company"),
        ):
            for change in (
                lambda wrong=wrong: allocations.create({**values, **later, **wrong}),
                lambda wrong=wrong: block.write({**later, **wrong}),
            ):
                with self.subTest(wrong=wrong), mute_logger("odoo.sql_db"):
                    self.assertIn(text, self.in_words(change))
        room = self.env["resource.resource"].create({"name": "Sauna", "resource_type": "material", "salon_capacity": 2})
        allocations.create({**values, "resource_id": room.id, "seat": 2})
        with self.assertRaisesRegex(ValidationError, "Sauna has the seats 1 to 2 only"):
            allocations.create({**values, "resource_id": room.id, "seat": 3})

    def in_words(self, change):
        """Return what a caller over RPC is told when ``change`` is refused."""
        try:
            with self.env.cr.savepoint():
                change()
                self.env.flush_all()
        except (UserError, psycopg2.IntegrityError) as error:
            self.env.clear()
            words = isinstance(error, UserError)
            return str(error) if words else self.env["salon.allocation"]._sql_error_to_message(error)
        self.fail("nothing was refused")

    def test_lapsed_hold_gives_way(self):
        hold = self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.start,
                "stop": self.start + timedelta(hours=1),
                "kind": "hold",
                "hold_until": fields.Datetime.now() - timedelta(minutes=1),
            }
        )
        self.make_visit(self.start)
        self.assertFalse(hold.exists())

    def test_running_hold_does_not(self):
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.start,
                "stop": self.start + timedelta(hours=1),
                "kind": "hold",
                "hold_until": fields.Datetime.now() + timedelta(minutes=10),
            }
        )
        with self.assertRaises(UserError):
            self.make_visit(self.start)

    def test_shared_resource_fills_its_seats_and_no_more(self):
        """A resource of capacity two takes two at once; the kernel's own resources have one seat."""
        room = self.env["resource.resource"].create({"name": "Sauna", "resource_type": "material", "salon_capacity": 2})
        span = {
            "resource_id": room.id,
            "start": self.start,
            "stop": self.start + timedelta(hours=1),
            "kind": "hold",
            "company_id": self.company.id,
        }
        allocations = self.env["salon.allocation"]
        self.assertEqual(allocations._replace([dict(span)]).seat, 1)
        self.assertEqual(allocations._replace([dict(span)]).seat, 2)
        with self.assertRaisesRegex(UserError, "Sauna is already taken"):
            allocations._replace([dict(span)])

    def test_replaced_by_nothing_is_free(self):
        """What needs no time of its own any more gives up what it had."""
        hold = self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.start,
                "stop": self.start + timedelta(hours=1),
                "kind": "hold",
                "company_id": self.company.id,
            }
        )
        self.assertFalse(hold._replace([]))
        self.assertFalse(hold.exists())

    def test_booking_costs_a_bounded_number_of_queries(self):
        desk = self.make_user("desk", "administrator")
        line = {"product_id": self.cut.id, "employee_id": self.anna.id, "start": self.start}
        visits = self.env["salon.visit"].with_user(desk).with_context(tracking_disable=False)
        for hours, bound in ((0, 100), (2, 41)):
            client = self.make_client(f"Client {hours}")
            vals = {**line, "start": self.start + timedelta(hours=hours)}
            self.env.flush_all()
            self.env.invalidate_all()
            # The first one warms what a server keeps warm.
            with self.assertQueryCount(bound):
                visits.create({"partner_id": client.id, "line_ids": [Command.create(vals)]}).action_book()
                self.env.flush_all()
