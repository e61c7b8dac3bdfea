"""Every mistake in a pack is named with its file, its line and a sentence."""

from __future__ import annotations

import pytest

from linli.kernel.packs.loading import read_pack
from linli.kernel.packs.reading import DEEPEST, LARGEST_FILE, MOST_VALUES
from tests.kernel.packs.conftest import PACKS


@pytest.fixture(autouse=True)
def _in_english():
    from django.utils.translation import override

    with override("en"):
        yield


@pytest.mark.parametrize("name", ["cn-community", "open311-city"])
def test_the_packs_we_ship_are_in_order(name) -> None:
    assert read_pack(PACKS / name).name == name


MISTAKES = {
    "unknown key with a suggestion": (
        "clocks.yaml", "  escalates: false", "  escalate: false",
        "clocks.ask.escalate: This key is not known. Did you mean “escalates”?",
    ),
    "unknown key like no other": (
        "pack.yaml", "  reopen_days: 21", "  reopen_days: 21\n  zzzzzz: 1",
        "casework.zzzzzz: This key is not known.",
    ),
    "duplicate key": (
        "pack.yaml", "  reopen_days: 21", "  reopen_days: 21\n  reopen_days: 22",
        "casework.reopen_days: This key stands here twice.",
    ),
    "roles in a circle": (
        "roles.yaml", "caller: {label: {en: Contact centre agent},",
        "caller: {label: {en: Contact centre agent}, includes: [dispatcher],",
        "roles.caller.includes[0]: The role “dispatcher” includes this one already.",
    ),
    "a role that is not there": (
        "roles.yaml", "councillor: {label: {en: Councillor}, includes: [grid_worker]",
        "councillor: {label: {en: Councillor}, includes: [gridworker]",
        "roles.councillor.includes[0]: There is no role “gridworker”.",
    ),
    "a power that is not there": (
        "roles.yaml", "supervisor: {label: {en: Ombudsman}, sees: subtree",
        "supervisor: {label: {en: Ombudsman}, sees: everything",
        "roles.supervisor.sees: It must be one of: 'own', 'subtree' or 'community'.",
    ),
    "a language too many": (
        "pack.yaml", "title: {en: City council}", "title: {en: City council, fr: Conseil}",
        "title.fr: “fr” is not among the languages of the pack.",
    ),
    "an empty label": (
        "pack.yaml", "title: {en: City council}", 'title: {en: " "}',
        "title: A label needs a text in each language; none may be empty.",
    ),
    "two durations in one": (
        "clocks.yaml", "  emergency: {hours: 1}", "  emergency: {hours: 1, days: 1}",
        "clocks.accept.emergency: Give exactly one of hours, days, working_hours and working_days.",
    ),
    "a duration below zero": (
        "clocks.yaml", "  emergency: {hours: 1}", "  emergency: {hours: -1}",
        "clocks.accept.emergency.hours: It is not valid: Input should be greater than 0.",
    ),
    "a category below one that is not there": (
        "categories.yaml", "pothole: {label: {en: Pothole}, parent: streets",
        "pothole: {label: {en: Pothole}, parent: street",
        "categories.pothole.parent: There is no category “street”.",
    ),
    "a reason twice": (
        "reasons.yaml", "{code: private_property,", "{code: not_our_duty,",
        "reasons.return[1].code: The reason “not_our_duty” stands here twice.",
    ),
    "a notice filled with what is not known": (
        "notices.yaml", 'subject: {en: "There is a response to your request"}',
        'subject: {en: "A response for {reporter}"}',
        "notices.casework.replied.subject.en: “{reporter}” is not filled in;",
    ),
    "a script for callers filled with what is not known": (
        "pack.yaml", 'en: "Hello, this is {community}.', 'en: "Hello {reporter}, this is.',
        "casework.call_back.script.en: “{reporter}” is not filled in;",
    ),
    "an answer that weighs more than one": (
        "pack.yaml", '"4": 1,', '"4": 2,',
        "casework.call_back.weights.4: It is not valid: Input should be less than",
    ),
    "a lonely brace": (
        "notices.yaml", 'subject: {en: "There is a response to your request"}',
        'subject: {en: "A response {"}',
        "notices.casework.replied.subject.en: A brace { or } stands alone;",
    ),
    "a code that is none": (
        "reasons.yaml", "{code: private_property,", "{code: Private Property,",
        "reasons.return[1].code: “Private Property” is not allowed here;",
    ),
    "a number where a text must be": (
        "categories.yaml", "pothole: {label: {en: Pothole}, parent: streets, organisation: public_works",
        "pothole: {label: {en: Pothole}, parent: streets, organisation: 12",
        "categories.pothole.organisation: It must be a text; put it in quotes.",
    ),
    "a tag": (
        "pack.yaml", "desk: desk", "desk: !!python/object:os.system desk",
        "casework.desk: Tags (tag:yaml.org,2002:python/object:os.system) are not allowed.",
    ),
    "another name than the folder's": (
        "pack.yaml", "name: open311-city", "name: open311-town",
        "name: The pack must be named like its folder, “open311-city”.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line(copy, mistake) -> None:
    file, old, new, wanted = MISTAKES[mistake]
    line = copy.change(file, old, new) + new.count("\n")
    problems = copy.problems()
    assert any(one.startswith(f"{file}:{line}: {wanted}") for one in problems), problems


def test_a_language_that_is_missing_is_told_of_every_text(copy) -> None:
    copy.change("pack.yaml", "languages: [en]", "languages: [en, zh-hans]")
    problems = copy.problems()
    assert "pack.yaml:3: title: The text in “zh-hans” is missing." in problems
    assert "clocks.yaml:2: clocks.triage.label: The text in “zh-hans” is missing." in problems


def test_all_mistakes_are_named_at_once(copy) -> None:
    copy.change("clocks.yaml", "  escalates: false", "  escalate: false")
    copy.change("pack.yaml", "  reopen_days: 21", "  reopen_days: soon")
    copy.change("roles.yaml", "block_captain: {label", "block_captain: {lable")
    assert len({one.partition(":")[0] for one in copy.problems()}) == 3


@pytest.mark.parametrize(
    ("file", "path", "what"),
    [
        ("clocks.yaml", "clocks", "The clock “accept” is missing."),
        ("reasons.yaml", "reasons", "The list of reasons “return” is missing."),
        ("roles.yaml", "roles", "The role “dispatcher” is missing: procedures name it."),
    ],
)
def test_what_procedures_need_must_be_there(copy, file, path, what) -> None:
    (copy.folder / file).write_text("{}\n", encoding="utf-8")
    assert f"{file}:1: {path}: {what}" in copy.problems()


def test_a_missing_section_is_told(copy) -> None:
    (copy.folder / "categories.yaml").unlink()
    assert copy.problems() == ["pack.yaml:1: categories: This setting is missing."]


def test_a_folder_without_a_pack_is_told(tmp_path) -> None:
    from tests.kernel.packs.conftest import Copy

    assert Copy(tmp_path).problems() == ["pack.yaml:1: The pack has no file pack.yaml."]


# --- files that mean harm, or are none ------------------------------------------------------------
def test_what_is_no_yaml_is_told_with_its_line(copy) -> None:
    line = copy.change("pack.yaml", "casework:", "casework: {")
    (problem,) = copy.problems()
    assert problem.startswith("pack.yaml:")
    assert "This is not YAML" in problem
    assert int(problem.split(":")[1]) >= line


def test_wrong_encoding_is_told_with_its_line(copy) -> None:
    path = copy.folder / "pack.yaml"
    path.write_bytes(path.read_bytes() + "# 社区\n".encode("gb18030"))
    lines = path.read_bytes().count(b"\n")
    assert copy.problems() == [f"pack.yaml:{lines}: The file is not UTF-8."]


def test_a_mark_of_utf8_is_no_mistake(copy) -> None:
    path = copy.folder / "pack.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_pack(copy.folder).name == "open311-city"


def test_a_file_too_large_is_refused_unread(copy) -> None:
    (copy.folder / "categories.yaml").write_bytes(b"#" * (LARGEST_FILE + 1))
    assert copy.problems() == [
        "categories.yaml:1: categories: The file is larger than a pack's file may be (1 MB)."
    ]


def test_a_billion_laughs_are_cut_short(copy) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")
    (copy.folder / "categories.yaml").write_text("\n".join(lines), encoding="utf-8")
    (problem,) = copy.problems()
    assert problem.endswith("The file stands for too many settings.")


def test_an_anchor_within_limits_works(copy) -> None:
    copy.change("clocks.yaml", "  urgent: {hours: 48}", "  urgent: &two {hours: 48}")
    copy.change("clocks.yaml", "  emergency: {hours: 4}", "  emergency: {hours: 3}")
    assert read_pack(copy.folder).clocks["reply"].urgent.hours == 48


def test_an_alias_of_itself_is_refused(copy) -> None:
    (copy.folder / "categories.yaml").write_text("a: &a {b: *a}\n", encoding="utf-8")
    assert "nested too deeply" in copy.problems()[0]


@pytest.mark.parametrize("depth", [DEEPEST + 5, 5_000])
def test_settings_nested_too_deeply_are_refused(copy, depth) -> None:
    text = "a: " + "[" * depth + "]" * depth
    (copy.folder / "categories.yaml").write_text(text, encoding="utf-8")
    assert "nested too deeply" in copy.problems()[0]


def test_too_many_settings_are_refused(copy) -> None:
    text = "[" + ",".join(["x"] * MOST_VALUES) + "]"
    (copy.folder / "categories.yaml").write_text(text, encoding="utf-8")
    assert "too many settings" in copy.problems()[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("08:30", "08:30"),
        ("2026-10-01", "2026-10-01"),
        ("no", "no"),
        ("0x10", "0x10"),
        ("1e3", "1e3"),
    ],
)
def test_nothing_is_guessed(written, meant) -> None:
    from linli.kernel.packs.reading import plain

    assert plain(written) == meant


def test_hot_topics_name_a_kind_of_area_and_no_more_people_than_reports(copy) -> None:
    line = copy.change("pack.yaml", "  fewest_people: 2", "  fewest_people: 9\n  within: country")

    found = copy.problems()

    assert any("hot_topics.fewest_people" in one and f":{line}" in one for one in found)
    assert any("hot_topics.within" in one and "country" in one for one in found)


def test_numbers_of_topics_of_the_month_have_bounds(copy) -> None:
    copy.change("pack.yaml", "  most_a_month: 3", "  most_a_month: 0")

    assert any("monthly_topics.most_a_month" in one for one in copy.problems())
