import calendar
import re

from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL, create_index

from ..tools import birthday, phone
from .base import COLLEAGUES, CONTACT_FIELDS
from .salon_cadence import WEEKDAYS

# What the salon knows about a client is for its own people: neither for other employees nor for the client's portal.
STAFF = "salon_spa.group_salon_master"
# What a card is found by, in any part.
FRAGMENT_FIELDS = ("complete_name", "card_number", "email", "phone_sanitized")
# Kept by _refresh_client_stats only.
STAT_FIELDS = (
    "client_state",
    "visit_count",
    "first_visit_date",
    "last_visit_date",
    "next_visit_start",
    "total_spent",
    "average_ticket",
    "no_show_count",
    "late_cancel_count",
    "favourite_product_id",
    "favourite_employee_id",
    "usual_weekday",
    "usual_hour",
)


class ResPartner(models.Model):
    """The client's card. A partner stands in the salon's base when ``is_client_card`` is set."""

    _name = "res.partner"
    _inherit = ["res.partner", "salon.export.mixin"]

    is_client_card = fields.Boolean(index=True, help="Stands in the salon's base of clients.")
    client_state = fields.Selection(
        [("prospect", "Prospect"), ("client", "Client")],
        readonly=True,
        copy=False,
        index=True,
        help="A prospect becomes a client with the first done visit.",
    )
    client_status = fields.Selection(
        [
            ("prospect", "Prospect"),
            ("active", "Active"),
            ("away", "Away"),
            ("at_risk", "At Risk"),
            ("lost", "Lost"),
        ],
        compute="_compute_client_status",
        search="_search_client_status",
        help="Prospect: no done visit yet. Active: has a booking, or came within the days that the settings call "
        "active. At risk: more days since the last visit than the shortest of the client's own intervals, nothing "
        "booked. Lost: not seen for more than the settings' days and more than three such intervals, nothing booked. "
        "Away: none of these.",
        groups=STAFF,
    )
    card_number = fields.Char(copy=False, index="btree_not_null")
    phone_shared = fields.Boolean(
        "Shared by the Family",
        copy=False,
        help="Several cards may have this number: a mother's for her children, for example. One card without this "
        "mark owns the number.",
    )
    phone_display = fields.Char(
        "Client's Phone",
        compute="_compute_phone_display",
        inverse="_inverse_phone_display",
        help="The middle is hidden from who may not see numbers.",
    )
    duplicate_partner_ids = fields.Many2many(
        "res.partner",
        string="Cards with This Number",
        compute="_compute_duplicate_partner_ids",
        help="Other cards that have the same phone number.",
    )
    duplicate_partner_id = fields.Many2one(
        "res.partner", string="Existing Card", compute="_compute_duplicate_partner_ids"
    )

    sex = fields.Selection([("female", "Female"), ("male", "Male")], groups=STAFF)
    birth_day = fields.Integer("Birthday: Day", groups=STAFF)
    birth_month = fields.Integer("Birthday: Month", aggregator=None, groups=STAFF)
    birth_year = fields.Integer("Birthday: Year", aggregator=None, groups=STAFF)
    birthday_text = fields.Char(
        "Birthday",
        compute="_compute_birthday_text",
        inverse="_inverse_birthday_text",
        help="Day and month, with or without the year: 12.03 or 12.03.1990.",
        groups=STAFF,
    )
    age = fields.Integer(
        compute="_compute_age", help="Full years; 0 when the year of birth is not known.", groups=STAFF
    )
    birthday_in_days = fields.Integer(
        "Days to Birthday",
        compute="_compute_birthday_in_days",
        search="_search_birthday_in_days",
        help="0 is today. 29 February is kept on the 28th in the years that have none.",
        groups=STAFF,
    )

    preference_ids = fields.Many2many(
        "salon.preference", string="Preferences", help="Shown when a visit is opened.", groups=STAFF
    )
    preference_note = fields.Text("Wishes", help="Shown when a visit is opened.", groups=STAFF)
    salon_photo_ids = fields.Many2many(
        "ir.attachment",
        string="Photos & Documents",
        copy=False,
        groups=STAFF,
        # Odoo hides the files of fields, which these are (_own_photos), from whoever does not ask for them.
        context={"skip_res_field_check": True},
    )
    contraindication_ids = fields.Many2many(
        "salon.contraindication", groups="salon_spa.group_salon_medical", string="Contraindications"
    )
    medical_note = fields.Html("Medical Notes", groups="salon_spa.group_salon_medical", copy=False)
    consent_ids = fields.One2many("salon.consent", "partner_id", string="Consents", groups=STAFF)

    acquisition_source_id = fields.Many2one(
        "utm.source", string="Source", help="Where the client first heard of us.", groups=STAFF
    )
    acquisition_medium_id = fields.Many2one(
        "utm.medium", string="Channel", help="Where the client learned more before coming.", groups=STAFF
    )
    acquisition_campaign_id = fields.Many2one(
        "utm.campaign", string="Campaign", help="What made the client decide to come.", groups=STAFF
    )
    referred_by_id = fields.Many2one(
        "res.partner",
        string="Referred by",
        index="btree_not_null",
        domain="[('is_client_card', '=', True)]",
        groups=STAFF,
    )

    salon_line_ids = fields.One2many("salon.visit.line", "client_id", string="Services Received", groups=STAFF)
    salon_visit_ids = fields.One2many("salon.visit", "partner_id", string="Visits", groups=STAFF)
    salon_pass_ids = fields.One2many("salon.pass", "partner_id", string="Passes", groups=STAFF)
    salon_shared_pass_ids = fields.Many2many(
        "salon.pass", "salon_pass_member_rel", "partner_id", "pass_id", string="Shared Passes", groups=STAFF
    )
    salon_pass_count = fields.Integer("Passes in Use", compute="_compute_salon_pass_count", groups=STAFF)
    cadence_ids = fields.One2many("salon.cadence", "client_id", string="Next Steps", groups=STAFF)

    salon_currency_id = fields.Many2one("res.currency", compute="_compute_salon_currency_id")
    visit_count = fields.Integer(
        "Done Visits",
        readonly=True,
        copy=False,
        help="Days with at least one done service or product. Twice on one day is one visit.",
        groups=STAFF,
    )
    first_visit_date = fields.Date(
        "First Visit",
        readonly=True,
        copy=False,
        help="Day of the first done visit; the client was new then.",
        groups=STAFF,
    )
    last_visit_date = fields.Date(
        "Last Visit", readonly=True, copy=False, help="Day of the latest done visit.", groups=STAFF
    )
    next_visit_start = fields.Datetime(
        "Next Visit", readonly=True, copy=False, help="Start of the nearest visit that is booked.", groups=STAFF
    )
    salon_debt = fields.Monetary(
        "Debt",
        compute="_compute_salon_debt",
        currency_field="salon_currency_id",
        help="What is due for visits that were served.",
        groups="salon_spa.group_salon_administrator",
    )
    total_spent = fields.Monetary(
        readonly=True,
        copy=False,
        currency_field="salon_currency_id",
        help="What the services and products that this client received cost, net of discounts, whoever paid.",
        groups=STAFF,
    )
    average_ticket = fields.Monetary(
        readonly=True,
        copy=False,
        currency_field="salon_currency_id",
        aggregator="avg",
        help="Total spent on services and products, divided by done visits.",
        groups=STAFF,
    )
    no_show_count = fields.Integer(
        "No-Shows", readonly=True, copy=False, help="Visits that the client missed.", groups=STAFF
    )
    late_cancel_count = fields.Integer(
        "Late Cancellations",
        readonly=True,
        copy=False,
        help="Visits that the client cancelled later than the settings allow.",
        groups=STAFF,
    )
    favourite_product_id = fields.Many2one(
        "product.product",
        string="Favourite Service",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The service received most often, the later one when two are level.",
        groups=STAFF,
    )
    favourite_employee_id = fields.Many2one(
        "hr.employee",
        string="Favourite Master",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The master who served most often, the later one when two are level.",
        groups=STAFF,
    )
    usual_weekday = fields.Selection(
        WEEKDAYS,
        readonly=True,
        copy=False,
        help="The weekday of most done visits, in the salon's time.",
        groups=STAFF,
    )
    usual_hour = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="The hour (0 to 23) at which most done visits began, in the salon's time.",
        groups=STAFF,
    )
    usual_time_text = fields.Char("Usual Time", compute="_compute_usual_time_text", groups=STAFF)

    _client_phone_unique = models.UniqueIndex(
        "(phone_sanitized) WHERE is_client_card AND active AND phone_shared IS NOT TRUE",
        "This phone number already has a client's card. Open that card, or mark the number as shared by the family.",
    )
    # The conditions are written as the ORM writes them: PostgreSQL before 17 uses a partial index only then.
    _client_phone_lookup = models.Index("(phone_sanitized) WHERE is_client_card IS TRUE")
    _client_name = models.Index("(complete_name, id DESC) WHERE is_client_card IS TRUE AND active IS TRUE")
    _client_birthday = models.Index("(birth_month, birth_day) WHERE birth_month > 0")

    def init(self):
        super().init()
        registry = self.env.registry
        if not registry.has_trigram or registry.has_unaccent == FunctionStatus.PRESENT:
            return  # the search of cards then reads the table
        for name in FRAGMENT_FIELDS:
            # Numbers are looked for by "like", words by "ilike", which goes past accents where the database can.
            column = name if name == "phone_sanitized" else registry.unaccent(name)
            create_index(
                self.env.cr,
                f"res_partner_client_{name}_gin",
                self._table,
                [f"({column}) gin_trgm_ops"],
                method="gin",
                where="is_client_card IS TRUE",
            )

    # ------------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------------

    @api.depends("phone", "phone_sanitized")
    @api.depends_context("uid")
    def _compute_phone_display(self):
        show = phone.masked if self._salon_hides_contacts() else phone.international
        for partner, contact in zip(self, self.sudo(), strict=True):
            partner.phone_display = show(contact.phone_sanitized or contact.phone)

    def _inverse_phone_display(self):
        for partner in self:
            if (partner.phone_display or "") != phone.international(partner.phone):
                partner.phone = partner.phone_display

    @api.onchange("phone_display")
    def _onchange_phone_display(self):
        if not self._salon_hides_contacts():
            self.phone = self.phone_display
            return self._onchange_phone_validation()

    @api.depends("phone", "is_client_card", "country_id", "company_id")
    @api.depends_context("uid")
    def _compute_duplicate_partner_ids(self):
        for partner in self:
            number = partner.is_client_card and partner._client_phone_or_false(partner.phone)
            others = partner._cards_with_phone(number) - partner._origin if number else partner.browse()
            partner.duplicate_partner_ids = others.sudo(False)._filtered_access("read")
            partner.duplicate_partner_id = partner.duplicate_partner_ids[:1]

    def _compute_salon_currency_id(self):
        self.salon_currency_id = self._salon_currency()

    @api.model
    def _salon_currency(self):
        """Return the currency of the clients' figures: the one of the first company, as clients are shared by all."""
        return self.env["res.company"].sudo().search([("parent_id", "=", False)], order="id", limit=1).currency_id

    @api.model
    def _day_first(self):
        """Tell whether the reader's language writes the day before the month."""
        layout = self.env["res.lang"]._lang_get(self.env.user.lang or "en_US").date_format or ""
        return not 0 <= layout.find("%m") < layout.find("%d") or layout.startswith("%Y")

    @api.depends("birth_day", "birth_month", "birth_year")
    @api.depends_context("lang", "uid")
    def _compute_birthday_text(self):
        day_first = self._day_first()
        for partner in self:
            parts = (partner.birth_day, partner.birth_month, partner.birth_year)
            partner.birthday_text = birthday.write(*parts, day_first) if all(parts[:2]) else False

    def _inverse_birthday_text(self):
        day_first = self._day_first()
        today = self.env.company._salon_today()
        for partner in self:
            day, month, year = 0, 0, 0
            if (partner.birthday_text or "").strip():
                try:
                    day, month, year = birthday.parse(partner.birthday_text, day_first, today)
                except ValueError:
                    example = birthday.write(25, 3, 0, day_first)
                    raise ValidationError(
                        self.env._(
                            "%(text)s is no birthday. Write the day and the month, and the year if you know it: "
                            "%(short)s or %(long)s.",
                            text=partner.birthday_text,
                            short=example,
                            long=birthday.write(25, 3, 1990, day_first),
                        )
                    ) from None
            partner.write({"birth_day": day, "birth_month": month, "birth_year": year})

    @api.onchange("birthday_text")
    def _onchange_birthday_text(self):
        # Tells about a wrong day at once, not when the card is saved.
        self._inverse_birthday_text()

    @api.constrains("birth_day", "birth_month", "birth_year")
    def _check_birthday(self):
        today = self.env.company._salon_today()
        for partner in self:
            day, month, year = partner.birth_day, partner.birth_month, partner.birth_year
            if not (day or month or year):
                continue
            try:
                birthday.check(day, month, year)
            except ValueError:
                raise ValidationError(
                    self.env._("There is no such birthday: day %(day)s, month %(month)s.", day=day, month=month)
                ) from None
            if year and not today.year - 130 <= year <= today.year:
                raise ValidationError(self.env._("%(year)s can't be a year of birth.", year=year))

    @api.depends("birth_day", "birth_month", "birth_year")
    def _compute_age(self):
        today = self.env.company._salon_today()
        for partner in self:
            partner.age = birthday.age(partner.birth_day, partner.birth_month, partner.birth_year, today) or 0

    @api.depends("birth_day", "birth_month")
    def _compute_birthday_in_days(self):
        today = self.env.company._salon_today()
        for partner in self:
            day, month = partner.birth_day, partner.birth_month
            if not (day and month):
                partner.birthday_in_days = -1
                continue
            days = (birthday.in_year(day, month, today.year) - today).days
            partner.birthday_in_days = (
                days if days >= 0 else (birthday.in_year(day, month, today.year + 1) - today).days
            )

    def _search_birthday_in_days(self, operator, value):
        today = self.env.company._salon_today()
        if operator == "in":
            return Domain.OR(self._birthday_span_domain(fields.Date.add(today, days=days), 1) for days in value)
        if operator not in ("<=", "<"):
            return NotImplemented
        return self._birthday_span_domain(today, int(value) + (operator == "<="))

    @api.model
    def _birthday_span_domain(self, begin, days):
        """Return the domain of the birthdays kept on the ``days`` days from ``begin`` on, over New Year's Eve too."""
        if days <= 0:
            return Domain.FALSE
        if days >= 365:
            return Domain("birth_month", ">", 0)
        last = fields.Date.add(begin, days=days - 1)
        begin, end = (begin.month, begin.day), (last.month, last.day)
        if end == (2, 28) and not calendar.isleap(last.year):
            end = (2, 29)
        after = Domain("birth_month", ">", begin[0]) | (
            Domain("birth_month", "=", begin[0]) & Domain("birth_day", ">=", begin[1])
        )
        before = Domain("birth_month", "<", end[0]) | (
            Domain("birth_month", "=", end[0]) & Domain("birth_day", "<=", end[1])
        )
        span = after & before if begin <= end else after | before
        return Domain("birth_month", ">", 0) & span

    @api.depends("salon_visit_ids.amount_due", "salon_visit_ids.state")
    def _compute_salon_debt(self):
        debts = dict(
            self.env["salon.visit"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "done"), ("amount_due", ">", 0)],
                ["partner_id"],
                ["amount_due:sum"],
            )
        )
        for partner in self:
            partner.salon_debt = debts.get(partner._origin, 0.0)

    def action_open_debts(self):
        """Open the visits that this client has not paid in full."""
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_debts")
        domain = [("partner_id", "in", self.ids), ("state", "=", "done"), ("amount_due", ">", 0)]
        return {**action, "domain": domain}

    @api.depends("usual_weekday", "usual_hour", "visit_count")
    @api.depends_context("lang")
    def _compute_usual_time_text(self):
        weekdays = dict(self._fields["usual_weekday"]._description_selection(self.env))
        for partner in self:
            weekday = weekdays.get(partner.usual_weekday)
            partner.usual_time_text = weekday and self.env._(
                "%(weekday)s, %(hour)s:00", weekday=weekday, hour=partner.usual_hour
            )

    def _client_status_sql(self, alias):
        """Return the SQL expression of client_status for the partners of table ``alias``."""
        company = self.env.company
        return SQL(
            """CASE WHEN %(last)s IS NULL THEN 'prospect'
                    WHEN %(next)s >= %(now)s THEN 'active'
                    ELSE (SELECT CASE WHEN %(seen)s > GREATEST(%(lost)s, 3 * MIN(cadence.interval_days)) THEN 'lost'
                                      WHEN %(seen)s > MIN(cadence.interval_days) THEN 'at_risk'
                                      WHEN %(seen)s > %(active)s THEN 'away'
                                      ELSE 'active' END
                            FROM salon_cadence cadence
                           WHERE cadence.client_id = %(id)s AND cadence.interval_days > 0)
               END""",
            id=SQL.identifier(alias, "id"),
            last=SQL.identifier(alias, "last_visit_date"),
            next=SQL.identifier(alias, "next_visit_start"),
            now=fields.Datetime.now(),
            seen=SQL("(%s - %s)", company._salon_today(), SQL.identifier(alias, "last_visit_date")),
            lost=company.salon_lost_days,
            active=company.salon_active_days,
        )

    @api.depends("last_visit_date", "next_visit_start")
    @api.depends_context("company")
    def _compute_client_status(self):
        self.flush_recordset(["last_visit_date", "next_visit_start"])
        self.env["salon.cadence"].flush_model(["client_id", "interval_days"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM res_partner WHERE id = ANY(%s)",
                self._client_status_sql("res_partner"),
                list(self._origin.ids),
            )
        )
        status = dict(rows)
        for partner in self:
            partner.client_status = status.get(partner._origin.id, "prospect")

    def _search_client_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["client_status"], "read")
        self.env["salon.cadence"].flush_model(["client_id", "interval_days"])
        self.flush_model(["last_visit_date", "next_visit_start"])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)", model._client_status_sql(alias), [status for status in value if status]
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "client_status":
            # Lets lists and charts group by the status, which no column holds as it changes with the calendar.
            self._check_field_access(self._fields[field_expr], "read")
            return self._client_status_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.constrains("referred_by_id")
    def _check_referred_by(self):
        for partner in self:
            if partner.referred_by_id == partner:
                raise ValidationError(self.env._("%(client)s can't be referred by the own card.", client=partner.name))

    # ------------------------------------------------------------------
    # Phone: one form, one card
    # ------------------------------------------------------------------

    @api.onchange("phone", "country_id", "company_id")
    def _onchange_phone_validation(self):
        if not self.is_client_card or not self.phone:
            return super()._onchange_phone_validation()
        try:
            self.phone = phone.international(phone.normalize(self.phone, self._phone_region()))
        except phone.PhoneError as error:
            message = self._phone_problem(self.phone, error.code)
            return {"warning": {"title": self.env._("Phone"), "message": message, "type": "notification"}}

    def _phone_region(self, country=None, company=None):
        """Return the code of the country that a number without country code belongs to, False when unknown."""
        country = country or self.country_id
        company = company or self.company_id or self.env.company
        return (country or company.country_id or self.env.company.country_id).code or False

    @api.model
    def _client_phone(self, text, region):
        """Return the number in ``text`` as cards keep it (E.164), False for none.

        :raise ValidationError: a sentence that says what is wrong with it
        """
        try:
            return phone.normalize(text, region)
        except phone.PhoneError as error:
            raise ValidationError(self._phone_problem(text, error.code)) from None

    def _client_phone_or_false(self, text):
        try:
            return phone.normalize(text, self._phone_region())
        except phone.PhoneError:
            return False

    @api.model
    def _phone_problem(self, text, code):
        """Return the sentence that says why ``text`` is no phone number (codes of tools/phone.py)."""
        messages = {
            "letters": self.env._("The phone number %(number)s has letters in it. Keep the digits only.", number=text),
            "extension": self.env._(
                "The phone number %(number)s has an extension, which no message reaches. Keep the number and write "
                "the extension into the notes.",
                number=text,
            ),
            "several": self.env._(
                "%(number)s is more than one phone number. Keep one and write the other into the notes.", number=text
            ),
            "characters": self.env._(
                "The phone number %(number)s has signs in it that no number has. Keep the digits only.", number=text
            ),
            "no_country": self.env._(
                "Write the phone number %(number)s with + and the country code, or set the country of the company.",
                number=text,
            ),
            "too_short": self.env._(
                "The phone number %(number)s has too few digits. Check it with the client.", number=text
            ),
            "too_long": self.env._(
                "The phone number %(number)s has too many digits. Check it with the client.", number=text
            ),
        }
        return messages.get(code) or self.env._(
            "There is no phone number %(number)s. Check its digits and its code; write a foreign number with + and "
            "the country code.",
            number=text,
        )

    @api.model
    def _cards_with_phone(self, number, archived=False):
        """Return the client cards of the E.164 ``number``, as superuser: the owner first, then who shares it."""
        if not number:
            return self.sudo().browse()
        return (
            self.sudo()
            .with_context(active_test=not archived)
            .search(
                [("is_client_card", "=", True), ("phone_sanitized", "=", number)],
                order="active DESC, phone_shared, id",
            )
        )

    def _check_phone_free(self, number, owner=None):
        """Raise ValidationError, naming the card that owns the E.164 ``number``, unless it is ``owner`` or nobody."""
        cards = self._cards_with_phone(number).filtered(lambda card: not card.phone_shared)
        other = (cards - owner.sudo() if owner else cards)[:1]
        if not other:
            return
        shown = phone.masked(number) if self._salon_hides_contacts() else phone.international(number)
        if not other.sudo(False).has_access("read"):
            raise ValidationError(
                self.env._(
                    "%(phone)s already has a client's card, which you can't see. Ask the front desk.", phone=shown
                )
            )
        name = f"{other.name} ({other.card_number})" if other.card_number else other.name
        raise ValidationError(
            self.env._(
                '%(phone)s already belongs to the card of %(client)s. Open that card, or tick "Shared by the family" '
                "if both really use this number.",
                phone=shown,
                client=name,
            )
        )

    @api.model
    def _check_figures(self, names):
        if not self.env.su and not names.isdisjoint(STAT_FIELDS):
            raise UserError(self.env._("A client's figures follow from the visits and can't be written."))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_figures({name for vals in vals_list for name in vals})
        default_card = self.env.context.get("default_is_client_card", False)
        vals_list = [dict(vals) for vals in vals_list]
        cards = [vals for vals in vals_list if vals.get("is_client_card", default_card)]
        if not cards:
            return super().create(vals_list)
        numbers = set()
        for vals in cards:
            # Figures come from visits; a card begins without any.
            vals.setdefault("client_state", "prospect")
            text = vals.get("phone", self.env.context.get("default_phone"))
            if not text:
                continue
            region = self._phone_region(
                country=self.env["res.country"].browse(vals.get("country_id")),
                company=self.env["res.company"].browse(vals.get("company_id")),
            )
            vals["phone"] = self._client_phone(text, region)
            if not vals.get("phone_shared", self.env.context.get("default_phone_shared")) and vals.get("active", True):
                self._check_phone_free(vals["phone"])
                if vals["phone"] in numbers:
                    raise ValidationError(
                        self.env._("The phone number %(phone)s is given to two clients at once.", phone=vals["phone"])
                    )
                numbers.add(vals["phone"])
        if not numbers:
            partners = super().create(vals_list)
        else:
            partners = self._guard_phone(super().create, vals_list)
        partners._own_photos(vals_list)
        return partners

    def write(self, vals):
        self._check_figures(vals.keys())
        identity = {"phone", "phone_shared", "is_client_card", "active"} & vals.keys()
        if not vals.get("active", True):
            identity.discard("active")  # a card that goes takes nobody's number
        cards = self.filtered("is_client_card") if not vals.get("is_client_card") else self
        if not identity or not cards or vals.get("is_client_card", True) is False:
            result = super().write(vals)
        else:
            result = True
            for partner in self:
                own_vals = dict(vals)
                if partner in cards:
                    partner._prepare_identity(own_vals)
                result = partner._guard_phone(super(ResPartner, partner).write, own_vals) and result
        self._own_photos([vals] * len(self))
        if "phone" in vals:
            self.env["salon.cadence"]._phone_changed(self)
        return result

    def _prepare_identity(self, vals):
        """Put the number in ``vals`` into its stored form and check that no other card owns it."""
        self.ensure_one()
        partner = self.sudo()
        if "phone" in vals or not partner.is_client_card:
            country = self.env["res.country"].browse(vals.get("country_id", partner.country_id.id))
            number = self._client_phone(vals.get("phone", partner.phone), self._phone_region(country))
            if number != partner.phone or "phone" in vals:
                vals["phone"] = number
        else:
            number = partner.phone_sanitized
        if not partner.client_state:
            vals.setdefault("client_state", "prospect")
        if number and vals.get("active", partner.active) and not vals.get("phone_shared", partner.phone_shared):
            self._check_phone_free(number, owner=self)

    def _guard_phone(self, change, vals):
        """Run ``change(vals)``; when another session has just taken the same number, ask for the request again.

        The second run sees the other session's card and says so.

        :raise ConcurrencyError: which makes Odoo roll the request back and repeat it
        """
        try:
            with self.env.cr.savepoint():
                result = change(vals)
                self.env["res.partner"].flush_model(["phone_sanitized", "phone_shared", "is_client_card", "active"])
        except UniqueViolation as error:
            if error.diag.constraint_name != "res_partner_client_phone_unique":
                raise
            raise ConcurrencyError(
                self.env._("Another card with this phone number has just been made. Try again.")
            ) from error
        return result

    def _own_photos(self, vals_list):
        """Let photos and documents follow the access to their card and to its field, which is for the staff only."""
        for partner, vals in zip(self, vals_list, strict=True):
            if vals.get("salon_photo_ids"):
                card = ("res.partner", partner.id)
                own = partner.sudo().salon_photo_ids.filtered(
                    lambda file, card=card: (file.res_model, file.res_id) == card
                    or (not file.res_id and file.create_uid == self.env.user)
                )
                own.write({"res_model": card[0], "res_id": card[1], "res_field": "salon_photo_ids"})

    @api.model
    def _find_or_create_client(self, name, phone, **vals):
        """Return the card of the client with this number; make one when there is none.

        The number decides, whatever the name; among family members who share it, the name does. A card that was
        archived comes back into the base.

        :param phone: as written, of the company's country unless it has a country code or ``country_id`` is given
        :param vals: further values of a new card
        :raise ValidationError: when ``phone`` is no phone number
        :raise ConcurrencyError: when another session makes a card with the same number at this moment; Odoo repeats
            the request, which then finds that card
        """
        country = self.env["res.country"].browse(vals.get("country_id"))
        number = self._client_phone(phone, self._phone_region(country))
        cards = self._cards_with_phone(number, archived=True)
        cards = cards.filtered("active") or cards[:1]
        if not cards:
            return self.create(
                {**vals, "name": name or self._unnamed_client(number), "phone": number, "is_client_card": True}
            )
        wanted = (name or "").casefold().split()
        card = next((card for card in cards if (card.name or "").casefold().split() == wanted), cards[0])
        if not card.active:
            card.active = True
        return card.with_env(self.env)

    @api.model
    def _unnamed_client(self, number):
        """Return what to call a client of whom the number only is known; it does not tell the number."""
        return self.env._("Client %(number)s", number=phone.masked(number)) if number else self.env._("Client")

    def _make_client_cards(self):
        """Take these partners into the salon's base.

        :raise ValidationError: when the phone number of one is wrong or belongs to another card
        """
        new = self.filtered(lambda partner: not partner.sudo().is_client_card)
        if new:
            new.sudo().write({"is_client_card": True})

    @api.model
    def name_create(self, name):
        """Make a client's card of "Anna 90 123 45 67", or find the one that has this number."""
        if not self.env.context.get("default_is_client_card"):
            return super().name_create(name)
        name, number = phone.split(name)
        if not number and sum(map(str.isdigit, name)) >= 5:
            # The form opens instead, where the number is seen to be missing.
            raise ValidationError(self.env._("Is a digit missing? “%(text)s” holds no whole phone number.", text=name))
        client = self._find_or_create_client(name, number) if number else self.create({"name": name})
        return client.id, client.display_name

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------

    def _search_display_name(self, operator, value):
        user = self.env.user
        hidden = self._salon_denies_contacts()
        if not hidden and (self.env.su or not user.has_group("salon_spa.group_salon_phone")):
            return super()._search_display_name(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            positive = "=" if operator in ("!=", "<>") else operator.removeprefix("not ")
            return ~Domain(self._search_display_name(positive, value))
        if operator.endswith("like") and not value:
            return Domain.TRUE
        if hidden:
            # The number and the address would be found out digit by digit.
            return Domain.OR(Domain(name, operator, value) for name in ("complete_name", "card_number", "ref"))
        if self.env.context.get("default_is_client_card"):
            # Among clients only what the indexes of cards hold is looked into, so that the answer comes at once.
            domain = Domain.OR(Domain(name, operator, value) for name in ("complete_name", "card_number", "email"))
            domain &= Domain("is_client_card", "=", True)
        else:
            domain = super()._search_display_name(operator, value) | Domain("card_number", operator, value)
        if operator in ("like", "ilike") and isinstance(value, str):
            domain |= self._phone_fragment_domain(value)
            name, number = phone.split(value)
            if name and number:
                domain |= Domain("complete_name", operator, name) & self._phone_fragment_domain(number)
        return domain

    @api.model
    def _phone_fragment_domain(self, text):
        """Return the domain of client cards whose number contains what is written in ``text``."""
        pieces = phone.fragments(text, self._phone_region())
        return Domain("is_client_card", "=", True) & Domain.OR(
            Domain("phone_sanitized", "like", piece) for piece in pieces
        )

    # ------------------------------------------------------------------
    # Who may see numbers and addresses
    # ------------------------------------------------------------------

    @api.model
    def _salon_hides_contacts(self):
        """Tell whether the present user may not see clients' numbers, in superuser mode too.

        Users who have no role in the salon keep what Odoo gives them.
        """
        user = self.env.user
        if user.has_group("salon_spa.group_salon_phone") or user._is_superuser():
            return False
        return user.has_group("salon_spa.group_salon_master") or not user._is_internal()

    def _salon_contact_owners(self, name):
        partners = self.sudo()
        return partners, bool(partners) and all(partner._origin for partner in partners)

    @api.depends_context("uid", "default_is_client_card", "formatted_display_name")
    def _compute_display_name(self):
        """Where a client is chosen, the number tells namesakes apart, for who may see it."""
        hidden = self._salon_hides_contacts()
        if hidden and self.env.context.get("show_email"):
            for partner in self:
                partner.display_name = partner.with_context(show_email=False).display_name
            return
        super()._compute_display_name()
        if {"default_is_client_card", "formatted_display_name"} <= set(self.env.context) and not hidden:
            for partner in self.filtered("phone_display"):
                partner.display_name += f"\t--{partner.phone_display}--"

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        result = super().get_view(view_id, view_type, **options)
        if view_type == "search" and self._salon_denies_contacts():
            result["arch"] = self._without_contact_search(result["arch"])
        return result

    @api.model
    def _without_contact_search(self, arch):
        """Return the search view without what looks into numbers and addresses."""
        tree = etree.fromstring(arch)
        for node in tree.xpath("//field | //filter"):
            if node.get("name") in CONTACT_FIELDS:
                node.getparent().remove(node)
            elif any(
                re.search(rf"\b{name}\b", node.get(attribute) or "")
                for attribute in ("filter_domain", "domain", "context")
                for name in CONTACT_FIELDS
            ):
                if node.tag == "field":
                    node.attrib.pop("filter_domain")
                else:
                    node.getparent().remove(node)
        return etree.tostring(tree, encoding="unicode")

    @api.model
    def _get_mention_suggestions_domain(self, search):
        if self._salon_denies_contacts():
            return Domain("name", "ilike", search) & Domain("active", "=", True)
        return super()._get_mention_suggestions_domain(search)

    @api.readonly
    @api.model
    def _search_for_channel_invite(self, store, *args, **kwargs):
        # Invited are users of the house only, who are found by their addresses too.
        partners = self.with_context(salon_colleagues=COLLEAGUES)
        return super(ResPartner, partners)._search_for_channel_invite(store, *args, **kwargs)

    def _field_store_repr(self, field):
        return [self._salon_store_field(item) for item in super()._field_store_repr(field)]

    def _salon_export_records(self):
        return self.filtered("is_client_card")

    # ------------------------------------------------------------------
    # Consents
    # ------------------------------------------------------------------

    def _has_consent(self, channel, purpose):
        """Tell whether the client agreed to be reached by ``channel`` for ``purpose``; the newest word counts."""
        self.ensure_one()
        newest = (
            self.env["salon.consent"]
            .sudo()
            .search([("partner_id", "=", self.id), ("channel", "=", channel), ("purpose", "=", purpose)], limit=1)
        )
        return newest.granted

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def _refresh_client_stats(self):
        """Recompute the stored visit figures of these clients with one statement."""
        ids = [id_ for id_ in self.ids if id_]
        if not ids:
            return
        self.env["salon.visit"].flush_model(["state", "is_late_cancel", "date"])
        self.env["salon.visit.line"].flush_model(
            ["client_id", "visit_id", "company_id", "state", "cancelled", "date", "start", "kind"]
        )
        self.env["salon.visit.line"].flush_model(
            ["amount_revenue", "amount_refunded", "price_total", "price_untaxed", "product_id", "employee_id"]
        )
        clients = self.browse(ids)
        clients.flush_recordset()
        currency = self._salon_currency()
        today = fields.Date.today()
        companies = [
            (
                company.id,
                company.salon_tz or "UTC",
                self.env["res.currency"]._get_conversion_rate(company.currency_id, currency, company, today),
            )
            for company in self.env["res.company"].sudo().with_context(active_test=False).search([])
        ]
        self.env.cr.execute(
            SQL(
                """
    WITH target AS (
        SELECT unnest(%(ids)s) AS id
    ), company (id, tz, rate) AS (
        VALUES %(companies)s
    ), done AS MATERIALIZED (
        SELECT line.client_id, COALESCE(line.date, visit.date) AS date, line.start, line.kind,
               line.product_id, line.employee_id,
               company.rate * (line.amount_revenue
                   - COALESCE(line.amount_refunded * line.price_untaxed / NULLIF(line.price_total, 0), 0)) AS amount,
               timezone(company.tz, timezone('UTC', line.start)) AS local_start
          FROM salon_visit_line line
          JOIN salon_visit visit ON visit.id = line.visit_id
          JOIN company ON company.id = line.company_id
         WHERE line.client_id = ANY(%(ids)s) AND line.state = 'done'
    ), day AS (
        SELECT client_id, date, MIN(local_start) AS start, SUM(amount) AS amount
          FROM done
         GROUP BY client_id, date
    ), total AS (
        SELECT client_id, COUNT(*) AS visits, MIN(date) AS first_date, MAX(date) AS last_date, SUM(amount) AS amount
          FROM day
         GROUP BY client_id
    ), product AS (
        SELECT DISTINCT ON (client_id) client_id, product_id
          FROM (SELECT client_id, product_id, COUNT(*) AS times, MAX(start) AS latest
                  FROM done WHERE kind = 'service' GROUP BY client_id, product_id) counted
         ORDER BY client_id, times DESC, latest DESC NULLS LAST, product_id
    ), employee AS (
        SELECT DISTINCT ON (client_id) client_id, employee_id
          FROM (SELECT client_id, employee_id, COUNT(*) AS times, MAX(start) AS latest
                  FROM done WHERE kind = 'service' AND employee_id IS NOT NULL GROUP BY client_id, employee_id) counted
         ORDER BY client_id, times DESC, latest DESC NULLS LAST, employee_id
    ), weekday AS (
        SELECT DISTINCT ON (client_id) client_id, weekday
          FROM (SELECT client_id, EXTRACT(isodow FROM date)::int - 1 AS weekday, COUNT(*) AS times, MAX(date) AS latest
                  FROM day WHERE date IS NOT NULL GROUP BY 1, 2) counted
         ORDER BY client_id, times DESC, latest DESC
    ), hour AS (
        SELECT DISTINCT ON (client_id) client_id, hour
          FROM (SELECT client_id, EXTRACT(hour FROM start)::int AS hour, COUNT(*) AS times, MAX(start) AS latest
                  FROM day WHERE start IS NOT NULL GROUP BY 1, 2) counted
         ORDER BY client_id, times DESC, latest DESC
    ), missed AS (
        SELECT line.client_id,
               COUNT(DISTINCT visit.id) FILTER (WHERE visit.state = 'no_show') AS no_shows,
               COUNT(DISTINCT visit.id) FILTER (WHERE visit.state = 'cancelled' AND visit.is_late_cancel) AS late
          FROM salon_visit_line line
          JOIN salon_visit visit ON visit.id = line.visit_id
         WHERE line.client_id = ANY(%(ids)s) AND visit.state IN ('no_show', 'cancelled')
           AND line.cancelled IS NOT TRUE
         GROUP BY line.client_id
    ), upcoming AS (
        SELECT client_id, MIN(start) AS start
          FROM salon_visit_line
         WHERE client_id = ANY(%(ids)s) AND state = ANY(%(planned)s) AND start >= %(now)s
         GROUP BY client_id
    ), figure AS (
        SELECT target.id,
               CASE WHEN total.visits > 0 THEN 'client' ELSE 'prospect' END AS client_state,
               COALESCE(total.visits, 0) AS visit_count,
               total.first_date AS first_visit_date,
               total.last_date AS last_visit_date,
               upcoming.start AS next_visit_start,
               ROUND(COALESCE(total.amount, 0), %(digits)s) AS total_spent,
               ROUND(COALESCE(total.amount / total.visits, 0), %(digits)s) AS average_ticket,
               COALESCE(missed.no_shows, 0) AS no_show_count,
               COALESCE(missed.late, 0) AS late_cancel_count,
               product.product_id AS favourite_product_id,
               employee.employee_id AS favourite_employee_id,
               weekday.weekday::varchar AS usual_weekday,
               hour.hour AS usual_hour
          FROM target
          LEFT JOIN total ON total.client_id = target.id
          LEFT JOIN product ON product.client_id = target.id
          LEFT JOIN employee ON employee.client_id = target.id
          LEFT JOIN weekday ON weekday.client_id = target.id
          LEFT JOIN hour ON hour.client_id = target.id
          LEFT JOIN missed ON missed.client_id = target.id
          LEFT JOIN upcoming ON upcoming.client_id = target.id
    )
    UPDATE res_partner partner
       SET %(assignments)s
      FROM figure
     WHERE partner.id = figure.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                ids=ids,
                companies=SQL(", ").join(SQL("(%s, %s, %s::numeric)", *row) for row in companies),
                planned=self.env["salon.visit"]._planned_states(),
                now=fields.Datetime.now(),
                digits=currency.decimal_places,
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("figure", name)) for name in STAT_FIELDS
                ),
                old=SQL(", ").join(SQL.identifier("partner", name) for name in STAT_FIELDS),
                new=SQL(", ").join(SQL.identifier("figure", name) for name in STAT_FIELDS),
            )
        )
        clients.invalidate_recordset([*STAT_FIELDS, "client_status", "usual_time_text"], flush=False)

    def _refresh_plans(self):
        """Tell these clients and their due services when they come next.

        That is all that a visit changes as long as it is not over, and a fraction of the work of
        ``_refresh_client_stats`` and ``salon.cadence._rebuild``.
        """
        clients = self.sudo()
        if clients.ids:
            clients._refresh_next_visit()
            clients.env["salon.cadence"]._refresh_next_booked(clients.ids)

    def _refresh_next_visit(self):
        names = ["next_visit_start", "client_state"]
        self.env["salon.visit.line"].flush_model(["client_id", "state", "start"])
        self.flush_recordset(names)
        self.env.cr.execute(
            SQL(
                """
    UPDATE res_partner partner
       SET next_visit_start = upcoming.start, client_state = COALESCE(partner.client_state, 'prospect')
      FROM (SELECT client.id,
                   (SELECT MIN(line.start)
                      FROM salon_visit_line line
                     WHERE line.client_id = client.id AND line.state = ANY(%(planned)s)
                       AND line.start >= %(now)s) AS start
              FROM unnest(%(ids)s) AS client (id)) upcoming
     WHERE partner.id = upcoming.id
       AND (partner.next_visit_start IS DISTINCT FROM upcoming.start OR partner.client_state IS NULL)
                """,
                planned=self.env["salon.visit"]._planned_states(),
                now=fields.Datetime.now(),
                ids=self.ids,
            )
        )
        self.invalidate_recordset([*names, "client_status"], flush=False)

    @api.model
    def _cron_refresh_next_visits(self):
        """Refresh the clients whose next visit is over, so that no card shows a next visit in the past."""
        self.sudo().search([("next_visit_start", "<", fields.Datetime.now())])._refresh_client_stats()

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_open_client_card(self):
        """Open this card in the salon's form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [(self.env.ref("salon_spa.res_partner_view_form_client").id, "form")],
        }

    def action_book_visit(self):
        """Open a new visit of this client."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Visit"),
            "res_model": "salon.visit",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id},
        }

    def action_open_visits(self):
        """Open the visits that this client has part in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "salon.visit",
            "view_mode": "list,form",
            "domain": ["|", ("partner_id", "=", self.id), ("line_ids.client_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }

    @api.depends("salon_pass_ids.state", "salon_shared_pass_ids.state")
    def _compute_salon_pass_count(self):
        for partner in self:
            passes = partner.salon_pass_ids | partner.salon_shared_pass_ids
            partner.salon_pass_count = len(passes.filtered(lambda record: record.state in ("active", "frozen")))

    def action_open_passes(self):
        """Open the passes of this client, shared ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_pass")
        action["domain"] = ["|", ("partner_id", "=", self.id), ("member_ids", "=", self.id)]
        action["context"] = {"salon_pass_partner_id": self.id}
        return action

    def action_sell_pass(self):
        """Open the dialog that sells a pass to this client."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sell a Pass"),
            "res_model": "salon.pass.sell",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self[:1].id},
        }

    def action_merge_clients(self):
        """Open Odoo's wizard on the selected cards."""
        self.env["base.partner.merge.automatic.wizard"]._check_may_merge_clients()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Clients"),
            "res_model": "base.partner.merge.automatic.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "res.partner", "active_ids": self.ids},
        }
