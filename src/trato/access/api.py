"""The access API: sign-in, links, one's own account, users, API keys and the audit log."""

from fastapi import APIRouter

from trato.access.routes import administration, links, me, session

router = APIRouter()
for part in (session, links, me, administration):
    router.include_router(part.router)
