"""Icons drawn once and options joined without a template."""

from __future__ import annotations

from django.template import engines

from linli.surfaces.web.templatetags.pieces import icon, options


def rendered(source: str, **values: object) -> str:
    return engines["django"].from_string(source).render(values)


def test_it_works() -> None:
    assert icon("clock") == rendered('{% cotton icon name="clock" /%}').strip()
    assert rendered("{% icon name %}", name="clock").startswith('<svg class="ll-icon')


def test_what_names_no_icon_draws_none() -> None:
    assert icon("") == icon('"><script>') == ""


def test_options_stand_under_their_headings_and_one_is_chosen() -> None:
    groups = [("", [("", "All"), ("a", "Roads")]), ("Trees", [("b", "Pruning")])]
    assert options(groups, "b") == (
        '<option value="">All</option><option value="a">Roads</option>'
        '<optgroup label="Trees"><option value="b" selected>Pruning</option></optgroup>'
    )


def test_nothing_typed_by_anyone_becomes_markup() -> None:
    shown = options([('"<i>', [('"><script>', "<b>&")])])
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;b&gt;&amp;" in shown
