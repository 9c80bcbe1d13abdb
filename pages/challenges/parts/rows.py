"""One challenge in a list: as a card, or as a line of a table."""

from portal.challenges.queries import ChallengeRow
from portal.organisations.places import industry_name, town_name
from portal.ui import _, date_time, label, language, money, time_left
from portal.ui.lists import Card

SUMMARY_ON_CARD = 90


def deadline(row: ChallengeRow) -> str:
    """The deadline with the time left while it still runs."""
    if row.closes_at is None:
        return ""
    left = f" · {time_left(row.closes_at)}" if row.status.value == "open" else ""
    return date_time(row.closes_at) + left


def card(row: ChallengeRow) -> Card:
    place = [row.organisation, town_name(row.town_code, language()), industry_name(row.industry_code, language())]
    wants = [
        _("Budget {sum}", sum=money(row.budget_fen)) if row.budget_fen else "",
        _("Readiness {level}", level=row.trl_wanted) if row.trl_wanted else "",
    ]
    until, summary = deadline(row), row.summary
    return Card(
        row.title or _("Untitled draft"),
        "challenge",
        row.id,
        badges=[row.status],
        note=row.number,
        text=summary if len(summary) <= SUMMARY_ON_CARD else summary[: SUMMARY_ON_CARD - 1] + "…",
        lines=[
            " · ".join(part for part in place if part),
            " · ".join(part for part in wants if part),
            _("Until {deadline}", deadline=until) if until else "",
        ],
    )


def cells(row: ChallengeRow) -> tuple[Card, list[str]]:
    """The same as a line of a table."""
    return card(row), [row.organisation, label(row.status), deadline(row), money(row.budget_fen)]
