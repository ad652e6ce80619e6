"""Every act, by every kind of key, on every kind of batch or key: done and seen, done already, or refused and why.

What an act would not change is refused before it is sent, whoever asks: its cost is refused like the act. What the
registry itself does not allow, it says.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from eth_account import Account

from issuer.errors import ActError, RevertedError
from issuer.registry.act import Act, Done
from issuer.sending import Cost
from tests.chain.acts_world import KEYS, World, build, class_of
from tests.chain_fixtures import running_anvil
from verifier.core.hashes import ZERO, commitment

DONE, ALREADY = "done", "already"
ANOTHERS = "is not the institution's admin: what it revokes there changes nothing. Act with that key, or with"
ADOPTED = "in the institution's own name, so only its admin revokes there. Act with the admin's key"
MOVED = "was registered again in"
FINAL = "already, and that is final."
COUNTS = "counts already, by"
NO_BATCH = "has no batch"
IN_VAIN = (ANOTHERS, ADOPTED, MOVED, FINAL, COUNTS, NO_BATCH)
NOT_AUTHORISED = "is not an authorised signer of the institution"
DISTRUSTED = "The institution distrusts the key"
NOT_ADMIN = "Only the institution's admin may do this"
NOT_OWNER = "Only the programme, the registry's owner, may do this"
NOT_YOURS = (
    "The programme distrusts former admins, the admin distrusts signers, and nobody can distrust the acting admin."
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("acts")
    with running_anvil(folder / "log") as chain:
        yield build(chain, folder)


def outcome(act: Act) -> str:
    """What becomes of an act. Asking what it costs is answered alike."""
    costs, done = (told(ask) for ask in (act.cost, act.perform))
    assert costs == done
    return done


def told(ask: Callable[[], Cost | Done | None]) -> str:
    try:
        answer = ask()
    except ActError as error:
        return f"in vain: {error}"
    except RevertedError as error:
        return f"not allowed: {error}"
    return ALREADY if answer is None or answer == Done() else DONE


def check(found: str, wanted: str) -> None:
    if wanted in (DONE, ALREADY):
        assert found == wanted
        return
    assert wanted in found
    if found.startswith("in vain"):
        assert found.endswith("Nothing was sent.")


def table(rows: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    """Cases of a table by key and by column; `*` means every key that is not named."""
    whole = {key: {**rows.get("*", {}), **rows.get(key, {})} for key in KEYS}
    return [(key, column, wanted) for key, row in whole.items() for column, wanted in row.items()]


# ---------------------------------------------------------------------------------------------- certificates

ELSEWHERE = {"another's": ANOTHERS, "adopted": ADOPTED, "withdrawn": ANOTHERS, "moved": MOVED, "unknown": NO_BATCH}
TAKING_BACK = {
    "*": {**ELSEWHERE, "left": ANOTHERS, "uncounted": ANOTHERS},
    "signer": {"own": DONE, "another's": DONE, "withdrawn": DONE, "left": DONE},
    "other": {"own": DONE},
    "removed": {"own": NOT_AUTHORISED},
    "distrusted": {"own": DISTRUSTED, "uncounted": DISTRUSTED},
    "former": {"own": DONE},
    "admin": {"another's": DONE, "adopted": DONE, "withdrawn": DONE, "left": DONE, "uncounted": DONE},
}
REVOKED = {"*": ALREADY, "admin": DONE}
"""Of a certificate that its signer revoked: it is revoked, whoever asks; the admin's word outranks the signer's."""
REPLACED = {"*": ANOTHERS, "signer": FINAL, "admin": DONE}


def revoked_already(by: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(key, "revoked", by.get(key, by["*"])) for key in KEYS]


@pytest.mark.parametrize(("key", "batch", "wanted"), table(TAKING_BACK) + revoked_already(REVOKED))
def test_revoke(world: World, key: str, batch: str, wanted: str) -> None:
    found = class_of() if batch == "unknown" else world.batch(key, batch)
    with world.trial():
        check(outcome(world.acts(key, batch).revoke_certificate(found.root, found.hashes[0], 3)), wanted)
        if wanted in (DONE, ALREADY) and batch != "left":
            assert world.seen(found).reason == 3
            assert not world.seen(found).good
            assert outcome(world.acts(key, batch).revoke_certificate(found.root, found.hashes[0], 3)) == ALREADY
        elif batch not in ("left", "moved", "unknown"):
            assert world.seen(found).reason == 0


def test_a_revocation_is_final_with_its_reason_and_what_comes_instead(world: World) -> None:
    found, acts = world.batch("signer", "revoked"), world.acts("signer")
    old, new = found.hashes
    again = outcome(acts.revoke_certificate(found.root, old, 2))
    assert "is revoked already (misconduct), and that is final. Nothing was sent." in again
    with world.trial():
        assert outcome(acts.replace_certificate(found.root, new, old, 4)) == DONE
        again = outcome(acts.revoke_certificate(found.root, new, 4))
        assert "is replaced by another certificate already, and that is final. Nothing was sent." in again


@pytest.mark.parametrize(("key", "batch", "wanted"), table(TAKING_BACK) + revoked_already(REPLACED))
def test_replace(world: World, key: str, batch: str, wanted: str) -> None:
    found = class_of() if batch == "unknown" else world.batch(key, batch)
    old, new = found.hashes
    with world.trial():
        check(outcome(world.acts(key, batch).replace_certificate(found.root, old, new, 4)), wanted)
        if wanted == DONE and batch != "left":
            assert world.seen(found).replacement == commitment(new)
            assert outcome(world.acts(key, batch).replace_certificate(found.root, old, new, 4)) == ALREADY
            assert outcome(world.acts(key, batch).correct_certificates(found.root, {old: new}, 4)) == ALREADY
            assert FINAL in outcome(world.acts(key, batch).replace_certificate(found.root, old, bytes([9]) * 32, 4))
        elif batch not in ("left", "moved", "unknown"):
            assert world.seen(found).replacement == ZERO


# --------------------------------------------------------------------------------------------------- batches

ISSUE = {
    "*": {"fresh": NOT_AUTHORISED, "another's": "registered the root", "adopted": "registered the root"},
    "signer": {"fresh": DONE, "own": ALREADY, "another's": ALREADY, "uncounted": DONE},
    "other": {"fresh": DONE, "own": ALREADY, "uncounted": DONE},
    "removed": {"own": ALREADY, "uncounted": NOT_AUTHORISED},
    "distrusted": {"fresh": DISTRUSTED, "own": ALREADY, "uncounted": DISTRUSTED},
    "former": {"fresh": DONE, "own": ALREADY},
}


@pytest.mark.parametrize(("key", "batch", "wanted"), table(ISSUE))
def test_issue(world: World, key: str, batch: str, wanted: str) -> None:
    found = class_of() if batch == "fresh" else world.batch(key, batch)
    with world.trial():
        check(outcome(world.writer(key).registering(world.deployed.institution, found.root, 2)), wanted)
        if wanted == DONE:
            assert world.seen(found).signer == world.keys[key].address
            assert world.seen(found).good


def test_a_registry_with_a_successor_takes_no_batch(world: World) -> None:
    act = world.writer("signer", world.closed).registering(world.deployed.institution, class_of().root, 2)
    assert f"its successor is {world.deployed.address}" in outcome(act)


WITHDRAW = {
    "*": {"another's": NOT_ADMIN, "adopted": NOT_ADMIN, "withdrawn": ALREADY, "moved": MOVED, "unknown": NO_BATCH},
    "admin": {"another's": DONE, "adopted": DONE, "left": DONE},
}
REINSTATE = {
    "*": {"another's": ALREADY, "withdrawn": NOT_ADMIN, "unknown": NO_BATCH},
    "admin": {"withdrawn": DONE},
}
ADOPT = {
    "*": {"another's": COUNTS, "withdrawn": COUNTS, "adopted": ALREADY, "uncounted": NOT_ADMIN, "fresh": NOT_ADMIN},
    "admin": {"uncounted": DONE, "fresh": DONE},
}


@pytest.mark.parametrize(("key", "batch", "wanted"), table(WITHDRAW))
def test_withdraw(world: World, key: str, batch: str, wanted: str) -> None:
    found = class_of() if batch == "unknown" else world.batch(key, batch)
    with world.trial():
        check(outcome(world.acts(key, batch).withdraw(found.root)), wanted)
        if wanted in (DONE, ALREADY) and batch != "left":
            assert world.seen(found).withdrawn_at > 0


@pytest.mark.parametrize(("key", "batch", "wanted"), table(REINSTATE))
def test_reinstate(world: World, key: str, batch: str, wanted: str) -> None:
    found = class_of() if batch == "unknown" else world.batch(key, batch)
    with world.trial():
        check(outcome(world.acts(key, batch).reinstate_batch(found.root)), wanted)
        if wanted in (DONE, ALREADY):
            assert world.seen(found).good


@pytest.mark.parametrize(("key", "batch", "wanted"), table(ADOPT))
def test_adopt(world: World, key: str, batch: str, wanted: str) -> None:
    found = class_of() if batch == "fresh" else world.batch(key, batch)
    with world.trial():
        check(outcome(world.acts(key).adopt({found.root: 2})), wanted)
        if wanted in (DONE, ALREADY):
            assert (world.seen(found).adopted, world.seen(found).good) == (True, True)


# ------------------------------------------------------------------------------------- keys of the institution

Making = Callable[[World, str], Act]
NEW = str(Account.create().address)
TO_DISTRUSTED = "is distrusted since"
OF_KEYS: dict[str, tuple[Making, dict[str, str]]] = {
    "authorise a new key": (lambda w, k: w.acts(k).authorise(NEW), {"*": NOT_ADMIN, "admin": DONE}),
    "authorise the removed": (
        lambda w, k: w.acts(k).authorise(w.keys["removed"].address),
        {"*": NOT_ADMIN, "admin": DONE},
    ),
    "authorise a signer": (lambda w, k: w.acts(k).authorise(w.keys["signer"].address), {"*": ALREADY}),
    "authorise the distrusted": (
        lambda w, k: w.acts(k).authorise(w.keys["distrusted"].address),
        {"*": "could not issue even if it were authorised. Authorise another key, or lift the distrust first"},
    ),
    "remove a signer": (lambda w, k: w.acts(k).remove(w.keys["signer"].address), {"*": NOT_ADMIN, "admin": DONE}),
    "remove a stranger": (lambda w, k: w.acts(k).remove(w.keys["stranger"].address), {"*": ALREADY}),
    "remove the admin": (
        lambda w, k: w.acts(k).remove(w.keys["admin"].address),
        {"*": "is the institution's admin and no signer"},
    ),
    "distrust a signer": (
        lambda w, k: w.acts(k).distrust(w.keys["signer"].address, 1),
        {"*": NOT_YOURS, "admin": DONE},
    ),
    "distrust the former admin": (
        lambda w, k: w.acts(k).distrust(w.keys["former"].address, 1),
        {"*": NOT_YOURS, "programme": DONE},
    ),
    "distrust the admin": (lambda w, k: w.acts(k).distrust(w.keys["admin"].address, 1), {"*": NOT_YOURS}),
    "lift a distrust": (
        lambda w, k: w.acts(k).lift_distrust(w.keys["distrusted"].address),
        {"*": NOT_YOURS, "admin": DONE},
    ),
    "lift none": (lambda w, k: w.acts(k).lift_distrust(w.keys["signer"].address), {"*": ALREADY}),
    "certify": (lambda w, k: w.acts(k).certify(NEW, bytes([1]) * 32), {"*": NOT_ADMIN, "admin": DONE}),
    "certify many": (
        lambda w, k: w.acts(k).certify_many({NEW: bytes([1]) * 32, w.keys["stranger"].address: bytes([2]) * 32}),
        {"*": NOT_ADMIN, "admin": DONE},
    ),
    "certify none": (lambda w, k: w.acts(k).certify(NEW, ZERO), {"*": ALREADY}),
    "nominate": (lambda w, k: w.acts(k).transfer(NEW), {"*": NOT_ADMIN, "admin": DONE}),
    "nominate the nominee": (lambda w, k: w.acts(k).transfer(w.keys["other"].address), {"*": ALREADY}),
    "nominate the distrusted": (
        lambda w, k: w.acts(k).transfer(w.keys["distrusted"].address),
        {"*": "and cannot become admin. Name another key."},
    ),
    "accept": (
        lambda w, k: w.acts(k).accept(),
        {"*": "is not nominated as the institution's next admin", "other": DONE, "admin": ALREADY},
    ),
    "revoke in the institution's name": (
        lambda w, k: w.acts(k).revoke([bytes([1]) * 32], 3),
        {"*": NOT_ADMIN, "admin": DONE},
    ),
    "replace in the institution's name": (
        lambda w, k: w.acts(k).replace({bytes([1]) * 32: bytes([2]) * 32}, 4),
        {"*": NOT_ADMIN, "admin": DONE},
    ),
}
OF_THE_PROGRAMME: dict[str, tuple[Making, dict[str, str]]] = {
    "accredit": (
        lambda w, k: w.programme(k).accredit("new.example", "New", NEW),
        {"*": NOT_OWNER, "programme": DONE},
    ),
    "accredit otherwise": (
        lambda w, k: w.programme(k).accredit(w.domain, "Other", NEW),
        {"*": "is accredited already, with another name, admin or permission"},
    ),
    "suspend": (lambda w, k: w.programme(k).suspend(w.domain), {"*": NOT_OWNER, "programme": DONE}),
    "reinstate": (lambda w, k: w.programme(k).reinstate(w.domain), {"*": ALREADY}),
    "rename": (lambda w, k: w.programme(k).rename(w.domain, "Renamed"), {"*": NOT_OWNER, "programme": DONE}),
    "permit": (lambda w, k: w.programme(k).permit_certifying(w.domain, True), {"*": ALREADY}),
    "permit no more": (
        lambda w, k: w.programme(k).permit_certifying(w.domain, False),
        {"*": NOT_OWNER, "programme": DONE},
    ),
    "replace admin": (lambda w, k: w.programme(k).replace_admin(w.domain, NEW), {"*": NOT_OWNER, "programme": DONE}),
    "distrust the former admin": (
        lambda w, k: w.programme(k).distrust(w.domain, w.keys["former"].address, 1),
        {"*": NOT_YOURS, "programme": DONE},
    ),
    "distrust a signer": (
        lambda w, k: w.programme(k).distrust(w.domain, w.keys["signer"].address, 1),
        {"*": "never was the admin of"},
    ),
    "name successor": (lambda w, k: w.programme(k).name_successor(97, NEW), {"*": NOT_OWNER, "programme": DONE}),
    "nominate": (lambda w, k: w.programme(k).transfer(NEW), {"*": NOT_OWNER, "programme": DONE}),
    "accept": (lambda w, k: w.programme(k).accept(), {"*": NOT_OWNER, "stranger": DONE, "programme": ALREADY}),
}


def cases(acts: dict[str, tuple[Making, dict[str, str]]]) -> list[tuple[str, str]]:
    return [(act, key) for act in acts for key in KEYS]


@pytest.mark.parametrize(("act", "key"), cases(OF_KEYS))
def test_acts_on_keys(world: World, act: str, key: str) -> None:
    _check_whole(world, OF_KEYS[act], key)


@pytest.mark.parametrize(("act", "key"), cases(OF_THE_PROGRAMME))
def test_acts_of_the_programme(world: World, act: str, key: str) -> None:
    _check_whole(world, OF_THE_PROGRAMME[act], key)


def _check_whole(world: World, row: tuple[Making, dict[str, str]], key: str) -> None:
    make, wanted = row
    with world.trial():
        check(outcome(make(world, key)), wanted.get(key, wanted["*"]))
        if wanted.get(key) == DONE:
            assert make(world, key).done(), "the registry shows it"


def test_the_table_has_every_act() -> None:
    """A new act has to say who may, and what is in vain."""
    from deploy.programme_acts import ProgrammeActs
    from issuer.registry.institution import InstitutionActs

    made = {name for kind in (InstitutionActs, ProgrammeActs) for name in vars(kind) if not name.startswith("_")}
    tested = set(Path(__file__).read_text(encoding="utf-8").replace("(", ".").split("."))
    assert made - tested - {"now", "place"} == set()
