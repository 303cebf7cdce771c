from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestService(SalonCase):
    def make_hair_attribute(self, *names):
        return self.env["product.attribute"].create(
            {"name": "Hair", "value_ids": [Command.create({"name": name}) for name in names]}
        )

    def make_template(self, attribute=None, **values):
        if attribute:
            values["attribute_line_ids"] = [
                Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]})
            ]
        return self.env["product.template"].create(
            {"name": "Balayage", "is_salon_service": True, "active_minutes": 90, "periodicity_days": 60, **values}
        )

    def test_template_shows_and_writes_its_only_variant(self):
        template = self.make_template(cleanup_minutes=10)
        variant = template.product_variant_id
        self.assertEqual(template.type, "service")
        self.assertEqual((variant.active_minutes, variant.cleanup_minutes, variant.periodicity_days), (90, 10, 60))
        template.write({"processing_minutes": 25, "finishing_minutes": 15})
        self.assertEqual((variant.processing_minutes, variant.service_minutes), (25, 130))
        variant.active_minutes = 80
        self.assertEqual(template.active_minutes, 80)

    def test_phases_in_one_line(self):
        self.assertEqual(self.colour.duration_text, "5 + 40 | 30 wait | 15 + 5 = 95 min, client 85 min")
        self.assertEqual(self.cut.duration_text, "60 min")
        plain = self.make_service("Wash", active_minutes=20, cleanup_minutes=5)
        self.assertEqual(plain.duration_text, "20 + 5 = 25 min, client 20 min")
        self.assertEqual(self.colour.product_tmpl_id.duration_text, self.colour.duration_text)

    def test_every_variant_starts_with_the_templates_values(self):
        attribute = self.make_hair_attribute("Short", "Long")
        template = self.make_template(attribute)
        self.assertEqual(template.product_variant_ids.mapped("active_minutes"), [90, 90])
        self.assertEqual(template.product_variant_ids.mapped("periodicity_days"), [60, 60])
        self.assertEqual(template.active_minutes, 0, "several variants have no common value to show")
        template.product_variant_ids[1].active_minutes = 150
        self.assertEqual(template.duration_text, "90 to 150 min")

    def test_added_variant_takes_after_its_sibling(self):
        template = self.make_template(self.make_hair_attribute("Short", "Long"))
        short = template.product_variant_ids[0]
        self.env["salon.skill"].create({"employee_id": self.anna.id, "product_id": short.id, "active_minutes": 75})
        line = template.attribute_line_ids
        extra = self.env["product.attribute.value"].create(
            {"name": "Extra long", "attribute_id": line.attribute_id.id}
        )
        line.value_ids = [Command.link(extra.id)]
        added = template.product_variant_ids[-1]
        self.assertEqual(len(template.product_variant_ids), 3)
        self.assertEqual((added.active_minutes, added.periodicity_days), (90, 60))
        self.assertEqual(added.salon_skill_ids.employee_id, self.anna)
        self.assertEqual(added.salon_skill_ids.active_minutes, 75)

    def test_splitting_a_service_into_variants_keeps_time_and_masters(self):
        template = self.env["product.template"].browse(self.cut.product_tmpl_id.id)
        attribute = self.make_hair_attribute("Short", "Long")
        template.attribute_line_ids = [
            Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]})
        ]
        self.assertEqual(template.product_variant_ids.mapped("active_minutes"), [60, 60])
        for variant in template.product_variant_ids:
            self.assertEqual(variant.salon_skill_ids.employee_id, self.anna | self.bella)

    def test_duplicate_keeps_each_variants_minutes(self):
        template = self.make_template(self.make_hair_attribute("Short", "Long"))
        template.product_variant_ids[1].write({"active_minutes": 150, "periodicity_days": 30})
        duplicate = template.copy()
        self.assertEqual(duplicate.product_variant_ids.mapped("active_minutes"), [90, 150])
        self.assertEqual(duplicate.product_variant_ids.mapped("periodicity_days"), [60, 30])
        self.assertEqual(self.colour.product_tmpl_id.copy().processing_minutes, 30)

    def test_service_needs_a_duration(self):
        with self.assertRaisesRegex(ValidationError, "needs a duration"):
            self.make_template(active_minutes=0)
        with self.assertRaisesRegex(ValidationError, "needs a duration"):
            self.cut.active_minutes = 0
        with self.assertRaisesRegex(ValidationError, "needs a duration"):
            self.make_service("Nothing", active_minutes=0)
        goods = self.env["product.template"].create({"name": "Shampoo", "type": "consu"})
        with self.assertRaisesRegex(ValidationError, "needs a duration"):
            goods.is_salon_service = True
        goods.write({"is_salon_service": True, "active_minutes": 15})
        self.assertEqual((goods.type, goods.product_variant_id.service_minutes), ("service", 15))

    @mute_logger("odoo.sql_db")
    def test_limits_make_sense(self):
        template = self.cut.product_tmpl_id
        for values in (
            {"client_age_min": -1},
            {"client_age_min": 60, "client_age_max": 18},
            {"client_age_max": -5},
            {"periodicity_days": -1},
            {"prep_minutes": -5},
        ):
            with self.subTest(values), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                template.write(values)
                self.env.flush_all()
        template.write({"client_age_min": 18, "client_age_max": 18})
        template.write({"client_age_min": 18, "client_age_max": 0})

    def test_salon_service_stays_a_service(self):
        for model in ("product.product", "product.template"):
            service = self.env[model].create({"name": "Peeling", "is_salon_service": True, "active_minutes": 30})
            self.assertEqual(service.type, "service")
        with self.assertRaisesRegex(ValidationError, "must stay"):
            self.cut.product_tmpl_id.type = "consu"

    def test_phases_with_the_masters_own_minutes(self):
        self.anna.salon_skill_ids.filtered(lambda skill: skill.product_id == self.colour).active_minutes = 55
        self.assertEqual(self.colour._salon_phases(self.anna)["active_minutes"], 55)
        self.assertEqual(self.colour._salon_phases(self.bella)["active_minutes"], 40)
        self.assertEqual(
            self.colour._salon_phases(),
            {
                "prep_minutes": 5,
                "active_minutes": 40,
                "processing_minutes": 30,
                "finishing_minutes": 15,
                "cleanup_minutes": 5,
            },
        )

    def test_phases_of_many_in_one_query(self):
        pairs = [(product, master) for product in self.cut | self.colour for master in self.anna | self.bella]
        (self.cut | self.colour).mapped("active_minutes")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(
                [phases["active_minutes"] for phases in self.env["product.product"]._salon_phases_batch(pairs)],
                [60, 60, 40, 40],
            )

    def test_own_form(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_service")
        context = {"default_is_salon_service": True, "default_type": "service"}
        with Form(
            self.env["product.template"].with_context(**context), view="salon_spa.view_salon_service_form"
        ) as form:
            form.name = "Manicure"
            form.list_price = 30
            form.prep_minutes = 5
            form.active_minutes = 45
            self.assertEqual(form.duration_text, "5 + 45 = 50 min, client 45 min")
        service = form.record
        self.assertIn(service, self.env["product.template"].search([("is_salon_service", "=", True)]))
        self.assertIn("is_salon_service", action["domain"])
        self.assertEqual((service.list_price, service.product_variant_id.active_minutes), (30, 45))

    # ------------------------------------------------------------ what is booked

    def test_an_archived_service_keeps_its_visits(self):
        visit = self.make_visit(self.tomorrow())
        self.cut.product_tmpl_id.active = False
        self.assertFalse(self.cut.active)
        visit.write({"start": visit.start + timedelta(hours=1), "override_reason": "test"})
        change = Command.update(visit.line_ids.id, {"employee_id": self.bella.id})
        visit.write({"line_ids": [change], "override_reason": "test"})
        visit.action_confirm()
        visit.action_arrive()
        self.assertEqual((visit.state, visit.service_text, visit.amount_total), ("arrived", "Cut", 50))
        self.assertEqual(visit.line_ids.allocation_ids.resource_id, self.bella.resource_id)
        with freeze_time(visit.stop):
            visit.action_done()
        row = self.env["salon.cadence"].search([("client_id", "=", self.clara.id)])
        self.assertEqual((row.service_name, row.interval_days), ("Cut", 35))

    def test_a_service_with_visits_ahead_stays_in_the_company(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        visit = self.make_visit(self.tomorrow(), (self.cut, self.anna))
        for service in (self.cut, self.cut.product_tmpl_id):
            for company in (other, branch):
                with self.assertRaisesRegex(UserError, "“Cut” is booked for visits ahead"), self.env.cr.savepoint():
                    service.company_id = company
                self.env.invalidate_all()
        self.cut.company_id = self.company
        self.cut.company_id = False
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        self.cut.company_id = other
        self.assertEqual(self.cut.product_tmpl_id.company_id, other)
