"""The mail that says a contact will be erased: to each address of theirs, since it may not have been them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts import service as contacts
from trato.db.edge import Services
from trato.decide.spoken import say_day
from trato.flow.system_mail import SystemMail, account_for
from trato.portal.centre.places import Place
from trato.portal.customers import MAIL
from trato.portal.my_cases import view

MOST: Final = 10

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "subject": "Sus datos en {brand} se borran el {day}",
        "asked": "Se pidió borrar todos sus datos en {brand}. Se borran el {day}, y no se puede deshacer.",
        "cancel": "Si no fue usted o cambió de idea, entre antes de ese día y elija «No borrar mis datos»:",
    },
    "en": {
        "subject": "Your data at {brand} are erased on {day}",
        "asked": "It was asked to erase all your data at {brand}. It is done on {day} and cannot be undone.",
        "cancel": "If it was not you, or you changed your mind, get in before then, “Do not erase my data”:",
    },
    "pt": {
        "subject": "Seus dados na {brand} serão apagados em {day}",
        "asked": "Pediram para apagar todos os seus dados na {brand}. Será em {day}, sem volta.",
        "cancel": "Se não foi você ou mudou de ideia, entre antes e escolha “Não apagar meus dados”:",
    },
}


async def tell(
    services: Services, c: AsyncConnection, contact_id: UUID, due_at: datetime, language: str, place: Place
) -> None:
    """Queue the mails in the caller's transaction; none where no mail can be sent."""
    contact = await contacts.get_contact(c, contact_id)
    words = _WORDS[language]
    zone = await view.zone(c)
    told = {
        "brand": str(place.face["brand_name"]),
        "day": say_day(due_at.astimezone(zone).date(), language),
    }
    where = f"{place.url}/{language}/cases/data"
    body = f"{words['asked'].format(**told)}\n\n{words['cancel']}\n{where}"
    account_id = await account_for(c)
    mails = [one["value"] for one in contact["addresses"] if one["kind"] == MAIL][:MOST]
    for address in mails:
        await SystemMail(services).send_link(
            c,
            address,
            words["subject"].format(**told),
            body,
            language,
            otherwise=account_id,
        )
