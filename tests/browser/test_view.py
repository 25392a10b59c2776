"""The report in a browser: what is marked, chosen, filtered and read, by mouse and by keys."""

from __future__ import annotations

import pytest

from quoth.v1 import Article, AttributeQuotesResponse, MediumType
from quoth_cli.report import Attributed
from tests.browser import reports
from tests.browser.conftest import Show
from tests.unit.cli import build, example


def chips(view: object) -> list[str]:
    return view.locator(".quoth-chip:visible").all_inner_texts()  # type: ignore[attr-defined]


def details(view) -> str:
    return view.locator(".quoth-details").inner_text()


def fact(view, name: str) -> str:
    row = view.locator(".quoth-details dl > div", has=view.get_by_text(name, exact=True))
    return " ".join(row.locator("dd").inner_text().split())


def test_every_statement_is_marked_where_its_words_are(show: Show) -> None:
    view = show(reports.everything())
    for statement in example.answer().statements:
        view.locator(f"[id='{statement.statement_id}']").click()
        got = "".join(view.locator(".quoth-selected").all_text_contents())
        said = (
            example.BODY[each.start_offset : each.end_offset] for each in statement.content_spans
        )
        assert "".join(got.split()) == "".join("".join(said).split())


def test_the_text_is_all_there_and_in_its_paragraphs(show: Show) -> None:
    view = show(reports.everything())
    text = view.evaluate(
        """() => { const article = document.querySelector("article").cloneNode(true);
             for (const chip of article.querySelectorAll("button")) chip.remove();
             return [...article.children].map((p) => p.textContent); }"""
    )
    assert "".join("".join(text).split()) == "".join(example.BODY.split())
    assert text[0] == "\U0001f6a2 The quay, in brief"


def test_speakers_have_letters_by_number_of_statements(show: Show) -> None:
    view = show(reports.everything())
    names = view.locator(".quoth-speakers .quoth-name").all_inner_texts()
    assert names[0] == "Mira Sole"
    assert names[-1] == "Speaker not known"
    assert "A1" in chips(view)
    assert "?1" in chips(view)
    link = view.locator(".quoth-heading a[rel='noopener noreferrer']")
    assert link.get_attribute("href") == example.META.url


def test_kinds_differ_by_line_and_by_words(show: Show) -> None:
    view = show(reports.everything())
    styles = view.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".quoth-stretch[data-kind]")].map(
             (each) => [each.dataset.kind + (each.dataset.quoted ? " quoted" : ""),
                        getComputedStyle(each).textDecorationStyle]))"""
    )
    assert styles == {
        "direct quoted": "solid",
        "mixed": "dashed",
        "mixed quoted": "solid",
        "indirect": "dotted",
    }
    label = view.locator("[id='s2']").get_attribute("aria-label")
    assert label.startswith("B1, mixed, Dockers")


def test_a_chosen_statement_tells_all_that_is_known(show: Show) -> None:
    view = show(reports.everything())
    view.locator("[id='s1']").click()
    assert "“We load at dawn,” […] “And we leave at noon.”" in details(view)
    assert fact(view, "Speaker").startswith("Mira Sole person")
    assert fact(view, "Role") == "harbor chief at Quay Council current"
    assert fact(view, "Date") == ("Friday, May 15, 2026 from “Friday” given with the attribution")
    assert fact(view, "Cue") == "“said”"
    assert fact(view, "Not given") == "addressee, medium"
    assert "very likely, 90%" in details(view)
    view.locator("[id='s2']").click()
    assert fact(view, "Addressee") == "“reporters”"
    assert fact(view, "Medium") == "“a statement” written statement"
    assert fact(view, "Date").startswith("week of Monday, May 4, 2026")
    view.locator("[id='s4']").click()
    assert fact(view, "Status") == "denied first hand"
    assert fact(view, "Date") == "not known"
    view.locator("[id='s10']").click()
    assert fact(view, "Speaker") == "not known"


def test_second_hand_words_link_to_their_reporter_and_back(show: Show) -> None:
    view = show(reports.everything())
    view.locator("[id='s9']").click()
    assert fact(view, "Second hand").startswith("quoted by Mira Sole in A")
    view.locator(".quoth-chain a").click()
    assert view.locator("[id='s8']").get_attribute("aria-pressed") == "true"
    assert "a clerk" in fact(view, "Reports")
    view.locator("[id='s6']").click()
    assert "quoted by Radio Quay (“reported”)" in fact(view, "Second hand")
    assert fact(view, "Status") == "not yet said"


def test_source_cue_and_date_are_shown_in_the_text(show: Show) -> None:
    view = show(reports.everything())
    view.locator("[id='s1']").click()
    parts = view.locator(".quoth-stretch[data-part]")
    assert "said" in view.locator("[data-part=cue]").all_inner_texts()
    assert "Friday" in view.locator("[data-part=date]").all_inner_texts()
    source = view.locator("[data-part=source], [data-part=role]").all_text_contents()
    assert "".join(source) == "Mira Sole, the harbor chief"
    view.keyboard.press("Escape")
    assert parts.count() == 0


def test_clicks_on_words_go_from_the_inner_statement_to_the_outer(show: Show) -> None:
    view = show(reports.everything())
    words = view.locator(".quoth-stretch", has_text="the gate was open")
    words.click()
    assert view.locator("[id='s9']").get_attribute("aria-pressed") == "true"
    words.click()
    assert view.locator("[id='s8']").get_attribute("aria-pressed") == "true"


def test_overlapping_statements_are_both_whole(show: Show) -> None:
    view = show(reports.overlapping())
    for label, words in (("A1", "B C D"), ("B1", "D E")):
        view.locator(".quoth-chip", has_text=label).click()
        assert "".join(view.locator(".quoth-selected").all_text_contents()) == words


def test_keys_walk_choose_and_let_go(show: Show) -> None:
    view = show(reports.everything())

    def focused() -> str:
        return view.evaluate("document.activeElement.id")

    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.className") == "quoth-skip"
    view.keyboard.press("Enter")
    assert focused() == "article-1"
    view.locator(".quoth-chip").first.focus()
    assert focused() == "s1"
    view.keyboard.press("Tab")
    assert focused() == "s2"
    view.keyboard.press("ArrowRight")
    assert focused() == "s3"
    view.keyboard.press("ArrowUp")
    view.keyboard.press("ArrowLeft")
    assert focused() == "s1"
    view.keyboard.press("ArrowLeft")
    assert focused() == "s1"
    view.keyboard.press("End")
    assert focused() == "s10"
    view.keyboard.press("Home")
    view.keyboard.press("Enter")
    assert view.locator("[id='s1']").get_attribute("aria-pressed") == "true"
    assert view.url.endswith("#s1")
    view.keyboard.press("Escape")
    assert view.locator("[aria-pressed=true]").count() == 0
    assert "#" not in view.url
    assert focused() == "s1"


def test_keys_get_past_the_statements(show: Show) -> None:
    view = show(reports.everything())
    jump = view.get_by_role("link", name="To the speakers")
    jump.focus()
    view.keyboard.press("Enter")
    assert view.evaluate("document.activeElement.id") == "quoth-panel"
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.type") == "checkbox"


def test_the_focus_can_be_seen(show: Show) -> None:
    view = show(reports.everything())
    view.locator(".quoth-chip").first.focus()
    view.keyboard.press("Tab")
    width = view.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(width.removesuffix("px")) >= 2


def test_next_and_previous_keep_the_focus(show: Show) -> None:
    view = show(reports.everything())
    view.locator("[id='s1']").click()
    view.get_by_role("button", name="Next").click()
    view.keyboard.press("Enter")
    assert view.locator("[id='s3']").get_attribute("aria-pressed") == "true"
    view.get_by_role("button", name="Close").click()
    assert view.evaluate("document.activeElement.id") == "s3"


def test_filters_by_kind_and_speaker_and_their_counts(show: Show) -> None:
    view = show(reports.everything())
    status = view.get_by_role("status")
    assert status.inner_text() == "10 statements"
    view.get_by_role("checkbox", name="indirect", exact=False).last.uncheck()
    assert status.inner_text() == "Showing 2 of 10 statements"
    assert len(chips(view)) == 2
    assert view.locator(".quoth-stretch[data-kind=indirect]").count() == 0
    view.get_by_role("button", name="Show all").click()
    assert status.inner_text() == "10 statements"
    only = view.get_by_role("button", name="Only Mira Sole")
    only.click()
    assert only.get_attribute("aria-pressed") == "true"
    assert set(chips(view)) == {"A1", "A2", "A3", "A4"}
    view.get_by_role("button", name="Only Dockers").click()
    assert len(chips(view)) == 5
    only.click()
    assert chips(view) == ["B1"]


def test_what_is_unsure_is_paler_and_can_be_left_out(show: Show) -> None:
    view = show(reports.everything())
    chip = view.locator("[id='s7']")
    assert chip.inner_text().endswith("1?")
    assert chip.get_attribute("aria-label").endswith("Oslo, unsure")
    faded = view.locator(".quoth-stretch[data-unsure]").all_text_contents()
    assert "".join(faded) == "it was shut"
    view.get_by_role("checkbox", name="unsure").uncheck()
    assert not chip.is_visible()
    assert view.get_by_role("status").inner_text() == "Showing 9 of 10 statements"


def test_what_is_filtered_out_is_let_go_and_a_link_to_it_brings_it_back(show: Show) -> None:
    view = show(reports.everything())
    view.locator("[id='s1']").click()
    view.get_by_role("checkbox", name="direct", exact=False).first.uncheck()
    assert view.locator(".quoth-chip[aria-pressed=true]").count() == 0
    view.evaluate("location.hash = 's1'")
    view.wait_for_selector("[id='s1'][aria-pressed=true]")
    assert view.get_by_role("status").inner_text() == "10 statements"


def test_a_speaker_opens_to_all_their_statements(show: Show) -> None:
    view = show(reports.everything())
    view.locator(".quoth-speakers summary").first.click()
    links = view.locator(".quoth-said:visible a")
    assert links.count() == 4
    links.nth(1).click()
    assert view.locator("[id='s3']").get_attribute("aria-pressed") == "true"
    assert view.locator("[id='s3']").is_visible()


def test_a_link_with_a_hash_opens_its_statement(show: Show) -> None:
    view = show(reports.everything(), at="#s8")
    assert view.locator("[id='s8']").get_attribute("aria-pressed") == "true"
    view = show(reports.everything(), reports.many_voices(), at="#article-2-s29")
    assert view.locator("[id='article-2-s29']").get_attribute("aria-pressed") == "true"
    assert view.locator(".quoth-details h3").count() == 1


def test_many_speakers_differ_in_color_or_pattern_and_in_label(show: Show) -> None:
    view = show(reports.many_voices(30))
    looks = view.evaluate(
        """() => [...document.querySelectorAll(".quoth-speakers summary .quoth-badge")].map(
             (each) => [each.textContent, each.dataset.color, each.dataset.pattern].join())"""
    )
    labels = [look.split(",")[0] for look in looks]
    assert len(set(labels)) == 30
    assert {"A", "Z", "AA", "AD"} <= set(labels)
    first = [look.split(",", 1)[1] for look in looks[:24]]
    assert len(set(first)) == 24


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_nothing_is_wider_than_the_window(show: Show, width: int) -> None:
    view = show(reports.everything(), viewport={"width": width, "height": 800}, at="#s1")
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert view.locator("[id='s1']").is_visible()


def test_the_chosen_statement_is_not_covered_on_a_phone(show: Show) -> None:
    view = show(reports.many_voices(), viewport={"width": 320, "height": 700})
    for number in (0, 12, 29):
        chip = view.locator(f"[id='s{number}']")
        chip.focus()
        view.keyboard.press("Enter")
        sheet = view.locator(".quoth-details").bounding_box()
        place = chip.bounding_box()
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= sheet["y"]


NASTY = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "<!--<script>alert(1)",
    "\u2028\u202ealert(1)",
    "__proto__",
]


@pytest.mark.parametrize("text", NASTY)
def test_text_is_shown_as_text_and_nothing_of_it_runs(show: Show, text: str) -> None:
    view = show(reports.attack(text))
    view.locator(".quoth-chip").first.click()
    view.locator(".quoth-speakers summary").first.click()
    assert view.locator("img, iframe").count() == 0
    assert view.locator("script").count() == 3
    assert view.locator("a[href^='javascript:']").count() == 0
    assert text.strip() in view.locator(".quoth-view").evaluate("(each) => each.textContent")


def test_text_cannot_become_html_even_by_a_mistake(show: Show, complaints: list[str]) -> None:
    view = show(reports.everything())
    with pytest.raises(Exception, match="TrustedHTML"):
        view.evaluate("document.body.innerHTML = '<b>x</b>'")
    assert "TrustedHTML" in complaints.pop()


def test_print_has_marks_and_notes_and_no_panel(show: Show) -> None:
    view = show(reports.everything(), color_scheme="dark")
    view.emulate_media(media="print")
    assert not view.locator(".quoth-panel").is_visible()
    notes = view.locator(".quoth-endnotes li")
    assert notes.count() == 10
    assert "A1 Mira Sole, harbor chief" in notes.first.inner_text()
    assert "Friday, May 15, 2026" in notes.first.inner_text()
    background = view.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(253, 252, 250)"
    paper = view.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= 1


def test_a_medium_that_is_the_cue_is_shown_by_its_kind(show: Show) -> None:
    given = reports.everything()
    told = given.response.statements[0]
    told.medium.span.CopyFrom(told.cue.span)
    told.medium.type = MediumType.MEDIUM_TYPE_SOCIAL_MEDIA
    view = show(given)
    view.emulate_media(media="print")
    note = view.locator(".quoth-endnotes li").first.inner_text()
    assert " · social media · " in note
    assert "through" not in note


@pytest.mark.parametrize(
    ("lemma", "kind", "status"),
    [
        ("do not deny", "indirect", "did not deny"),
        ("have not yet say", "indirect", "not yet said"),
        ("do not say", "indirect", "said nothing about this"),
        ("have not yet say", "direct", "check whether this was said"),
    ],
)
def test_what_was_not_said_in_words(show: Show, lemma: str, kind: str, status: str) -> None:
    body = "She did not that she knew."
    said = build.statement(body, "that she knew", kind=kind, cue="did not", factuality="NEGATED")
    said.cue.lemma = lemma
    given = Attributed("a.txt", Article(body=body), AttributeQuotesResponse(statements=[said]))
    view = show(given)
    view.locator(f"[id='{said.statement_id}']").click()
    assert fact(view, "Status").startswith(status)


def test_without_javascript_the_words_are_there(show: Show) -> None:
    view = show(reports.everything(), java_script_enabled=False)
    plain = view.locator(".quoth-plain")
    assert plain.is_visible()
    assert "Dockers told reporters" in plain.inner_text()
    assert "Speaker not known: =SUM(1;2)" in plain.inner_text()


def test_rendering_again_replaces_what_was_there(show: Show) -> None:
    view = show(reports.everything())
    view.locator("[id='s1']").click()
    view.evaluate(
        """() => { const data = JSON.parse(document.querySelector(".quoth-data").textContent);
             data.response.statements = data.response.statements.slice(1, 3);
             quothView.render(document.getElementById("article-1"), data); }"""
    )
    assert chips(view) == ["A1", "B1"]
    assert "#" not in view.url
    view.keyboard.press("Escape")
    assert view.locator("article").count() == 1


def test_an_answer_in_other_units_is_refused(show: Show) -> None:
    view = show(reports.everything())
    with pytest.raises(Exception, match="offset_encoding is UTF8"):
        view.evaluate(
            """() => quothView.render(document.createElement("div"), {
                 article: { body: "x" }, response: { offset_encoding: "OFFSET_ENCODING_UTF8" } })"""
        )


def test_direct_content_is_never_a_paraphrase(show: Show) -> None:
    """The words of the writer that lead into a quotation are not marked as the speaker's own."""
    body = "The firm said it “extends its wishes” and “mourns”."
    given = build.statement(
        body,
        "it “extends its wishes” and “mourns",
        quoted=("extends its wishes", "mourns"),
        kind="direct",
    )
    view = show(
        Attributed("a.txt", Article(body=body), AttributeQuotesResponse(statements=[given]))
    )
    view.locator("[id='s1']").click()
    marked = view.locator(".quoth-selected").all_text_contents()
    assert "".join(marked) == "extends its wishesmourns"
    assert "“extends its wishes” […] “mourns”" in details(view)
