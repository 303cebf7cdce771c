from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .salon_pass import CLOSED_PASS, DESK


class SalonVisit(models.Model):
    """Which passes the clients of a visit have, and what goes by them."""

    _inherit = "salon.visit"

    pass_text = fields.Text("Passes", compute="_compute_pass_text")

    @api.depends("partner_id", "state", "date", "line_ids.product_id", "line_ids.client_id", "line_ids.cancelled",
                 "line_ids.pass_line_id")  # fmt: skip
    @api.depends_context("uid", "lang")
    def _compute_pass_text(self):
        desk = self.env.user.has_group(DESK)
        for visit in self:
            texts = visit._pass_texts() if desk and visit.state not in ("cancelled", "no_show") else []
            visit.pass_text = "\n".join(texts)

    def _pass_texts(self):
        """Return sentences about the passes of the visit's clients, as the desk tells them."""
        self.ensure_one()
        day = self.date or self.company_id._salon_today()
        texts = []
        for record in self._client_passes():
            names = {"pass": record.display_name, "left": record.left_text}
            names["date"] = format_date(self.env, record.expiry_date) if record.expiry_date else ""
            if record.state == "used":
                continue
            if record._freeze_on(day):
                until = format_date(self.env, record._freeze_on(day).date_to)
                texts.append(self.env._("%(pass)s is frozen until %(until)s.", until=until, **names))
            elif record.expiry_date and record.expiry_date < day:
                texts.append(self.env._("%(pass)s: %(left)s, but it is valid until %(date)s only.", **names))
            elif record.kind == "sessions" and record.sessions_left <= min(2, record.sessions_total - 1):
                texts.append(self.env._("%(pass)s: %(left)s, time to offer a new one.", **names))
            elif record.expiry_date:
                texts.append(self.env._("%(pass)s: %(left)s, valid until %(date)s.", **names))
            else:
                texts.append(self.env._("%(pass)s: %(left)s.", **names))
        return texts

    def _client_passes(self):
        """Return the passes that something is left on of all clients of these visits, expiring first, then oldest."""
        clients = (self.partner_id | self._live_lines().client_id)._origin
        if not clients:
            return self.env["salon.pass"].sudo()
        found = (
            self.env["salon.pass"]
            .sudo()
            .search(
                Domain("company_id", "in", self.company_id.ids)
                & Domain("state", "not in", CLOSED_PASS)
                & (Domain("partner_id", "in", clients.ids) | Domain("member_ids", "in", clients.ids)),
                order="sold_date, id",
            )
        )
        return found.sorted(lambda record: (not record.expiry_date, record.expiry_date))

    def _usable_passes(self, expired=False):
        """Return the lines of passes that each service of these visits could go by, the best one first.

        :param expired: also those that only a manager may accept
        :return: ``{salon.visit.line: salon.pass.line}``
        """
        usable = {}
        for visit in self:
            rows = visit._client_passes().line_ids
            for line in visit._live_lines().sorted(lambda line: (line.sequence, line.id)):
                found = rows.browse()
                late = rows.browse()
                for row in rows:
                    obstacle = row._obstacle(line)
                    if not obstacle:
                        found |= row
                    elif expired and obstacle[0] == "expired":
                        late |= row
                usable[line] = found + late
        return usable

    def _propose_passes(self):
        """Return the best pass for each service of this visit that can go by one and does not yet.

        The pass that expires first is best, then the one sold first; several services share what is left.

        :return: ``{salon.visit.line: salon.pass.line}``
        """
        proposed, taken = {}, defaultdict(float)
        for line, rows in self._usable_passes().items():
            for row in rows if not line.pass_line_id else ():
                sessions, amount = row._cover(line, taken[row])
                if line.currency_id.compare_amounts(amount, 0) > 0:
                    taken[row] += sessions or amount
                    proposed[line] = row
                    break
        return proposed

    def _apply_passes(self, chosen, reason=None):
        """Let services of this visit go by passes, or no longer.

        :param dict chosen: ``{salon.visit.line: salon.pass.line or an empty one}``
        :param str reason: why an expired pass is accepted
        """
        self.ensure_one()
        self._check_desk()
        changed = {line: row for line, row in chosen.items() if line.pass_line_id != row}
        (self.env["salon.pass.line"].concat(*changed.values()) | self.line_ids.pass_line_id).sudo().pass_id._lock()
        # First what becomes free, which another service may take.
        self.line_ids.filtered(lambda line: line in changed and line.pass_line_id)._return_pass()
        for line, row in changed.items():
            if row:
                line._use_pass(row, reason)

    def action_passes(self):
        """Open the dialog that chooses which service goes by which pass."""
        return self._open_dialog("salon.visit.pass", self.env._("Use a Pass"))

    def action_sell_pass(self):
        """Open the dialog that sells a pass to the visit's client."""
        self.ensure_one()
        self._check_desk()
        return self.partner_id.action_sell_pass()

    def _on_booked(self):
        """Who was missed and is expected again keeps the session that was lost."""
        result = super()._on_booked()
        self.env["salon.pass.use"]._of_lines(self.line_ids)._unburn()
        return result

    def _on_done(self):
        """What went by passes is revenue now."""
        result = super()._on_done()
        self.env["salon.pass.use"]._of_lines(self.line_ids)._recognise()
        return result

    def _on_reopened(self):
        """A visit that is open again has its sessions to be chosen anew."""
        result = super()._on_reopened()
        self.line_ids._return_pass()
        return result

    def _on_cancelled(self):
        """The sessions go back to the passes; those of a missed visit are lost when the salon says so."""
        result = super()._on_cancelled()
        burned = self.filtered(lambda visit: visit.state == "no_show" and visit.company_id.salon_pass_burn)
        self.env["salon.pass.use"]._of_lines(burned.line_ids)._burn()
        (self - burned).line_ids._return_pass()
        return result


class SalonVisitLine(models.Model):
    _inherit = "salon.visit.line"

    def _coverable(self):
        """Return what a pass may pay of this line, with tax."""
        self.ensure_one()
        if self.visit_id.is_paid_elsewhere:
            return 0.0
        if self.currency_id.compare_amounts(self.amount_billed, self.amount_refunded) <= 0:
            return self.price_total
        return max(0.0, self._to_bill() + self.pass_amount)

    def _use_pass(self, pass_line, reason=None):
        """Let this service go by a pass: what it needs is taken from the pass at once.

        :param pass_line: salon.pass.line
        :param str reason: why an expired pass is accepted, which needs a manager
        :return: salon.pass.use
        :raise UserError: the pass is another client's, for other services, expired, frozen, used up; the client has a
            bill for the service; another desk is faster
        """
        self.ensure_one()
        visit = self.visit_id
        visit._check_desk()
        visit._lock_money()
        row = pass_line.sudo()
        row.pass_id._lock()
        if self.pass_line_id == row:
            return self.env["salon.pass.use"]._of_lines(self)
        self._return_pass()
        obstacle = row._obstacle(self)
        if obstacle:
            code, message = obstacle
            if code != "expired":
                raise UserError(message)
            if not row.pass_id.with_env(self.env)._is_manager():
                raise UserError(self.env._("%(why)s A manager may accept it all the same.", why=message))
            if not reason:
                raise UserError(self.env._("%(why)s Write down why it is accepted all the same.", why=message))
        if row.pass_id.breakage_ids:
            row.pass_id._revive()
        use = row._spend(self, reason if obstacle else None)
        self._keep_pass(row, use.amount, use.value)
        # Counted from this visit on, it may end before others that it was to pay.
        others = (row.pass_id.use_ids - use).line_id.filtered(lambda line: line.state != "done")
        others.with_env(self.env)._check_passes_still_fit()
        why = ", ".join(filter(None, [self.product_id.name, use.reason]))
        visit._log("pass_used", new=row.display_name, reason=why)
        if obstacle:
            row.pass_id.with_env(self.env).sudo().message_post(
                body=self.env._(
                    "Accepted after its expiry for %(visit)s: %(reason)s", visit=visit.display_name, reason=reason
                )
            )
        if visit.state == "done":
            use._recognise()
            visit._on_money_changed()
        return use

    def _return_pass(self):
        """Give what these services took from passes back; a second call changes nothing."""
        for use in self.env["salon.pass.use"]._of_lines(self):
            line = use.line_id.with_env(self.env)
            use.with_env(self.env)._give_back()
            line._keep_pass(use.pass_line_id.browse(), 0, 0)
            line.visit_id._log("pass_returned", new=use.pass_line_id.display_name, reason=line.product_id.name)

    def _check_passes_still_fit(self):
        """Give back what a change of the day has made impossible."""
        for use in self.env["salon.pass.use"]._of_lines(self):
            record, day = use.pass_id, use.line_id.date
            expiry = record._expiry_from(record._start_on(day))
            if not use.reason and day and (record._freeze_on(day) or (expiry and day > expiry)):
                use.line_id.with_env(self.env)._return_pass()
