"""The mail with code and link: written by a job, so that asking takes as long for an unknown address."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts import service as contacts
from trato.db.edge import Services
from trato.db.jobs import Handler, enqueue
from trato.flow import system_mail
from trato.flow.system_mail import SystemMail
from trato.portal.centre.places import Place
from trato.portal.my_cases.sign_in import Asked

KIND: Final = "portal.sign_in_mail"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "subject": "Su código para ver sus casos en {brand}",
        "code": "Su código: {code}",
        "link": "O abra este enlace en el navegador donde lo pidió:",
        "once": "Sirven una vez, durante 15 minutos. Nadie de {brand} se los va a pedir: no los reenvíe.",
        "not_you": "Si usted no los pidió, no tiene que hacer nada. Sin ellos nadie entra.",
    },
    "en": {
        "subject": "Your code to see your cases at {brand}",
        "code": "Your code: {code}",
        "link": "Or open this link in the browser in which you asked for it:",
        "once": "They work once, for 15 minutes. Nobody at {brand} will ask for them: do not forward them.",
        "not_you": "If you did not ask for them, you need not do anything. Nobody gets in without them.",
    },
    "pt": {
        "subject": "Seu código para ver seus casos na {brand}",
        "code": "Seu código: {code}",
        "link": "Ou abra este link no navegador em que o pediu:",
        "once": "Valem uma única vez, por 15 minutos. Ninguém da {brand} vai pedi-los: não os encaminhe.",
        "not_you": "Se você não os pediu, não precisa fazer nada. Sem eles ninguém entra.",
    },
}


async def queue(services: Services, c: AsyncConnection, asked: Asked, language: str, place: Place) -> None:
    """Have the mail written, in the caller's transaction; code and link wait sealed."""
    mail = {"to": asked.address, "code": asked.code, "link": asked.link, "language": language}
    mail |= {"brand": str(place.face["brand_name"]), "home": place.url}
    sealed = services.secrets.seal(json.dumps(mail).encode())
    await enqueue(c, KIND, {"sealed": base64.b64encode(sealed).decode()})


async def possible(c: AsyncConnection) -> bool:
    """Say whether any mail can be sent from here."""
    return await system_mail.account_for(c) is not None


def sending(services: Services) -> Handler:
    """Return the job: a mail for an address that somebody here owns, nothing for any other."""

    async def run(data: dict[str, Any], attempt: int) -> None:  # noqa: ARG001  the same at each attempt
        mail = json.loads(services.secrets.open(base64.b64decode(data["sealed"])))
        async with services.db.begin() as c:
            if await contacts.owner_of(c, "email", mail["to"]) is None:
                return
            subject, text = write(mail)
            account_id = await system_mail.account_for(c)
            await SystemMail(services).send_link(
                c, mail["to"], subject, text, mail["language"], otherwise=account_id
            )
        services.wake.ring("jobs")

    return run


def write(mail: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and text of the mail."""
    words = _WORDS[mail["language"]]
    brand = mail["brand"]
    where = f"{mail['home']}/{mail['language']}/cases/link/{mail['link']}"
    code = words["code"].format(code=f"{mail['code'][:3]} {mail['code'][3:]}")
    once = words["once"].format(brand=brand)
    parts = [code, f"{words['link']}\n{where}", once, words["not_you"]]
    return words["subject"].format(brand=brand), "\n\n".join(parts)
