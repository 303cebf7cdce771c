from odoo import api, models

from odoo.addons.salon_spa.tools import roster

PENDING = "salon.journal"


class SalonJournalMixin(models.AbstractModel):
    """Tells open journals, and the masters concerned, of every change of what a journal shows.

    What changed is collected while the transaction lasts and told once it is committed, in one message a company.
    """

    _name = "salon.journal.mixin"
    _description = "Shown in the Journal"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._journal_note()
        return records

    def write(self, vals):
        if not self._journal_shows(vals):
            return super().write(vals)
        self._journal_note(before=True)
        result = super().write(vals)
        self._journal_note()
        return result

    def unlink(self):
        self._journal_note(before=True)
        return super().unlink()

    @api.model
    def _journal_shows(self, vals):
        """Tell whether a journal looks different after a write of ``vals``."""
        return True

    def _journal_days(self):
        """Return ``{(company id, local date)}`` of the boards that show these records; False is every company."""
        return {
            (record.company_id.id, day)
            for record in self
            if record.start and record.stop
            for day in self._journal_range(record.company_id, record.start, record.stop)
        }

    @api.model
    def _journal_range(self, company, start, stop):
        """Return the salon's local days from ``start`` to ``stop``, naive UTC."""
        company = company or self.env.company
        return roster.dates(company._salon_local(start).date(), company._salon_local(stop).date())

    def _journal_lines(self):
        """Return the visit lines that a change of these records may give to, or take from, a master."""
        return self.env["salon.visit.line"]

    def _journal_note(self, before=False):
        """Remember what the board shows of these records, to be told after the commit.

        :param before: the change is still to come: remember too what masters have now
        """
        if not self:
            return
        # Kept with what runs after the commit: what runs before it is run, and forgotten, at every savepoint.
        after = self.env.cr.postcommit
        if PENDING not in after.data:
            after.data[PENDING] = {"days": set(), "lines": {}}
            after.add(self.env["salon.journal"]._tell_changes)
        pending = after.data[PENDING]
        records = self.sudo()
        pending["days"] |= records._journal_days()
        for line in records._journal_lines():
            # The first time counts: it is what stands in the database.
            pending["lines"].setdefault(line.id, line._journal_state() if before else None)
