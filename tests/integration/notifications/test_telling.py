"""What happens becomes what people are told: once, those concerned, and no longer than it matters."""

from uuid import UUID, uuid4

from sqlalchemy import text

from trato.access.roles import Role
from trato.live import service as live
from trato.notifications import tasks


async def mention(place, message_id, conversation: UUID, actor: str, *people) -> None:
    async with place.services.db.begin() as c:
        await live.append(
            c,
            "note.mentioned",
            audience="staff",
            actor=actor,
            conversation_id=conversation,
            data={
                "message": {"id": str(message_id)},
                "agent_ids": [str(one.agent_id) for one in people],
            },
        )


async def note(person, conversation: UUID, words: str) -> str:
    body = {"kind": "note", "text": words, "client_id": str(uuid4())}
    made = await person.ask("POST", f"/conversations/{conversation}/messages", 201, body)
    return str(made["id"])


async def test_a_customers_answer_is_one_line_that_counts_until_it_is_read(place) -> None:
    ana = await place.person("Ana")
    conversation = await place.write("pedro@example.org", "Hola, mi heladera no enfría")
    await place.give(conversation, ana)
    await place.tell()
    assert [kind for kind, _ in await ana.told()] == ["assigned"]
    await ana.ask("POST", "/notifications/read", body={"everything": True})
    await place.write("pedro@example.org", "¿Hay novedades?")
    await place.write("pedro@example.org", "Sigo esperando")
    await place.tell()
    await place.tell()
    (one,) = (await ana.ask("GET", "/notifications?which=unread"))["items"]
    assert (one["kind"], one["words"], one["count"]) == ("answered", "Sigo esperando", 2)
    assert (one["contact"], one["conversation_id"]) == ("Pedro", str(conversation))
    left = await ana.ask("POST", "/notifications/read", body={"conversation_id": str(conversation)})
    assert left == {"unread": 0}
    await place.write("pedro@example.org", "Gracias")
    await place.tell()
    (one,) = (await ana.ask("GET", "/notifications?which=unread"))["items"]
    assert (one["words"], one["count"]) == ("Gracias", 1)
    assert [kind for kind, _ in await ana.told("all")] == ["answered", "assigned"]


async def test_events_read_twice_tell_nothing_twice(place) -> None:
    ana = await place.person("Ana")
    conversation = await place.write("pedro@example.org", "Hola")
    await place.give(conversation, ana)
    await place.write("pedro@example.org", "¿Hola?")
    await place.tell()
    before = await ana.ask("GET", "/notifications")
    await ana.ask("POST", "/notifications/read", body={"everything": True})
    await place.run("UPDATE consumer SET position = 0 WHERE name = 'notifications'")
    await place.tell()
    after = await ana.ask("GET", "/notifications")
    assert [one["id"] for one in after["items"]] == [one["id"] for one in before["items"]]
    assert after["unread"] == 0


async def test_a_mention_reaches_who_is_named_alone_and_not_as_a_note_as_well(place) -> None:
    ana, luz, eva = [await place.person(name) for name in ("Ana", "Luz", "Eva")]
    conversation = await place.write("pedro@example.org", "Hola")
    await place.give(conversation, luz)
    await place.tell()
    await luz.ask("POST", "/notifications/read", body={"everything": True})
    message = await note(ana, conversation, "@Luz mirá esto, por favor")
    await mention(place, message, conversation, f"user:{ana.user_id}", luz, ana)
    await place.tell()
    assert await luz.told() == [("mentioned", "@Luz mirá esto, por favor")]
    assert await ana.told() == []
    assert await eva.told() == []
    seen = [one for one in await place.news() if one.type == "notification.changed"]
    assert seen[-1].data["agent_id"] == str(luz.agent_id)
    assert seen[-1].data["unread"] == 1
    assert seen[-1].data["notification"]["actor"] == "Ana"


async def test_who_follows_hears_of_what_is_said_and_no_more_when_they_stop(place) -> None:
    ana, luz = [await place.person(name) for name in ("Ana", "Luz")]
    conversation = await place.write("pedro@example.org", "Hola")
    (row,) = await place.rows("SELECT case_id FROM conversation WHERE id = :id", id=conversation)
    await luz.ask("PUT", f"/cases/{row['case_id']}/follow", 204)
    await luz.ask("PUT", f"/cases/{row['case_id']}/follow", 204)
    await luz.ask("PUT", f"/conversations/{conversation}/follow", 204)
    await luz.ask("PUT", f"/conversations/{uuid4()}/follow", 404)
    listed = (await luz.ask("GET", "/followed"))["items"]
    assert {one["kind"] for one in listed} == {"case", "conversation"}
    assert {one["conversation_id"] for one in listed} == {str(conversation)}
    await place.write("pedro@example.org", "¿Y?")
    await note(ana, conversation, "Lo veo con el taller")
    await place.tell()
    assert set(await luz.told()) == {("answered", "¿Y?"), ("noted", "Lo veo con el taller")}
    await luz.ask("DELETE", f"/cases/{row['case_id']}/follow", 204)
    await luz.ask("DELETE", f"/conversations/{conversation}/follow", 204)
    await luz.ask("POST", "/notifications/read", body={"everything": True})
    await place.write("pedro@example.org", "¿Y ahora?")
    await place.tell()
    assert await luz.told() == []


async def test_an_offer_is_told_while_it_stands(place) -> None:
    ana = await place.person("Ana")
    conversation = await place.write("pedro@example.org", "Hola")
    offer = uuid4()
    await place.run(
        "INSERT INTO interaction (id, conversation_id, agent_id, state, offered_at, offer_expires_at)"
        " VALUES (:id, :conversation, :agent, 'offered', now(), now() + interval '1 minute')",
        id=offer,
        conversation=conversation,
        agent=ana.agent_id,
    )
    tell = "SELECT tell_interaction('system', i) FROM interaction i WHERE id = :id"
    await place.run(tell, id=offer)
    await place.tell()
    assert [kind for kind, _ in await ana.told()] == ["offered"]
    await place.run("UPDATE notification SET expires_at = now() - interval '1 second'")
    assert await ana.told() == []
    assert await ana.told("all") == []
    await place.run("UPDATE notification SET expires_at = now() + interval '1 minute'")
    await place.run("UPDATE interaction SET state = 'expired' WHERE id = :id", id=offer)
    await place.run(tell, id=offer)
    await place.tell()
    assert await ana.told() == []


async def test_supervisors_are_asked_for_an_approval_until_one_decides(place) -> None:
    ana, sara, sol = [
        await place.person("Ana"),
        await place.person("Sara", Role.SUPERVISOR),
        await place.person("Sol", Role.ADMINISTRATOR),
    ]
    conversation = await place.write("pedro@example.org", "Hola")
    (row,) = await place.rows("SELECT case_id FROM conversation WHERE id = :id", id=conversation)
    gesture = uuid4()
    await place.run(
        "INSERT INTO gesture (id, case_id, amount, currency, what, state, given_by)"
        " VALUES (:id, :case, 100, 'ARS', 'Envío gratis', 'asked', :agent)",
        id=gesture,
        case=row["case_id"],
        agent=ana.agent_id,
    )
    tell = "SELECT tell_gesture(g, :actor) FROM gesture g WHERE id = :id"
    await place.run(tell, id=gesture, actor=f"user:{ana.user_id}")
    await place.tell()
    assert await sara.told() == await sol.told() == [("approval", "Envío gratis")]
    assert await ana.told() == []
    (told,) = (await sara.ask("GET", "/notifications"))["items"]
    assert told["conversation_id"] == str(conversation)
    await place.run("UPDATE gesture SET state = 'given', decided_by = :by", by=sara.agent_id)
    await place.run(tell, id=gesture, actor=f"user:{sara.user_id}")
    await place.tell()
    assert await sara.told() == await sol.told() == []


async def test_one_marked_unread_comes_back_and_another_agents_is_out_of_reach(place) -> None:
    ana, luz = [await place.person(name) for name in ("Ana", "Luz")]
    conversation = await place.write("pedro@example.org", "Hola")
    await place.give(conversation, ana)
    await place.tell()
    (one,) = (await ana.ask("GET", "/notifications"))["items"]
    await luz.ask("POST", f"/notifications/{one['id']}/unread", 404)
    await luz.ask("POST", "/notifications/read", body={"ids": [one["id"]]})
    assert len(await ana.told()) == 1
    await ana.ask("POST", "/notifications/read", body={"ids": [one["id"]]})
    assert await ana.told() == []
    assert await ana.ask("POST", f"/notifications/{one['id']}/unread") == {"unread": 1}


async def test_what_is_erased_in_the_conversation_is_gone_from_what_was_told(place) -> None:
    ana = await place.person("Ana")
    conversation = await place.write("pedro@example.org", "Hola")
    await place.give(conversation, ana)
    await place.write("pedro@example.org", "Mi clave es 1234")
    await place.tell()
    await place.run("UPDATE message SET text = '' WHERE conversation_id = :id", id=conversation)
    await place.run("UPDATE contact SET name = ''")
    words = {one["kind"]: one for one in (await ana.ask("GET", "/notifications"))["items"]}
    assert (words["answered"]["words"], words["answered"]["contact"]) == ("", None)


async def test_the_list_goes_on_page_by_page_and_what_is_old_is_forgotten(place) -> None:
    ana = await place.person("Ana")
    for number in range(3):
        conversation = await place.write(f"persona{number}@example.org", f"Asunto {number}")
        await place.run("UPDATE agent SET capacity = 10")
        await place.give(conversation, ana)
        await place.tell()
    first = await ana.ask("GET", "/notifications?limit=2")
    rest = await ana.ask("GET", f"/notifications?limit=2&cursor={first['next_cursor']}")
    seen = [one["id"] for one in (*first["items"], *rest["items"])]
    assert len(set(seen)) == 3
    assert rest["next_cursor"] is None
    await place.run("UPDATE notification SET told_at = now() - interval '31 days' WHERE id = :id", id=seen[0])
    await tasks.retention(place.services).work()
    assert [one["id"] for one in (await ana.ask("GET", "/notifications"))["items"]] == seen[1:]


async def test_a_stream_tells_of_ones_own_alone(place) -> None:
    from trato.live.audience import Staff

    ana, luz = [await place.person(name) for name in ("Ana", "Luz")]
    conversation = await place.write("pedro@example.org", "Hola")
    await place.give(conversation, ana)
    await place.tell()
    told = [one for one in await place.news() if one.type == "notification.changed"]
    assert told
    for one in told:
        assert Staff(agent_id=ana.agent_id).render(one) is not None
        assert Staff(agent_id=luz.agent_id).render(one) is None
        assert Staff(types=frozenset({"notification.changed"})).render(one) is not None
    async with place.services.db.connect() as c:
        assert await c.scalar(text("SELECT unread_notifications(:id)"), {"id": luz.agent_id}) == 0
