from datetime import date

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from ..models.salon_availability import Wish
from .common import BookingCase

DAY = "2030-03-05"  # a Tuesday
NEXT = "2030-03-06"


@tagged("post_install", "-at_install")
@freeze_time("2030-03-04 12:00:00")
class TestAvailability(BookingCase):
    """What is offered can be booked, and nothing that can be booked is hidden."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.masters = cls.anna | cls.bella | cls.carla | cls.dora | cls.eva
        for master in cls.masters:
            cls.give_shift(master, DAY, "10:00", "18:00")
        cls.service = cls.env["salon.availability"]

    def look(self, *wishes, first=DAY, last=None, guests=None, **values):
        return self.service._search_times(
            self.company,
            guests or [list(wishes)],
            fields.Date.to_date(first),
            fields.Date.to_date(last or first),
            **values,
        )

    def clocks(self, search):
        return [f"{self.company._salon_local(slot.start):%H:%M}" for slot in search.board.slots(search.request)]

    def test_one_master_one_day(self):
        """Anna works from 10 to 18 and is taken from 12 to 13: a cut fits before, between and after."""
        self.make_visit(self.at(DAY, "12:00"))
        search = self.look(Wish(self.cut, self.anna))
        clocks = self.clocks(search)
        self.assertEqual((clocks[0], clocks[-1]), ("10:00", "17:00"))
        self.assertIn("11:00", clocks)
        self.assertNotIn("11:15", clocks)
        self.assertIn("13:00", clocks)

    def test_a_gap_off_the_grid_is_offered(self):
        self.make_visit(self.at(DAY, "10:20"))
        search = self.look(Wish(self.cut, self.anna))
        self.assertEqual(self.clocks(search)[0], "11:20")

    def test_rooms_limit_what_masters_could_do(self):
        """Five masters, four seats: while four massages run, nobody can begin a fifth."""
        for number, master in enumerate(self.masters[:4]):
            self.make_visit(self.at(DAY, "12:00"), (self.massage, master), client=self.make_client(f"C{number}"))
        clocks = self.clocks(self.look(Wish(self.massage, self.eva)))
        self.assertIn("10:45", clocks)
        self.assertNotIn("12:00", clocks)
        self.assertIn("13:10", clocks, "when the rooms are clean again")
        refusal = (search := self.look(Wish(self.massage, self.eva))).board.why_not(
            search.request, self.at(DAY, "12:00")
        )
        self.assertEqual(refusal.code, "no_room")

    def test_every_offered_time_can_be_booked(self):
        """Each start that is offered on a busy day is booked and taken back, with the master that is named."""
        self.make_visit(self.at(DAY, "10:35"), (self.colour, self.anna))
        self.make_visit(self.at(DAY, "11:05"), (self.massage, self.bella), client=self.make_client("Dana"))
        wishes = [Wish(self.massage), Wish(self.colour)]
        search = self.look(*wishes)
        slots = search.board.slots(search.request)
        self.assertTrue(slots)
        employees = self.env["hr.employee"]
        for slot in slots[:: max(len(slots) // 12, 1)]:
            plan = search.board.plan(search.request, slot.start)
            masters = [employees.browse(search.employees[part.way.master]) for part in plan.parts]
            visit = self.make_visit(
                slot.start,
                *zip((self.massage, self.colour), masters, strict=True),
                client=self.make_client("Guest"),
                override_reason=False,
            )
            self.assertEqual([part.start for part in plan.parts], visit.line_ids.sorted("sequence").mapped("start"))
            visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))

    def test_every_offered_time_of_several_can_be_booked(self):
        """One after the other, at once, by one master or any, alone and in company: what is offered is kept."""
        self.make_visit(self.at(DAY, "12:05"), (self.massage, self.carla), client=self.make_client("Dana"))
        self.block(self.room_2.resource_id, "14:00", "15:30")
        him = self.make_client("Him")

        def wish(product, masters=None, client=self.clara, **values):
            return Wish(product, masters, client, **values)

        massage, colour = self.massage, self.colour
        for guests in (
            [[wish(massage), wish(massage)]],
            [[wish(massage, self.anna), wish(massage, self.anna), wish(massage)]],
            [[wish(massage), wish(colour), wish(massage)]],
            [[wish(massage, self.anna), wish(massage, self.bella), wish(self.cut, self.anna, parallel=True)]],
            [[wish(massage)], [wish(massage, client=him)]],
            [[wish(massage), wish(massage)], [wish(massage, client=him), wish(colour, client=him)]],
        ):
            search = self.look(guests=guests)
            slots = search.board.slots(search.request)
            self.assertTrue(slots)
            for slot in slots[:: max(len(slots) // 5, 1)]:
                parts = self.service._parts(search, search.board.plan(search.request, slot.start))
                lines = [
                    {
                        "product_id": one.product.id,
                        "client_id": one.client.id,
                        "is_parallel": one.parallel,
                        "employee_id": part["employee_id"],
                        "start": part["start"],
                    }
                    for one, part in zip([one for wished in guests for one in wished], parts, strict=True)
                ]
                visit = self.env["salon.visit"].create(
                    {"partner_id": self.clara.id, "line_ids": [Command.create(line) for line in lines]}
                )
                visit.action_book()
                self.assertEqual(
                    visit.line_ids.sorted("id").mapped("start"),
                    [fields.Datetime.to_datetime(part["start"]) for part in parts],
                )
                visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))

    def test_client_is_in_one_place_at_a_time(self):
        self.make_visit(self.at(DAY, "12:00"))
        clocks = self.clocks(self.look(Wish(self.cut, self.bella, client=self.clara)))
        self.assertNotIn("12:30", clocks)
        self.assertIn("13:00", clocks)

    def test_two_at_once_by_two_masters(self):
        nails = self.make_service("Nails", active_minutes=60)
        self.env["salon.skill"].create({"employee_id": self.bella.id, "product_id": nails.id})
        search = self.look(Wish(self.cut, self.anna, client=self.clara), Wish(nails, client=self.clara, parallel=True))
        plan = search.board.plan(search.request, self.at(DAY, "10:00"))
        self.assertEqual({part.start for part in plan.parts}, {self.at(DAY, "10:00")})

    def test_couple(self):
        """Two guests begin together by two masters, each on a seat."""
        search = self.look(guests=[[Wish(self.massage)], [Wish(self.massage)]])
        plan = self.service._best(search, 1, self.company)[0]
        self.assertEqual(len({part.way.master for part in plan.parts}), 2)
        self.assertEqual(len({seat for part in plan.parts for seat in part.seats[1:]}), 2)

    def test_service_rules(self):
        service = self.cut.product_tmpl_id
        service.write({"start_earliest": 12, "start_latest": 15, "salon_wed": False})
        self.give_shift(self.anna, NEXT, "10:00", "18:00")
        search = self.look(Wish(self.cut, self.anna), last=NEXT)
        self.assertEqual(search.board.days(search.request), [date(2030, 3, 5)])
        clocks = self.clocks(search)
        self.assertEqual((clocks[0], clocks[-1]), ("12:00", "15:00"))
        service.write({"start_earliest": 0, "start_latest": 0, "notice_hours": 26})
        clocks = self.clocks(self.look(Wish(self.cut, self.anna)))
        self.assertEqual(clocks[0], "15:00", "now is 13:00 of the day before")

    def test_past_is_not_offered(self):
        with freeze_time(self.at(DAY, "14:07")):
            self.assertEqual(self.clocks(self.look(Wish(self.cut, self.anna)))[0], "14:15")

    def test_other_visits_of_what_is_moved_do_not_count(self):
        visit = self.make_visit(self.at(DAY, "12:00"))
        self.assertNotIn("12:15", self.clocks(self.look(Wish(self.cut, self.anna))))
        self.assertIn("12:15", self.clocks(self.look(Wish(self.cut, self.anna), without=visit.line_ids)))

    def test_device_in_a_room(self):
        self.need(self.massage, device=self.laser_type)
        self.make_device("Laser B", room_id=self.room_2.id)
        search = self.look(Wish(self.massage, self.anna))
        plan = search.board.plan(search.request, self.at(DAY, "10:00"))
        self.assertIn(self.room_2.resource_id.id, [seat[0] for seat in plan.parts[0].seats])
        self.make_visit(self.at(DAY, "10:00"), (self.massage, self.bella), client=self.make_client("Dana"))
        self.assertNotIn("10:30", self.clocks(self.look(Wish(self.massage, self.anna))))

    def test_reasons_in_words(self):
        self.make_visit(self.at(DAY, "12:00"))
        wishes = [[Wish(self.cut, self.anna)]]
        search = self.look(guests=wishes)
        for clock, text in (
            ("12:30", "Anna is taken until 5 Mar 13:00."),
            ("09:00", "Anna does not work then."),
            ("17:30", "Cut would not be finished before Anna's shift ends."),
            ("12:33", "Times go in steps of five minutes."),
        ):
            refusal = search.board.why_not(search.request, self.at(DAY, clock))
            self.assertEqual(self.service._refusal_text(search, refusal, self.company, wishes), text)

    def test_queries_do_not_grow_with_the_salon(self):
        """Shifts, leaves and allocations are one query each, for one master as for many."""
        for master in self.masters:
            self.make_visit(self.at(DAY, "12:00"), (self.cut, master), client=self.make_client(master.name))
        counts = []
        for masters in (self.anna, self.masters):
            self.look(Wish(self.massage, masters))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.look(Wish(self.massage, masters), last="2030-05-01")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 13)

    def test_allocations_are_read_by_index(self):
        """With a year of visits in the book the question reads the days that it asks for and no others."""
        self.env.cr.execute(
            """INSERT INTO salon_allocation (resource_id, seat, start, stop, kind, blocking, company_id)
               SELECT %s, 1, moment, moment + interval '1 hour', 'visit', TRUE, %s
                 FROM generate_series('2028-01-01'::timestamp, '2030-02-01', '2 hours') AS moment""",
            [self.anna.resource_id.id, self.company.id],
        )
        self.env.cr.execute("ANALYZE salon_allocation")
        with self.assertLogs("odoo.sql_db", level="DEBUG") as log:
            self.look(Wish(self.massage, self.anna))
        query = next(text for text in log.output if "FROM salon_allocation" in text and "ORDER BY" in text)
        self.env.cr.execute("EXPLAIN " + query[query.index("SELECT resource_id") :])
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("salon_allocation_resource_start", plan)

    def test_spring_night_has_no_hour_that_is_not_there(self):
        """On the night of the change the salon is open from 0 to 6: five hours, and no start at 2:30."""
        day = "2030-03-31"
        self.give_shift(self.anna, day, "00:00", "06:00")
        clocks = self.clocks(self.look(Wish(self.cut, self.anna), first=day))
        self.assertEqual(clocks[0], "00:00")
        self.assertFalse([clock for clock in clocks if clock.startswith("02")])
        self.assertEqual(clocks[-1], "05:00")
        self.assertEqual(len(clocks), 17)

    def test_other_time_zone_of_the_reader(self):
        self.env.user.tz = "Asia/Tashkent"
        self.assertEqual(self.clocks(self.look(Wish(self.cut, self.anna)))[0], "10:00")

    def test_fair_share(self):
        """Of equals the one with less work is offered first."""
        self.company.salon_weight_load = 1
        self.make_visit(self.at(DAY, "16:00"), (self.massage, self.anna))
        search = self.look(Wish(self.massage, self.anna | self.eva))
        plan = search.board.plan(
            search.request,
            self.at(DAY, "10:00"),
            self.service._weights(self.company),
            load=self.service._load(search),
        )
        self.assertEqual(search.employees[plan.parts[0].way.master], self.eva.id)

    def test_hours_hold_for_the_slower_master_too(self):
        """Before noon: Bella, who takes two hours, begins at ten and not at eleven."""
        self.massage.salon_skill_ids.filtered(lambda skill: skill.employee_id == self.bella).active_minutes = 120
        day = fields.Date.to_date(DAY)
        search = self.service._within(
            self.look(Wish(self.massage, self.anna | self.bella)), self.company, (day, day), set(range(7)), 0, 12
        )
        able = {
            f"{self.company._salon_local(slot.start):%H:%M}": [search.employees[one] for one in slot.masters[0]]
            for slot in search.board.slots(search.request)
        }
        self.assertEqual(able["10:00"], [self.anna.id, self.bella.id])
        self.assertEqual(able["11:00"], [self.anna.id])
        self.assertNotIn("11:15", able)

    def test_who_waits_between_two_services_keeps_the_room(self):
        """Anna tidies up and prepares between two massages: nobody else can have the cabinet for these minutes."""
        for room, seat in ((self.room_1, 1), (self.room_2, 1), (self.for_two, 1), (self.for_two, 2)):
            self.block(room.resource_id, "14:30", "14:40", seat)
        search = self.look(Wish(self.massage, self.anna, self.clara), Wish(self.massage, self.anna, self.clara))
        self.assertNotIn("13:30", self.clocks(search))
        self.assertIn("14:40", self.clocks(search))

    def test_couple_is_not_split(self):
        """One seat is left in each of two rooms: that is nothing for two who come together."""
        jasmine = self.make_room("Jasmine Room", self.couple, capacity=2)
        together = self.make_service("Massage for Two", active_minutes=60)
        self.need(together, room=self.couple)
        for master in (self.anna, self.bella):
            self.env["salon.skill"].create({"employee_id": master.id, "product_id": together.id})
        for room in (jasmine, self.for_two):
            self.block(room.resource_id, "10:00", "12:00")
        guests = [[Wish(together, client=self.clara)], [Wish(together, client=self.make_client("Him"))]]
        search = self.look(guests=guests)
        self.assertNotIn("10:00", self.clocks(search))
        plan = search.board.plan(search.request, self.at(DAY, "12:00"))
        self.assertEqual(len({one for part in plan.parts for one, _seat in part.seats[1:] if one > 0}), 1)

    def block(self, resource, begin, end, seat=1):
        self.env["salon.allocation"].create(
            {
                "resource_id": resource.id,
                "seat": seat,
                "start": self.at(DAY, begin),
                "stop": self.at(DAY, end),
                "block_type": "maintenance",
            }
        )

    def test_nothing_to_offer(self):
        search = self.look(Wish(self.cut, self.anna), first="2030-03-09", last="2030-03-10")
        self.assertFalse(search.board.days(search.request))
        nobody = self.make_service("Nobody's", active_minutes=30)
        search = self.look(Wish(nobody))
        self.assertFalse(search.board.slots(search.request))
        refusal = search.board.why_not(search.request, self.at(DAY, "12:00"))
        text = self.service._refusal_text(search, refusal, self.company, [[Wish(nobody)]])
        self.assertEqual(text, "Nobody who does Nobody's works then.")
