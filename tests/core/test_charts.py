"""Bars as plain numbers: the highest fills the box, nothing leaves it, two series at most."""

from itertools import pairwise

import pytest

from core.charts import BASE, TOP, WIDTH, bar_chart

ROWS = [("Apr", (182, 161)), ("May", (305, 0))]


def test_the_highest_value_fills_the_height() -> None:
    chart = bar_chart(ROWS, series=("in", "out"), title="t")

    assert [(bar.value, bar.height) for bar in chart.bars] == [
        (182, 91),
        (161, 80),
        (305, BASE - TOP),
        (0, 0),
    ]


def test_no_bar_leaves_the_box_or_covers_another() -> None:
    chart = bar_chart([(str(n), (n, n)) for n in range(14)], series=("in", "out"), title="t")

    edges = [(bar.x, bar.x + bar.width) for bar in chart.bars]
    assert edges[0][0] >= 0
    assert edges[-1][1] <= WIDTH
    assert [one for one, two in pairwise(edges) if one[1] > two[0]] == []


@pytest.mark.parametrize(("rows", "empty"), [([], True), ([("Apr", (0,))], True), ([("Apr", (1,))], False)])
def test_a_chart_of_nothing_says_so(rows: list[tuple[str, tuple[int]]], empty: bool) -> None:
    assert bar_chart(rows, series=("in",), title="t").is_empty is empty


def test_three_series_are_refused() -> None:
    with pytest.raises(ValueError, match="one or two series"):
        bar_chart([], series=("a", "b", "c"), title="t")
