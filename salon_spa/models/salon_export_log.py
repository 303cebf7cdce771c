from odoo import fields, models


class SalonExportLog(models.Model):
    """Who took which data out of the salon. Written by the exports themselves and by nobody else."""

    _name = "salon.export.log"
    _description = "Export Log"
    _order = "date desc, id desc"
    _rec_name = "model_name"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict", index=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    model_name = fields.Char("Data", required=True, readonly=True)
    record_count = fields.Integer("Records", readonly=True)
    field_names = fields.Text("Columns", readonly=True)
