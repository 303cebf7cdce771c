import base64
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import count_sheet
from .common import StockCase
from .test_count_sheet import fill


@tagged("post_install", "-at_install")
class TestCount(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dye.standard_price = 0.2
        cls.gloves.standard_price = 0.1
        cls.room = cls.env["stock.location"].create(
            {"name": "Counting Room", "usage": "internal", "location_id": cls.place.id, "company_id": cls.company.id}
        )
        cls.put(cls.dye, 300, cls.room)
        cls.put(cls.gloves, 50, cls.room)
        cls.lot = cls.make_lot(cls.cream, "A1", 30)
        cls.put(cls.cream, 40, cls.room, cls.lot)
        cls.lost = cls.env.ref("salon_spa_stock.reason_lost")

    def begin(self, user=None, **values):
        return self.env["salon.count"].with_user(user or self.desk).create({"location_id": self.room.id, **values})

    def line(self, count, product):
        return count.line_ids.filtered(lambda line: line.product_id == product)

    def upload(self, count, cells):
        """Fill cells into the count's sheet and read it; rows are those of the sheet."""
        content = fill(count._sheet(), cells)
        upload = self.env["salon.count.upload"].with_user(self.desk)
        return upload.create({"count_id": count.id, "sheet": base64.b64encode(content)}).action_read()

    def row(self, count, product):
        """Return where a product stands in the sheet."""
        return count_sheet.HEADER_ROW + 2 + count.line_ids.ids.index(self.line(count, product).id)

    # ---------------------------------------------------------------- counting

    def test_lists_what_should_be_there(self):
        count = self.begin()
        expected = {line.product_id: (line.lot_id, line.expected_qty) for line in count.line_ids}
        no_lot = self.env["stock.lot"]
        self.assertEqual(expected, {self.dye: (no_lot, 300), self.gloves: (no_lot, 50), self.cream: (self.lot, 40)})
        mask = self.make_product("Mask", use="retail")
        self.assertNotIn(mask, self.begin().line_ids.product_id)
        self.assertEqual(self.begin(salon_use="retail", with_empty=True).line_ids.product_id & (mask | self.dye), mask)

    def test_applies_the_difference_and_writes_off_what_is_explained(self):
        count = self.begin()
        self.line(count, self.dye).write({"counted_qty": 240, "explained_qty": 40, "reason_id": self.lost.id})
        self.line(count, self.gloves).counted_qty = 55
        count.action_apply()
        self.assertEqual((count.state, count.user_id), ("done", self.desk))
        self.assertEqual((self.on_hand(self.dye, self.room), self.on_hand(self.gloves, self.room)), (240, 55))
        self.assertEqual(self.on_hand(self.cream, self.room), 40, "not counted, not touched")
        dye = self.line(count, self.dye).with_user(self.manager)
        self.assertEqual((dye.difference, dye.shrinkage_qty, dye.shrinkage_value), (-60, 20, 4))
        self.assertEqual(self.line(count, self.gloves).with_user(self.manager).shrinkage_value, -0.5)
        self.assertEqual(count.with_user(self.manager).shrinkage_value, 3.5)
        moves = dye.sudo().move_ids
        self.assertEqual(sorted(moves.mapped("quantity")), [20, 40])
        self.assertEqual(moves.filtered("is_inventory").inventory_name, count.name)
        scrap = moves.scrap_id
        self.assertEqual((scrap.salon_reason_id, scrap.origin), (self.lost, count.name))
        self.assertEqual(scrap.scrap_location_id, self.company._salon_write_off_location())

    def test_what_moves_after_the_beginning_is_no_difference(self):
        count = self.begin()
        self.put(self.dye, 180, self.room)
        self.line(count, self.dye).counted_qty = 300
        self.assertEqual(count.moved_count, 1)
        line = self.line(count, self.dye)
        self.assertEqual((line.book_qty, line.moved_qty, line.difference), (180, -120, 0))
        count.action_apply()
        self.assertEqual(self.on_hand(self.dye, self.room), 180, "used since then, and counted before")
        self.assertEqual(line.shrinkage_qty, 0)

    def test_counting_to_zero_is_counting(self):
        count = self.begin()
        self.line(count, self.gloves).write({"counted_qty": 0, "is_counted": True})
        count.action_apply()
        self.assertEqual(self.on_hand(self.gloves, self.room), 0)

    def test_products_and_batches_that_were_found(self):
        mask = self.make_product("Mask")
        count = self.begin()
        other = self.make_lot(self.cream, "A2", 60)
        count.line_ids = [
            Command.create({"product_id": mask.id, "counted_qty": 3}),
            Command.create({"product_id": self.cream.id, "lot_id": other.id, "counted_qty": 5, "expected_qty": 99}),
        ]
        found = count.line_ids.filtered(lambda line: line.lot_id == other)
        self.assertEqual(found.expected_qty, 0, "what was expected nobody enters")
        count.action_apply()
        self.assertEqual((self.on_hand(mask, self.room), self.on_hand(self.cream, self.room, other)), (3, 5))

    def test_a_batch_is_needed_for_what_has_one(self):
        count = self.begin()
        jar = self.make_product("Jar", expiry=True)
        count.line_ids = [Command.create({"product_id": jar.id, "counted_qty": 3})]
        with self.assertRaisesRegex(UserError, "Jar: choose the lot"):
            count.action_apply()

    def test_what_cannot_be_is_refused_and_nothing_is_moved(self):
        count = self.begin()
        with self.assertRaisesRegex(UserError, "Nothing is counted yet"):
            count.action_apply()
        line = self.line(count, self.dye)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            line.counted_qty = -1
            line.flush_recordset()
        line.write({"counted_qty": 290, "explained_qty": 20, "reason_id": self.lost.id})
        with self.assertRaisesRegex(UserError, "20 are explained, but only 10 are missing"):
            count.action_apply()
        line.write({"explained_qty": 5, "reason_id": False})
        with self.assertRaisesRegex(UserError, "say what became of"):
            count.action_apply()
        self.assertEqual(self.on_hand(self.dye, self.room), 300)

    def test_a_failure_between_the_steps_leaves_nothing(self):
        count = self.begin()
        self.line(count, self.dye).write({"counted_qty": 240, "explained_qty": 40, "reason_id": self.lost.id})
        before = self.env["stock.scrap"].search_count([])
        model = type(self.env["salon.count"])

        def fail(_self, _lines):
            raise OSError("out of paper")

        with (
            patch.object(model, "_adjust", fail),
            self.assertRaisesRegex(OSError, "out of paper"),
            self.env.cr.savepoint(),
        ):
            count.action_apply()
        self.env.invalidate_all()
        self.assertEqual((count.state, self.on_hand(self.dye, self.room)), ("open", 300))
        self.assertEqual(self.env["stock.scrap"].search_count([]), before)

    def test_an_applied_count_stays_as_it_is(self):
        count = self.begin()
        self.line(count, self.gloves).counted_qty = 49
        count.action_apply()
        for action in (count.action_apply, count.action_cancel, count.action_begin_again, count.action_download_sheet):
            with self.subTest(action=action.__name__), self.assertRaisesRegex(UserError, "closed"):
                action()
        with self.assertRaisesRegex(UserError, "closed"):
            self.line(count, self.gloves).counted_qty = 50
        with self.assertRaisesRegex(UserError, "kept"):
            count.sudo().unlink()
        with self.assertRaisesRegex(UserError, "kept"):
            count.line_ids.unlink()
        self.assertEqual(self.on_hand(self.gloves, self.room), 49)

    def test_neither_state_nor_expectation_is_written_past_the_buttons(self):
        count = self.begin()
        for record, values in (
            (count, {"state": "done"}),
            (count, {"started_at": "2020-01-01"}),
            (self.line(count, self.dye), {"expected_qty": 1}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaisesRegex(UserError, "another place"):
            count.location_id = self.place

    def test_begins_again_with_the_books_of_now(self):
        count = self.begin()
        self.line(count, self.dye).counted_qty = 1
        self.put(self.dye, 200, self.room)
        count.action_begin_again()
        self.assertEqual(self.line(count, self.dye).expected_qty, 200)
        self.assertEqual(count.counted_count, 0)

    def test_the_form_counts(self):
        with Form(self.env["salon.count"].with_user(self.desk)) as form:
            form.location_id = self.room
        count = form.record
        with Form(count) as form:
            index = count.line_ids.ids.index(self.line(count, self.gloves).id)
            with form.line_ids.edit(index) as line:
                line.counted_qty = 48
        self.assertEqual(count.counted_count, 1)
        count.action_apply()
        self.assertEqual(self.on_hand(self.gloves, self.room), 48)

    def test_masters_count_nothing_and_other_companies_are_out_of_sight(self):
        with self.assertRaises(AccessError):
            self.begin(user=self.master_user)
        other = self.env["res.company"].create({"name": "Other Salon"})
        count = (
            self.env["salon.count"]
            .sudo()
            .create({"company_id": other.id, "location_id": other._salon_stock_location().id})
        )
        self.assertFalse(self.env["salon.count"].with_user(self.manager).search([("id", "=", count.id)]))
        with self.assertRaises(UserError):
            self.begin(location_id=other._salon_stock_location().id)

    # ---------------------------------------------------------------- the sheet

    def test_a_sheet_goes_out_and_comes_back(self):
        count = self.begin()
        notice = self.upload(
            count,
            {
                (self.row(count, self.dye), "Counted"): 250,
                (self.row(count, self.gloves), "Counted"): "48",
            },
        )
        self.assertEqual(notice["params"]["message"], "Rows read from the sheet: 2")
        self.assertEqual(count.counted_count, 2)
        count.action_apply()
        shrinkage = self.env["salon.count.line"].search(count.action_open_lines()["domain"])
        self.assertEqual(shrinkage.product_id, self.dye | self.gloves, "what nobody counted is not missing")
        self.assertEqual((self.on_hand(self.dye, self.room), self.on_hand(self.gloves, self.room)), (250, 48))
        self.assertEqual(self.on_hand(self.cream, self.room), 40)

    def test_a_blind_sheet_does_not_say_what_is_expected(self):
        count = self.begin()
        names = {title: name for name, title in count._sheet_titles().items()}
        content = fill(count._sheet(), {(5, "Counted"): 1})
        self.assertNotIn("expected", count_sheet.read(content, count._sheet_token(), names)[0][1])
        count.is_blind = False
        content = fill(count._sheet(), {(5, "Counted"): 1})
        [(_number, values)] = count_sheet.read(content, count._sheet_token(), names)
        self.assertEqual(values["expected"], count.line_ids[0].expected_qty)

    def test_another_unit_of_the_kind_is_turned_into_the_products(self):
        count = self.begin()
        row = self.row(count, self.dye)
        self.upload(count, {(row, "Counted"): 4, (row, "Unit"): "Tube 60 ml"})
        self.assertEqual(self.line(count, self.dye).counted_qty, 240)
        self.upload(count, {(row, "Counted"): "0,25", (row, "Unit"): "L"})
        self.assertEqual(self.line(count, self.dye).counted_qty, 250)

    def test_rows_may_be_added_by_hand(self):
        mask = self.make_product("Mask", barcode="4006381333931")
        other = self.make_lot(self.cream, "A2", 60)
        count = self.begin()
        self.upload(
            count,
            {
                (8, "Barcode"): 4006381333931,
                (8, "Counted"): 3,
                (9, "Product"): "Cream",
                (9, "Lot"): "A2",
                (9, "Counted"): 5,
            },
        )
        count.action_apply()
        self.assertEqual((self.on_hand(mask, self.room), self.on_hand(self.cream, self.room, other)), (3, 5))

    def test_every_row_that_is_wrong_is_named_and_nothing_is_read(self):
        self.make_product("Twin")
        self.make_product("Twin")
        count = self.begin()
        dye, gloves, cream = (self.row(count, product) for product in (self.dye, self.gloves, self.cream))
        with self.assertRaises(UserError) as caught:
            self.upload(
                count,
                {
                    (dye, "Counted"): -5,
                    (gloves, "Counted"): "a few",
                    (cream, "Counted"): 3,
                    (cream, "Unit"): "Units",
                    (8, "Product"): "No such product",
                    (8, "Counted"): 1,
                    (9, "Product"): "Twin",
                    (9, "Counted"): 1,
                    (10, "Product"): "Cream",
                    (10, "Lot"): "ZZ",
                    (10, "Counted"): 1,
                    (11, "Product"): "Cream",
                    (11, "Counted"): 1,
                    (12, "Counted"): 1,
                    (13, "Line"): 99999999,
                    (13, "Counted"): 1,
                    (14, "Product"): "Gloves",
                    (14, "Counted"): 1,
                    (15, "Product"): "Gloves",
                    (15, "Counted"): 2,
                },
            )
        message = str(caught.exception)
        for row, text in (
            (dye, "a counted quantity can't be negative"),
            (gloves, "“a few” is not a number"),
            (cream, "Cream is counted in ml, not in “Units”"),
            (8, "no product “No such product” is kept in stock"),
            (9, "several products are called “Twin”"),
            (10, "Cream has no lot “ZZ”"),
            (11, "write the lot of Cream"),
            (12, "it does not say which product"),
            (13, "line 99999999 is not in this count"),
            (15, "Gloves stands in the sheet twice"),
        ):
            self.assertIn(f"Row {row}: {text}", message)
        self.assertEqual(count.counted_count, 0)

    def test_other_files_are_refused(self):
        count, another = self.begin(), self.begin()
        for content, message in (
            (b"nothing of the kind", "not a count sheet"),
            (another._sheet(), "not the sheet of"),
            (count._sheet(), "No quantity is filled in"),
            (fill(count._sheet(), {(4, "Counted"): "How many"}), "the fourth row names “Counted”"),
            (b"x" * (count_sheet.MAX_BYTES + 1), "too big"),
        ):
            with self.subTest(message=message), self.assertRaisesRegex(UserError, message):
                count._read_sheet(content)

    def test_a_sheet_is_downloaded_and_read_in_another_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["salon_spa_stock"], ["fr_FR"])
        self.ml.with_context(lang="fr_FR").name = "millilitre"
        count = self.begin()
        action = count.action_download_sheet()
        attachment = self.env["ir.attachment"].browse(int(action["url"].split("/")[3].split("?")[0]))
        self.assertTrue(attachment.name.endswith(".xlsx"))
        self.assertEqual(attachment.raw[:2], b"PK")
        row = self.row(count, self.dye)
        content = fill(count.with_context(lang="fr_FR")._sheet(), {(row, "Counted"): 7})
        count._read_sheet(content)
        self.assertEqual(self.line(count, self.dye).counted_qty, 7)

    def test_a_count_is_not_made_closed(self):
        with self.assertRaisesRegex(AccessError, "by its buttons only"):
            self.env["salon.count"].with_user(self.desk).create({"state": "done"})
