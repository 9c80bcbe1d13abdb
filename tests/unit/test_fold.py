"""Long titles are broken into lines, since a link cuts off what does not fit."""

import pytest

from portal.ui.fold import LINE, fold, width_of


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("超细漆包线针孔在线检测", ["超细漆包线针孔在线检测"]),
        ("InGaAs雪崩探测器扩散边缘击穿与暗电流", ["InGaAs雪崩探测器扩", "散边缘击穿与暗电流"]),
        ("Inspection of aluminium foil rolling lines", ["Inspection of aluminium foil", "rolling lines"]),
        (
            "Renhe 街道 Subdistrict 高速箔轧板形闭环与断带预警",
            ["Renhe 街道 Subdistrict 高", "速箔轧板形闭环与断带预警"],
        ),
        ("", [""]),
    ],
)
def test_lines_are_broken_at_spaces_and_of_like_length(title: str, lines: list[str]) -> None:
    assert fold(title, 34) == lines


@pytest.mark.parametrize("title", ["题" * 60, "a" * 200, "混箱拆垛 mixed words " * 6, "🏭" * 40])
def test_nothing_is_lost_and_no_line_is_too_long(title: str) -> None:
    lines = fold(title)

    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert len(lines) > 1
    assert all(width_of(line) <= LINE for line in lines)


def test_a_word_is_kept_whole_where_it_fits() -> None:
    assert fold("Yuhang Subdistrict", 14) == ["Yuhang", "Subdistrict"]
