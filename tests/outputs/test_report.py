"""The page shows every cover, what wants a look first, and nothing in it can run."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from example_reports import FAILED, MARK, REPORT, TWO_DATES

from postmark_id.models import Kind, Notice, Outcome
from postmark_id.outputs.contract import report_json
from postmark_id.outputs.report import render, write_report

NASTY = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>{{ 7*7 }}"


class Tags(HTMLParser):
    """Elements and attributes as a browser sees them, and the text between."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def page(*reports, picture=lambda _: None, title="Box 3"):
    return "".join(render([report_json(report) for report in reports], title=title, picture=picture))


def test_a_cover_is_shown_with_flight_date_marks_reasons_people_and_warnings():
    text = Tags(page(REPORT)).text
    for words in (
        "covers/a.jpg", "Soyuz TM-25", "12 Feb 1997, 15:51 UTC", "flight identified", "Board postmark, Mir",
        "eight sides", "Korzun, Kaleri", "wrong-year", "one year off", "The cover was aboard.", "МИР", "0.97",
        "the day of the mark", "authenticity",
    ):  # fmt: skip
        assert words in text


def test_covers_that_want_a_look_come_first_and_the_surest_last(tmp_path):
    sure = replace(REPORT, path="sure.jpg")
    less = replace(REPORT, path="less.jpg", flights=(replace(REPORT.flights[0], score=0.4),))
    two = replace(REPORT, path="two.jpg", outcome=Outcome.AMBIGUOUS)
    path = tmp_path / "report.html"
    documents = [report_json(report) for report in (sure, less, FAILED, two)]
    write_report(path, documents, title="x", picture=lambda _: None)
    names = re.findall(r'<h2><a href="#c\d+">([^<]+)', path.read_text("utf-8"))
    assert names == ["b.jpg", "two.jpg", "less.jpg", "sure.jpg"]


def test_the_page_says_why_and_gives_each_date_its_own_flights():
    text = " ".join(Tags(page(TWO_DATES)).text.split())
    assert "left open 1996-08-19 stays open. It is worn." in text
    assert text.count("It is worn.") == 1
    assert text.count("1 more 0.40 or Progress M-32") == 1
    assert "2 more" not in text
    ground = replace(MARK, kind=Kind.GROUND_CANCEL, on_board=False)
    report = replace(REPORT, outcome=Outcome.NO_MARK, marks=(ground,), dates=(), flights=())
    assert "no on-board mark found Only a ground cancel was seen." in " ".join(Tags(page(report)).text.split())


def test_text_of_files_stays_text():
    nasty = replace(
        REPORT,
        path=NASTY,
        marks=(replace(MARK, text=(NASTY,), reasons=(NASTY,), reference=NASTY, ink=NASTY),),
        warnings=(Notice(NASTY, NASTY),),
        story=(NASTY,),
    )
    failed = replace(FAILED, error=(NASTY, NASTY, NASTY))
    seen = Tags(page(nasty, failed, title=NASTY, picture=lambda _: f"overlays/{NASTY}.jpg"))
    assert not [tag for tag, _ in seen.tags if tag in ("script", "iframe", "object", "form")]
    assert not [name for _, attributes in seen.tags for name in attributes if name.startswith("on") or name == "style"]
    assert seen.text.count("{{ 7*7 }}") > 5
    (image,) = {attributes["src"] for tag, attributes in seen.tags if tag == "img"}
    assert re.fullmatch(r"overlays/[A-Za-z0-9%/._-]+", image)


def test_the_policy_allows_its_own_style_and_pictures_only():
    whole = page(REPORT)
    (policy,) = [a["content"] for t, a in Tags(whole).tags if t == "meta" and "Policy" in a.get("http-equiv", "")]
    style = re.search(r"<style>(.*?)</style>", whole, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:; style-src 'sha256-{digest}'"
    )
    assert not re.search(r"(?:https?:)?//[a-z]", whole)


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "//evil.example/x", "https://evil.example/x"])
def test_an_address_can_not_leave_the_folder(scheme):
    sources = [a["src"] for t, a in Tags(page(REPORT, picture=lambda _: f"overlays/{scheme}")).tags if t == "img"]
    assert sources
    assert all(source.startswith("overlays/") for source in sources)


def test_pictures_load_as_they_come_into_view():
    images = [a for t, a in Tags(page(REPORT, picture=lambda _: "overlays/a b.jpg")).tags if t == "img"]
    assert images == [
        {
            "src": "overlays/a%20b.jpg", "loading": "lazy", "width": "1913", "height": "1346",
            "alt": "covers/a.jpg with its marks outlined",
        }
    ]  # fmt: skip


def test_an_undecodable_name_is_found_by_its_bytes():
    assert 'src="overlays/a%FF.jpg"' in page(REPORT, picture=lambda _: "overlays/a\udcff.jpg")


def test_there_is_a_choice_for_every_outcome_that_occurs():
    seen = Tags(page(REPORT, FAILED))
    choices = [a["id"] for t, a in seen.tags if t == "input"]
    assert choices == ["show-all", "show-error", "show-identified"]
    assert [a["for"] for t, a in seen.tags if t == "label"] == choices
