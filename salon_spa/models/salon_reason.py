from odoo import fields, models


class SalonReason(models.Model):
    _name = "salon.reason"
    _description = "Reason"
    _order = "kind, sequence, name"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("client", "Cancelled by the client"),
            ("salon", "Cancelled by the salon"),
            ("no_show", "No-show"),
            ("discount", "Discount"),
            ("refusal", "Client does not want to come"),
        ],
        required=True,
        default="client",
        index=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
