from odoo import models


class SalonVisit(models.Model):
    _inherit = "salon.visit"

    def _on_done(self):
        super()._on_done()
        self.line_ids._salon_deliver()

    def _on_reopened(self):
        super()._on_reopened()
        self.line_ids._salon_take_back()
