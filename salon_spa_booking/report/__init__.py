# The mixin comes before the reports that are made with it.
from . import (  # isort: skip
    salon_load_mixin,
    salon_load_report,
    salon_place_report,
    salon_visit_outcome_report,
)
