"""The help centre: pages made on the server that need no script."""

from typing import Final

from trato.portal.centre import feeds, look, lost, pages, report, search, solved, status, tell_me, writing

# In this order: fixed names before those that hold a language, and last what is nobody's.
CENTRE: Final = (
    look.router,
    feeds.router,
    status.router,
    tell_me.router,
    solved.router,
    search.router,
    writing.router,
    report.router,
    pages.router,
    lost.router,
)
