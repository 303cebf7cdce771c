from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    salon_location_id = fields.Many2one(
        "stock.location",
        string="Place",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Where the material has run short.",
    )
