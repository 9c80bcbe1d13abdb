"""The stories of the people who are followed: a register taken over, and who came since, step by step."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    ConsentUse,
    Landing,
    LandingCategory,
    OrganisationKind,
    Person,
    ReadingPurpose,
    Role,
    TalentChannel,
    TalentClass,
    TalentField,
    TalentStage,
)
from portal import clock
from portal.demo.content import parties, talents
from portal.demo.parties import Cast
from portal.permissions import Actor
from portal.talents.commands import classify_talent, open_talent, register_talent
from portal.talents.consents import give_consent, withdraw_consent
from portal.talents.pool import leave_pool, note_growth, select_for_pool
from portal.talents.posts import record_post
from portal.talents.rules import STAGES, a_year_after
from portal.talents.steps import record_talent_step

Story = Generator[datetime, None, None]
DAY = timedelta(days=1)
PEOPLE = 140
IN_POOL = 22
YEARS = 3
TAKEN_OVER = 492  # days ago the older register was entered, after the fact
DUE = (46, 47, 48)  # joined over a year ago; nobody has recorded yet that they stayed
EDITION = "杭州市高层次人才分类目录（2024 版，演示）"

# How many came at least that far: every step loses some, the last one most.
REACH = dict(zip(STAGES, (140, 124, 107, 88, 71, 46, 14), strict=True))
CLASSES = [(TalentClass.A, 2), (TalentClass.B, 7), (TalentClass.C, 15), (TalentClass.D, 26), (TalentClass.E, 44)]
CHANNELS = [
    (TalentChannel.VISIT, 34),
    (TalentChannel.AGREEMENT, 30),
    (TalentChannel.ENTERPRISE, 24),
    (TalentChannel.FAIR, 20),
    (TalentChannel.CHALLENGE, 12),
    (TalentChannel.VENTURE, 8),
    (TalentChannel.REFERRAL, 7),
    (TalentChannel.RETURN, 5),
]
FIELD_OF = {
    "C38": TalentField.ENERGY,
    "C32": TalentField.MATERIALS,
    "C37": TalentField.AEROSPACE,
    "A01": TalentField.AGRICULTURE,
    "C34": TalentField.MANUFACTURING,
    "C27": TalentField.BIOMEDICINE,
    "C35": TalentField.BIOMEDICINE,
    "I65": TalentField.DIGITAL,
    "C15": TalentField.AGRICULTURE,
    "N77": TalentField.ENERGY,
    "G59": TalentField.MANUFACTURING,
    "C39": TalentField.DIGITAL,
    "C17": TalentField.MATERIALS,
    "C33": TalentField.MATERIALS,
}


class Life(NamedTuple):
    """Who somebody is and how far they come; days of the steps lie before or after the entry."""

    number: int
    name: str
    field: TalentField
    speciality: str
    channel: TalentChannel
    talent_class: TalentClass | None
    employer: str  # key of the organisation
    account: Actor | None
    days: dict[TalentStage, datetime]
    is_in_pool: bool


def talent_stories(session: Session, cast: Cast, now: datetime) -> Iterator[Story]:
    """One story for each person, the same at every telling."""
    for life in _lives(cast, now):
        yield _talent_story(session, cast, life, now)


def _lives(cast: Cast, now: datetime) -> list[Life]:
    dice = Random(20240611)
    words, surnames = talents(), parties()["surnames"]
    homes: dict[OrganisationKind, list[str]] = {}
    for key, row in cast.organisations.items():
        homes.setdefault(row.kind, []).append(key)
    channels = [channel for channel, count in CHANNELS for _one in range(count)]
    classes: list[TalentClass | None] = [one for one, count in CLASSES for _one in range(count)]
    classes += [None] * (PEOPLE - len(classes))
    dice.shuffle(channels)
    dice.shuffle(classes)
    # Researchers who have an account see what is kept about them; so does the first engineer.
    accounts = {key: iter(cast.actors[key, Role.RESEARCHER]) for key in homes[OrganisationKind.INSTITUTE]}
    accounts["e01"] = iter(cast.actors["e01", Role.ENTERPRISE_MEMBER][:1])
    lives = []
    for number in range(PEOPLE):
        furthest = _furthest(number)
        # Every fourth one works at an institute.
        some = homes[OrganisationKind.ENTERPRISE if number % 4 else OrganisationKind.INSTITUTE]
        key = some[number // 4 * 5 % len(some) if not number % 4 else number * 7 % len(some)]
        account = next(accounts[key], None) if key in accounts else None
        field = FIELD_OF.get(str(cast.organisations[key].industry_code), dice.choice(list(words["fields"])))
        given = words["given"][(number * 11 + number // 34) % len(words["given"])]
        name = f"{surnames[number * 5 % len(surnames)]}{given}（演示）"
        lives.append(
            Life(
                number=number,
                name=account.name if account else name,
                field=TalentField(field),
                speciality=dice.choice(words["fields"][TalentField(field).value]),
                channel=channels[number],
                talent_class=classes[number],
                employer=key,
                account=account,
                days=_days(dice, now, furthest, is_due=number in DUE),
                is_in_pool=False,
            )
        )
    young = [life for life in lives if TalentStage.JOINED in life.days and life.talent_class in (None, TalentClass.E)]
    chosen = {life.number for life in young[3 : 3 + IN_POOL + 1]}
    return [life._replace(is_in_pool=life.number in chosen) for life in lives]


def _furthest(number: int) -> TalentStage:
    """The first ones come furthest."""
    return next(stage for stage in reversed(STAGES) if number < REACH[stage])


def _days(dice: Random, now: datetime, furthest: TalentStage, *, is_due: bool) -> dict[TalentStage, datetime]:
    """When each step happened: long enough ago for all of them, a stay of a year included."""
    spans = {
        TalentStage.VISITED: (5, 35),
        TalentStage.REGISTERED: (3, 25),
        TalentStage.MATCHED: (10, 50),
        TalentStage.JOINED: (15, 70),
        TalentStage.RETAINED: (0, 20),
        TalentStage.LEADS: (20, 120),
    }
    place = STAGES.index(furthest)
    gaps = [dice.randint(*spans[stage]) for stage in STAGES[1 : place + 1]]
    whole = sum(gaps) + (366 if place >= STAGES.index(TalentStage.RETAINED) else 0)
    latest = whole + (400 if is_due else 12)
    # Whoever has joined and stayed a year longer than that would have been recorded as staying.
    earliest = min(YEARS * 360, latest + (60 if is_due else 330)) if furthest is TalentStage.JOINED else YEARS * 360
    at = now - dice.randint(min(latest, earliest), max(latest, earliest)) * DAY
    days = {STAGES[0]: at}
    for stage, gap in zip(STAGES[1:], gaps, strict=False):
        if stage is TalentStage.RETAINED:
            at = clock.from_local(*a_year_after(clock.local(at).date()).timetuple()[:3], 10)
        at += gap * DAY
        days[stage] = at
    return days


def _talent_story(session: Session, cast: Cast, life: Life, now: datetime) -> Story:
    """Registered with what had happened by then, and followed from then on."""
    operator = cast.one("", Role.OPERATOR, life.number)
    entry = max(life.days[TalentStage.REACHED] + 2 * DAY, now - (TAKEN_OVER - life.number % 12) * DAY)
    yield entry
    talent_id = _register(session, cast, operator, life)
    waiting = [stage for stage in STAGES[1:] if stage in life.days]
    while waiting:
        at = life.days[waiting[0]] + DAY
        if at > clock.now():
            yield at
            open_talent(session, operator, talent_id=talent_id, purpose=ReadingPurpose.FOLLOW_UP)
        _step(session, cast, operator, life, talent_id, waiting.pop(0))
    if life.is_in_pool:
        yield from _in_pool(session, cast, life, talent_id)


def _register(session: Session, cast: Cast, operator: Actor, life: Life) -> UUID:
    words = talents()
    organisation = cast.organisations[life.employer]
    is_here = TalentStage.VISITED in life.days
    account = session.get_one(Person, life.account.acting_person).email if life.account else ""
    talent_id = register_talent(
        session,
        operator,
        name=life.name,
        field=life.field,
        speciality=life.speciality,
        channel=life.channel,
        reached_on=clock.local(life.days[TalentStage.REACHED]).date(),
        source=words["sources"][life.channel.value][life.number % len(words["sources"][life.channel.value])],
        consent=True,
        town_code=organisation.town_code if is_here else None,
        email=f"talent{life.number + 1}@demo.example.org",
        account_email=account,
    )
    if life.number % 5 < 3:
        give_consent(session, operator, talent_id=talent_id, use=ConsentUse.MATCHING)
    if life.number % 7 == 0:
        give_consent(session, operator, talent_id=talent_id, use=ConsentUse.PUBLIC_CARD)
    if life.number % 4 == 0:
        give_consent(session, operator, talent_id=talent_id, use=ConsentUse.MAIL)
    if life.number % 40 == 1:
        withdraw_consent(session, operator, talent_id=talent_id, use=ConsentUse.MATCHING)
    return talent_id


def _step(session: Session, cast: Cast, operator: Actor, life: Life, talent_id: UUID, stage: TalentStage) -> None:
    words = talents()["steps"][stage.value]
    source = words[life.number % len(words)]
    if stage is TalentStage.LEADS:
        talent_project = select(Landing.number).where(Landing.category == LandingCategory.TALENT, Landing.is_public)
        source = session.scalars(talent_project.order_by(Landing.number).limit(1)).first() or source
    day = clock.local(life.days[stage]).date()
    record_talent_step(
        session, operator, talent_id=talent_id, version=None, stage=stage, happened_on=day, source=source
    )
    if stage is TalentStage.REGISTERED and life.talent_class is not None:
        classify_talent(
            session,
            operator,
            talent_id=talent_id,
            version=None,
            talent_class=life.talent_class,
            class_edition=EDITION,
            certificate_number=f"YHRC{life.number + 1:04d}",
            certificate_on=day,
        )
    if stage is TalentStage.JOINED:
        _begin_work(session, cast, operator, life, talent_id, day)


def _begin_work(session: Session, cast: Cast, operator: Actor, life: Life, talent_id: UUID, day: Any) -> None:
    """The post, and for some a second one at an institute (双聘)."""
    words = talents()
    common: dict[str, Any] = {"talent_id": talent_id, "version": None, "since": day}
    main = cast.organisations[life.employer]
    titles = words["institute_posts" if main.kind is OrganisationKind.INSTITUTE else "posts"]
    post = titles[life.number % len(titles)]
    record_post(session, operator, post=post, employer_id=main.id, is_main=True, **common)
    if life.number % 4 == 0:
        institutes = [row for row in cast.organisations.values() if row.kind is OrganisationKind.INSTITUTE]
        beside = institutes[life.number // 4 % len(institutes)]
        if beside.id != main.id:
            title = words["beside"][life.number // 4 % len(words["beside"])]
            record_post(session, operator, post=title, employer_id=beside.id, **common)


def _in_pool(session: Session, cast: Cast, life: Life, talent_id: UUID) -> Story:
    """Taken into the pool some weeks after joining, with a plan; notes follow, one has left again."""
    words, operator = talents(), cast.one("", Role.OPERATOR, life.number)
    at = max(clock.now(), life.days[TalentStage.JOINED]) + (20 + life.number % 30) * DAY
    for round_, pause in enumerate((0, 60, 75)):
        at += pause * DAY
        yield at
        open_talent(session, operator, talent_id=talent_id, purpose=ReadingPurpose.POOL)
        if round_ == 0:
            select_for_pool(
                session,
                operator,
                talent_id=talent_id,
                selected_on=clock.today(),
                reason=words["pool_reasons"][life.number % len(words["pool_reasons"])],
                plan=words["pool_plans"][life.number % len(words["pool_plans"])],
            )
            continue
        note = words["notes"][(life.number + round_) % len(words["notes"])]
        note_growth(session, operator, talent_id=talent_id, noted_on=clock.today(), words=note)
        if life.number % 11 == 0:
            leave_pool(session, operator, talent_id=talent_id, left_on=clock.today(), reason=words["left"])
            return
