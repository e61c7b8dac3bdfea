"""A declared paper is filled with text that stays text, and only where it has any."""

from __future__ import annotations

import pytest

from linli.kernel.papers.composing import Content, compose
from linli.kernel.papers.declared import PaperSetting
from linli.kernel.papers.document import Cell, FactLines, Heading, Paragraph, Points, Table
from linli.kernel.papers.wording import MOST_CHARACTERS, clean


def both(text: str) -> dict[str, str]:
    return {"zh-hans": f"中{text}", "en": text}


def paper(*body: dict, **more: object) -> PaperSetting:
    frame = {"letterhead": both("Office"), "title": both("About {title}"), "body": list(body)}
    return PaperSetting.model_validate({**frame, **more})


TEXT = {"paragraph": both("{text}")}


def test_it_works() -> None:
    setting = paper(
        {"heading": both("One")},
        TEXT,
        {"facts": [{"label": both("No."), "value": both("{title}")}]},
        {"table": {"rows": "things", "columns": {"name": both("Name"), "now": both("Now")}}},
        {"points": "said"},
    )
    content = Content(
        {"title": "Lamp", "text": "It is out."},
        {"things": [{"name": Cell("a"), "now": Cell("1", "https://x.example/")}]},
        {"said": [Cell("One thing.")]},
        numbers=frozenset({"now"}),
    )
    made = compose(setting, content, "en")
    assert (made.title, made.letterhead) == ("About Lamp", "Office")
    assert [type(block) for block in made.blocks] == [Heading, Paragraph, FactLines, Table, Points]
    assert made.blocks[3].numbers == {1}
    assert compose(setting, content, "zh-hans").title == "中About Lamp"


@pytest.mark.parametrize(
    "typed",
    ["{title}", "{{x}}", "{title.__class__}", "{% load x %}", "<script>alert(1)</script>", "{"],
)
def test_what_was_typed_is_never_filled_in_or_read_again(typed: str) -> None:
    made = compose(paper(TEXT), Content({"title": "secret", "text": typed}), "en")
    assert made.blocks == (Paragraph(typed),)


def test_each_line_of_a_text_is_a_paragraph() -> None:
    made = compose(paper(TEXT), Content({"title": "", "text": "a\r\n\r\nb\u2028c"}), "en")
    assert [block.text for block in made.blocks] == ["a", "b", "c"]


def test_a_block_is_left_out_where_its_variable_is_empty() -> None:
    setting = paper({**TEXT, "when": "text"}, {"heading": both("H"), "when": "things"})
    content = Content({"title": "", "text": " \n "}, {"things": []})
    assert compose(setting, content, "en").blocks == ()


def test_a_line_of_facts_without_a_value_is_left_out() -> None:
    setting = paper(
        {"facts": [{"label": both("L"), "value": {"en": "{text}", "zh-hans": "{text}"}}]}
    )
    assert compose(setting, Content({"title": "", "text": ""}), "en").blocks == ()


def test_a_table_without_rows_says_so() -> None:
    table = {"rows": "things", "columns": {"name": both("Name")}, "empty": both("None.")}
    made = compose(paper({"table": table}), Content({"title": ""}, {"things": []}), "en")
    assert made.blocks == (Paragraph("None.", "plain"),)


def test_a_text_too_long_for_paper_is_cut_and_says_so() -> None:
    made = compose(paper(TEXT), Content({"title": "", "text": "长" * 1_000_000}), "en")
    assert len(made.blocks[0].text) < MOST_CHARACTERS + 100
    assert made.blocks[0].text.endswith("(cut here; the whole text is in the record)")


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\u202e"])
def test_what_no_paper_can_hold_is_taken_out(sign: str) -> None:
    assert clean(f"a{sign}b") == "ab"


def test_other_writing_stays() -> None:
    kept = "مرحبا 😀 a\tb\nc 𠮷"
    assert clean(kept) == kept
