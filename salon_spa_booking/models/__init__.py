# The mixin comes before the models that are made with it.
from . import (  # isort: skip
    salon_place_mixin,
    salon_weekdays_mixin,
    res_company,
    res_config_settings,
    salon_availability,
    product_template,
    resource_resource,
    salon_allocation,
    salon_block,
    salon_equipment,
    salon_equipment_type,
    salon_requirement,
    salon_room,
    salon_room_type,
    salon_visit,
    salon_visit_line,
)
