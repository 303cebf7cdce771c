from odoo import fields, models


class IrActionsActWindowView(models.Model):
    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=[("salon_journal", "Journal")], ondelete={"salon_journal": "cascade"}
    )
