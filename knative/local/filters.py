"""Which events a Trigger wants: `filter.attributes` and the dialects of `filters`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from knative.local.schema import FilterSpec

Matcher = Callable[[Mapping[str, str]], bool]


def compile_filters(attributes: Mapping[str, str], filters: Sequence[FilterSpec]) -> Matcher:
    """Return what tells whether an event's attributes pass. `filters` takes the place of `attributes`."""
    matchers = [_matcher(one) for one in filters] or [_attributes(attributes, str.__eq__)]
    return lambda event: all(matches(event) for matches in matchers)


def _matcher(spec: FilterSpec) -> Matcher:
    """Turn one entry of `filters` into a matcher; validation has seen to it that it holds one dialect."""
    matchers = [_matcher(one) for one in spec.all or spec.any or ([spec.not_] if spec.not_ else [])]
    if spec.any is not None:
        return lambda event: any(matches(event) for matches in matchers)
    if spec.not_ is not None:
        return lambda event: not matchers[0](event)
    if spec.all is not None:
        return lambda event: all(matches(event) for matches in matchers)
    compare = str.startswith if spec.prefix else str.endswith if spec.suffix else str.__eq__
    return _attributes(spec.prefix or spec.suffix or spec.exact or {}, compare)


def _attributes(wanted: Mapping[str, str], compare: Callable[[str, str], bool]) -> Matcher:
    # An empty value asks for nothing, and an absent attribute compares as the empty string: so does the broker.
    pairs = [(name, value) for name, value in wanted.items() if value]
    return lambda event: all(compare(event.get(name, ""), value) for name, value in pairs)
