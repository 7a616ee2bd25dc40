"""The system's own mails, in the languages of Trato."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["es", "en", "pt"]
LANGUAGES: tuple[Language, ...] = ("es", "en", "pt")


@dataclass(frozen=True, slots=True)
class Mail:
    """Subject and plain text of one mail."""

    subject: str
    text: str


_INVITATION = {
    "es": Mail(
        "{inviter} le invita a atender en {organisation}",
        "Hola, {name}:\n\n{inviter} le creó una cuenta en {organisation} para atender a sus clientes con "
        "Trato.\n\nElija su contraseña en este enlace. Vale siete días y se usa una sola vez:\n\n{link}\n\n"
        "Si no esperaba este mensaje, puede ignorarlo.\n",
    ),
    "en": Mail(
        "{inviter} invites you to {organisation}",
        "Hello {name},\n\n{inviter} has made an account for you at {organisation}, to help its customers "
        "with Trato.\n\nChoose your password with this link. It is valid for seven days and works once:"
        "\n\n{link}\n\nIf you did not expect this message, you can ignore it.\n",
    ),
    "pt": Mail(
        "{inviter} convida você para atender em {organisation}",
        "Olá, {name}:\n\n{inviter} criou uma conta para você em {organisation}, para atender os clientes "
        "com o Trato.\n\nEscolha sua senha neste link. Ele vale sete dias e só pode ser usado uma vez:"
        "\n\n{link}\n\nSe você não esperava esta mensagem, pode ignorá-la.\n",
    ),
}

_RESET = {
    "es": Mail(
        "Elija otra contraseña para {organisation}",
        "Hola, {name}:\n\nAlguien pidió cambiar la contraseña de su cuenta. Si fue usted, elija otra en este "
        "enlace. Vale una hora y se usa una sola vez:\n\n{link}\n\nSi no fue usted, no tiene que hacer nada: "
        "su contraseña sigue igual.\n",
    ),
    "en": Mail(
        "Choose a new password for {organisation}",
        "Hello {name},\n\nSomebody asked to change the password of your account. If it was you, choose a new "
        "one with this link. It is valid for one hour and works once:\n\n{link}\n\nIf it was not you, there "
        "is nothing to do: your password stays as it is.\n",
    ),
    "pt": Mail(
        "Escolha outra senha para {organisation}",
        "Olá, {name}:\n\nAlguém pediu para trocar a senha da sua conta. Se foi você, escolha outra "
        "neste link. Ele vale uma hora e só pode ser usado uma vez:\n\n{link}\n\nSe não foi você, não "
        "precisa fazer nada: sua senha continua a mesma.\n",
    ),
}


def invitation(language: str, *, inviter: str, organisation: str, name: str, link: str) -> Mail:
    """Return the mail that brings an invitation."""
    return _filled(_INVITATION, language, inviter=inviter, organisation=organisation, name=name, link=link)


def reset(language: str, *, organisation: str, name: str, link: str) -> Mail:
    """Return the mail that brings a link to choose another password."""
    return _filled(_RESET, language, organisation=organisation, name=name, link=link)


def _filled(mails: dict[str, Mail], language: str, **words: str) -> Mail:
    """Fill the words in; line breaks in a name cannot start another line or header."""
    mail = mails.get(language, mails["es"])
    flat = {key: " ".join(word.split()) for key, word in words.items()}
    return Mail(mail.subject.format(**flat), mail.text.format(**flat))
