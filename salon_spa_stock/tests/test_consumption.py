from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .material_case import MaterialCase


@tagged("post_install", "-at_install")
class TestConsumption(MaterialCase):
    def test_done_writes_the_norm_off(self):
        visit = self.make_colouring()
        visit.action_done()
        self.assertEqual(self.taken(visit), {"Dye 6.1": (60, 60), "Oxidant": (90, 90), "Gloves": (2, 2)})
        self.assertEqual([self.left(one) for one in (self.dye, self.oxidant, self.gloves)], [940, 2910, 98])
        self.assertEqual(self.left(self.dye, self.used), 60)
        row = self.row(visit, self.dye)
        self.assertEqual((row.state, row.moved, row.cost), ("done", 60, 30))
        self.assertEqual(row.move_ids.salon_line_id, visit.line_ids)
        self.assertEqual(row.move_ids.origin, visit.name)
        self.assertEqual(self.row(visit, self.gloves).cost, 0.4)
        self.assertFalse(visit.material_warning_text)

    def test_the_books_call_it_materials(self):
        """At the closing of the stock, and at once where the company values in real time."""
        materials = self.env.ref("salon_spa.category_materials")._get_account(self.company)
        self.company.account_stock_valuation_id = self.env["account.account"].search(
            [("account_type", "=", "asset_current"), ("company_ids", "in", self.company.ids)], limit=1
        )
        # Odoo closes no goods without a category.
        (self.dye | self.oxidant | self.gloves).categ_id = self.env["product.category"].create({"name": "Later"})
        visit = self.make_colouring()
        visit.action_done()
        self.env.flush_all()
        self.company.action_close_stock_valuation(auto_post=True)
        self.assertEqual(self.booked(materials), sum(visit.consumption_ids.mapped("cost")))
        self.dye.categ_id = self.env["product.category"].create({"name": "At Once", "property_valuation": "real_time"})
        before = self.booked(materials)
        self.row(visit, self.dye).actual = 100
        self.assertEqual(self.booked(materials) - before, 20)

    def booked(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_a_second_done_writes_nothing(self):
        visit = self.make_colouring()
        visit.action_done()
        moves = visit.consumption_ids.move_ids
        visit._on_done()
        visit.action_done()
        visit.consumption_ids._settle()
        self.assertEqual(visit.consumption_ids.move_ids, moves)
        self.assertEqual(self.left(self.dye), 940)

    def test_one_row_for_each_material(self):
        visit = self.make_colouring()
        visit.action_done()
        with self.violates("salon_consumption_one_each"):
            self.env["salon.consumption"].create({"line_id": visit.line_ids.id, "product_id": self.dye.id, "actual": 5})

    def test_corrected_before(self):
        visit = self.make_colouring()
        visit.action_arrive()
        self.assertEqual(self.left(self.dye), 1000)
        self.row(visit, self.dye).actual = 75
        self.row(visit, self.gloves).actual = 0
        visit.action_done()
        self.assertEqual(self.taken(visit), {"Dye 6.1": (60, 75), "Oxidant": (90, 90), "Gloves": (2, 0)})
        self.assertEqual(self.left(self.dye), 925)
        self.assertEqual(self.left(self.gloves), 100)
        self.assertFalse(self.row(visit, self.gloves).move_ids)

    def test_corrected_after_more_and_less(self):
        visit = self.make_colouring()
        visit.action_done()
        row = self.row(visit, self.dye)
        row.actual = 100
        self.assertEqual((self.left(self.dye), row.cost), (900, 50))
        row.actual = 45
        self.assertEqual((self.left(self.dye), row.cost), (955, 22.5))
        back = row.move_ids.filtered("origin_returned_move_id")
        self.assertEqual(sum(back.mapped("quantity")), 55)
        self.assertTrue(all(move.location_dest_id == self.stock for move in back))
        row.actual = 0
        self.assertEqual((self.left(self.dye), row.cost), (1000, 0))
        events = visit.log_ids.filtered(lambda entry: entry.event == "material")
        self.assertEqual(len(events), 3)
        self.assertIn(("60 ml", "100 ml", "Dye 6.1"), [(one.old, one.new, one.reason) for one in events])

    def test_cost_of_what_comes_back_is_what_it_went_for(self):
        visit = self.make_colouring()
        visit.action_done()
        self.dye.standard_price = 2.0
        row = self.row(visit, self.dye)
        row.actual = 30
        self.assertEqual(row.cost, 15)

    def test_reopening_gives_back_and_done_takes_again(self):
        visit = self.make_colouring()
        visit.action_done()
        self.row(visit, self.dye).actual = 70
        visit.action_reopen()
        self.assertEqual([self.left(one) for one in (self.dye, self.oxidant, self.gloves)], [1000, 3000, 100])
        self.assertEqual(set(visit.consumption_ids.mapped("state")), {"reversed"})
        self.assertEqual(sum(visit.consumption_ids.mapped("cost")), 0)
        visit._on_reopened()
        self.assertEqual(self.left(self.dye), 1000)
        visit.action_done()
        self.assertEqual([self.left(one) for one in (self.dye, self.oxidant, self.gloves)], [930, 2910, 98])

    def test_another_service_after_reopening(self):
        self.make_recipe(self.cut, (self.gloves, 1, self.pieces))
        visit = self.make_colouring()
        visit.action_done()
        visit.action_reopen()
        visit.line_ids.product_id = self.cut
        visit.action_done()
        self.assertEqual(self.left(self.dye), 1000)
        self.assertEqual(self.left(self.gloves), 99)

    def test_cancelled_and_product_lines_take_nothing(self):
        shampoo = self.make_material("Shampoo", self.pieces, 10)
        visit = self.make_colouring((self.colour, self.anna), (self.colour, self.anna))
        visit.line_ids = [Command.create({"product_id": shampoo.id, "sequence": 90})]
        visit.action_arrive()
        visit.line_ids[1].action_cancel_line()
        visit.action_done()
        self.assertEqual(self.left(self.dye), 940)
        self.assertNotIn(shampoo, visit.consumption_ids.product_id, "it is sold, and leaves the stock as such")

    def test_a_cancelled_visit_keeps_no_plans(self):
        visit = self.make_visit(self.tomorrow(), (self.colour, self.anna))
        visit.action_arrive()
        self.assertEqual(len(visit.consumption_ids), 3)
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        self.assertFalse(visit.consumption_ids)
        self.assertEqual(self.left(self.dye), 1000)

    def test_the_plan_follows_the_service_until_somebody_corrects_it(self):
        self.make_recipe(self.cut, (self.gloves, 1, self.pieces))
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.gloves).actual = 4
        visit.line_ids.product_id = self.cut
        self.assertEqual(self.taken(visit), {"Gloves": (1, 4)})

    def test_quantity_multiplies_the_norm(self):
        visit = self.make_colouring()
        visit.line_ids.quantity = 2
        visit.action_done()
        self.assertEqual(self.taken(visit)["Dye 6.1"], (120, 120))

    def test_a_material_of_no_recipe(self):
        mask = self.make_material("Mask", self.gram, 500, cost=1)
        visit = self.make_colouring()
        visit.action_done()
        visit.line_ids.consumption_ids = [Command.create({"product_id": mask.id, "actual": 25})]
        self.assertEqual(self.left(mask), 475)
        self.assertEqual(self.row(visit, mask).cost, 25)
        with self.refused("set what was used to 0"):
            self.row(visit, mask).unlink()

    def test_shortage_goes_below_zero_with_a_warning_and_one_task(self):
        self.company.salon_stock_user_id = self.make_user("keeper", "administrator")
        self.put(self.dye, -960)
        visit = self.make_colouring()
        visit.action_done()
        self.assertEqual(visit.state, "done")
        self.assertEqual(self.left(self.dye), -20)
        self.assertEqual(self.row(visit, self.dye).short, 20)
        self.assertIn("Dye 6.1: 20 ml more was used than", visit.material_warning_text)
        self.make_visit(self.yesterday + timedelta(hours=5), (self.colour, self.bella)).action_done()
        self.assertEqual(self.left(self.dye), -80)
        tasks = self.dye.activity_ids
        self.assertEqual(len(tasks), 1)
        self.assertEqual(tasks.user_id, self.company.salon_stock_user_id)
        self.assertEqual(tasks.salon_location_id, self.stock)
        visit.action_reopen()
        self.assertFalse(visit.material_warning_text)
        self.assertEqual(self.row(visit, self.dye).short, 0)

    def test_a_recipe_without_stock_never_blocks(self):
        wax = self.make_material("Wax", self.gram)
        self.make_recipe(self.cut, (wax, 30, self.gram))
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        self.assertEqual(self.left(wax), -30)

    def test_first_expiry_first_and_expired_left_alone(self):
        cream = self.make_material("Cream", self.ml, tracking="lot", use_expiration_date=True)
        late, soon, gone = (self.make_lot(cream, name, days) for name, days in (("L", 90), ("S", 5), ("G", -1)))
        for lot, quantity in ((late, 100), (soon, 20), (gone, 50)):
            self.put(cream, quantity, lot)
        self.make_recipe(self.cut, (cream, 30, self.ml))
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        self.assertEqual([self.left(cream, lot=lot) for lot in (late, soon, gone)], [90, 0, 50])
        self.assertEqual(self.row(visit, cream).lot_text, "S, L")
        self.assertIn("lots G have expired and were left alone", visit.material_warning_text)
        visit.action_reopen()
        self.assertEqual([self.left(cream, lot=lot) for lot in (late, soon, gone)], [100, 20, 50])

    def test_an_expired_lot_can_t_be_chosen(self):
        cream = self.make_material("Cream", self.ml, tracking="lot", use_expiration_date=True)
        good, gone = self.make_lot(cream, "Good", 90), self.make_lot(cream, "Gone", -2)
        for lot in (good, gone):
            self.put(cream, 50, lot)
        self.make_recipe(self.cut, (cream, 30, self.ml))
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_arrive()
        with self.refused("Lot Gone of Cream expired on", ValidationError):
            self.row(visit, cream).lot_id = gone
        other = self.make_lot(self.make_material("Other", self.ml, tracking="lot"), "O", 10)
        with self.refused("does not hold", ValidationError):
            self.row(visit, cream).lot_id = other
        self.row(visit, cream).lot_id = good
        visit.action_done()
        self.assertEqual(self.left(cream, lot=good), 20)

    def test_lots_that_never_came_go_below_zero_too(self):
        cream = self.make_material("Cream", self.ml, tracking="lot", use_expiration_date=True)
        self.make_recipe(self.cut, (cream, 30, self.ml))
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        self.assertEqual(self.left(cream), -30)
        visit.action_reopen()
        self.assertEqual(self.left(cream), 0)

    def test_a_substitute_when_the_material_has_run_out(self):
        other = self.make_material("Dye 6.0", self.ml, 50)
        third = self.make_material("Dye 5.0", self.ml, 500)
        self.recipe.unlink()
        instead = {"is_substitute": True}
        self.make_recipe(
            self.colour, (self.dye, 60, self.ml), (other, 60, self.ml, instead), (third, 70, self.ml, instead)
        )
        visit = self.make_colouring()
        visit.action_arrive()
        self.assertEqual(self.taken(visit), {"Dye 6.1": (60, 60)})
        self.put(self.dye, -990)
        visit.action_done()
        self.assertEqual(self.taken(visit), {"Dye 5.0": (70, 70)})
        self.assertEqual(self.left(third), 430)
        self.put(third, -430)
        later = self.make_visit(self.yesterday + timedelta(hours=5), (self.colour, self.bella))
        later.action_done()
        self.assertEqual(self.taken(later), {"Dye 6.1": (60, 60)})

    def test_the_master_s_own_shelf(self):
        shelf = self.env["stock.location"].create(
            {"name": "Anna's Cart", "location_id": self.stock.id, "company_id": self.company.id}
        )
        self.anna.salon_stock_location_id = shelf
        self.put(self.dye, 100, location=shelf)
        visit = self.make_colouring()
        visit.action_done()
        self.assertEqual(self.left(self.dye, shelf), 40)
        self.assertEqual(self.left(self.dye), 1000)
        self.anna.salon_stock_location_id = False
        visit.action_reopen()
        self.assertEqual(self.left(self.dye, shelf), 100)

    def test_the_cabinet_of_the_room(self):
        """A room is a resource that the visit takes; the master's own shelf comes first."""
        cabinet, cart = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.stock.id, "company_id": self.company.id}
                for name in ("Room 2", "Anna's Cart")
            ]
        )
        room = self.env["resource.resource"].create({"name": "Room 2", "resource_type": "material"})
        manager = self.make_user("manager-room", "manager")
        cabinet.with_user(manager).salon_resource_ids = room
        self.assertEqual(room.salon_stock_location_id, cabinet)
        for place in (cabinet, cart):
            self.put(self.dye, 100, location=place)
        visits = self.make_colouring(), self.make_visit(self.yesterday + timedelta(hours=5), (self.colour, self.anna))
        for visit in visits:
            line = visit.line_ids
            self.env["salon.allocation"].create(
                {
                    "kind": "visit",
                    "line_id": line.id,
                    "resource_id": room.id,
                    "start": line.start,
                    "stop": line.stop,
                    "company_id": self.company.id,
                }
            )
        visits[0].action_done()
        self.assertEqual(self.left(self.dye, cabinet), 40)
        self.anna.salon_stock_location_id = cart
        visits[1].action_done()
        self.assertEqual((self.left(self.dye, cabinet), self.left(self.dye, cart)), (40, 40))
        self.assertEqual(self.left(self.dye), 1000)

    def test_bad_amounts(self):
        visit = self.make_colouring()
        visit.action_done()
        row = self.row(visit, self.dye)
        with self.violates("salon_consumption_not_negative"):
            row.actual = -5
        with self.violates("salon_consumption_not_absurd"):
            row.actual = 10_000_000
        with self.refused("add the other one as a line of its own"):
            row.product_id = self.oxidant
        service = self.env["product.product"].create({"name": "Talk", "type": "service"})
        with self.refused("is not kept in stock", ValidationError):
            self.env["salon.consumption"].create({"line_id": visit.line_ids.id, "product_id": service.id, "actual": 1})

    def test_nothing_is_used_by_what_did_not_take_place(self):
        visit = self.make_visit(self.tomorrow(), (self.colour, self.anna))
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        with self.refused("did not take place"):
            self.env["salon.consumption"].create({"line_id": visit.line_ids.id, "product_id": self.dye.id, "actual": 1})

    def test_a_failure_leaves_nothing_half_written(self):
        visit = self.make_colouring()
        self.env.flush_all()
        before = self.env["stock.move"].search_count([])
        # A number that is one too many for its column: the last step of the last material fails.
        self.recipe.line_ids.filtered(lambda line: line.product_id == self.gloves).quantity = 2_000_000
        with self.violates("salon_consumption_not_absurd"):
            visit.action_done()
        self.env.invalidate_all()
        self.assertEqual(visit.state, "booked")
        self.assertFalse(visit.consumption_ids)
        self.assertEqual(self.env["stock.move"].search_count([]), before)

    def test_repeat_last_amounts(self):
        mask = self.make_material("Mask", self.gram, 500)
        visit = self.make_colouring()
        visit.action_done()
        self.row(visit, self.dye).actual = 82
        self.row(visit, self.gloves).actual = 0
        visit.line_ids.consumption_ids = [Command.create({"product_id": mask.id, "actual": 25})]
        later = self.make_visit(self.yesterday + timedelta(hours=5), (self.colour, self.bella))
        later.line_ids.action_repeat_materials()
        self.assertEqual(
            self.taken(later), {"Dye 6.1": (60, 82), "Oxidant": (90, 90), "Gloves": (2, 0), "Mask": (0, 25)}
        )
        later.action_done()
        self.assertEqual(self.left(self.dye), 1000 - 2 * 82)
        dora = self.make_visit(self.tomorrow(), (self.colour, self.anna), client=self.make_client("Dora"))
        with self.refused("was not written down"):
            dora.line_ids.action_repeat_materials()

    def test_closing_a_visit_with_five_materials_is_no_storm_of_queries(self):
        more = [
            self.make_material(name, self.ml, 500, cost=1, salon_container_size=size)
            for name, size in (("A", 0), ("B", 100))
        ]
        self.recipe.line_ids = [Command.create({"product_id": product.id, "quantity": 10}) for product in more]
        first, second = (
            self.make_visit(self.yesterday + timedelta(hours=hours), (self.colour, master))
            for hours, master in ((0, self.anna), (5, self.bella))
        )
        first.action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        # Two locks and two looks of Odoo's own at the stock for each material are among them.
        with self.assertQueryCount(__system__=85):
            second.action_done()
            self.env.flush_all()

    def test_many_visits_closed_at_once(self):
        visits = self.env["salon.visit"]
        for number in range(4):
            client = self.make_client(f"Client {number}")
            start = self.yesterday + timedelta(hours=2 * number)
            visits |= self.make_visit(start, (self.colour, self.anna), client=client)
        self.env.flush_all()
        rows = self.env["salon.consumption"]
        with self.assertQueryCount(__system__=150):
            visits.action_done()
            self.env.flush_all()
        self.assertEqual(rows.search_count([("visit_id", "in", visits.ids), ("state", "=", "done")]), 12)
        self.assertEqual(self.left(self.dye), 760)


@tagged("post_install", "-at_install")
class TestMaster(MaterialCase):
    """What masters may do with materials."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna_user, cls.bella_user = cls.make_user("anna-m", "master"), cls.make_user("bella-m", "master")
        cls.anna.user_id, cls.bella.user_id = cls.anna_user, cls.bella_user

    def test_a_master_corrects_own_services_also_when_done(self):
        visit = self.make_colouring()
        visit.action_arrive()
        line = visit.line_ids.with_user(self.anna_user)
        row = line.consumption_ids.filtered(lambda one: one.product_id == self.dye)
        line.write({"consumption_ids": [Command.update(row.id, {"actual": 70})]})
        visit.with_user(self.anna_user).action_done()
        self.assertEqual(self.left(self.dye), 930)
        line.write({"consumption_ids": [Command.update(row.id, {"actual": 50})]})
        self.assertEqual(self.left(self.dye), 950)
        mask = self.make_material("Mask", self.gram, 500)
        line.write({"consumption_ids": [Command.create({"product_id": mask.id, "actual": 25})]})
        self.assertEqual(self.left(mask), 475)

    def test_a_master_writes_nothing_of_a_colleague(self):
        visit = self.make_colouring((self.colour, self.anna), (self.cut, self.bella))
        visit.action_arrive()
        row = self.row(visit, self.dye).with_user(self.bella_user)
        self.assertEqual(row.actual, 60, "of the same visit it is read")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            row.actual = 5
        other = self.make_visit(self.yesterday + timedelta(hours=4), (self.colour, self.anna))
        other.action_arrive()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.row(other, self.dye).with_user(self.bella_user).read(["actual"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.env["salon.consumption"].with_user(self.bella_user).create(
                {"line_id": other.line_ids.id, "product_id": self.make_material("Mask", self.ml).id, "actual": 1}
            )

    def test_masters_see_no_costs(self):
        visit = self.make_colouring()
        visit.action_done()
        row = self.row(visit, self.dye).with_user(self.anna_user)
        for name in ("cost", "move_ids"):
            with self.assertRaises(AccessError):
                row.read([name])
        self.assertNotIn("cost", row.read()[0])

    def test_what_follows_can_t_be_written(self):
        visit = self.make_colouring()
        visit.action_done()
        row = self.row(visit, self.dye).with_user(self.make_user("desk-m", "administrator"))
        for name, value in (("moved", 0), ("state", "planned"), ("norm", 1), ("is_waived", True), ("short", 0)):
            with self.refused("can't be written"):
                row.write({name: value})
        with self.refused("can't be written"):
            row.create({"line_id": visit.line_ids.id, "product_id": self.gloves.id, "moved": 5})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            row.unlink()

    def test_materials_left_are_read_by_masters(self):
        shelf = self.env["stock.location"].create(
            {"name": "Anna's Cart", "location_id": self.stock.id, "company_id": self.company.id}
        )
        self.anna.salon_stock_location_id = shelf
        self.put(self.dye, 100, location=shelf)
        self.env.flush_all()
        materials = self.env["salon.material"].with_user(self.anna_user)
        mine = materials.search([("is_mine", "=", True)])
        self.assertEqual([(row.product_id, row.quantity) for row in mine], [(self.dye, 100)])
        self.assertTrue(mine.is_mine)
        salon = materials.with_user(self.bella_user).search([("is_mine", "=", True), ("product_id", "=", self.dye.id)])
        self.assertEqual(salon.quantity, 1000)
        self.assertEqual(salon.location_id, self.stock)
        cabinet = shelf.copy({"name": "Room 2"})
        self.put(self.dye, 7, location=cabinet)
        values = {"name": "Room 2", "resource_type": "material", "salon_stock_location_id": cabinet.id}
        self.env["resource.resource"].create(values)
        self.env.flush_all()
        here = materials.with_user(self.bella_user).search([("is_mine", "=", True), ("product_id", "=", self.dye.id)])
        self.assertEqual(sorted(here.mapped("quantity")), [7, 1000])
        none = self.make_material("Never Came", self.ml)
        row = materials.search([("product_id", "=", none.id)])
        self.assertEqual((row.quantity, row.location_id), (0, self.stock))
        self.assertFalse(materials._fields.keys() & {"cost", "value", "standard_price"})


@tagged("post_install", "-at_install")
class TestOveruse(MaterialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colour.salon_charge_overuse = True
        cls.dye.sale_ok = True
        cls.desk = cls.make_user("desk-o", "administrator")

    def test_overuse_above_tolerance_is_charged_with_approval(self):
        visit = self.make_colouring()
        visit.action_arrive()
        row = self.row(visit, self.dye)
        row.actual = 66
        self.assertEqual((row.overuse, visit.extra_amount), (0, 0))
        row.actual = 86
        self.assertEqual((row.overuse, row.charge_amount, visit.extra_amount), (20, 20, 20))
        self.assertIn("86 ml used, 60 ml by the norm; 20 ml above norm and tolerance cost", visit.extra_text)
        before = visit.amount_total
        visit.with_user(self.desk).action_charge_extra()
        self.assertEqual(visit.amount_total, before + 20)
        extra = visit.line_ids.filtered(lambda line: line.kind == "extra")
        self.assertEqual((extra.quantity, extra.price_unit, extra.extra_of_id.product_id), (20, 1, self.colour))
        self.assertEqual(extra.employee_id, self.anna)
        self.assertFalse(extra.allocation_ids)
        self.assertEqual(visit.extra_amount, 0)
        row.actual = 96
        self.assertEqual(visit.extra_amount, 10)
        visit.with_user(self.desk).action_charge_extra()
        self.assertEqual(visit.amount_total, before + 30)
        self.assertEqual(len(visit.line_ids.filtered(lambda line: line.kind == "extra")), 1)
        row.actual = 60
        visit.with_user(self.desk).action_charge_extra()
        self.assertEqual(visit.amount_total, before)
        row.actual = 96
        visit.with_user(self.desk).action_charge_extra()
        visit.action_done()
        self.assertEqual(visit.amount_total, before + 30)
        self.env.flush_all()
        facts = self.env["salon.revenue.report"].search([("visit_id", "=", visit.id)])
        self.assertEqual(sum(facts.mapped("amount_net")), visit.amount_total)

    def test_the_till_knows_what_extra_material_is_billed_by(self):
        self.assertIn(self.env["salon.visit.line"]._salon_surcharge(), self.env["pos.config"]._get_special_products())

    def test_own_price_and_waiving(self):
        self.recipe.line_ids.filtered(lambda line: line.product_id == self.dye).charge_price = 2.5
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.dye).actual = 70
        self.assertEqual(visit.extra_amount, 10)
        visit.with_user(self.desk).action_waive_extra()
        self.assertEqual(visit.extra_amount, 0)
        self.assertEqual(visit.amount_total, 120)

    def test_nothing_is_charged_when_the_service_does_not_say_so(self):
        self.colour.salon_charge_overuse = False
        visit = self.make_colouring()
        visit.action_arrive()
        row = self.row(visit, self.dye)
        row.actual = 100
        self.assertEqual((row.overuse, visit.extra_amount), (34, 0))

    def test_a_closed_visit_is_charged_nothing_more(self):
        visit = self.make_colouring()
        visit.action_done()
        self.row(visit, self.dye).actual = 100
        self.assertTrue(visit.extra_amount)
        with self.refused("reopen it to charge"):
            visit.with_user(self.desk).action_charge_extra()
        master = self.make_user("anna-o", "master")
        self.anna.user_id = master
        with self.assertRaises(AccessError):
            visit.with_user(master).action_charge_extra()

    def test_extra_is_not_repeated(self):
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.dye).actual = 100
        visit.action_charge_extra()
        copied = self.env["salon.visit"].browse(visit.action_repeat_visit()["res_id"])
        self.assertEqual(copied.line_ids.product_id, self.colour)

    def test_overuse_has_the_taxes_of_its_service(self):
        tax = self.env["account.tax"].create(
            {"name": "Sales 15 %", "amount": 15, "price_include_override": "tax_excluded"}
        )
        surcharge = self.env["salon.visit.line"]._salon_surcharge()
        for days, service_tax, charged in ((0, tax.browse(), 26), (1, tax, 29.9)):
            self.colour.taxes_id = service_tax
            surcharge.taxes_id = tax - service_tax
            visit = self.make_visit(self.yesterday - timedelta(days=days), (self.colour, self.anna))
            visit.action_arrive()
            self.row(visit, self.dye).actual = 92
            self.assertIn(f"${charged:.2f}", visit.extra_text.replace("\xa0", ""))
            before = visit.amount_total
            visit.with_user(self.desk).action_charge_extra()
            self.assertEqual(round(visit.amount_total - before, 2), charged)

    def test_the_visit_shows_the_desk_what_to_decide(self):
        """Each file's part of the visit's form is there: none has taken another one's name."""
        form = self.env["salon.visit"].with_user(self.desk).get_view(view_type="form")["arch"]
        for name in ("material_warning_text", "extra_text", "action_charge_extra", "action_receipts"):
            self.assertIn(f'name="{name}"', form)


@tagged("post_install", "-at_install")
class TestForecast(MaterialCase):
    def test_need_of_booked_visits(self):
        self.make_visit(self.tomorrow(), (self.colour, self.anna))
        self.make_visit(self.tomorrow() + timedelta(days=9), (self.colour, self.bella))
        own = {"employee_id": self.bella.id}
        self.make_recipe(self.colour, (self.dye, 100, self.ml), **own)
        self.assertEqual(self.dye.salon_need_7, 60)
        self.assertEqual(self.dye.salon_need_14, 160)
        self.assertEqual(self.dye.salon_need_30, 160)
        self.assertAlmostEqual(self.dye.salon_cover_days, 1000 / (160 / 14))
        self.assertFalse(self.dye.salon_is_short)
        self.put(self.dye, -950)
        self.dye.invalidate_recordset()
        self.assertTrue(self.dye.salon_is_short)
        self.assertEqual(self.cut.salon_need_7, 0)

    def test_cover_by_what_was_used_when_nothing_is_booked(self):
        self.make_colouring().action_done()
        self.assertAlmostEqual(self.dye.salon_cover_days, 940 / 2)
        self.assertEqual(self.make_material("Idle", self.ml, 10).salon_cover_days, 0)

    def test_need_takes_a_fixed_number_of_queries(self):
        for number in range(3):
            self.make_visit(self.tomorrow() + timedelta(days=number), (self.colour, self.anna))
        self.env.flush_all()
        self.env.invalidate_all()
        products = self.dye | self.oxidant | self.gloves
        with self.assertQueryCount(__system__=12):
            products._salon_need(30)


@tagged("post_install", "-at_install")
class TestReport(MaterialCase):
    def test_norm_against_actual_and_margin(self):
        visit = self.make_colouring()
        visit.action_done()
        self.row(visit, self.dye).actual = 90
        self.env.flush_all()
        report = self.env["salon.consumption.report"]
        domain = [("visit_id", "=", visit.id)]
        ((norm, actual, rate, cost, by_norm, cost_rate),) = report._read_group(
            [*domain, ("product_id", "=", self.dye.id)],
            [],
            ["norm:sum", "actual:sum", "variance_rate:avg", "cost:sum", "norm_cost:sum", "variance_cost_rate:avg"],
        )
        self.assertEqual((norm, actual, rate, cost, by_norm, cost_rate), (60, 90, 50, 45, 30, 50))
        ((count, revenue, cost, margin, rate),) = report._read_group(
            domain, [], ["service_count:sum", "revenue:sum", "cost:sum", "margin:sum", "material_rate:avg"]
        )
        self.assertEqual((count, revenue), (1, 120))
        self.assertAlmostEqual(cost, 45 + 9 + 0.4)
        self.assertAlmostEqual(margin, 120 - 54.4)
        self.assertAlmostEqual(rate, 100 * 54.4 / 120)
        visit.action_reopen()
        self.env.flush_all()
        self.assertFalse(report.search(domain))

    def test_extra_material_is_revenue_of_its_service(self):
        self.colour.salon_charge_overuse = self.dye.sale_ok = True
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.dye).actual = 86
        visit.action_charge_extra()
        visit.action_done()
        self.env.flush_all()
        groups = self.env["salon.consumption.report"]._read_group(
            [("visit_id", "=", visit.id)], ["service_id"], ["revenue:sum", "service_count:sum", "unit_price:avg"]
        )
        self.assertEqual(groups, [(self.colour, 140, 1, 140)])

    def test_a_corrected_to_nothing_costs_the_norm(self):
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.dye).actual = 0
        visit.action_done()
        self.env.flush_all()
        row = self.env["salon.consumption.report"].search(
            [("visit_id", "=", visit.id), ("product_id", "=", self.dye.id)]
        )
        self.assertEqual((row.norm_cost, row.cost, row.variance_cost), (30, 0, -30))
        self.assertEqual(row.date, fields.Datetime.context_timestamp(visit, visit.start).date())

    def test_digits_of_the_database(self):
        """As many decimal places as the database keeps of quantities."""
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        self.env.invalidate_all()
        self.recipe.line_ids.filtered(lambda line: line.product_id == self.dye).quantity = 0.125
        before = self.left(self.dye)
        visit = self.make_colouring()
        visit.action_done()
        self.assertAlmostEqual(before - self.left(self.dye), 0.125, 6)
        self.assertAlmostEqual(self.row(visit, self.dye).move_ids.quantity, 0.125, 6)

    def test_material_of_another_company(self):
        """A recipe of several salons that names what one of them alone keeps holds no other one up."""
        other = self.env["res.company"].create({"name": "Salon B"})
        theirs = self.make_material("Theirs", self.ml, company_id=other.id)
        self.make_recipe(self.cut, (theirs, 30, self.ml), (self.gloves, 1, self.pieces))
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        self.assertEqual(self.taken(visit), {"Gloves": (1, 1)})

    def test_what_others_have_put_down_here(self):
        """Goods on consignment are not used up silently: the salon's own stock goes below zero, and it is told."""
        owner = self.env["res.partner"].create({"name": "Consigner"})
        wax = self.make_material("Wax", self.gram, 0, cost=1)
        quants = self.env["stock.quant"]
        quants._update_available_quantity(wax, self.stock, 500, owner_id=owner)
        self.make_recipe(self.cut, (wax, 30, self.gram))
        visit = self.make_colouring((self.cut, self.anna))
        visit.action_done()
        left = {quant.owner_id: quant.quantity for quant in quants.search([("product_id", "=", wax.id)])}
        self.assertEqual((left[owner], self.row(visit, wax).short), (500, 30))
        self.assertTrue(wax.activity_ids)
