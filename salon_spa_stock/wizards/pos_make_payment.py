from odoo import models


class PosMakePayment(models.TransientModel):
    _inherit = "pos.make.payment"

    def check(self):
        """Whoever takes or gives money here can be told that it does not fit, as at the till itself."""
        order = self.env["pos.order"].browse(self.env.context.get("active_id") or ())
        return super(PosMakePayment, self.with_context(salon_paying=order.uuid)).check()
