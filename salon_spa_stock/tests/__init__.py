from . import test_consumption, test_container, test_recipe, test_shelf
