from . import salon_revenue_report, salon_visit_report
