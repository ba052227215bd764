"""Tell people what concerns them: keep an alert for each, then send the copies that they want elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from cloudevents.http import CloudEvent

from functions.notification.queries import (
    alert_id,
    know_users,
    save_alerts,
    still_there,
    subscriptions_of,
    watchers_of,
)
from functions.notification.recipients import Alert, message_alerts, progress_alerts, struggle_alerts
from functions.notification.sending import send_due
from functions.shared.alerting import GONE, AlertRaised, AlertRecipient, AlertRequested, StruggleDetected
from functions.shared.database import Connection, Database, gone_means
from functions.shared.errors import RejectedEvent, TryAgainLater
from functions.shared.events import LEARNER_ID, Event
from functions.shared.progressing import ProgressUpdated
from functions.shared.serving import Handler, Handlers, utc_now

log = structlog.get_logger()


def on_struggle(event: Event[StruggleDetected], db: Connection, _: None) -> AlertRaised | None:
    """Tell the learner, kindly, and with reason and evidence whoever teaches them, and of those who may be told of
    anybody whoever subscribed."""
    if event.origin != "/learnflow/struggle":
        raise RejectedEvent("that a learner is stuck is struggle's to tell")
    learner = event.learner_id
    teachers, others = watchers_of(db, learner)
    subscriptions = subscriptions_of(db, [learner, *teachers, *others], learner)
    return _tell(event, db, struggle_alerts(learner, event.data, teachers, subscriptions))


def on_progress(event: Event[ProgressUpdated], db: Connection, _: None) -> AlertRaised | None:
    """Tell the learner, and whoever may be told of them and subscribed, where a level changed."""
    if event.origin != "/learnflow/progress":  # our own comes back by its topic, and means nothing the second time
        log.info("progress.not_ours", origin=event.origin)
        return None
    learner = event.learner_id
    teachers, others = watchers_of(db, learner)
    subscriptions = subscriptions_of(db, [learner, *teachers, *others], learner)
    return _tell(event, db, progress_alerts(learner, event.data, subscriptions))


def on_request(event: Event[AlertRequested], db: Connection, _: None) -> AlertRaised | None:
    """Tell those who are named and not deleted since; where nobody is named, whoever asks."""
    if "ingress" in event.attributes:
        raise RejectedEvent("who may write to whom is decided at the gateway; topics of Kafka do not know")
    named = [user for user in event.data.recipients or (event.learner_id,) if user != GONE]
    if not all(map(LEARNER_ID.fullmatch, named)):
        raise RejectedEvent("recipients: a user's id is 1 to 64 of letters, digits and . _ : -")
    told = still_there(db, named)
    if not told:
        return AlertRaised(kind="message", severity=event.data.severity, about=event.learner_id, recipients=())
    asked = event.data.model_copy(update={"recipients": told})
    return _tell(event, db, message_alerts(event.learner_id, asked, subscriptions_of(db, told, event.learner_id)))


def tell_and_send(_event: Event[Any], reply: CloudEvent, database: Database) -> None:
    """Tell the platform, then send whatever is due: the copies of these alerts, and what waited for another try or for
    quiet hours to end."""
    from functions.shared import broker  # a tenth of a second that only those pay who have something to tell

    broker.post(reply)
    send_due(database, utc_now())


def _tell(event: Event[Any], db: Connection, alerts: Sequence[Alert]) -> AlertRaised | None:
    if not alerts:
        return None
    with gone_means(TryAgainLater("somebody who is to be told is being deleted")):
        know_users(db, {alert.user for alert in alerts})
        save_alerts(db, event, alerts, utc_now())
    return AlertRaised(
        kind=alerts[0].kind,
        severity=max((alert.severity for alert in alerts), key=["info", "warning", "urgent"].index),
        about=event.learner_id,
        recipients=tuple(AlertRecipient(user_id=each.user, alert_id=alert_id(event, each.user)) for each in alerts),
    )


HANDLERS: Handlers = {
    StruggleDetected: Handler(on_struggle, after=tell_and_send),
    ProgressUpdated: Handler(on_progress, after=tell_and_send),
    AlertRequested: Handler(on_request, after=tell_and_send),
}
