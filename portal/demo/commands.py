"""Fill an empty database with the demonstration: real commands, played in the order of time."""

import heapq
from collections.abc import Generator
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.models import Agreement, Challenge, Landing, Notification, Organisation, Proposal
from portal import clock
from portal.demo.agreements import agreement_stories
from portal.demo.content import challenges
from portal.demo.fates import FATES, days_ago
from portal.demo.landed import landed_stories
from portal.demo.measuring import measure
from portal.demo.parties import Cast, add_applications, add_cast
from portal.demo.stories import challenge_story, direct_landing_story
from portal.demo.talents import talent_stories
from portal.demo.ventures import venture_stories
from portal.demo.visits import visit_stories
from portal.settings import SettingsRefused, settings
from portal.transactions import writing

Story = Generator[datetime, None, None]
YEAR = timedelta(days=500)


def fill() -> str:
    """Everything in one transaction; a database that holds organisations is left alone.

    Raises: SettingsRefused in production.
    """
    if settings().is_production:
        raise SettingsRefused("demonstration data are refused when PORTAL_ENV=production")
    with writing() as session:
        if session.scalar(select(func.count()).select_from(Organisation)):
            return "The database holds organisations already; nothing was added."
        play(session, clock.now())
        tables = (Challenge, Proposal, Landing, Agreement)
        told = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    return "Demonstration data are in: {} challenges, {} proposals, {} landing projects, {} agreements.".format(*told)


def play(session: Session, now: datetime) -> None:
    """Tell every story up to this instant, each act at its own time."""
    try:
        _at(now - YEAR, now)
        cast = add_cast(session, clock.now())
        tell(session, stories(session, cast, now), now)
    finally:
        clock.set_offset(settings().clock_offset)
    measure(session, cast)
    add_applications(session)
    # Nobody comes back to half a year of unread notices.
    old = Notification.created_at < now - timedelta(days=6)
    session.execute(update(Notification).where(old).values(read_at=now))


def stories(session: Session, cast: Cast, now: datetime) -> list[Story]:
    """One for each challenge, and for whatever has a life of its own beside them."""
    told = [challenge_story(session, cast, row, FATES[row["key"]], now - days_ago(row["key"])) for row in challenges()]
    told += [*direct_landing_story(session, cast, now), *landed_stories(session, cast, now)]
    told += [*talent_stories(session, cast, now), *agreement_stories(session, cast, now)]
    told += [*visit_stories(session, cast, now), *venture_stories(session, cast, now)]
    return told


def tell(session: Session, told: list[Story], now: datetime) -> None:
    """Always the earliest next act of all stories, so that the event chain runs in the order of time."""
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []
    for story in told:
        _push(waiting, story, order, now)
    while waiting:
        at, _number, story = heapq.heappop(waiting)
        _at(at, now)
        _push(waiting, story, order, now)
        session.flush()
        session.expunge_all()


def _push(waiting: list[tuple[datetime, int, Story]], story: Story, order: "count[int]", now: datetime) -> None:
    """Play the story to its next pause; what lies in the future is not told."""
    at = next(story, None)
    if at is not None and at < now:
        heapq.heappush(waiting, (at, next(order), story))


def _at(instant: datetime, now: datetime) -> None:
    clock.set_offset((instant - now).total_seconds() + settings().clock_offset)
