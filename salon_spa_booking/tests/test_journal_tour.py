from odoo.tests import tagged

from odoo.addons.salon_spa.tests.test_visit_screens import VisitTourCase

URL = "/odoo/salon-journal"


class JournalTourCase(VisitTourCase):
    """Today, which has just begun: Clara comes to Anna at eight and Dora at ten; Bella works until twelve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hr.employee"].search([("id", "not in", (cls.anna | cls.bella).ids)]).is_master = False
        cls.env["salon.shift"].search([("employee_id", "=", cls.bella.id)]).stop = cls.clock(12)
        cls.dora = cls.make_client("Dora", phone="+49 30 901821")
        cls.erika = cls.make_client("Erika", phone="+49 30 901822")
        cls.own = cls.make_visit(cls.clock(8), override_reason=False)
        cls.other = cls.make_visit(cls.clock(10), client=cls.dora, override_reason=False)

    def hours(self, visit):
        return [row[1] for row in self.spans(visit)]


@tagged("post_install", "-at_install")
class TestJournalTours(JournalTourCase):
    """Each gesture, in a browser whose clock is not the salon's."""

    def start(self, tour, login="tour_desk"):
        self.start_tour(URL, tour, login=login, cookies={"tz": "Pacific/Auckland"})

    def test_dragging_and_resizing(self):
        self.start("salon_journal_drag")
        self.assertEqual(self.spans(self.own), [("Anna", "08:00", "09:30")])

    def test_a_reason_is_asked_for(self):
        self.start("salon_journal_reason")
        self.assertEqual(self.spans(self.other), [("Bella", "12:00", "13:00")])
        self.assertIn("She begged", self.other.log_ids.mapped("reason"))

    def test_the_rest_of_a_visit_follows(self):
        self.own.action_cancel(reason=self.env.ref("salon_spa.reason_client_plans").id)
        self.other.action_cancel(reason=self.env.ref("salon_spa.reason_client_plans").id)
        visit = self.make_visit(self.clock(8), (self.cut, self.anna), (self.colour, self.anna), override_reason=False)
        self.start("salon_journal_whole")
        starts = [self.company._salon_local(line.start).strftime("%H:%M") for line in visit.line_ids.sorted("id")]
        self.assertEqual(starts, ["09:00", "10:05"])

    def test_booking_on_empty_time(self):
        self.start("salon_journal_book")
        visit = self.erika.salon_visit_ids
        self.assertEqual((visit.state, self.spans(visit)), ("booked", [("Bella", "09:00", "10:00")]))

    def test_menus_and_the_card(self):
        self.start("salon_journal_menu")
        self.assertEqual((self.own.state, self.other.state), ("done", "cancelled"))
        copy = self.clara.salon_visit_ids - self.own
        self.assertEqual((copy.state, self.spans(copy)), ("booked", [("Bella", "09:00", "10:00")]))
        blocks = self.env["salon.allocation"].search([("kind", "=", "block")])
        block = blocks.filtered(lambda row: row.resource_id == self.anna.resource_id)
        self.assertEqual((block.start, block.stop), (self.clock(12), self.clock(12.5)))

    def test_breaks(self):
        self.start("salon_journal_blocks")
        block = self.env["salon.allocation"].search([("kind", "=", "block")])
        self.assertEqual(block.resource_id, self.anna.resource_id)
        self.assertEqual((block.start, block.stop), (self.clock(9), self.clock(9.5)))

    def test_keyboard(self):
        self.start("salon_journal_keys")

    def test_rooms(self):
        kind = self.env["salon.room.type"].create({"name": "Cabinet"})
        rooms = self.env["salon.room"].create([{"name": f"Cabinet {n}", "type_ids": kind.ids} for n in (1, 2)])
        self.env["salon.requirement"].create(
            {"product_tmpl_id": self.cut.product_tmpl_id.id, "room_type_id": kind.id}
        )
        self.own.line_ids._sync_allocations()
        self.start("salon_journal_rooms")
        self.assertEqual(self.own.line_ids.room_id, rooms[1])

    def test_a_masters_journal(self):
        self.make_visit(self.clock(8), (self.cut, self.bella), client=self.dora)
        self.other.line_ids.employee_id = self.bella
        self.start("salon_journal_master", login="tour_anna")
        self.assertEqual(self.own.state, "arrived")


@tagged("post_install", "-at_install")
class TestJournalPhone(JournalTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_day_in_the_hand(self):
        self.start_tour(URL, "salon_journal_phone", login="tour_desk")
        self.assertEqual(self.own.state, "arrived")
        self.assertEqual(self.other.line_ids.employee_id, self.bella)
