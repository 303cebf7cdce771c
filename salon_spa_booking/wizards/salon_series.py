from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# How many visits one series may have.
LONGEST = 52
# How a date is told.
WHEN = "EEE, d MMM, HH:mm"


class SalonSeries(models.TransientModel):
    """Books a visit again and again: "every second Thursday, ten times".

    Every date is looked at before anything is booked; where its time is taken the nearest one is proposed. The visits
    keep the wall-clock time of the salon over the change of summer time.
    """

    _name = "salon.series"
    _description = "Series of Visits"

    visit_id = fields.Many2one("salon.visit", required=True, ondelete="cascade")
    every = fields.Integer(default=2, required=True)
    unit = fields.Selection(
        [("days", "days"), ("weeks", "weeks"), ("months", "months")], default="weeks", required=True
    )
    count = fields.Integer("Times", default=10, required=True, help="Visits to be booked beside this one.")
    line_ids = fields.One2many("salon.series.line", "series_id", string="Dates")

    _every_range = models.Constraint("CHECK(every BETWEEN 1 AND 365)", "Repeat every 1 to 365 days, weeks or months.")
    _count_range = models.Constraint(f"CHECK(count BETWEEN 1 AND {LONGEST})", "A series has 1 to 52 visits.")

    @api.onchange("every", "unit", "count")
    def _onchange_rhythm(self):
        if self.every > 0 and 0 < self.count <= LONGEST:
            self.line_ids = [Command.clear(), *map(Command.create, self._prepare_lines())]

    def _propose(self):
        self.line_ids = [Command.clear(), *map(Command.create, self._prepare_lines())]

    def _prepare_lines(self):
        """Return the values of a row for each date: free as asked, or the nearest time, or why not."""
        self.ensure_one()
        visit = self.visit_id._origin
        company = visit.company_id
        service = self.env["salon.availability"]
        wishes = visit._wishes()
        if not wishes or not visit.start:
            raise UserError(self.env._("Give the visit its services and its time first."))
        local = company._salon_local(visit.start)
        # First whatever is free as asked, then what is near for the others, so that none is proposed twice.
        wanted = {
            number: company._salon_utc(local + relativedelta(**{self.unit: self.every * number}))
            for number in range(1, self.count + 1)
        }
        taken, found, problems = [], {}, {}
        for number, moment in wanted.items():
            day = company._salon_local(moment).date()
            search = service._search_times(company, wishes, day, day, taken=taken)
            plan = search.board.plan(search.request, moment)
            if plan:
                found[number] = search, plan
                taken += service._taken_by(plan)
            else:
                refusal = search.board.why_not(search.request, moment)
                problems[number] = service._refusal_text(search, refusal, company, wishes)
        for number in problems:
            search, plan = self._nearest(visit, wanted[number], taken)
            if plan:
                found[number] = search, plan
                taken += service._taken_by(plan)
        rows = []
        for number, moment in wanted.items():
            search, plan = found.get(number, (None, None))
            parts = service._parts(search, plan) if plan else []
            masters, rooms = service._places_text(parts)
            rows.append(
                {
                    "sequence": number,
                    "wanted": moment,
                    "wanted_text": company._salon_format(moment, WHEN),
                    "is_free": number not in problems,
                    "problem_text": problems.get(number, False),
                    "is_chosen": bool(plan),
                    "start": plan.start if plan else False,
                    "start_text": company._salon_format(plan.start, WHEN) if plan else False,
                    "master_text": masters,
                    "room_text": rooms,
                    "parts": parts,
                }
            )
        return rows

    def _nearest(self, visit, wanted, taken):
        """Return the search and the plan nearest to ``wanted``: the same master that day, anybody that day, the same
        master within three days."""
        service, company = self.env["salon.availability"], visit.company_id
        day, around = company._salon_local(wanted).date(), timedelta(days=3)
        anybody = visit._wishes(lambda line: line.employee_id.browse())
        own = visit._wishes()
        for wishes, first, last in ((own, day, day), (anybody, day, day), (own, day - around, day + around)):
            search = service._search_times(company, wishes, max(first, company._salon_today()), last, taken=taken)
            if plan := service._nearest(search, wanted, company):
                return search, plan
        return None, None

    def action_book(self):
        """Book the chosen dates at once, or none of them.

        :raise UserError: nothing is chosen, or a time was taken meanwhile; the message says which
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.is_chosen and line.start)
        if not lines:
            raise UserError(self.env._("Choose at least one date that has a time."))
        visit = self.visit_id
        first = visit.series_id or visit
        visits = self.env["salon.visit"]
        for line in lines:
            values = visit._prepare_repeated_at(line.parts)
            repeated = visit.copy({"start": line.start, "line_ids": [Command.create(one) for one in values]})
            try:
                repeated.action_book()
            except UserError as error:
                day = visit.company_id._salon_format(line.start, WHEN)
                raise UserError(self.env._("%(day)s: %(problem)s", day=day, problem=error)) from error
            visits |= repeated
        (first | visit | visits).sudo().write({"series_id": first.id})
        return visit.action_open_series()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Series of Visits"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
