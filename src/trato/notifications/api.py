"""What the agent who asks was told, how they want to be told, and what they follow."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Read, Services, Shared, Tx
from trato.kit.errors import Conflict
from trato.kit.paging import PAGE, Cursor, Limit, decode, moment, page, row_id
from trato.notifications import devices, following, push_keys, queries, schemas, wishes

# Whether push services may stand in private networks; its place in `Services.extras`.
ALLOW_PRIVATE: Final = "push_allow_private"

router = APIRouter(tags=["notifications"])
Person = Annotated[Caller, require("agent")]


def _agent(caller: Caller) -> UUID:
    if caller.agent_id is None:
        raise Conflict("Only agents have notifications.", todo="Ask an administrator to make you an agent.")
    return caller.agent_id


def _allow_private(shared: Services) -> bool:
    return bool(shared.extras.get(ALLOW_PRIVATE, False))


@router.get("/notifications", response_model=schemas.NotificationPage)
async def every(
    caller: Person,
    c: Read,
    which: Literal["all", "unread"] = "all",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Any:
    """List what one was told in the last weeks, the newest first: all of it, or what waits to be read."""
    agent_id = _agent(caller)
    at, id_ = decode(cursor, moment, row_id)
    rows = await queries.page(c, agent_id, unread=which == "unread", at=at, id_=id_, limit=limit + 1)
    found = page(rows, limit, lambda row: (row["told_at"], row["id"]))
    return {**found, "unread": await queries.unread(c, agent_id)}


@router.post("/notifications/read", response_model=schemas.UnreadView)
async def read(caller: Person, c: Tx, body: schemas.ReadBody) -> Any:
    """Mark as read: some, all about one conversation, or everything."""
    return {"unread": await queries.read(c, _agent(caller), **body.model_dump())}


@router.post("/notifications/{notification_id}/unread", response_model=schemas.UnreadView)
async def unread_again(caller: Person, c: Tx, notification_id: UUID) -> Any:
    """Mark one as not read, to come back to it."""
    return {"unread": await queries.unread_again(c, _agent(caller), notification_id)}


@router.get("/notification-wishes", response_model=schemas.WishesView)
async def wished(caller: Person, c: Read) -> Any:
    """Say how one is told."""
    return await wishes.get(c, _agent(caller))


@router.patch("/notification-wishes", response_model=schemas.WishesView)
async def wish(caller: Person, c: Tx, body: schemas.WishesChange) -> Any:
    """Change how one is told; what is left out stays, also kinds left out of `ways`."""
    return await wishes.change(c, _agent(caller), body.model_dump(exclude_unset=True))


@router.get("/push-key", response_model=schemas.PushKeyView)
async def push_key(_: Person, c: Tx, shared: Shared) -> Any:
    """Return the key for which a browser is asked to take messages."""
    return {"public_key": await push_keys.public(c, shared.secrets)}


@router.get("/push-devices", response_model=schemas.DevicePage)
async def every_device(caller: Person, c: Read) -> Any:
    """List the devices that one is told on."""
    return {"items": await devices.every(c, _agent(caller))}


@router.post("/push-devices", response_model=schemas.DeviceView, status_code=201)
async def add_device(caller: Person, c: Tx, shared: Shared, body: schemas.NewDevice) -> Any:
    """Be told on this device too, also while no desk is open. The same device again is the same one."""
    return await devices.add(
        c,
        shared.secrets,
        _agent(caller),
        session_id=caller.session_id,
        endpoint=body.endpoint,
        p256dh=body.keys.p256dh,
        auth=body.keys.auth,
        name=body.name,
        allow_private=_allow_private(shared),
    )


@router.post("/push-devices/forget", status_code=204)
async def forget_device(caller: Person, c: Tx, body: schemas.DeviceGone) -> None:
    """Be told no more on the device that one signs out on."""
    await devices.remove_here(c, _agent(caller), body.endpoint)


@router.delete("/push-devices/{device_id}", status_code=204)
async def remove_device(caller: Person, c: Tx, device_id: UUID) -> None:
    """Be told no more on a device."""
    await devices.remove(c, _agent(caller), device_id)


@router.get("/followed", response_model=schemas.FollowedPage)
async def followed(caller: Person, c: Read, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """List the conversations and cases that one follows, the latest first."""
    at, id_ = decode(cursor, moment, row_id)
    rows = await following.page(c, _agent(caller), at=at, id_=id_, limit=limit + 1)
    return page(rows, limit, lambda row: (row["since"], row["about_id"]))


@router.put("/conversations/{conversation_id}/follow", status_code=204)
async def follow_conversation(caller: Person, c: Tx, conversation_id: UUID) -> None:
    """Be told of what is said in a conversation that one does not have."""
    await following.follow(c, _agent(caller), "conversation", conversation_id)


@router.delete("/conversations/{conversation_id}/follow", status_code=204)
async def unfollow_conversation(caller: Person, c: Tx, conversation_id: UUID) -> None:
    """Be told no more of a conversation."""
    await following.unfollow(c, _agent(caller), "conversation", conversation_id)


@router.put("/cases/{case_id}/follow", status_code=204)
async def follow_case(caller: Person, c: Tx, case_id: UUID) -> None:
    """Be told of what is said about a case, in whichever conversation."""
    await following.follow(c, _agent(caller), "case", case_id)


@router.delete("/cases/{case_id}/follow", status_code=204)
async def unfollow_case(caller: Person, c: Tx, case_id: UUID) -> None:
    """Be told no more of a case."""
    await following.unfollow(c, _agent(caller), "case", case_id)
