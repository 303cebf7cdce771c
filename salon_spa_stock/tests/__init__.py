from . import (
    test_access,
    test_count,
    test_count_sheet,
    test_demo,
    test_low_stock,
    test_movement,
    test_product,
    test_receive,
    test_retail,
    test_transfer,
    test_valuation,
    test_write_off,
)
