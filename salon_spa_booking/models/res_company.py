from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_slot_step = fields.Selection(
        [
            ("5", "5 minutes"),
            ("10", "10 minutes"),
            ("15", "15 minutes"),
            ("20", "20 minutes"),
            ("30", "30 minutes"),
            ("60", "1 hour"),
        ],
        string="Grid of Free Times",
        default="15",
        required=True,
        help="Times are offered on this grid, and beside it where they join a neighbour without a gap.",
    )
    salon_gap_mode = fields.Selection(
        [("off", "In order of time"), ("soft", "Best for the day first"), ("strict", "Only those that leave no gap")],
        string="Order of Free Times",
        default="soft",
        required=True,
        help="What is offered first: the next time, or one that leaves no unsellable gap beside it.",
    )
    salon_gap_useful = fields.Integer(
        "Shortest Useful Gap", default=30, help="Minutes; a shorter gap between visits can't be sold."
    )
    salon_weight_gap = fields.Float("Weight: Gap", default=10)
    salon_weight_change = fields.Float("Weight: Change of Master", default=6)
    salon_weight_wait = fields.Float("Weight: Minute of Waiting", default=0.2)
    salon_weight_preferred = fields.Float("Weight: Preferred Master", default=8)
    salon_weight_load = fields.Float(
        "Weight: Fair Share of Work", default=0.2, help="For each hour that the master is booked already."
    )
    salon_weight_off_peak = fields.Float(
        "Weight: Off-peak Bonus", default=5, help="Taken off what speaks against a time in the quiet hours."
    )
    salon_off_peak_from = fields.Float("Quiet from", default=11.0, help="Monday to Friday, by the salon's clock.")
    salon_off_peak_to = fields.Float("Quiet until", default=15.0)
    salon_horizon_days = fields.Integer(
        "Booking Ahead", default=60, help="Free times are looked for so many days ahead."
    )
    salon_load_buffers = fields.Boolean(
        "Preparation Counts as Busy", default=True, help="Preparation and clean-up count in the masters' occupancy."
    )
    salon_calendar_mirror = fields.Boolean(
        "Visits in Masters' Calendars", help="Services to come stand in the calendars of the masters who have a user."
    )

    salon_waitlist_mode = fields.Selection(
        [
            ("desk", "Shown to the desk"),
            ("turn", "Offered to one after the other"),
            ("wave", "Offered to several at once"),
        ],
        string="Waitlist",
        default="desk",
        required=True,
        help="What happens when time becomes free that somebody waits for.",
    )
    salon_waitlist_hold = fields.Integer("Offer Holds", default=15, help="Minutes that an offered time is held.")
    salon_waitlist_wave = fields.Integer("Offer to", default=3, help="Clients to whom a time is offered at once.")

    _salon_waitlist_range = models.Constraint(
        "CHECK(salon_waitlist_hold BETWEEN 1 AND 2880 AND salon_waitlist_wave BETWEEN 2 AND 50)",
        "An offer holds for 1 to 2880 minutes and goes to 2 to 50 clients.",
    )
    _salon_useful_range = models.Constraint(
        "CHECK(salon_gap_useful BETWEEN 5 AND 240)", "The shortest useful gap is between 5 and 240 minutes."
    )
    _salon_horizon_range = models.Constraint(
        "CHECK(salon_horizon_days BETWEEN 1 AND 365)", "Booking ahead is between 1 and 365 days."
    )
    _salon_off_peak_hours = models.Constraint(
        "CHECK(salon_off_peak_from >= 0 AND salon_off_peak_from <= salon_off_peak_to AND salon_off_peak_to <= 24)",
        "The quiet hours go from an earlier to a later one, between 0:00 and 24:00.",
    )
    _salon_weights_positive = models.Constraint(
        "CHECK(LEAST(salon_weight_gap, salon_weight_change, salon_weight_wait, salon_weight_preferred,"
        " salon_weight_load, salon_weight_off_peak) >= 0)",
        "A weight can't be below zero.",
    )

    @api.model
    def _salon_demo_class(self):
        from ..demo.lotus import Lotus  # nobody but a demo database needs it in memory

        return Lotus

    def write(self, vals):
        if "salon_horizon_days" in vals:
            # Repeated blocks stand in the book as far as visits are booked.
            self.env.ref("salon_spa_booking.cron_enter_blocks").sudo()._trigger()
        if "salon_calendar_mirror" not in vals:
            return super().write(vals)
        on = bool(vals["salon_calendar_mirror"])
        switched = self.filtered(lambda company: company.salon_calendar_mirror != on)
        result = super().write(vals)
        if on:
            ahead = [("company_id", "in", switched.ids), ("stop", ">", fields.Datetime.now())]
            self.env["salon.visit.line"].sudo().search(ahead)._mirror_calendar()
        else:
            self.env["calendar.event"]._salon_switched_off(switched)
        return result
