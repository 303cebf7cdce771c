from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.salon_spa.tests.common import SalonCase


class JournalCase(SalonCase):
    """A Monday in Berlin: Anna works 9 to 18, Bella 10 to 16; Clara is cut by Anna at ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = "2030-03-04"
        cls.give_shift(cls.anna, cls.day, "09:00", "18:00")
        cls.give_shift(cls.bella, cls.day, "10:00", "16:00")
        cls.journal = cls.env["salon.journal"]

    def make_break(self, start, stop, **values):
        return self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at(self.day, start),
                "stop": self.at(self.day, stop),
                "block_type": "break",
                **values,
            }
        )

    def start_of(self, line):
        return self.company._salon_local(line.start).strftime("%H:%M")

    def starts(self, visit):
        return [self.start_of(line) for line in visit.line_ids.sorted("id")]

    def read(self, day=None, end=None, journal=None, **kwargs):  # pylint: disable=method-required-super
        day = day or self.day
        journal = self.journal if journal is None else journal
        return journal.read_days(day, end or day, **kwargs)

    def column(self, board, name):
        return next(column for column in board["columns"] if column["name"] == name)

    def event(self, board, line):
        return next((event for event in board["events"] if event["id"] == line.id), None)


@tagged("post_install", "-at_install")
@freeze_time("2030-03-01 08:00:00")
class TestJournalRead(JournalCase):
    """What is on the board."""

    def test_a_day_by_the_salons_clock(self):
        visit = self.make_visit(self.at(self.day, "10:00"), (self.colour, self.anna))
        board = self.read(journal=self.journal.with_context(tz="Pacific/Auckland"))
        event = self.event(board, visit.line_ids)
        self.assertEqual((event["start"], event["stop"]), ("2030-03-04T10:00:00", "2030-03-04T11:25:00"))
        self.assertEqual(event["column"], self.anna.id)
        self.assertEqual(event["phases"], [5, 40, 30, 15, 5])
        self.assertEqual((event["client"], event["service"], event["state"]), ("Clara", "Colour", "booked"))
        self.assertIn(
            {"column": self.bella.id, "start": "2030-03-04T10:00:00", "stop": "2030-03-04T16:00:00"}, board["open"]
        )
        self.assertEqual((board["hours"], board["today"], board["offset"]), ([540, 1080], "2030-03-01", "+01:00"))
        self.assertFalse(self.read("2030-03-05")["events"])

    def test_load_leaves_processing_and_breaks_out(self):
        self.make_visit(self.at(self.day, "10:00"), (self.colour, self.anna))
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at(self.day, "13:00"),
                "stop": self.at(self.day, "14:00"),
                "block_type": "break",
                "note": "Lunch",
            }
        )
        board = self.read()
        anna = self.column(board, "Anna")
        # 45 minutes before the processing, 20 after it; nine hours less one.
        self.assertEqual((anna["booked"], anna["available"], anna["load"]), (65, 480, 14))
        self.assertEqual([block["name"] for block in board["blocks"]], ["Break: Lunch"])
        self.assertEqual(board["totals"], {"visits": 1, "booked": 65, "available": 840, "load": 8})

    def test_loads_are_those_of_the_reports(self):
        room = self.env["salon.room"].create({"name": "Cabinet"})
        self.make_visit(self.at(self.day, "10:00"), (self.colour, self.anna)).line_ids.room_id = room
        for resource, kind, begin, end in (
            (self.anna.resource_id, "maintenance", "13:00", "14:00"),
            (self.anna.resource_id, "admin", "15:00", "16:00"),
            (room.resource_id, "break", "13:00", "14:00"),
            (room.resource_id, "maintenance", "15:00", "16:00"),
        ):
            self.env["salon.allocation"].create(
                {
                    "resource_id": resource.id,
                    "start": self.at(self.day, begin),
                    "stop": self.at(self.day, end),
                    "block_type": kind,
                }
            )
        for buffers in (True, False):
            self.company.salon_load_buffers = buffers
            anna = self.column(self.read(), "Anna")
            domain = [("date", "=", self.day), ("employee_id", "=", self.anna.id)]
            ((busy, available),) = self.env["salon.load.report"]._read_group(
                domain, [], ["busy_hours:sum", "available_hours:sum"]
            )
            self.assertEqual((anna["booked"], anna["available"]), (round(busy * 60), round(available * 60)))
        cabinet = self.column(self.read(mode="rooms"), "Cabinet")
        ((occupied, usable),) = self.env["salon.place.report"]._read_group(
            [("date", "=", self.day), ("room_id", "=", room.id)], [], ["occupied_hours:sum", "usable_hours:sum"]
        )
        self.assertEqual((cabinet["booked"], cabinet["available"]), (round(occupied * 60), round(usable * 60)))
        self.assertTrue(cabinet["booked"])

    def test_who_works_or_is_booked_stands_first(self):
        self.make_master("Aaron", self.cut, resource_calendar_id=False)
        zoe = self.make_master("Zoe", self.cut, resource_calendar_id=False)
        self.make_visit(self.at(self.day, "19:00"), (self.cut, zoe))
        names = [(column["name"], column["works"]) for column in self.read()["columns"]]
        self.assertLess(names.index(("Zoe", True)), names.index(("Aaron", False)))
        self.assertEqual(self.read()["hours"], [540, 1200])

    def test_leaves_are_greyed(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.anna.resource_id.id,
                "date_from": self.at("2030-03-02", "00:00"),
                "date_to": self.at(self.day, "12:00"),
            }
        )
        board = self.read()
        leave = next(block for block in board["blocks"] if not block["block_type"])
        self.assertEqual((leave["column"], leave["start"]), (self.anna.id, "2030-03-04T00:00:00"))
        self.assertEqual(self.column(board, "Anna")["available"], 360)

    def test_marks(self):
        visit = self.make_visit(self.at(self.day, "10:00"), booking_source="online", note="Brings a dog")
        self.clara.write({"birth_day": 4, "birth_month": "3"})
        self.clara.contraindication_ids = self.env["salon.contraindication"].create({"name": "Pregnancy"})
        marks = self.event(self.read(), visit.line_ids)["icons"]
        self.assertEqual(marks, ["new", "birthday", "medical", "note", "online"])
        with freeze_time(self.at(self.day, "11:00")):
            visit.action_done()
            self.assertIn("unpaid", self.event(self.read(), visit.line_ids)["icons"])
        desk = self.make_user("journal_desk", "administrator")
        marks = self.event(self.read(journal=self.journal.with_user(desk)), visit.line_ids)["icons"]
        self.assertNotIn("medical", marks)

    def test_the_search_bar_filters_events_and_not_loads(self):
        visit = self.make_visit(self.at(self.day, "10:00"))
        other = self.make_visit(self.at(self.day, "12:00"), client=self.make_client("Dora"))
        board = self.read(domain=[("client_id", "=", self.clara.id)])
        self.assertTrue(self.event(board, visit.line_ids))
        self.assertFalse(self.event(board, other.line_ids))
        self.assertEqual(self.column(board, "Anna")["booked"], 120)

    def test_a_week(self):
        self.make_visit(self.at(self.day, "10:00"))
        self.make_visit(self.at("2030-03-06", "10:00"))
        board = self.read(end="2030-03-10")
        self.assertEqual([event["start"][:10] for event in board["events"]], ["2030-03-04", "2030-03-06"])

    def test_days_of_another_length(self):
        # Berlin: clocks go forward on 31 March 2030 at two, back on 27 October 2030 at three.
        for day, length in (("2030-03-31", 23), ("2030-10-27", 25)):
            self.give_shift(self.anna, day, "00:00", "23:00")
            start = self.at(day, "09:00")
            visit = self.make_visit(start)
            board = self.read(day)
            event = self.event(board, visit.line_ids)
            self.assertEqual((event["start"], event["stop"]), (f"{day}T09:00:00", f"{day}T10:00:00"))
            self.assertEqual(self.column(board, "Anna")["available"], (length - 1) * 60)
            undo = self.journal.move(visit.line_ids.id, {"start": f"{day}T11:00:00"})["undo"]
            self.assertEqual(self.start_of(visit.line_ids), "11:00")
            self.journal.move(visit.line_ids.id, undo)
            self.assertEqual(visit.start, start)

    def test_an_hour_that_comes_twice_keeps_its_length(self):
        visit = self.make_visit(self.at("2030-10-27", "01:30") + timedelta(hours=1))
        event = self.event(self.read("2030-10-27"), visit.line_ids)
        # From half past two to half past two on the clock: drawn with its length.
        self.assertEqual((event["start"][11:16], event["stop"][11:16]), ("02:30", "03:30"))

    def test_drafts_without_a_master_have_a_column(self):
        visit = self.make_visit(self.at(self.day, "10:00"), (self.cut, self.env["hr.employee"]), book=False)
        board = self.read()
        self.assertEqual(self.event(board, visit.line_ids)["column"], 0)
        self.assertTrue(self.column(board, "No master")["works"])

    def test_rooms(self):
        hall = self.env["salon.room"].create({"name": "Hall", "capacity": 2})
        visit = self.make_visit(self.at(self.day, "10:00"), book=False)
        visit.line_ids.room_id = hall
        visit.action_book()
        board = self.read(mode="rooms")
        self.assertEqual(board["modes"], ["masters", "rooms"])
        self.assertEqual(self.event(board, visit.line_ids)["column"], hall.id)
        column = self.column(board, "Hall")
        # Open whenever somebody works, 9 to 18, with two seats.
        self.assertEqual((column["booked"], column["available"]), (60, 1080))
        self.assertEqual(self.event(board, visit.line_ids)["other"], "Anna")

    def test_a_block_of_all_seats_is_one(self):
        hall = self.env["salon.room"].create({"name": "Hall", "capacity": 2})
        for seat in (1, 2):
            values = {"resource_id": hall.resource_id.id, "block_type": "maintenance", "seat": seat}
            self.make_break("09:00", "09:30", **values)
        self.make_break("09:00", "09:30")
        [block] = self.read(mode="rooms")["blocks"]
        self.assertEqual((block["name"], block["editable"]), ("Maintenance", False), "a drag would move one seat")
        [block] = self.read()["blocks"]
        self.assertTrue(block["editable"])

    def test_the_number_of_queries_is_that_of_an_empty_board(self):
        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            self.read()

        self.make_visit(self.at(self.day, "09:00"))
        measure()
        before = self.env.cr.sql_log_count
        measure()
        queries = self.env.cr.sql_log_count - before
        for index in range(6):
            master = self.make_master(f"Master {index}", self.cut)
            self.give_shift(master, self.day, "09:00", "18:00")
            for hour in range(9, 15):
                client = self.make_client(f"Client {index} {hour}")
                self.make_visit(self.at(self.day, f"{hour:02}:00"), (self.cut, master), client=client)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(queries):
            self.read()


@tagged("post_install", "-at_install")
@freeze_time("2030-03-01 08:00:00")
class TestJournalRights(JournalCase):
    """Who sees what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("journal_anna", "master")
        cls.anna.user_id = cls.user
        cls.own = cls.make_visit(cls.at(cls.day, "10:00"))
        cls.foreign = cls.make_visit(
            cls.at(cls.day, "10:00"), (cls.cut, cls.bella), client=cls.make_client("Dora", phone="+49 30 901821")
        )

    def test_a_master_sees_own_visits_only(self):
        board = self.read(journal=self.journal.with_user(self.user))
        self.assertEqual([event["id"] for event in board["events"]], self.own.line_ids.ids)
        self.assertEqual([column["name"] for column in board["columns"]], ["Anna"])
        self.assertFalse(board["is_desk"])
        self.assertFalse(board["events"][0]["editable"])
        with self.assertRaises(AccessError):
            self.journal.with_user(self.user).read_line(self.foreign.line_ids.id)

    def test_a_master_sees_what_a_colleague_does_for_the_same_client_and_no_more(self):
        self.env["salon.allocation"].create(
            {
                "resource_id": self.bella.resource_id.id,
                "start": self.at(self.day, "14:00"),
                "stop": self.at(self.day, "15:00"),
                "block_type": "break",
                "note": "Dentist",
            }
        )
        other = fields.Command.create({"product_id": self.cut.id, "employee_id": self.bella.id})
        self.own.write({"line_ids": [other]})
        board = self.read(journal=self.journal.with_user(self.user))
        self.assertEqual([column["name"] for column in board["columns"]], ["Anna", "Bella"])
        self.assertEqual([event["client"] for event in board["events"]], ["Clara", "Clara"])
        self.assertFalse(board["blocks"])
        self.assertEqual(self.column(board, "Bella")["booked"], 0)

    def test_phones_by_right(self):
        desk = self.make_user("journal_desk", "administrator")
        for user, seen in ((self.user, False), (desk, True)):
            journal = self.journal.with_user(user)
            facts = journal.read_line(self.own.line_ids.id)
            board = self.read(journal=journal)
            self.assertEqual("901820" in facts["phone"].replace(" ", ""), seen)
            self.assertEqual(facts["call"], "+4930901820" if seen else "")
            self.assertEqual("901820" in str(board), seen)

    def test_a_master_moves_nothing(self):
        journal = self.journal.with_user(self.user)
        with self.assertRaises(AccessError):
            journal.move(self.own.line_ids.id, {"start": f"{self.day}T12:00:00"})
        with self.assertRaises(AccessError):
            journal.paste(self.own.id, f"{self.day}T12:00:00")
        self.assertEqual(self.start_of(self.own.line_ids), "10:00")
        block = self.make_break("12:00", "12:30")
        board = self.read(journal=journal)
        self.assertEqual([row["editable"] for row in board["blocks"]], [False])
        with self.assertRaises(AccessError):
            journal.move_block(block.id, {"start": f"{self.day}T13:00:00"})

    def test_who_does_not_work_here_sees_nothing(self):
        stranger = self.env["res.users"].create({"name": "Office", "login": "journal_office"})
        with self.assertRaises(AccessError):
            self.read(journal=self.journal.with_user(stranger))

    def test_other_companies_have_journals_of_their_own(self):
        other = self.env["res.company"].create({"name": "Second salon"})
        self.owner.company_ids += other
        board = self.read(journal=self.journal.with_company(other))
        self.assertFalse(board["events"])
        self.assertNotIn("Anna", [column["name"] for column in board["columns"]])


@tagged("post_install", "-at_install")
@freeze_time("2030-03-01 08:00:00")
class TestJournalMove(JournalCase):
    """What drops and resizes do."""

    def move(self, line, reason=None, **values):
        return self.journal.move(line.id, values, reason=reason)

    def at_clock(self, clock):
        return f"{self.day}T{clock}:00"

    def test_to_another_time_and_back(self):
        line = self.make_visit(self.at(self.day, "10:00")).line_ids
        result = self.move(line, start=self.at_clock("14:30"))
        self.assertEqual(self.spans(line.visit_id), [("Anna", "14:30", "15:30")])
        self.move(line, **result["undo"])
        self.assertEqual(self.spans(line.visit_id), [("Anna", "10:00", "11:00")])

    def test_to_another_master(self):
        line = self.make_visit(self.at(self.day, "10:00")).line_ids
        result = self.move(line, employee_id=self.bella.id)
        self.assertEqual(self.spans(line.visit_id), [("Bella", "10:00", "11:00")])
        self.move(line, **result["undo"])
        self.assertEqual(self.spans(line.visit_id), [("Anna", "10:00", "11:00")])

    def block_span(self, block):
        clock = [self.company._salon_local(moment).strftime("%H:%M") for moment in (block.start, block.stop)]
        return (block.resource_id.name, *clock)

    def test_a_break_moves_with_its_length_and_back(self):
        block = self.make_break("12:00", "12:45")
        desk = self.make_user("journal_blocks", "administrator")
        journal = self.journal.with_user(desk)
        changes = {"start": self.at_clock("13:15"), "resource_id": self.bella.resource_id.id}
        result = journal.move_block(block.id, {**changes, "seen": {"start": self.at_clock("12:00")}})
        self.assertEqual(self.block_span(block), ("Bella", "13:15", "14:00"))
        journal.move_block(block.id, result["undo"])
        self.assertEqual(self.block_span(block), ("Anna", "12:00", "12:45"))
        result = journal.move_block(block.id, {"stop": self.at_clock("13:30")})
        self.assertEqual(self.block_span(block), ("Anna", "12:00", "13:30"))
        journal.move_block(block.id, result["undo"])
        self.assertEqual(self.block_span(block), ("Anna", "12:00", "12:45"))

    def test_a_break_is_refused_in_words(self):
        self.make_visit(self.at(self.day, "10:00"))
        block = self.make_break("12:00", "12:30")
        desk = self.make_user("journal_blocks", "administrator")
        journal = self.journal.with_user(desk)
        with self.assertRaisesRegex(UserError, "Anna is already taken on Monday, 4 March at 10:30–11:00"):
            journal.move_block(block.id, {"start": self.at_clock("10:30")})
        with self.assertRaisesRegex(UserError, "The end lies before the start"):
            journal.move_block(block.id, {"stop": self.at_clock("11:30")})
        with self.assertRaisesRegex(UserError, "changed in the meantime"):
            journal.move_block(block.id, {"start": self.at_clock("15:00"), "seen": {"start": self.at_clock("11:00")}})
        with self.assertRaises(ValueError):
            journal.move_block(block.id, {"kind": "visit"})
        self.assertEqual(self.block_span(block), ("Anna", "12:00", "12:30"))
        visit = self.env["salon.allocation"].search([("kind", "=", "visit"), ("line_id", "!=", False)], limit=1)
        with self.assertRaisesRegex(UserError, "breaks and blocks only"):
            journal.move_block(visit.id, {"start": self.at_clock("15:00")})

    def test_to_another_room(self):
        rooms = self.env["salon.room"].create([{"name": "Hall"}, {"name": "Cabinet"}])
        line = self.make_visit(self.at(self.day, "10:00"), book=False).line_ids
        line.room_id = rooms[0]
        line.visit_id.action_book()
        result = self.move(line, room_id=rooms[1].id)
        self.assertEqual((line.room_id, line.place_text), (rooms[1], "Cabinet"))
        self.move(line, **result["undo"])
        self.assertEqual((line.room_id, line.place_text), (rooms[0], "Hall"))

    def test_resizing_changes_the_active_time(self):
        line = self.make_visit(self.at(self.day, "10:00"), (self.colour, self.anna)).line_ids
        result = self.move(line, stop=self.at_clock("11:45"))
        self.assertEqual((line.active_minutes, line.processing_minutes), (60, 30))
        self.move(line, **result["undo"])
        self.assertEqual(line.active_minutes, 40)
        with self.assertRaisesRegex(UserError, "takes at least 45 minutes"):
            self.move(line, stop=self.at_clock("10:30"))

    def test_services_after_the_first_follow(self):
        visit = self.make_visit(self.at(self.day, "10:00"), (self.cut, self.anna), (self.cut, self.bella))
        first, second = visit.line_ids.sorted("id")
        result = self.move(first, start=self.at_clock("12:00"))
        self.assertTrue(result["followed"])
        self.assertEqual(self.starts(visit), ["12:00", "13:00"])
        self.move(first, **result["undo"])
        self.assertEqual(self.starts(visit), ["10:00", "11:00"])
        result = self.move(second, start=self.at_clock("14:00"))
        self.assertTrue(result["left_behind"])
        self.assertEqual(self.starts(visit), ["10:00", "14:00"])
        self.move(second, **result["undo"])
        self.assertEqual(self.starts(visit), ["10:00", "11:00"])
        self.assertTrue(second.is_chained)

    def test_the_whole_visit(self):
        visit = self.make_visit(self.at(self.day, "10:00"), (self.cut, self.anna), (self.cut, self.bella))
        second = visit.line_ids.sorted("id")[1]
        result = self.move(second, start=self.at_clock("13:00"), whole=True)
        self.assertEqual(self.starts(visit), ["12:00", "13:00"])
        self.move(second, **result["undo"])
        self.assertEqual(self.starts(visit), ["10:00", "11:00"])

    def test_a_taken_time_is_refused_in_words(self):
        self.make_visit(self.at(self.day, "12:00"), client=self.make_client("Dora"))
        line = self.make_visit(self.at(self.day, "10:00")).line_ids
        with self.assertRaisesRegex(UserError, "Anna is already taken"), self.env.cr.savepoint():
            self.move(line, start=self.at_clock("12:30"))
        self.assertEqual(self.spans(line.visit_id), [("Anna", "10:00", "11:00")])

    def test_a_warning_asks_for_the_reason_and_changes_nothing_until_then(self):
        line = self.make_visit(self.at(self.day, "10:00"), override_reason=False).line_ids
        result = self.move(line, start=self.at_clock("19:00"))
        self.assertIn("Anna does not work", result["warnings"][0])
        self.assertEqual((self.start_of(line), self.spans(line.visit_id)), ("10:00", [("Anna", "10:00", "11:00")]))
        result = self.move(line, start=self.at_clock("19:00"), reason="She begged")
        self.assertEqual(self.spans(line.visit_id), [("Anna", "19:00", "20:00")])
        log = line.visit_id.log_ids.filtered(lambda entry: entry.event == "override")
        self.assertEqual(log.mapped("reason"), ["She begged"])

    def test_what_is_closed_stays(self):
        visit = self.make_visit(self.at(self.day, "10:00"))
        with freeze_time(self.at(self.day, "11:00")):
            visit.action_done()
        with self.assertRaisesRegex(UserError, "is closed"):
            self.move(visit.line_ids, start=self.at_clock("12:00"))

    def test_undo_is_refused_when_somebody_else_was_faster(self):
        line = self.make_visit(self.at(self.day, "10:00")).line_ids
        result = self.move(line, start=self.at_clock("12:00"))
        line.start = self.at(self.day, "15:00")
        with self.assertRaisesRegex(UserError, "changed in the meantime"):
            self.move(line, **result["undo"])
        line.visit_id.action_cancel(reason=self.env.ref("salon_spa.reason_client_plans").id)
        line.visit_id.unlink()
        with self.assertRaisesRegex(UserError, "deleted in the meantime"):
            self.move(line, **result["undo"])

    def test_nothing_else_can_be_changed_by_a_drop(self):
        line = self.make_visit(self.at(self.day, "10:00")).line_ids
        with self.assertRaises(ValueError):
            self.move(line, price_unit=0)

    def test_pasting_books_the_same_services_again(self):
        visit = self.make_visit(self.at(self.day, "10:00"), (self.cut, self.anna), (self.colour, self.bella))
        result = self.journal.paste(visit.id, self.at_clock("13:00"), reason="x")
        copy = self.env["salon.visit"].browse(result["visit_id"])
        self.assertEqual((copy.state, copy.partner_id), ("booked", self.clara))
        self.assertEqual(self.starts(copy), ["13:00", "14:00"])
        self.assertEqual(copy.line_ids.sorted("id").mapped("employee_id.name"), ["Anna", "Bella"])
        result = self.journal.paste(visit.id, "2030-03-05T10:00:00", employee_id=self.bella.id)
        self.assertIn("does not work", result["warnings"][0])

    def test_pasting_into_a_taken_time_leaves_nothing(self):
        visit = self.make_visit(self.at(self.day, "10:00"))
        before = self.env["salon.visit"].search_count([])
        with self.assertRaisesRegex(UserError, "Anna is already taken"), self.env.cr.savepoint():
            self.journal.paste(visit.id, self.at_clock("10:30"), reason="x")
        self.assertEqual(self.env["salon.visit"].search_count([]), before)


@tagged("post_install", "-at_install")
@freeze_time("2030-03-01 08:00:00")
class TestJournalNews(JournalCase):
    """Who hears of a change, and what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("journal_anna", "master")
        cls.anna.user_id = cls.user
        cls.desk = cls.make_user("journal_desk", "administrator")
        cls.visit = cls.make_visit(cls.at(cls.day, "10:00"))

    def changes(self):
        """Return what has been collected since the last call: ``(days, lines)``."""
        self.env.flush_all()
        pending = self.env.cr.postcommit.data.pop("salon.journal", {"days": set(), "lines": {}})
        self.env.cr.postcommit.clear()
        return {fields.Date.to_string(day) for _company, day in pending["days"]}, pending["lines"]

    def tell(self):
        """Tell what has been collected; return the new messages as ``[(notification type, subject)]``."""
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.journal.with_user(self.desk).sudo()._tell_masters(self.changes()[1])
        messages = self.env["mail.message"].search([("id", ">", last)], order="id")
        return [(row.notification_type, row.mail_message_id.subject) for row in messages.notification_ids]

    def test_every_change_on_the_board_is_told_with_its_days(self):
        line = self.visit.line_ids
        self.give_shift(self.anna, "2030-03-05", "09:00", "18:00")
        self.changes()
        line.start += timedelta(days=1)
        self.assertEqual(self.changes()[0], {"2030-03-04", "2030-03-05"})
        self.visit.action_confirm()
        self.assertEqual(self.changes()[0], {"2030-03-05"})
        self.visit.note = "Late"
        self.assertEqual(self.changes()[0], {"2030-03-05"})
        self.visit.line_ids[0].note = "cooler"
        shift = self.give_shift(self.anna, "2030-03-07", "09:00", "18:00")
        self.assertIn("2030-03-07", self.changes()[0])
        shift.stop -= timedelta(hours=1)
        self.assertEqual(self.changes()[0], {"2030-03-07"})
        shift.unlink()
        self.assertEqual(self.changes()[0], {"2030-03-07"})
        self.env["salon.allocation"].create(
            {
                "resource_id": self.anna.resource_id.id,
                "start": self.at("2030-03-08", "13:00"),
                "stop": self.at("2030-03-08", "14:00"),
                "block_type": "break",
            }
        ).unlink()
        self.assertEqual(self.changes()[0], {"2030-03-08"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Fair",
                "resource_id": self.anna.resource_id.id,
                "date_from": self.at("2030-03-20", "00:00"),
                "date_to": self.at("2030-03-21", "23:00"),
            }
        )
        self.assertEqual(self.changes()[0], {"2030-03-20", "2030-03-21"})

    def test_what_is_rolled_back_to_a_savepoint_is_still_told_of(self):
        # What was changed before the savepoint must not be forgotten with it.
        self.changes()
        self.visit.note = "Late"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            raise UserError(self.visit.name)
        self.assertEqual(self.changes()[0], {"2030-03-04"})

    def test_the_message_says_no_more_than_the_days(self):
        self.env["bus.bus"].search([]).unlink()
        day = fields.Date.to_date(self.day)
        self.journal._tell_journals({(self.company.id, day), (self.company.id, day + timedelta(days=1))})
        self.env.cr.precommit.run()
        message = self.env["bus.bus"].search([])
        self.assertEqual(len(message), 1)
        self.assertIn('"dates":["2030-03-04","2030-03-05"]', message.message)
        self.assertNotIn("Clara", message.message)

    def test_open_journals_are_told_once_it_is_committed(self):
        # A transaction of its own, as this one is never committed.
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            last = env["bus.bus"].search([], order="id desc", limit=1).id
            leave = env["resource.calendar.leaves"].create(
                {
                    "name": "Fair",
                    "company_id": self.company.id,
                    "date_from": "2030-03-04 08:00:00",
                    "date_to": "2030-03-04 09:00:00",
                }
            )
            leave.date_to = "2030-03-04 10:00:00"
            self.assertFalse(env["bus.bus"].search([("id", ">", last)]), "nothing is told of what may be rolled back")
            cr.commit()  # pylint: disable=invalid-commit
            told = env["bus.bus"].search([("id", ">", last), ("message", "like", "salon.journal")])
            messages = told.mapped("message")
            leave.unlink()
            cr.commit()  # pylint: disable=invalid-commit
            env["bus.bus"].search([("id", ">", last)]).unlink()
            cr.commit()  # pylint: disable=invalid-commit
        self.assertEqual(len(messages), 1)
        self.assertIn("2030-03-04", messages[0])

    def test_a_master_hears_of_own_visits(self):
        self.assertEqual(self.tell(), [("inbox", "New visit: Mon 4 Mar 10:00, Clara, Cut")])
        self.visit.line_ids.start += timedelta(hours=2)
        subject = "Visit moved: Mon 4 Mar 12:00, Clara, Cut (was: Mon 4 Mar 10:00)"
        self.assertEqual(self.tell(), [("inbox", subject)])
        self.visit.line_ids.employee_id = self.bella
        self.assertEqual(self.tell(), [("inbox", "Visit cancelled: Mon 4 Mar 12:00, Clara, Cut")])
        self.visit.line_ids.employee_id = self.anna
        self.tell()
        self.visit.action_cancel(reason=self.env.ref("salon_spa.reason_client_plans").id)
        self.assertEqual(self.tell(), [("inbox", "Visit cancelled: Mon 4 Mar 12:00, Clara, Cut")])

    def test_a_master_hears_once_of_what_comes_to_one_change(self):
        self.tell()
        self.visit.line_ids.start += timedelta(hours=2)
        self.visit.line_ids.start -= timedelta(hours=2)
        self.visit.action_confirm()
        self.assertFalse(self.tell())

    def test_a_master_chooses_the_channels(self):
        self.user.write({"salon_notice_new": "email", "salon_notice_moved": "none"})
        self.assertEqual([channel for channel, _subject in self.tell()], ["email"])
        self.visit.line_ids.start += timedelta(hours=2)
        self.assertFalse(self.tell())
        # Everybody sets that alone.
        self.user.with_user(self.user).write({"salon_notice_cancelled": "email"})

    def test_nobody_is_told_what_he_did_himself_or_what_is_past(self):
        self.changes()
        self.visit.line_ids.start += timedelta(hours=2)
        self.journal.with_user(self.user).sudo()._tell_masters(self.changes()[1])
        self.assertFalse(self.env["mail.notification"].search([("res_partner_id", "=", self.user.partner_id.id)]))
        with freeze_time("2030-03-10"):
            self.visit.line_ids.start += timedelta(hours=1)
            self.assertFalse(self.tell())

    def test_a_master_hears_of_visits_that_were_removed(self):
        self.changes()
        line = self.visit.line_ids
        self.make_visit(self.at(self.day, "13:00"))
        other = fields.Command.create({"product_id": self.cut.id, "employee_id": self.bella.id})
        self.visit.write({"line_ids": [other]})
        self.tell()
        line.unlink()
        self.assertEqual(self.tell(), [("inbox", "Visit cancelled: Mon 4 Mar 10:00, Clara, Cut")])

    def test_a_series_is_one_message(self):
        self.tell()
        self.give_shift(self.anna, "2030-03-05", "00:00", "23:00")
        start = self.at("2030-03-05", "00:00")
        for number in range(21):
            self.make_visit(start + timedelta(hours=number), client=self.make_client(f"C{number}"))
        self.assertEqual(self.tell(), [("inbox", "New visit: 21 visits, Tue 5 Mar 00:00 to Tue 5 Mar 20:00")])

    def test_the_message_says_what_happened(self):
        self.tell()
        self.visit.action_cancel(reason=self.env.ref("salon_spa.reason_client_plans").id)
        self.tell()
        message = self.env["mail.message"].search([("model", "=", "salon.visit")], order="id desc", limit=1)
        self.assertIn("Visit cancelled", str(message.body))

    def test_a_master_who_cannot_be_told_does_not_silence_the_others(self):
        self.bella.user_id = self.make_user("journal_bella", "master")
        for clock, client in (("12:00", "Dora"), ("15:00", "Emma")):
            self.make_visit(self.at(self.day, clock), (self.cut, self.bella), client=self.make_client(client))
        self.env.flush_all()
        # Something real that fails for Anna alone.
        self.env.cr.execute(
            "ALTER TABLE mail_notification ADD CONSTRAINT no_anna CHECK (res_partner_id != %s)",
            [self.user.partner_id.id],
        )
        with self.assertLogs("odoo.addons.salon_spa_booking.models.salon_journal", "ERROR"), mute_logger("odoo.sql_db"):
            told = self.tell()
        self.assertEqual([subject.split(", ")[1] for _channel, subject in told], ["Dora", "Emma"])
