from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _check_may_merge_clients(self):
        user = self.env.user
        if not self.env.su and not user.has_group("salon_spa.group_salon_manager"):
            raise AccessError(self.env._("Only a manager may merge clients' cards."))

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge as Odoo does; for clients' cards also what the salon keeps about them.

        Visits, services received, consents and the history move to the card that stays. Figures and due services are
        worked out anew from the visits.

        :raise AccessError: when a card is among the partners and the user is no manager of the salon
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        cards = partners.filtered("is_client_card")
        if not cards or len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        self._check_may_merge_clients()
        if not dst_partner or dst_partner not in partners:
            dst_partner = self._get_ordered_partner(cards.ids)[-1]
        leaving = partners - dst_partner
        # The number of a card that goes is free for the one that stays.
        kept_state = dst_partner.client_state or "prospect"
        leaving.sudo().write({"is_client_card": False})
        partners.filtered(lambda partner: partner.referred_by_id in partners).referred_by_id = False
        self._merge_cadences(leaving, dst_partner)
        # Odoo moves the files of the chatter only, and those of a card would go with it.
        photos = leaving.sudo().salon_photo_ids.filtered(lambda file: file.res_id in leaving.ids)
        photos.write({"res_id": dst_partner.id})
        # Clients of one person seldom have the same e-mail on both cards, which Odoo's check asks for.
        result = super()._merge(partner_ids, dst_partner, extra_checks=extra_checks and cards != partners)
        dst_partner.sudo().write({"is_client_card": True, "client_state": kept_state})
        for owned in dst_partner.sudo().salon_pass_ids:
            # Two of a family turned out to be one person.
            owned.member_ids -= dst_partner
        dst_partner._refresh_client_stats()
        self.env["salon.cadence"].sudo()._rebuild(dst_partner.ids)
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        if (src_partners | dst_partner).filtered("client_state"):
            # Odoo carries the clients' figures over too, which nobody writes; they are worked out anew afterwards.
            src_partners, dst_partner = src_partners.sudo(), dst_partner.sudo()
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _merge_cadences(self, leaving, staying):
        """Bring the calls about one service of two cards under one row: a client has a single row a service."""
        cadences = self.env["salon.cadence"].sudo()
        cadences.flush_model()
        self.env["salon.cadence.call"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT old.id, kept.id
                  FROM salon_cadence old
                  JOIN LATERAL (
                       SELECT id FROM salon_cadence
                        WHERE client_id IN %(all)s
                          AND product_tmpl_id IS NOT DISTINCT FROM old.product_tmpl_id
                          AND group_id IS NOT DISTINCT FROM old.group_id
                        ORDER BY client_id <> %(staying)s, id
                        LIMIT 1
                       ) kept ON kept.id <> old.id
                 WHERE old.client_id IN %(leaving)s
                """,
                all=tuple((leaving | staying).ids),
                leaving=tuple(leaving.ids),
                staying=staying.id,
            )
        )
        for old_id, kept_id in self.env.cr.fetchall():
            calls = self.env["salon.cadence.call"].sudo().search([("cadence_id", "=", old_id)])
            calls.write({"cadence_id": kept_id})
            cadences.browse(old_id).unlink()
