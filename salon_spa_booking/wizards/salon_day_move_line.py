from odoo import fields, models


class SalonDayMoveLine(models.TransientModel):
    """A visit of a master who is away, and what is proposed for it."""

    _name = "salon.day.move.line"
    _description = "Visit to Move"
    _order = "sequence, id"

    move_id = fields.Many2one("salon.day.move", string="Dialog", required=True, ondelete="cascade")
    sequence = fields.Integer()
    visit_id = fields.Many2one("salon.visit")
    was_text = fields.Char("Was")
    client_name = fields.Char("Client", related="visit_id.partner_id.name")
    phone_display = fields.Char(related="visit_id.phone_display")
    service_text = fields.Char(related="visit_id.service_text")
    is_chosen = fields.Boolean("Move", default=True)
    kind = fields.Selection(
        [
            ("master", "Another master"),
            ("time", "Another time"),
            ("day", "Another day"),
            ("none", "Nothing found"),
        ],
        string="Proposal",
    )
    start = fields.Datetime()
    start_text = fields.Char("Becomes")
    master_text = fields.Char("Masters")
    parts = fields.Json()
