"""Which events pass a Trigger's filters."""

from __future__ import annotations

from typing import Any

import pytest

from knative.local.filters import compile_filters
from knative.local.schema import FilterSpec

EVENT = {"id": "1", "type": "org.asked", "source": "/a/b#t", "hops": "3"}


def passes(*filters: dict[str, Any], attributes: dict[str, str] | None = None) -> bool:
    return compile_filters(attributes or {}, [FilterSpec.model_validate(one) for one in filters])(EVENT)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"exact": {"type": "org.asked"}}, True),
        ({"exact": {"type": "org.asked", "hops": "3"}}, True),
        ({"exact": {"type": "org.asked", "hops": "4"}}, False),
        ({"exact": {"missing": "x"}}, False),
        ({"prefix": {"type": "org."}}, True),
        ({"prefix": {"type": "asked"}}, False),
        ({"suffix": {"source": "#t"}}, True),
        ({"suffix": {"source": "#other"}}, False),
        ({"not": {"exact": {"type": "org.asked"}}}, False),
        ({"not": {"exact": {"missing": "x"}}}, True),
        ({"all": [{"exact": {"id": "1"}}, {"exact": {"hops": "3"}}]}, True),
        ({"all": [{"exact": {"id": "1"}}, {"exact": {"hops": "4"}}]}, False),
        ({"any": [{"exact": {"id": "2"}}, {"exact": {"hops": "3"}}]}, True),
        ({"any": [{"exact": {"id": "2"}}, {"exact": {"hops": "4"}}]}, False),
        ({"not": {"any": [{"exact": {"id": "2"}}, {"not": {"prefix": {"source": "/a"}}}]}}, True),
    ],
)
def test_each_dialect_says_what_its_name_says(given: dict[str, Any], expected: bool) -> None:
    assert passes(given) is expected


def test_several_filters_must_all_pass() -> None:
    assert passes({"exact": {"id": "1"}}, {"prefix": {"type": "org"}})
    assert not passes({"exact": {"id": "1"}}, {"prefix": {"type": "com"}})


def test_attributes_match_exactly_and_an_empty_value_asks_for_nothing() -> None:
    assert passes(attributes={"type": "org.asked", "subject": ""})
    assert not passes(attributes={"type": "org"})
    assert passes(), "no filter lets everything pass"


def test_filters_take_the_place_of_the_attributes_filter() -> None:
    assert passes({"exact": {"id": "1"}}, attributes={"type": "something else"})
