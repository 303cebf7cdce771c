from odoo import fields, models


class SalonFindTimeOption(models.TransientModel):
    """A free time that is offered."""

    _name = "salon.find.time.option"
    _description = "Free Time"
    _order = "id"

    find_id = fields.Many2one("salon.find.time", required=True, ondelete="cascade")
    start = fields.Datetime()
    when_text = fields.Char("When")
    master_text = fields.Char("Masters")
    room_text = fields.Char("Rooms")
    reason_text = fields.Char("Good because")
    parts = fields.Json()

    def action_take(self):
        """Book this time.

        :raise UserError: somebody was faster
        """
        self.ensure_one()
        return self.find_id._take(self.parts or [])
