"""The way in to one's own cases, and out: forms that never tell whether we know somebody."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from trato.access import audit, cookies, emails, throttle
from trato.access.edge import client_ip, public
from trato.access.throttle import Limit
from trato.db.edge import Services, Shared
from trato.kit.clock import now
from trato.kit.errors import Invalid, TooMany
from trato.portal import customers, edge
from trato.portal.centre import frame as frames
from trato.portal.centre.places import PLACED, place_of
from trato.portal.my_cases import sign_in, sign_in_mail, view
from trato.portal.my_cases.sign_in import Entered

router = APIRouter(include_in_schema=False, dependencies=[PLACED])

# Counted for known and unknown addresses alike: no mailbox is flooded, and of a million codes few are tried.
_BY_NETWORK: Final = Limit("sign-in-by-network", 30, timedelta(hours=1))
_FOR_ADDRESS_HERE: Final = Limit("sign-in-for-address", 5, timedelta(hours=1))  # from one network
_FOR_ADDRESS: Final = Limit("sign-in-for-address-all", 15, timedelta(days=1))
_TRIES: Final = Limit("sign-in-tries", 40, timedelta(hours=1))  # by network

Address = Annotated[str, Form(max_length=1_000)]


async def door(
    request: Request, shared: Services, language: str, *, done: str = "", why: str = ""
) -> Response:
    """Show where somebody writes their address: whoever is not signed in, or must show it again."""
    async with shared.db.connect() as c:
        said = view.words()[language]
        mails = await sign_in_mail.possible(c)
        return await view.show(
            request,
            c,
            language,
            "enter.html",
            title=said["cases"],
            done=done,
            problem=said[why] if why else "",
            email="",
            mails=mails,
            over=False,
        )


@router.post("/help/{language}/cases/ask", dependencies=[public(own_pages=True)])
async def ask(request: Request, shared: Shared, language: str, email: Address = "") -> Response:
    """Send code and link to an address that is known here; the answer is the same for every other."""
    edge.limit_network(request, shared)
    frames.known(language)
    said = view.words()[language]
    try:
        address = emails.checked(email)
        await _count(request, shared, emails.key(address))
        async with shared.db.begin() as c:
            asked = await sign_in.ask(c, shared.secrets, address, now())
            await sign_in_mail.queue(shared, c, asked, language, place_of(request))
    except Invalid:
        return await _refused(request, shared, language, said["bad_email"], email, 422)
    except TooMany:
        return await _refused(request, shared, language, said["too_many"], email, 429)
    shared.wake.ring("jobs")
    answer = view.go(request, language, "/code")
    view.remember_asking(answer, asked.browser)
    return answer


@router.get("/help/{language}/cases/ask", dependencies=[public()])
@router.get("/help/{language}/cases/out", dependencies=[public()])
async def back(request: Request, shared: Shared, language: str) -> Response:
    """Lead to the page of a form whose address somebody opened: it stood there after a refusal."""
    edge.limit_network(request, shared)
    return view.go(request, frames.known(language))


@router.get("/help/{language}/cases/code", dependencies=[public()])
async def code_page(request: Request, shared: Shared, language: str) -> Response:
    """Show where the code is typed."""
    edge.limit_network(request, shared)
    frames.known(language)
    if cookies.only(request, view.ASKING) is None:
        return view.go(request, language)
    return await _code(request, shared, language)


@router.post("/help/{language}/cases/code", dependencies=[public(own_pages=True)])
async def take_code(
    request: Request, shared: Shared, language: str, code: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Let in who types the code in the browser that asked for it."""
    edge.limit_network(request, shared)
    frames.known(language)
    browser = cookies.only(request, view.ASKING)
    if browser is None:
        return view.go(request, language)
    try:
        await _count_try(request, shared)
        entered = await sign_in.enter_by_code(shared, browser, code, now())
    except TooMany:
        return await _code(request, shared, language, "too_many", 429)
    if isinstance(entered, Entered):
        return await _let_in(request, shared, language, entered, "code")
    return await _code(request, shared, language, entered, 422)


@router.get("/help/{language}/cases/link/{token}", dependencies=[public()])
async def link_page(request: Request, shared: Shared, language: str, token: str) -> Response:
    """Show whose link it is, masked; to open it lets nobody in, whatever follows links."""
    edge.limit_network(request, shared)
    frames.known(language)
    return await _link(request, shared, language, token)


@router.post("/help/{language}/cases/link/{token}", dependencies=[public(own_pages=True)])
async def take_link(
    request: Request, shared: Shared, language: str, token: str, email: Address = ""
) -> Response:
    """Let in who opened the link: in the browser that asked, or who knows to which address it came."""
    edge.limit_network(request, shared)
    frames.known(language)
    browser = cookies.only(request, view.ASKING)
    try:
        await _count_try(request, shared)
        entered = await sign_in.enter_by_link(shared, token, browser, email, now())
    except TooMany:
        return await _link(request, shared, language, token, "too_many", 429, email=email)
    if isinstance(entered, Entered):
        return await _let_in(request, shared, language, entered, "link")
    return await _link(request, shared, language, token, "link_wrong", 422, email=email)


@router.post("/help/{language}/cases/out", dependencies=[public(own_pages=True)])
async def leave(
    request: Request,
    shared: Shared,
    language: str,
    everywhere: Annotated[str, Form(pattern="^(yes)?$")] = "",
) -> Response:
    """Sign out, here or in all browsers."""
    edge.limit_network(request, shared)
    frames.known(language)
    token = cookies.only(request, customers.SESSION)
    if token is not None:
        async with shared.db.begin() as c:
            customer = await customers.find(c, token, now())
            if customer is not None and everywhere:
                await customers.end_all(c, customer.contact_id)
            await customers.end(c, token)
    answer = view.go(request, language, "?out")
    view.forget(answer, customers.SESSION)
    return answer


async def _let_in(request: Request, shared: Services, language: str, entered: Entered, how: str) -> Response:
    who = f"contact:{entered.contact_id}"
    async with shared.db.begin() as c:
        await audit.record(c, who, "contact.signed_in", who, {"by": how}, ip=client_ip(request))
    answer = view.go(request, language)
    view.let_in(answer, entered.token)
    return answer


async def _refused(
    request: Request, shared: Services, language: str, problem: str, email: str, status: int
) -> Response:
    async with shared.db.connect() as c:
        return await view.show(
            request,
            c,
            language,
            "enter.html",
            title=view.words()[language]["cases"],
            status=status,
            problem=problem,
            email=email[:254],
            mails=True,
            over=False,
        )


async def _code(
    request: Request, shared: Services, language: str, why: str = "", status: int = 200
) -> Response:
    said = view.words()[language]
    async with shared.db.connect() as c:
        return await view.show(
            request,
            c,
            language,
            "code.html",
            title=said["code_title"],
            below="/code",
            status=status,
            problem=said[why] if why else "",
            usable=why not in ("locked", "over"),
        )


async def _link(
    request: Request,
    shared: Services,
    language: str,
    token: str,
    why: str = "",
    status: int = 200,
    *,
    email: str = "",
) -> Response:
    said = view.words()[language]
    browser = cookies.only(request, view.ASKING)
    async with shared.db.connect() as c:
        opened = await sign_in.look_at_link(c, shared.secrets, token, browser, now())
        if opened is None:
            return await view.show(
                request,
                c,
                language,
                "enter.html",
                title=said["link_over_title"],
                status=410,
                email="",
                mails=await sign_in_mail.possible(c),
                over=True,
            )
        return await view.show(
            request,
            c,
            language,
            "link.html",
            title=said["cases"],
            below=f"/link/{token}",
            status=status,
            problem=said[why] if why else "",
            asks=opened.asks_address,
            email=email[:254],
            masked=opened.masked,
        )


async def _count(request: Request, shared: Services, address: str) -> None:
    network = throttle.network(client_ip(request))
    await edge.count(shared, _BY_NETWORK, network)
    await edge.count(shared, _FOR_ADDRESS_HERE, network, address)
    await edge.count(shared, _FOR_ADDRESS, address)


async def _count_try(request: Request, shared: Services) -> None:
    await edge.count(shared, _TRIES, throttle.network(client_ip(request)))
