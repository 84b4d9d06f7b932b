"""Show what differs also where an assertion stands in the shared suite."""

import pytest

pytest.register_assert_rewrite("tests.ledger.store_contract")
