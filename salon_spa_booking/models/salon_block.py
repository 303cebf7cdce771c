import logging
from datetime import datetime, time, timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .salon_weekdays_mixin import WEEKDAYS

_logger = logging.getLogger(__name__)

# How far ahead repeated blocks stand in the book, in days; the nightly job keeps it so.
HORIZON = 90


class SalonBlock(models.Model):
    """Time that is kept free of visits again and again: lunch, cleaning, training, a device's maintenance.

    Hours are the salon's wall clock. The time itself is taken by allocations, one for each day, resource and seat;
    each can be moved or deleted by itself, and a day on which visits stand in the way is left out and told.
    """

    _name = "salon.block"
    _description = "Repeated Block"
    _inherit = ["salon.weekdays.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    block_type = fields.Selection(
        lambda self: self.env["salon.allocation"]._fields["block_type"]._description_selection(self.env),
        string="Type",
        required=True,
        default="break",
        help="Breaks, administrative work, training and unavailable time shorten the time that a master has for "
        "visits; maintenance shortens the opening time of a room or device.",
    )
    resource_ids = fields.Many2many(
        "resource.resource",
        string="Whom or What",
        required=True,
        check_company=True,
        help="Masters, rooms and equipment.",
    )
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._salon_today())
    date_to = fields.Date("Until", help="The last day; empty goes on.")
    hour_from = fields.Float("Begins", required=True, default=13.0)
    hour_to = fields.Float("Ends", required=True, default=14.0, help="Not later than the beginning: the next day.")
    every_weeks = fields.Integer("Every … Weeks", default=1, required=True)
    allocation_ids = fields.One2many("salon.allocation", "block_id", string="Days")
    entered_until = fields.Date(readonly=True, copy=False, help="Up to this day the block stands in the book.")
    skipped_text = fields.Text("Left out", readonly=True, copy=False, help="Days on which the time was taken already.")

    _weeks_positive = models.Constraint("CHECK(every_weeks BETWEEN 1 AND 52)", "Repeat every 1 to 52 weeks.")
    _hours_of_a_day = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24)", "Hours go from 0:00 to 24:00."
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "The last day lies before the first."
    )

    @api.constrains(*WEEKDAYS)
    def _check_weekdays(self):
        for block in self:
            if not block._weekdays():
                raise ValidationError(
                    self.env._("Choose at least one day of the week for “%(name)s”.", name=block.name)
                )

    @api.constrains("resource_ids")
    def _check_resources(self):
        for block in self:
            if not block.resource_ids:
                raise ValidationError(
                    self.env._("Choose the masters, rooms or equipment that “%(name)s” is for.", name=block.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        blocks = super().create(vals_list)
        blocks._enter_anew()
        return blocks

    def write(self, vals):
        result = super().write(vals)
        if set(vals) - {"name", "entered_until", "skipped_text", "allocation_ids"}:
            self._enter_anew()
        elif "name" in vals:
            self._ahead().write({"note": vals["name"]})
        return result

    def unlink(self):
        self._ahead().unlink()
        return super().unlink()

    def _ahead(self):
        """Return the allocations of these blocks that have not begun."""
        return self.env["salon.allocation"].search(
            [("block_id", "in", self.ids), ("start", ">", fields.Datetime.now())]
        )

    def _enter_anew(self):
        """Take what is ahead out of the book and enter it as the blocks say now."""
        self._ahead().unlink()
        self.write({"entered_until": False, "skipped_text": False})
        self.filtered("active")._enter()

    def _dates(self, first, last):
        """Return the local days from ``first`` to ``last`` on which the block stands."""
        self.ensure_one()
        weekdays = self._weekdays()
        monday = self.date_from - timedelta(days=self.date_from.weekday())
        first = max(first, self.date_from)
        last = min(last, self.date_to or last)
        return [
            day
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
            if day.weekday() in weekdays and (day - monday).days // 7 % self.every_weeks == 0
        ]

    def _span(self, day):
        """Return the naive UTC span of the block on a local day."""
        self.ensure_one()
        midnight = datetime.combine(day, time())
        begin = midnight + timedelta(minutes=round(self.hour_from * 60))
        end = midnight + timedelta(minutes=round(self.hour_to * 60))
        if end <= begin:
            end += timedelta(days=1)
        return self.company_id._salon_utc(begin), self.company_id._salon_utc(end)

    def _enter(self):
        """Enter the blocks up to the horizon; what visits or other blocks hold already is left out and told."""
        now = fields.Datetime.now()
        for block in self:
            today = block.company_id._salon_today()
            last = today + timedelta(days=HORIZON)
            after = block.entered_until + timedelta(days=1) if block.entered_until else today
            spans = [span for span in map(block._span, block._dates(max(after, today), last)) if span[1] > now]
            block.entered_until = last
            if not spans:
                continue
            allocations = self.env["salon.allocation"].sudo()
            resources = block.resource_ids
            allocations._lock(resources.ids)
            allocations._drop_lapsed_holds(resources.ids)
            taken = allocations._search_busy(resources.ids, spans[0][0], spans[-1][1])
            by_resource = taken.grouped(lambda row: row.resource_id.id)
            values, skipped = [], []
            for resource in resources:
                busy = by_resource.get(resource.id, allocations)
                for start, stop in spans:
                    rivals = busy.filtered(lambda row, start=start, stop=stop: row.start < stop and start < row.stop)
                    if rivals:
                        skipped.append((start, resource.name))
                        continue
                    values += [
                        {
                            "resource_id": resource.id,
                            "seat": seat,
                            "start": start,
                            "stop": stop,
                            "kind": "block",
                            "block_type": block.block_type,
                            "block_id": block.id,
                            "note": block.name,
                            "company_id": block.company_id.id,
                        }
                        for seat in range(1, resource.sudo().salon_capacity + 1)
                    ]
            self.env["salon.allocation"].create(values)
            if skipped:
                lines = [f"{block.company_id._salon_format(start, 'd MMM, HH:mm')}: {name}" for start, name in skipped]
                block.skipped_text = "\n".join(filter(None, [block.skipped_text, *lines]))

    @api.model
    def _cron_enter(self):
        """Keep the repeated blocks entered up to the horizon."""
        blocks = self.search([])
        self.env["ir.cron"]._commit_progress(remaining=len(blocks))
        for block in blocks:
            try:
                with self.env.cr.savepoint():
                    block._enter()
            except (UserError, psycopg2.errors.ExclusionViolation) as error:
                # Somebody booked at this very moment; tomorrow's run tries again, and the other blocks are not kept.
                _logger.info("Repeated block %s was not entered: %s", block.id, error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def action_allocations(self):
        """Open the days of the block that are entered in the book."""
        self.ensure_one()
        if not self.allocation_ids:
            raise UserError(
                self.env._("Nothing of “%(name)s” is entered: no day falls into the next weeks.", name=self.name)
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_block")
        domain = [("block_id", "=", self.id), ("seat", "=", 1)]
        return {**action, "domain": domain, "context": {"search_default_ahead": 1}}
