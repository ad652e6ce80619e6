"""A demonstration continued: the same chain, registry, keys and records, and whatever was issued there since."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from web3 import HTTPProvider, Web3

from deploy.demo import Chain, Class, Issued, Wishes, with_progress
from deploy.demo_folder import CHAIN
from deploy.embedded_chain import CHAIN_ID
from deploy.errors import DemoError
from issuer.batches.filenames import free_folder
from issuer.batches.judging import Checked, check_each
from issuer.batches.progress import Progress
from issuer.course.course import load_course
from issuer.credential.quads_template import QuadsTemplates
from issuer.errors import RosterErrors
from issuer.office.behind import check
from issuer.office.class_report import examine
from issuer.office.issuing import open_issuer
from issuer.office.office import open_office
from issuer.office.standings import AskedRegistry
from issuer.office.status_lists import publish_after
from issuer.records import Batch, BatchState, Records
from issuer.roster.model import ReadOptions
from issuer.settings import load_issuer_settings
from verifier.archive_folder import FolderArchive
from verifier.core.envelope import parse_envelope
from verifier.core.errors import SanadError
from verifier.core.verifier import Verifier
from verifier.settings import Settings, load_settings

START_OVER = "sanad demo --fresh starts over; nothing was deleted."


@dataclass(frozen=True)
class Kept:
    """A demonstration as it was left."""

    folder: Path
    settings: Settings

    @property
    def path(self) -> Path:
        """Its sanad.toml."""
        return self.folder / "sanad.toml"

    @property
    def chain_file(self) -> Path | None:
        """Where its own chain is kept; None where it ran on somebody's node."""
        file = self.folder / CHAIN
        return file if file.exists() else None

    @property
    def origin(self) -> str:
        """The verifier's address in its links."""
        return self.settings.origin or "http://127.0.0.1:8000"

    @property
    def port(self) -> int | None:
        """The port that its links lead to, where they lead to this machine by a number."""
        return urlsplit(self.origin).port

    @property
    def node(self) -> str:
        """Where its chain was last."""
        return self.settings.registries[0].nodes[0].url

    @property
    def address(self) -> str:
        """Its registry's."""
        return self.settings.registries[0].info.address


def open_kept(folder: Path, node: str | None) -> Kept:
    """The demonstration that is kept in a folder.

    Raises:
        DemoError: it cannot be continued; nothing is deleted.
    """
    try:
        settings = load_settings(folder / "sanad.toml")
        load_issuer_settings(folder / "sanad.toml")
    except SanadError as error:
        raise DemoError(f"The demonstration in {folder} cannot be continued: {error} {START_OVER}") from None
    kept = Kept(folder, settings)
    if not settings.registries:
        raise DemoError(f"The demonstration in {folder} cannot be continued: it names no registry. {START_OVER}")
    own = settings.registries[0].info.chain_id == CHAIN_ID
    if kept.chain_file is not None and node is not None:
        raise DemoError(
            f"{folder} has a chain of its own, and --node names another. Leave --node out, or choose another folder by "
            f"--out; {START_OVER}"
        )
    if kept.chain_file is None and node is None:
        why = "its chain was not kept" if own else "it ran on a node: name that with --node"
        raise DemoError(f"The demonstration in {folder} cannot be continued: {why}. {START_OVER}")
    return kept


def say_where(kept: Kept, chain: Chain, origin: str) -> Kept:
    """See that sanad.toml names the chain's place and the verifier's; nothing else in it changes.

    Raises:
        DemoError: the chain there has no such registry.
    """
    web3 = Web3(HTTPProvider(chain.url, request_kwargs={"timeout": 10}, exception_retry_configuration=None))
    if chain.chain_id != kept.settings.registries[0].info.chain_id or not web3.eth.get_code(
        Web3.to_checksum_address(kept.address)
    ):
        raise DemoError(f"The chain at {chain.url} does not have the registry of {kept.folder} any more. {START_OVER}")
    text = kept.path.read_text(encoding="utf-8")
    changed = text.replace(f'"{kept.node}"', f'"{chain.url}"').replace(
        f'origin = "{kept.origin}"', f'origin = "{origin}"'
    )
    if changed != text:
        part = kept.path.with_name(".sanad.toml.part")
        part.write_text(changed, encoding="utf-8")
        part.replace(kept.path)
    return Kept(kept.folder, load_settings(kept.path))


def go_on(kept: Kept, wishes: Wishes, progress: Progress) -> Issued:
    """Issue the class that was asked for, if one was, and judge every certificate that was ever issued here.

    Raises:
        IssuerError, DeployError: in one sentence, what went wrong.
    """
    started = time.monotonic()
    transaction, gas = (
        (None, None) if wishes.roster is None and wishes.course is None else _issue(kept, wishes, progress)
    )
    with closing(Records(load_issuer_settings(kept.path).records)) as store:
        batches = [batch for batch in store.batches() if batch.state is BatchState.DELIVERED]
        if not batches:
            raise DemoError(f"The demonstration in {kept.folder} cannot be continued: nothing was issued. {START_OVER}")
        progress.stage("Verifying every file", sum(batch.size for batch in batches))
        classes = tuple(Class(batch, tuple(with_progress(_checked(kept, store, batch), progress))) for batch in batches)
    info, seconds = kept.settings.registries[0].info, time.monotonic() - started
    return Issued(kept.path, info.address, info.chain_id, batches[-1], transaction, gas, classes, seconds)


def _issue(kept: Kept, wishes: Wishes, progress: Progress) -> tuple[str | None, int | None]:
    """Issue to those of the class who have no certificate of the course yet."""
    course_file = wishes.course or kept.folder / "course.toml"
    report = examine(
        load_course(course_file), wishes.roster or kept.folder / "roster.csv", ReadOptions(), (), kept.path
    )
    if report.found.problems:
        raise RosterErrors(report.found.problems)
    if not report.found.to_issue:
        progress.say("Everybody in this class has this course's certificate already.")
        return None, None
    office = open_office(kept.path)
    with open_issuer(office, check(office), progress) as issuer:
        issuer.issue(course_file, report.found.to_issue, free_folder(kept.folder / "certificates"), wishes.origin)
        done = issuer.issued
    publish_after(lambda: office)
    return (None, None) if done is None else (done.transaction, done.gas_used)


def _checked(kept: Kept, store: Records, batch: Batch) -> Iterator[Checked]:
    archive = FolderArchive(kept.settings.archive or kept.folder / "archive")
    asked = AskedRegistry(kept.settings.registries[0].registry())
    stored = (archive.envelope(hash_) for hash_ in store.hashes(batch.id).values())
    asked.ask([parse_envelope(data) for data in stored if data is not None])
    yield from check_each(store, batch, Verifier([asked], archive, QuadsTemplates()))
