from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _salon_sell_passes(self):
        """The invoice of a receipt sells nothing more: the receipt has sold its passes."""
        if not self.move_id.pos_order_ids:
            super()._salon_sell_passes()
