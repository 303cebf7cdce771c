from . import (
    test_availability_service,
    test_block,
    test_room,
)
