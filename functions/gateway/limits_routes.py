"""The route of limits: how often one may ask, and what is left of the answers of a language model."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from functions.gateway.commands import json_response
from functions.gateway.limit_documents import LimitsDocument, model_answers, request_limit
from functions.gateway.limit_queries import course_quotas, learner_quota, month_quota
from functions.shared.allowance import day_of, next_reset
from functions.shared.edge.describing import problems
from functions.shared.edge.identity import Asker
from functions.shared.edge.limits import own_limit
from functions.shared.edge.parts import parts
from functions.shared.edge.rate_queries import seconds_ahead

router = APIRouter(tags=["learning"])


@router.get(
    "/api/v1/me/limits",
    name="limits",
    response_model=LimitsDocument,
    summary="What you may, and what is left of it",
    responses=problems(422, 500, 503),
)
async def limits(request: Request, person: Asker) -> Response:
    """Tell how often you may ask, how many answers of a language model you and each course of yours have left today,
    and what those before took. Without any, the built-in tutor answers."""
    used, now = parts(request), datetime.now(UTC)
    day, settings = day_of(now), used.settings
    own = own_limit(used.limiter.rates, person) if used.limiter.rates else None
    async with used.database.reading() as db:
        ahead = await seconds_ahead(db, own) if own else 0.0
        learner = await learner_quota(db, person.id, day, settings)
        courses = await course_quotas(db, person.id, day)
        month = await month_quota(db, day, settings.model.cost_per_month)
    document = LimitsDocument(
        requests=request_limit(own.rate, ahead) if own else None,
        model_answers=model_answers(learner, courses, month, next_reset(now)),
    )
    return json_response(document.model_dump(mode="json"), 200, {})
