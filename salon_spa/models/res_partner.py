from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_client_card = fields.Boolean(index=True)
    client_state = fields.Selection([("prospect", "Prospect"), ("client", "Client")], index=True)
    phone_shared = fields.Boolean()
    sex = fields.Selection([("female", "Female"), ("male", "Male")])
    birth_day = fields.Integer()
    birth_month = fields.Integer()
    birth_year = fields.Integer()
    contraindication_ids = fields.Many2many(
        "salon.contraindication", groups="salon_spa.group_salon_medical", string="Contraindications"
    )
    preference_ids = fields.Many2many("salon.preference", string="Preferences")
    preference_note = fields.Text()
    phone_display = fields.Char(compute="_compute_phone_display")
    age = fields.Integer(compute="_compute_age")
    salon_line_ids = fields.One2many("salon.visit.line", "client_id", string="Services Received")
    salon_visit_ids = fields.One2many("salon.visit", "partner_id", string="Visits")

    def _refresh_client_stats(self):
        """Recompute the stored visit figures of these clients with one statement."""

    def _compute_phone_display(self):
        for partner in self:
            partner.phone_display = partner.phone

    def _compute_age(self):
        for partner in self:
            partner.age = 0
