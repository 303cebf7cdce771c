from . import test_timeline, test_visit, test_allocation
