import logging
from datetime import datetime, time, timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.salon_spa.tools.timeline import overlaps

from .salon_weekdays_mixin import WEEKDAYS

_logger = logging.getLogger(__name__)

# How far ahead repeated blocks stand in the book, in days, where visits are not booked further ahead still; the nightly
# job keeps it so.
HORIZON = 90

# Changes of these decide which time the block takes.
PLAN = {
    *("active", "company_id", "resource_ids", "date_from", "date_to", "hour_from", "hour_to", "every_weeks"),
    *WEEKDAYS,
}

# What the entered days have from the block, as it is called there.
SAME = {"name": "note", "block_type": "block_type", "company_id": "company_id"}


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
    overnight_text = fields.Char(compute="_compute_overnight_text")
    every_weeks = fields.Integer("Every … Weeks", default=1, required=True)
    allocation_ids = fields.One2many("salon.allocation", "block_id", string="Days")
    entered_until = fields.Date(readonly=True, copy=False, help="Up to this day the block stands in the book.")
    # Pairs of a resource's id and a day.
    skipped = fields.Json(readonly=True, copy=False)
    skipped_text = fields.Text(
        "Left out", compute="_compute_skipped_text", help="Days on which the time was taken already."
    )

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

    @api.depends("hour_from", "hour_to")
    @api.depends_context("lang")
    def _compute_overnight_text(self):
        for block in self:
            minutes = round((block.hour_to + 24 - block.hour_from) * 60)
            block.overnight_text = block.hour_to <= block.hour_from and self.env._(
                "Until the next day, %(hours)d h %(minutes)d min", hours=minutes // 60, minutes=minutes % 60
            )

    @api.depends("skipped")
    @api.depends_context("lang")
    def _compute_skipped_text(self):
        for block in self:
            block.skipped_text = "\n".join(
                f"{block.company_id._salon_format(block._span(day)[0], 'd MMM, HH:mm')}: {resource.name}"
                for resource, day in block._skipped()
            )

    @api.model_create_multi
    def create(self, vals_list):
        blocks = super().create(vals_list)
        blocks.filtered("active")._enter()
        return blocks

    def write(self, vals):
        before = {block: (block.resource_ids, block._planned()) for block in self} if PLAN & vals.keys() else {}
        result = super().write(vals)
        for block, (resources, planned) in before.items():
            block._enter_anew(resources, planned)
        if SAME.keys() & vals.keys():
            self._ahead().write({SAME[name]: vals[name] for name in SAME.keys() & vals.keys()})
        return result

    def unlink(self):
        self._ahead().unlink()
        return super().unlink()

    def _ahead(self):
        """Return the allocations of these blocks that have not begun."""
        return self.env["salon.allocation"].search(
            [("block_id", "in", self.ids), ("start", ">", fields.Datetime.now())]
        )

    def _skipped(self):
        """Return ``[(resource.resource, day)]`` of what was left out because the time was taken."""
        self.ensure_one()
        resources = self.env["resource.resource"]
        pairs = self.skipped or ()
        known = set(resources.browse({one for one, _day in pairs}).exists().ids)
        return [(resources.browse(one), fields.Date.to_date(day)) for one, day in pairs if one in known]

    def _planned(self):
        """Return ``{day: span}`` of what is entered from now on, as it was before somebody changed days by hand."""
        self.ensure_one()
        if not self.active or not self.entered_until:
            return {}
        return self._spans(self._dates(self.company_id._salon_today(), self.entered_until))

    def _enter_anew(self, resources, planned):
        """Bring what is ahead in line with the block after a change; days that were moved or deleted by hand stay so.

        :param resources: what the block was for before the change
        :param planned: what ``_planned`` was then
        """
        self.ensure_one()
        now, today, horizon = fields.Datetime.now(), self.company_id._salon_today(), self._horizon()
        last = max(horizon, self.entered_until or horizon)
        rows = self.env["salon.allocation"].search(
            [("block_id", "=", self.id), "|", ("stop", ">", now), ("block_day", ">=", today)]
        )
        first = min([today, *rows.mapped("block_day")])
        spans = {day: self._span(day) for day in self._dates(first, last)} if self.active else {}

        def is_over(row):
            if row.start <= now:
                return False
            if row.block_day not in spans or row.resource_id in resources - self.resource_ids:
                return True
            span = planned.get(row.block_day)
            return (row.start, row.stop) == span != spans[row.block_day]

        over = rows.filtered(is_over)
        standing = {(row.resource_id, row.block_day) for row in rows - over}
        entered = {(resource, day) for resource in resources for day in planned} - {*self._skipped()}
        by_hand = entered - {(row.resource_id, row.block_day) for row in rows}
        over.unlink()
        self.write({"entered_until": self.active and last, "skipped": False})
        wanted = [(resource, day) for resource in self.resource_ids for day in spans if day >= today]
        self._enter_days([pair for pair in wanted if pair not in standing | by_hand])

    def _horizon(self):
        """Return the last day that is entered: as far as free times are offered, at least."""
        company = self.company_id
        return company._salon_today() + timedelta(days=max(HORIZON, company.salon_horizon_days))

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

    def _spans(self, days):
        """Return ``{day: span}`` of what is not over; the clock's change in spring leaves nothing of some blocks."""
        now = fields.Datetime.now()
        spans = {day: self._span(day) for day in days}
        return {day: (start, stop) for day, (start, stop) in spans.items() if start < stop and stop > now}

    def _enter(self):
        """Enter the blocks up to the horizon; what visits or other blocks hold already is left out and told."""
        for block in self:
            today, last = block.company_id._salon_today(), block._horizon()
            after = block.entered_until + timedelta(days=1) if block.entered_until else today
            days = block._dates(max(after, today), last)
            # What was entered farther ahead, when visits were booked farther ahead, stands there still.
            block.entered_until = max(last, block.entered_until or last)
            block._enter_days([(resource, day) for resource in block.resource_ids for day in days])

    def _enter_days(self, wanted):
        """Enter the block for pairs of a resource and a day."""
        self.ensure_one()
        spans = self._spans({day for _resource, day in wanted})
        wanted = [(resource, day) for resource, day in wanted if day in spans]
        if not wanted:
            return
        allocations = self.env["salon.allocation"].sudo()
        resource_ids = {resource.id for resource, _day in wanted}
        allocations._lock(resource_ids)
        allocations._drop_lapsed_holds(resource_ids)
        begin, end = min(start for start, _stop in spans.values()), max(stop for _start, stop in spans.values())
        taken = allocations._search_busy(resource_ids, begin, end)
        busy = {
            resource: [(row.start, row.stop) for row in rows] for resource, rows in taken.grouped("resource_id").items()
        }
        values, skipped = [], []
        for resource, day in wanted:
            if overlaps([spans[day]], busy.get(resource, ())):
                skipped.append((resource.id, fields.Date.to_string(day)))
                continue
            start, stop = spans[day]
            values += [
                {
                    "resource_id": resource.id,
                    "seat": seat,
                    "start": start,
                    "stop": stop,
                    "kind": "block",
                    "block_type": self.block_type,
                    "block_id": self.id,
                    "block_day": day,
                    "note": self.name,
                    "company_id": self.company_id.id,
                }
                for seat in range(1, resource.sudo().salon_capacity + 1)
            ]
        self.env["salon.allocation"].create(values)
        if skipped:
            self.skipped = [*(self.skipped or ()), *skipped]

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
            except Exception:
                # One that can't be entered keeps no other out of the book.
                _logger.exception("Repeated block %s could not be entered", block.id)
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
