"""The formats for people: the page, the Markdown summary and the terminal agree with the report."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from meta_tests.unit.reporting.test_files import REPORTS
from meta_tests.unit.reporting.test_samples import MARKUP, sample_report
from reporting import Coverage, Delays, Evidence, Report, verdict_sentence
from reporting.formats.html.page import MARKS
from reporting.formats.html.writer import html
from reporting.formats.json_file import document
from reporting.formats.summary import summary
from reporting.model.coverage import Points
from reporting.model.report import Deviation
from reporting.text import body_text


class Page(HTMLParser):
    """The elements of a page, the text of each clause's row, and all of its text."""

    VOID = frozenset({"meta", "input", "br", "img", "link"})

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.rows: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.row: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "tbody" and attributes.get("id"):
            self.row = self.rows[attributes["id"] or ""] = []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)
            self.row.append(data)


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="module")
def page(report: Report) -> Page:
    return Page(html(report))


def words(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def test_every_element_is_closed(page: Page) -> None:
    assert page.open == []


def test_the_page_shows_each_clause_with_the_verdict_of_the_json(report: Report, page: Page) -> None:
    written = document(report)
    verdicts = {tag["id"]: tag["data-verdict"] for name, tag in page.tags if name == "tbody" and "id" in tag}
    assert verdicts == {clause["id"]: clause["verdict"] for clause in written["clauses"]}
    for clause in written["clauses"]:
        row = words(page.rows[clause["id"]])
        for text in (clause["text"], clause["reason"], clause["reading"], MARKS[clause["verdict"]][1]):
            assert text in row
        for failure in clause["failures"]:
            assert failure["replay"] in row


@given(REPORTS)
@settings(max_examples=40)
def test_the_page_of_any_report_has_its_clauses_and_verdicts(report: Report) -> None:
    page = Page(html(report))
    assert page.open == []
    rows = {
        tag["id"]: (tag["data-verdict"], tag["data-level"])
        for name, tag in page.tags
        if name == "tbody" and "id" in tag
    }
    assert rows == {clause.id: (clause.verdict, clause.level) for clause in report.clauses}
    for clause in report.clauses:
        row = words(page.rows[clause.id])
        assert len(clause.failures) <= row.count("Expected")
        assert MARKS[clause.verdict][1] in row
    assert [name for name, _ in page.tags].count("script") == 1


def test_the_page_begins_with_the_verdict_and_names_the_target(report: Report, page: Page) -> None:
    text = words(page.text)
    assert words([verdict_sentence(report)]) in text
    assert "3 customers of this run left in the tenant." in text
    assert "3 addresses of deleted customers left in the tenant. 3 requests may have left a customer" in text
    for fact in ("mockone", "http://127.0.0.1:40123", "2026-11-23 16:20 UTC", "4711", "2,413"):
        assert fact in text


def test_every_link_leads_to_a_row_or_a_section(page: Page) -> None:
    ids = [tag["id"] for _, tag in page.tags if "id" in tag]
    assert len(ids) == len(set(ids))
    links = {str(tag["href"]) for name, tag in page.tags if name == "a"}
    assert links <= {f"#{name}" for name in ids}
    assert links >= {f"#{name}" for name in page.rows}


def test_markup_in_a_failure_stays_text(page: Page) -> None:
    assert [name for name, _ in page.tags].count("script") == 1
    assert "img" not in {name for name, _ in page.tags}
    assert not [tag for _, tag in page.tags if any(name.startswith("on") for name in tag)]
    assert words([MARKUP]) in words(page.text)


def test_markup_in_the_catalogue_stays_text(report: Report) -> None:
    markup = '"><img src=x>'
    page = Page(html(replace(report, clauses=(replace(report.clauses[0], text=markup, source=markup),))))
    assert "img" not in {name for name, _ in page.tags}
    assert words(page.text).count(markup) == 2


@pytest.mark.parametrize("field", ["id", "operation"])
def test_a_clause_id_and_an_operation_can_be_anchors(report: Report, field: str) -> None:
    changes: dict[str, Any] = {field: '"><img src=x>'}
    with pytest.raises(ValidationError):
        replace(report.clauses[0], **changes)


def test_no_request_and_no_other_script_is_permitted(report: Report, page: Page) -> None:
    assert not [tag for _, tag in page.tags if {"src", "srcset", "data"} & set(tag)]
    assert "link" not in {name for name, _ in page.tags}
    policy = next(tag["content"] for name, tag in page.tags if tag.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[^']+';", policy)
    assert not re.search(r"@import|url\(", html(report))


def test_invisible_characters_are_shown_as_code_points(report: Report) -> None:
    source = html(report)
    for hidden in "\u202e\u200b\x1b\x00":
        assert hidden not in source
        assert f'<span class="invisible">U+{ord(hidden):04X}</span>' in source


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (None, ""),
        ("plain text", "plain text"),
        ('{"id":"é"}', '{\n  "id": "é"\n}'),
        ('{"id": "\\u00e9"}', '{\n  "id": "é"\n}'),
        ('{"id": 1, "id": 2}', '{"id": 1, "id": 2}'),
        ('{"id": 1.0e0}', '{"id": 1.0e0}'),
        ('{"id": ', '{"id": '),
    ],
)
def test_a_body_is_laid_out_where_that_hides_nothing(body: str | None, shown: str) -> None:
    assert body_text(body) == shown


def test_the_summary_has_the_verdict_and_the_failing_clauses(report: Report) -> None:
    text = summary(report)
    assert text.startswith(f"## {verdict_sentence(report)}")
    assert "**3 customers of this run left in the tenant.**" in text
    assert "3 requests may have left a customer that cannot be found (2026-11-26T21:20:03Z," in text
    for clause in report.failing():
        assert f"**`{clause.id}`**" in text
    assert "````sh\npytest `x` ```y```\n````" in text
    assert f"| MUST | {len(report.select('fail', 'must'))} |" in text


def test_the_summary_has_the_coverage(report: Report) -> None:
    assert "Exercised of the OpenAPI document" not in summary(replace(report, coverage={}))
    covered: Coverage = {"statuses": Points(("get 200",), ("get 404",))}
    assert "document: statuses 1 of 2.\n" in summary(replace(report, coverage=covered))


def test_the_page_has_the_delays_and_the_detected_defects(report: Report) -> None:
    late = {"index": Delays({0.0: 90, 0.04: 9, 2.5: 1})}
    proven = replace(
        report.clauses[0],
        evidence=Evidence(
            proven_by=frozenset({"lists-late", "lists-never"}), delays=Delays({0.0: 7, 0.3: 2})
        ),
    )
    page = Page(html(replace(report, delays=late, clauses=(proven, *report.clauses[1:]))))
    assert "list and search, after a write 100 10 0 40 ms 2.5 s 2 s" in words([" ".join(page.text)])
    assert "2 detected defects" in words(page.rows[proven.id])
    assert "lists-never" in words(page.rows[proven.id])
    assert "up to 300 ms late" in words(page.rows[proven.id])
    assert "Of 9 changes that its tests polled for, 2 became visible late" in words(page.rows[proven.id])
    assert "polled for" not in words(page.rows[report.clauses[1].id])
    without = Page(html(replace(report, delays={})))
    assert "Delay until changes are visible" not in words(without.text)


def test_the_page_has_the_coverage_and_names_missed_points(report: Report) -> None:
    covered: Coverage = {"statuses": Points(("get 200", "list 200"), ("get 404",))}
    page = Page(html(replace(report, coverage=covered)))
    assert "2 of 3 points of the OpenAPI document" in words(page.text)
    assert "2 of 3 66 %" in words(page.text)
    assert "get 404" in words([" ".join(page.text)])


def test_the_page_has_the_accepted_deviations_with_reason_and_date(report: Report) -> None:
    entry = Deviation("create.id.max-length", "Old ids", date(2027, 1, 31), "SHOP-7", state="accepted")
    gone = Deviation("get.status.ok", "Fixed", date(2027, 1, 31), state="unneeded")
    broken = next(clause for clause in report.clauses if clause.id == entry.clause)
    accepted = tuple(replace(failure, accepted=entry.justification) for failure in broken.failures)
    known = replace(broken, verdict="known", failures=accepted)
    clauses = tuple(known if clause is broken else clause for clause in report.clauses)
    page = Page(html(replace(report, clauses=clauses, deviations=(entry, gone), missing=("2/3",))))
    text = words(page.text)
    assert "create.id.max-length Old ids (SHOP-7), until 2027-01-31 fails as accepted" in text
    assert "get.status.ok Fixed, until 2027-01-31 no longer fails" in text
    assert "Shards of this run are missing: 2/3." in text
    row = words(page.rows[known.id])
    assert "known" in row
    assert "Accepted deviation: Old ids (SHOP-7), until 2027-01-31" in row
    assert f"signature {known.failures[0].signature}" in row
