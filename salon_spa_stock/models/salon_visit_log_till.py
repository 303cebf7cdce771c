from odoo import fields, models


class SalonVisitLog(models.Model):
    _inherit = "salon.visit.log"

    event = fields.Selection(selection_add=[("till", "At the till")], ondelete={"till": "cascade"})
