from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    salon_cadence_id = fields.Many2one(
        "salon.cadence",
        string="Due Service",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="The line of the due list that this call is about.",
    )
