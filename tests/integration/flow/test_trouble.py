"""What needs a hand is mended without holding up anybody else."""

import asyncio
import threading

import pytest
from tests.support.loop import mail

from trato.flow import trouble_api
from trato.flow.inbound import keep_broken
from trato.flow.schemas import ReceiptBody

from .test_desk import SARA
from .test_inbound import rows


@pytest.mark.timeout(60)
async def test_an_original_is_read_again_while_others_are_served(
    services, account, loop_connector, monkeypatch
):
    served = threading.Event()

    def read(raw, _account, *, provider_id):
        assert raw == b"fifty megabytes of MIME"
        assert served.wait(20), "the loop was held up by the reading"
        return mail(provider_id=provider_id)

    monkeypatch.setattr(loop_connector, "read", read)
    await keep_broken(services, account.id, "p1", b"fifty megabytes of MIME", "?")
    body = ReceiptBody(account_id=account.id, provider_id="p1")
    retrying = asyncio.create_task(trouble_api.retry(SARA, services, body))
    assert await rows(services, "SELECT 1 AS one") == [{"one": 1}]
    asyncio.get_running_loop().call_later(0.1, served.set)
    assert (await retrying)["outcome"] == "new"
