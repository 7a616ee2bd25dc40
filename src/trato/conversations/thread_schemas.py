"""Shapes of a contact's thread at the HTTP edge."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime

from trato.conversations.schemas import Body, ConversationView, InteractionView, MessagePage, View
from trato.kit.paging import Page


class Timeline(MessagePage):
    """A stretch of a contact's messages over all channels, and what belongs to it."""

    later: bool  # there are later ones
    target: UUID | None  # the message that it was asked around, or the first from an instant on
    since: datetime | None  # between these instants nothing is left out; null: from the beginning
    until: datetime | None  # null: up to now
    conversations: list[ConversationView]
    interactions: list[InteractionView]


class Match(View):
    """A message in which the words stand."""

    id: UUID
    conversation_id: UUID
    created_at: datetime


class MatchPage(Page[Match]):
    """Messages in which words stand, newest first; `total` counts all of them."""

    total: int


class ReadingBody(Body):
    """How far somebody has read."""

    until: AwareDatetime


class LookingBody(Body):
    """Whether somebody has a conversation before them, or has left it."""

    here: bool = True
