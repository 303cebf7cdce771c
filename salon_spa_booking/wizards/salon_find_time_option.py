from odoo import fields, models


class SalonFindTimeOption(models.TransientModel):
    """A free time that is offered."""

    _name = "salon.find.time.option"
    _description = "Free Time"
    _order = "id"

    find_id = fields.Many2one("salon.find.time", required=True, ondelete="cascade")
    start = fields.Datetime()
    day_text = fields.Char("Day")
    time_text = fields.Char("Time")
    master_text = fields.Char("Masters")
    room_text = fields.Char("Rooms")
    is_other = fields.Boolean(help="On another day of the week or at another hour than was asked for.")
    reason_text = fields.Char("Good because")
    parts = fields.Json()

    def action_take(self):
        """Book this time.

        :raise UserError: somebody was faster
        """
        self.ensure_one()
        return self.find_id._take(self.parts or [])
