"""The worker process: sends, listens, delivers webhooks, keeps the house."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from trato.access import tasks as access_tasks
from trato.app.wiring import open_services
from trato.automation.rules import engine
from trato.automation.rules import service as rules
from trato.automation.sla import clocks
from trato.cards import tasks as card_tasks
from trato.conversations import reminders
from trato.db.edge import Services
from trato.db.jobs import Handler, Worker
from trato.db.periodic import Periodic
from trato.finding import following
from trato.flow import callbacks, incident_news, orphans, outbound, scheduled, system_mail
from trato.flow import tasks as flow_tasks
from trato.flow.listening import Listeners
from trato.gaps import grouping
from trato.gaps import tasks as gap_tasks
from trato.incidents import matching
from trato.incidents import service as incidents
from trato.incidents import tasks as incident_tasks
from trato.knowledge import unanswered
from trato.live import tasks as live_tasks
from trato.live.consumers import Consumer
from trato.notifications import digest, pushing, telling
from trato.notifications import tasks as notification_tasks
from trato.portal import callback_mail
from trato.portal import tasks as portal_tasks
from trato.portal.my_cases import sign_in_mail
from trato.privacy import erasing
from trato.privacy import service as privacy
from trato.routing import hours_feed
from trato.routing import tasks as routing_tasks
from trato.settings import Settings
from trato.trail import tasks as trail_tasks
from trato.verbatim import service as verbatim
from trato.webhooks import queries as webhook_queries
from trato.webhooks import tasks as webhook_tasks
from trato.webhooks.sender import Sender


def rounds(services: Services, settings: Settings) -> Sequence[Periodic]:
    """Return what is done again and again."""
    keep = timedelta(days=settings.event_days)
    return (
        live_tasks.retention(services.db, keep, holds=[webhook_queries.lowest_position]),
        webhook_tasks.retention(services.db),
        card_tasks.forgetting(services.db),
        flow_tasks.housekeeping(services),
        callbacks.coming_due(services),
        routing_tasks.measuring(services),
        callback_mail.answering(services),
        orphans.sweeping(services),
        reminders.reminding(services),
        access_tasks.housekeeping(services.db),
        portal_tasks.housekeeping(services.db),
        incident_tasks.housekeeping(services),
        unanswered.retention(services.db, timedelta(days=settings.question_days)),
        gap_tasks.retention(
            services.db,
            questions=timedelta(days=settings.question_days),
            feedback_kept=timedelta(days=settings.feedback_days),
        ),
        grouping.grouping(services.db),
        trail_tasks.expiry(services.db, timedelta(days=settings.trail_days)),
        rules.retention(services.db),
        hours_feed.fetching(services.db, allow_private=settings.webhooks_allow_private),
        routing_tasks.lending(services.db),
        following.tidying(services),
        notification_tasks.retention(services),
        digest.mailing(services),
        verbatim.forgetting(services.db),
    )


def handlers(services: Services, settings: Settings) -> Mapping[str, Handler]:
    """Return what runs each kind of job."""

    async def send(data: dict[str, Any], attempt: int) -> None:
        await outbound.send(services, data, attempt)

    return {
        "send": send,
        system_mail.KIND: system_mail.sending(services),
        sign_in_mail.KIND: sign_in_mail.sending(services),
        privacy.KIND: erasing.erasing(services),
        clocks.TICK: clocks.ticking(services.db),
        scheduled.KIND: scheduled.releasing(services),
        pushing.KIND: pushing.sending(services, allow_private=settings.webhooks_allow_private),
        incidents.TELL: incident_news.telling(services),
        incidents.MATCH: matching.looking_back(services),
        **{job.kind: job for job in rounds(services, settings)},
    }


def consumers(services: Services) -> Sequence[Consumer]:
    """Return who follows the event log."""
    return (
        Consumer(clocks.CONSUMER, services.db, services.wake, clocks.handle, types=clocks.TYPES),
        engine.consumer(services),
        matching.consumer(services),
        following.consumer(services),
        telling.consumer(services),
        verbatim.consumer(services),
    )


async def work(settings: Settings, dsn: str, ready: Callable[[], None]) -> None:
    """Work until cancelled; calls `ready` once it does."""
    async with open_services(settings, dsn, "work") as services:
        async with services.db.begin() as c:
            for job in rounds(services, settings):
                await job.schedule(c)
        sender = Sender(
            services.db, services.wake, services.secrets, allow_private=settings.webhooks_allow_private
        )
        worker = Worker(services.db, services.wake, handlers(services, settings))
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(), name="jobs")
            group.create_task(Listeners(services).run(), name="listeners")
            group.create_task(sender.run(), name="webhooks")
            group.create_task(following.Builder(services.db).run(), name="finding-read")
            for consumer in consumers(services):
                group.create_task(consumer.run(), name=consumer.name)
            ready()
