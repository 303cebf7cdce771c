from . import salon_ratio_mixin  # isort: split

from . import (
    salon_break_even_report,
    salon_cash_report,
    salon_finance_report,
    salon_liability_report,
    salon_payment_report,
    salon_report_mixin,
    salon_revenue_mixin,
    salon_revenue_report,
    salon_visit_outcome_report,
    salon_visit_report,
)
