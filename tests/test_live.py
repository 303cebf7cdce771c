"""Two browsers and one salon: what is changed in the one stands in the other, which nobody reloads."""

import resource

import pytest
from conftest import run_odoo, setting
from playwright.sync_api import sync_playwright

SALON = """
from datetime import datetime, time, timedelta
env.company.salon_tz = "UTC"
def user(login, group):
    return env["res.users"].create({
        "name": login, "login": login, "password": login, "email": f"{login}@example.com", "tz": "UTC",
        "group_ids": [(4, env.ref(f"salon_spa.group_salon_{group}").id)],
    })
user("live_desk", "administrator")
user("live_colleague", "administrator")
service = env["product.product"].create({
    "name": "Cut", "type": "service", "is_salon_service": True, "active_minutes": 60, "list_price": 50,
})
anna = env["hr.employee"].create({"name": "Anna", "is_master": True, "user_id": user("live_anna", "master").id})
env["salon.skill"].create({"employee_id": anna.id, "product_id": service.id})
tomorrow = datetime.combine(env.company._salon_today(), time()) + timedelta(days=1)
env["salon.shift"].create({
    "employee_id": anna.id, "start": tomorrow + timedelta(hours=9), "stop": tomorrow + timedelta(hours=18),
    "state": "published",
})
visit = env["salon.visit"].create({
    "partner_id": env["res.partner"].create({"name": "Clara", "is_client_card": True}).id,
    "line_ids": [(0, 0, {"product_id": service.id, "employee_id": anna.id, "start": tomorrow + timedelta(hours=10)})],
})
visit.action_book()
env.cr.commit()
print("LINE", visit.line_ids.id, tomorrow.date())
"""
PATIENCE = 60_000  # milliseconds until a browser that shows nothing has failed


@pytest.fixture
def unlimited_memory():
    """Odoo limits the address space of its process, of which a browser reserves more than there is memory."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.fixture
def log_in(unlimited_memory):
    """A function that opens a browser of its own and logs in: ``log_in(address, login)``; returns its page."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=setting("SALON_BROWSER"), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )

        def opened(address, login):
            page = chromium.new_context(base_url=address, locale="en-US", timezone_id="UTC").new_page()
            page.set_default_timeout(PATIENCE)
            page.goto("/web/login")
            page.fill("#login", login)
            page.fill("#password", login)
            page.click(".oe_login_form button[type=submit]")
            page.wait_for_selector(".o_main_navbar")
            return page

        yield opened
        chromium.close()


def move(page, line, values):
    data = {"params": {"model": "salon.journal", "method": "move", "args": [line, values], "kwargs": {}}}
    answer = page.request.post("/web/dataset/call_kw/salon.journal/move", data=data).json()
    assert answer.get("result"), answer


def test_a_move_is_seen_by_the_desk_and_told_to_the_master(salon_db, serve, log_in):
    code, log = run_odoo(salon_db, "shell", "--no-http", stdin=SALON)
    assert not code and "LINE" in log, log
    line, day = log.rsplit("LINE ", 1)[1].split()[:2]
    address, server_log = serve(salon_db)
    board, master = log_in(address, "live_desk"), log_in(address, "live_anna")
    for page in (board, master):
        page.goto("/odoo/salon-journal")
        page.click(".o_journal_next")
        page.wait_for_selector(".ec-event:has-text('Clara'):has-text('10:00 AM')")
        page.evaluate("window.isSamePage = true")
    move(log_in(address, "live_colleague"), int(line), {"start": f"{day}T14:00:00"})
    for page in (board, master):
        page.wait_for_selector(".ec-event:has-text('Clara'):has-text('02:00 PM')")
        assert page.evaluate("window.isSamePage"), "it was not reloaded"
    master.wait_for_selector(".o_notification:has-text('Visit moved'):has-text('Clara')")
    assert not board.query_selector(".o_notification"), "a colleague's move is the master's news"
    assert "ERROR" not in server_log.read_text()
