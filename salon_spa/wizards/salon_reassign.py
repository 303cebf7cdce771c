from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import timeline


class SalonReassign(models.TransientModel):
    """Give the visits ahead of one or several masters to others, all in one step or not at all."""

    _name = "salon.reassign"
    _description = "Reassign Visits"

    employee_ids = fields.Many2many(
        "hr.employee", string="Masters", required=True, context={"active_test": False}, readonly=True
    )
    archive_after = fields.Boolean(
        string="Archive Then", readonly=True, help="The masters are archived when none of their visits is left."
    )
    date_from = fields.Date(string="From", help="Empty: from now on.")
    date_to = fields.Date(string="Until", help="Empty: without an end.")
    target_employee_id = fields.Many2one(
        "hr.employee",
        string="Give All To",
        domain="[('is_master', '=', True), ('id', 'not in', employee_ids)]",
        ondelete="cascade",
    )
    has_trouble = fields.Boolean(compute="_compute_has_trouble")
    override_reason = fields.Char("Reason to Book Anyway", help="Kept with each visit that its remark speaks against.")
    line_ids = fields.One2many(
        "salon.reassign.line", "wizard_id", string="Services", compute="_compute_line_ids", store=True, readonly=False
    )

    @api.depends("employee_ids", "date_from", "date_to")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard._lines_ahead()
            proposals = wizard._propose(lines)
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"line_id": line.id, "new_employee_id": proposals.get(line)})
                    for line in lines
                ),
            ]

    @api.depends("line_ids.is_trouble", "line_ids.new_employee_id")
    def _compute_has_trouble(self):
        for wizard in self:
            wizard.has_trouble = any(line.is_trouble and line.new_employee_id for line in wizard.line_ids)

    def _lines_ahead(self):
        """Return the booked services of these masters that are still ahead, in time order."""
        domain = self.employee_ids._origin._salon_future_lines_domain()
        if self.date_from:
            domain.append(("date", ">=", self.date_from))
        if self.date_to:
            domain.append(("date", "<=", self.date_to))
        return self.env["salon.visit.line"].search(domain, order="start, id")

    def _propose(self, lines):
        """Return ``{line: employee id}``: who has the skill and is free, the same grade and the least busy first.

        Three queries whatever the number of lines and masters. What is proposed for one line counts as busy for the
        next. A line that nobody can take is absent.
        """
        lines = lines.filtered("start")
        if not lines:
            return {}
        skills = self.env["salon.skill"].search(
            [
                ("product_id", "in", lines.product_id.ids),
                ("employee_id.active", "=", True),
                ("employee_id.is_master", "=", True),
                ("employee_id", "not in", self.employee_ids._origin.ids),
            ]
        )
        able = defaultdict(list)
        for skill in skills:
            able[skill.product_id].append(skill.employee_id)
        planner = _Planner(self.env, lines, skills.employee_id)
        proposals = {}
        for line in lines:
            candidates = [
                employee
                for employee in able[line.product_id]
                if employee.company_id == line.company_id and planner.trouble(line, employee) is None
            ]
            if candidates:
                best = min(candidates, key=lambda employee: planner.rank(line, employee))
                planner.give(line, best)
                proposals[line] = best.id
        return proposals

    @api.onchange("target_employee_id")
    def _onchange_target_employee_id(self):
        if self.target_employee_id:
            self.line_ids.new_employee_id = self.target_employee_id

    def action_apply(self):
        """Move the services to their new masters; archive the old ones when that was asked for.

        :raise UserError: a master is taken, or somebody who is to be archived keeps a visit; nothing is changed then.
        """
        self.ensure_one()
        open_lines = self.line_ids.filtered(lambda line: not line.new_employee_id)
        if self.archive_after and open_lines:
            raise UserError(
                self.env._(
                    "Choose a master for every visit before archiving. Still open: %(lines)s.",
                    lines="; ".join(open_lines.mapped("label")),
                )
            )
        changes = {
            line.line_id: {"employee_id": line.new_employee_id.id} for line in self.line_ids - open_lines
        }
        if self.override_reason:
            troubled = self.line_ids.filtered(lambda line: line.is_trouble and line.new_employee_id)
            troubled.line_id.visit_id.override_reason = self.override_reason
        if changes:
            self.env["salon.visit.line"]._change(changes)
        if self.archive_after:
            left = self.env["salon.visit.line"].search_count(self.employee_ids._salon_future_lines_domain())
            if left:
                raise UserError(
                    self.env._(
                        "%(masters)s would still have %(count)d services ahead. Clear the dates to see all of them.",
                        masters=", ".join(self.employee_ids.mapped("name")),
                        count=left,
                    )
                )
            self.employee_ids.with_context(no_wizard=True).action_archive()
        return {"type": "ir.actions.act_window_close"}


class SalonReassignLine(models.TransientModel):
    _name = "salon.reassign.line"
    _description = "Reassign Visits Line"

    wizard_id = fields.Many2one("salon.reassign", required=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("salon.visit.line", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    start = fields.Datetime(related="line_id.start", string="Time")
    client_id = fields.Many2one(related="line_id.client_id")
    product_id = fields.Many2one(related="line_id.product_id")
    employee_id = fields.Many2one(related="line_id.employee_id", string="Master Now")
    price_unit = fields.Monetary(related="line_id.price_unit", string="Price Now")
    new_employee_id = fields.Many2one(
        "hr.employee",
        string="New Master",
        domain="[('is_master', '=', True), ('company_id', '=', company_id), ('id', '!=', employee_id)]",
        ondelete="cascade",
    )
    new_price = fields.Monetary(
        string="Price Then", compute="_compute_trouble", help="By the new master's price or grade."
    )
    trouble = fields.Char(string="Remark", compute="_compute_trouble")
    is_trouble = fields.Boolean(compute="_compute_trouble")
    label = fields.Char(compute="_compute_label")

    @api.depends("line_id")
    def _compute_label(self):
        for row in self:
            line = row.line_id
            row.label = ", ".join(
                filter(
                    None,
                    [
                        line.start and line.company_id._salon_format(line.start, "d MMM HH:mm"),
                        line.display_name,
                    ],
                )
            )

    @api.depends("new_employee_id", "wizard_id.line_ids.new_employee_id")
    def _compute_trouble(self):
        for wizard, rows in self.grouped("wizard_id").items():
            everybody = wizard.line_ids | rows
            planner = _Planner(
                self.env, everybody.line_id._origin, everybody.new_employee_id._origin, check_skills=True
            )
            for row in everybody.sorted(lambda row: row.line_id.start or fields.Datetime.now()):
                line, employee = row.line_id._origin, row.new_employee_id._origin
                trouble = planner.trouble(line, employee) if employee else self.env._("Nobody chosen")
                if employee:
                    planner.give(line, employee)
                if row in rows:
                    row.trouble = trouble or self.env._("Free")
                    row.is_trouble = bool(trouble)
        for company, rows in self.grouped("company_id").items():
            rows = rows.filtered("line_id")
            prices = self.env["product.product"]._salon_prices(
                [
                    (row.product_id, row.new_employee_id or row.employee_id, row.client_id or None, row.line_id.date)
                    for row in rows
                ],
                company or self.env.company,
            )
            for row, (price, _source) in zip(rows, prices, strict=True):
                row.new_price = row.price_unit if row.line_id.price_source == "manual" else price
            (self.filtered(lambda row: not row.line_id)).new_price = 0.0


class _Planner:
    """Who could serve which line, in memory: shifts and allocations are read once for everybody."""

    def __init__(self, env, lines, employees, check_skills=False):
        self.env = env
        self.lines = lines.filtered("start")
        self.count = defaultdict(int)
        self.work, self.busy = {}, {}
        if self.lines and employees:
            spans = [span for line in self.lines for span in line._master_spans()]
            begin, end = min(span[0] for span in spans), max(span[1] for span in spans)
            self.work = env["salon.shift"]._get_working_spans(employees, begin, end)
            self.busy = env["salon.allocation"]._busy_spans(
                employees.resource_id.ids, begin, end, exclude_line_ids=lines.ids
            )
        pairs = [(employee.id, line.date) for line in self.lines for employee in employees | line.employee_id]
        self.grades = env["hr.employee"]._salon_grades(pairs)
        self.able = None
        if check_skills:
            skills = env["salon.skill"].search(
                [("employee_id", "in", employees.ids), ("product_id", "in", lines.product_id.ids)]
            )
            self.able = {(skill.employee_id.id, skill.product_id.id) for skill in skills}

    def trouble(self, line, employee):
        """Return None when the employee can serve the line, else a sentence that says why not."""
        spans = line._master_spans()
        if not spans:
            return None
        if timeline.overlaps(spans, self.busy.get(employee.resource_id.id, ())):
            return self.env._("%(master)s is taken at that time", master=employee.name)
        if self.able is not None and (employee.id, line.product_id.id) not in self.able:
            return self.env._("%(master)s does not do this service", master=employee.name)
        if not all(timeline.inside(span, self.work.get(employee.id, ())) for span in spans):
            return self.env._("%(master)s does not work at that time", master=employee.name)
        return None

    def rank(self, line, employee):
        """Lower is better: the same grade (the price stays), few services given already, then by name."""
        same_grade = self.grades[employee.id, line.date] == self.grades.get((line.employee_id.id, line.date))
        return (not same_grade, self.count[employee.id], employee.name, employee.id)

    def give(self, line, employee):
        self.count[employee.id] += 1
        self.busy.setdefault(employee.resource_id.id, []).extend(line._master_spans())
