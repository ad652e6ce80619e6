"""The archive's batch files, each checked against its root before it is used (SPEC.md section 11)."""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterator

from verifier.core.archive import Archive
from verifier.core.batch_file import BatchFile, read_batch_file
from verifier.core.errors import BatchFileError
from verifier.core.hashes import sha256
from verifier.core.limits import LIMITS
from verifier.core.place import Place

_HASH = 32


class _Tree:
    """A batch's Merkle tree in one piece of memory: 68 bytes for each certificate."""

    def __init__(self, file: BatchFile) -> None:
        tree = file.tree()
        self.root = tree.root
        self._nodes = b"".join(tree.nodes)
        self._places = array("I", tree.places)

    def path(self, index: int) -> tuple[bytes, ...]:
        place, path = self._places[index], []
        while place:
            sibling = place + 1 if place % 2 else place - 1
            path.append(self._nodes[sibling * _HASH : (sibling + 1) * _HASH])
            place = (place - 1) // 2
        return tuple(path)


class _Kept:
    """One batch file as read, and its tree once something in it was searched for."""

    def __init__(self, data: bytes, file: BatchFile) -> None:
        self.file = file
        self.digest = sha256(data)
        self.tree: _Tree | None = None

    @property
    def cost(self) -> int:
        """The most bytes of memory that it can take, with its tree."""
        return len(self.file.body) + self.file.size * (2 * _HASH + 4)


class BatchFiles:
    """Finds certificates in batch files. Safe to use from several threads.

    Files and trees are cached within LIMITS.batch_memory_bytes. The hashes of files that lead to their roots are cached
    too, so that looking up a bare hash builds one tree for each batch that contains it, and none for any other.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._cost = 0
        self._proved: dict[bytes, Place | None] = {}
        """By a file's SHA-256: the place of its first record; None if it does not lead to its root."""
        self._lock = threading.RLock()

    def places(self, commitment: bytes, domain: str | None = None, known: Place | None = None) -> list[Place]:
        """The places of a commitment: one in each proved batch that contains it, once for each domain and root.

        If a batch contains it several times, the lowest index counts.

        Args:
            commitment: `C`.
            domain: count only this institution's batches; None: count all.
            known: a known place of it in a batch of that institution, for which no tree need be built.
        """
        found: dict[tuple[str, bytes], Place] = {} if known is None else {(known.domain, known.root): known}
        with self._lock:
            for kept in self._files(domain):
                named = (kept.file.domain, kept.file.root)
                index = kept.file.find(commitment)
                better = index is not None and (named not in found or index < found[named].index)
                if index is not None and better and self._prove(kept) is not None:
                    found[named] = _place(kept, index)
        return list(found.values())

    def first_places(self, domain: str | None = None) -> list[Place]:
        """The place of the first record of every proved batch, once for each domain and root."""
        with self._lock:
            proved = (self._prove(kept) for kept in self._files(domain))
            return list({(place.domain, place.root): place for place in proved if place is not None}.values())

    def _prove(self, kept: _Kept) -> Place | None:
        if kept.digest not in self._proved:
            leads = _tree(kept).root == kept.file.root
            if len(self._proved) >= LIMITS.batch_proofs:
                self._proved.clear()
            self._proved[kept.digest] = _place(kept, 0) if leads else None
        return self._proved[kept.digest]

    def _files(self, domain: str | None) -> Iterator[_Kept]:
        for name in self._archive.batches():
            kept = self._kept.get(name) or self._read(name)
            if kept is not None and domain in (None, kept.file.domain):
                if name in self._kept:
                    self._kept.move_to_end(name)
                yield kept

    def _read(self, name: str) -> _Kept | None:
        data = self._archive.batch_file(name)
        try:
            kept = _Kept(data, read_batch_file(data))
        except BatchFileError:
            return None
        if self._proved.get(kept.digest, ...) is None:
            return None
        if kept.cost <= LIMITS.batch_memory_bytes:
            self._keep(name, kept)
        return kept

    def _keep(self, name: str, kept: _Kept) -> None:
        self._kept[name] = kept
        self._cost += kept.cost
        while self._cost > LIMITS.batch_memory_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._cost -= oldest.cost


def _tree(kept: _Kept) -> _Tree:
    if kept.tree is None:
        kept.tree = _Tree(kept.file)
    return kept.tree


def _place(kept: _Kept, index: int) -> Place:
    commitment, sheet = kept.file.record(index)
    return Place(kept.file.domain, kept.file.root, index, commitment, sheet, _tree(kept).path(index))
