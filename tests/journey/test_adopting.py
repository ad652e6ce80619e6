"""What was revoked stays revoked, whoever adopts what; and nothing of a thief's becomes the institution's word."""

import json
from contextlib import closing

from eth_account import Account

from deploy.registry_contract import authorise
from issuer.records import Records
from issuer.records.place import in_folder
from issuer.registry.institution import InstitutionActs
from issuer.registry.signed_acts import signed_revocations
from tests.journey.office import PASSPHRASE, Office
from tests.journey.school import act, refused, root, verdict
from verifier.archive_folder import batch_path
from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.hashes import ZERO, commitment, from_hex, institution_id, to_hex
from verifier.core.registry import NO_ADDRESS

LONG_AGO = "2020-01-01T00:00:00Z"


def revoke(school: Office, index: int) -> str:
    """Revoke one by the command, as the professor; its hash."""
    hash_ = str(school.verdicts(school.pdfs[index])[0]["hash"])
    result = school.run("revoke", hash_, "--reason", "misconduct", "--config", str(school.config))
    assert result.exit_code == 0, result.output
    return hash_


def verdicts(school: Office) -> list[str]:
    school.deployed.chain.finalize()
    return [str(each["verdict"]) for each in school.verdicts(*school.pdfs)]


def distrust(school: Office, *more: str) -> str:
    words = ("distrust", school.domain, school.deployed.signer.address, "--since", LONG_AGO, *more)
    result = school.run(*words, "--config", str(school.config))
    assert result.exit_code == 0, result.output
    return result.output


def adopt(school: Office, *more: str) -> str:
    result = school.run("adopt", school.domain, *more, "--config", str(school.config))
    assert result.exit_code == 0, result.output
    return result.output


def test_adopting_brings_no_revoked_and_no_replaced_certificate_back(school: Office) -> None:
    assert school.issue("Student Number,Name\n9,Ayesha A. Siddiqui\n", "second").exit_code == 0
    old, new = (
        school.verdicts(each)[0]["hash"] for each in (school.pdfs[0], *(school.folder / "second").glob("*.pdf"))
    )
    act(school, "replace", old, new, "--even-so")
    revoke(school, 1)
    (second,) = (school.folder / "second").glob("*.json")
    roots = (root(school), json.loads(second.read_bytes())["root"])
    distrust(school)  # in haste: nothing is kept, and what the key revoked is hidden
    assert set(verdicts(school)) == {"untrusted"}
    dry = adopt(school, *roots, "--dry-run")
    assert "Before the adoption, 2 revocations are repeated in the institution's own name:" in dry
    assert set(verdicts(school)) == {"untrusted"}
    told = act(school, "adopt", school.domain, *roots)
    assert [each["act"] for each in told] == ["revoke", "replace", "adopt"]
    assert verdicts(school) == ["replaced", "revoked", "valid", "valid", "valid"]
    again = act(school, "adopt", school.domain, *roots)
    assert [(each["act"], each["stood_already"]) for each in again] == [("adopt", True)]


def small_batch(school: Office, size: int) -> BatchFile:
    """A batch of nobody's certificates, with its file in the archive; not registered."""
    records = [(bytes([number]) * 32, ZERO) for number in range(1, size + 1)]
    file = BatchFile(school.domain, tree_of(records).root, b"".join(c + p for c, p in records))
    path = batch_path(school.folder / "archive", school.domain, file.root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.to_bytes())
    return file


def test_what_the_registry_shows_of_the_key_is_repeated(school: Office) -> None:
    """A revocation from before the distrust goes on counting, and ends with the adoption of its batch."""
    deployed, file = school.deployed, small_batch(school, 3)
    institution, writer = institution_id(school.domain), deployed.writer(deployed.signer)
    first, second, third = (file.record(index)[0] for index in range(3))
    deployed.revoke(deployed.admin, [third], 6, school.domain)
    deployed.revoke(deployed.signer, [first, third], 3, school.domain)
    deployed.chain.finalize()
    since = writer.issue(institution, file.root, 3).issued_at
    acts = InstitutionActs(deployed.sender(deployed.admin), deployed.address, school.domain)
    acts.distrust(deployed.signer.address, since).perform()
    told = act(school, "adopt", school.domain, to_hex(file.root))
    assert [each["act"] for each in told] == ["revoke", "adopt"]
    assert [value for name, value in told[0]["facts"].items() if name.startswith("commitment")] == [to_hex(first)]
    registry = deployed.registry()
    found = registry.revocations(school.domain, NO_ADDRESS, [first, second, third])
    assert [each.reason if each else None for each in found] == [3, None, 6]


def test_adopting_looks_before_it_adopts(school: Office) -> None:
    deployed, file = school.deployed, small_batch(school, 3)
    institution, writer = institution_id(school.domain), deployed.writer(deployed.signer)
    assert "counts already, by " in refused(school, "adopt", school.domain, root(school))
    writer.issue(institution, file.root, 4)
    distrust(school)
    told = refused(school, "adopt", school.domain, to_hex(file.root))
    assert f"The batch file of {to_hex(file.root)} has 3 certificates, the registry says 4. Nothing was sent" in told
    path = batch_path(school.folder / "archive", school.domain, file.root)
    path.write_bytes(batch_path(school.folder / "archive", school.domain, from_hex(root(school))).read_bytes())
    assert "has no sound batch file" in refused(school, "adopt", school.domain, to_hex(file.root))
    (school.folder / "data").rename(school.folder / "elsewhere")
    told = refused(school, "adopt", school.domain, root(school))
    assert "is distrusted. That hides what it revoked since" in told
    assert "No revocation has to be repeated" in adopt(school, root(school), "--without-records")
    assert verdict(school) == "valid"


def test_keeping_a_batch_keeps_what_we_revoked_and_not_what_a_thief_did(school: Office) -> None:
    deployed = school.deployed
    revoke(school, 1)
    stolen = commitment(from_hex(school.verdicts(school.pdfs[2])[0]["hash"]))
    deployed.revoke(deployed.signer, [stolen], 3, school.domain)  # in nobody's records
    assert verdicts(school) == ["valid", "revoked", "revoked", "valid", "valid"]
    dry = distrust(school, "--keep", root(school), "--dry-run")
    assert f"revocation of commitment {to_hex(stolen)}" in dry
    assert "NOT in our records, so not repeated with --keep" in dry
    assert dry.count("in our records\n") == 2  # the batch and the other revocation
    assert "revoke\n" in dry
    distrust(school, "--keep", root(school))
    assert verdicts(school) == ["valid", "revoked", "valid", "valid", "valid"]


def test_a_revocation_that_never_took_effect_does_not_become_the_institutions(school: Office) -> None:
    """A signer's revocation of another signer's certificate is nothing, in our records or not."""
    deployed, colleague = school.deployed, Account.create()
    authorise(deployed.sender(deployed.admin), deployed.address, school.domain, colleague.address)
    deployed.chain.fund(colleague.address)
    keystore = Account.encrypt(colleague.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (school.folder / "colleague.json").write_text(json.dumps(keystore))
    hash_ = school.verdicts(school.pdfs[0])[0]["hash"]
    words = ("--key", str(school.folder / "colleague.json"), "--passphrase-file", str(school.folder / "passphrase"))
    school.run("revoke", hash_, "--reason", "misconduct", *words, "--config", str(school.config))
    with closing(Records(in_folder(school.folder / "data"))) as store:
        assert [each.writer for each in signed_revocations(store, school.domain)] in ([], [colleague.address])
    assert verdict(school) == "valid"
    act(school, "distrust", school.domain, colleague.address, "--since", LONG_AGO, "--keep-recorded")
    act(school, "distrust", school.domain, deployed.signer.address, "--since", LONG_AGO, "--keep-recorded")
    assert verdict(school) == "valid"


def written_over(school: Office) -> str:
    """The professor's batch with a revocation, distrusted in haste, and registered again by a thief's key; that key."""
    revoke(school, 1)
    distrust(school)
    deployed, thief = school.deployed, Account.create()
    authorise(deployed.sender(deployed.admin), deployed.address, school.domain, thief.address)
    deployed.chain.fund(thief.address)
    deployed.writer(thief).issue(institution_id(school.domain), from_hex(root(school)), 5)
    assert verdicts(school) == ["valid"] * 5, "the professor's revocations bite in the professor's batches alone"
    return str(thief.address)


def test_a_batch_that_a_thief_wrote_over_is_adopted_with_its_first_signer_s_revocations(school: Office) -> None:
    thief = written_over(school)
    act(school, "distrust", school.domain, thief, "--since", LONG_AGO)
    told = act(school, "adopt", school.domain, root(school))
    assert [each["act"] for each in told] == ["revoke", "adopt"]
    assert verdicts(school) == ["valid", "revoked", "valid", "valid", "valid"]


def test_a_batch_that_a_thief_wrote_over_is_kept_with_its_first_signer_s_revocations(school: Office) -> None:
    thief = written_over(school)
    act(school, "distrust", school.domain, thief, "--since", LONG_AGO, "--keep", root(school))
    assert verdicts(school) == ["valid", "revoked", "valid", "valid", "valid"]
