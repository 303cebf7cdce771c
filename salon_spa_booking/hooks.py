def uninstall_hook(env):
    """Take away what would be left behind as something else.

    Mirrored events, which nothing could tell from others any more, and the resources behind rooms and equipment with
    the time that was taken of them; the time of masters stays.
    """
    env["calendar.event"]._salon_remove([])
    env.flush_all()
    # Thousands of rows about rooms that are no more: nobody is to be told.
    env.cr.execute("UPDATE salon_visit_line SET room_id = NULL WHERE room_id IS NOT NULL")
    env.cr.execute(
        """DELETE FROM salon_allocation
            WHERE resource_id IN (SELECT resource_id FROM salon_room UNION SELECT resource_id FROM salon_equipment)"""
    )
    env.invalidate_all()
    for model in ("salon.equipment", "salon.room"):
        env[model].with_context(active_test=False).search([]).unlink()
