from datetime import date, timedelta

from odoo import Command
from odoo.fields import Domain
from odoo.tests import tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestVisitReport(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shampoo = cls.env["product.product"].create({"name": "Shampoo", "type": "consu", "list_price": 20.0})
        cls.dora = cls.make_client("Dora", phone="+49 30 901821")

    def figures(self, groupby, *aggregates, domain=(), model="salon.visit.report"):
        rows = self.env[model]._read_group(
            Domain("company_id", "=", self.company.id) & Domain(domain), groupby, aggregates
        )
        return {row[0]: row[1:] for row in rows} if groupby else rows[0]

    def sell(self, visit):
        """Add a product to a visit that is not done yet, and close it."""
        visit.write({"line_ids": [Command.create({"product_id": self.shampoo.id, "sequence": 90})]})
        visit.action_done()

    def test_one_row_for_a_client_and_day(self):
        self.make_done_visit(self.at("2025-03-04", "10:00"), (self.cut, self.anna), (self.colour, self.bella))
        self.sell(self.make_visit(self.at("2025-03-04", "18:00")))
        row = self.env["salon.visit.report"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(row), 1)
        self.assertEqual(
            (row.date, row.partner_id, row.amount_net, row.amount_service, row.amount_retail, row.service_count),
            (date(2025, 3, 4), self.clara, 240.0, 220.0, 20.0, 3),
        )
        self.assertEqual((row.visitor, row.is_new, row.has_retail, row.is_online), ("new", True, True, False))

    def test_walk_ins_without_card_count_apart_and_each_time(self):
        for clock in ("10:00", "14:00"):
            self.make_done_visit(self.at("2025-03-04", clock), partner_id=False, is_anonymous=True)
        self.make_done_visit(self.at("2025-03-04", "16:00"))
        self.assertEqual(
            self.figures(
                [],
                "visit_count:count_distinct",
                "client_count:count_distinct",
                "unidentified_count:count_distinct",
                "amount_net:sum",
                "revenue_per_client:avg",
            ),
            (3, 1, 2, 150.0, 50.0),
        )
        self.assertAlmostEqual(self.figures([], "unidentified_share:avg")[0], 200 / 3)

    def test_new_and_returning_by_period(self):
        self.make_done_visit(self.at("2025-03-04", "10:00"))
        self.make_done_visit(self.at("2025-03-20", "10:00"))
        self.make_done_visit(self.at("2025-04-03", "10:00"))
        self.make_done_visit(self.at("2025-04-04", "10:00"), client=self.dora)
        counts = ("new_client_count:count_distinct", "returning_client_count:count_distinct")
        self.assertEqual(
            self.figures(["date:month"], *counts),
            {date(2025, 3, 1): (1, 0), date(2025, 4, 1): (1, 1)},
            "a client who is new in March does not return in March, however often she comes",
        )
        self.assertEqual(self.figures(["date:year"], *counts), {date(2025, 1, 1): (2, 0)})
        self.assertEqual(
            self.figures(["visitor"], "visit_count:count_distinct"), {"new": (2,), "returning": (2,)}
        )

    def test_tickets(self):
        self.sell(self.make_visit(self.at("2025-03-04", "10:00"), (self.colour, self.anna)))
        self.make_done_visit(self.at("2025-03-05", "10:00"), booking_source="online")
        self.assertEqual(
            self.figures(
                [],
                "average_ticket:avg",
                "service_ticket:avg",
                "retail_ticket:avg",
                "services_per_visit:avg",
                "retail_attach_rate:avg",
                "online_share:avg",
            ),
            (95.0, 85.0, 20.0, 1.0, 50.0, 50.0),
        )

    # -- How visits ended -------------------------------------------------------------

    def outcomes(self, groupby, *aggregates, domain=()):
        return self.figures(groupby, *aggregates, domain=domain, model="salon.visit.outcome.report")

    def end(self, day, outcome, *lines, **values):
        visit = self.make_visit(self.at(day, "10:00"), *lines, **values)
        if outcome == "done":
            visit.action_done()
        elif outcome == "no_show":
            visit.action_no_show(self.env["salon.reason"].create({"name": "Forgot", "kind": "no_show"}))
        elif outcome:
            visit.action_cancel(self.env["salon.reason"].create({"name": outcome, "kind": outcome}))
        return visit

    def test_rates_are_those_of_the_definitions(self):
        for day in ("2025-03-03", "2025-03-04", "2025-03-05"):
            self.end(day, "done")
        self.end("2025-03-06", "no_show")
        late = self.end("2025-03-07", "client")
        self.end("2025-03-10", "salon")
        self.end("2025-03-11", None)
        self.assertTrue(late.is_late_cancel)
        counts = ("created", "done", "cancelled", "late_cancel", "no_show", "expected")
        self.assertEqual(self.outcomes([], *[f"{name}_count:sum" for name in counts]), (7, 3, 2, 1, 1, 5))
        no_show, cancelled, late_cancel = self.outcomes(
            [], "no_show_rate:avg", "cancellation_rate:avg", "late_cancel_rate:avg"
        )
        self.assertEqual(no_show, 20.0)
        self.assertAlmostEqual(cancelled, 200 / 7)
        self.assertAlmostEqual(late_cancel, 100 / 7)
        self.assertEqual(self.outcomes([], "amount_lost:sum"), (150.0,))
        self.assertEqual(
            self.outcomes(["outcome"], "__count"),
            {"done": (3,), "no_show": (1,), "late_cancel": (1,), "cancelled": (1,), "open": (1,)},
        )
        self.assertEqual(
            self.outcomes(["reason_kind"], "__count", domain=[("cancelled_count", "=", 1)]),
            {"client": (1,), "salon": (1,)},
        )

    def test_a_visit_with_two_masters_stands_under_both_and_once_in_the_total(self):
        self.end("2025-03-03", "done", (self.cut, self.anna))
        self.end("2025-03-04", "no_show", (self.cut, self.anna), (self.cut, self.bella))
        self.assertEqual(
            self.outcomes(["employee_ids"], "created_count:sum", "no_show_rate:avg"),
            {self.anna: (2, 50.0), self.bella: (1, 100.0)},
        )
        self.assertEqual(self.outcomes([], "created_count:sum", "no_show_rate:avg"), (2, 50.0))

    def test_lead_time_is_the_median(self):
        for hours, day in ((1, "2025-03-03"), (30, "2025-03-04"), (1000, "2025-03-05")):
            visit = self.end(day, "done")
            visit.flush_recordset()
            created = visit.start - timedelta(hours=hours)
            self.env.cr.execute("UPDATE salon_visit SET create_date = %s WHERE id = %s", [created, visit.id])
        self.assertEqual(self.outcomes([], "lead_hours:avg"), (30.0,))
        self.assertEqual(self.outcomes(["lead_span"], "__count"), {"0": (1,), "2": (1,), "5": (1,)})

    def test_creation_is_told_in_the_salons_own_time(self):
        visit = self.end("2025-07-09", "done")
        visit.flush_recordset()
        self.env.cr.execute("UPDATE salon_visit SET create_date = '2025-07-06 22:30:00' WHERE id = %s", [visit.id])
        row = self.env["salon.visit.outcome.report"].search([("visit_id", "=", visit.id)])
        self.assertEqual(
            (row.created_date, row.created_weekday, row.created_hour, row.weekday, row.hour),
            (date(2025, 7, 7), "0", "00:00", "2", "10:00"),
        )
