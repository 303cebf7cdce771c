from bisect import bisect_right
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .salon_visit_line import CLOSED

MANAGER = "salon_spa.group_salon_manager"


class HrEmployee(models.Model):
    """A master is an employee. Everybody else in the salon sees masters through hr.employee.public only, as Odoo does.

    So a field here either stands in hr.employee.public too, or is for a group that may read employees.
    """

    _inherit = "hr.employee"

    is_master = fields.Boolean(string="Master", index=True, help="Performs services and can be booked.")
    salon_grade_id = fields.Many2one(
        related="version_id.salon_grade_id", string="Grade", inherited=True, readonly=False
    )
    salon_skill_ids = fields.One2many("salon.skill", "employee_id", string="Services Performed", groups=MANAGER)
    salon_shift_ids = fields.One2many("salon.shift", "employee_id", string="Shifts", groups=MANAGER)
    salon_color = fields.Integer("Colour", help="The master's colour in the calendar.")
    published_name = fields.Char(help="The name that clients see; empty is the employee's name.")
    published_photo = fields.Image(
        max_width=1024, max_height=1024, help="The photo that clients see; empty is the employee's photo."
    )
    salon_skill_count = fields.Integer(compute="_compute_salon_skill_count", groups=MANAGER)
    salon_future_line_count = fields.Integer(
        string="Booked Services",
        compute="_compute_salon_future_line_count",
        groups=MANAGER,
        help="Services of visits ahead that this master is booked for.",
    )

    @api.depends("salon_skill_ids")
    def _compute_salon_skill_count(self):
        counts = dict(
            self.env["salon.skill"]._read_group(
                [("employee_id", "in", self.ids), ("product_id.active", "=", True)], ["employee_id"], ["__count"]
            )
        )
        for employee in self:
            employee.salon_skill_count = counts.get(employee._origin, 0)

    def _compute_salon_future_line_count(self):
        lines = self.env["salon.visit.line"]._read_group(
            self._salon_future_lines_domain(), ["employee_id"], ["__count"]
        )
        counts = dict(lines)
        for employee in self:
            employee.salon_future_line_count = counts.get(employee._origin, 0)

    def _salon_grade(self, date):
        """Return the grade (salon.grade) that the employee holds on the local ``date``."""
        self.ensure_one()
        return self.env["salon.grade"].browse(self._salon_grades([(self.id, date)])[self.id, date])

    @api.model
    def _salon_grades(self, pairs):
        """Return ``{(employee id, local date): grade id or False}`` for many at once, with one query.

        As for wages, the version that began last counts, and before the first version the first one.
        """
        versions = self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", list({employee_id for employee_id, _date in pairs}))],
            ["employee_id", "date_version", "salon_grade_id"],
            order="date_version",
        )
        history = defaultdict(lambda: ([], []))
        for version in versions:
            dates, grades = history[version.employee_id.id]
            dates.append(version.date_version)
            grades.append(version.salon_grade_id.id)
        result = {}
        for employee_id, date in pairs:
            dates, grades = history[employee_id]
            result[employee_id, date] = grades[max(bisect_right(dates, date) - 1, 0)] if grades else False
        return result

    def _salon_set_grade(self, grade, date_from):
        """Give the master a grade from a local date until the next change of grade that is already planned.

        What held before stays as it was; versions that begin later for another reason (a new schedule) follow.
        """
        self.ensure_one()
        before = self._salon_grade(date_from)
        version = self.create_version({"date_version": date_from})
        version.salon_grade_id = grade
        for later in self.version_ids.filtered(lambda v: v.date_version > date_from).sorted("date_version"):
            if later.salon_grade_id != before:
                break
            later.salon_grade_id = grade

    @api.model
    def _salon_skilled(self, product, company):
        """Return the company's masters who may perform the service."""
        domain = [("product_id", "=", product._origin.id), ("employee_id.active", "=", True)]
        domain += [("employee_id.is_master", "=", True), ("employee_id.company_id", "=", company.id)]
        return self.browse(self.env["salon.skill"].sudo().search(domain).employee_id.ids)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Where a master is chosen for a service, those who perform it stand first."""
        product = self.env["product.product"].browse(self.env.context.get("salon_product_id") or ())
        if not product:
            return super().name_search(name, domain, operator, limit)
        skilled = Domain("id", "in", self._salon_skilled(product, self.env.company).ids)
        first = super().name_search(name, Domain(domain or ()) & skilled, operator, limit)
        rest = limit - len(first) if limit else limit
        if limit and not rest:
            return first
        return first + super().name_search(name, Domain(domain or ()) & ~skilled, operator, rest)

    @api.depends_context("formatted_display_name", "salon_product_id")
    def _compute_display_name(self):
        """Mark in the list to choose from who does not perform the service."""
        super()._compute_display_name()
        product = self.env["product.product"].browse(self.env.context.get("salon_product_id") or ())
        if product and self.env.context.get("formatted_display_name"):
            for employee in self - self._salon_skilled(product, self.env.company):
                employee.display_name += f"\t--{self.env._('other services')}--"

    def _salon_future_lines_domain(self):
        """The booked services of these masters that are still ahead."""
        return [
            ("employee_id", "in", self.ids),
            ("stop", ">", fields.Datetime.now()),
            ("state", "not in", CLOSED),
        ]

    @api.model
    def get_views(self, views, options=None):
        """Let the salon choose a master in a window, as a phone does it: with the views of the public employees."""
        if self.browse().has_access("read") or not self.env.user.has_group("salon_spa.group_salon_master"):
            return super().get_views(views, options)
        public = self.env["hr.employee.public"]
        result = public.get_views(views, options)
        result["models"][self._name] = result["models"][public._name]
        return result

    def action_archive(self):
        """Archive at once, or first hand over the visits ahead: a master who has some opens the wizard for it.

        :raise UserError: there are visits ahead and the caller can't open the wizard
        """
        may_ask = not self.env.context.get("no_wizard") and self.env.user.has_group(MANAGER)
        if may_ask and self.env["salon.visit.line"].sudo().search_count(self._salon_future_lines_domain(), limit=1):
            return self._salon_reassign_action(archive_after=True)
        return super().action_archive()

    def action_salon_reassign(self):
        """Give visits ahead to other masters, without archiving."""
        return self._salon_reassign_action(archive_after=False)

    def _salon_reassign_action(self, archive_after):
        wizard = self.env["salon.reassign"].create(
            {"employee_ids": [fields.Command.set(self.ids)], "archive_after": archive_after}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reassign Visits"),
            "res_model": "salon.reassign",
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_salon_future_lines(self):
        """Open the services that the master is booked for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Booked Services"),
            "res_model": "salon.visit.line",
            "view_mode": "list,form",
            "domain": self._salon_future_lines_domain(),
        }

    def action_salon_shifts(self):
        """Open the master's shifts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shifts"),
            "res_model": "salon.shift",
            "view_mode": "list,form",
            "domain": [("employee_id", "=", self.id)],
            "context": {"default_employee_id": self.id},
        }

    def action_salon_change_grade(self):
        """Ask from which date the master has another grade."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Grade"),
            "res_model": "salon.grade.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_employee_id": self.id},
        }
