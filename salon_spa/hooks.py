def post_init_hook(env):
    """Give what is already in the database its salon part: nothing is due yet, but every stored figure has a value."""
    env["salon.cadence"]._rebuild()
