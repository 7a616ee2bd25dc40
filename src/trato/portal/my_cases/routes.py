"""The routes of a contact's own cases, in this order: fixed names before those that hold a number."""

from typing import Final

from trato.portal.my_cases import acts, case_pages, data_pages, sign_in_pages

MY_CASES: Final = (sign_in_pages.router, data_pages.router, acts.router, case_pages.router)
