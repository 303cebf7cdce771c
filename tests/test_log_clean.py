"""Every screen of the addons is opened on a running server: the log stays without a warning and without an error."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ADDONS = sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))
COMPLAINT = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?:WARNING|ERROR|CRITICAL) .*(?:\n(?!\d{4}-).*)*", re.MULTILINE)


def ids(browser, model):
    """Return the ids of the records of a model that the addons brought."""
    domain = [["module", "in", ADDONS], ["model", "=", model]]
    return [row["res_id"] for row in browser.call("ir.model.data", "search_read", domain, ["res_id"])]


def test_every_screen_opens_quietly(salon_db, serve, browser):
    address, log = serve(salon_db, "--workers=0")
    admin = browser(address, salon_db, "admin", "admin")
    page = admin.get("/odoo")
    bundles = set(re.findall(r'(?:href|src)="(/web/assets/[^"]+)"', page))
    assert bundles
    for bundle in bundles:
        admin.get(bundle)
    admin.call("ir.ui.menu", "load_menus", False)

    actions = admin.call("ir.actions.act_window", "read", ids(admin, "ir.actions.act_window"))
    assert actions
    opened = 0
    for action in actions:
        modes = [mode for mode in action["view_mode"].split(",") if mode]
        views = [[view_id, mode] for view_id, mode in action["views"]] or [[False, mode] for mode in modes]
        search = action["search_view_id"] and action["search_view_id"][0]
        options = {"action_id": action["id"], "load_filters": True, "toolbar": True}
        answer = admin.call(action["res_model"], "get_views", [*views, [search, "search"]], options=options)
        assert set(answer["views"]) >= set(modes)
        columns = [name for name in answer["models"][action["res_model"]]["fields"] if name != "id"]
        admin.call(action["res_model"], "web_search_read", [], {name: {} for name in columns}, limit=80)
        form = answer["views"].get("form", {}).get("arch", "")
        # What only another screen makes, such as a receipt of the till, has no form for a new one.
        is_made_here = "form" in modes and not re.search(r'^<form[^>]* create="(0|false|False)"', form)
        if is_made_here and admin.call(action["res_model"], "has_access", [], "create"):
            admin.call(action["res_model"], "onchange", [], {}, [], {name: {} for name in columns})
        opened += 1
    assert opened == len(actions)

    for cron in ids(admin, "ir.cron"):
        admin.call("ir.cron", "method_direct_trigger", [cron])
    for report in ids(admin, "ir.actions.report"):
        admin.call("ir.actions.report", "read", [report])

    complaints = COMPLAINT.findall(log.read_text())
    assert not complaints, "\n".join(["", *complaints])
