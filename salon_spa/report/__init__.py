from . import (
    salon_payment_report,
    salon_report_mixin,
    salon_revenue_mixin,
    salon_revenue_report,
    salon_visit_outcome_report,
    salon_visit_report,
)
