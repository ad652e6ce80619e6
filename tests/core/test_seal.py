"""The seal against the seal that the vectors' maker writes by other means, and each rule of SPEC.md section 7 alone."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectors.samples import sheet
from tests.vectors.seals import altered_seals, blind_seal
from verifier.core.errors import SealError
from verifier.core.seal import read_trailer, seal

PAPER = sheet("Seal")
BROKEN = {name: whole for name, _, whole in altered_seals() if name.startswith("sheet-")}


@given(st.binary(min_size=1, max_size=2000), st.text(max_size=20))
def test_two_makers_of_the_seal_agree(envelope: bytes, name: str) -> None:
    paper = sheet(name)
    assert seal(paper, envelope) == blind_seal(paper, envelope)


@given(st.datetimes())
def test_every_second_of_the_calendar_is_read(moment: datetime) -> None:
    digits = moment.isoformat(timespec="seconds").translate({ord(each): None for each in "-T:"}).encode()
    assert read_trailer(PAPER.replace(b"20260630120000", digits)).date == digits


@given(st.integers(0, 10**14 - 1))
def test_fourteen_digits_are_a_second_or_refused(number: int) -> None:
    digits = b"%014d" % number
    try:
        real = datetime.strptime(digits.decode(), "%Y%m%d%H%M%S").strftime("%S").encode() == digits[12:]
    except ValueError:  # it takes a second 60 and 61, but not as they are
        real = False
    paper = PAPER.replace(b"20260630120000", digits)
    if real:
        assert read_trailer(paper).date == digits
    else:
        with pytest.raises(SealError):
            read_trailer(paper)


@pytest.mark.parametrize("whole", BROKEN.values(), ids=BROKEN)
def test_a_broken_sheet_is_not_sealed(whole: bytes) -> None:
    paper = whole[: int(whole[-63:][11:21])]
    with pytest.raises(SealError):
        seal(paper, b"{}")


@pytest.mark.parametrize("size", [0, 262_145])
def test_an_envelope_of_no_bytes_or_too_many_is_not_sealed(size: int) -> None:
    with pytest.raises(SealError, match=r"1 to 262,144 are possible"):
        seal(PAPER, b"x" * size)
    assert len(seal(PAPER, b"x" * 262_144)) > 262_144
