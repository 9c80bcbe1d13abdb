"""The columns of the challenge import: their headings in both languages, what they fill, help and example."""

from typing import NamedTuple

from db.models import SectionKey
from portal.errors import N_

MOST_METRICS = 8
MOST_CRITERIA = 6


class Column(NamedTuple):
    """One column; `section` and `field` say where its text goes, the first two go to the record itself."""

    key: str
    heading_zh: str
    heading_en: str
    help: str
    example: str
    section: SectionKey | None = None
    field: str = ""
    is_required: bool = False

    def heading(self, language: str) -> str:
        return self.heading_zh if language == "zh_CN" else self.heading_en


_K = SectionKey
_PARTS = N_("Parts with | between: name|unit|lower|upper|target|mandatory (yes or no)|method; empty parts stay empty.")
_CRITERION = N_("Parts with | between: name|weight|description; all weights sum to 100.")


def _metric(number: int) -> Column:
    example = "双边漆膜厚度|µm|120|140|132|是|每轴首尾各3点" if number == 1 else ""
    return Column(f"metric_{number}", f"指标{number}", f"Metric {number}", _PARTS, example, _K.METRICS, str(number))


def _criterion(number: int) -> Column:
    examples = {1: "绝缘性能|60|厚度与起始电压同时满足", 2: "成本|40|"}
    return Column(
        f"criterion_{number}",
        f"评审标准{number}",
        f"Criterion {number}",
        _CRITERION,
        examples.get(number, ""),
        _K.RUBRIC,
        str(number),
    )


COLUMNS: tuple[Column, ...] = (
    Column(
        "reference",
        "外部编号",
        "Reference",
        N_("Your own number of the challenge; it is kept, and the same one is not imported twice for an enterprise."),
        "XQ-2026-001",
        is_required=True,
    ),
    Column(
        "credit_code",
        "企业统一社会信用代码",
        "Credit code",
        N_("Credit code of the enterprise, 18 characters; it must be verified in the portal."),
        "91350100M000100Y43",
        is_required=True,
    ),
    Column(
        "title",
        "课题名称",
        "Title",
        N_("At most 100 characters."),
        "800 V 电机扁线漆膜减薄",
        _K.PROBLEM,
        "title",
        is_required=True,
    ),
    Column(
        "summary",
        "摘要",
        "Summary",
        N_("One or two public sentences."),
        "减薄漆膜而不降低局部放电起始电压。",
        _K.PROBLEM,
        "summary",
    ),
    Column(
        "problem",
        "需求描述",
        "Description",
        N_("What shall be solved."),
        "现有填料漆放置两周后出现沉降。",
        _K.PROBLEM,
        "text",
    ),
    Column(
        "industry",
        "行业",
        "Industry",
        N_("Code or name of a GB/T 4754 division, e.g. C38."),
        "C38",
        _K.PROBLEM,
        "industry_code",
    ),
    Column("town", "镇街", "Town", N_("A town or subdistrict of Yuhang."), "瓶窑镇", _K.PROBLEM, "town_code"),
    Column(
        "trl_wanted", "目标技术成熟度", "Readiness wanted", N_("A whole number, 1 to 9."), "7", _K.PROBLEM, "trl_wanted"
    ),
    Column("trl_now", "当前技术成熟度", "Readiness today", N_("A whole number, 1 to 9."), "4", _K.PROBLEM, "trl_now"),
    Column("background", "背景", "Background", N_("Why it matters."), "年产扁线 3,000 吨。", _K.BACKGROUND, "text"),
    Column(
        "today",
        "现有方案",
        "Today's solution",
        N_("What is done today."),
        "双边 170 µm 的漆膜。",
        _K.TODAY,
        "text",
    ),
    Column(
        "cost",
        "现有年成本（万元）",
        "Cost a year (10,000 yuan)",
        N_("Digits; another unit may be written behind them, e.g. 1.2 亿元."),
        "410",
        _K.TODAY,
        "cost_fen",
    ),
    *(_metric(number) for number in range(1, MOST_METRICS + 1)),
    Column(
        "budget",
        "预算（万元）",
        "Budget (10,000 yuan)",
        N_("Digits; another unit may be written behind them, e.g. 1.2 亿元."),
        "360",
        _K.BUDGET,
        "sum_fen",
    ),
    Column("source", "资金来源", "Source of the money", N_("For example: own funds."), "企业自筹", _K.BUDGET, "source"),
    Column(
        "ip",
        "成果权属",
        "Ownership of the results",
        N_("One of: {choices}"),
        "成果双方共有",
        _K.IP,
        "regime",
    ),
    Column("ip_note", "权属说明", "Note on ownership", N_("A sentence."), "", _K.IP, "note"),
    Column("line", "产线", "Line", N_("The line on which the answer is proven."), "5 号立式漆包机", _K.LINE, "line"),
    Column("site", "场地", "Site", N_("Where it stands."), "瓶窑厂区二车间", _K.LINE, "site"),
    Column("line_text", "产线使用条件", "Use of the line", N_("When and how it can be used."), "", _K.LINE, "text"),
    Column(
        "opens_on",
        "开放时间",
        "Opens at",
        N_("Like 2026-03-05 09:00, on a clock in Hangzhou; empty: as soon as it is published."),
        "",
        _K.SCHEDULE,
        "opens_on",
    ),
    Column(
        "closes_at",
        "截止时间",
        "Deadline",
        N_("Like 2026-03-05 17:00, on a clock in Hangzhou; the first instant that is late."),
        "",
        _K.SCHEDULE,
        "closes_at",
    ),
    *(_criterion(number) for number in range(1, MOST_CRITERIA + 1)),
    Column(
        "confidential",
        "保密内容",
        "Confidential details",
        N_("Read only under the confidentiality agreement."),
        "",
        _K.CONFIDENTIAL,
        "text",
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
