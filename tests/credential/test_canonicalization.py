"""Canonical JSON by the pairs of RFC 8785; canonical RDF beside another implementation that shares nothing with ours.

The W3C's own evaluation tests of RDFC-1.0 are run by `python -m tools.rdf_canon FOLDER` over a copy of them.
"""

import json
import random
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.credential.test_independent import run
from tools import rdf_canon
from verifier.core.canonical import canonical, parse
from verifier.core.errors import JsonError
from verifier.core.linked_data import canonical_lines

PAIRS = Path(__file__).parent / "jcs"


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_pairs_of_rfc_8785(name: str) -> None:
    given = (PAIRS / f"{name}.in.json").read_bytes()
    assert canonical(json.loads(given)) == (PAIRS / f"{name}.out.json").read_bytes()
    if name == "values":  # 1E30 is whole and beyond ±(2^53−1): canonical JSON can say it, SPEC.md section 2 cannot
        with pytest.raises(JsonError, match="The number 1E30 is beyond"):
            parse(given)
    else:
        assert canonical(parse(given)) == (PAIRS / f"{name}.out.json").read_bytes()


P, Q = "<urn:p>", "<urn:q>"


def edges(*pairs: tuple[str, str], by: str = P) -> list[str]:
    return [f"{one} {by} {two} ." for one, two in pairs]


def circle(*names: str) -> list[str]:
    return edges(*zip(names, names[1:] + names[:1], strict=True))


SHAPES: dict[str, list[str]] = {
    "no blank node": ["<urn:a> <urn:p> <urn:b> .", '<urn:a> <urn:q> "x" .'],
    "one": [f"_:x {P} <urn:a> ."],
    "the same statement twice": [f"_:x {P} <urn:a> .", f"_:x {P} <urn:a> ."],
    "a loop": edges(("_:x", "_:x")),
    "unique hashes": [f'_:x {P} "1" .', f'_:y {P} "2" .', *edges(("_:x", "_:y"))],
    "shared hashes": [
        *edges(("<urn:s>", "_:a"), ("<urn:s>", "_:b")),
        *edges(("_:a", "_:c"), ("_:b", "_:d"), by=Q),
        *edges(("_:c", "_:d")),
    ],
    "two that nothing tells apart": edges(("<urn:s>", "_:a"), ("<urn:s>", "_:b")),
    "a circle of two": circle("_:a", "_:b"),
    "a circle of three": circle("_:a", "_:b", "_:c"),
    "two circles": [*circle("_:a", "_:b", "_:c"), *circle("_:d", "_:e", "_:f")],
    "a double circle": [*circle("_:a", "_:b", "_:c"), *circle("_:c", "_:b", "_:a")],
    "circles of two sizes": [*circle("_:a", "_:b"), *circle("_:d", "_:e", "_:f")],
    "a circle with a point": [*circle("_:a", "_:b", "_:c"), f"_:b {Q} <urn:end> ."],
    "duplicate paths": [
        *edges(("_:a", "_:b"), ("_:a", "_:c"), ("_:b", "_:d"), ("_:c", "_:d")),
        *edges(("_:d", "<urn:end>")),
    ],
    "two trees of one shape": [
        *edges(("_:r", "_:a"), ("_:r", "_:b"), ("_:s", "_:c"), ("_:s", "_:d")),
        *edges(("_:a", "_:c"), by=Q),
    ],
    "everyone with everyone": edges(*permutations(["_:a", "_:b", "_:c", "_:d"], 2)),
    "a star": edges(*[("_:m", f"_:n{number}") for number in range(6)]),
    "a chain": edges(*[(f"_:n{number}", f"_:n{number + 1}") for number in range(9)]),
    "a graph without a name": [f"_:a {P} _:b _:g .", f"_:g {Q} _:a ."],
    "graphs of one shape": [f"_:a {P} _:b _:g .", f"_:c {P} _:d _:h .", f"_:g {Q} _:h ."],
    "one node in two graphs": [f"_:a {P} _:a <urn:g> .", f"_:a {P} _:a <urn:h> ."],
    "a blank graph that names itself": [f"_:g {P} _:g _:g ."],
    "control characters": [
        f'_:x {P} "\\b\\t\\n\\f\\r\\"\\\\" .',
        *(f'_:x {P} "\\u{code:04X}" .' for code in (*range(0x20), 0x7F, 0x85, 0xA0, 0x2028, 0xFFFD)),
    ],
    "scripts": [f'_:x {P} "سند" .', f'_:x {P} "Nguyễn Thị Ánh Tuyết"@vi .', f'_:x {P} "👩🏽‍🎓 \\U0001F600" .'],
    "languages and types": [
        f'_:x {P} "a"@en .',
        f'_:x {P} "a"@en-gb .',  # as JSON-LD processors hand them on, in lower case
        f'_:x {P} "a"^^<urn:t> .',
        f'_:x {P} "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        f'_:x {P} "a"^^<http://www.w3.org/2001/XMLSchema#string> .',
    ],
    "addresses": [f"<urn:é> {P} <https://example.org/a?b=c#d> .", f"<urn:%C3%A9> {P} _:x ."],
}


def drawn(seed: int) -> list[str]:
    """A small graph of nodes that are hard to tell apart, the same for the same seed."""
    dice = random.Random(seed)
    nodes = [f"_:n{number}" for number in range(dice.randint(2, 6))]
    graphs = ["", "", " <urn:g>", " _:g", f" {dice.choice(nodes)}"]
    ends = [*nodes, *nodes, "<urn:a>", '"x"', '"x"@en']
    return [
        f"{dice.choice([*nodes, '<urn:a>'])} {dice.choice([P, P, Q])} {dice.choice(ends)}{dice.choice(graphs)} ."
        for _ in range(dice.randint(2, 10))
    ]


def ours(lines: list[str]) -> str:
    text = "\n".join(lines) + "\n"
    return canonical_lines(ox.Dataset(ox.parse(text, format=ox.RdfFormat.N_QUADS)))


def test_another_implementation_gives_the_same_bytes() -> None:
    datasets = {**SHAPES, **{f"drawn {seed}": drawn(seed) for seed in range(150)}}
    theirs = run("rdf-canonize.mjs", ["\n".join(lines) + "\n" for lines in datasets.values()])
    differing = [name for (name, lines), text in zip(datasets.items(), theirs, strict=True) if ours(lines) != text]
    assert differing == []


@pytest.mark.parametrize("shape", SHAPES)
def test_labels_and_order_make_no_difference(shape: str) -> None:
    dice = random.Random(shape)
    expected = ours(SHAPES[shape])
    for _ in range(5):
        text = "\n".join(SHAPES[shape])
        for label in sorted(set(rdf_canon.LABEL.findall(text)), key=lambda _: dice.random()):
            text = text.replace(f"{label} ", f"_:z{dice.randrange(10**9)} ")
        lines = text.split("\n")
        dice.shuffle(lines)
        assert ours(lines) == expected


def test_labels_that_look_canonical_mislead_nobody() -> None:
    """rdf-canonize takes the text of a literal for a label here, so it is not asked."""
    expected = '_:c14n0 <urn:p> _:c14n1 .\n_:c14n1 <urn:q> "_:c14n1" .\n'
    assert ours([f"_:c14n1 {P} _:c14n0 .", f'_:c14n0 {Q} "_:c14n1" .']) == expected
    assert ours([f"_:x {P} _:y .", f'_:y {Q} "_:c14n1" .']) == expected


def test_the_runner_of_the_w3c_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rdfc10").mkdir()
    good = {
        "id": "#t1",
        "type": "rdfc:RDFC10EvalTest",
        "name": "one",
        "action": "rdfc10/1.nq",
        "result": "rdfc10/1-r.nq",
    }
    bad = {**good, "id": "#t2", "name": "two", "result": "rdfc10/2-r.nq"}
    (tmp_path / "manifest.jsonld").write_text(
        json.dumps({"entries": [good, bad, {**good, "type": "rdfc:RDFC10MapTest"}]})
    )
    (tmp_path / "rdfc10" / "1.nq").write_text("_:x <urn:p> <urn:a> .\n")
    (tmp_path / "rdfc10" / "1-r.nq").write_text("_:c14n0 <urn:p> <urn:a> .\n")
    (tmp_path / "rdfc10" / "2-r.nq").write_text("_:c14n1 <urn:p> <urn:a> .\n")
    assert rdf_canon.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == "differs: #t2 two\n1 of 2 evaluation tests of RDFC-1.0 passed.\n"
