from odoo import fields, models


class SalonVisitCancel(models.TransientModel):
    _name = "salon.visit.cancel"
    _description = "Cancel Visits"

    visit_ids = fields.Many2many("salon.visit", required=True)
    reason_id = fields.Many2one("salon.reason", required=True, domain="[('kind', 'in', ('client', 'salon'))]")
    note = fields.Char("In Words")

    def action_apply(self):
        self.visit_ids.action_cancel(self.reason_id, self.note)
