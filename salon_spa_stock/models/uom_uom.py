from odoo import models
from odoo.tools import formatLang
from odoo.tools.misc import get_lang


class UomUom(models.Model):
    _inherit = "uom.uom"

    def _salon_number(self, quantity):
        """Return a quantity as the reader's language writes it, without the zeros at its end: ``1 204,5``."""
        number = formatLang(self.env, quantity, dp="Product Unit")
        point = get_lang(self.env).decimal_point
        return number.rstrip("0").removesuffix(point) if point in number else number
