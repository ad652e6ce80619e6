"""Vectors of SPEC.md sections 3, 4, 5, 8, 9 and 10: hashes, leaves, trees, paths, batch files, institutions."""

import hashlib
from collections.abc import Iterator
from typing import Any

from tests.vectors.samples import batch_of_one, class_of_five
from verifier.core.batch_file import BatchFile, tree_of
from verifier.core.codes import link, short_code
from verifier.core.hashes import ZERO, institution_id, to_base64url, to_hex
from verifier.core.hashes import commitment as commitment_of
from verifier.core.limits import LIMITS
from verifier.core.merkle import leaf, root_from_path

Value = tuple[str, dict[str, Any]]
"""Name and content of one vector."""
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 33)
LONGEST_DOMAIN = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 57, "edu"])
"""253 characters, as long as a domain may be."""


def digest(text: str) -> bytes:
    """32 bytes drawn from a text."""
    return hashlib.sha256(text.encode()).digest()


def trees() -> Iterator[Value]:
    """Whole trees of odd and even sizes: each leaf and each path by index."""
    for size in SIZES:
        records = [(digest(f"C {size} {n}"), digest(f"P {size} {n}")) for n in range(size)]
        yield f"of-{size}", {"note": f"a batch of {size}"} | _tree(records)
    same = (digest("C"), ZERO)
    yield "alike", {"note": "the same certificate at three places, without a PDF: three leaves"} | _tree([same] * 3)


def paths() -> Iterator[Value]:
    """One place each, and the root that it leads to, whether or not such a tree could be built."""
    commitment, sheet = digest("C"), digest("P")
    far = [digest(f"sibling {n}") for n in range(LIMITS.path_elements)]
    yield _path("path-0", "an empty path: the root is the leaf", 0, commitment, sheet, [])
    yield _path("path-40", "the longest path", 5, commitment, sheet, far)
    yield _path("index-largest", "index 2^32−2, the largest", LIMITS.index, commitment, sheet, far[:32])
    yield _path("index-256", "an index of two bytes", 256, commitment, sheet, far[:1])
    yield _path("sheet-zero", "no PDF: 32 zero bytes", 0, commitment, ZERO, far[:2])
    yield _path("sibling-zero", "the smallest sibling stands left", 0, commitment, sheet, [ZERO])
    yield _path("sibling-highest", "the largest sibling stands right", 0, commitment, sheet, [b"\xff" * 32])
    own = leaf(0, commitment, sheet)
    yield _path("sibling-itself", "a sibling equal to the leaf", 0, commitment, sheet, [own])


def institutions() -> Iterator[Value]:
    """Domains and the number under which the registry knows them."""
    domains = ("university.example", "xn--mgbh0fb.example", "a.pk", "1.2.edu.pk", LONGEST_DOMAIN)
    for number, domain in enumerate(domains, start=1):
        note = f"{len(domain)} characters"
        yield f"{number}", {"note": note, "domain": domain, "institution": to_hex(institution_id(domain))}


def hashes() -> Iterator[Value]:
    """The ways in which one hash is written, and the commitment to it."""
    for name, note, hash_ in (
        ("first", "the first of the class of five", class_of_five().envelopes[0].hash),
        ("zero", "32 zero bytes", ZERO),
        ("ones", "32 bytes of ones", b"\xff" * 32),
        ("bit-55", "the last bit that a short code has", (1 << 201).to_bytes(32)),
        ("bit-56", "the first bit that a short code has not", (1 << 200).to_bytes(32)),
        ("first-bit", "the first bit", (1 << 255).to_bytes(32)),
    ):
        yield (
            name,
            {
                "note": note,
                "hash": to_hex(hash_),
                "commitment": to_hex(commitment_of(hash_)),
                "base64url": to_base64url(hash_),
                "code": short_code(hash_),
                "link": link("https://verify.example", hash_),
            },
        )


def good_batch_files() -> Iterator[tuple[str, str, bytes]]:
    """Batch files at the edges of what is one."""
    five = class_of_five().file
    yield "domain-longest", "a domain of 253 characters", BatchFile(LONGEST_DOMAIN, five.root, five.body).to_bytes()
    yield "domain-short", "labels of one character", BatchFile("a.b", five.root, five.body).to_bytes()
    same = (digest("C"), digest("P"))
    yield "alike", "the same record twice: two places, two leaves", _file([same, same])
    yield "line-feeds", "records of nothing but line feeds", _file([(b"\n" * 32, b"\n" * 32), (b"\n" * 32, ZERO)])
    head = five.to_bytes()[:32]
    yield "head-inside", "a record that reads like a head", _file([(head, digest("P")), (digest("C"), head)])


def bad_batch_files() -> Iterator[tuple[str, str, bytes]]:
    """Each part of the head and of the records, spoilt."""
    head, body = class_of_five().file.to_bytes().split(b"\n", 1)
    for name, note, old, new in (
        ("word", "another first word", b"sanad-batch", b"sanad-batches"),
        ("word-upper", "the first word in capitals", b"sanad-batch", b"Sanad-Batch"),
        ("version-01", "a version with a leading zero", b"batch 1", b"batch 01"),
        ("version-none", "no version", b"batch 1 ", b"batch "),
        ("spaces", "two spaces before the domain", b"1 uni", b"1  uni"),
        ("tab", "a tab before the root", b" 0x", b"\t0x"),
        ("space-before", "a space before the head", b"sanad-batch", b" sanad-batch"),
        ("mark-before", "a byte-order mark before the head", b"sanad-batch", b"\xef\xbb\xbfsanad-batch"),
        ("line-before", "a blank line before the head", b"sanad-batch", b"\nsanad-batch"),
        ("root-bare", "a root without 0x", b" 0x", b" "),
        ("root-0X", "a root with 0X", b" 0x", b" 0X"),
        ("root-long", "a root of 65 digits", b" 0x", b" 0x0"),
        ("field-more", "something between domain and root", b" 0x", b" 5 0x"),
        ("domain-none", "no domain", b"university.example ", b""),
        ("domain-one-label", "a domain of one label", b"university.example", b"university"),
        ("domain-dot", "a dot after the domain", b"example 0x", b"example. 0x"),
        ("domain-digit", "a last label that begins with a digit", b".example", b".1example"),
        ("domain-hyphen", "a label that ends in a hyphen", b"university", b"university-"),
        ("domain-hyphen-first", "a label that begins with a hyphen", b"university", b"-university"),
        ("domain-underscore", "an underscore", b"university", b"uni_versity"),
        ("domain-utf8", "a letter beyond ASCII", b"university", "universität".encode()),
        ("domain-label-64", "a label of 64 characters", b"university", b"u" * 64),
        ("domain-254", "a domain of 254 characters", b"university.example", b"a" + LONGEST_DOMAIN.encode()),
        ("domain-nul", "a NUL in the domain", b"university", b"univers\0ty"),
    ):
        yield f"head-{name}", note, head.replace(old, new, 1) + b"\n" + body
    yield "head-root-short", "a root of 63 digits", head[:-1] + b"\n" + body
    yield "head-space-after", "a space after the root", head + b" \n" + body
    yield "head-cr", "CR instead of LF after the head", head + b"\r" + body
    yield "head-no-end", "no line end after the head", head + body
    yield "records-63", "one record without its last byte", batch_of_one().file.to_bytes()[:-1]
    yield "records-65", "a byte after the last record", head + b"\n" + body + b"\n"
    other = class_of_five().file
    half = BatchFile(other.domain, other.root, other.body[:320][::-1])
    yield "records-backwards", "the same bytes backwards", half.to_bytes()


def _tree(records: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    tree = tree_of(records)
    return {
        "records": [[to_hex(commitment), to_hex(sheet)] for commitment, sheet in records],
        "leaves": [to_hex(leaf(index, *record)) for index, record in enumerate(records)],
        "root": to_hex(tree.root),
        "paths": [[to_hex(each) for each in tree.path(index)] for index in range(len(records))],
    }


def _path(name: str, note: str, index: int, commitment: bytes, sheet: bytes, path: list[bytes]) -> Value:
    own = leaf(index, commitment, sheet)
    return name, {
        "note": note,
        "index": index,
        "commitment": to_hex(commitment),
        "sheet": to_hex(sheet),
        "path": [to_hex(each) for each in path],
        "leaf": to_hex(own),
        "root": to_hex(root_from_path(own, path)),
    }


def _file(records: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(one + two for one, two in records)
    return BatchFile("university.example", tree_of(records).root, body).to_bytes()
