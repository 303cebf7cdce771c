from odoo import fields, models


class SalonSeriesLine(models.TransientModel):
    """One date of a series."""

    _name = "salon.series.line"
    _description = "Date of a Series"
    _order = "sequence, id"

    series_id = fields.Many2one("salon.series", required=True, ondelete="cascade")
    sequence = fields.Integer()
    is_chosen = fields.Boolean("Book", default=True)
    wanted = fields.Datetime()
    wanted_text = fields.Char("Asked for")
    is_free = fields.Boolean("Free")
    problem_text = fields.Char("Problem")
    start = fields.Datetime(help="The time asked for, or the nearest one; empty: none was found.")
    start_text = fields.Char("Proposed")
    master_text = fields.Char("Masters")
    room_text = fields.Char("Rooms")
    parts = fields.Json()
