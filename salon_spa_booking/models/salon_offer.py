import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.salon_spa.tools import roster

from .salon_waitlist import OFFER_CALL


class SalonOffer(models.Model):
    """A time that is held for a client of the waitlist for some minutes, to be claimed once by a link.

    Of offers made to several clients at once one hold keeps the time; who claims first has it.
    """

    _name = "salon.offer"
    _description = "Offer of a Time"
    _order = "id desc"
    _rec_name = "start"

    waitlist_id = fields.Many2one("salon.waitlist", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="waitlist_id.company_id", store=True, index=True)
    start = fields.Datetime(required=True, readonly=True)
    parts = fields.Json(readonly=True)
    first_id = fields.Many2one(
        "salon.offer", string="Offered along with", ondelete="cascade", index="btree_not_null", readonly=True
    )
    state = fields.Selection(
        [
            ("open", "Not Answered"),
            ("claimed", "Claimed"),
            ("gone", "Gone to another"),
            ("declined", "Declined"),
            ("lapsed", "Lapsed"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    hold_until = fields.Datetime("Held until", required=True, readonly=True)
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="salon_spa.group_salon_administrator",
    )
    url = fields.Char("Link", compute="_compute_url", groups="salon_spa.group_salon_administrator")
    allocation_ids = fields.One2many("salon.allocation", "offer_id", string="Held")
    visit_id = fields.Many2one("salon.visit", readonly=True, ondelete="set null")

    _token_unique = models.UniqueIndex("(token)")

    @api.depends("token")
    def _compute_url(self):
        for offer in self:
            offer.url = f"{offer.get_base_url()}/salon/offer/{offer.token}"

    def _wave(self):
        """Return the offers of the same time that were made together, this one included."""
        first = self.first_id or self
        return first | self.search([("first_id", "in", first.ids)])

    def _hold(self, taken):
        """Take the time for as long as the offer stands.

        :param taken: as ``salon.availability._taken_by`` gives it
        :raise UserError: somebody was faster
        """
        self.ensure_one()
        # What a visit to be moved up holds already stays its own until then.
        own = self.waitlist_id.visit_id.line_ids.allocation_ids.sudo().grouped(lambda row: row.resource_id.id)
        spans = [
            (resource_id, *span)
            for resource_id, _seat, start, stop in taken
            if resource_id > 0
            for span in roster.subtract(
                [(start, stop)], [(row.start, row.stop) for row in own.get(resource_id, ())]
            )
        ]
        self.env["salon.allocation"].sudo()._replace(
            [
                {
                    "resource_id": resource_id,
                    "start": start,
                    "stop": stop,
                    "kind": "hold",
                    "hold_until": self.hold_until,
                    "offer_id": self.id,
                    "company_id": self.company_id.id,
                }
                for resource_id, start, stop in spans
            ]
        )

    def _release(self):
        """Give the held time back when no offer of it stands any more."""
        for first in self.mapped(lambda offer: offer.first_id or offer):
            if not any(offer.state == "open" for offer in first._wave()):
                first.allocation_ids.sudo().unlink()

    def _claim(self):
        """Book the time for the client; return the visit. A second claim by the same client changes nothing.

        :raise UserError: it lapsed, or another client was faster
        """
        self.ensure_one()
        wave = self._wave().sorted("id")
        # As who books does: first what is to be taken, then the offers that it ends. Else both wait for each other.
        self.env["salon.allocation"]._lock(wave.allocation_ids.resource_id.ids)
        # Those who claim offers of one time at the same moment queue up; who waited starts anew and sees the outcome.
        # Odoo's own lock_for_update would not wait.
        self.env.execute_query(
            SQL("SELECT id FROM salon_offer WHERE id = ANY(%s) ORDER BY id FOR UPDATE", wave.ids)
        )
        if self.state == "claimed":
            return self.visit_id
        if self.state == "gone":
            raise UserError(self.env._("Another client was faster: this time is taken."))
        if self.state != "open" or self.hold_until <= fields.Datetime.now():
            raise UserError(self.env._("This offer has lapsed."))
        wave.allocation_ids.sudo().unlink()
        visit = self.waitlist_id._book(self.parts)
        self.write({"state": "claimed", "visit_id": visit.id})
        lost = (wave - self).filtered(lambda offer: offer.state == "open")
        lost.write({"state": "gone"})
        lost.waitlist_id.filtered(lambda entry: entry.state == "offered").write({"state": "waiting"})
        lost._on_closed()
        self._on_claimed()
        return visit

    def _close(self, state):
        """End open offers without a booking; who waits longest is offered the time next."""
        offers = self.filtered(lambda offer: offer.state == "open")
        offers.write({"state": state})
        offers._release()
        offers._on_closed()
        offers.waitlist_id.filtered(lambda entry: entry.state == "offered").write({"state": "waiting"})
        self.env["salon.waitlist"]._wake(offers.company_id)

    def action_decline(self):
        """The client does not want this time: the next one is asked, the client goes on waiting for another."""
        self.check_access("read")
        self.sudo()._close("declined")

    @api.model
    def _lapse(self):
        """End the offers whose time is up."""
        offers = self.search([("state", "=", "open"), ("hold_until", "<=", fields.Datetime.now())])
        offers._close("lapsed")
        offers.waitlist_id._note_silence()

    def _on_offered(self):
        """Called when offers were made: messages to the clients hang on here. The desk gets a task for each."""
        for offer in self:
            offer.waitlist_id._schedule_call(
                lambda env, offer=offer: env._(
                    "Offer %(when)s, held until %(until)s",
                    when=offer.company_id.with_env(env)._salon_format(offer.start, "EEE, d MMM, HH:mm"),
                    until=offer.with_env(env)._until_text(),
                )
            )

    def _until_text(self):
        """Return until when the time is held by the salon's clock, with the day if that is not today."""
        self.ensure_one()
        company = self.company_id
        is_today = company._salon_local(self.hold_until).date() == company._salon_today()
        return company._salon_format(self.hold_until, "HH:mm" if is_today else "EEE, d MMM, HH:mm")

    def _on_claimed(self):
        """Called when a client has claimed an offer."""
        self._on_closed()
        if self.env.user._is_public():
            self.waitlist_id._tell_desk(
                self.company_id,
                lambda env: env._(
                    "%(client)s took the time offered by link: %(when)s.",
                    client=self.waitlist_id.partner_id.name,
                    when=self.company_id.with_env(env)._salon_format(self.start, "EEE, d MMM, HH:mm"),
                ),
            )

    def _on_closed(self):
        """Called when offers stand no longer: nobody has to be told of them any more."""
        self.waitlist_id.activity_unlink([OFFER_CALL])
