from . import salon_container_close, salon_container_weigh, salon_recipe_copy
