from odoo import api, models
from odoo.tools import escape_psql


class PosConfig(models.Model):
    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        read = super()._load_pos_data_read(records, config)
        if read and self.env.user.has_group("salon_spa.group_salon_administrator"):
            # Cash goes in and out at the front desk, which has no rights in accounting: the session's method has.
            read[0]["_has_cash_move_perm"] = True
        return read

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        """Take a card's number in capitals or not, as somebody reads it from paper."""
        cards = self.env["loyalty.card"].search(
            [("code", "=ilike", escape_psql(code)), ("program_id", "in", self._get_program_ids().ids)], limit=2
        )
        return super().use_coupon_code(cards.code if len(cards) == 1 else code, creation_date, partner_id, pricelist_id)
