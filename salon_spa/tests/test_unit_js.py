from odoo.tests import HttpCase, tagged


def suite_id(name):
    """Return the id that Hoot gives a suite: a 32-bit hash of its name."""
    value = 0
    for character in name:
        value = ((value << 5) - value + ord(character)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestUnitJs(HttpCase):
    def test_unit_tests_of_the_addon(self):
        """Every Hoot test below static/tests/unit."""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite_id('@salon_spa')}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
