from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Show who works in a salon every time by the salon's clock, wherever the reader is."""
        info = super().session_info()
        if info["uid"] and self.env.user.has_group("salon_spa.group_salon_master"):
            company = self._salon_first_company()
            # The client's clock (static/src/salon_clock) and the server's days, "today" for one.
            info["salon_tz"] = company.salon_tz
            info["user_context"] = {**info["user_context"], "tz": company.salon_tz}
        return info

    def _salon_first_company(self):
        """Return the company that the user has chosen in the menu bar."""
        chosen = request.cookies.get("cids", "").split("-")[0]
        company = self.env.user.company_ids.filtered(lambda company: str(company.id) == chosen)
        return company or self.env.user.company_id
