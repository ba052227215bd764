"""Sampling: fewer questions, evenly from every kind there is, and always the same ones. Pure."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from itertools import chain, zip_longest
from typing import TypeVar

SEED = 7
Item = TypeVar("Item")


def sample(items: Sequence[Item], limit: int | None, kind: Callable[[Item], Hashable]) -> list[Item]:
    """Return `limit` items in their order, all of them for None; each kind has as many as every other, while it has."""
    if limit is None or limit >= len(items):
        return list(items)
    kinds = defaultdict(list)
    for place, item in enumerate(items):
        kinds[kind(item)].append(place)
    chance = random.Random(SEED)  # noqa: S311  # nothing secret
    shuffled = [chance.sample(places, len(places)) for places in chance.sample(list(kinds.values()), len(kinds))]
    chosen = [place for place in chain.from_iterable(zip_longest(*shuffled)) if place is not None]
    return [items[place] for place in sorted(chosen[:limit])]


def sample_whole(items: Sequence[Item], limit: int | None, kind: Callable[[Item], Hashable]) -> list[Item]:
    """Return the items of as many kinds as together have `limit` or just more: all of these kinds, none of others."""
    if limit is None or limit >= len(items):
        return list(items)
    kinds = list(dict.fromkeys(map(kind, items)))
    left, chosen = limit, set[Hashable]()
    for each in random.Random(SEED).sample(kinds, len(kinds)):  # noqa: S311  # nothing secret
        if left <= 0:
            break
        chosen.add(each)
        left -= sum(kind(item) == each for item in items)
    return [item for item in items if kind(item) in chosen]
