"""Compares published status lists with the registry, and changes nothing. SPEC.md section 15.

Acts publish the places that they change. This finds what went wrong with that, and what others changed: a list that
says something else than the registry, that is missing, or that is not the institution's.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from issuer.errors import StatusListError
from issuer.publishing.status_credential import Address, Listed, read_list
from issuer.publishing.status_known import known_places
from issuer.publishing.status_lists import Answers, Asked, named
from issuer.records import Records
from verifier.archive_folder import FolderArchive
from verifier.core.hashes import sha256
from verifier.core.status_list import changed, places_set

_SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """What is wrong with one list."""

    url: str
    text: str
    can_be_published: bool
    """`sanad status publish` puts it right by itself."""
    mark: str
    """It stays the same while the same is wrong."""

    @property
    def about(self) -> str:
        """What an alert of it is about."""
        return f"{self.url} {self.mark}"


@dataclass(frozen=True)
class Compared:
    """One list, or what is in the place of one."""

    url: str
    revoked: int
    """How many places are set in it."""
    difference: Difference | None
    """None where it says what the registry says."""


def compared(
    domain: str, registry: Asked, store: Records | None, archive: FolderArchive, keys: Collection[str]
) -> list[Compared]:
    """Every list of the institution, as it is published.

    Args:
        domain: the institution's.
        registry: asked at a final block.
        store: the records, where there are any.
        archive: where the lists are published.
        keys: the multikeys whose signature is the institution's; none where they are not known here.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    bits = Answers(domain, registry).bits(known_places(store, archive, domain))
    own = {Address(each.origin, domain, each.id): each for each in store.status_lists.of(domain)} if store else {}
    known = {(each.identifier, each.host) for each in {*own, *bits}}
    others = list(_others(archive, domain, known))
    found = [Compared(each.url, 0, each) for each in others if isinstance(each, Difference)]
    addresses = {*own, *bits, *(each for each in others if isinstance(each, Address))}
    for address in sorted(addresses, key=lambda each: each.url):
        data = archive.status_list(domain, address.identifier, address.host)
        if data is None:
            ours = own.get(address)
            if ours is None or ours.published is not None:
                found.append(Compared(address.url, 0, _missing(address)))
            continue
        try:
            listed = read_list(data, address, keys or None)
        except StatusListError as error:
            found.append(Compared(address.url, 0, _not_genuine(address.url, str(error), data)))
            continue
        wrong = _wrong(address, listed, bits.get(address, {}))
        found.append(Compared(address.url, places_set(listed.bits), wrong))
    return found


def files(domain: str, archive: FolderArchive) -> str:
    """A mark of the institution's lists as they are published; it changes when any of them does."""
    listed = sorted(archive.status_lists(domain))
    return sha256(b"".join(sha256(archive.status_list(domain, *each) or b"") for each in listed)).hex()


def _others(archive: FolderArchive, domain: str, known: Collection[tuple[str, str]]) -> Iterator[Address | Difference]:
    """The lists in the archive that neither records nor certificates here know of; a difference for other files."""
    for identifier, host in archive.status_lists(domain):
        if (identifier, host) in known:
            continue
        data = archive.status_list(domain, identifier, host) or b""
        address = named(data)
        if address is not None and (address.domain, address.identifier, address.host) == (domain, identifier, host):
            yield address
        else:
            where = f"status/{domain}/{host.replace(':', '_')}/{identifier}.json"
            yield _not_genuine(where, "it is no list of this place", data)


def _missing(address: Address) -> Difference:
    text = (
        f"The status list {address.url} is missing in the archive, so verifiers without a registry cannot see what was "
        "revoked. A new one would hide it, so none is made: put the file back from a copy of the archive, then type "
        "sanad status publish."
    )
    return Difference(address.url, text, False, "missing")


def _not_genuine(where: str, why: str, data: bytes) -> Difference:
    text = (
        f"What is published at {where} is not the institution's list: {why}. Put the file back from a copy of the "
        "archive, or move it away where there was none, then type sanad status publish."
    )
    return Difference(where, text, False, f"not genuine {sha256(data).hex()[:16]}")


def _wrong(address: Address, listed: Listed, bits: dict[int, bool]) -> Difference | None:
    if changed(listed.bits, bits) == listed.bits:
        return None
    places = sorted(place for place, value in bits.items() if changed(listed.bits, {place: value}) != listed.bits)
    hidden = sum(bits[place] for place in places)
    shown = ", ".join(map(str, places[:_SHOWN])) + (" …" if len(places) > _SHOWN else "")
    text = (
        f"The status list {address.url} says something else than the registry of {len(places):,} of its places "
        f"({shown}): {hidden:,} that are revoked are shown as good, {len(places) - hidden:,} that are good as revoked."
    )
    return Difference(address.url, text, True, f"wrong {','.join(map(str, places[:50]))} {len(places)}")
