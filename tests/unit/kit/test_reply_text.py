"""What is left of a reply without its quotes and its signature."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.shared_data import shared_data

from trato.kit.reply_text import split_reply


def of_file(name: str) -> tuple[str, str]:
    found = split_reply(shared_data("mail", "replies", f"{name}.txt").read_text("utf-8"))
    return found.reply_text, found.signature


@pytest.mark.parametrize(
    ("name", "reply_text"),
    [
        ("correct_sig", "this is an email with a correct -- signature."),
        ("email_1_4", "Awesome! I haven't had another problem with it."),
        ("email_1_7", ":+1:"),
        ("email_1_8", "I will reply under this one\n\nand under this."),
        ("email_2_1", "Outlook with a reply"),
        ("email_2_2", "Outlook with a reply directly above line"),
        ("email_2_3", "Outlook with a reply above headers using unusual format"),
        ("email_BlackBerry", "Here is another email"),
        ("email_gmail", "This is a test for inbox replying to a github message."),
        ("email_headers_no_delimiter", "And another reply!"),
        ("email_iPhone", "Here is another email"),
        ("email_multi_word_sent_from_my_mobile_device", "Here is another email"),
        ("email_1_3", "Oh thanks.\n\nHaving the function would be great."),
        (
            "email_sent_from_my_not_signature",
            "Here is another email\n\nSent from my desk, is much easier then my mobile phone.",
        ),
    ],
)
def test_replies_of_the_public_suite(name: str, reply_text: str) -> None:
    assert of_file(name)[0] == reply_text


@pytest.mark.parametrize(
    ("name", "kept", "dropped"),
    [
        ("email_1_1", ["Hi folks", "Java HTTP API."], ["Abhishek", "riak-users"]),
        ("email_1_2", ["Hi,", "You can list the keys", "delete them all individually"], ["What is the best"]),
        ("email_1_5", ["first bullet", "It goes on and on\nfor a while."], []),
        ("email_1_6", ["I get proper rendering as well."], ["Corey", "Was this caching"]),
        ("email_bullets", ["- how about bullets", "- and another"], ["Joe Smith", "Give us"]),
        ("email_one_is_not_on", ["One outstanding question", "when I run..."], ["Dave Tapley", "good news"]),
        (
            "email_partial_quote_header",
            ["On your remote host you can run:", "TextMate"],
            ["Plymale", "odd issue"],
        ),
        ("greedy_on", ["On your remote host you can run:"], ["Plymale", "odd issue", "GitHub"]),
        ("email_sig_delimiter_in_middle_of_line", ["-- this is not a signature.", "kthxbai"], []),
        ("pathological", ["I think you're onto something."], ["John Sullivan", "organism"]),
    ],
)
def test_parts_of_the_public_suite(name: str, kept: list[str], dropped: list[str]) -> None:
    reply_text, _ = of_file(name)
    assert [part for part in kept if part not in reply_text] == []
    assert [part for part in dropped if part in reply_text] == []


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("correct_sig", "-- \nrick"),
        ("email_1_8", "--\nHey there, this is my signature"),
        ("email_iPhone", "Sent from my iPhone"),
    ],
)
def test_signatures_of_the_public_suite(name: str, signature: str) -> None:
    assert of_file(name)[1] == signature


@pytest.mark.parametrize(
    "quote",
    [
        "El lun, 3 mar 2025 a las 10:00, Ana Gómez (<ana@example.com>) escribió:\n\n> Hola",
        "El lun., 3 de marzo de 2025 10:00 a. m., Ana Gómez <ana@example.com>\nescribió:\n> Hola",
        "El 3/3/2025 a las 10:00, Soporte escribió:\nHola, su pedido",
        "Em seg., 3 de mar. de 2025 às 10:00, Ana <ana@example.com> escreveu:\n\n> Olá",
        "Em 03/03/2025 10:00, Ana escreveu:\n> Olá",
        "On Mon, Mar 3, 2025 at 10:00 AM Ana <ana@example.com> wrote:\n\n> Hi",
        "Le lun. 3 mars 2025 à 10:00, Ana <ana@example.com> a écrit :\n> Bonjour",
        "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Ana <ana@example.com>:\n> Hallo",
        "Il giorno lun 3 mar 2025 alle ore 10:00 Ana <ana@example.com> ha scritto:\n> Ciao",
        "2025-03-03 10:00 GMT-03:00 Ana <ana@example.com>:\n> Hola",
        "Ana Gómez <ana@example.com> escribió:\n> Hola",
        "-----Mensaje original-----\nDe: Ana\nEnviado el: lunes\nPara: yo\nAsunto: x\n\nHola",
        "-------- Mensagem original --------\nDe: Ana\nHola",
        "__________\nDe: Ana <ana@example.com>\nEnviado: lunes\nPara: Soporte\nAsunto: Pedido\n\nHola",
        "De: Ana <ana@example.com>\nEnviada em: segunda-feira\nPara: Suporte\nAssunto: Pedido\n\nOlá",
        "*De:* Ana\n*Fecha:* lunes\n*Para:* Soporte\n*Asunto:* Pedido\n\nHola",
        "Von: Ana\nGesendet: Montag\nAn: Support\nBetreff: x\n\nHallo",
        "---------- Forwarded message ---------\nDe: Ana\n\nHola",
        "> Hola\n> ¿cómo está?",
        "El lun, 3 mar 2025 a la(s) 10:00\u202fa.m., Ana Gómez (ana@example.com) escribió:\n\nHola",
        "   En lunes, 3 de marzo de 2025, 10:00:00 GMT-3, Ana <ana@example.com> escribió:  \n \n Hola",
        "El 3/3/2025 10:00, Ana <ana@example.com\n>:\n\n> Hola",
        "Citando a Soporte <ayuda@example.com>:\n\n> Hola",
        "---- Ana escribió ----\n\n> Hola",
        "-------- Mensaje original --------\nDe: Ana\nFecha: 3/3/25 10:00\nA: yo\nAsunto: x\n\nHola",
        "-------- Correo de Ana --------\nDe: Ana <ana@example.com>\nFecha: lunes\nPara: yo\n\nHola",
        "Fecha: lunes, 3 de marzo\nDe: Ana <ana@example.com>\nAsunto: x\nPara: yo\n\nHola",
        "Em segunda-feira, 3 de março de 2025 10:00:00 BRT, Ana <ana@example.com> escreveu:\n\nOlá",
        "De: Ana <ana@example.com>\nEnviado em: segunda-feira\nPara: Suporte\nAssunto: x\n\nOlá",
        "ср, 30 апр. 2025 г. в 15:19, Ana <ana@example.com>:\n\n> Hola",
        "tir. 18. apr. 2025 kl. 13:09 skrev Ana <ana@example.com\n>:\n\n> Hola",
        "Från: Ana [mailto:ana@example.com]\nSkickat: den 5 juni\nTill: oss\nÄmne: x\n\nHej",
        "> un texto citado que llega hasta el margen y cuya última palabra el programa\npasó abajo\n> fin",
    ],
)
def test_quotes_in_the_languages_of_our_users_are_left_out(quote: str) -> None:
    assert split_reply(f"Ya llegó, gracias.\n\n{quote}\n").reply_text == "Ya llegó, gracias."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna Gómez\nTel. 11 5555-5555",
        "--\nAna",
        "-Ana",
        "Enviado desde mi iPhone",
        "Enviado desde mi Samsung Galaxy A52",
        "Enviado do meu iPhone",
        "Enviado desde Outlook para Android",
        "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
        "Obter o Outlook para iOS",
        "Get Outlook for Android",
        "Enviado desde Yahoo Mail para Android",
        "Von meinem iPhone gesendet",
        "_____________________\nAna Gómez\nVentas",
        "Enviado desde mi Samsung Mobile de Claro",
        "Enviado do meu smartphone Samsung Galaxy.",
        "Enviado mediante Proton Mail",
        "Sent from my cell, please excuse any typos.",
        "Baixe o Outlook para Android",
        "Libre de virus.www.avast.com <https://www.avast.com/x>",
        "Saludos cordiales,\n\nAna Gómez\nGerente de Compras\nTel. +57 1 555 5555\nwww.ejemplo.com",
        "---\nAna Gómez\nana@example.com",
    ],
)
def test_signatures_are_told_apart(signature: str) -> None:
    found = split_reply(f"Sigue sin funcionar.\n\n{signature}\n")
    assert (found.reply_text, found.signature) == ("Sigue sin funcionar.", signature)


@pytest.mark.parametrize(
    "text",
    [
        "El lunes compré esto:\n- un teléfono\n- una funda",
        "De: Buenos Aires\nquiero ir a Córdoba",
        "El pedido 3322 que mi hermano escribió mal:\nera otro número",
        "Enviado desde mi casa el paquete, todavía no llegó, ¿qué hago?",
        "Opciones:\n\n- primera\n\n- segunda",
        "uno -- dos",
        "On second thought: keep it",
        "De: Lima\nPara: Quito\nFecha: 3 de marzo\n¿Hay lugar?",
        "Saludos,\nAna",
        "Mi número es 300 555 5555\nAna",
        "El 3/3/2025 mi marido les escribió:\nnunca contestaron",
        "Escriban a Ana <ana@example.com>:\nella sabe",
        "Uno\n\n---\n\nEl pedido llegó roto y nadie contesta\n\nDos\n\nTres\n\nCuatro\n\nCinco",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert split_reply(text).reply_text == text


def test_answers_between_the_lines_are_kept_in_order() -> None:
    text = "El 3/3/2025, Ana escribió:\n> ¿Qué modelo es?\nEl X200.\n> ¿Desde cuándo?\nAyer.\n"
    assert split_reply(text).reply_text == "El X200.\n\nAyer."


def test_below_an_attribution_with_nothing_above_stands_what_is_to_be_read() -> None:
    text = "El 3/3/2025 a las 10:00, Soporte <ayuda@example.com> escribió:\n\n¿Qué modelo es?\n\nEl X200.\n"
    assert split_reply(text).reply_text == "¿Qué modelo es?\n\nEl X200."


def test_the_line_of_a_device_is_no_part_of_what_was_written() -> None:
    found = split_reply("No llegó.\n\nEnviado desde mi iPhone\n\nPD: era azul.\n")
    assert found.reply_text.split() == ["No", "llegó.", "PD:", "era", "azul."]
    assert found.signature == "Enviado desde mi iPhone"


def test_a_forwarded_mail_with_nothing_above_is_kept() -> None:
    text = "---------- Forwarded message ---------\nDe: Banco <b@example.com>\n\nSu cuota vence."
    assert "Su cuota vence." in split_reply(text).reply_text


@pytest.mark.parametrize(
    "unit",
    [
        "-",
        "*",
        "_",
        " ",
        ">",
        "\n",
        "-Ana\n\n",
        "On 1 wrote\n",
        "De: x\n",
        "_____\n",
        "<a@b>:\n",
        "1",
        "--\n\n",
        "- \n",
        "---\n",
        "--- a wrote\n",
        "1:00 <a@b.c\n",
        "De: a@b\nPara: b\n",
        "Sent from my ",
        "Saludos\n",
        "sent by mail\n\n",
    ],
)
def test_time_is_linear(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    start = time.process_time()
    split_reply(text)
    assert time.process_time() - start < 5


@given(st.text(max_size=500))
def test_nothing_raises_and_nothing_is_invented(text: str) -> None:
    found = split_reply(text)
    lines = set(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    written = {line.strip() for line in lines}
    assert all(line.strip() in written for line in found.reply_text.split("\n") if line.strip())
