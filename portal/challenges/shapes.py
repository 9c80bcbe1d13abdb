"""The sections of a challenge as data: what each is for, its fields, their help and limits."""

from dataclasses import dataclass
from enum import StrEnum

from db.models import Disclosure, SectionKey
from portal.errors import N_

LINE_LIMIT = 120
TITLE_LIMIT = 100
SUMMARY_LIMIT = 300
NOTE_LIMIT = 600
TEXT_LIMIT = 10_000


class Kind(StrEnum):
    """How a field is typed and shown."""

    LINE = "line"
    TEXT = "text"
    INDUSTRY = "industry"
    TOWN = "town"
    READINESS = "readiness"  # technology readiness level 1 to 9 (GB/T 22900)
    MONEY = "money"  # fen; typed in 万元
    IP = "ip"
    MOMENT = "moment"  # ISO text on a clock in Hangzhou


@dataclass(frozen=True)
class Field:
    """One field of a section; a draft may leave it empty, `required` is what is said about that at submission."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    limit: int = 0
    required: str = ""
    shown: str = ""  # the label where it is read, if typing it needs another


@dataclass(frozen=True)
class Shape:
    """What a section is for and holds."""

    help: str
    fields: tuple[Field, ...]
    disclosure: Disclosure = Disclosure.PUBLIC
    # Lists and filters show these to everybody, so they cannot be hidden.
    always_public: bool = False


_NOTE = Field("note", Kind.TEXT, N_("Note"), limit=NOTE_LIMIT)

SHAPES: dict[SectionKey, Shape] = {
    SectionKey.PROBLEM: Shape(
        N_("What shall be solved. Title, summary, industry, town and readiness stand in public lists."),
        (
            Field(
                "title",
                Kind.LINE,
                N_("Title"),
                N_("The object and the aim, e.g. “Thinner enamel on 0.02 mm copper wire without pinholes”."),
                TITLE_LIMIT,
                required=N_("Problem: the title is missing."),
            ),
            Field(
                "summary",
                Kind.LINE,
                N_("Summary"),
                N_("One or two sentences that a researcher of another field understands."),
                SUMMARY_LIMIT,
                required=N_("Problem: the summary is missing."),
            ),
            Field(
                "text",
                Kind.TEXT,
                N_("Description"),
                N_("What happens today, what was tried, what the answer must fit into."),
                TEXT_LIMIT,
                required=N_("Problem: the description is missing."),
            ),
            Field(
                "industry_code",
                Kind.INDUSTRY,
                N_("Industry"),
                N_("Division of GB/T 4754."),
                required=N_("Problem: please choose the industry."),
            ),
            Field(
                "town_code",
                Kind.TOWN,
                N_("Town"),
                N_("Where the line stands."),
                required=N_("Problem: please choose the town."),
            ),
            Field(
                "trl_wanted",
                Kind.READINESS,
                N_("Readiness wanted"),
                N_("Technology readiness level that the answer shall reach, 1 to 9 (GB/T 22900)."),
                required=N_("Problem: please choose the readiness wanted."),
            ),
            Field("trl_now", Kind.READINESS, N_("Readiness today"), N_("How far your own work has come, if any.")),
        ),
        always_public=True,
    ),
    SectionKey.BACKGROUND: Shape(
        N_("Why it matters: product, market, volume."),
        (Field("text", Kind.TEXT, N_("Background"), limit=TEXT_LIMIT),),
    ),
    SectionKey.TODAY: Shape(
        N_("What you do today and what it costs: proposals are compared with it."),
        (
            Field(
                "text",
                Kind.TEXT,
                N_("Today's solution"),
                limit=TEXT_LIMIT,
                required=N_("Today's solution: please describe it."),
            ),
            Field(
                "cost_fen",
                Kind.MONEY,
                N_("Its cost a year, in 10,000 yuan (万元)"),
                N_("Scrap, rework, purchased parts. Digits with a unit are understood too, e.g. 1.2 亿元."),
                shown=N_("Its cost a year"),
            ),
            Field("cost_note", Kind.TEXT, N_("What the cost is made of"), limit=NOTE_LIMIT),
        ),
    ),
    SectionKey.METRICS: Shape(
        N_("What is measured on the line, with unit and limits. The portal judges the runs by these figures."),
        (_NOTE,),
        always_public=True,
    ),
    SectionKey.BUDGET: Shape(
        N_("What you pay for the answer, and from which source."),
        (
            Field(
                "sum_fen",
                Kind.MONEY,
                N_("Budget in 10,000 yuan (万元)"),
                N_("Digits with a unit are understood too, e.g. 1.2 亿元."),
                required=N_("Budget: the sum is missing."),
                shown=N_("Sum"),
            ),
            Field(
                "source",
                Kind.LINE,
                N_("Source of the money"),
                N_("For example: own funds; own funds and a district grant."),
                LINE_LIMIT,
                required=N_("Budget: the source of the money is missing."),
            ),
            _NOTE,
        ),
    ),
    SectionKey.IP: Shape(
        N_("Who owns what comes out of it."),
        (
            Field(
                "regime",
                Kind.IP,
                N_("Ownership of the results"),
                required=N_("Intellectual property: please choose who owns the results."),
            ),
            _NOTE,
        ),
    ),
    SectionKey.LINE: Shape(
        N_("Where the answer is proven."),
        (
            Field(
                "line",
                Kind.LINE,
                N_("Line"),
                N_("For example: enamelling line 3."),
                LINE_LIMIT,
                required=N_("Line and site: please name the line."),
            ),
            Field("site", Kind.LINE, N_("Site"), limit=LINE_LIMIT),
            Field("text", Kind.TEXT, N_("When and how it can be used"), limit=TEXT_LIMIT),
        ),
    ),
    SectionKey.SCHEDULE: Shape(
        N_("When it opens and closes, on a clock in Hangzhou. The deadline is the first instant that is late."),
        (
            Field(
                "opens_on",
                Kind.MOMENT,
                N_("Opens at"),
                N_("Leave it empty to open as soon as an operator publishes it."),
            ),
            Field(
                "closes_at",
                Kind.MOMENT,
                N_("Deadline"),
                N_("For example 2026-03-05 17:00; 24:00 is the next day 00:00."),
                required=N_("Schedule: the deadline is missing."),
            ),
            _NOTE,
        ),
        always_public=True,
    ),
    SectionKey.RUBRIC: Shape(
        N_("By what proposals are judged. The weights sum to 100 and freeze when the challenge opens."),
        (_NOTE,),
        always_public=True,
    ),
    SectionKey.CONFIDENTIAL: Shape(
        N_("Process windows, recipes, real yield: read only under the confidentiality agreement."),
        (Field("text", Kind.TEXT, N_("Confidential details"), limit=TEXT_LIMIT),),
        disclosure=Disclosure.NDA,
    ),
    SectionKey.ATTACHMENTS: Shape(N_("Drawings, photographs, data. At most 20 MB each."), (_NOTE,)),
}
"""Every section in the order of the form."""
