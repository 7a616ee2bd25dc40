"""A mail becomes the right event: who, which conversation, what is proven, and what is not."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import jsonschema
import pytest

from trato.channel_sdk import Account, Broken, Delivery, Inbound
from trato.channels.email.connector import connector
from trato.channels.email.events import content_id_of, read_events
from trato.channels.email.reply_address import make_reply_address
from trato.channels.email.settings import SCHEMA, MailSettings, loop_mark, read_settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
US = "hola@tienda.test"
KEY = b"s" * 32


def settings(**more: object) -> MailSettings:
    return read_settings(Account(uuid4(), "email", "x", "k", {"address": US, **more}, {}, KEY))


def mail(text: str = "Hola", **fields: str) -> bytes:
    message = EmailMessage()
    usual = {
        "From": "Pedro <Pedro@gente.test>",
        "To": US,
        "Message-ID": "<b@gente.test>",
        "Subject": "Pedido",
    }
    for name, value in {**usual, **{key.replace("_", "-"): value for key, value in fields.items()}}.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def inbound(raw: bytes, **more: object) -> Inbound:
    event = read_events(raw, settings(**more), provider_id=content_id_of(raw), received_at=NOW)[-1]
    assert isinstance(event, Inbound)
    return event


def test_the_root_of_the_thread_is_the_conversation() -> None:
    assert inbound(mail()).conversation_key == "b@gente.test"
    answer = inbound(mail(References="<root@gente.test> <a@gente.test>", In_Reply_To="<a@gente.test>"))
    assert answer.conversation_key == "root@gente.test"
    assert list(answer.references) == ["root@gente.test", "a@gente.test"]


def test_a_signed_address_proves_the_conversation_and_a_forged_one_nothing() -> None:
    conversation = UUID("0190a5b8-5e31-7ccb-8fb5-222222222222")
    signed = make_reply_address(US, conversation, KEY)
    assert inbound(mail(To=signed)).conversation_id == conversation
    assert inbound(mail(To=make_reply_address(US, conversation, b"x" * 32))).conversation_id is None
    assert inbound(mail(To=signed)).payload["to"] == [{"address": US, "name": ""}]


def test_the_others_are_those_who_are_not_us_nor_the_author() -> None:
    event = inbound(
        mail(To=f"{US}, ayuda@tienda.test, Ana <ana@gente.test>", Cc="pedro@gente.test, HOLA+x@tienda.test"),
        aliases=["ayuda@tienda.test"],
    )
    assert [(party.value, party.name, party.role) for party in event.others] == [
        ("ana@gente.test", "Ana", "copy"),
        ("HOLA+x@tienda.test", "", "copy"),
    ]


@pytest.mark.parametrize(
    ("field", "trusted", "verified"),
    [
        ("mx.tienda.test; dmarc=pass header.from=gente.test", ["mx.tienda.test"], True),
        ("mx.tienda.test; dmarc=pass header.from=otra.test", ["mx.tienda.test"], False),
        ("mx.tienda.test; dmarc=pass header.from=gente.test", [], False),
        ("mx.gente.test; dmarc=pass header.from=gente.test", ["mx.tienda.test"], False),
    ],
)
def test_only_a_trusted_server_vouches_for_the_author(field: str, trusted: list[str], verified: bool) -> None:
    event = inbound(mail(Authentication_Results=field), trusted_servers=trusted)
    assert event.verified is verified
    assert event.payload["authentication"]["from_authenticated"] is verified


def test_a_repeated_message_id_with_other_content_is_another_mail() -> None:
    first, same = inbound(mail("Hola")), inbound(b"Delivered-To: x@tienda.test\n" + mail("Hola"))
    assert first.dedupe_key == same.dedupe_key
    assert first.provider_id != same.provider_id
    for forged in (
        mail("Adiós"),
        mail("Hola", Reply_To="ladron@otra.test"),
        mail("Hola", From="x@otra.test"),
    ):
        assert inbound(forged).dedupe_key != first.dedupe_key
    assert inbound(mail(Message_ID="")).dedupe_key is None


def test_people_without_an_address_are_nobody_known_and_not_each_other() -> None:
    one, other = inbound(mail("uno", From="")), inbound(mail("dos", From=""))
    assert one.sender.value.endswith("@unknown.invalid")
    assert one.sender.value != other.sender.value


def test_a_date_that_lies_ahead_is_not_believed() -> None:
    assert inbound(mail(Date="Mon, 23 Nov 2026 09:00:00 -0200")).occurred_at == NOW - timedelta(hours=1)
    assert inbound(mail(Date="Mon, 23 Nov 2099 09:00:00 +0000")).occurred_at == NOW


@pytest.mark.parametrize(("field", "spam"), [("Yes, score=9", True), ("No, score=1", False), ("", False)])
def test_a_filter_on_the_way_may_call_it_spam(field: str, spam: bool) -> None:
    assert inbound(mail(X_Spam_Status=field)).spam is spam


def test_our_own_mail_is_a_loop() -> None:
    assert inbound(mail(X_Trato_Loop=loop_mark(KEY))).sent_by == "loop"
    assert inbound(mail(X_Trato_Loop=loop_mark(b"x" * 32))).sent_by == "person"


def test_inline_pictures_keep_their_name_for_whoever_shows_them() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "pedro@gente.test", US
    message.set_content("ver")
    message.add_alternative('<p>ver <img src="cid:foto@x"><script>1</script></p>', subtype="html")
    rich = message.get_payload()[1]  # type: ignore[index]
    rich.add_related(b"\x89PNG", "image", "png", cid="<foto@x>", filename="foto.png")  # type: ignore[union-attr]
    event = inbound(message.as_bytes())
    assert event.html is not None
    assert 'src="cid:foto@x"' in event.html
    assert "script" not in event.html
    assert [(file.filename, file.content_id, file.inline) for file in event.files] == [
        ("foto.png", "foto@x", True)
    ]


REPORT = b"""From: MAILER-DAEMON@mx.test
Return-Path: <>
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It failed
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx

Final-Recipient: rfc822; ana@gente.test
Action: %s
Status: %s
Diagnostic-Code: smtp; why

--b
Content-Type: text/rfc822-headers

Message-ID: <ours@tienda.test>

--b--
"""


def test_a_report_is_news_of_our_mail_and_a_message() -> None:
    raw = REPORT % (b"failed", b"5.1.1")
    news, message = read_events(raw, settings(), provider_id="p", received_at=NOW)
    assert isinstance(news, Delivery)
    assert (news.external_id, news.status, news.recipient) == ("ours@tienda.test", "failed", "ana@gente.test")
    assert news.error == "ana@gente.test: 5.1.1 why"
    assert isinstance(message, Inbound)
    assert message.sent_by == "bounce"
    assert list(message.references) == ["ours@tienda.test"]
    delayed = read_events(REPORT % (b"delayed", b"4.4.1"), settings(), provider_id="p", received_at=NOW)
    assert [type(event) for event in delayed] == [Inbound]


@pytest.mark.parametrize("raw", [b"", b"\r\n \r\n"])
def test_nothing_at_all_is_kept_as_broken(raw: bytes) -> None:
    (event,) = read_events(raw, settings(), provider_id="p", received_at=NOW)
    assert isinstance(event, Broken)
    assert event.error.startswith("the mail is empty")


def test_an_original_is_read_again_under_its_own_id() -> None:
    account = Account(uuid4(), "email", "x", "k", {"address": US}, {}, KEY)
    event = connector.read(mail(), account, provider_id="p")
    assert isinstance(event, Inbound)
    assert event.provider_id == "p"


@pytest.mark.parametrize(
    "given",
    [{}, {"address": "x"}, {"address": US, "imap_port": 0}, {"address": US, "unknown": 1}],
)
def test_wrong_settings_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(given, SCHEMA)


def test_the_demo_s_settings_are_enough() -> None:
    jsonschema.validate({"address": "hola@demo.invalid", "smtp_host": "127.0.0.1", "smtp_port": 25}, SCHEMA)
