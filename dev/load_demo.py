# Read by `odoo shell`: fills a new database with the demo salon.
# ruff: noqa: F821 - the shell gives the environment
# pylint: disable=undefined-variable,invalid-commit
env["res.company"]._salon_load_demo()
# So that nobody waits for the first page's scripts and styles.
env["ir.qweb"]._get_asset_bundle("web.assets_web", css=False, js=True).js()
env["ir.qweb"]._get_asset_bundle("web.assets_web", css=True, js=False).css()
env.cr.commit()
