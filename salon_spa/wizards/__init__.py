from . import (
    base_partner_merge_automatic_wizard,
    salon_grade_change,
    salon_price_change,
    salon_reassign,
    salon_roster_generate,
    salon_roster_publish,
    salon_visit_cancel,
)
