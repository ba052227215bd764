"""The JSON of conversations: request bodies, and conversations and their turns as their owner sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from functions.gateway.conversation_queries import KeptConversation, KeptTurn
from functions.gateway.cursors import cursor_after
from functions.shared.edge.documents import Body, Links, link_to
from functions.shared.payload import Intent, Status

LONGEST_TITLE = 200


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise PydanticCustomError("title", "A title that says something")
    return line


Title = Annotated[str, Field(max_length=LONGEST_TITLE), AfterValidator(_one_line)]


class NewConversation(Body):
    """A conversation to begin."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Loops, for Friday"}, {}]})

    title: Title | None = Field(default=None, description="If left out, it follows from the first question.")


class Renaming(Body):
    """Another title."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Loops, for Friday"}]})

    title: Title


class ConversationDocument(BaseModel):
    """A conversation."""

    id: str = Field(description="What to send as `session_id`.")
    title: str | None = Field(description="Null until something was asked, unless one was given.")
    created_at: datetime
    last_at: datetime = Field(description="When something was asked last; at first, when it began.")
    questions: int = Field(description="How many things were asked.")
    links: Links


class ConversationsDocument(BaseModel):
    """A page of one's conversations, the latest first."""

    conversations: list[ConversationDocument]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


class TurnDocument(BaseModel):
    """Something that was asked, and its answer."""

    id: str = Field(description="The request's id.")
    kind: str = Field(examples=["question"], description="Which kind of request it was.")
    asked: dict[str, Any] = Field(
        description="What was sent: `question`, `code`, `error_message` and so on, as far as there were any.",
        examples=[{"question": "Can you explain how Python loops work?"}],
    )
    asked_at: datetime
    status: Status
    routed_to: Intent | None
    answer: dict[str, Any] | None = Field(description="What ended it: its `type`, and what that type holds.")
    links: Links


class TurnsDocument(ConversationDocument):
    """A conversation with a page of its turns, the earliest first."""

    turns: list[TurnDocument]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


def conversation(kept: KeptConversation) -> ConversationDocument:
    """Return a conversation as its owner sees it."""
    return ConversationDocument(
        id=kept.id,
        title=kept.title,
        created_at=kept.created_at,
        last_at=kept.last_at,
        questions=kept.questions,
        links=Links(self=path_of(kept.id)),
    )


def conversations(kept: list[KeptConversation], size: int) -> ConversationsDocument:
    """Return a page of `size` out of conversations, of which there is one more where there is another page."""
    shown = kept[:size]
    return ConversationsDocument(
        conversations=[conversation(each) for each in shown],
        next=cursor_after(shown[-1].last_at, shown[-1].id) if len(kept) > size else None,
    )


def with_turns(kept: KeptConversation, turns: list[KeptTurn], size: int) -> TurnsDocument:
    """Return a conversation with a page of `size` out of turns, of which there is one more where there is another."""
    shown = turns[:size]
    return TurnsDocument(
        **conversation(kept).model_dump(),
        turns=[_turn(each) for each in shown],
        next=cursor_after(shown[-1].created_at, shown[-1].id) if len(turns) > size else None,
    )


def path_of(conversation_id: str) -> str:
    """Return the path of a conversation: whatever a path reserves is encoded, since a client may call it anything."""
    return f"/api/v1/conversations/{quote(conversation_id, safe='')}"


def _turn(kept: KeptTurn) -> TurnDocument:
    asked = {name: value for name, value in kept.body.items() if value not in (None, "") and name != "session_id"}
    return TurnDocument(
        id=kept.id,
        kind=kept.kind,
        asked=asked,
        asked_at=kept.created_at,
        status=kept.status,
        routed_to=kept.routed_to,
        answer={"type": kept.answer_type, **kept.answer} if kept.answer is not None else None,
        links=Links(self=link_to(kept.id)),
    )
