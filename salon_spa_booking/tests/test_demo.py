from odoo.tests import TransactionCase, tagged

from ..demo.lotus import ROOMS, Lotus


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo salon has rooms, and every service of its visits is in one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Lotus(cls.env, clients=30, languages=()).build()

    def test_every_service_has_a_room(self):
        lines = self.env["salon.visit.line"].search([("kind", "=", "service"), ("state", "in", ("done", "booked"))])
        self.assertGreater(len(lines), 100)
        self.assertFalse(lines.filtered(lambda line: not line.room_id).mapped("display_name"))
        self.assertLessEqual({line.room_id.name for line in lines}, {room[0] for room in ROOMS})

    def test_clients_wait(self):
        self.assertEqual(len(self.env["salon.waitlist"].search([("state", "=", "waiting")]).partner_id), 3)

    def test_blocks_stand_in_the_book(self):
        self.assertEqual(set(self.env["salon.block"].search([]).mapped("name")), {"Cleaning"})
        self.assertTrue(self.env["salon.allocation"].search_count([("block_id", "!=", False)]))
