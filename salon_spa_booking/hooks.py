def uninstall_hook(env):
    """Take what was mirrored out of the calendars: nothing could tell it from other events any more."""
    env["calendar.event"]._salon_remove([])
