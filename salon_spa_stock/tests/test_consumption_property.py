from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from odoo.tests import tagged

from .material_case import MaterialCase

amounts = st.integers(0, 30_000).map(lambda number: number / 100)


@tagged("post_install", "-at_install")
class TestMovesEqualConsumption(MaterialCase):
    """Whatever the desk and the masters do in whatever order: what has left the stock is what was used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # At an average the cost itself would move with the stock.
        cls.company.cost_method = "standard"
        # One kept in bottles, one by lots that expire, one plain, one that runs short.
        cls.oxidant.write({"salon_container_size": 200})
        cls.cream = cls.make_material("Cream", cls.ml, cost=0.3, tracking="lot", use_expiration_date=True)
        for name, days in (("A", 3), ("B", 30), ("C", -2)):
            cls.put(cls.cream, 150, cls.make_lot(cls.cream, name, days))
        cls.scarce = cls.make_material("Scarce", cls.gram, 40, cost=2)
        cls.recipe.line_ids = [
            (0, 0, {"product_id": product.id, "quantity": quantity})
            for product, quantity in ((cls.cream, 35), (cls.scarce, 12.5))
        ]
        cls.materials = cls.recipe.line_ids.product_id
        cls.visits = [
            cls.make_visit(cls.yesterday - timedelta(hours=3 * number), (cls.colour, cls.anna)) for number in range(3)
        ]
        cls.env.flush_all()
        cls.first = {product: cls.total(product) for product in cls.materials}

    @classmethod
    def total(cls, product, *locations):
        places = locations or (cls.stock,)
        quants = cls.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "in", [place.id for place in places])]
        )
        return sum(quants.mapped("quantity"))

    def check(self):
        env, waste = self.env, self.company._salon_write_off_location()
        env.flush_all()
        rows = env["salon.consumption"].search([("line_id", "in", [visit.line_ids.id for visit in self.visits])])
        for row in rows:
            expected = row.actual if row.visit_id.state == "done" else 0
            out = sum(
                move.quantity if move.location_id == self.stock else -move.quantity
                for move in row.move_ids.filtered(lambda move: move.state == "done")
            )
            self.assertAlmostEqual(out, expected, 2, row.display_name)
            self.assertAlmostEqual(row.moved, expected, 2)
            price = row.product_id.standard_price
            self.assertAlmostEqual(row.cost, expected * price, 1)
            for move in row.move_ids.filtered("origin_returned_move_id"):
                self.assertEqual(move.product_id, move.origin_returned_move_id.product_id)
        for product in self.materials:
            used = sum(row.moved for row in rows if row.product_id == product)
            self.assertAlmostEqual(self.total(product, self.used), used, 2)
            thrown = self.total(product, waste)
            self.assertAlmostEqual(self.total(product), self.first[product] - used - thrown, 2)
        for container in env["salon.container"].search([("product_id", "=", self.oxidant.id)]):
            if container.state == "closed":
                self.assertAlmostEqual(container.left, 0, 2)
            else:
                self.assertGreater(container.left, 0)

    def test_random_days(self):
        case = self

        class Day(RuleBasedStateMachine):
            def __init__(self):
                super().__init__()
                self.savepoint = case.env.cr.savepoint()

            def teardown(self):
                case.env.clear()
                self.savepoint.close(rollback=True)

            @rule(number=st.integers(0, 2))
            def done(self, number):
                case.visits[number].action_done()

            @rule(number=st.integers(0, 2))
            def done_again(self, number):
                visit = case.visits[number]
                if visit.state == "done":
                    visit._on_done()

            @precondition(lambda self: any(visit.state == "done" for visit in case.visits))
            @rule(number=st.integers(0, 2))
            def reopen(self, number):
                if case.visits[number].state == "done":
                    case.visits[number].action_reopen()

            @rule(number=st.integers(0, 2))
            def arrive(self, number):
                if case.visits[number].state == "booked":
                    case.visits[number].action_arrive()

            @rule(number=st.integers(0, 2), which=st.integers(0, 4), amount=amounts)
            def correct(self, number, which, amount):
                row = case.visits[number].consumption_ids.filtered(lambda row: row.product_id == case.materials[which])
                if row:
                    row.actual = amount

            @rule(reason=st.sampled_from(("dried", "spoiled", "tester")))
            def throw_away(self, reason):
                opened = case.env["salon.container"].search(
                    [("product_id", "=", case.oxidant.id), ("state", "=", "open")], limit=1
                )
                if opened:
                    opened._close(reason)

            @invariant()
            def adds_up(self):
                case.check()

        machine = Day.TestCase("runTest")
        machine.settings = settings(
            max_examples=6,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        machine.runTest()
