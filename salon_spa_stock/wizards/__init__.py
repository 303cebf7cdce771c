from . import (
    pos_make_payment,
    salon_container_close,
    salon_container_weigh,
    salon_count_upload,
    salon_day_report,
    salon_movement,
    salon_receive,
    salon_recipe_copy,
    salon_transfer,
)
