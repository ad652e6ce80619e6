"""Write every vector: `python -m tests.vectors.generate`; with `--check`, only compare.

Deterministic: the same bytes come on every machine. The expected answers are written down here by the
implementation and read by people; `tests/vectors/README.md` says how another implementation reads them.
"""

import base64
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.vectors import (
    archives,
    chains,
    copies,
    dates,
    domains,
    files,
    forms,
    others,
    pasted,
    pictures,
    policy,
    publications_cases,
    sanads,
    searches,
    signatures,
    status_lists,
    status_publishing,
    texts,
    trees,
    verdicts,
)
from tests.vectors.samples import batch_of_one, class_of_five
from verifier.core.batch_file import parse_batch_file
from verifier.core.canonical import canonical, parse
from verifier.core.codes import ShortCode, parse_code
from verifier.core.dates import parse_instant
from verifier.core.errors import SanadError, SeveralCredentialsError
from verifier.core.hashes import certificate_hash, to_hex
from verifier.core.pasted import read_pasted
from verifier.core.reading import Reading, read_file

HERE = Path(__file__).parent


def vectors() -> Iterator[tuple[str, bytes]]:
    """The relative path and the bytes of every vector."""
    yield from _samples()
    for name, data in _cases():
        text = json.dumps(data, indent=1, ensure_ascii=True, sort_keys=True)
        yield name + ".json", (text + "\n").encode()


def _samples() -> Iterator[tuple[str, bytes]]:
    for name, sample in (("class-of-five", class_of_five()), ("batch-of-one", batch_of_one())):
        yield f"good/{name}.sanad", sample.file.to_bytes()
        for index, envelope in enumerate(sample.envelopes):
            yield f"good/{name}.{index}.json", envelope.to_bytes()
            if envelope.has_sheet:
                yield f"good/{name}.{index}.pdf", sample.sealed(index)


def _cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, note, data in texts.accepted_json():
        yield f"json/accepted/{name}", _given(note, data) | {"canonical": canonical(parse(data)).decode()}
    for name, note, data in texts.refused_json():
        yield f"json/refused/{name}", _given(note, data) | {"error": _error(parse, data)}
    yield from _codes()
    for name, note, data in texts.good_batch_files():
        file = parse_batch_file(data)
        expect = {"domain": file.domain, "root": to_hex(file.root), "size": file.size}
        yield f"batch_files/good/{name}", _given(note, data) | expect
    for name, note, data in texts.bad_batch_files():
        yield f"batch_files/bad/{name}", _given(note, data) | {"error": _error(parse_batch_file, data)}
    for name, note, text in domains.good():
        yield f"domains/good/{name}", {"note": note, "input": text}
    for name, note, text in domains.bad():
        yield f"domains/bad/{name}", {"note": note, "input": text}
    yield from _dates()
    yield from _files()
    yield from _more()
    yield from publications_cases.cases()
    yield from signatures.data()
    yield "verdicts/answers", verdicts.default_answers()
    for case in (*verdicts.cases(), *archives.cases(), *policy.cases(), *dates.verdicts(), *sanads.cases()):
        yield f"verdicts/{case.name}", case.data()
    for listed in status_lists.cases():
        yield f"status_lists/{listed.name}", listed.data()
    for published in status_publishing.cases():
        yield f"status_publishing/{published.name}", published.data()


def _more() -> Iterator[tuple[str, dict[str, Any]]]:
    """Hashes and trees, and every wrong form of batch files, envelopes and issuers."""
    for values in (trees.hashes, trees.trees, trees.paths, trees.institutions):
        for name, value in values():
            yield f"{values.__name__}/{name}", value
    for name, note, data in trees.good_batch_files():
        file = parse_batch_file(data)
        expect = {"domain": file.domain, "root": to_hex(file.root), "size": file.size}
        yield f"batch_files/good/{name}", _given(note, data) | expect
    for name, note, data in trees.bad_batch_files():
        yield f"batch_files/bad/{name}", _given(note, data) | {"error": _error(parse_batch_file, data)}
    for name, note, data in forms.altered():
        reading = read_file(data)
        found = reading.found and to_hex(reading.found.hash)
        yield f"files/altered/{name}", _given(note, data) | {"error": reading.steps[1].sentence, "found": found}
    for name, note, data in forms.unreadable():
        yield f"files/unreadable/{name}", _given(note, data) | {"error": _error(read_file, data)}
    for case in (*chains.cases(), *forms.cases(), *forms.versions(), *copies.cases()):
        yield f"verdicts/{case.name}", case.data()


def _codes() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, note, text in texts.good_codes():
        read = parse_code(text)
        expect = {"code": str(read)} if isinstance(read, ShortCode) else {"hash": to_hex(read)}
        yield f"codes/good/{name}", {"note": note, "input": text} | expect
    for name, note, text in texts.bad_codes():
        yield f"codes/bad/{name}", {"note": note, "input": text, "error": _error(parse_code, text)}
    for name, note, text in texts.mistyped_codes():
        yield f"codes/mistyped/{name}", {"note": note, "input": text, "error": _error(parse_code, text)}
    for name, note, text in pasted.cases():
        found = [str(each) if isinstance(each, ShortCode) else to_hex(each) for each in read_pasted(text)]
        yield f"codes/pasted/{name}", {"note": note, "input": text, "found": found}
    for name, note, text in pasted.refused():
        yield f"codes/pasted/{name}", {"note": note, "input": text, "error": _error(read_pasted, text)}


def _dates() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, note, text in dates.good():
        seconds, nanoseconds = divmod(parse_instant(text).nanoseconds, 1_000_000_000)
        expect = {"seconds": str(seconds), "nanoseconds": str(nanoseconds)}
        yield f"dates/good/{name}", {"note": note, "input": text} | expect
    for name, note, text in dates.bad():
        yield f"dates/bad/{name}", {"note": note, "input": text, "error": _error(parse_instant, text)}


def _files() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, note, data in (*files.intact(), *pictures.intact()):
        yield f"files/intact/{name}", _given(note, data) | _envelope(read_file(data))
    for name, note, data in (*files.altered(), *pictures.altered(), *searches.altered()):
        reading = read_file(data)
        found = reading.found and to_hex(reading.found.hash)
        yield f"files/altered/{name}", _given(note, data) | {"error": reading.steps[1].sentence, "found": found}
    for name, note, data in (*files.unreadable(), *pictures.unreadable(), *searches.unreadable(), *others.unreadable()):
        yield f"files/unreadable/{name}", _given(note, data) | {"error": _error(read_file, data)}
    for name, note, data in (*files.credentials(), *pictures.credentials()):
        yield f"files/credentials/{name}", _given(note, data) | {"hash": to_hex(certificate_hash(_bare(data)))}
    for name, note, data in pictures.presentations():
        hashes = [to_hex(certificate_hash(each)) for each in _several(data)]
        yield f"files/presentations/{name}", _given(note, data) | {"hashes": hashes}


def _bare(data: bytes) -> Mapping[str, Any]:
    credential = read_file(data).credential
    assert credential is not None
    return credential


def _several(data: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        read_file(data)
    except SeveralCredentialsError as error:
        return error.credentials
    raise AssertionError("one credential or none")


def _envelope(reading: Reading) -> dict[str, Any]:
    envelope = reading.envelope
    assert envelope is not None
    return {
        "kind": str(reading.steps[0].facts["kind"]),
        "hash": to_hex(envelope.hash),
        "commitment": to_hex(envelope.commitment),
        "sheet": to_hex(envelope.sheet),
        "index": envelope.index,
        "root": to_hex(envelope.root),
    }


def _given(note: str, data: bytes) -> dict[str, Any]:
    return {"note": note, "input": base64.b64encode(data).decode()}


def _error(function: Any, data: Any) -> str:
    try:
        function(data)
    except SanadError as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{function.__name__} accepted {data[:80]!r}")


def main(check: bool) -> int:
    """Write or compare; the number of files that differ."""
    wanted = dict(vectors())
    present = {
        str(path.relative_to(HERE))
        for kind in ("*/*", "*/*/*", "*/*/*/*")
        for path in HERE.glob(kind)
        if path.suffix != ".pyc"
    }
    present = {name for name in present if (HERE / name).is_file()}
    wrong = sorted(
        present ^ wanted.keys()
        | {name for name in present & wanted.keys() if (HERE / name).read_bytes() != wanted[name]}
    )
    for name in wrong:
        print("differs:", name)
        if check:
            continue
        if name not in wanted:
            (HERE / name).unlink()
            continue
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / name).write_bytes(wanted[name])
    return len(wrong)


if __name__ == "__main__":
    only_check = sys.argv[1:] == ["--check"]
    differing = main(only_check)
    sys.exit(1 if only_check and differing else 0)
