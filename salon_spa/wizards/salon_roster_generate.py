from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import roster

LONGEST_PERIOD = 366


class SalonRosterGenerate(models.TransientModel):
    """Fill a period of several masters from a pattern, or from a week that is copied, after a look at the result."""

    _name = "salon.roster.generate"
    _description = "Generate Roster"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    source = fields.Selection(
        [("pattern", "A pattern"), ("week", "A week that is copied")], default="pattern", required=True
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._default_date_from())
    date_to = fields.Date("To", required=True, default=lambda self: self._default_date_to())
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Masters",
        domain="[('is_master', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
    )
    pattern_id = fields.Many2one(
        "salon.shift.pattern", default=lambda self: self.env["salon.shift.pattern"].search([], limit=1)
    )
    pattern_kind = fields.Selection(related="pattern_id.kind")
    cycle_start = fields.Date(
        "Cycle Starts On",
        compute="_compute_cycle_start",
        store=True,
        readonly=False,
        help="A day that is the first of a cycle. Each master may have another one, in the table below.",
    )
    source_date = fields.Date(
        "Week to Copy",
        default=lambda self: roster.week_start(self.env.company._salon_today()),
        help="Any day of the week whose shifts are copied.",
    )
    mode = fields.Selection(
        [
            ("empty", "Fill days without shifts only"),
            ("drafts", "Replace drafts, keep days with published shifts"),
            ("all", "Replace all shifts of the period"),
        ],
        default="empty",
        required=True,
    )
    skip_leaves = fields.Boolean(
        "Leave Out Leaves", default=True, help="No shift is made where a leave takes all of it."
    )
    publish = fields.Boolean("Publish at Once")
    line_ids = fields.One2many(
        "salon.roster.generate.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    preview_html = fields.Html(compute="_compute_preview_html", sanitize=False)

    @api.model
    def _default_date_from(self):
        return fields.Date.end_of(self.env.company._salon_today(), "month") + timedelta(days=1)

    @api.model
    def _default_date_to(self):
        return fields.Date.end_of(self._default_date_from(), "month")

    @api.depends("date_from")
    def _compute_cycle_start(self):
        for wizard in self:
            wizard.cycle_start = wizard.date_from

    @api.depends("employee_ids")
    def _compute_line_ids(self):
        for wizard in self:
            there = wizard.line_ids.employee_id._origin
            chosen = wizard.employee_ids._origin
            gone = wizard.line_ids.filtered(lambda line, chosen=chosen: line.employee_id._origin not in chosen)
            wizard.line_ids = [
                *(Command.unlink(line.id) for line in gone),
                *(Command.create({"employee_id": employee.id}) for employee in chosen - there),
            ]

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(self.env._("The period ends before it starts."))
            if (wizard.date_to - wizard.date_from).days >= LONGEST_PERIOD:
                raise ValidationError(self.env._("A roster is made for a year at most: shorten the period."))

    def _is_ready(self):
        self.ensure_one()
        return bool(
            self.line_ids
            and self.date_from
            and self.date_to
            and 0 <= (self.date_to - self.date_from).days < LONGEST_PERIOD
            and (self.pattern_id if self.source == "pattern" else self.source_date)
        )

    def _get_plans(self):
        """Return ``{line: Plan}`` (tools/roster.py) of what applying would do: spans in naive UTC, shifts as keys."""
        self.ensure_one()
        if not self._is_ready():
            return {}
        company = self.company_id
        low, high = (
            company._salon_utc(datetime.combine(day, time.min))
            for day in (self.date_from, self.date_to + timedelta(days=1))
        )
        employees = self.line_ids.employee_id._origin
        shifts = self.env["salon.shift"]
        margin = timedelta(days=2)
        existing = defaultdict(list)
        for shift in shifts.search(
            Domain("employee_id", "in", employees.ids)
            & Domain("start", "<", high + margin)
            & Domain("stop", ">", low - margin)
        ):
            existing[shift.employee_id].append(
                (
                    shift,
                    shift.date,
                    shift.start,
                    shift.stop,
                    shift.state == "published",
                    self.date_from <= shift.date <= self.date_to,
                )
            )
        leaves = shifts._get_leave_spans(employees, low, high + margin)
        wanted = self._get_wanted()
        return {
            line: roster.plan(
                [
                    (date, company._salon_utc(start), company._salon_utc(stop))
                    for date, start, stop in wanted[line]
                ],
                existing[line.employee_id._origin],
                self.mode,
                leaves[line.employee_id._origin.id],
                self.skip_leaves,
            )
            for line in self.line_ids
        }

    def _get_wanted(self):
        """Return ``{line: [(date, start, stop)]}`` in local time: what the pattern or the copied week says."""
        if self.source == "pattern":
            return {
                line: self.pattern_id._origin._spans(
                    self.date_from, self.date_to, line.cycle_start or self.cycle_start or self.date_from
                )
                for line in self.line_ids
            }
        monday = roster.week_start(self.source_date)
        local = self.company_id._salon_local
        by_weekday = defaultdict(list)
        for shift in self.env["salon.shift"].search(
            Domain("employee_id", "in", self.line_ids.employee_id._origin.ids)
            & Domain("date", ">=", monday)
            & Domain("date", "<", monday + timedelta(days=7))
        ):
            hours = roster.span_minutes(shift.date, local(shift.start), local(shift.stop))
            by_weekday[shift.employee_id, shift.date.weekday()].append(hours)
        return {
            line: [
                (day, *roster.day_span(day, *hours))
                for day in roster.dates(self.date_from, self.date_to)
                # The week itself is not copied onto itself.
                if not monday <= day < monday + timedelta(days=7)
                for hours in by_weekday[line.employee_id._origin, day.weekday()]
            ]
            for line in self.line_ids
        }

    @api.depends(
        "source", "date_from", "date_to", "pattern_id", "source_date", "mode", "skip_leaves", "line_ids.cycle_start"
    )
    def _compute_preview_html(self):
        for wizard in self:
            plans = wizard._get_plans()
            wizard.preview_html = plans and self.env["ir.qweb"]._render(
                "salon_spa.roster_generate_preview", wizard._prepare_preview(plans)
            )

    def _prepare_preview(self, plans):
        """Return what the preview's template shows: a row per master, a cell per day."""
        local = self.company_id._salon_local

        def hours(spans):
            return ", ".join(f"{local(start):%H:%M}–{local(stop):%H:%M}" for start, stop in sorted(spans))

        rows = []
        for line, plan in plans.items():
            days = defaultdict(lambda: defaultdict(list))
            for name in ("create", "blocked", "on_leave", "cut"):
                for date, *span in getattr(plan, name):
                    days[date][name].append(tuple(span))
            for name in ("keep", "remove"):
                for shift in getattr(plan, name):
                    days[shift.date][name].append((shift.start, shift.stop))
            cells = []
            for date in roster.dates(self.date_from, self.date_to):
                kinds = days.get(date, {})
                if "create" in kinds:
                    kind = "replace" if "remove" in kinds else "create"
                else:
                    kind = next((name for name in ("blocked", "on_leave", "keep", "remove") if name in kinds), "")
                labels = {
                    "create": self.env._("New: %s"),
                    "keep": self.env._("Stays: %s"),
                    "remove": self.env._("Goes: %s"),
                    "on_leave": self.env._("Left out, on leave: %s"),
                    "cut": self.env._("Cut by a leave: %s"),
                    "blocked": self.env._("Left out, another shift is in the way: %s"),
                }
                title = [label % hours(kinds[name]) for name, label in labels.items() if name in kinds]
                cells.append({"kind": kind, "cut": "cut" in kinds, "title": "\n".join(title), "date": date})
            rows.append({"name": line.employee_id.name, "cells": cells})
        return {"days": list(roster.dates(self.date_from, self.date_to)), "rows": rows}

    def action_apply(self):
        """Make the shifts that the preview shows.

        :raise UserError: nothing is chosen, or there is nothing to do
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose the masters whose roster is to be made."))
        if not self._is_ready():
            raise UserError(self.env._("Choose the pattern, or the week to copy, and the period."))
        plans = self._get_plans()
        remove = self.env["salon.shift"].concat(*(shift for plan in plans.values() for shift in plan.remove))
        vals_list = [
            {
                "employee_id": line.employee_id.id,
                "start": start,
                "stop": stop,
                "state": "published" if self.publish else "draft",
            }
            for line, plan in plans.items()
            for _date, start, stop in plan.create
        ]
        if not remove and not vals_list:
            raise UserError(self.env._("Nothing would change: the period already is as it should be."))
        moments = remove._moments() + [vals[name] for vals in vals_list for name in ("start", "stop")]
        shifts = self.env["salon.shift"].with_context(salon_roster_change=True)
        with self.env["salon.shift"]._change(self.line_ids.employee_id.ids, moments) as outside:
            remove.with_env(shifts.env).unlink()
            shifts.create(vals_list)
        message = self.env._("%(new)s shifts made, %(gone)s removed.", new=len(vals_list), gone=len(remove))
        return self.env["salon.shift"]._prepare_done_action(message, outside)


class SalonRosterGenerateLine(models.TransientModel):
    """A master in the generator: an own start of the cycle, and what would happen."""

    _name = "salon.roster.generate.line"
    _description = "Generate Roster: Master"

    wizard_id = fields.Many2one("salon.roster.generate", required=True, ondelete="cascade", index=True)
    employee_id = fields.Many2one("hr.employee", string="Master", required=True)
    cycle_start = fields.Date("Cycle Starts On", compute="_compute_cycle_start", store=True, readonly=False)
    create_count = fields.Integer("New", compute="_compute_counts", help="Shifts that would be made.")
    keep_count = fields.Integer("Kept", compute="_compute_counts", help="Shifts of the period that stay as they are.")
    remove_count = fields.Integer(
        "Removed", compute="_compute_counts", help="Shifts that would go or be replaced by new ones."
    )
    leave_count = fields.Integer(
        "On Leave", compute="_compute_counts", help="Shifts that a leave takes, in whole or in part."
    )
    blocked_count = fields.Integer(
        "In the Way", compute="_compute_counts", help="Shifts left out because a shift that stays overlaps them."
    )
    unusual_count = fields.Integer(
        "Unusual Hours",
        compute="_compute_counts",
        help="New shifts that begin before 5:00 or last more than 14 hours: have another look.",
    )
    hours = fields.Float("New Hours", compute="_compute_counts", help="Planned hours of the shifts that would be made.")

    @api.depends("wizard_id.cycle_start")
    def _compute_cycle_start(self):
        for line in self:
            line.cycle_start = line.wizard_id.cycle_start

    @api.depends(
        "cycle_start",
        "wizard_id.source",
        "wizard_id.date_from",
        "wizard_id.date_to",
        "wizard_id.pattern_id",
        "wizard_id.source_date",
        "wizard_id.mode",
        "wizard_id.skip_leaves",
    )
    def _compute_counts(self):
        for wizard, lines in self.grouped("wizard_id").items():
            plans = wizard._get_plans()
            local = wizard.company_id._salon_local
            for line in lines:
                plan = plans.get(line, roster.Plan((), (), (), (), (), ()))
                line.create_count = len(plan.create)
                line.keep_count = len(plan.keep)
                line.remove_count = len(plan.remove)
                line.leave_count = len(plan.on_leave) + len(plan.cut)
                line.blocked_count = len(plan.blocked)
                line.unusual_count = sum(
                    roster.is_unusual(*roster.span_minutes(local(start).date(), local(start), local(stop)))
                    for _date, start, stop in plan.create
                )
                line.hours = sum((stop - start).total_seconds() for _date, start, stop in plan.create) / 3600
