from . import salon_consumption_report, salon_material, salon_revenue_report, salon_revenue_report_till
