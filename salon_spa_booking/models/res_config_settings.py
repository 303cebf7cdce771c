from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_slot_step = fields.Selection(related="company_id.salon_slot_step", readonly=False)
    salon_gap_mode = fields.Selection(related="company_id.salon_gap_mode", readonly=False)
    salon_gap_useful = fields.Integer(related="company_id.salon_gap_useful", readonly=False)
    salon_weight_gap = fields.Float(related="company_id.salon_weight_gap", readonly=False)
    salon_weight_change = fields.Float(related="company_id.salon_weight_change", readonly=False)
    salon_weight_wait = fields.Float(related="company_id.salon_weight_wait", readonly=False)
    salon_weight_preferred = fields.Float(related="company_id.salon_weight_preferred", readonly=False)
    salon_weight_load = fields.Float(related="company_id.salon_weight_load", readonly=False)
    salon_horizon_days = fields.Integer(related="company_id.salon_horizon_days", readonly=False)
    salon_waitlist_mode = fields.Selection(related="company_id.salon_waitlist_mode", readonly=False)
    salon_waitlist_hold = fields.Integer(related="company_id.salon_waitlist_hold", readonly=False)
    salon_waitlist_wave = fields.Integer(related="company_id.salon_waitlist_wave", readonly=False)
    salon_weight_off_peak = fields.Float(related="company_id.salon_weight_off_peak", readonly=False)
    salon_off_peak_from = fields.Float(related="company_id.salon_off_peak_from", readonly=False)
    salon_off_peak_to = fields.Float(related="company_id.salon_off_peak_to", readonly=False)
    salon_load_buffers = fields.Boolean(related="company_id.salon_load_buffers", readonly=False)
    salon_calendar_mirror = fields.Boolean(related="company_id.salon_calendar_mirror", readonly=False)
