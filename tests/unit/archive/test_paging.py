"""Where a page or a stream goes on."""

from __future__ import annotations

import pytest

from quoth import v1
from quoth_server.archive import paging
from quoth_server.service.errors import ServiceError

REQUEST = v1.SearchStatementsRequest(filter=v1.StatementFilter(speaker="Lund"), page_size=5)


def test_a_token_is_of_one_request_whatever_the_size_of_a_page():
    token = paging.token("ab12", 50, 60, REQUEST)
    same = v1.SearchStatementsRequest(filter=REQUEST.filter, page_size=7, page_token=token)
    assert paging.offset_of(same, "ab12") == 50
    assert paging.offset_of(REQUEST, "ab12") == 0


def test_behind_the_last_page_is_none():
    assert paging.token("ab12", 60, 60, REQUEST) == ""


@pytest.mark.parametrize(
    ("token", "generation", "speaker"),
    [
        (paging.token("ab12", 50, 60, REQUEST), "ab13", "Lund"),
        (paging.token("ab12", 50, 60, REQUEST), "ab12", "Holt"),
        ("x", "ab12", "Lund"),
        (paging.token("ab12", 50, 60, REQUEST) + "\n", "ab12", "Lund"),
        ("ab12.-1.0123456789abcdef", "ab12", "Lund"),
    ],
)
def test_any_other_token_is_refused(token, generation, speaker):
    request = v1.SearchStatementsRequest(
        filter=v1.StatementFilter(speaker=speaker), page_token=token
    )
    with pytest.raises(ServiceError) as refused:
        paging.offset_of(request, generation)
    assert refused.value.reason == "INVALID_PAGE_TOKEN"


def test_a_cursor_is_behind_what_there_was():
    assert paging.position_of(paging.cursor("ab12", 50), "ab12", 60) == 50
    assert paging.position_of("", "ab12", 60) == 60
    with pytest.raises(ServiceError, match="replaced"):
        paging.position_of(paging.cursor("ab12", 50), "ab13", 60)
    with pytest.raises(ServiceError, match="replaced"):
        paging.position_of(paging.cursor("ab12", 50), "ab12", 40)
    with pytest.raises(ServiceError, match="not from this server"):
        paging.position_of("ab12", "ab12", 60)
