from . import (
    salon_day_move,
    salon_day_move_line,
    salon_fill_week,
    salon_fill_week_line,
    salon_find_time,
    salon_find_time_line,
    salon_find_time_option,
    salon_series,
    salon_series_line,
)
