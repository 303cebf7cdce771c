"""Each addon installed alone, upgraded and removed again: nothing complains, nothing of it is left behind."""

import ast
import contextlib
import re
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).parents[1]
MANIFESTS = {path.parent.name: ast.literal_eval(path.read_text()) for path in ROOT.glob("*/__manifest__.py")}
ADDONS = sorted(MANIFESTS)
COMPLAINT = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) .*", re.MULTILINE)

# Everything of a database's structure that an addon can leave behind.
STRUCTURE = """
    SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT 'constraint ' || c.relname || '.' || conname FROM pg_constraint
                 JOIN pg_class c ON c.oid = conrelid WHERE connamespace = 'public'::regnamespace
    UNION SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'
    UNION SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal"""
# And of Odoo's own records about it.
RECORDS = """
    SELECT 'xmlid ' || name FROM ir_model_data WHERE module = %(addon)s
    UNION SELECT 'model ' || model FROM ir_model WHERE model LIKE 'salon.%%'
    UNION SELECT 'field ' || model || '.' || name FROM ir_model_fields
                  WHERE model LIKE 'salon.%%' OR name LIKE 'salon\\_%%'
    UNION SELECT 'view ' || name FROM ir_ui_view WHERE model LIKE 'salon.%%' OR arch_fs LIKE %(addon)s || '/%%'
    UNION SELECT 'menu ' || id FROM ir_ui_menu WHERE name::text LIKE '%%Salon%%'
    UNION SELECT 'group ' || id FROM res_groups WHERE name::text LIKE '%%Salon%%'
    UNION SELECT 'cron ' || id FROM ir_cron WHERE cron_name LIKE 'Salon%%'
    UNION SELECT 'sequence ' || code FROM ir_sequence WHERE code LIKE 'salon.%%'
    UNION SELECT 'attachment ' || name FROM ir_attachment WHERE res_model LIKE 'salon.%%'
    UNION SELECT 'action ' || id FROM ir_act_window WHERE res_model LIKE 'salon.%%'
    UNION SELECT 'resource ' || name FROM resource_resource WHERE resource_type = 'material'
    UNION SELECT 'filter ' || name FROM ir_filters WHERE model_id LIKE 'salon.%%'"""

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "{addon}")]).button_immediate_uninstall()
env.cr.commit()
print("UNINSTALLED")
"""
STILL_WORKS = """
partner = env["res.partner"].create({"name": "After", "phone": "+49 30 901820", "email": "after@example.com"})
partner.write({"phone": "+49 30 901821"})
product = env["product.template"].create({"name": "After", "type": "service", "list_price": 5})
employee = env["hr.employee"].create({"name": "After"})
company = env["res.company"].create({"name": "After"})
for record in (partner, product, product.product_variant_id, employee, company, env.user):
    record.read()
    env[record._name].search([("display_name", "ilike", "after")], limit=5)
    env[record._name].get_views([(False, "list"), (False, "form"), (False, "search")])
product.unlink()
env["ir.cron"].search([]).read()
env["ir.ui.menu"].load_menus(False)
env.cr.commit()
print("STILL WORKS")
"""
# Data of a working salon, so that removing the addon has something to remove.
USE = """
from datetime import datetime
service = env["product.product"].create({
    "name": "Cut", "type": "service", "is_salon_service": True, "active_minutes": 60, "list_price": 50,
})
master = env["hr.employee"].create({"name": "Anna", "is_master": True})
client = env["res.partner"].create({"name": "Clara", "is_client_card": True, "phone": "+49 30 901822"})
if "salon.room" in env:
    kind = env["salon.room.type"].create({"name": "Cabinet"})
    room = env["salon.room"].create({"name": "Cabinet 1", "type_ids": [(6, 0, kind.ids)]})
    env["salon.requirement"].create({"product_tmpl_id": service.product_tmpl_id.id, "room_type_id": kind.id})
    env["salon.block"].create({"name": "Lunch", "resource_ids": [(6, 0, (room.resource_id | master.resource_id).ids)]})
    env["salon.waitlist"].create({"partner_id": client.id, "line_ids": [(0, 0, {"product_id": service.id})]})
if "salon.recipe" in env:
    dye = env["product.product"].create({"name": "Dye", "is_storable": True, "standard_price": 2})
    env["salon.recipe"].create({
        "product_tmpl_id": service.product_tmpl_id.id, "line_ids": [(0, 0, {"product_id": dye.id, "charge_price": 3})],
    })
    service.salon_charge_overuse = True
visit = env["salon.visit"].create({
    "partner_id": client.id, "override_reason": "used",
    "line_ids": [(0, 0, {"product_id": service.id, "employee_id": master.id, "start": datetime(2020, 3, 4, 10)})],
})
visit.action_book()
if "salon.recipe" in env:
    visit.line_ids.action_plan_materials()
    visit.line_ids.consumption_ids.actual = 3
    visit.action_charge_extra()
cash = env.company._salon_registers()[:1]
visit._take_deposit(10, cash)
visit._pay([(cash, visit.amount_due + 2)], {master: 2})
visit.action_done()
if "salon.recipe" in env:
    assert env["stock.move"].search([("product_id", "=", dye.id)]).state == "done"
    assert env["mail.activity"].search([("res_model", "=", "product.product"), ("res_id", "=", dye.id)])
    assert visit.line_ids.filtered(lambda line: line.kind == "extra").amount_billed
env.cr.commit()
print("USED")
"""
# A master's calendar is synchronised with Google's and Outlook's, where somebody moves and deletes what is the salon's.
SYNCHRONISE = """
from datetime import datetime, timedelta
from odoo.addons.google_calendar.utils.google_event import GoogleEvent
from odoo.addons.microsoft_calendar.utils.microsoft_event import MicrosoftEvent
ten = datetime.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=30)
user = env["res.users"].create({
    "name": "Anna", "login": "anna", "email": "anna@example.com", "tz": "UTC",
    "group_ids": [(4, env.ref("salon_spa.group_salon_master").id)],
})
env.company.write({"salon_tz": "UTC", "salon_calendar_mirror": True})
service = env["product.product"].create({
    "name": "Cut", "type": "service", "is_salon_service": True, "active_minutes": 60, "list_price": 50,
})
master = env["hr.employee"].create({"name": "Anna", "is_master": True, "user_id": user.id})
visit = env["salon.visit"].create({
    "partner_id": env["res.partner"].create({"name": "Clara", "is_client_card": True}).id, "override_reason": "used",
    "line_ids": [(0, 0, {"product_id": service.id, "employee_id": master.id, "start": ten})],
})
visit.action_book()
calendar = env["calendar.event"].with_user(user).sudo()
event = calendar.search([("salon_line_id", "in", visit.line_ids.ids)])
known = {"google_id": "g1", "microsoft_id": "m1", "ms_universal_event_id": "u1"}
event.with_context(dont_notify=True).write({**known, "need_sync": False, "need_sync_m": False})
later = (event.write_date + timedelta(hours=1)).isoformat() + "Z"

def synchronise(event):
    events = GoogleEvent([event])
    events.clear_type_ambiguity(env)
    calendar._sync_google2odoo(events)
    env.flush_all()

def google(hour, **values):
    synchronise({
        "id": "g1", "summary": event.name, "updated": later, "organizer": {"email": user.email, "self": True},
        "reminders": {"useDefault": False}, "start": {"dateTime": ten.replace(hour=hour).isoformat() + "Z"},
        "end": {"dateTime": ten.replace(hour=hour + 1).isoformat() + "Z"}, **values,
    })

google(12)
assert event.start == ten, event.start
assert event.need_sync and event.need_sync_m, "the salon's time goes out again"
event.with_context(dont_notify=True).write({"need_sync": False, "need_sync_m": False})
google(10)
assert not event.need_sync, "what is as it should be is not sent to and fro"
google(10, status="cancelled")
assert event.exists() and not event.google_id, "it is entered anew"
calendar._sync_microsoft2odoo(MicrosoftEvent([{"id": "m1", "iCalUId": "u1", "@removed": {"reason": "deleted"}}]))
assert event.exists() and not event.microsoft_id and not event.ms_universal_event_id
assert event in calendar._get_records_to_sync()
try:
    event.unlink()
except Exception as refusal:
    assert "move or cancel its visit" in str(refusal), refusal
else:
    raise AssertionError("deleted by hand")
event.with_context(dont_notify=True).write({**known, "need_sync": False, "need_sync_m": False})
visit.action_cancel(env["salon.reason"].search([("kind", "=", "client")], limit=1))
assert not event.active and not event.salon_line_id, "what Google knows is archived, and stands for the service no more"
visit.action_reopen()
assert calendar.search([("salon_line_id", "in", visit.line_ids.ids)]) - event, "the service stands in the calendar anew"
mine = calendar.create({"name": "Dentist", "start": ten, "stop": ten + timedelta(hours=1)})
mine.with_context(dont_notify=True).write({"google_id": "g2", "need_sync": False})
synchronise({"id": "g2", "status": "cancelled", "updated": later})
assert not mine.exists()
print("SYNCHRONISED")
"""
# The template has no demo data of Odoo's own, without which --with-demo loads none of ours.
LOAD_DEMO = """
from odoo.modules.loading import load_demo
from odoo.modules.module_graph import ModuleGraph
graph = ModuleGraph(env.cr)
graph.extend(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
assert load_demo(env, graph["{addon}"], {{}}, "init")
env.cr.commit()
print("LOADED")
"""


def rows(database, statement, **values):
    with contextlib.closing(psycopg2.connect(dbname=database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0] for row in cursor.fetchall()}


def assert_clean(result, what):
    code, log = result
    assert not code, f"{what} failed:\n{log[-4000:]}"
    complaints = [match[0] for match in COMPLAINT.finditer(log)]
    assert not complaints, "\n".join([f"{what} complains:", *complaints])


def assert_says(result, word):
    code, log = result
    assert not code and word in log, log[-4000:]
    assert_clean(result, word)


@pytest.mark.parametrize("addon", ADDONS)
def test_install_upgrade_uninstall(addon, odoo_cli, fresh_db):
    # What it stands on stays when it goes.
    below = [name for name in MANIFESTS[addon]["depends"] if name in MANIFESTS]
    if below:
        assert_clean(odoo_cli("-i", ",".join(below)), f"installing what {addon} stands on")
    before, kept = rows(fresh_db, STRUCTURE), rows(fresh_db, RECORDS, addon=addon)
    assert_clean(odoo_cli("-i", addon), f"installing {addon}")
    assert rows(fresh_db, STRUCTURE) - before
    installed = rows(fresh_db, STRUCTURE)
    assert_clean(odoo_cli("-u", addon), f"upgrading {addon}")
    assert rows(fresh_db, STRUCTURE) ^ installed == set(), "an upgrade of the same code changes nothing"
    assert_says(odoo_cli("shell", "--no-http", stdin=USE), "USED")
    assert_says(odoo_cli("shell", "--no-http", stdin=UNINSTALL.format(addon=addon)), "UNINSTALLED")
    left = rows(fresh_db, STRUCTURE) - before
    assert not left, "left in the database:\n" + "\n".join(sorted(left))
    left = rows(fresh_db, RECORDS, addon=addon) - kept
    assert not left, "left among Odoo's records:\n" + "\n".join(sorted(left))
    assert_says(odoo_cli("shell", "--no-http", stdin=STILL_WORKS), "STILL WORKS")
    assert_clean(odoo_cli("-i", addon), f"installing {addon} again")


@pytest.mark.parametrize("addon", [name for name in ADDONS if MANIFESTS[name].get("demo")])
def test_demo_data_are_clean(addon, odoo_cli, fresh_db):
    assert_clean(odoo_cli("-i", addon), f"installing {addon}")
    assert_says(odoo_cli("shell", "--no-http", stdin=LOAD_DEMO.format(addon=addon)), "LOADED")
    assert rows(fresh_db, "SELECT 1 FROM ir_model_data WHERE module = %(addon)s", addon=addon)


def test_calendar_mirror_beside_other_calendars(odoo_cli, fresh_db):
    assert_clean(odoo_cli("-i", "salon_spa_booking,google_calendar,microsoft_calendar"), "installing other calendars")
    assert_says(odoo_cli("shell", "--no-http", stdin=SYNCHRONISE), "SYNCHRONISED")
