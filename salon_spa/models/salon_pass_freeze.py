from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date


class SalonPassFreeze(models.Model):
    """A span without use of a pass, which moves its end as far."""

    _name = "salon.pass.freeze"
    _description = "Freeze of a Pass"
    _order = "date_from desc, id desc"
    _rec_name = "date_from"

    pass_id = fields.Many2one("salon.pass", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="pass_id.company_id", store=True, precompute=True, index=True)
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._salon_today())
    date_to = fields.Date("Until", required=True, help="The last day on which it can't be used.")
    days = fields.Integer(compute="_compute_days")
    expiry_date = fields.Date("Valid until Then", compute="_compute_days")
    reason = fields.Char(required=True)

    _span = models.Constraint("CHECK(date_to >= date_from)", "A freeze ends after it begins.")

    @api.depends("date_from", "date_to", "pass_id")
    def _compute_days(self):
        for freeze in self:
            whole = freeze.date_from and freeze.date_to and freeze.date_to >= freeze.date_from
            freeze.days = (freeze.date_to - freeze.date_from).days + 1 if whole else 0
            end = freeze.pass_id.expiry_date
            freeze.expiry_date = end and (end if freeze._origin else end + timedelta(days=freeze.days))

    @api.model_create_multi
    def create(self, vals_list):
        freezes = super().create(vals_list)
        for freeze in freezes:
            freeze._check_freeze()
            freeze.pass_id.message_post(
                body=self.env._(
                    "Frozen from %(start)s to %(end)s: %(reason)s",
                    start=freeze.date_from,
                    end=freeze.date_to,
                    reason=freeze.reason,
                )
            )
        return freezes

    def _check_freeze(self):
        """:raise UserError: the pass is over, is frozen then already, or has visits in that time; or it is too long"""
        own = self.pass_id
        own._check_desk()
        names = {"pass": own.display_name}
        if own.state not in ("active", "frozen"):
            raise ValidationError(self.env._("Only a pass that can be used can be frozen: %(pass)s.", **names))
        if any(other.date_from <= self.date_to and self.date_from <= other.date_to for other in own.freeze_ids - self):
            raise ValidationError(self.env._("%(pass)s is frozen in that time already.", **names))
        end = own.expiry_date and own.expiry_date - timedelta(days=self.days)
        if end and self.date_from > end:
            day = format_date(self.env, end)
            raise ValidationError(self.env._("%(pass)s is valid until %(date)s only.", date=day, **names))
        taken = own.sudo().use_ids.filtered(
            lambda use: not use.returned_at and use.date and self.date_from <= use.date <= self.date_to
        )
        if taken:
            raise ValidationError(
                self.env._("%(visit)s in that time goes by %(pass)s.", visit=taken[0].visit_id.display_name, **names)
            )
        if own._is_manager():
            return
        limit = self.company_id.salon_pass_freeze_limit
        days = sum((freeze.date_to - freeze.date_from).days + 1 for freeze in own.freeze_ids)
        if self.date_from < self.company_id._salon_today() or days > limit:
            raise AccessError(
                self.env._(
                    "Ask a manager: an administrator freezes a pass from today on, for %(days)d days in all.",
                    days=limit,
                )
            )
