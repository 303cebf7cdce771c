from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request


class OfferController(http.Controller):
    """The page behind the link of an offer. It shows nothing but the offered time itself."""

    def _offer(self, token):
        offer = request.env["salon.offer"].sudo().search([("token", "=", token)], limit=1)
        client = offer.waitlist_id.partner_id
        # The page speaks one language, whatever the browser would rather have.
        request.update_context(lang=client.lang or offer.company_id.partner_id.lang or request.env.lang)
        return offer.with_env(request.env(su=True))

    def _page(self, offer, problem=None):
        if not offer:
            return request.render("salon_spa_booking.offer_page", {"offer": None, "problem": problem}, status=404)
        company = offer.company_id
        masters = offer.env["hr.employee"].browse(dict.fromkeys(part["employee_id"] for part in offer.parts))
        return request.render(
            "salon_spa_booking.offer_page",
            {
                "offer": offer,
                "salon": company.name,
                "when": company._salon_format(offer.start, "EEEE, d MMMM, HH:mm"),
                "until": offer._until_text(),
                "services": ", ".join(offer.waitlist_id.line_ids.product_id.mapped("name")),
                "masters": ", ".join(master.published_name or master.name for master in masters),
                "problem": problem,
            },
        )

    @http.route("/salon/offer/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def offer(self, token):
        return self._page(self._offer(token))

    @http.route("/salon/offer/<string:token>/claim", type="http", auth="public", methods=["POST"], sitemap=False)
    def claim(self, token):
        offer = self._offer(token)
        problem = None
        if offer:
            try:
                with request.env.cr.savepoint():
                    offer.with_context(default_booking_source="online")._claim()
            except UserError:
                # What the desk is told may be nothing for whoever has the link.
                offer.invalidate_recordset()
                if offer.state == "open" and offer.hold_until > fields.Datetime.now():
                    problem = offer.env._("This could not be booked here. Call the salon, it will help you.")
                elif offer.state == "open":
                    problem = offer.env._("This offer has lapsed.")
        return self._page(offer, problem)

    @http.route("/salon/offer/<string:token>/decline", type="http", auth="public", methods=["POST"], sitemap=False)
    def decline(self, token):
        offer = self._offer(token)
        offer._close("declined")
        return self._page(offer)
