"""What a sight makes of records and memory, case by case: thefts and changes."""

from dataclasses import replace
from typing import Any

import pytest

from issuer.watch.alerts import Alert, Kind, Typed
from issuer.watch.changes import Act, Change, changes, facts_left
from issuer.watch.own import Known
from issuer.watch.sight import Sight
from issuer.watch.thefts import Past, theft_alerts
from verifier.chain.registry import Revocation
from verifier.core.hashes import to_hex
from verifier.core.registry import NO_ADDRESS

NOON = 1_790_000_000
WHEN = "2026-09-21T14:13:20Z"
SIGNER, ADMIN, OTHER = ("0x" + letter * 40 for letter in "123")
ROOT, PAPER, FORGED, C, D = (bytes([number] * 32) for number in (7, 8, 6, 9, 5))
INSTITUTION = {
    "admin": ADMIN, "pendingAdmin": NO_ADDRESS, "suspended": False, "mayCertify": False, "name": "Darya",
    "certificates": 5, "batches": 1, "revocations": 0,
}  # fmt: skip


def batch(signer: str = SIGNER, at: int = NOON, **more: Any) -> dict[str, Any]:
    return {"issuedAt": at, "size": 5, "withdrawnAt": 0, "signer": signer, "adopted": False, "counts": True, **more}


def key(**more: Any) -> dict[str, Any]:
    facts = {"authorised": True, "distrustedSince": 0, "authorisedAt": NOON - 900, "isAdmin": False, "everAdmin": False}
    return {**facts, **more}


KEYS = {SIGNER: key(), OTHER: key(), ADMIN: key(authorised=False, isAdmin=True, everAdmin=True)}
SIGHT = Sight("darya.example", NOON, 100, INSTITUTION, {ROOT: batch(at=NOON - 600)}, KEYS, {})
KNOWN = Known({ROOT: (C,)}, (SIGNER,), recorded={ROOT})


BEFORE = Past(NOON - 60)


def told(sight: Sight, known: Known = KNOWN, past: Past = BEFORE) -> list[Alert]:
    return list(theft_alerts(sight, known, past, Typed(" --config s.toml")))


def strange(*batches: tuple[bytes, dict[str, Any]], **more: Any) -> Sight:
    return replace(SIGHT, strange=dict(batches), institution={**INSTITUTION, "batches": 1 + len(batches)}, **more)


def test_all_explained() -> None:
    assert told(SIGHT) == []


def test_a_theft_names_its_key_its_own_moment_and_what_is_kept() -> None:
    later = {ROOT: batch(at=NOON + 5), PAPER: batch(at=NOON + 6)}
    known = replace(KNOWN, commitments={ROOT: (C,), PAPER: (D,)})
    sight = strange((FORGED, batch(at=NOON + 3)), (bytes(32), batch(at=NOON)), batches=later)
    sight = replace(sight, institution={**INSTITUTION, "batches": 4})
    (alert,) = told(sight, known)
    assert (alert.kind, SIGNER in alert.text, f"since {WHEN}" in alert.text) == (Kind.BATCH, True, True)
    assert "2 batches" in alert.text
    command = f"sanad distrust darya.example {SIGNER} --since {WHEN} --keep-recorded --keep {to_hex(PAPER)}"
    assert alert.commands == (command + " --config s.toml",)


def test_each_thief_has_an_alert_and_a_moment() -> None:
    sight = strange((FORGED, batch(at=NOON)), (PAPER, batch(OTHER, NOON + 60)))
    assert [alert.commands[0].split()[3:6] for alert in told(sight)] == [
        [SIGNER, "--since", WHEN],
        [OTHER, "--since", "2026-09-21T14:14:20Z"],
    ]


@pytest.mark.parametrize("ended", [{"counts": False}, {"withdrawnAt": NOON}])
def test_what_no_longer_counts_is_no_alert(ended: dict[str, Any]) -> None:
    assert told(strange((FORGED, batch(**ended)))) == []


def test_a_revocation_is_explained_by_our_signature_alone() -> None:
    found = {(OTHER, C): Revocation(3, NOON, OTHER, False, b"")}
    (alert,) = told(replace(SIGHT, strange_revoked=found))
    assert (alert.kind, f"{to_hex(C)} was revoked on {WHEN}" in alert.text) == (Kind.REVOCATION, True)
    assert alert.commands[0].startswith(f"sanad distrust darya.example {OTHER} --since {WHEN}")
    assert told(replace(SIGHT, strange_revoked=found), replace(KNOWN, revoked={(OTHER, C)})) == []
    assert told(replace(SIGHT, strange_revoked={(OTHER, C): None})) == []


def test_a_key_of_ours_is_not_called_stolen_while_its_batches_are_lost() -> None:
    """A revocation from before a loss looks as a thief's does; the advice to distrust our own key would harm."""
    revoked = replace(SIGHT, strange_revoked={(SIGNER, C): Revocation(3, NOON, SIGNER, False, b"")})
    behind, batchless = replace(KNOWN, issuing=SIGNER, recorded=set()), strange((FORGED, batch()))
    nothing = replace(batchless, batches={}, institution=INSTITUTION)
    for sight, known, first in (
        (revoked, behind, "sanad rebuild"),
        (nothing, replace(behind, commitments={}), "sanad rebuild"),
        (batchless, behind, "sanad distrust"),
        (revoked, replace(KNOWN, issuing=SIGNER), "sanad distrust"),
        (revoked, replace(behind, issuing=OTHER), "sanad distrust"),
        (batchless, replace(KNOWN, issuing=SIGNER), "sanad distrust"),
    ):
        (alert,) = told(sight, known)
        assert alert.commands[0].startswith(first), alert
    assert "set back: sanad rebuild --from FOLDER" in alert.text


def test_of_an_admins_key_only_the_programme_is_asked() -> None:
    (alert,) = told(replace(SIGHT, strange_revoked={(NO_ADDRESS, C): Revocation(3, NOON, ADMIN, True, b"")}))
    assert alert.commands == ()
    assert "\n        sanad registry replace-admin darya.example NEW-ADMIN\n" in alert.text
    assert f"\n        sanad registry distrust darya.example {ADMIN} --since {WHEN}\n" in alert.text


def test_an_unknown_batch_names_the_keys_that_sent_what_the_records_do_not_have() -> None:
    sight = replace(SIGHT, institution={**INSTITUTION, "batches": 2, "certificates": 17})
    (alert,) = told(sight, past=Past(NOON - 60, sent={SIGNER: 0, OTHER: 2, ADMIN: 1}))
    assert "1 batch of darya.example, with 12 certificates" in alert.text
    assert f"{ADMIN} sent 1 transaction, {OTHER} sent 2 transactions that our records do not have" in alert.text
    since = "2026-09-21T14:12:20Z"
    assert alert.commands == (f"sanad distrust darya.example {OTHER} --since {since} --keep-recorded --config s.toml",)
    assert [each.split()[3] for each in told(sight)[0].commands] == [SIGNER, OTHER]  # no node says: all that could


def test_without_an_earlier_look_the_moment_is_that_of_the_keys_authority() -> None:
    sight = replace(SIGHT, institution={**INSTITUTION, "batches": 2})
    (alert,) = told(sight, past=Past())
    assert "there was none" not in alert.text
    assert "--since 2026-09-21T13:58:20Z" in alert.commands[0]


def test_keys_that_are_stopped_are_not_offered_again() -> None:
    stopped = replace(SIGHT, keys={SIGNER: key(distrustedSince=NOON - 600)}, institution={**INSTITUTION, "batches": 2})
    assert told(stopped)[0].commands == ()


def test_unseen_revocations_are_counted() -> None:
    assert "3 revocations of darya.example" in told(SIGHT, past=Past(NOON, unseen=3))[0].text


ACTS = [
    (Act("authorise", {"signer": SIGNER}, ADMIN), (f"key {SIGNER} authorised", True)),
    (Act("authoriseEducator", {"signer": SIGNER}, ADMIN), (f"key {SIGNER} authorised", True)),
    (Act("remove", {"signer": SIGNER}, ADMIN), (f"key {SIGNER} authorised", False)),
    (Act("distrust", {"key": SIGNER, "since": NOON}, ADMIN), (f"key {SIGNER} distrusted", NOON)),
    (Act("liftDistrust", {"key": SIGNER}, ADMIN), (f"key {SIGNER} distrusted", 0)),
    (Act("withdraw", {"root": ROOT}, ADMIN), (f"batch {to_hex(ROOT)} withdrawn", True)),
    (Act("reinstateBatch", {"root": to_hex(ROOT)}, ADMIN), (f"batch {to_hex(ROOT)} withdrawn", False)),
    (Act("transferAdmin", {"nominee": OTHER}, ADMIN), ("pendingAdmin", OTHER)),
    (Act("acceptAdmin", {}, OTHER), ("admin", OTHER)),
    (Act("suspend", {}, ADMIN, "a.example"), ("a.example suspended", True)),
    (Act("rename", {"name": "A"}, ADMIN, "a.example"), ("a.example name", "A")),
    (Act("permitCertifying", {"permitted": True}, ADMIN, "a.example"), ("a.example mayCertify", True)),
    (Act("replaceAdmin", {"admin": OTHER}, ADMIN, "a.example"), ("a.example admin", OTHER)),
    (Act("nameSuccessor", {"chainId": 56, "registry": OTHER}, ADMIN), ("successor", f"{OTHER} on chain 56")),
    (Act("transferOwnership", {"newOwner": OTHER}, ADMIN), ("pendingOwner", OTHER)),
    (Act("acceptOwnership", {}, OTHER), ("owner", OTHER)),
]  # fmt: skip


@pytest.mark.parametrize(("act", "fact"), ACTS, ids=lambda each: each.function if isinstance(each, Act) else "")
def test_an_act_explains_what_it_leaves_behind(act: Act, fact: tuple[str, Any]) -> None:
    name, value = fact
    before, now = {name: "was"}, {name: value}
    assert list(changes(before, now, ())) == [Change(name, "was", value)]
    assert list(changes(before, now, facts_left([act]))) == []


def test_only_the_last_act_about_a_key_explains_it() -> None:
    """Else whoever was authorised once could be authorised again by a thief."""
    ours = facts_left([ACTS[0][0], ACTS[2][0]])
    again = {f"key {SIGNER} authorised": True}
    assert list(changes({f"key {SIGNER} authorised": False}, again, ours)) != []


def test_nothing_to_compare_with_is_no_change() -> None:
    assert list(changes({}, {"admin": ADMIN}, ())) == []
    assert list(changes({"admin": ADMIN}, {"admin": ADMIN, f"key {OTHER} authorised": False}, ())) == []
    new = {"admin": ADMIN, f"key {OTHER} authorised": True}
    assert len(list(changes({"admin": ADMIN}, new, ()))) == 1
    assert list(changes({"admin": ADMIN}, new, (), partial=True)) == []


def test_an_alert_has_a_name_of_its_own_in_each_registry() -> None:
    alert = Alert(Kind.ROLE, "a.example", "", about="x", place="97-0x1")
    names = {alert.id, replace(alert, place="56-0x1").id, replace(alert, domain="b").id, replace(alert, about="y").id}
    assert len(names) == 4
