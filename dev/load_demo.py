# Read by `odoo shell`: fills a new database with the demo salon.
# ruff: noqa: F821 - the shell gives the environment
# pylint: disable=undefined-variable,invalid-commit
env["res.company"]._salon_load_demo()
env.cr.commit()
