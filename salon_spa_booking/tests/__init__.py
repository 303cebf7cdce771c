from . import (
    test_availability,
    test_availability_service,
    test_block,
    test_calendar_mirror,
    test_day_move,
    test_demo,
    test_find_time,
    test_load_report,
    test_room,
    test_series,
    test_waitlist,
)
