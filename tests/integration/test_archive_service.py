"""An archive behind a real server: verified in, searched, followed, by gRPC and by HTTP."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

import quoth
from quoth import v1
from tests.integration.server import Server
from tests.integration.web import JSON, ask
from tests.unit.archive.archives import row, write

LEDGER = "I have never seen the second ledger"
ROWS = [
    row(0, LEDGER, text=f"0: “{LEDGER}.” She left."),
    *(
        row(n, text=f"0: “{row(n)['content']}.” Élan.", speaker="Ada Holt", speaker_id="p2")
        for n in range(1, 8)
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "in"
    write(path / "a.parquet", ROWS, with_text=True)
    return path


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with Server("--archive", str(folder), "--workers", "1", "--http", "0") as server:
        yield server


@pytest.fixture
def stub(server: Server) -> Iterator[v1.ArchiveServiceStub]:
    with server.channel() as channel:
        yield v1.ArchiveServiceStub(channel)


def refused(call: Callable[[], Any]) -> tuple[grpc.StatusCode, str, list[str]]:
    """The code, the reason and the bad fields."""
    with pytest.raises(grpc.RpcError) as error:
        call()
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in rpc_status.from_call(error.value).details:
        detail.Unpack(info)
        detail.Unpack(bad)
    return error.value.code(), info.reason, [each.field for each in bad.field_violations]


def test_a_quotation_is_verified_in_the_archive(stub):
    answer = stub.VerifyQuote(
        v1.VerifyQuoteRequest(
            quotation="I have never read the second ledger", speaker="Lund", offset_encoding=1
        )
    )
    assert answer.outcome == v1.VerifyOutcome.VERIFY_OUTCOME_ALTERED
    (place,) = answer.places
    assert place.statement.statement.content_spans[0].text == LEDGER
    assert place.statement.speaker.display_name == "Eva Lund"
    (difference,) = place.differences
    assert (difference.quoted.text, difference.said.text) == ("read", "seen")
    # In bytes of UTF-8, of the quotation and of the article.
    assert (difference.quoted.start_offset, difference.said.start_offset) == (13, 17 + 2)
    assert (place.context_before, place.context_after) == ("0: “", ".” She left.")
    assert answer.archive.statements == 8
    assert answer.archive.has_text
    assert not answer.archive.updating


def test_the_client_has_verify(server):
    with quoth.Client(server.address) as client:
        answer = client.verify(LEDGER, speaker="Ada Holt")
        assert answer.outcome == v1.VerifyOutcome.VERIFY_OUTCOME_OTHER_SPEAKER
        assert answer.places[0].speaker_agreement == v1.SpeakerAgreement.SPEAKER_AGREEMENT_OTHER
        with pytest.raises(quoth.InvalidArticle, match="it has no word"):
            client.verify("…")
        assert client.server_info().capabilities.archive


def test_a_quotation_is_verified_in_an_article(stub):
    """The fake engine has all of the body said by Echo."""
    article = v1.Article(article_id="x", body="We load at dawn. We leave at noon.")
    answer = stub.VerifyQuote(
        v1.VerifyQuoteRequest(quotation="We leave at noon", speaker="Echo", article=article)
    )
    assert answer.outcome == v1.VerifyOutcome.VERIFY_OUTCOME_VERBATIM
    assert answer.places[0].statement.article.article_id == "x"
    assert not answer.HasField("archive")
    answer = stub.VerifyQuote(v1.VerifyQuoteRequest(quotation=LEDGER, article=article))
    assert answer.outcome == v1.VerifyOutcome.VERIFY_OUTCOME_NOT_FOUND
    assert not answer.places


def test_statements_come_page_by_page(stub):
    request = v1.SearchStatementsRequest(
        filter=v1.StatementFilter(speaker="holt"), page_size=3, order=3
    )
    found: list[str] = []
    while True:
        page = stub.SearchStatements(request)
        assert page.total_size == 7
        found += [each.statement.statement_id for each in page.statements]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == [f"s{n}" for n in range(1, 8)]


def test_people_are_listed_and_their_statements_found(stub):
    people = stub.ListPeople(v1.ListPeopleRequest(page_size=1))
    assert people.total_size == 2
    (holt,) = people.people
    assert (holt.display_name, holt.statements) == ("Ada Holt", 7)
    assert stub.GetPerson(v1.GetPersonRequest(person_id=holt.person_id)).person == holt
    found = stub.SearchStatements(
        v1.SearchStatementsRequest(filter=v1.StatementFilter(person_id=holt.person_id))
    )
    assert found.total_size == 7
    assert {each.person_id for each in found.statements} == {holt.person_id}
    rest = stub.ListPeople(v1.ListPeopleRequest(page_size=1, page_token=people.next_page_token))
    assert [each.display_name for each in rest.people] == ["Eva Lund"]
    assert not rest.next_page_token


FILTER = v1.StatementFilter
BAD = [
    ("VerifyQuote", v1.VerifyQuoteRequest(), "MISSING_FIELD", ["quotation"]),
    ("VerifyQuote", v1.VerifyQuoteRequest(quotation="…"), "NO_WORD", ["quotation"]),
    ("VerifyQuote", v1.VerifyQuoteRequest(quotation="x" * 2001), "FIELD_TOO_LONG", ["quotation"]),
    ("VerifyQuote", v1.VerifyQuoteRequest(quotation="x", speaker="x" * 2001), "FIELD_TOO_LONG",
     ["speaker"]),
    ("VerifyQuote", v1.VerifyQuoteRequest(quotation="x", max_places=101), "OUT_OF_RANGE",
     ["max_places"]),
    ("VerifyQuote", v1.VerifyQuoteRequest(quotation="x", offset_encoding=9), "INVALID_ENUM_VALUE",
     ["offset_encoding"]),
    ("VerifyQuote", v1.VerifyQuoteRequest(quotation="…", article=v1.Article()), "NO_WORD",
     ["quotation", "article.body"]),
    ("SearchStatements", v1.SearchStatementsRequest(page_size=-1, order=9), "INVALID_ENUM_VALUE",
     ["order", "page_size"]),
    ("SearchStatements", v1.SearchStatementsRequest(page_token="x"), "INVALID_PAGE_TOKEN",
     ["page_token"]),
    ("SearchStatements", v1.SearchStatementsRequest(filter=FILTER(contains="…")), "NO_WORD",
     ["filter.contains"]),
    ("SearchStatements", v1.SearchStatementsRequest(filter=FILTER(kinds=[0, 1, 9])),
     "INVALID_ENUM_VALUE", ["filter.kinds[0]", "filter.kinds[2]"]),
    ("SearchStatements", v1.SearchStatementsRequest(filter=FILTER(factualities=[1] * 17)),
     "FIELD_TOO_LONG", ["filter.factualities"]),
    ("SearchStatements", v1.SearchStatementsRequest(filter=FILTER(min_confidence=2)),
     "INVALID_CONFIDENCE", ["filter.min_confidence"]),
    ("SearchStatements",
     v1.SearchStatementsRequest(filter=FILTER(since=v1.CalendarDate(year=2020, day=3))),
     "INVALID_DATE", ["filter.since"]),
    ("SearchStatements",
     v1.SearchStatementsRequest(filter=FILTER(since=v1.CalendarDate(year=2022),
                                              until=v1.CalendarDate(year=2019))),
     "INVALID_DATE", ["filter.until"]),
    ("SearchStatements",
     v1.SearchStatementsRequest(filter=FILTER(until=v1.CalendarDate(year=2021, month=13))),
     "INVALID_DATE", ["filter.until"]),
    ("GetPerson", v1.GetPersonRequest(), "MISSING_FIELD", ["person_id"]),
    ("ListPeople", v1.ListPeopleRequest(name="x" * 2001), "FIELD_TOO_LONG", ["name"]),
    ("ListRepeats", v1.ListRepeatsRequest(min_articles=-1, max_occurrences=1001, page_size=-1),
     "OUT_OF_RANGE", ["min_articles", "max_occurrences", "page_size"]),
    ("ListRepeats", v1.ListRepeatsRequest(page_token="x"), "INVALID_PAGE_TOKEN", ["page_token"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "request_", "reason", "fields"),
    BAD,
    ids=[f"{each[0]}-{n}" for n, each in enumerate(BAD)],
)
def test_a_bad_request_names_its_fields(stub, method, request_, reason, fields):
    code, why, bad = refused(lambda: getattr(stub, method)(request_))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert (why, bad) == (reason, fields)


def test_a_person_that_is_not_there_is_not_found(stub):
    code, reason, _ = refused(lambda: stub.GetPerson(v1.GetPersonRequest(person_id="nobody")))
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "NO_SUCH_PERSON")


@pytest.mark.parametrize("month", [0, 5])
def test_a_part_of_a_date_is_taken(stub, month):
    since = v1.CalendarDate(year=2019, month=month)
    found = stub.SearchStatements(v1.SearchStatementsRequest(filter=FILTER(since=since)))
    assert found.total_size == 0


def test_the_methods_are_served_by_http_too(server):
    path = "/quoth.v1.ArchiveService/VerifyQuote"
    reply = ask(server, "POST", path, json.dumps({"quotation": LEDGER}), JSON)
    assert reply.status == 200
    assert reply.json["outcome"] == "VERIFY_OUTCOME_VERBATIM"
    reply = ask(server, "POST", path, json.dumps({"quotation": "…"}), JSON)
    assert reply.status == 400
    assert reply.detail("ErrorInfo")["reason"] == "NO_WORD"


def test_what_is_added_is_sent(stub, folder):
    stream = stub.FollowStatements(v1.FollowStatementsRequest(filter=FILTER(speaker="lund")))
    first = next(stream)
    assert not first.statements
    write(folder / "b.parquet", [row(20), row(21, speaker="Ada Holt"), row(22)], with_text=False)
    second = next(stream)
    assert [each.statement.statement_id for each in second.statements] == ["s20", "s22"]
    stream.cancel()
    # Whoever comes back goes on where they stopped.
    again = stub.FollowStatements(
        v1.FollowStatementsRequest(filter=FILTER(speaker="lund"), cursor=first.cursor)
    )
    assert not next(again).statements
    assert next(again).statements == second.statements
    again.cancel()
    # The new statements answer, and the text of some articles is not there now.
    found = stub.VerifyQuote(v1.VerifyQuoteRequest(quotation=row(22)["content"]))
    assert found.outcome == v1.VerifyOutcome.VERIFY_OUTCOME_VERBATIM
    code, reason, _ = refused(
        lambda: stub.VerifyQuote(v1.VerifyQuoteRequest(quotation="x", offset_encoding=1))
    )
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "NO_ARTICLE_TEXT")


def test_a_cursor_of_another_archive_is_refused(stub):
    def follow(cursor: str) -> Any:
        return next(stub.FollowStatements(v1.FollowStatementsRequest(cursor=cursor)))

    assert refused(lambda: follow("x"))[:2] == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_CURSOR",
    )
    assert refused(lambda: follow("0123abcd.1"))[:2] == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "INVALID_CURSOR",
    )


@pytest.mark.parametrize("method", ["SearchStatements", "ListPeople", "VerifyQuote", "GetPerson"])
def test_without_an_archive_there_is_none(method):
    requests = {
        "SearchStatements": v1.SearchStatementsRequest(),
        "ListPeople": v1.ListPeopleRequest(),
        "VerifyQuote": v1.VerifyQuoteRequest(quotation="x"),
        "GetPerson": v1.GetPersonRequest(person_id="x"),
    }
    with Server("--workers", "1", wait=False) as server, server.channel() as channel:
        stub = v1.ArchiveServiceStub(channel)
        code, reason, _ = refused(lambda: getattr(stub, method)(requests[method]))
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "NO_ARCHIVE")


def test_an_archive_wants_the_token_too(folder, tmp_path):
    tokens = tmp_path / "tokens"
    tokens.touch(mode=0o600)
    tokens.write_text("desk:" + "secret-" * 4 + "\n", encoding="utf-8")
    flags = ("--archive", str(folder), "--token-file", str(tokens), "--workers", "1")
    with Server(*flags, wait=False) as server, server.channel() as channel:
        stub = v1.ArchiveServiceStub(channel)
        request = v1.VerifyQuoteRequest(quotation=LEDGER)
        code, reason, _ = refused(lambda: stub.VerifyQuote(request))
        assert (code, reason) == (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED")
        known = [("authorization", "Bearer " + "secret-" * 4)]
        assert stub.VerifyQuote(request, metadata=known).places
        follow = stub.FollowStatements(v1.FollowStatementsRequest())
        assert refused(lambda: next(follow))[1] == "UNAUTHENTICATED"


def test_a_follower_gets_an_error_at_shutdown(folder):
    flags = ("--archive", str(folder), "--workers", "1")
    with Server(*flags) as server, server.channel() as channel:
        stream = v1.ArchiveServiceStub(channel).FollowStatements(v1.FollowStatementsRequest())
        next(stream)
        server.signal(signal.SIGTERM)
        code, reason, _ = refused(lambda: next(stream))
        assert (code, reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")
        assert server.process.wait(60) == 0


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--archive", "/nowhere/a.parquet"), "--archive /nowhere/a.parquet: No such file"),
        (("--archive-index", "/tmp"), "--archive-index needs --archive"),
    ],
)
def test_an_archive_that_cannot_be_opened_ends_the_start(flags, says):
    with Server(*flags, wait=False) as server:
        assert server.process.wait(60) == 2
        assert says in server.log
