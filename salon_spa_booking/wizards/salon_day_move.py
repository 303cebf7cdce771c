from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

# How many days ahead another day is looked for.
AHEAD = 14
# How a time is told.
WHEN = "EEE, d MMM, HH:mm"


class SalonDayMove(models.TransientModel):
    """Moves a master's days: who is ill in the morning has a place for every client a minute later.

    For each visit the first of these that works is proposed: the same time with another master, another time of the
    same day with anybody, the nearest day with the master. Proposals leave room for each other, and all that are
    chosen are carried out together or not at all.
    """

    _name = "salon.day.move"
    _description = "Move a Master's Day"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        required=True,
        domain="[('is_master', '=', True), ('company_id', '=', company_id)]",
    )
    date_from = fields.Date("From", required=True, default=lambda self: self.env.company._salon_today())
    date_to = fields.Date("Until", required=True, default=lambda self: self.env.company._salon_today())
    make_leave = fields.Boolean(
        "Enter the Days as a Leave", default=True, help="So that nothing more is booked into them."
    )
    line_ids = fields.One2many("salon.day.move.line", "move_id", string="Visits")

    @api.onchange("date_from")
    def _onchange_date_from(self):
        # One day as a rule.
        self.date_to = self.date_from

    @api.onchange("employee_id", "date_from", "date_to")
    def _onchange_days(self):
        self.line_ids = [Command.clear(), *map(Command.create, self._prepare_lines())]

    def _check_salon(self):
        """Let nobody enter a leave for others than the masters of the salons that the user works in."""
        master = self.employee_id.sudo()
        if self.company_id not in self.env.companies or not master.is_master or master.company_id != self.company_id:
            raise AccessError(self.env._("Choose a master of this salon."))

    def _visits(self):
        """Return the visits ahead in which the master serves on these days, and the bounds of the days."""
        company = self.company_id._origin
        begin = company._salon_utc(datetime.combine(self.date_from, time()))
        end = company._salon_utc(datetime.combine(self.date_to + timedelta(days=1), time()))
        shifts = self.env["salon.shift"]
        lines = shifts._get_lines_ahead(self.employee_id._origin, begin, end)
        return lines.visit_id.sorted("start"), begin, end

    def _prepare_lines(self):
        """Return the values of a row for each visit, with what is proposed."""
        self.ensure_one()
        if not (self.employee_id and self.date_from and self.date_to) or self.date_to < self.date_from:
            return []
        visits, begin, end = self._visits()
        if not visits:
            return []
        master, company = self.employee_id._origin, self.company_id._origin
        # The master is away, and what is proposed for one visit is not to be had for the next. The time of the others
        # is not either: which of the proposals are carried out is chosen afterwards.
        taken = [(master.sudo().resource_id.id, 1, begin, end)]
        rows = []
        for number, visit in enumerate(visits):
            kind, search, plan = self._proposal(visit, master, company, taken)
            parts = []
            if plan:
                taken += self.env["salon.availability"]._taken_by(plan)
                lines = [line for own in visit._persons() for line in own]
                service = self.env["salon.availability"]
                parts = [
                    {"line_id": line.id, **part}
                    for line, part in zip(lines, service._parts(search, plan), strict=True)
                ]
            rows.append(
                {
                    "sequence": number,
                    "visit_id": visit.id,
                    "is_chosen": bool(plan),
                    "kind": kind,
                    "start": plan.start if plan else False,
                    "was_text": company._salon_format(visit.start, WHEN),
                    "start_text": company._salon_format(plan.start, WHEN) if plan else False,
                    "master_text": self.env["salon.availability"]._places_text(parts)[0],
                    "parts": parts,
                }
            )
        return rows

    def _proposal(self, visit, master, company, taken):
        """Return ``(kind, search, plan)`` of the first way to serve the visit without the master on these days."""
        service = self.env["salon.availability"]
        day = visit.date

        def others(line):
            """Another master for what this one was to do, else who is agreed."""
            if line.employee_id != master:
                return line.employee_id
            return self.env["hr.employee"]._salon_skilled(line.product_id, company) - master or master

        def look(wishes, first, last, start=None):
            search = service._search_times(company, wishes, first, last, without=visit.line_ids, taken=taken)
            if start:
                return search, search.board.plan(search.request, start, service._weights(company))
            return search, service._nearest(search, visit.start, company)

        tries = (
            ("master", visit._wishes(others), day, day, visit.start),
            ("time", visit._wishes(others), day, day, None),
            ("day", visit._wishes(), self.date_to + timedelta(days=1), self.date_to + timedelta(days=AHEAD), None),
        )
        for kind, wishes, first, last, start in tries:
            search, plan = look(wishes, first, last, start)
            if plan:
                return kind, search, plan
        return "none", None, None

    def action_move(self):
        """Carry out the chosen proposals together, and keep the master's days free.

        :raise UserError: nothing is chosen, or a time was taken meanwhile; nothing is changed then
        :raise AccessError: the salon is none of the user's, or whom it is about no master of it
        """
        self.ensure_one()
        self._check_salon()
        chosen = self.line_ids.filtered(lambda line: line.is_chosen and line.start)
        if not chosen and not self.make_leave:
            raise UserError(self.env._("Choose at least one visit to move."))
        changes = {}
        for row in chosen:
            for part in row.parts:
                line = self.env["salon.visit.line"].browse(part["line_id"])
                changes[line] = {
                    "employee_id": part["employee_id"],
                    "start": fields.Datetime.to_datetime(part["start"]),
                    "is_chained": line.is_chained and line != row.visit_id._persons()[0][0],
                }
        if changes:
            self.env["salon.visit.line"]._change(changes)
        if self.make_leave:
            _visits, begin, end = self._visits()
            resource = self.employee_id.sudo().resource_id
            self.env["resource.calendar.leaves"].sudo().create(
                {
                    "name": self.env._("Away"),
                    "resource_id": resource.id,
                    "calendar_id": resource.calendar_id.id,
                    "company_id": self.company_id.id,
                    "date_from": begin,
                    "date_to": end,
                }
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_visit")
        moved = [("id", "in", self.line_ids.visit_id.ids)]
        name = self.env._("Clients to Tell")
        return {**action, "name": name, "display_name": name, "domain": moved, "context": {}}
