"""Many acts of one kind from a list: every row is looked at before anything is sent, and the cost of all is known.

What the registry has already is no act any more, so the same list goes on where it stopped. Nothing is sent here:
issuer/office/performing.py performs the acts of a plan.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import ActError, NamingError, RefusedError, RevertedError, RosterErrors, UnknownCertificateError
from issuer.keys.files import address_named
from issuer.keys.no_signer import AddressOnly
from issuer.office.certificates import Certificates
from issuer.office.records_place import place_in
from issuer.office.standings import COULD_NOT_CHECK, standings_of
from issuer.registry.repeating import parts
from issuer.roster.lists import Listed, ListKind, doubled
from issuer.roster.model import RosterProblem
from issuer.roster.row_checks import same_name
from verifier.core.domain import is_domain
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import commitment

if TYPE_CHECKING:
    from issuer.office.certificates import Meant
    from issuer.office.office import Office
    from issuer.registry.act import Act
    from issuer.registry.institution import InstitutionActs
    from issuer.sending import Cost

_KEY = ("address", "key address", "wallet", "wallet address", "signer", "signer key", "public address", "account")
_KEY_URDU = ("کلید", "پتہ", "والٹ", "والٹ پتہ")
_NAME = ("educator", "educator name", "professor", "professor name", "teacher", "teacher name", "full name", "name of")
_NAME_URDU = ("نام", "استاد", "استاد کا نام", "معلم", "معلم کا نام", "مکمل نام")
_CERTIFICATE = (
    *("certificate code", "code", "short code", "link", "hash", "certificate link", "certificate hash", "file"),
    *("سند", "کوڈ", "لنک"),
)
_CERTIFIER = (
    *("certified by", "certifying institution", "certifier domain", "on the word of"),
    *("تصدیق کنندہ", "تصدیق کرنے والا ادارہ"),
)
_COLUMNS = {"key": (*_KEY, *_KEY_URDU), "name": (*_NAME, *_NAME_URDU)}
AUTHORISE = ListKind("keys", {**_COLUMNS, "certifier": _CERTIFIER}, ("key",))
REMOVE = ListKind("keys", _COLUMNS, ("key",))
CERTIFY = ListKind("educators", {**_COLUMNS, "certificate": _CERTIFICATE}, ("key", "certificate"))

_FOR_ALL = frozenset({"NotAdmin", "OwnableUnauthorizedAccount", "Closed"})
"""Refusals that have nothing to do with the row."""
_TWICE = "Row {row} has the same. Keep one of the two."


@dataclass(frozen=True)
class Step:
    """One act, and the rows that it is for."""

    rows: tuple[Listed, ...]
    act: "Act"
    cost: "Cost | None"
    """None where the registry has it already."""


@dataclass(frozen=True)
class Plan:
    """All rows of a list, checked."""

    steps: tuple[Step, ...]
    lines: "dict[int, str]" = field(default_factory=dict)
    """By the number of each row, what people recognise it by."""

    @property
    def due(self) -> list[Step]:
        """What is still to be done."""
        return [step for step in self.steps if step.cost is not None]

    @property
    def already(self) -> list[Listed]:
        """The rows that the registry has."""
        return [row for step in self.steps if step.cost is None for row in step.rows]

    @property
    def gas(self) -> int:
        """All of it takes at most this much."""
        return sum(step.cost.gas for step in self.steps if step.cost is not None)

    @property
    def wei(self) -> int:
        """And costs at most this much."""
        return sum(step.cost.wei for step in self.steps if step.cost is not None)


def authorising(acts: "InstitutionActs", rows: Sequence[Listed], problems: Sequence[RosterProblem] = ()) -> Plan:
    """Let each key of a list issue; errors as `planned`."""
    wrong = [*problems, *_keys(rows)]
    for row in rows:
        if (certifier := row["certifier"]) and not is_domain(certifier):
            wrong.append(row.problem("certifier", "Write the domain alone, in lower case: university.edu.pk."))
        elif certifier and (why := acts.guards.certifier(certifier)) is not None:
            wrong.append(row.problem("certifier", why))
    return planned(rows, lambda row: acts.authorise(row["key"], row["certifier"] or None), "key", wrong)


def removing(acts: "InstitutionActs", rows: Sequence[Listed], problems: Sequence[RosterProblem] = ()) -> Plan:
    """End the authority of each key of a list; errors as `planned`. A key that never had any is a typing error."""

    def act(row: Listed) -> "Act":
        key = acts.registry.checksummed(row["key"])
        record = acts.registry.record("keyRecord", acts.id, key)
        if not record["authorisedAt"] and not record["everAdmin"]:
            raise ActError(f"This key never was a signer of {acts.domain}. Compare the address.")
        return acts.remove(key)

    return planned(rows, act, "key", [*problems, *_keys(rows)])


def certifying(
    office: "Office", acts: "InstitutionActs", rows: Sequence[Listed], problems: Sequence[RosterProblem] = ()
) -> Plan:
    """Say of each key of a list whose it is, many in one transaction.

    Raises:
        RosterErrors: with everything that is wrong: a certificate must exist, be good now, and be of whom the row says.
        RegistryUnavailableError: whether the certificates are good could not be asked.
        RevertedError, RefusedError, NodeUnusableError: as `planned`.
    """
    wrong = [*problems, *_keys(rows)]
    meant = _certificates(office, rows, wrong)
    wrong += _not_good(office, meant)
    if wrong:
        raise RosterErrors(_sorted(wrong))
    keys = {row.row: acts.registry.checksummed(row["key"]) for row in rows}
    wanted = {row.row: commitment(found.hash) for row, found in meant}
    said = {row.row: acts.registry.value("certification", acts.id, keys[row.row]) for row in rows}
    steps = []
    for had in (True, False):
        for part in parts(row for row in rows if (said[row.row] == wanted[row.row]) is had):
            act = acts.certify_many({keys[row.row]: wanted[row.row] for row in part})
            steps.append(Step(tuple(part), act, None if had else act.cost()))
    lines = {row.row: f"{keys[row.row]}  {found}" for row, found in meant}
    return _affordable(Plan(tuple(steps), lines))


def planned(
    rows: Sequence[Listed], make: "Callable[[Listed], Act]", column: str, problems: Sequence[RosterProblem] = ()
) -> Plan:
    """One act a row, each asked of the registry.

    Args:
        rows: of the list.
        make: the act of a row.
        column: where most is wrong that an act is refused for.
        problems: what is known to be wrong; of these rows the registry is not asked.

    Raises:
        RosterErrors: with everything that is wrong.
        RevertedError: the registry would refuse every row alike.
        RefusedError: the key has too few coins for all of them, or the price is over the cap.
        NodeUnusableError: the node gave no usable answer.
    """
    wrong, steps = list(problems), []
    known = {problem.row for problem in problems}
    for row in (each for each in rows if each.row not in known):
        try:
            act = make(row)
            steps.append(Step((row,), act, act.cost()))
        except ActError as error:
            wrong.append(row.problem(column, str(error).removesuffix(" Nothing was sent.")))
        except RevertedError as error:
            if error.reason in _FOR_ALL:
                raise
            wrong.append(row.problem(column, str(error)))
    if wrong:
        raise RosterErrors(_sorted(wrong))
    return _affordable(Plan(tuple(steps), {step.rows[0].row: _line(step) for step in steps}))


def _line(step: Step) -> str:
    row, facts = step.rows[0], step.act.facts
    named = [row["name"]] if row["name"] and row["name"] != facts.get("name") else []
    hidden = {"signed by", "sent by"} | ({"institution"} if "name" not in facts else set())
    return "  ".join([*named, *(_said(name, value) for name, value in facts.items() if name not in hidden)])


def _said(name: str, value: str) -> str:
    return value if name in ("key", "name", "institution") else f"{name} {value}"


def _affordable(plan: Plan) -> Plan:
    """The plan, if the key that acts can pay for all of it; of a multisig, its members pay."""
    if any(isinstance(step.act.sender.account, AddressOnly) for step in plan.due):
        return plan
    costs = [step.cost for step in plan.steps if step.cost is not None]
    if costs and costs[0].balance < plan.wei:
        raise RefusedError(
            f"The key {plan.due[0].act.sender.address} has {costs[0].balance / 1e18:.6f} coins, and all rows together "
            f"need up to {plan.wei / 1e18:.6f}: send it some. Nothing was sent."
        )
    return plan


def _keys(rows: Sequence[Listed]) -> list[RosterProblem]:
    """Which of the keys are none, or are in an earlier row."""
    found = doubled(rows, "key", _TWICE, address_or_text)
    for row in rows:
        try:
            address_named(row["key"])
        except ActError as error:
            found.append(row.problem("key", str(error)))
    return found


def address_or_text(text: str) -> str:
    """What two cells that mean the same key have in common."""
    try:
        return address_named(text)
    except ActError:
        return text.lower()


def _certificates(office: "Office", rows: Sequence[Listed], wrong: list[RosterProblem]) -> "list[tuple[Listed, Meant]]":
    found = []
    first: dict[bytes, Listed] = {}
    with office.records() as store:
        known = Certificates(store, place_in(office))
        for row in rows:
            try:
                meant = known.named(row["certificate"])
            except (NamingError, UnknownCertificateError) as error:
                wrong.append(row.problem("certificate", str(error)))
                continue
            wrong += _wrong_educator(row, meant, first.setdefault(meant.hash, row))
            found.append((row, meant))
    return found


def _wrong_educator(row: Listed, meant: "Meant", first: Listed) -> Iterator[RosterProblem]:
    """What is wrong with a row whose certificate is found; `first` is the first row that names it."""
    if first is not row:
        yield row.problem("certificate", f"Row {first.row} names the same certificate. Keep one.")
    if row["name"] and meant.name and same_name(row["name"]) != same_name(meant.name):
        yield row.problem("name", f"The certificate is {meant.name}'s. Compare the row with the certificate.")


def _not_good(office: "Office", meant: "Sequence[tuple[Listed, Meant]]") -> list[RosterProblem]:
    wanted = [(found.hash, found.file if found.file else _path(row["certificate"])) for row, found in meant]
    words = standings_of(office.path, wanted)
    if COULD_NOT_CHECK in words:
        row = meant[words.index(COULD_NOT_CHECK)][0]
        raise RegistryUnavailableError(
            f"Whether the certificate of row {row.row} is good could not be checked. Nothing was sent; try again."
        )
    advice = "An educator is certified on a certificate that is good now, and this one is {word}."
    return [
        row.problem("certificate", advice.format(word=word))
        for (row, _), word in zip(meant, words, strict=True)
        if word != "valid"
    ]


def _path(text: str) -> Path | None:
    try:
        return Path(text) if Path(text).is_file() else None
    except (OSError, ValueError):
        return None


def _sorted(problems: Iterable[RosterProblem]) -> list[RosterProblem]:
    return sorted(problems, key=lambda each: each.row or 0)
