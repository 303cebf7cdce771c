from odoo import fields, models


class SalonContraindication(models.Model):
    _name = "salon.contraindication"
    _description = "Contraindication"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    severity = fields.Selection(
        [("warn", "Warn"), ("block", "Block")],
        required=True,
        default="warn",
        help="Warn: the administrator may book after giving a reason. Block: the service can't be booked.",
    )
    description = fields.Text(translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
