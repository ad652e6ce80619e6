"""Who, which course, which batch, when, by whatever somebody remembers: certificates found in the records."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from issuer.batches.progress import SILENT, Progress
from issuer.errors import NamingError
from issuer.office.certificates import Certificates, Meant
from issuer.office.matching import having, says, words_in
from issuer.office.records_place import Place
from issuer.office.standings import standings_of
from issuer.records import Batch, Kept, Records
from issuer.records.certificates import SAID
from issuer.text import folded
from verifier.core.codes import ShortCode, parse_code
from verifier.core.errors import CodeError
from verifier.core.pasted import Named, read_pasted

NOT_MADE = "not issued yet"
"""The status of a certificate whose batch is not built; of later ones the verdict says it."""
_BEGINNING = 6
"""Characters of a batch's id that are enough to be one; lists show eight."""


@dataclass(frozen=True)
class Hit:
    """One certificate that was found."""

    kept: Kept
    batch: Batch
    meant: Meant | None
    """What is known of it; None while its batch is not built."""
    stands: str = ""
    """The verdict in one word; empty where nobody asked."""


@dataclass(frozen=True)
class Found:
    """What was found."""

    total: int
    hits: tuple[Hit, ...]
    """The newest; all of them where nobody limited it."""


def find(
    place: Place, words: Sequence[str], most: int | None = None, ask: bool = True, progress: Progress = SILENT
) -> Found:
    """The certificates in the records that have all these words, newest first. Erased ones are never found.

    Words are parts of a name (in either script), a student number, an e-mail address, beginnings of the course's
    words, of the batch's id; or a link, a hash, a short code.

    Args:
        place: whose records.
        words: what somebody typed.
        most: how many are looked at closely.
        ask: False: the registry is not asked for their status.
        progress: hears of the asking.

    Raises:
        NamingError: no word was given.
        StoreError: the records cannot be read.
    """
    if not words_in(" ".join(words)):
        raise NamingError("Find whom? Give a part of a name, a number, an e-mail address, a course or a code.")
    if not place.records.exists:
        return Found(0, ())
    with closing(Records(place.records)) as store:
        batches = {batch.id: batch for batch in store.batches()}
        places = _places(store, batches, words)
        places.sort()
        places.sort(key=lambda at: batches[at[0]].drafted, reverse=True)
        certificates = Certificates(store, place)
        kept = store.certificates.at(places[:most])
        hits = [Hit(each, batches[each.batch], certificates.of(each) if each.hash else None) for each in kept]
    return Found(len(places), tuple(_standing(place, hits, progress) if ask else hits))


def _places(store: Records, batches: dict[str, Batch], words: Sequence[str]) -> list[tuple[str, int]]:
    coded = [*_by_codes(store, words)]
    if coded:
        return coded
    typed = words_in(" ".join(words))
    left = _left(batches, typed)
    return store.certificates.places(having(left))


def _left(batches: dict[str, Batch], typed: Sequence[str]) -> Callable[[str], Sequence[str]]:
    """By a batch's id, the words that are to be found in its certificates' rows."""

    @cache
    def left(id_: str) -> tuple[str, ...]:
        of_course = folded(batches[id_].course).split()
        return tuple(word for word in typed if not _of_batch(word, id_, of_course))

    return left


def _of_batch(word: str, id_: str, of_course: Sequence[str]) -> bool:
    if len(word) >= _BEGINNING and id_.startswith(word):
        return True
    return any(each.startswith(word) for each in of_course)


def _by_codes(store: Records, words: Sequence[str]) -> list[tuple[str, int]]:
    """Where links, hashes or short codes are among the words: those certificates that have the other words too."""
    text = " ".join(words)
    try:
        named, others = [parse_code(text)], []  # a code that was typed with spaces in it
    except CodeError:
        named = [each for word in text.split() for each in _named(word)]
        others = [word for word in text.split() if not _named(word)]
    typed = words_in(" ".join(others))
    return [
        (kept.batch, kept.draft.position)
        for each in named
        for kept in store.certificates.beginning(each.hex_prefix if isinstance(each, ShortCode) else each.hex())
        if _has(kept, each) and says([getattr(kept.draft.row, field) for field in SAID], typed)
    ]


def _has(kept: Kept, named: Named) -> bool:
    if kept.hash is None:
        return False
    return named.matches(kept.hash) if isinstance(named, ShortCode) else named == kept.hash


def _named(word: str) -> tuple[Named, ...]:
    try:
        return read_pasted(word)
    except CodeError:  # a word like any other
        return ()


def _standing(place: Place, hits: Sequence[Hit], progress: Progress) -> list[Hit]:
    """The status of each: the verdict where it is registered, else that it is not issued yet."""
    wanted = [(hit.meant.hash, _envelope(hit.meant.file)) for hit in hits if hit.meant is not None]
    progress.stage("Asking for their status", len(wanted))
    words = iter(standings_of(place.path, wanted))
    progress.step(len(wanted))
    return [replace(hit, stands=NOT_MADE if hit.meant is None else next(words)) for hit in hits]


def _envelope(pdf: Path | None) -> Path | None:
    return None if pdf is None else pdf.with_suffix(".json")
