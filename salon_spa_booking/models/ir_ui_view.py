from odoo import fields, models


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("salon_journal", "Journal")])

    def _get_view_info(self):
        return {"salon_journal": {"icon": "fa fa-columns"}} | super()._get_view_info()
