"""How many quotations are verified right; those kept aside first."""

from __future__ import annotations

from functools import cache

import pytest

from evaluation.verify import Judged, judged


@cache
def every() -> list[Judged]:
    return judged()


@pytest.mark.parametrize("held_out", [True, False])
@pytest.mark.parametrize(("expect", "least"), [("VERBATIM", 0.99), ("", 0.95)])
def test_quotations_are_verified_right(held_out, expect, least):
    some = [
        each
        for each in every()
        if each.case.held_out >= held_out and expect in ("", each.case.expect)
    ]
    assert sum(each.right for each in some) >= least * len(some) > 0


def test_a_quotation_is_expected_to_be_found_in_one_place():
    """Cases are of texts that are there, and each is another one."""
    assert len({each.case.id for each in every()}) == len(every()) >= 500
    asked = [(each.case.quotation, each.case.speaker) for each in every()]
    assert len(set(asked)) == len(asked)
