from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_client import NUMBER, ClientCase


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 08:00:00")
class TestClientMerge(ClientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tea, quiet = cls.env["salon.preference"].create([{"name": "Tea"}, {"name": "Quiet"}])
        cls.old = cls.make_client("Olga", preference_ids=[Command.set(tea.ids)], card_number="7")
        cls.new = cls.make_client(
            "Olga P.", phone=NUMBER, email="olga@example.com", preference_ids=[Command.set((tea | quiet).ids)]
        )
        cls.tags = tea | quiet
        cls.make_done_visit(datetime(2026, 3, 2, 9), (cls.cut, cls.anna), client=cls.old)
        cls.make_done_visit(datetime(2026, 4, 6, 9), (cls.cut, cls.anna), client=cls.new)
        cls.make_done_visit(datetime(2026, 5, 11, 9), (cls.colour, cls.bella), client=cls.new)
        cls.env["salon.consent"].create({"partner_id": cls.new.id, "channel": "sms"})
        cls.env["salon.cadence.call"].create(
            {
                "cadence_id": cls.new.cadence_ids.filtered(
                    lambda row: row.product_tmpl_id == cls.cut.product_tmpl_id
                ).id,
                "outcome": "refused",
                "reason_id": cls.env["salon.reason"].create({"name": "Moved", "kind": "refusal"}).id,
            }
        )
        cls.env.flush_all()

    def merge(self, user, cards, staying):
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user)
            .with_context(active_model="res.partner", active_ids=cards.ids)
            .create({})
        )
        self.assertEqual(wizard.partner_ids, cards)
        wizard.dst_partner_id = staying
        wizard.action_merge()
        self.env.invalidate_all()

    def test_everything_moves(self):
        visits, calls = self.new.salon_visit_ids, self.new.cadence_ids.call_ids
        self.assertTrue(calls)
        action = (self.old | self.new).with_user(self.manager).action_merge_clients()
        self.assertEqual(action["res_model"], "base.partner.merge.automatic.wizard")
        self.merge(self.manager, self.old | self.new, self.old)
        self.assertFalse(self.new.exists())
        card = self.old
        self.assertTrue(card.is_client_card)
        self.assertEqual((card.phone, card.email, card.card_number), (NUMBER, "olga@example.com", "7"))
        self.assertEqual(card.phone_sanitized, NUMBER)
        self.assertEqual(card.preference_ids, self.tags)
        self.assertLessEqual(visits, card.salon_visit_ids)
        self.assertEqual(card.salon_line_ids.mapped("client_id"), card)
        self.assertTrue(card._has_consent("sms", "marketing"))
        self.assertEqual((card.visit_count, card.total_spent, card.client_state), (3, 220, "client"))
        self.assertEqual(card.first_visit_date.isoformat(), "2026-03-02")
        cut = card.cadence_ids.filtered(lambda row: row.product_tmpl_id == self.cut.product_tmpl_id)
        self.assertEqual(len(cut), 1)
        self.assertEqual((cut.visit_count, cut.last_done.isoformat()), (2, "2026-04-06"))
        self.assertEqual(calls.exists().cadence_id, cut)

    def test_the_other_way_round(self):
        self.merge(self.manager, self.old | self.new, self.new)
        self.assertEqual((self.new.visit_count, self.new.phone), (3, NUMBER))
        self.assertEqual(self.new.card_number, "7")

    def test_a_card_and_a_plain_contact(self):
        contact = self.env["res.partner"].create({"name": "Olga", "email": "olga@example.com", "phone": NUMBER})
        self.merge(self.manager, self.new | contact, self.new)
        self.assertEqual((self.new.phone, self.new.visit_count), (NUMBER, 2))
        contact = self.env["res.partner"].create({"name": "Olga", "email": "olga@example.com", "phone": NUMBER})
        self.merge(self.manager, self.new | contact, contact)
        self.assertTrue(contact.is_client_card)
        self.assertEqual((contact.phone_sanitized, contact.visit_count), (NUMBER, 2))

    def test_calls_move_between_companies(self):
        """A client has one row a service, wherever the service was last done."""
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        calls = self.new.cadence_ids.call_ids
        self.old.cadence_ids.sudo().company_id = other
        self.env.flush_all()
        self.merge(self.manager, self.old | self.new, self.old)
        self.assertEqual(calls.cadence_id.client_id, self.old)

    def test_photos_move(self):
        photo = self.env["ir.attachment"].create({"name": "before.txt", "raw": b"photo"})
        self.new.salon_photo_ids = photo
        self.merge(self.manager, self.old | self.new, self.old)
        self.assertEqual(self.old.salon_photo_ids, photo)
        self.assertEqual((photo.res_id, photo.raw), (self.old.id, b"photo"))

    def test_who_referred_whom(self):
        self.old.referred_by_id = self.new
        friend = self.make_client("Friend", referred_by_id=self.new.id)
        self.merge(self.manager, self.old | self.new, self.old)
        self.assertFalse(self.old.referred_by_id)
        self.assertEqual(friend.referred_by_id, self.old)

    def test_administrators_do_not_merge(self):
        cards = self.old | self.new
        with self.assertRaises(AccessError):
            cards.with_user(self.desk).action_merge_clients()
        with self.assertRaises(AccessError):
            self.merge(self.desk, cards, self.old)
        self.desk.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            self.merge(self.desk, cards, self.old)
