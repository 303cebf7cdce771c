from . import salon_price_change, salon_reassign, salon_roster_generate, salon_visit_cancel
