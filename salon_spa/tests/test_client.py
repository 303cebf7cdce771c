import contextlib
import json
import threading
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command, api
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.http import Request
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, Form, HttpCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from ..models.base import CONTACT_FIELDS
from .common import SalonCase

NUMBER = "+79099965859"


class ClientCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.ru")
        cls.Partner = cls.env["res.partner"]
        cls.desk = cls.make_user("test-desk", "administrator")
        cls.manager = cls.make_user("test-manager", "manager")
        cls.master_user = cls.make_user("test-master", "master")
        cls.anna.user_id = cls.master_user


@tagged("post_install", "-at_install")
class TestClientPhone(ClientCase):
    def test_every_form_ends_in_one(self):
        for text in ("8 (909) 996-58-59", "+79099965859", "909 996 58 59", "79099965859"):
            client = self.make_client("Olga", phone=text)
            self.assertEqual((client.phone, client.phone_sanitized), (NUMBER, NUMBER), text)
            client.unlink()

    def test_country_of_the_card_comes_first(self):
        client = self.make_client("Lola", phone="90 555 12 34", country_id=self.env.ref("base.uz").id)
        self.assertEqual(client.phone, "+998905551234")
        client.phone = "91 555 12 34"
        self.assertEqual(client.phone, "+998915551234")

    def test_a_wrong_number_is_told_and_not_lost(self):
        client = self.make_client("Olga", phone=NUMBER)
        for text, words in [
            ("8 909 996", "too few digits"),
            ("8 909 996-58-59 ext. 4", "extension"),
            ("call Olga", "letters"),
            ("89099965859, 89099965860", "more than one"),
            ("+999 1234567", "There is no phone number"),
        ]:
            with self.subTest(text=text), self.assertRaisesRegex(ValidationError, words):
                client.phone = text
        with self.assertRaisesRegex(ValidationError, "country of the company"):
            self.company.country_id = False
            self.make_client("Nina", phone="90 555 12 34")

    def test_contacts_that_are_no_clients_stay_as_odoo_keeps_them(self):
        supplier = self.Partner.create({"name": "Supplier", "phone": "call Olga"})
        self.make_client("Olga", phone=NUMBER)
        other = self.Partner.create({"name": "Other", "phone": NUMBER})
        self.assertEqual((supplier.phone, other.phone), ("call Olga", NUMBER))
        self.assertFalse(other.client_state)

    def test_one_card_a_number(self):
        olga = self.make_client("Olga", phone=NUMBER, card_number="77")
        self.assertEqual(olga.client_state, "prospect")
        with self.assertRaisesRegex(ValidationError, r"\+7 909 996-58-59 already belongs .*Olga \(77\)"):
            self.make_client("Other", phone="8 909 996 58 59")
        nina = self.make_client("Nina")
        with self.assertRaisesRegex(ValidationError, "Olga"):
            nina.phone = "89099965859"
        with self.assertRaisesRegex(ValidationError, "at once"):
            self.Partner.create(
                [{"name": name, "is_client_card": True, "phone": "+79161234567"} for name in ("One", "Two")]
            )
        olga.active = False
        nina.phone = NUMBER
        with self.assertRaisesRegex(ValidationError, "Nina"):
            olga.active = True

    def test_a_contact_becomes_a_client(self):
        contact = self.Partner.create({"name": "Olga", "phone": "8 (909) 996-58-59"})
        contact._make_client_cards()
        self.assertEqual((contact.phone, contact.client_state), (NUMBER, "prospect"))
        other = self.Partner.create({"name": "Other", "phone": "8 (909) 996-58-59"})
        with self.assertRaisesRegex(ValidationError, "Olga"):
            other._make_client_cards()

    def test_the_database_guards_what_code_forgets(self):
        olga = self.make_client("Olga", phone=NUMBER)
        nina = self.make_client("Nina", phone="+79161234567")
        self.env.flush_all()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE res_partner SET phone_sanitized = %s WHERE id = %s", (olga.phone_sanitized, nina.id)
            )

    def test_a_family_shares_on_purpose(self):
        mother = self.make_client("Olga", phone=NUMBER)
        child = self.make_client("Masha", phone=NUMBER, phone_shared=True)
        second = self.make_client("Dasha", phone=NUMBER, phone_shared=True)
        self.assertEqual(child.phone_sanitized, NUMBER)
        with self.assertRaisesRegex(ValidationError, "Olga"):
            child.phone_shared = False
        self.assertEqual(self.Partner._find_or_create_client("Somebody", NUMBER), mother)
        self.assertEqual(self.Partner._find_or_create_client("dasha", NUMBER), second)

    def test_form_offers_the_existing_card(self):
        olga = self.make_client("Olga", phone=NUMBER)
        view = "salon_spa.res_partner_view_form_client"
        form = Form(self.Partner.with_user(self.desk).with_context(default_is_client_card=True), view)
        form.name = "Other"
        form.phone_display = "8 909 996 58 59"
        self.assertEqual((form.phone_display, form.phone), ("+7 909 996-58-59", "+7 909 996-58-59"))
        self.assertEqual(form.duplicate_partner_id, olga)
        with self.assertRaises(ValidationError):
            form.save()
        form.phone_display = "8 916 123-45-67"
        self.assertFalse(form.duplicate_partner_id)
        other = form.save()
        self.assertEqual((other.phone, other.phone_display), ("+79161234567", "+7 916 123-45-67"))
        with Form(other, view) as form:
            form.preference_note = "tea"
        self.assertEqual(other.phone, "+79161234567")
        with Form(other, view) as form:
            form.phone_display = "8 916 123-45-68"
        self.assertEqual(other.phone, "+79161234568")
        with Form(other, view) as form:
            form.phone_display = False
        self.assertFalse(other.phone)
        self.assertEqual(olga.action_open_client_card()["res_id"], olga.id)

    def test_find_or_create(self):
        client = self.Partner._find_or_create_client("Olga", "8 909 996-58-59", sex="female")
        self.assertEqual((client.name, client.phone, client.is_client_card), ("Olga", NUMBER, True))
        self.assertEqual(self.Partner._find_or_create_client("Somebody", "9099965859"), client)
        client.active = False
        self.assertEqual(self.Partner._find_or_create_client("Olga", NUMBER), client)
        self.assertTrue(client.active)
        nameless = self.Partner._find_or_create_client("", "8 916 123-45-67")
        self.assertEqual(nameless.name, "Client +7 916 •••-••-67")

    def test_quick_create_from_one_line(self):
        clients = self.Partner.with_user(self.desk).with_context(default_is_client_card=True)
        olga = self.Partner.browse(clients.name_create("Olga 8 (909) 996-58-59")[0])
        self.assertEqual((olga.name, olga.phone, olga.is_client_card), ("Olga", NUMBER, True))
        self.assertEqual(clients.name_create("909 996 58 59")[0], olga.id)
        self.assertEqual(clients.name_create("Ira +7 909 996-58-59")[0], olga.id)
        self.assertFalse(self.Partner.browse(clients.name_create("Ira 2")[0]).phone)
        with self.assertRaises(ValidationError):
            clients.name_create("Ira 909 996 58")
        with self.assertRaisesRegex(ValidationError, "Is a digit missing"):
            clients.name_create("Ira 909 99")

    def test_import(self):
        self.make_client("Olga", phone=NUMBER)
        result = self.Partner.with_user(self.manager).load(
            ["name", "is_client_card", "phone", "birthday_text"],
            [["Ira", "1", "8 916 123 45 67", "03/12/1990"], ["Nina", "1", "+998 90 123 45 67", ""]],
        )
        self.assertFalse(result["messages"])
        clients = self.Partner.browse(result["ids"])
        self.assertEqual(clients.mapped("phone"), ["+79161234567", "+998901234567"])
        self.assertEqual((clients[0].birth_day, clients[0].birth_month, clients[0].birth_year), (12, 3, 1990))
        result = self.Partner.load(["name", "is_client_card", "phone"], [["Copy", "1", "89099965859"]])
        self.assertFalse(result["ids"])
        self.assertIn("Olga", result["messages"][0]["message"])

    def test_search_by_any_fragment(self):
        olga = self.make_client("Olga Petrova", phone=NUMBER, card_number="A-1042", email="olga@example.com")
        clients = self.Partner.with_user(self.desk)
        for text in ("996-58", "9965859", "8 (909) 996", "+7 909 996 58 59", "petrova", "A-104", "olga@ex"):
            with self.subTest(text=text):
                found = [row[0] for row in clients.name_search(text)]
                self.assertIn(olga.id, found)
                self.assertIn(olga, clients.search([("display_name", "ilike", text)]))
        self.assertIn(olga.id, [row[0] for row in clients.name_search("Olga 909 9965859")])
        self.assertNotIn(olga.id, [row[0] for row in clients.name_search("Ira 909 9965859")])
        self.assertNotIn(olga, clients.search([("display_name", "not ilike", "996-58")]))
        # Namesakes are told apart where one is chosen, and only there.
        found = clients.with_context(default_is_client_card=True).web_name_search("Petrova", {"display_name": {}})
        row = next(row for row in found if row["id"] == olga.id)
        number = olga.with_user(self.desk).phone_display
        self.assertEqual(row["__formatted_display_name"], f"Olga Petrova\t--{number}--")
        self.assertEqual(row["display_name"], "Olga Petrova")
        # Who has no role in the salon searches as Odoo does.
        employee = self.make_user("test-desk-2", "administrator")
        employee.group_ids = self.env.ref("base.group_user")
        self.assertFalse(self.Partner.with_user(employee).name_search("996-58"))


@tagged("post_install", "-at_install")
class TestClientRace(BaseCase):
    """Two sessions, each with a connection of its own, register the same number at the same moment."""

    def test_two_sessions_end_with_one_card(self):
        registry = Registry(get_db_name())
        barrier = threading.Barrier(2, timeout=30)
        found, errors = [], []

        def register(name):
            first = True

            def job():
                nonlocal first
                partners = env["res.partner"]
                partners.search_count([("phone_sanitized", "=", NUMBER)])  # both see a base without the card
                if first:
                    first = False
                    barrier.wait()
                found.append(partners._find_or_create_client(name, NUMBER).id)

            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
                    retrying(job, env)
            except Exception as error:
                errors.append(error)

        def cards(env):
            return env["res.partner"].search([("is_client_card", "=", True), ("phone_sanitized", "=", NUMBER)])

        with patch.object(Registry, "_lock", DummyRLock()), patch("odoo.service.model.time.sleep"):
            try:
                threads = [threading.Thread(target=register, args=(name,)) for name in ("Olga", "Ira")]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join(60)
                with registry.cursor() as cr:
                    env = api.Environment(cr, api.SUPERUSER_ID, {})
                    self.assertFalse(errors)
                    self.assertEqual(len(cards(env)), 1)
                    self.assertEqual(found[-2:], cards(env).ids * 2)
            finally:
                with registry.cursor() as cr:
                    cards(api.Environment(cr, api.SUPERUSER_ID, {})).unlink()

    def test_the_loser_is_asked_to_repeat(self):
        registry = Registry(get_db_name())
        with contextlib.ExitStack() as stack:
            stack.enter_context(patch.object(Registry, "_lock", DummyRLock()))
            one, two = (stack.enter_context(registry.cursor()) for _index in range(2))
            first = api.Environment(one, api.SUPERUSER_ID, {"tracking_disable": True})
            second = api.Environment(two, api.SUPERUSER_ID, {"tracking_disable": True})
            second["res.partner"].search_count([])
            card = first["res.partner"].create({"name": "Olga", "phone": NUMBER, "is_client_card": True})
            one.commit()
            try:
                with self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
                    second["res.partner"].create({"name": "Ira", "phone": NUMBER, "is_client_card": True})
            finally:
                two.rollback()
                card.unlink()
                one.commit()


@tagged("post_install", "-at_install")
class TestClientCard(ClientCase):
    def test_birthday(self):
        client = self.make_client("Olga", birthday_text="03/12")
        self.assertEqual((client.birth_day, client.birth_month, client.birth_year, client.age), (12, 3, 0, 0))
        self.env["res.lang"]._activate_lang("ru_RU")
        russian = client.with_user(self.desk)
        self.desk.lang = "ru_RU"
        self.assertEqual(russian.birthday_text, "12.03")
        russian.birthday_text = "29.02"
        self.assertEqual((client.birth_day, client.birth_month), (29, 2))
        with freeze_time("2026-11-22 12:00:00"):
            russian.birthday_text = "22.11.90"
            client.invalidate_recordset(["age"])
            self.assertEqual(client.age, 36)
        for wrong in ("31.04", "29.02.1990", "soon"):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                russian.birthday_text = wrong
        with self.assertRaises(ValidationError):
            client.write({"birth_day": 31, "birth_month": 4, "birth_year": 0})
        with self.assertRaises(ValidationError):
            client.birth_year = 1800
        russian.birthday_text = False
        self.assertFalse(client.birth_day or client.birth_month or client.birth_year)

    def test_upcoming_birthdays(self):
        days = {
            name: self.make_client(name, birth_day=day, birth_month=month)
            for name, day, month in [
                ("today", 30, 12),
                ("new year", 1, 1),
                ("week", 6, 1),
                ("later", 7, 1),
                ("gone", 29, 12),
                ("leap", 29, 2),
            ]
        }
        mine = self.Partner.browse([client.id for client in days.values()])

        def found(*domain):
            return {name for name, client in days.items() if client in mine.search([("id", "in", mine.ids), *domain])}

        with freeze_time("2026-12-30 12:00:00"):
            self.assertEqual(found(("birthday_in_days", "<=", 0)), {"today"})
            self.assertEqual(found(("birthday_in_days", "=", 0)), {"today"})
            self.assertEqual(found(("birthday_in_days", "<=", 7)), {"today", "new year", "week"})
            self.assertEqual(found(("birthday_in_days", "<=", 400)), set(days))
            for client in mine:
                self.assertIn(client, mine.search([("birthday_in_days", "=", client.birthday_in_days)]))
        with freeze_time("2027-02-28 12:00:00"):
            self.assertEqual(found(("birthday_in_days", "<=", 0)), {"leap"})
        with freeze_time("2028-02-28 12:00:00"):
            self.assertEqual(found(("birthday_in_days", "<=", 0)), set())

    def test_newest_consent_counts(self):
        client = self.make_client("Olga")
        self.assertFalse(client._has_consent("sms", "marketing"))
        Consent = self.env["salon.consent"]
        Consent.create({"partner_id": client.id, "channel": "sms", "date": "2026-01-01"})
        self.assertTrue(client._has_consent("sms", "marketing"))
        self.assertFalse(client._has_consent("email", "marketing"))
        self.assertFalse(client._has_consent("sms", "service"))
        taken_back = Consent.create({"partner_id": client.id, "channel": "sms", "date": "2026-02-01", "granted": False})
        self.assertFalse(client._has_consent("sms", "marketing"))
        with self.assertRaisesRegex(UserError, "stays as it was said"):
            taken_back.granted = True

    def test_medical_notes_are_for_few_and_leave_no_trace(self):
        nuts = self.env["salon.contraindication"].create({"name": "Nuts"})
        client = self.make_client("Olga", phone=NUMBER)
        client = client.with_context(tracking_disable=False)
        client.with_user(self.manager).write(
            {"medical_note": "asthma", "contraindication_ids": [Command.link(nuts.id)]}
        )
        self.flush_tracking()
        self.assertNotIn("asthma", str(client.message_ids.mapped("body")))
        self.assertFalse(client.message_ids.tracking_value_ids)
        self.assertNotIn("medical_note", self.Partner.with_user(self.desk).fields_get())
        with self.assertRaises(AccessError):
            client.with_user(self.desk).read(["medical_note"])
        with self.assertRaises(AccessError):
            self.Partner.with_user(self.desk).search([("contraindication_ids", "=", nuts.id)])
        client.with_user(self.manager).write({"medical_note": False, "contraindication_ids": [Command.clear()]})
        self.assertFalse(client.medical_note)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_photos_follow_the_card(self):
        client = self.make_client("Olga")
        photo = self.env["ir.attachment"].with_user(self.desk).create({"name": "before.txt", "raw": b"photo"})
        client.with_user(self.desk).salon_photo_ids = photo
        self.assertEqual((photo.sudo().res_model, photo.sudo().res_id), ("res.partner", client.id))
        with self.assertRaises(AccessError):
            photo.with_user(self.master_user).read(["raw"])
        self.make_done_visit(datetime(2026, 3, 2, 9), client=client)
        self.env.invalidate_all()
        self.assertEqual(photo.with_user(self.master_user).raw, b"photo")
        self.assertEqual(client.with_user(self.master_user).salon_photo_ids, photo)
        # What the browser uploads belongs to the open card already.
        scan = self.env["ir.attachment"].with_user(self.desk).create(
            {"name": "scan.txt", "raw": b"scan", "res_model": "res.partner", "res_id": client.id}
        )
        client.with_user(self.desk).salon_photo_ids = [Command.link(scan.id)]
        colleague = new_test_user(self.env, "colleague", groups="base.group_user")
        self.env.invalidate_all()
        self.assertEqual(client.with_user(colleague).name, "Olga")
        for file in photo | scan:
            with self.assertRaises(AccessError):
                file.with_user(colleague).read(["raw"])

    def test_referral(self):
        client = self.make_client("Olga")
        with self.assertRaises(ValidationError):
            client.referred_by_id = client


@tagged("post_install", "-at_install")
class TestClientFigures(ClientCase):
    def figures(self, client):
        return client.read(
            ["client_state", "visit_count", "total_spent", "average_ticket", "no_show_count", "late_cancel_count"]
        )[0]

    @freeze_time("2026-06-01 08:00:00")
    def test_figures_follow_every_change(self):
        clara = self.clara
        self.assertEqual(clara.client_state, "prospect")
        self.assertEqual(clara.client_status, "prospect")
        first = self.make_done_visit(
            datetime(2026, 3, 2, 22, 30), (self.cut, self.anna), (self.colour, self.bella)
        )  # 23:30 in Berlin; the colour begins on the next day
        self.assertEqual(clara.client_state, "client")
        self.assertEqual(clara.total_spent, 170)
        second = self.make_done_visit(datetime(2026, 4, 7, 8), (self.cut, self.anna))
        third = self.make_done_visit(datetime(2026, 4, 7, 15), (self.cut, self.bella))
        self.make_done_visit(datetime(2026, 5, 12, 8), (self.cut, self.bella))
        days = len({line.date for line in (first | second | third).line_ids}) + 1
        self.assertEqual(clara.visit_count, days, "twice on one day is one visit")
        self.assertEqual(clara.total_spent, 320)
        self.assertAlmostEqual(clara.average_ticket, 320 / days, 2)
        self.assertEqual((clara.first_visit_date, clara.last_visit_date), (date(2026, 3, 2), date(2026, 5, 12)))
        self.assertEqual(clara.favourite_product_id, self.cut)
        self.assertEqual(clara.favourite_employee_id, self.bella)
        self.assertEqual((clara.usual_weekday, clara.usual_hour), ("1", 10))
        self.assertEqual(clara.usual_time_text, "Tuesday, 10:00")
        self.assertFalse(clara.next_visit_start)

        later = self.make_visit(datetime(2026, 7, 1, 9))
        sooner = self.make_visit(datetime(2026, 6, 20, 9))
        self.assertEqual(clara.next_visit_start, datetime(2026, 6, 20, 9))
        ill = self.env["salon.reason"].create({"name": "Ill", "kind": "client"})
        sooner.action_cancel(reason=ill)
        self.assertEqual(clara.next_visit_start, datetime(2026, 7, 1, 9))
        later.action_no_show(reason=self.env["salon.reason"].create({"name": "Forgot", "kind": "no_show"}))
        self.assertEqual((clara.no_show_count, clara.late_cancel_count), (1, 0))
        self.assertFalse(clara.next_visit_start)
        late = self.make_visit(datetime(2026, 6, 1, 12))
        late.action_cancel(reason=ill)
        self.assertEqual((clara.no_show_count, clara.late_cancel_count), (1, 1))

    @freeze_time("2026-06-01 08:00:00")
    def test_ties_go_to_the_latest(self):
        self.make_done_visit(datetime(2026, 3, 2, 9), (self.colour, self.anna))
        self.make_done_visit(datetime(2026, 3, 11, 14), (self.cut, self.bella))
        self.assertEqual(self.clara.favourite_product_id, self.cut)
        self.assertEqual(self.clara.favourite_employee_id, self.bella)
        self.assertEqual((self.clara.usual_weekday, self.clara.usual_hour), ("2", 15))

    @freeze_time("2026-06-01 08:00:00")
    def test_reopening_makes_a_prospect_again(self):
        visit = self.make_done_visit(datetime(2026, 5, 4, 9))
        self.assertEqual(self.clara.client_state, "client")
        visit.action_reopen("wrong client")
        self.assertEqual(self.clara.client_state, "prospect")
        self.assertEqual((self.clara.visit_count, self.clara.total_spent), (0, 0))
        self.assertFalse(self.clara.first_visit_date)

    @freeze_time("2026-06-01 08:00:00")
    def test_a_guest_has_own_figures(self):
        guest = self.make_client("Guest")
        visit = self.make_visit(datetime(2026, 5, 4, 9), (self.cut, self.anna), (self.colour, self.bella))
        visit.line_ids.filtered(lambda line: line.product_id == self.colour).client_id = guest
        visit.action_done()
        self.assertEqual((self.clara.total_spent, guest.total_spent), (50, 120))
        self.assertEqual((self.clara.visit_count, guest.visit_count), (1, 1))

    @freeze_time("2026-06-01 08:00:00")
    def test_one_statement_for_many_clients(self):
        clients = self.Partner.create([{"name": f"Client {index}", "is_client_card": True} for index in range(50)])
        for index, client in enumerate(clients[:3]):
            self.make_done_visit(datetime(2026, 5, 4, 9 + 2 * index), client=client)
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET visit_count = 99 WHERE id = ANY(%s)", (clients.ids,))
        clients.invalidate_recordset()
        with self.assertQueryCount(4):
            clients._refresh_client_stats()
        self.assertEqual(sorted(clients.mapped("visit_count")), [0] * 47 + [1] * 3)

    def test_a_next_visit_that_is_over_goes(self):
        with freeze_time("2026-06-01 08:00:00"):
            self.make_visit(datetime(2026, 6, 2, 9))
            self.assertTrue(self.clara.next_visit_start)
        with freeze_time("2026-06-03 08:00:00"):
            self.Partner._cron_refresh_next_visits()
            self.assertFalse(self.clara.next_visit_start)

    def test_status(self):
        self.company.write({"salon_active_days": 90, "salon_lost_days": 180})
        plain = self.make_service("Massage")
        self.env["salon.skill"].create({"employee_id": self.bella.id, "product_id": plain.id})
        regular = self.clara  # a cut every 35 days
        casual = self.make_client("Casual")
        prospect = self.make_client("Prospect")
        with freeze_time("2026-01-05 12:00:00"):
            self.make_done_visit(datetime(2026, 1, 5, 9), (self.cut, self.anna))
            self.make_done_visit(datetime(2026, 1, 5, 9), (plain, self.bella), client=casual)
        clients = regular | casual | prospect

        def check(day, **expected):
            with freeze_time(f"{day} 12:00:00"):
                clients.invalidate_recordset(["client_status"])
                self.assertEqual(
                    {"regular": regular.client_status, "casual": casual.client_status},
                    expected,
                    day,
                )
                self.assertEqual(prospect.client_status, "prospect")
                for client in clients:
                    domain = [("id", "in", clients.ids), ("client_status", "=", client.client_status)]
                    self.assertIn(client, self.Partner.search(domain))
                grouped = dict(self.Partner._read_group([("id", "in", clients.ids)], ["client_status"], ["__count"]))
                self.assertEqual(sum(grouped.values()), 3)
                self.assertEqual(grouped["prospect"], 1)

        self.env["salon.cadence"].search([("client_id", "=", casual.id)]).unlink()
        check("2026-02-09", regular="active", casual="active")
        check("2026-02-10", regular="at_risk", casual="active")
        check("2026-04-06", regular="at_risk", casual="away")
        check("2026-07-04", regular="at_risk", casual="away")
        check("2026-07-05", regular="lost", casual="lost")
        with freeze_time("2026-07-05 12:00:00"):
            self.make_visit(datetime(2026, 8, 1, 9), (self.cut, self.anna))
        check("2026-07-05", regular="active", casual="lost")

    def test_lists_group_by_status(self):
        result = self.Partner.with_user(self.desk).formatted_read_group(
            [("is_client_card", "=", True)], ["client_status"], ["__count"]
        )
        self.assertTrue(result)
        description = self.Partner.fields_get(["client_status"], ["groupable", "searchable"])["client_status"]
        self.assertTrue(description["groupable"] and description["searchable"])


@tagged("post_install", "-at_install")
class TestClientPrivacy(ClientCase):
    """A master without the right to phone numbers never learns one, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olga = cls.make_client("Olga", phone=NUMBER, email="olga@example.com", card_number="1042")
        cls.make_done_visit(datetime(2026, 3, 2, 9), client=cls.olga)
        cls.env.flush_all()
        cls.mine = cls.Partner.with_user(cls.master_user)
        cls.card = cls.olga.with_user(cls.master_user)

    def assertNoNumber(self, value):
        text = json.dumps(value, default=str, ensure_ascii=False)
        for secret in ("9965859", "996-58", "996 58", "olga@example.com"):
            self.assertNotIn(secret, text)

    def test_reading(self):
        self.assertEqual(self.card.phone_display, "+7 909 •••-••-59")
        self.assertEqual(self.olga.with_user(self.desk).phone_display, "+7 909 996-58-59")
        for name in CONTACT_FIELDS:
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.card.read([name])
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.card[name]
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.mine.search_read([("id", "=", self.olga.id)], [name])
            self.assertNotIn(name, self.mine.fields_get())
        read = 0
        for name in self.mine.fields_get():
            with contextlib.suppress(AccessError):
                self.assertNoNumber(self.card.read([name]))
                read += 1
        self.assertGreater(read, 100)
        chosen = {"default_is_client_card": True, "formatted_display_name": True}
        for context in ({"show_email": True}, {"show_email": True, "formatted_display_name": True}, chosen):
            self.assertNoNumber(self.card.with_context(**context).read(["display_name"]))
            self.assertNoNumber(self.mine.with_context(**context).name_search("Olga"))

    def test_reading_through_other_records(self):
        visit = self.olga.salon_visit_ids
        for model, record in (
            ("salon.visit", visit),
            ("salon.visit.line", visit.line_ids),
            ("salon.cadence", self.olga.cadence_ids),
        ):
            fields_ = [name for name in ("phone_display", "client_phone") if name in self.env[model]._fields]
            if fields_ and record:
                self.env.invalidate_all()
                self.assertNoNumber(record.with_user(self.master_user).read(fields_))
        for spec in (
            {"partner_id": {"fields": {"display_name": {}, "phone": {}}, "context": {"show_email": True}}},
            {"line_ids": {"fields": {"client_id": {"fields": {"phone": {}, "email": {}, "phone_display": {}}}}}},
        ):
            self.env.invalidate_all()
            self.assertNoNumber(visit.with_user(self.master_user).web_read(spec))

    def spread(self):
        """Let the number and the address get wherever Odoo takes them by itself."""
        internal = {"mail_create_nosubscribe": True, "no_reset_password": True}
        self.portal = self.env["res.users"].with_context(**internal).create(
            {
                "name": "Olga",
                "login": "olga@example.com",
                "partner_id": self.olga.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.env["mail.guest"].create({"name": "Olga", "email": "olga@example.com"})
        visit = self.olga.salon_visit_ids
        for thread in (self.olga, visit):
            thread.message_subscribe(self.olga.ids)
            for author in (self.olga, self.Partner):
                message = self.env["mail.message"].create(
                    {
                        "model": thread._name,
                        "res_id": thread.id,
                        "message_type": "email",
                        "subtype_id": self.env.ref("mail.mt_comment").id,
                        "body": "I am late",
                        "author_id": author.id,
                        "email_from": "Olga <olga@example.com>",
                        "reply_to": "olga@example.com",
                        "incoming_email_to": "olga@example.com",
                        "incoming_email_cc": "olga@example.com",
                        "outgoing_email_to": "olga@example.com",
                    }
                )
                notification = {
                    "mail_message_id": message.id,
                    "res_partner_id": author.id,
                    "notification_type": "email",
                    "notification_status": "bounce",
                    "mail_email_address": "olga@example.com",
                }
                if "sms_number" in self.env["mail.notification"]._fields:
                    notification["sms_number"] = NUMBER
                self.env["mail.notification"].create(notification)
        if "calendar.event" in self.env:
            self.env["calendar.event"].with_context(dont_notify=True).create(
                {
                    "name": "Tea",
                    "start": datetime(2026, 3, 2, 9),
                    "stop": datetime(2026, 3, 2, 10),
                    "partner_ids": [Command.set((self.olga | self.master_user.partner_id).ids)],
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def master_models(self):
        for name in sorted(self.env):
            model = self.env[name].with_user(self.master_user)
            if not model._abstract and not model._transient and model.has_access("read"):
                yield model

    def test_nothing_that_a_master_may_read_holds_it(self):
        """Every field of every record of every model, of whatever addon is installed."""
        self.spread()
        read = set()
        for model in self.master_models():
            for record in model.search([], order="id desc", limit=60):
                names = [name for name, info in model.fields_get().items() if info["type"] != "binary"]
                try:
                    values = record.read(names)
                except AccessError:
                    values = []
                    for name in names:
                        with contextlib.suppress(AccessError):
                            values += record.read([name])
                with self.subTest(record=record):
                    self.assertNoNumber(values)
                if values:
                    read.add(model._name)
        self.assertLessEqual(
            {"res.partner", "res.users", "mail.message", "mail.notification", "mail.followers", "salon.visit"}, read
        )

    def test_no_search_finds_it_out(self):
        self.spread()
        for model in self.master_models():
            for name, info in model.fields_get(attributes=["type", "searchable"]).items():
                if name == "display_name" and not model._rec_name:
                    continue  # Odoo finds all then, whatever is looked for.
                if info["type"] in ("char", "text", "html") and info["searchable"]:
                    for secret in ("9965859", "olga@example"):
                        with self.subTest(model=model._name, field=name, secret=secret):
                            try:
                                self.assertFalse(model.search([(name, "ilike", secret)], limit=1))
                            except (AccessError, NotImplementedError, UserError, ValueError):
                                continue

    def test_hidden_fields_of_every_model(self):
        """What is related to the card's number or address, over however many records, is hidden like it."""
        self.spread()
        hidden = {model._name: model._salon_hidden for model in self.master_models() if model._salon_hidden}
        self.assertLessEqual({"res.partner", "res.users", "mail.message", "mail.followers"}, hidden.keys())
        self.assertNotIn("res.company", hidden)
        for model, names in hidden.items():
            mine = self.env[model].with_user(self.master_user)
            for name in names:
                field = mine._fields[name]
                ways = [(mine.search_read, [], [name])]
                if field.search or field.store:
                    ways.append((mine.search, [(name, "ilike", "olga")]))
                if field.store and field.column_type:
                    ways.append((mine.formatted_read_group, [], [name], ["__count"]))
                    ways.append((mine.formatted_read_group, [], [], [f"{name}:array_agg"]))
                    if (model, name) != ("res.users", "login"):
                        ways.append((mine.search, [], 0, None, name))
                for method, *arguments in ways:
                    with (
                        self.subTest(model=model, field=name, method=method.__name__),
                        self.assertRaises(AccessError),
                    ):
                        method(*arguments)

    def test_clients_with_a_portal_login(self):
        self.spread()
        users = self.env["res.users"].with_user(self.master_user)
        for name in ("phone", "email", "email_normalized", "email_formatted", "login"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                users.browse(self.portal.id).read([name])
            with self.subTest(name=name), self.assertRaises(AccessError):
                users.browse(self.portal.id)[name]
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.mine.search([("user_ids." + name, "ilike", "olga")])
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.mine.search([("user_ids", "any", ["|", ("id", "=", 0), (name, "ilike", "olga")])])
        self.assertFalse(users.name_search("olga@example"))
        self.assertFalse(users.name_search("olga@example.com"))
        self.assertIn(self.desk.id, dict(users.name_search(self.desk.name)))
        self.assertTrue(users.search([]), "users are sorted by login, which tells nothing of it")
        colleague = users.browse(self.desk.id)
        self.assertEqual(colleague.read(["login"])[0]["login"], self.desk.login)
        rows = users.web_search_read([("id", "=", self.portal.id)], {"login": {}, "email": {}})["records"]
        self.assertNoNumber(rows)

    def test_colleagues_are_found_for_a_channel(self):
        self.desk.partner_id.email = "front.desk@example.com"
        channel = self.env["discuss.channel"].with_user(self.master_user)._create_channel(name="Team", group_id=None)
        found = self.mine.search_for_channel_invite("front.desk@example", channel_id=channel.id)
        self.assertIn(self.desk.partner_id.id, found["partner_ids"])

    def test_knowing_who_may_see_is_kept(self):
        """Every search of every user asks: who is not of the salon, or may see, is no query and no walk of groups."""
        for user in (self.desk, self.master_user):
            countries = self.env["res.country"].with_user(user)
            countries.search([("code", "=", "DE")], limit=1)
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                countries.search([("code", "=", "DE")], limit=1)
        self.assertTrue(self.mine._salon_denies_contacts())
        self.master_user.group_ids += self.env.ref("salon_spa.group_salon_phone")
        self.assertFalse(self.mine._salon_denies_contacts(), "a changed role counts at once")

    def test_the_web_client_gets_it_empty(self):
        spec = {"name": {}, "phone": {}, "email": {}, "phone_display": {}}
        row = self.mine.web_search_read([("id", "=", self.olga.id)], spec)["records"][0]
        self.assertEqual((row["phone"], row["email"], row["phone_display"]), (False, False, "+7 909 •••-••-59"))
        row = self.card.web_read(spec)[0]
        self.assertEqual((row["name"], row["phone"], row["email"]), ("Olga", False, False))
        with self.assertRaises(AccessError):
            self.mine.web_search_read([], {"name": {}}, order="phone")

    def test_views_open(self):
        for view in ("form", "list", "kanban", "search"):
            arch = self.mine.get_views([(False, view)])
            names = {name for name in CONTACT_FIELDS if f'name="{name}"' in arch["views"][view]["arch"]}
            self.assertLessEqual(names, arch["models"]["res.partner"]["fields"].keys(), view)
            if view == "search":
                self.assertFalse(names)
                self.assertNotIn("email", arch["views"]["search"]["arch"])
        own = self.mine.get_views(
            [
                (self.env.ref(f"salon_spa.res_partner_view_{view}_client").id, view)
                for view in ("form", "list", "kanban")
            ]
        )
        for view in own["views"].values():
            self.assertIn("phone_display", view["arch"])
            self.assertNotIn('name="phone"', view["arch"])
        form = Form(self.card, "base.view_partner_form")
        self.assertFalse(form.phone)

    def test_searching_sorting_grouping(self):
        for name in ("phone", "phone_sanitized", "phone_mobile_search", "email", "email_normalized"):
            for domain in (
                [(name, "ilike", "996")],
                [(name, "=", NUMBER)],
                [("commercial_partner_id." + name, "ilike", "996")],
            ):
                with self.subTest(domain=domain), self.assertRaises(AccessError):
                    self.mine.search(domain)
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.env["salon.visit"].with_user(self.master_user).search([("partner_id." + name, "ilike", "996")])
        for name in ("phone", "phone_sanitized", "email", "email_normalized"):
            with self.subTest(order=name), self.assertRaises(AccessError):
                self.mine.search([], order=name)
            with self.subTest(group=name), self.assertRaises(AccessError):
                self.mine.formatted_read_group([], [name], ["__count"])
            with self.subTest(aggregate=name), self.assertRaises(AccessError):
                self.mine.formatted_read_group([], [], [f"{name}:array_agg"])

    def test_name_search_does_not_tell_digits(self):
        for text in ("9965859", "909 996", "996-58", NUMBER, "olga@example", "Olga 909 9965859"):
            with self.subTest(text=text):
                self.assertFalse(self.mine.name_search(text))
                self.assertFalse(self.mine.search([("display_name", "ilike", text)]))
        self.assertEqual(self.mine.name_search("Olga")[0][0], self.olga.id)
        self.assertEqual(self.mine.name_search("1042")[0][0], self.olga.id)
        self.assertIn(self.olga, self.mine.search([("display_name", "not ilike", "9965859")]))
        self.assertNoNumber(self.mine.get_mention_suggestions("olga@example"))
        self.assertNoNumber(self.mine.get_mention_suggestions("Olga"))

    def test_chatter(self):
        card = self.olga.with_context(tracking_disable=False)
        card.with_user(self.desk).write({"phone": "+79161234567", "email": "new@example.com"})
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = card.message_ids.sudo().tracking_value_ids
        self.assertEqual(set(tracked.field_id.mapped("name")), {"phone", "email"})
        self.assertFalse(tracked._filter_has_field_access(self.mine.env))
        self.assertTrue(tracked._filter_has_field_access(self.mine.with_user(self.desk).env))
        self.assertFalse(tracked._filter_free_field_access())

    def test_chatter_opens(self):
        visit = self.olga.salon_visit_ids
        for thread in (self.olga, visit):
            supplier = self.Partner.create({"name": "Supplier", "email": "supplier@example.com"})
            thread.message_subscribe((self.olga | self.desk.partner_id | supplier).ids)
            thread = thread.with_user(self.master_user)
            self.env.invalidate_all()
            requests = ["followers", "suggestedRecipients", "attachments", "activities", "contact_fields"]
            store = Store().add(thread, [], as_thread=True, request_list=requests)
            store.add(thread.sudo().message_ids.with_user(self.master_user))
            store.add(self.card, self.card._get_store_avatar_card_fields(store.target))
            result = store.get_result()
            self.assertTrue(result["mail.followers"])
            self.assertNoNumber(result)
        message = visit.with_user(self.master_user).message_post(body="Came late", message_type="comment")
        self.assertEqual(message.author_id, self.master_user.partner_id)

    def test_chatter_sends_no_address(self):
        self.spread()
        messages = self.env["mail.message"].search([("res_id", "=", self.olga.id), ("model", "=", "res.partner")])
        self.assertTrue(messages.filtered("incoming_email_to"))
        for store in (
            Store().add(messages.with_user(self.master_user)),
            # What the desk writes, or the mail gateway brings, is sent on to the master who follows.
            Store(bus_channel=self.master_user).add(messages.with_user(self.desk)),
            Store(bus_channel=self.master_user).add(messages.sudo()),
            Store().add(messages.notification_ids.with_user(self.master_user)),
            Store().add(self.portal.with_user(self.master_user), ["name", "login", "email", "phone"]),
        ):
            result = store.get_result()
            self.assertTrue(result)
            self.assertNoNumber(result)
        sent = Store().add(messages.with_user(self.desk)).get_result()["mail.message"]
        self.assertIn("Olga <olga@example.com>", [message.get("email_from") for message in sent])

    def test_colleagues_keep_their_numbers(self):
        self.desk.partner_id.write({"phone": "+79160000000", "email": "desk@example.com"})
        self.master_user.partner_id.write({"phone": "+79161111111", "email": "anna@example.com"})
        self.env.flush_all()
        self.env.invalidate_all()
        colleagues = (self.desk | self.master_user).with_user(self.master_user)
        self.assertEqual(colleagues.partner_id.mapped("phone"), ["+79160000000", "+79161111111"])
        self.assertEqual(colleagues.mapped("email"), ["desk@example.com", "anna@example.com"])
        self.assertEqual(colleagues[1].read(["phone", "email"])[0]["phone"], "+79161111111")
        form = Form(colleagues[1], "base.view_users_form_simple_modif")
        self.assertEqual(form.email, "anna@example.com")

    def test_the_right_opens_it(self):
        self.master_user.group_ids += self.env.ref("salon_spa.group_salon_phone")
        self.assertEqual(self.card.phone, NUMBER)
        self.assertEqual(self.card.phone_display, "+7 909 996-58-59")
        self.assertEqual(self.mine.name_search("9965859")[0][0], self.olga.id)

    def test_employees_outside_the_salon_keep_odoo_as_it_is(self):
        self.master_user.group_ids = self.env.ref("base.group_user")
        self.assertEqual(self.card.phone, NUMBER)
        self.assertEqual(self.card.with_context(show_email=True).display_name, "Olga <olga@example.com>")

    def test_an_own_number_is_written_by_the_desk_only(self):
        self.master_user.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.card.write({"phone": "+79161234567"})
        self.card.write({"preference_note": "tea"})
        self.assertEqual(self.olga.preference_note, "tea")


@tagged("post_install", "-at_install")
class TestClientExport(ClientCase, HttpCase):
    def test_only_managers_export_and_it_is_written_down(self):
        client = self.make_client("Olga", phone=NUMBER)
        self.make_done_visit(datetime(2026, 3, 2, 9), client=client)
        allow = self.env.ref("base.group_allow_export")
        for user in (self.desk, self.master_user):
            user.group_ids += allow
            with self.subTest(user=user.login), self.assertRaisesRegex(AccessError, "Only a manager"):
                client.with_user(user).export_data(["name", "phone"])
        Log = self.env["salon.export.log"]
        self.assertFalse(Log.search([("user_id", "in", (self.desk | self.master_user).ids)]))
        data = client.with_user(self.manager).export_data(["name", "phone"])["datas"]
        self.assertEqual(data, [["Olga", NUMBER]])
        log = Log.search([("user_id", "=", self.manager.id)])
        self.assertEqual((log.record_count, log.field_names), (1, "name, phone"))
        self.assertEqual(log.with_user(self.manager).model_name, "Contact")
        with self.assertRaises(AccessError):
            log.with_user(self.desk).read(["date"])
        for operation in ("create", "write", "unlink"):
            self.assertFalse(Log.with_user(self.manager).has_access(operation))

    def test_contacts_that_are_no_clients_are_not_the_salons(self):
        self.desk.group_ids += self.env.ref("base.group_allow_export")
        supplier = self.Partner.create({"name": "Supplier"})
        self.assertEqual(supplier.with_user(self.desk).export_data(["name"])["datas"], [["Supplier"]])

    def test_files_of_the_web_client(self):
        self.make_client("Olga", phone=NUMBER)
        self.desk.group_ids += self.env.ref("base.group_allow_export")
        for user in (self.desk, self.manager):
            user.password = "test-password-1"
            self.authenticate(user.login, "test-password-1")
            for kind in ("csv", "xlsx"):
                for groupby in ([], ["client_state"]):
                    if groupby and kind == "csv":
                        continue
                    before = self.env["salon.export.log"].search_count([])
                    with mute_logger("odoo.http", "odoo.addons.web.controllers.export"):
                        response = self.url_open(
                            f"/web/export/{kind}",
                            data={
                                "csrf_token": Request.csrf_token(self),
                                "data": json.dumps(
                                    {
                                        "model": "res.partner",
                                        "fields": [{"name": "name", "label": "Name", "type": "char"}],
                                        "ids": False,
                                        "domain": [("is_client_card", "=", True)],
                                        "groupby": groupby,
                                        "import_compat": False,
                                        "context": {},
                                    }
                                ),
                            },
                        )
                    logged = self.env["salon.export.log"].search_count([]) - before
                    with self.subTest(user=user.login, kind=kind, groupby=groupby):
                        self.assertEqual((response.ok, logged), (user == self.manager, int(user == self.manager)))
