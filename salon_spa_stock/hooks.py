from odoo.addons.salon_spa.hooks import leave_what_is_used


def post_init_hook(env):
    """Value stock by what was paid for it, in companies that keep none yet: at Odoo's standard cost a purchase says
    nothing about what a service costs. A company that has moved goods keeps its way.
    """
    companies = env["res.company"].search([("cost_method", "=", "standard")])
    moved = env["stock.move"]._read_group([("state", "=", "done")], ["company_id"])
    (companies - env["res.company"].union(*(company for (company,) in moved))).cost_method = "average"


def uninstall_hook(env):
    """Leave with the books and the stock what they stand on."""
    leave_what_is_used(env, "salon_spa_stock")
