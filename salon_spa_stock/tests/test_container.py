from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .material_case import MaterialCase


@tagged("post_install", "-at_install")
class TestContainer(MaterialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oxidant.write({"salon_container_size": 200, "salon_open_days": 30})
        cls.desk = cls.make_user("desk-c", "administrator")
        cls.waste = cls.company._salon_write_off_location()

    def containers(self):
        return self.env["salon.container"].search([("product_id", "=", self.oxidant.id)], order="id")

    def test_weighed_in_ones_own_company(self):
        self.colour_again(0)
        other = self.env["res.company"].create({"name": "Other Salon"})
        stranger = self.make_user("desk-other-c", "administrator")
        stranger.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.env["salon.container.weigh"].with_user(stranger).create({"container_id": self.containers().id})

    def colour_again(self, hours, master=None):
        visit = self.make_visit(self.yesterday + timedelta(hours=hours), (self.colour, master or self.anna))
        visit.action_done()
        return visit

    def test_opened_by_the_first_draw_and_followed_by_the_next(self):
        first = self.colour_again(0)
        container = self.containers()
        self.assertEqual((container.state, container.drawn, container.left), ("open", 90, 110))
        self.assertEqual(container.use_until, self.company._salon_today() + timedelta(days=30))
        self.assertEqual(self.row(first, self.oxidant).container_id, container)
        self.assertEqual(self.left(self.oxidant), 2910, "what is in it is still stock")
        self.colour_again(3)
        third = self.colour_again(6)
        one, two = self.containers()
        self.assertEqual((one.state, one.close_reason, one.left, one.yield_rate), ("closed", "used_up", 0, 100))
        self.assertEqual((two.state, two.drawn), ("open", 70))
        self.assertEqual(len(self.row(third, self.oxidant).move_ids), 2)
        self.assertEqual(self.left(self.oxidant), 2730)

    def test_giving_back_opens_again_what_had_run_out(self):
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.oxidant).actual = 200
        visit.action_done()
        container = self.containers()
        self.assertEqual(container.state, "closed")
        self.row(visit, self.oxidant).actual = 150
        self.assertEqual((container.state, container.left), ("open", 50))
        visit.action_reopen()
        self.assertEqual((container.left, self.left(self.oxidant)), (200, 3000))

    def test_closed_with_the_rest_written_off(self):
        visit = self.colour_again(0)
        container = self.containers()
        container.with_user(self.desk)._close("dried")
        self.assertEqual((container.state, container.wasted, container.left), ("closed", 110, 0))
        self.assertEqual(container.yield_rate, 45)
        self.assertEqual(self.left(self.oxidant), 2800)
        self.assertEqual(self.left(self.oxidant, self.waste), 110)
        self.row(visit, self.oxidant).actual = 80
        self.assertEqual((container.state, container.wasted, container.left), ("closed", 120, 0))
        self.assertEqual(self.left(self.oxidant), 2800, "what was not used is thrown away with the rest")
        self.row(visit, self.oxidant).actual = 100
        self.assertEqual(len(self.containers()), 2, "nothing is drawn from what is closed")
        with self.refused("is closed"):
            container._close("spoiled")

    def test_weighed(self):
        self.colour_again(0)
        container = self.containers()
        wizard = (
            self.env["salon.container.weigh"].with_user(self.desk).create({"container_id": container.id, "left": 95})
        )
        wizard.action_apply()
        self.assertEqual((container.shrinkage, container.left), (15, 95))
        self.assertEqual(self.left(self.oxidant), 2895)
        container._weigh(105)
        self.assertEqual((container.shrinkage, container.left), (5, 105))
        container._weigh(105)
        self.assertEqual(container.shrinkage, 5)
        for amount in (-1, 201):
            with self.refused("Between 0 and 200 ml can be in"):
                container._weigh(amount)
        container._weigh(0)
        self.assertEqual((container.state, container.close_reason), ("closed", "used_up"))

    def test_closed_by_the_dialog_for_several_at_once(self):
        self.colour_again(0)
        self.dye.salon_container_size = 60
        self.colour_again(3)
        opened = self.env["salon.container"].search([("state", "=", "open")])
        wizard = (
            self.env["salon.container.close"]
            .with_user(self.desk)
            .with_context(**opened.action_close()["context"])
            .create({"reason": "spoiled"})
        )
        wizard.action_apply()
        self.assertEqual(set(opened.mapped("state")), {"closed"})

    def test_lots_of_containers(self):
        cream = self.make_material(
            "Cream", self.ml, tracking="lot", use_expiration_date=True, salon_container_size=50, salon_open_days=365
        )
        soon, late, gone = (self.make_lot(cream, name, days) for name, days in (("S", 10), ("L", 90), ("G", -3)))
        for lot in (soon, late, gone):
            self.put(cream, 50, lot)
        self.make_recipe(self.cut, (cream, 40, self.ml))
        first = self.make_colouring((self.cut, self.anna))
        first.action_done()
        container = self.env["salon.container"].search([("product_id", "=", cream.id)])
        self.assertEqual(container.lot_id, soon)
        self.assertEqual(container.use_until, self.company._salon_local(soon.expiration_date).date())
        second = self.make_visit(self.yesterday + timedelta(hours=4), (self.cut, self.anna))
        second.action_done()
        self.assertEqual([self.left(cream, lot=lot) for lot in (soon, late, gone)], [0, 20, 50])
        self.assertIn("lots G have expired", second.material_warning_text)
        by_hand = self.env["salon.container"].create({"product_id": cream.id})
        self.assertEqual((by_hand.lot_id, by_hand.capacity), (late, 50))
        with self.refused("has expired", ValidationError):
            self.env["salon.container"].create({"product_id": cream.id, "lot_id": gone.id})

    def test_a_chosen_container_is_drawn_from(self):
        one, two = self.env["salon.container"].create([{"product_id": self.oxidant.id} for _number in range(2)])
        visit = self.make_colouring()
        visit.action_arrive()
        self.row(visit, self.oxidant).container_id = two
        visit.action_done()
        self.assertEqual((one.drawn, two.drawn), (0, 90))
        self.dye.salon_container_size = 60
        tube = self.env["salon.container"].create({"product_id": self.dye.id})
        with self.refused("does not hold", ValidationError):
            self.row(visit, self.oxidant).container_id = tube

    def test_overdue_ones_are_found(self):
        container = self.env["salon.container"].create(
            {"product_id": self.oxidant.id, "opened_at": fields.Datetime.now() - timedelta(days=40)}
        )
        self.assertTrue(container.is_overdue)
        self.assertIn(container, self.env["salon.container"].search([("is_overdue", "=", True)]))
        container._close("spoiled")
        self.assertFalse(container.is_overdue)
        self.assertNotIn(container, self.env["salon.container"].search([("is_overdue", "=", True)]))

    def test_what_can_t_be_done(self):
        self.colour_again(0)
        container = self.containers()
        with self.refused("close it instead of deleting"):
            container.unlink()
        with self.refused("close it and open another one"):
            container.product_id = self.dye
        with self.refused("close it and open another one"):
            container.with_user(self.desk).capacity = 5000
        with self.violates("salon_container_capacity_positive"):
            self.env["salon.container"].create({"product_id": self.dye.id, "capacity": 0})
        desk = container.with_user(self.desk)
        with self.refused("can't be written"):
            desk.state = "closed"
        container._close("tester")
        with self.refused("is closed"):
            desk.capacity = 500
        master = self.make_user("master-c", "master")
        other = self.env["salon.container"].create({"product_id": self.oxidant.id}).with_user(master)
        self.assertEqual(other.left, 200)
        with self.assertRaises(AccessError):
            other._close("dried")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            other.capacity = 5
