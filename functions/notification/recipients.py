"""Who is told what: one alert for each person, in words for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.notification.quiet import Quiet
from functions.notification.wording import (
    Words,
    changes,
    message,
    progress_for_learner,
    progress_for_teacher,
    struggle_for_learner,
    struggle_for_teacher,
)
from functions.shared.alerting import AlertKind, AlertRequested, Channel, Severity, StruggleDetected
from functions.shared.progressing import ProgressUpdated

MOST_TOLD = 500
"""People told by one event: every one of them is a line in its reply, which has bounds."""


@dataclass(frozen=True)
class Subscription:
    """What somebody wants to be told of, about whom (None: about everybody), and by which ways beside the list."""

    id: str
    subscriber: str
    learner: str | None
    kinds: frozenset[AlertKind]
    targets: Mapping[Channel, str]
    quiet: Quiet | None


@dataclass(frozen=True)
class Alert:
    """What one person is told; `via` is their subscription that this falls under."""

    user: str
    kind: AlertKind
    severity: Severity
    words: Words
    evidence: Mapping[str, Any]
    signal_id: str | None
    via: Subscription | None

    @property
    def targets(self) -> Mapping[Channel, str]:
        """Where copies of it go."""
        return self.via.targets if self.via and self.kind in self.via.kinds else {}

    @property
    def quiet(self) -> Quiet | None:
        """When not to disturb this person."""
        return self.via.quiet if self.via else None


def struggle_alerts(
    learner: str, sign: StruggleDetected, teachers: Sequence[str], subscriptions: Iterable[Subscription]
) -> list[Alert]:
    """Return what the learner is told, kindly, and what is told plainly to those who teach them, whether or not they
    subscribed, and to others who did. Subscriptions are of those alone who may be told of the learner."""
    chosen = _chosen(learner, subscriptions, own_first=False)
    own = Alert(learner, "struggle", "info", struggle_for_learner(sign), {}, sign.signal_id, chosen.get(learner))
    words = struggle_for_teacher(learner, sign)
    evidence = {**sign.evidence, "signal": sign.signal}
    return [
        own,
        *(
            Alert(user, "struggle", sign.severity, words, evidence, sign.signal_id, chosen.get(user))
            for user in _others(learner, [*teachers, *_subscribed(chosen, learner, "struggle")])
        ),
    ]


def progress_alerts(learner: str, update: ProgressUpdated, subscriptions: Iterable[Subscription]) -> list[Alert]:
    """Return what the learner and those who subscribed are told where a level changed; else nobody is told.
    Subscriptions are of those alone who may be told of the learner."""
    changed = changes(update)
    if not changed:
        return []
    chosen = _chosen(learner, subscriptions, own_first=False)
    evidence = update.model_dump(mode="json", exclude_none=True)
    own = Alert(learner, "progress", "info", progress_for_learner(changed), evidence, None, chosen.get(learner))
    words = progress_for_teacher(learner, changed)
    return [
        own,
        *(
            Alert(user, "progress", "info", words, evidence, None, chosen[user])
            for user in _others(learner, _subscribed(chosen, learner, "progress"))
        ),
    ]


def message_alerts(sender: str, asked: AlertRequested, subscriptions: Sequence[Subscription]) -> list[Alert]:
    """Return what those who were named are told, each once; where nobody is named, the sender."""
    words = message(asked)
    told = dict.fromkeys(asked.recipients or (sender,))
    chosen = _chosen(sender, subscriptions, own_first=True)
    return [Alert(user, "message", asked.severity, words, {}, None, chosen.get(user)) for user in told]


def _chosen(about: str, subscriptions: Iterable[Subscription], *, own_first: bool) -> dict[str, Subscription]:
    """Return by subscriber the subscription that an alert falls under: the one to whom it is about, then the one to
    themselves before or after that to everybody."""

    def rank(each: Subscription) -> int:
        rest = (each.subscriber, None) if own_first else (None, each.subscriber)
        return (about, *rest).index(each.learner)

    fitting = [each for each in subscriptions if each.learner in {about, each.subscriber, None}]
    return {each.subscriber: each for each in sorted(fitting, key=rank, reverse=True)}


def _subscribed(chosen: Mapping[str, Subscription], learner: str, kind: AlertKind) -> list[str]:
    """Return who subscribed to a kind of alert about a learner; those to this learner alone come first."""
    wanted = [each for each in chosen.values() if each.learner in {learner, None} and kind in each.kinds]
    return [each.subscriber for each in sorted(wanted, key=lambda each: each.learner is None)]


def _others(learner: str, told: Iterable[str]) -> list[str]:
    """Return who is told beside the learner, each once; the first of them where they are too many."""
    return [user for user in dict.fromkeys(told) if user != learner][: MOST_TOLD - 1]
