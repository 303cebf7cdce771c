from . import salon_count_upload, salon_movement, salon_receive, salon_transfer
