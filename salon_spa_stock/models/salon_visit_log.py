from odoo import fields, models


class SalonVisitLog(models.Model):
    _inherit = "salon.visit.log"

    event = fields.Selection(selection_add=[("material", "Material corrected")], ondelete={"material": "set service"})
