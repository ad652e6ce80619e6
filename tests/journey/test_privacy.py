"""What others can see, searched byte by byte: no name, no address and no `H` in any form (docs/privacy.md)."""

import base64
import hashlib
import json
import logging
import threading
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chain.bad_node import BadNode, Exchange
from tests.journey.office import ORIGIN, Office, school_keys, settings
from tests.scenes import Scenes
from verifier.core.codes import short_code
from verifier.core.hashes import to_base64url
from verifier.settings import load_settings
from verifier.web import create_app
from verifier.web.server import listen, serve_on

STUDENTS = (
    ("Zuleikha Qandeel Bakhtawar", "zq.bakhtawar@students.example"),
    ("Ömer Çağlayangil", "omer.c@post.example"),
)
FATHER, NUMBER = "Sikandar Bakhtawar", "SN-774411"
ROSTER = f"""Student Number,Name,Father Name,Email,Grade
{NUMBER},{STUDENTS[0][0]},{FATHER},{STUDENTS[0][1]},A
SN-774412,{STUDENTS[1][0]},Rustem Kemal,{STUDENTS[1][1]},B
"""


def forms(text: str) -> Iterator[bytes]:
    """A text as it could stand somewhere: in several encodings, escaped, in base64, hashed."""
    for data in (text.encode(), text.lower().encode(), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode()):
        yield data
        yield data.hex().encode()
        yield base64.b64encode(data).rstrip(b"=")
    yield hashlib.sha256(text.lower().encode()).hexdigest().encode()
    yield hashlib.sha256(text.lower().encode()).digest()


def forms_of_hash(hash_: bytes) -> Iterator[bytes]:
    """`H` and its short code, in every form in which they are written."""
    yield hash_
    for each in (hash_.hex(), hash_.hex().upper(), to_base64url(hash_), str(int.from_bytes(hash_))):
        yield each.encode()
    yield base64.b64encode(hash_).rstrip(b"=")
    yield short_code(hash_).encode()
    yield short_code(hash_).replace("-", "").encode()


def found_in(places: dict[str, bytes], secrets: Iterable[bytes]) -> list[tuple[str, bytes]]:
    wanted = list(secrets)
    return [(place, secret) for place, data in places.items() for secret in wanted if secret in data]


def on_chain(office: Office) -> dict[str, bytes]:
    """Every transaction's calldata, and every event, from the first block on."""
    web3 = office.deployed.chain.web3
    told = {}
    for number in range(web3.eth.block_number + 1):
        for transaction in web3.eth.get_block(number, full_transactions=True)["transactions"]:
            place = f"block {number}, transaction {transaction['transactionIndex']}"
            told[f"calldata of {place}"] = bytes(transaction["input"])
            receipt = web3.eth.get_transaction_receipt(transaction["hash"])
            for log in receipt["logs"]:
                told[f"event {log['logIndex']} of {place}"] = bytes(log["data"]) + b"".join(map(bytes, log["topics"]))
    return told


def public_files(office: Office) -> dict[str, bytes]:
    """What anyone may mirror out of the archive, by content and by name."""
    archive = office.folder / "archive"
    files = [path for part in ("batches", "status", "courses") for path in (archive / part).rglob("*")]
    found = {str(path): path.read_bytes() + str(path).encode() for path in files if path.is_file()}
    assert {Path(name).suffix for name in found} == {".sanad", ".json", ".png"}
    return found


def test_nothing_that_others_see_names_anybody(embedded_office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    office, asked = embedded_office, list[bytes]()

    def overhear(exchange: Exchange) -> None:
        asked.append(json.dumps(exchange.request).encode())
        asked.extend(bytes.fromhex(each[2:]) for each in _hex_in(exchange.request))

    with BadNode(office.deployed.chain.url, overhear) as node:
        office.config.write_text(settings(office.deployed, node.url))
        school_keys(office)
        issued = office.issue(ROSTER)
        assert issued.exit_code == 0, issued.output
        assert "Warning" not in issued.output
        verdicts = office.verdicts(*office.envelopes)
        hashes = [bytes.fromhex(each["hash"][2:]) for each in verdicts]
        office.issue(ROSTER, "new", code="BC-302")
        (newer, _) = office.verdicts(*sorted((office.folder / "new").glob("*.json")))
        config = ("--config", str(office.config))
        for words in (
            ("revoke", verdicts[0]["hash"], "--reason", "misconduct"),
            ("replace", verdicts[1]["hash"], newer["hash"], "--even-so"),
            ("did", "--out", str(office.folder / "did.json")),
            ("status", "publish"),
        ):
            assert office.run(*words, *config).exit_code == 0
        hashes.append(bytes.fromhex(newer["hash"][2:]))
        capfd.readouterr()
        served = _visited(office, hashes)
    places = {**on_chain(office), **public_files(office), **served, "asked of nodes": b"\n".join(asked)}
    places["logs"] = "".join(capfd.readouterr()).encode()
    places["did.json"] = (office.folder / "did.json").read_bytes()
    secrets = [form for words in STUDENTS for text in (*words, FATHER, NUMBER) for form in forms(text)]
    secrets += [form for hash_ in hashes for form in forms_of_hash(hash_)]
    assert len(asked) > 20
    assert found_in(places, secrets) == []
    everything = b"".join(path.read_bytes() for path in (office.folder / "archive").rglob("*.json"))
    assert found_in({"the envelopes": everything}, forms(STUDENTS[0][0]))  # the search finds what is there
    for path in office.envelopes:
        identities = json.loads(path.read_bytes())["credential"]["credentialSubject"]["identifier"]
        assert not [each for each in identities if each["hashed"] or each["identityType"] == "emailAddress"]
        assert not found_in({path.name: path.read_bytes()}, [form for _, mail in STUDENTS for form in forms(mail)])


def _hex_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _hex_in(each)
    elif isinstance(value, str) and value.startswith("0x") and len(value) % 2 == 0:
        yield value


def _visited(office: Office, hashes: list[bytes]) -> dict[str, bytes]:
    """Pages are opened on a real server, which logs what it logs; answered is what previews show of them."""
    app = create_app(load_settings(office.config).verifier(), ORIGIN)
    listener = listen("127.0.0.1", 0)
    server = serve_on(app, listener)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    shown = {}
    try:
        for hash_ in hashes:
            address = f"http://127.0.0.1:{server.port}/c/{to_base64url(hash_)}"
            with urllib.request.urlopen(address, timeout=30) as response:
                page = response.read().decode()
            assert any(name in page for name, _ in STUDENTS)
            head = page.partition("</head>")[0]
            shown[f"the head of the page {len(shown)}"] = head.replace(to_base64url(hash_), "").encode()
        for kind in ("card", "badge"):
            picture = next((office.folder / "archive" / "courses").rglob(f"{kind}.png"))
            shown[kind] = picture.read_bytes()
    finally:
        server.shutdown()
        server.server_close()
        listener.close()
        thread.join()
    return shown


def test_a_fault_is_logged_without_the_address_at_which_it_came_up(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Scenes().verifier, ORIGIN)
    code = to_base64url(bytes(range(32)))

    def fails(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("verifier.core.verifier.Verifier.check_hash", fails)
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(f"/c/{code}").status_code == 500
    assert "A fault in certificates.show" in caplog.text
    assert "a fault of ours" in caplog.text
    assert code not in caplog.text


def test_a_hash_of_the_address_is_asked_for_and_warned_of(embedded_office: Office) -> None:
    office = embedded_office
    assert "Warning" not in office.issue(ROSTER, "nowhere", "--check").output
    course = office.folder / "course.toml"
    course.write_text(course.read_text().replace("email = false", "email = true"))
    words = ("issue", str(office.folder / "roster.csv"), "--course", str(course), "--config", str(office.config))
    told = office.run(*words, "--out", str(office.folder / "hashed"))
    assert told.exit_code == 0, told.output
    assert "Warning: [include] email = true puts a hash of each student's e-mail address" in told.output
    subject = json.loads(min((office.folder / "hashed").glob("*.json")).read_bytes())["credential"]["credentialSubject"]
    (hashed,) = [each for each in subject["identifier"] if each["identityType"] == "emailAddress"]
    assert len(hashed["salt"]) == 32
    expected = hashlib.sha256((STUDENTS[0][1] + hashed["salt"]).encode()).hexdigest()
    assert (hashed["hashed"], hashed["identityHash"]) == (True, f"sha256${expected}")
