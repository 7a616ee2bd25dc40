"""A customer with a case, and the API as an administrator."""

from tests.integration.cards.conftest import conversation, desk, services

__all__ = ["conversation", "desk", "services"]
