from . import test_access, test_consumption, test_consumption_property, test_container, test_recipe, test_shelf
