"""Takes the guide's pictures anew, from a demo salon that is open.

`make screenshots` calls it with the salon's address. When it is too early for anybody to have come, it closes the first
visits of the day through the same buttons as the desk, so that the board shows a day in full swing.
"""

import io
import sys
from pathlib import Path

from machine import ROOT, Stop, browser, say
from PIL import Image
from playwright.sync_api import Error, sync_playwright

FOLDER = ROOT / "docs/guide/img"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LARGEST = 300_000  # bytes of a picture
REPORTS = "/odoo/action-salon_spa.action_report_"

PAY = ("button[name=action_pay]", ".modal-footer")
FIND_TIME = ("button[name=action_find_time]", ".modal .o_salon_free_time")

# File, login, window, address (a function is asked for it, given the page), what must stand there before the picture;
# what stands before it in a tuple is clicked.
PICTURES = [
    ("today", "desk", DESK, "/odoo/salon-today", ".o_kanban_record"),
    ("visit", "desk", DESK, lambda page: f"/odoo/salon-visits/{telling_visit(page)}", ".o_form_view"),
    ("journal", "desk", DESK, "/odoo/salon-journal", (".o_journal_next", ".ec-event")),
    ("journal-phone", "desk", PHONE, "/odoo/salon-journal", (".o_journal_next", ".o_journal_list")),
    ("find-time", "desk", DESK, lambda page: f"/odoo/salon-visits/{guests(page)}", FIND_TIME),
    ("waitlist", "desk", DESK, "/odoo/salon-waitlist", ".o_data_row"),
    ("windows", "desk", DESK, "/odoo/free-windows", ".o_salon_windows_day"),
    ("load", "manager", DESK, "/odoo/salon-load", (".o_salon_period:nth-child(2)", ".o_salon_load_parts")),
    ("calendar", "desk", DESK, "/odoo/salon-calendar", ".fc-event"),
    ("client", "desk", DESK, lambda page: f"/odoo/salon-clients/{regular_client(page)}", ".o_form_view"),
    ("due", "desk", DESK, "/odoo/due-clients", ".o_data_row"),
    ("master", "anna", PHONE, lambda page: f"/odoo/salon-visits/{telling_visit(page)}", ".o_form_view"),
    ("skills", "manager", DESK, "/odoo/salon-skills", ".o_salon_matrix_table"),
    ("prices", "manager", DESK, "/odoo/salon-prices", ".o_salon_matrix_table"),
    ("roster", "manager", DESK, "/odoo/salon-roster", ".o_salon_roster_table"),
    ("revenue", "manager", DESK, f"{REPORTS}revenue_month", "canvas"),
    ("clients", "admin", DESK, f"{REPORTS}client_base", "canvas"),
    ("pay", "desk", DESK, lambda page: f"/odoo/salon-visits/{unpaid(page)}", PAY),
    ("pass", "desk", DESK, lambda page: f"/odoo/action-salon_spa.action_salon_pass/{used_pass(page)}", ".o_form_view"),
    ("till", "desk", DESK, lambda page: open_till(page), (".open-register-btn", ".visits-button", ".o_salon_visit")),
    ("materials", "desk", DESK, "/odoo/salon-materials", ".o_kanban_record, .o_data_row, .o_group_header"),
    ("materials-phone", "anna", PHONE, "/odoo/salon-materials", ".o_kanban_record"),
    ("to-order", "manager", DESK, "/odoo/salon-to-order", ".o_data_row, .o_group_header"),
    ("norm", "manager", DESK, "/odoo/salon-norm-actual", ".o_pivot, canvas"),
    ("profit", "manager", DESK, f"{REPORTS}profit_loss", ".o_pivot, canvas"),
    ("expense-phone", "desk", PHONE, "/odoo/salon-expenses/new", ".o_form_view"),
    ("settings", "admin", DESK, "/odoo/settings#salon_spa", ".app_settings_block"),
]


def call(page, model, method, *args, **kwargs):
    """Calls a method of the salon as the person who is logged in on the page."""
    data = {"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
    answer = page.request.post(f"/web/dataset/call_kw/{model}/{method}", data=data).json()
    if "error" in answer:
        raise Stop(f"The salon refused {model}.{method}: {answer['error']['data']['message']}")
    return answer.get("result")


def begin_day(page):
    """Has the first visits of the day come and go, unless some have."""
    today = [("is_today", "=", True)]
    if call(page, "salon.visit", "search_count", [*today, ("state", "in", ("arrived", "done"))]):
        return
    waiting = [*today, ("state", "in", ("booked", "confirmed"))]
    visits = call(page, "salon.visit", "search", waiting, order="start")
    many = len(visits) // 4
    call(page, "salon.visit", "action_arrive", visits[: 2 * many])
    call(page, "salon.visit", "action_done", visits[:many])


def telling_visit(page):
    """The next visit with something to show: what the client had last time, and wishes if any client has."""
    ahead = [("state", "in", ("booked", "confirmed"))]
    fields = ["last_time_text", "preference_ids", "preference_note"]
    visits = call(page, "salon.visit", "search_read", ahead, fields, order="start", limit=60)
    if not visits:
        raise Stop("Nothing is booked in the demo salon: `make demo-reset` and `make demo` make a new one.")
    return max(visits, key=lambda visit: [bool(visit[name]) for name in fields])["id"]


def regular_client(page):
    """The client with most visits."""
    return call(page, "res.partner", "search", [("is_client_card", "=", True)], order="visit_count desc", limit=1)[0]


def guests(page):
    """The next visit of most services: two who come together, if any do."""
    booked = [("state", "=", "booked")]
    visits = call(page, "salon.visit", "search_read", booked, ["line_ids"], order="start", limit=60)
    return max(visits, key=lambda visit: len(visit["line_ids"]))["id"]


def unpaid(page):
    """A visit of today that is not paid, of most services."""
    due = [("is_today", "=", True), ("payment_state", "=", "unpaid"), ("state", "in", ("arrived", "done"))]
    visits = call(page, "salon.visit", "search_read", due, ["line_ids"], limit=60)
    if not visits:
        raise Stop("Everybody has paid in the demo salon: `make demo-reset` and `make demo` make a new one.")
    return max(visits, key=lambda visit: len(visit["line_ids"]))["id"]


def used_pass(page):
    """The pass that was used most often and has something left."""
    passes = call(page, "salon.pass", "search_read", [("state", "=", "active")], ["use_ids"])
    return max(passes, key=lambda sold: len(sold["use_ids"]))["id"]


def open_till(page):
    """The address of the till, whose session is opened unless it is."""
    till = call(page, "pos.config", "search", [], limit=1)[0]
    call(page, "pos.config", "open_ui", [till])
    waiting = [("config_id", "=", till), ("state", "=", "opening_control")]
    for session in call(page, "pos.session", "search_read", waiting, ["cash_register_balance_start"]):
        counted = session["cash_register_balance_start"]
        call(page, "pos.session", "set_opening_control", [session["id"]], counted, "")
    return f"/pos/ui/{till}"


def log_in(chromium, address, login, size):
    context = chromium.new_context(base_url=address, viewport=size, locale="en-US", timezone_id="Asia/Tashkent")
    page = context.new_page()
    page.goto("/web/login")
    page.fill("#login", login)
    page.fill("#password", login)
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    return page


def take(page, name, where, what):
    page.goto(where(page) if callable(where) else where)
    *clicked, seen = (what,) if isinstance(what, str) else what
    for selector in clicked:
        page.click(selector)
    page.wait_for_selector(seen)
    page.wait_for_function(
        """() => !document.querySelector(".o_loading_indicator, .o_view_sample_data")
                 && [...document.images].every((image) => image.complete)"""
    )
    # A chart draws itself in, a calendar settles its events.
    page.wait_for_timeout(2000)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = FOLDER / f"{name}.png"
    # A screen has few colours: a palette makes the file a third and takes nothing away.
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise Stop(f"{path} has {path.stat().st_size:,} bytes, more than {LARGEST:,}: show less on it.")
    say(f"  {path.relative_to(ROOT)}, {path.stat().st_size // 1000} kB")


def main(address, wanted):
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser(),
            # Debian's Chromium has no sandbox for root, and containers little shared memory.
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        begin_day(log_in(chromium, address, "desk", DESK))
        for name, login, size, where, what in PICTURES:
            if wanted and name not in wanted:
                continue
            key = (login, size["width"])
            pages[key] = pages.get(key) or log_in(chromium, address, login, size)
            take(pages[key], name, where, what)
        chromium.close()


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except (Stop, Error) as problem:
        sys.exit(f"{Path(__file__).name}: {problem}")
