from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 07:00:00")
class TestMaster(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.junior, cls.top = cls.env["salon.grade"].create([{"name": "Junior"}, {"name": "Top"}])
        cls.manager = cls.make_user("master_manager", "manager")
        cls.desk = cls.make_user("master_desk", "administrator")
        cls.master_user = cls.make_user("master_master", "master")
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Every day",
                "tz": "Europe/Berlin",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (0, 0, {"name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 20})
                    for day in range(7)
                ],
            }
        )
        (cls.anna | cls.bella).resource_calendar_id = cls.calendar

    # ------------------------------------------------------------ grade

    def test_grade_by_date(self):
        anna = self.anna
        self.assertFalse(anna._salon_grade(date(2026, 3, 2)))
        anna.salon_grade_id = self.junior
        anna._salon_set_grade(self.top, date(2026, 6, 1))
        self.assertEqual(anna._salon_grade(date(2020, 1, 1)), self.junior)
        self.assertEqual(anna._salon_grade(date(2026, 5, 31)), self.junior)
        self.assertEqual(anna._salon_grade(date(2026, 6, 1)), self.top)
        self.assertEqual(anna._salon_grade(date(2030, 1, 1)), self.top)
        self.assertEqual(anna.salon_grade_id, self.junior, "today's")
        with freeze_time("2026-06-01 08:00:00"):
            self.env["hr.employee"]._cron_update_current_version_id()
            self.env.invalidate_all()
            self.assertEqual(anna.salon_grade_id, self.top)

    def test_grade_change_before_a_later_version(self):
        """A new schedule planned for May keeps the grade that begins in April; a grade planned for June stays."""
        self.anna.salon_grade_id = self.junior
        self.anna.create_version({"date_version": date(2026, 5, 1)})
        self.anna._salon_set_grade(self.top, date(2026, 6, 1))
        middle = self.env["salon.grade"].create({"name": "Middle"})
        self.anna._salon_set_grade(middle, date(2026, 4, 1))
        self.assertEqual(self.anna._salon_grade(date(2026, 3, 31)), self.junior)
        self.assertEqual(self.anna._salon_grade(date(2026, 4, 1)), middle)
        self.assertEqual(self.anna._salon_grade(date(2026, 5, 15)), middle)
        self.assertEqual(self.anna._salon_grade(date(2026, 6, 1)), self.top)

    def test_grade_of_an_archived_master(self):
        self.anna.salon_grade_id = self.junior
        self.anna.action_archive()
        self.assertEqual(self.anna._salon_grade(date(2026, 3, 2)), self.junior)

    def test_manager_changes_a_grade_and_reprices(self):
        self.env["salon.price"]._salon_set([(self.cut, self.top, None, 90)], date(2026, 3, 2))
        early = self.make_visit(self.at("2026-03-10", "10:00"))
        late = self.make_visit(self.at("2026-04-10", "10:00"))
        action = self.anna.with_user(self.manager).action_salon_change_grade()
        wizard = (
            self.env["salon.grade.change"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"grade_id": self.top.id, "date_from": date(2026, 4, 1), "future_visits": "reprice"})
        )
        wizard.action_apply()
        self.assertEqual(self.anna._salon_grade(date(2026, 4, 1)), self.top)
        self.assertEqual((early.line_ids.price_unit, late.line_ids.price_unit), (50, 90))

    # ------------------------------------------------------------ who sees what

    def test_colleagues_see_the_public_side_only(self):
        self.anna.write({"private_phone": "+49 30 1", "birthday": date(1990, 1, 1), "wage": 3000, "salon_color": 4})
        self.anna.salon_grade_id = self.top
        self.anna.published_name = "Anna P."
        note = self.anna.message_post(body="Was ill for a week")
        attachment = self.env["ir.attachment"].create(
            {"name": "passport.txt", "raw": b"secret", "res_model": "hr.employee", "res_id": self.anna.id}
        )
        for user in (self.desk, self.master_user):
            with self.subTest(user.login):
                anna = self.anna.with_user(user)
                anna.invalidate_recordset()
                self.assertEqual(anna.display_name, "Anna")
                self.assertEqual((anna.is_master, anna.salon_color, anna.published_name), (True, 4, "Anna P."))
                self.assertEqual(anna.salon_grade_id, self.top)
                self.assertIn(anna, anna.search([("is_master", "=", True)]))
                self.assertIn((anna.id, "Anna"), anna.name_search("Ann"))
                skill = self.env["salon.skill"].with_user(user).search([("employee_id", "=", anna.id)], limit=1)
                shown = skill.web_read({"employee_id": {"fields": {"display_name": {}}}})[0]
                self.assertEqual(shown["employee_id"]["display_name"], "Anna")
                for name in ("birthday", "private_phone", "wage", "message_ids", "ssnid", "salon_skill_ids"):
                    anna.invalidate_recordset()
                    with self.subTest(field=name), self.assertRaises(AccessError):
                        anna.read([name])
                # Odoo looks in hr.employee.public, where there is no such field.
                with self.assertRaisesRegex(ValueError, "Invalid field hr.employee.public.birthday"):
                    anna.search([("birthday", "=", "1990-01-01")])
                with self.assertRaises(AccessError):
                    note.with_user(user).read(["body"])
                self.assertFalse(self.env["mail.message"].with_user(user).search([("id", "=", note.id)]))
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["raw"])
                with self.assertRaises(AccessError):
                    anna.write({"name": "Else"})
                with self.assertRaises(AccessError):
                    self.env["hr.version"].with_user(user).search([("employee_id", "=", anna.id)]).read(["wage"])

    def test_people_without_a_salon_role_still_read_employees(self):
        plain = self.env["res.users"].create(
            {"name": "Plain", "login": "master_plain", "group_ids": [(6, 0, self.env.ref("base.group_user").ids)]}
        )
        anna = self.anna.with_user(plain)
        anna.invalidate_recordset()
        self.assertEqual((anna.name, anna.user_id.id), ("Anna", False))
        self.assertTrue(self.env["hr.employee.public"].with_user(plain).search([("id", "=", anna.id)]))

    def test_manager_enters_a_master(self):
        employee = self.env["hr.employee"].with_user(self.manager).with_context(default_is_master=True)
        with Form(employee, view="salon_spa.view_salon_master_form") as form:
            form.name = "Dina"
            form.salon_grade_id = self.junior
            with form.salon_skill_ids.new() as skill:
                skill.product_id = self.cut
                skill.active_minutes = 50
        dina = form.record
        self.assertTrue(dina.is_master and dina.resource_id and dina.resource_calendar_id)
        self.assertEqual(dina._salon_grade(date(2026, 3, 2)), self.junior)
        self.assertEqual(self.cut._salon_phases(dina)["active_minutes"], 50)

    # ------------------------------------------------------------ leaving

    def archive(self, master=None):
        return (master or self.anna).with_user(self.manager).action_archive()

    def wizard(self, action):
        self.assertEqual(action["res_model"], "salon.reassign")
        return self.env["salon.reassign"].with_user(self.manager).browse(action["res_id"])

    def test_without_visits_ahead_archiving_is_immediate(self):
        past = self.make_visit(self.at("2026-02-20", "10:00"))
        past.action_done()
        cancelled = self.make_visit(self.at("2026-03-20", "10:00"))
        cancelled.action_cancel(reason=self.env["salon.reason"].create({"name": "Ill", "kind": "client"}))
        action = self.archive()
        self.assertFalse(self.anna.active)
        self.assertNotEqual((action or {}).get("res_model") if isinstance(action, dict) else None, "salon.reassign")
        self.assertEqual(past.line_ids.employee_id, self.anna, "history stays")
        self.assertEqual(past.line_ids.employee_id.display_name, "Anna")

    def test_archiving_from_a_list(self):
        """The list view opens the action as it is: without views it fails in the browser."""
        self.make_visit(self.at("2026-03-10", "10:00"))
        self.assertEqual(self.archive()["views"], [(False, "form")])

    def test_archiving_lists_and_moves_the_visits_ahead(self):
        done = self.make_visit(self.at("2026-02-20", "10:00"))
        done.action_done()
        first = self.make_visit(self.at("2026-03-10", "10:00"))
        second = self.make_visit(self.at("2026-03-11", "12:00"), (self.colour, self.anna))
        wizard = self.wizard(self.archive())
        self.assertTrue(self.anna.active)
        self.assertEqual(wizard.line_ids.line_id, first.line_ids | second.line_ids)
        self.assertEqual(wizard.line_ids.new_employee_id, self.bella)
        self.assertEqual(set(wizard.line_ids.mapped("trouble")), {"Free"})
        wizard.action_apply()
        self.assertFalse(self.anna.active)
        self.assertEqual((first | second).line_ids.employee_id, self.bella)
        self.assertEqual(self.spans(second), [("Bella", "11:55", "12:40"), ("Bella", "13:10", "13:30")])
        self.assertEqual(done.line_ids.employee_id, self.anna)
        self.assertIn("master", first.log_ids.mapped("event"))

    def test_who_is_busy_or_off_is_not_proposed(self):
        self.make_visit(self.at("2026-03-10", "10:30"), (self.cut, self.bella))
        self.make_visit(self.at("2026-03-10", "10:00"))
        row = self.wizard(self.archive()).line_ids
        self.assertFalse(row.new_employee_id)
        self.assertEqual(row.trouble, "Nobody chosen")
        row.new_employee_id = self.bella
        self.assertTrue(row.is_trouble)
        self.assertIn("taken", row.trouble)
        dora = self.make_master("Dora", self.cut, resource_calendar_id=self.calendar.id)
        self.give_shift(dora, "2026-03-10", "14:00", "20:00")
        row.new_employee_id = dora
        self.assertIn("does not work", row.trouble)
        row.new_employee_id = self.make_master("Eva", resource_calendar_id=self.calendar.id)
        self.assertIn("does not do", row.trouble)

    def test_two_lines_of_one_time_get_two_masters(self):
        clara_mate = self.make_client("Mate", phone="+49 30 901829")
        dora = self.make_master("Dora", self.cut, resource_calendar_id=self.calendar.id)
        leaving = self.anna | self.make_master("Eva", self.cut, resource_calendar_id=self.calendar.id)
        self.make_visit(self.at("2026-03-10", "10:00"))
        self.make_visit(self.at("2026-03-10", "10:00"), (self.cut, leaving - self.anna), client=clara_mate)
        wizard = self.wizard(self.archive(leaving))
        self.assertEqual(wizard.line_ids.new_employee_id, self.bella | dora)
        wizard.action_apply()
        self.assertFalse(any(leaving.mapped("active")))

    def test_the_same_grade_comes_first(self):
        self.anna.salon_grade_id = self.bella.salon_grade_id = self.top
        self.make_master("Aaron", self.cut, resource_calendar_id=self.calendar.id).salon_grade_id = self.junior
        self.make_visit(self.at("2026-03-10", "10:00"))
        self.assertEqual(self.wizard(self.archive()).line_ids.new_employee_id, self.bella)

    def test_a_conflict_changes_nothing(self):
        first = self.make_visit(self.at("2026-03-10", "10:00"))
        second = self.make_visit(self.at("2026-03-11", "10:00"))
        self.make_visit(self.at("2026-03-11", "10:30"), (self.cut, self.bella), client=self.make_client("Dora"))
        wizard = self.wizard(self.archive())
        with Form(wizard) as form:
            form.target_employee_id = self.bella
        self.assertEqual(wizard.line_ids.new_employee_id, self.bella)
        with self.assertRaisesRegex(UserError, "Bella is already taken"), self.env.cr.savepoint():
            wizard.action_apply()
        self.env.invalidate_all()
        self.assertEqual((first | second).line_ids.employee_id, self.anna)
        self.assertEqual(self.spans(first), [("Anna", "10:00", "11:00")])
        self.assertTrue(self.anna.active)

    def test_a_reason_lets_somebody_come_in_for_the_visit(self):
        visit = self.make_visit(self.at("2026-03-10", "10:00"), override_reason=False)
        dora = self.make_master("Dora", self.cut, resource_calendar_id=self.calendar.id)
        self.give_shift(dora, "2026-03-10", "14:00", "20:00")
        wizard = self.wizard(self.archive())
        self.assertFalse(wizard.has_trouble)
        wizard.line_ids.new_employee_id = dora
        self.assertTrue(wizard.has_trouble)
        with self.assertRaisesRegex(UserError, "Reason to Book Anyway"), self.env.cr.savepoint():
            wizard.action_apply()
        self.env.invalidate_all()
        wizard.override_reason = "Dora agreed to come in"
        wizard.action_apply()
        self.assertEqual(visit.line_ids.employee_id, dora)
        override = visit.log_ids.filtered(lambda entry: entry.event == "override")
        self.assertEqual(override.reason, "Dora agreed to come in")

    def test_archiving_needs_a_master_for_every_visit(self):
        self.make_visit(self.at("2026-03-10", "10:00"))
        wizard = self.wizard(self.archive())
        wizard.line_ids.new_employee_id = False
        with self.assertRaisesRegex(UserError, "Choose a master for every visit"):
            wizard.action_apply()
        wizard.date_from = date(2026, 3, 11)
        self.assertFalse(wizard.line_ids)
        with self.assertRaisesRegex(UserError, "would still have 1 services"):
            wizard.action_apply()

    def test_reassign_some_without_archiving(self):
        first = self.make_visit(self.at("2026-03-10", "10:00"))
        second = self.make_visit(self.at("2026-03-11", "10:00"))
        wizard = self.wizard(self.anna.with_user(self.manager).action_salon_reassign())
        wizard.date_to = date(2026, 3, 10)
        self.assertEqual(wizard.line_ids.line_id, first.line_ids)
        wizard.action_apply()
        self.assertEqual(first.line_ids.employee_id, self.bella)
        self.assertEqual(second.line_ids.employee_id, self.anna)
        self.assertTrue(self.anna.active)

    def test_proposals_do_not_query_by_line(self):
        def count():
            wizard = self.env["salon.reassign"].create({"employee_ids": self.anna.ids})
            self.env.flush_all()
            self.env.invalidate_all()
            lines = wizard._lines_ahead()
            lines.mapped("product_id.name")
            before = self.env.cr.sql_log_count
            self.assertEqual(len(wizard._propose(lines)), len(lines))
            return self.env.cr.sql_log_count - before

        for number in range(2):
            self.make_visit(self.at("2026-03-10", "10:00") + timedelta(days=number))
        few = count()
        for number in range(2, 12):
            self.make_visit(self.at("2026-03-10", "10:00") + timedelta(days=number))
        self.assertEqual(count(), few)

    def test_nobody_archives_past_the_wizard(self):
        self.make_visit(self.at("2026-03-10", "10:00"), (self.cut, self.anna), (self.cut, self.anna))
        self.make_visit(self.at("2026-03-11", "10:00"))
        anna = self.anna.with_user(self.manager)
        for archive in (
            anna.with_context(no_wizard=True).action_archive,
            lambda: anna.write({"active": False}),
            lambda: (anna | self.bella).write({"active": False}),
            lambda: anna.resource_id.write({"active": False}),
        ):
            with self.assertRaisesRegex(UserError, r"still ahead: Anna \(2\)\. Give them"), self.env.cr.savepoint():
                archive()
            self.env.invalidate_all()
            self.assertTrue(self.anna.active)
            self.assertTrue(self.anna.resource_id.active)
        answer = anna.load([".id", "active"], [[str(anna.id), "0"]])
        self.assertFalse(answer["ids"])
        self.assertIn("still ahead: Anna (2)", answer["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertTrue(self.anna.active)
        self.bella.with_user(self.manager).active = False
        self.assertFalse(self.bella.active)

    def test_departure_waits_for_the_visits(self):
        visit = self.make_visit(self.at("2026-03-10", "10:00"))
        departure = (
            self.env["hr.departure.wizard"]
            .with_context(active_ids=self.anna.ids, employee_termination=True)
            .create({"departure_date": date(2026, 3, 31)})
        )
        with self.assertRaisesRegex(UserError, "Visits still ahead"), self.env.cr.savepoint():
            departure.action_register_departure()
        self.env.invalidate_all()
        self.assertTrue(self.anna.active)
        visit.line_ids.employee_id = self.bella
        departure.action_register_departure()
        self.assertFalse(self.anna.active)
        self.assertEqual(self.anna.departure_date, date(2026, 3, 31))

    def test_a_master_with_visits_ahead_stays_in_the_company(self):
        other = self.env["res.company"].create({"name": "Other Salon", "salon_tz": "Europe/Berlin"})
        visit = self.make_visit(self.at("2026-03-10", "10:00"))
        for records in (self.anna, self.anna.resource_id):
            with self.assertRaisesRegex(UserError, "before the company is changed"), self.env.cr.savepoint():
                records.company_id = other
            self.env.invalidate_all()
            self.assertEqual(self.anna.company_id, self.company)
        self.anna.write({"company_id": self.company.id, "job_title": "Stylist"})
        visit.line_ids.employee_id = self.bella
        self.anna.company_id = other
        self.assertEqual(self.anna.resource_id.company_id, other)

    # ------------------------------------------------------------ choosing

    def test_a_window_to_choose_a_master_from(self):
        """On a phone a field of masters opens a window, which needs the views of employees."""
        for user in (self.desk, self.master_user):
            employees = self.env["hr.employee"].with_user(user)
            window = employees.get_views([(False, "kanban"), (False, "list"), (False, "search")])
            self.assertEqual(set(window["views"]), {"kanban", "list", "search"})
            shown = window["models"]["hr.employee"]["fields"]
            self.assertNotIn("private_phone", shown)
            wanted = {"display_name": {}, "job_title": {}, "salon_grade_id": {"fields": {"display_name": {}}}}
            found = employees.web_search_read([("id", "=", self.anna.id)], wanted)
            self.assertEqual([row["display_name"] for row in found["records"]], ["Anna"])
        stranger = new_test_user(self.env, "master_stranger", "base.group_user")
        with self.assertRaises(RedirectWarning):
            self.env["hr.employee"].with_user(stranger).get_views([(False, "kanban")])
