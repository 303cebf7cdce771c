from . import salon_find_time, salon_find_time_line, salon_find_time_option
