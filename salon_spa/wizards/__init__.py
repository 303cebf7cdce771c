from . import salon_dialog_mixin  # isort: split

from . import (
    base_partner_merge_automatic_wizard,
    salon_grade_change,
    salon_pass_choice,
    salon_pass_correct,
    salon_pass_refund,
    salon_pass_sell,
    salon_price_change,
    salon_reassign,
    salon_roster_generate,
    salon_roster_publish,
    salon_visit_cancel,
    salon_visit_correct,
    salon_visit_deposit,
    salon_visit_discount,
    salon_visit_pass,
    salon_visit_pay,
    salon_visit_refund,
)
