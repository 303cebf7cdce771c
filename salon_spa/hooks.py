def post_init_hook(env):
    """Give what is already in the database its salon part: nothing is due yet, but every stored figure has a value."""
    env["salon.cadence"]._rebuild()


def uninstall_hook(env):
    """Nothing of the salon may be left behind that would break the rest of Odoo."""
