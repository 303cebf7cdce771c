from . import (
    salon_consumption_report,
    salon_liability_report,
    salon_material,
    salon_payment_report,
    salon_revenue_report,
    salon_revenue_report_till,
    salon_visit_report,
)
