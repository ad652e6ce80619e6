"""Runs cases by their numbers and tells what must not be: a false `valid`, a foreign exception, a case without end."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from random import Random

from tests.core.vector_files import VectorArchive
from tests.fuzz.answers import OddRegistry
from tests.fuzz.lies import lying_archive, pasted
from tests.fuzz.mutations import mutated
from tests.fuzz.statements import OddDomain, list_case
from tests.fuzz.world import Held, SilentRegistry, World, WorldRegistry, bare, cheap
from tests.vectors.samples import DOMAIN
from verifier.core import codes
from verifier.core.codes import ShortCode, parse_code
from verifier.core.data_integrity import JCS
from verifier.core.errors import CodeError, SanadError, UnreadableError
from verifier.core.pasted import read_pasted
from verifier.core.verdict import Check, Outcome, Verdict
from verifier.core.verifier import Verifier

MOST_SECONDS = 5.0
"""Of processor, for one case."""
_KEPT = 20
_GOOD = (Outcome.PENDING, Outcome.EXPIRED, Outcome.VALID)


@dataclass
class Tally:
    """What came of some cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count in what came of others."""
        self.outcomes += other.outcomes
        self.faults = (self.faults + other.faults)[:_KEPT]


class Bench:
    """The world, and verifiers that are asked about it: set up once for all cases of a process."""

    def __init__(self) -> None:
        self.world = World()
        registry = WorldRegistry(self.world.registry())
        archive = VectorArchive(self.world.archive())
        self.registries = ([registry], [registry, SilentRegistry()])
        # It may hold a revocation, so nothing good is said of these domains.
        self.reserved = Verifier([registry, SilentRegistry(DOMAIN)], archive, cheap)
        self.over_json = [place for place in self.world.places if _suite(place) == JCS]
        self.honest = Verifier([registry], archive, cheap)
        self.verifiers = (
            Verifier([registry], None, cheap),
            self.honest,
            Verifier([registry, registry], archive, cheap),
            Verifier([SilentRegistry(), registry], None, cheap),
            self.reserved,
        )
        self.alone = Verifier([], archive, cheap)


def _suite(place: tuple[Held, int]) -> str:
    held, index = place
    proof = held.sample.envelopes[index].credential["proof"]
    return str(proof["cryptosuite"])


@cache
def bench() -> Bench:
    """This process's own."""
    return Bench()


def file_case(random: Random) -> str:
    """One file, text or lying archive.

    Raises:
        AssertionError: something came out valid that must not.
    """
    draw = random.random()
    if draw < 0.9:
        return _file(random)
    if draw < 0.95:
        return _lie(random)
    if draw < 0.98:
        return _text(random)
    return _domain(random) if draw < 0.99 else list_case(random, bench().world)


def _file(random: Random) -> str:
    ours = bench()
    data, ways = mutated(random, ours.world)
    verifier = ours.alone if random.random() < 0.02 else random.choice(ours.verifiers)
    verdict = _checked(lambda: verifier.check_file(data), UnreadableError)
    if isinstance(verdict, str):
        return verdict
    shown = verdict.registered or verdict
    if verifier is ours.reserved and shown.domain == DOMAIN:
        assert shown.outcome not in _GOOD, f"{ways}: {shown.outcome} while an accrediting registry is silent"
    if shown.outcome is Outcome.VALID:
        assert verifier is not ours.alone, f"{ways}: valid without a registry"
        assert shown.hash in ours.world.good, f"{ways}: valid, and it is not good"
    if verdict.outcome is Outcome.VALID:
        assert verdict.hash in ours.world.carried(data), f"{ways}: valid, and not what was issued"
    return verdict.outcome.value


def _lie(random: Random) -> str:
    world = bench().world
    held, index = random.choice(world.places)
    envelope = held.sample.envelopes[index]
    archive, own, at_hand = lying_archive(random, world, held, index)
    verifier = Verifier(random.choice(bench().registries), archive, cheap)
    ask = random.randrange(4)
    if ask == 0:
        verdict = _checked(lambda: verifier.check_file(envelope.to_bytes()), UnreadableError)
    elif ask == 1:
        verdict = _checked(lambda: verifier.check_file(bare(envelope)), UnreadableError)
    else:
        asked = envelope.hash if ask == 2 else random.choice((*world.hashes, random.randbytes(32)))
        verdict = _checked(lambda: verifier.check_hash(asked), ())
        verifier.matches(ShortCode(codes.short_code(asked).replace("-", "")[:11]))
    if isinstance(verdict, str):
        return verdict
    if verdict.hash == envelope.hash and held.entry and (ask == 0 or (own and (ask == 1 or at_hand))):
        assert verdict.outcome.value == held.outcome, f"its place was at hand: {verdict.outcome}, not {held.outcome}"
    if verdict.outcome is Outcome.VALID:
        assert verdict.hash in world.good, f"the archive lied: valid, and it is not good ({held.outcome})"
    return verdict.outcome.value


def _domain(random: Random) -> str:
    """Whatever a domain says, the outcome is the same; step 10 alone differs."""
    ours = bench()
    held, index = random.choice(ours.over_json)
    data = held.sample.envelopes[index].to_bytes()
    verdict = Verifier(ours.registries[0], None, cheap, domains=OddDomain(random, ours.world)).check_file(data)
    step = verdict.steps[Check.DOMAIN.number - 1]
    assert verdict.outcome.value == held.outcome, f"a domain made it {verdict.outcome}: {step.sentence}"
    assert step.sentence
    return f"domain {step.state.value}"


def _text(random: Random) -> str:
    world = bench().world
    text = pasted(random, world)
    found = [*_read(text)]
    for asked in found:
        if isinstance(asked, ShortCode):
            bench().honest.matches(asked)
            continue
        verdict = bench().honest.check_hash(asked)
        assert verdict.hash == asked
        assert verdict.outcome is not Outcome.VALID or asked in world.good, f"{text!r}: valid, and it is not good"
    return "text read" if found else "text refused"


def _read(text: str) -> Iterable[bytes | ShortCode]:
    with suppress(CodeError):
        yield parse_code(text)
    with suppress(CodeError):
        yield from read_pasted(text)


def answer_case(random: Random) -> str:
    """One certificate as issued, and what odd registries answer about it.

    Raises:
        AssertionError: no answer allows it, and it is valid.
    """
    ours = bench()
    held, index = random.choice(ours.world.places)
    envelope = held.sample.envelopes[index]
    odd = [OddRegistry(random, number) for number in range(1, random.choice((1, 1, 1, 2, 3)) + 1)]
    verifier = Verifier(odd, random.choice((None, ours.honest.archive)), cheap)
    ask = random.randrange(4)
    if ask == 0:
        verdict = _checked(lambda: verifier.check_hash(envelope.hash), ())
    else:
        data = (envelope.to_bytes(), held.sample.sealed(index) if envelope.has_sheet else b"{}", bare(envelope))[
            ask - 1
        ]
        verdict = _checked(lambda: verifier.check_file(data), UnreadableError)
    if isinstance(verdict, str):
        return verdict
    if verdict.outcome is Outcome.VALID:
        until = envelope.credential.get("validUntil") is not None
        assert held.outcome not in ("expired", "unavailable"), f"valid, and its dates do not allow it ({held.outcome})"
        assert any(each.may_be_valid(until) for each in odd), f"valid, and no answer allows it: {odd[0].answered[-1]}"
    return verdict.outcome.value


def _checked(check: Callable[[], Verdict], allowed: "type[SanadError] | tuple[()]") -> Verdict | str:
    """The verdict, every sentence of it written out once; or the name of an allowed exception."""
    try:
        verdict = check()
    except allowed as error:
        return type(error).__name__
    for each in (verdict, verdict.registered):
        if each is not None:
            assert all(part.sentence for part in (*each.steps, *each.walk))
    return verdict


KINDS: dict[str, Callable[[Random], str]] = {"files": file_case, "answers": answer_case}


def run(kind: str, seed: int, numbers: Iterable[int]) -> Tally:
    """Run the cases with these numbers; every fault is told with its number."""
    case, tally = KINDS[kind], Tally()
    for number in numbers:
        name = f"{seed} {kind} {number}"
        began = time.monotonic()
        try:
            tally.outcomes[case(Random(name))] += 1
        except Exception as error:  # whatever it is, it is what is looked for
            _fault(tally, kind, number, f"{type(error).__name__}: {error}")
        # To ask for the processor's time costs as much as a case, so it is asked only where the clock says so.
        if time.monotonic() - began > MOST_SECONDS and (taken := _processor(case, name)) > MOST_SECONDS:
            _fault(tally, kind, number, f"took {taken:.1f} seconds of processor")
    return tally


def _processor(case: Callable[[Random], str], name: str) -> float:
    """Seconds of processor that a case takes, done once more."""
    began = time.process_time()
    with suppress(Exception):
        case(Random(name))
    return time.process_time() - began


def _fault(tally: Tally, kind: str, number: int, text: str) -> None:
    tally.outcomes["fault"] += 1
    if len(tally.faults) < _KEPT:
        tally.faults.append(f"{kind} {number}: {text[:300]}")
