"""The routes of notifications: what one is told, telling somebody, and what to be told of."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from functions.gateway.commands import RESPONSES, Key, Wait, command_of, json_only, json_response, take_on
from functions.gateway.course_queries import meet
from functions.gateway.notification_documents import (
    Notice,
    NotificationsDocument,
    SubscribedDocument,
    SubscriptionsDocument,
    SubscriptionWish,
    page,
    subscribed,
    subscription,
)
from functions.gateway.notification_queries import (
    Narrowing,
    alerts_of,
    dismiss_alert,
    end_subscription,
    keep_subscription,
    read_alert,
    subscriptions_of,
    unread_alerts,
)
from functions.gateway.teaching import require_known, require_taught
from functions.shared.alerting import AlertKind, Severity
from functions.shared.edge.alerts import KeptAlert, NotificationDocument, notification
from functions.shared.edge.describing import problems
from functions.shared.edge.documents import Accepted
from functions.shared.edge.identity import Asker, Learner, Self
from functions.shared.edge.parts import TheDatabase, TheGateway
from functions.shared.edge.problems import Problem, invalid
from functions.shared.settings import read_settings
from functions.shared.webhooks import read_webhook

MOST_SHOWN = 100
_SHOWN = 20
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

router = APIRouter(tags=["notifications"])


@router.get(
    "/api/v1/notifications/{user_id}",
    name="list_notifications",
    response_model=NotificationsDocument,
    summary="What you are told",
    responses=problems(403, 422, 500, 503),
)
async def list_notifications(
    user: Self,
    database: TheDatabase,
    unread: Annotated[bool, Query(description="Only what was not read yet.")] = False,
    dismissed: Annotated[bool, Query(description="What was dismissed too.")] = False,
    kind: Annotated[AlertKind | None, Query(description="Only this kind.")] = None,
    severity: Annotated[Severity | None, Query(description="Only what is as severe as this.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_SHOWN, description="How many on a page.")] = _SHOWN,
    cursor: Annotated[
        str | None, Query(pattern="^[0-9]{1,18}$", description="Where to go on: `next` of the page before.")
    ] = None,
) -> Response:
    """List notifications, the latest first, a page at a time; what comes in meanwhile moves no page."""
    narrowing = Narrowing(unread, dismissed, kind, severity, int(cursor) if cursor is not None else None)
    async with database.reading() as db:
        alerts = await alerts_of(db, user, narrowing, limit + 1)
        waiting = await unread_alerts(db, user)
    return json_response(page(alerts, waiting, limit).model_dump(mode="json"), 200, {})


@router.post(
    "/api/v1/notifications/{id}/read",
    name="read_notification",
    response_model=NotificationDocument,
    summary="Note that you have read it",
    responses=problems(404, 422, 500, 503),
)
async def read(
    id: Annotated[str, Path(description="The notification's id.")], database: TheDatabase, learner: Learner
) -> Response:
    """Note that a notification of yours was read. Doing so again changes nothing."""
    async with database.reading() as db:
        return _shown(await read_alert(db, id, learner) if _ID.fullmatch(id) else None)


@router.post(
    "/api/v1/notifications/{id}/dismiss",
    name="dismiss_notification",
    response_model=NotificationDocument,
    summary="Be done with it",
    responses=problems(404, 422, 500, 503),
)
async def dismiss(
    id: Annotated[str, Path(description="The notification's id.")], database: TheDatabase, learner: Learner
) -> Response:
    """Take a notification off your list. Where it says that somebody else is stuck, the same is then not said again
    for a day. Doing so again changes nothing."""
    async with database.reading() as db:
        return _shown(await dismiss_alert(db, id, learner) if _ID.fullmatch(id) else None)


@router.post(
    "/api/v1/notifications/send",
    name="send_notification",
    status_code=202,
    response_model=Accepted,
    summary="Tell somebody",
    dependencies=[Depends(json_only)],
    responses={**RESPONSES, **problems(403)},
)
@router.post(
    "/api/v1/notifications/publish",
    name="publish_notification",
    status_code=202,
    response_model=Accepted,
    summary="The same, by another name",
    dependencies=[Depends(json_only)],
    responses={**RESPONSES, **problems(403)},
)
async def send(
    body: Notice,
    request: Request,
    gateway: TheGateway,
    database: TheDatabase,
    person: Asker,
    key: Key,
    wait: Wait,
) -> Response:
    """Take a notification on. You may tell yourself, your teachers and those whom you teach. Answers at once with where
    to look, or, with `Prefer: wait=N`, once everybody has it in their list."""
    await require_known(database, person, body.recipients)
    return await take_on(command_of(request, person.id, key, body.requested()), gateway, wait)


@router.post(
    "/api/v1/notifications/subscribe",
    status_code=201,
    response_model=SubscribedDocument,
    summary="Be told of something",
    dependencies=[Depends(json_only)],
    responses=problems(400, 403, 413, 415, 422, 500, 503),
)
async def subscribe(body: SubscriptionWish, database: TheDatabase, person: Asker) -> Response:
    """Subscribe to what concerns yourself; as a teacher, to a learner in a course of yours, or to everybody who is in
    one. Whoever leaves is told of no more. That a learner is stuck is in their teachers' lists without it. Subscribing
    to the same again changes what you had; a subscription to one learner counts before that to everybody.

    An e-mail or a webhook is sent at most once for each notification, and not if you have read it by then; in quiet
    hours it waits for their end. Webhooks are signed as in [Standard Webhooks](https://www.standardwebhooks.com), with
    the `webhook_secret` of the answer: `webhook-signature` holds `v1,` and the base64 of the HMAC-SHA256 of
    `<webhook-id>.<webhook-timestamp>.<body>`, under the base64-decoded rest of the secret after `whsec_`. Refuse a
    timestamp more than five minutes off, and answer with a 2xx within 8 seconds; redirects are not followed."""
    if body.webhook_url is not None:
        try:
            read_webhook(body.webhook_url, dev=_is_dev())
        except ValueError as error:
            raise invalid("body.webhook_url", str(error)) from error
    wanted = body.wanted(person.id)
    await require_taught(database, person, wanted.learner_id)
    async with database.reading() as db:
        await meet(db, person)
        kept = await keep_subscription(db, wanted)
    return json_response(subscribed(kept).model_dump(mode="json"), 201, {})


@router.get(
    "/api/v1/subscriptions",
    name="list_subscriptions",
    response_model=SubscriptionsDocument,
    summary="What you subscribed to",
    responses=problems(422, 500, 503),
)
async def list_subscriptions(database: TheDatabase, learner: Learner) -> Response:
    """List your subscriptions, the oldest first."""
    async with database.reading() as db:
        kept = await subscriptions_of(db, learner)
    document = SubscriptionsDocument(subscriptions=[subscription(each) for each in kept])
    return json_response(document.model_dump(mode="json"), 200, {})


@router.delete(
    "/api/v1/subscriptions/{id}",
    status_code=204,
    summary="No longer be told of it",
    responses=problems(404, 422, 500, 503),
)
async def unsubscribe(
    id: Annotated[str, Path(description="The subscription's id.")], database: TheDatabase, learner: Learner
) -> Response:
    """End a subscription. What was to be sent because of it, and was not yet, is not sent."""
    async with database.reading() as db:
        ended = await end_subscription(db, id, learner) if _ID.fullmatch(id) else False
    if not ended:
        raise Problem(404, "not-found", "There is no such subscription", "You have no subscription of this id.")
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _shown(alert: KeptAlert | None) -> Response:
    """Return an alert as an answer. Raises Problem 404 if there is none."""
    if alert is None:
        raise Problem(404, "not-found", "There is no such notification", "You have no notification of this id.")
    return json_response(notification(alert).model_dump(mode="json"), 200, {})


@cache
def _is_dev() -> bool:
    return read_settings().profile == "dev"
