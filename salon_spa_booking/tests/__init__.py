from . import (
    test_block,
    test_room,
)
