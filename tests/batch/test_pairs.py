"""Front and back are told by names that can mean nothing else; a wrong pair is worse than none."""

import pytest

from postmark_id.batch.discover import Found
from postmark_id.batch.pairs import Pairing, pair
from postmark_id.errors import UsageError


def paired(names: str, rules: str = "words") -> tuple[dict[str, str | None], list[str]]:
    """Name of the back by name of the front, and the doubts."""
    files = [Found(f"/scans/{name}", name) for name in names.split()]
    covers, doubts = pair(files, Pairing.parse(rules))
    return {one.name: one.back.name if one.back else None for one in covers}, doubts


@pytest.mark.parametrize(
    ("names", "rules"),
    [
        ("12_front.jpg 12_back.jpg", "words"),
        ("12_FRONT.JPG 12_Back.tif", "words"),
        ("recto.png verso.png", "words"),
        ("box/a-obverse.jpg box/a-reverse.jpg", "words"),
        ("lot-1.jpg lot-2.jpg", "numbers"),
        ("lot 01.jpg lot 02.jpg", "numbers"),
        ("17a.jpg 17b.jpg", "letters"),
        ("x_vs.jpg x_rs.jpg", "_vs/_rs"),
    ],
)
def test_two_sides_are_one_cover(names: str, rules: str) -> None:
    front, back = names.replace("lot 0", "lot_0").split() if "lot 0" in names else names.split()
    assert paired(f"{front} {back}", rules) == ({front: back}, [])


@pytest.mark.parametrize(
    ("names", "rules"),
    [
        ("a_front.jpg b_back.jpg", "words"),
        ("one/a_front.jpg two/a_back.jpg", "words"),
        ("lot-1.jpg lot-2.jpg lot-3.jpg", "numbers"),
        ("lot-1.jpg lot-2.jpg", "words"),
        ("17a.jpg 17b.jpg 17c.jpg", "letters"),
        ("a_front.jpg a_back.jpg", "none"),
        ("feedback.jpg feedfront.jpg", "words"),
    ],
)
def test_names_that_may_mean_something_else_stay_apart(names: str, rules: str) -> None:
    found, _ = paired(names, rules)
    assert found == dict.fromkeys(names.split())


def test_three_sides_of_one_name_are_left_alone_and_told() -> None:
    found, doubts = paired("a_front.jpg a_front.png a_back.jpg")
    assert set(found.values()) == {None}
    assert len(doubts) == 1
    assert "a_front.png" in doubts[0]


def test_the_order_of_the_covers_is_that_of_the_fronts() -> None:
    found, _ = paired("b_front.jpg a_back.jpg z.jpg a_front.jpg b_back.jpg")
    assert list(found) == ["b_front.jpg", "z.jpg", "a_front.jpg"]


@pytest.mark.parametrize("text", ["", "sides", "none,words", "_vs/", "_a/_a", "a/b/c"])
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Pairing.parse(text)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["words", "numbers,letters", "words,_vs/_rs", "pages"])
def test_a_rule_survives_being_written_down(text: str) -> None:
    assert str(Pairing.parse(text)) == text
    assert Pairing.parse(text).in_words()
