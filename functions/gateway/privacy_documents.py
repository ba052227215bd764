"""The JSON of privacy: how a deletion is confirmed, and what a language model was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.gateway.account_documents import Password
from functions.gateway.cursors import cursor_after
from functions.gateway.limit_documents import in_money
from functions.gateway.privacy_queries import ModelCall
from functions.shared.edge.documents import Body

NOTHING_LEAVES = "No language model is set up here: nothing that you write leaves LearnFlow. Its own tutor answers."
SOMETHING_LEAVES = (
    "What a language model is sent for you is here as it was sent. Your courses may keep it from being asked."
)


class Confirmation(Body):
    """That somebody means it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"password": "a-long-sentence-i-remember"}, {"confirm": "delete"}]}
    )

    password: Password | None = Field(None, repr=False, description="Your password, if you log in here.")
    confirm: Literal["delete"] | None = Field(None, description="This word, if you log in elsewhere.")


class ModelCallDocument(BaseModel):
    """A call of a language model."""

    id: str
    called_at: datetime
    function: str = Field(description="Which part of LearnFlow asked.")
    model: str
    sent: list[dict[str, Any]] = Field(
        description="The messages as they were sent; long ones are cut here, and say so."
    )
    received: str | None = Field(description="What came back; null where nothing did.")
    prompt_tokens: int | None
    answer_tokens: int | None
    cost: float | None = Field(description="In the currency of the prices that are set up; null where it is unknown.")


class ModelCallsDocument(BaseModel):
    """A page of what a language model was sent, the latest first."""

    model: str | None = Field(description="The model that is set up; null if there is none.")
    note: str = Field(description="What that means, in a sentence.", examples=[NOTHING_LEAVES])
    model_calls: list[ModelCallDocument]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


def page(model: str, calls: list[ModelCall], size: int) -> ModelCallsDocument:
    """Return a page of `size` out of calls, of which there is one more where there is another page."""
    shown = calls[:size]
    return ModelCallsDocument(
        model=model or None,
        note=SOMETHING_LEAVES if model else NOTHING_LEAVES,
        model_calls=[_call(call) for call in shown],
        next=cursor_after(shown[-1].called_at, shown[-1].id) if len(calls) > size else None,
    )


def _call(call: ModelCall) -> ModelCallDocument:
    return ModelCallDocument(**{**vars(call), "cost": None if call.cost is None else in_money(call.cost)})
