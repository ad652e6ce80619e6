"""Letters of an installation: what commands and consoles call."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from issuer.errors import CourseElsewhereError
from issuer.mail.round import Round, Tally
from issuer.mail.settings import load_mail_settings
from issuer.records import Batch, Records
from issuer.settings import load_issuer_settings
from verifier.settings import find_settings

if TYPE_CHECKING:
    from issuer.batches.progress import Progress


def open_letters(config: Path | None) -> tuple[Records, Path]:
    """The records of a sanad.toml, and the file's path.

    Raises:
        SettingsError, IssuerSettingsError, StoreError: they cannot be opened.
    """
    path = config or find_settings()
    return Records(load_issuer_settings(path).records), path


def send_all(path: Path, store: Records, batches: Sequence[Batch], progress: "Progress") -> dict[str, Tally]:
    """Send the letters of batches that are not sent yet; the state of each batch's letters, by its id.

    Raises:
        MailSettingsError, MailServerError, MailError: it cannot be done; what was sent is noted.
        CourseElsewhereError: none of these batches was begun with this data folder.
    """
    settings = load_mail_settings(path)
    data = load_issuer_settings(path).data
    rounds = {batch.id: Round(store, batch, data / "batches" / batch.id, settings) for batch in batches}
    tallies: dict[str, Tally] = {}
    elsewhere: dict[str, CourseElsewhereError] = {}
    for id_, letters in rounds.items():
        letters.queue()
        progress.stage("Sending letters", letters.tally().queued)
        try:
            tallies[id_] = letters.send(progress.step)
        except CourseElsewhereError as error:
            elsewhere[id_] = error
    for id_, missing in elsewhere.items():
        if not tallies:
            raise missing
        progress.say(str(missing))
        tallies[id_] = rounds[id_].tally()
    return tallies
