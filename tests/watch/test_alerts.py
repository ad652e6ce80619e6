"""What a sight makes of records and memory, case by case."""

from dataclasses import replace
from typing import Any

from issuer.watch.alerts import Alert, Kind, Memory, alerts, remembered
from issuer.watch.sight import Known, Sight
from verifier.chain.registry import Revocation

NOON = 1_790_000_000
SIGNER, ADMIN, OTHER = ("0x" + letter * 40 for letter in "123")
NOBODY = "0x" + "0" * 40
ROOT, C = bytes([7] * 32), bytes([9] * 32)
INSTITUTION = {
    "admin": ADMIN, "pendingAdmin": NOBODY, "suspended": False, "mayCertify": False, "name": "Darya",
    "certificates": 5, "batches": 1, "revocations": 0,
}  # fmt: skip
BATCH = {"issuedAt": 1, "size": 5, "withdrawnAt": 0, "signer": SIGNER}
KEY = {"authorised": True, "distrustedSince": 0}
SIGHT = Sight("darya.example", NOON, INSTITUTION, {ROOT: BATCH}, {SIGNER: KEY}, {}, None)
KNOWN = Known({ROOT: (C,)}, (SIGNER,))
BEFORE = remembered(replace(SIGHT, at=NOON - 60), Memory())


def institution(**changed: Any) -> Sight:
    return replace(SIGHT, institution={**INSTITUTION, **changed})


def told(sight: Sight, known: Known = KNOWN, before: Memory = BEFORE) -> list[Alert]:
    return list(alerts(sight, known, before))


def test_all_explained() -> None:
    assert told(SIGHT) == told(SIGHT, before=Memory()) == []


def test_an_unknown_batch_names_the_keys_and_the_moment_before_it() -> None:
    (alert,) = told(institution(batches=2, certificates=17))
    assert alert.kind is Kind.BATCH
    assert "1 batch of darya.example, with 12 certificates" in alert.text
    assert alert.commands == (f"sanad distrust darya.example {SIGNER} --since 2026-09-21T14:12:20Z",)


def test_the_moment_stays_that_of_the_last_look_at_which_all_was_explained() -> None:
    strange = institution(batches=2, certificates=17)
    after = remembered(replace(strange, at=NOON + 60), remembered(strange, BEFORE))
    assert told(strange, before=after)[0].commands[0].endswith("2026-09-21T14:12:20Z")


def test_distrusted_keys_are_not_offered_again() -> None:
    sight = replace(institution(batches=2), keys={SIGNER: {"authorised": True, "distrustedSince": 5}})
    assert told(sight, before=Memory())[0].commands == ()


def test_a_revocation_is_explained_by_our_signature_alone() -> None:
    revoked = replace(institution(revocations=1), revoked={C: Revocation(3, NOON, OTHER, False, b"")})
    (alert,) = told(revoked)
    assert alert.commands == (f"sanad distrust darya.example {OTHER} --since 2026-09-21T14:13:20Z",)
    assert told(revoked, replace(KNOWN, revoked={C})) == []


def test_revocations_of_unknown_certificates_are_counted_and_remembered() -> None:
    strange = institution(revocations=3)
    assert "3 revocations of darya.example" in told(strange)[0].text
    assert "3 revocations" in told(replace(strange, revoked=None), before=remembered(strange, BEFORE))[0].text


def test_roles_are_told_when_they_change_and_we_did_not_do_it() -> None:
    for change, kind, words in (
        ({"admin": OTHER}, Kind.ROLE, f"is {OTHER} now, and was {ADMIN}"),
        ({"pendingAdmin": OTHER}, Kind.ROLE, "nominated as the next admin"),
        ({"suspended": True}, Kind.ROLE, "may not issue for now"),
        ({"mayCertify": True}, Kind.ROLE, "may now certify educators"),
        ({"name": "Other"}, Kind.ROLE, "from 'Darya' to 'Other'"),
    ):
        (alert,) = told(institution(**change))
        assert (alert.kind, words in alert.text) == (kind, True), alert
        assert told(institution(**change), before=Memory()) == []
    assert told(institution(admin=OTHER), replace(KNOWN, acts={("acceptAdmin", OTHER)})) == []
    assert told(institution(pendingAdmin=OTHER), replace(KNOWN, acts={("transferAdmin", OTHER)})) == []
    assert told(institution(), before=replace(BEFORE, roles={**BEFORE.roles, "pendingAdmin": OTHER})) == []


def test_keys_are_told_when_they_change_and_we_did_not_do_it() -> None:
    for facts, function, words in (
        ({"authorised": False, "distrustedSince": 0}, "remove", "may no longer issue"),
        ({"authorised": True, "distrustedSince": NOON}, "distrust", "is distrusted since 2026-09-21T14:13:20Z"),
    ):
        changed = replace(SIGHT, keys={SIGNER: facts})
        (alert,) = told(changed)
        assert (alert.kind, words in alert.text) == (Kind.KEY, True), alert
        assert told(changed, replace(KNOWN, acts={(function, SIGNER)})) == []


def test_a_withdrawal_that_we_did_not_sign() -> None:
    sight = replace(SIGHT, batches={ROOT: {**BATCH, "withdrawnAt": NOON}})
    (alert,) = told(sight)
    assert alert.commands == (f"sanad withdraw darya.example 0x{ROOT.hex()} --undo",)
    assert told(sight, replace(KNOWN, acts={("withdraw", "0x" + ROOT.hex())})) == []


def test_a_successor() -> None:
    assert told(replace(SIGHT, successor=OTHER))[0].kind is Kind.REGISTRY
