"""An agent of a test who answers, and what of it goes out."""

from uuid import UUID, uuid4

from sqlalchemy import text

from trato.flow import outbound, replies


async def answer(floor, conversation_id: UUID, said: str) -> UUID:
    agent_id = uuid4()
    async with floor.services.db.begin() as c:
        await c.execute(text("INSERT INTO agent (id, name) VALUES (:id, 'Sofía')"), {"id": agent_id})
        author = replies.Author(actor="user:1", name="Sofía", agent_id=agent_id)
        writing = replies.Writing(text=said, client_id=uuid4().hex)
        message = await replies.write(floor.services, c, conversation_id, author, writing)
    return UUID(message["id"])


async def signature_of(floor, message_id: UUID) -> str:
    async with floor.services.db.connect() as c:
        _, _, sent = await outbound.compose(floor.services, c, message_id)
    return sent.signature
