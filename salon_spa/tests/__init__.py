from . import test_timeline, test_visit, test_allocation
from . import test_master, test_price, test_service, test_skill, test_skill_matrix, test_unit_js
from . import test_revenue_report, test_visit_report
from . import test_access
from . import test_birthday, test_client, test_client_merge, test_phone
from . import test_demo
from . import test_visit_screens
from . import test_roster_generate, test_roster_pure, test_roster_tour, test_shift
