"""Lists of universities, keys and educators, as a person hands them to a command."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from eth_account import Account

from deploy.cli import main
from issuer.office import performing
from issuer.registry.act import Act
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import PASSPHRASE, Office, open_office, school_keys
from tests.journey.school import act
from tests.roster.rosters import book, xlsx
from verifier.core.hashes import institution_id

Rows = Sequence[Sequence[str]]


@pytest.fixture(scope="module")
def desk(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with all keys, shared by the tests that send nothing."""
    made = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("desk"))
    school_keys(made)
    return made


def address() -> str:
    return str(Account.create().address)


def listed(school: Office, rows: Rows, name: str = "list.xlsx") -> Path:
    file = school.folder / name
    file.write_bytes(xlsx(book(rows)) if name.endswith("xlsx") else "\n".join(map(",".join, rows)).encode())
    return file


def bulk(school: Office, command: str, file: Path, *more: str, answer: str = "") -> Result:
    domain = [] if command == "accredit" else [school.domain]
    words = [command, *domain, "--from", str(file), "--config", str(school.config), *more]
    return CliRunner().invoke(main, words, input=answer)


def data(school: Office, command: str, file: Path, *more: str, code: int = 0) -> dict[str, Any]:
    result = bulk(school, command, file, "--json", "--yes", *more)
    assert result.exit_code == code, result.output
    told = json.loads(result.stdout)
    assert isinstance(told, dict)
    return told


def outcomes(told: dict[str, Any]) -> list[str]:
    return [row["outcome"] for row in told["rows"]]


def problems(school: Office, command: str, file: Path) -> list[tuple[int, str | None, str]]:
    told = data(school, command, file, code=2)
    return [(each["row"], each["column"], each["advice"]) for each in told["problems"]]


def key(school: Office, address: str) -> dict[str, Any]:
    return school.deployed.record("keyRecord", institution_id(school.domain), address)


def universities(count: int) -> list[list[str]]:
    return [
        ["پتہ", "جامعہ", "ڈومین", "May certify?"],
        *([address(), f"جامعہ {number}", f"u{number}.example.edu.pk", "yes"] for number in range(count)),
    ]


def test_universities_are_accredited_from_a_workbook_in_urdu(embedded_school: Office) -> None:
    rows = universities(3)
    file = listed(embedded_school, rows)
    dry = bulk(embedded_school, "accredit", file, "--dry-run")
    assert dry.exit_code == 0
    assert "Row    2  u0.example.edu.pk  جامعہ 0" in dry.output
    assert "To do: 3 of 3 rows, in 3 transactions: up to" in dry.output
    assert outcomes(data(embedded_school, "accredit", file)) == ["done"] * 3
    record = embedded_school.deployed.record("institutionRecord", institution_id("u1.example.edu.pk"))
    assert (record["name"], record["admin"], record["mayCertify"]) == ("جامعہ 1", rows[2][0], True)
    longer = listed(embedded_school, [*rows, [address(), "Fourth", "u3.example.edu.pk", ""]])
    assert outcomes(data(embedded_school, "accredit", longer)) == ["already so"] * 3 + ["done"]
    again = bulk(embedded_school, "accredit", longer)
    assert (again.exit_code, "All 4 rows are already so; nothing was sent." in again.output) == (0, True)


GOOD = "0x" + "ab" * 20
WRONG_UNIVERSITIES: list[tuple[list[str], str, str]] = [
    (["HTTPS://u.example", "A", GOOD, ""], "Domain", "Write the domain alone, in lower case"),
    (["u.example", "A", "0x1234", ""], "Admin", "neither an address (0x and 40 hex digits"),
    (
        ["u.example", "A", "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9b".replace("Ab", "aB"), ""],
        "Admin",
        "typing error?",
    ),
    (["u.example", "A", "", ""], "Admin", "This cell is empty; fill it in."),
    (["u.example", "...", GOOD, ""], "Name", "The name has no letter"),
    (["u.example", "A", GOOD, "perhaps"], "May certify", "Write yes or no."),
    (["first.example", "B", "0x" + "cd" * 20, ""], "Domain", "Row 2 has the same."),
    (["u.example", "first", "0x" + "cd" * 20, ""], "Name", "Row 2 has the same."),
    (["u.example", "A", "0x" + "11" * 20, ""], "Admin", "Row 2 has the same."),
]


@pytest.mark.parametrize(("row", "column", "advice"), WRONG_UNIVERSITIES)
def test_a_wrong_university_is_named_by_row_and_column(desk: Office, row: list[str], column: str, advice: str) -> None:
    first = ["first.example", "First", "0x" + "11" * 20, "no"]
    file = listed(desk, [["Domain", "Name", "Admin", "May certify"], first, row])
    ((number, where, what),) = problems(desk, "accredit", file)
    assert (number, where) == (3, column)
    assert advice in what
    assert not desk.deployed.record("institutionRecord", institution_id("first.example"))["accreditedAt"]


def test_all_wrong_rows_are_shown_at_once_and_nothing_is_sent(desk: Office) -> None:
    school = desk
    taken = [school.domain, "Another Name", address(), ""]
    rows = [["Domain", "Name", "Admin"], taken[:3], ["no domain", "B", address()], ["u.example", "C", "0x1"]]
    result = bulk(school, "accredit", listed(school, rows, "list.csv"), "--yes")
    assert result.exit_code == 2
    for text in ("'no domain'", "'0x1'", "accredited already, with another name", "Nothing was sent."):
        assert text in " ".join(result.output.split()), result.output


def test_keys_are_authorised_removed_and_go_on_where_it_stopped(embedded_school: Office) -> None:
    school = embedded_school
    rows = [["Name", "Wallet address"], *(["Ayesha", address()] for _ in range(4))]
    act(school, "authorise", school.domain, rows[1][1])
    file = listed(school, rows, "list.csv")
    assert outcomes(data(school, "authorise", file)) == ["already so", "done", "done", "done"]
    assert all(key(school, row[1])["authorised"] for row in rows[1:])
    assert outcomes(data(school, "remove", file)) == ["done"] * 4
    assert outcomes(data(school, "remove", file)) == ["already so"] * 4


def test_which_keys_cannot_be_removed_or_authorised(embedded_school: Office) -> None:
    school, stranger, distrusted = embedded_school, address(), address()
    act(school, "authorise", school.domain, distrusted)
    act(school, "distrust", school.domain, distrusted)
    admin = school.deployed.admin.address
    found = problems(school, "remove", listed(school, [["key"], [stranger], [admin]]))
    assert [(row, column) for row, column, _ in found] == [(2, "key"), (3, "key")]
    assert "never was a signer" in found[0][2]
    assert "is the institution's admin and no signer" in found[1][2]
    rows = [["key", "certifier"], [distrusted, ""], [stranger, "https://x"], [stranger.lower(), ""], [address(), "a.b"]]
    found = problems(school, "authorise", listed(school, rows))
    assert [(row, column) for row, column, _ in found] == [
        *((2, "key"), (3, "certifier"), (4, "key"), (5, "certifier")),
    ]
    assert "is distrusted since" in found[0][2]
    assert found[2][2] == "Row 3 has the same. Keep one of the two."
    assert found[3][2].startswith("a.b is not accredited in this registry, so it has certified nobody.")


def test_addresses_without_a_check_sum_are_named_before_it_is_asked(embedded_school: Office) -> None:
    """As a single one is; `--yes` says that they were compared."""
    keys = [address(), address().lower(), address().lower()]
    told = bulk(embedded_school, "authorise", listed(embedded_school, [["key"], *([key] for key in keys)]), "--dry-run")
    assert told.exit_code == 0, told.output
    assert "so that a typing error could not be noticed: the address in row 3, 4." in told.output
    assert told.output.count("(no check sum)") == 2


def test_educators_are_certified_in_one_transaction(school: Office) -> None:
    act(school, "registry", "permit-certifying", school.domain)
    school.deployed.chain.finalize()
    files = school.envelopes
    rows = [["Certificate", "Key"], *([str(file), address()] for file in [*files[:2], *school.pdfs[2:4]])]
    told = data(school, "certify", listed(school, rows))
    assert outcomes(told) == ["done"] * 4
    assert len({row["transaction"] for row in told["rows"]}) == 1
    assert told["cost"]["transactions"] == 1
    assert outcomes(data(school, "certify", listed(school, rows))) == ["already so"] * 4
    signers = listed(school, [["key", "certifier"], *([row[1], school.domain] for row in rows[1:])], "signers.csv")
    assert outcomes(data(school, "authorise", signers)) == ["done"] * 4


def test_which_educators_cannot_be_certified(school: Office) -> None:
    act(school, "registry", "permit-certifying", school.domain)
    school.deployed.chain.finalize()
    revoked = str(school.envelopes[1])
    assert school.run("revoke", revoked, "--reason", "other", "--config", str(school.config)).exit_code == 0
    one = str(school.envelopes[0])
    rows = [
        ["key", "certificate", "name"],
        [address(), one, "Somebody Else"],
        [address(), revoked, ""],
        [address(), "K7T9-QXM4", ""],
        [address(), "0x" + "12" * 32, ""],
        [address(), one, ""],
        ["0x12", str(school.envelopes[2]), ""],
    ]
    found = problems(school, "certify", listed(school, rows))
    assert [(row, column) for row, column, _ in found] == [
        *((2, "name"), (3, "certificate"), (4, "certificate"), (5, "certificate"), (6, "certificate"), (7, "key")),
    ]
    assert "Compare the row with the certificate." in found[0][2]
    assert found[1][2] == "An educator is certified on a certificate that is good now, and this one is revoked."


def test_the_count_is_typed_once_for_all(embedded_school: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = listed(embedded_school, [["key"], [address()], [address()]])
    nobody = bulk(embedded_school, "authorise", file)
    assert (nobody.exit_code, "Nobody is there to be asked." in nobody.output) == (2, True)
    monkeypatch.setattr("issuer.commands.in_bulk.at_terminal", lambda: True)
    wrong = bulk(embedded_school, "authorise", file, answer="3\n")
    assert (wrong.exit_code, "You typed 3, and it is 2. Nothing was sent." in wrong.output) == (2, True)
    assert bulk(embedded_school, "authorise", file, answer="2\n").exit_code == 0


def test_what_fails_in_the_middle_says_which_rows_are_left(
    embedded_school: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third act meets a node that is gone; the same list then does the rest, and none twice."""
    from issuer.errors import NodeUnusableError

    school, file = embedded_school, listed(embedded_school, [["key"], *([address()] for _ in range(4))])
    done = performing._do
    calls = []

    def failing(office: Any, act: Act) -> Any:
        calls.append(act)
        if len(calls) == 3:
            raise NodeUnusableError("The node is gone.")
        return done(office, act)

    monkeypatch.setattr(performing, "_do", failing)
    result = bulk(school, "authorise", file, "--yes")
    assert result.exit_code == 3, result.output
    assert "The node is gone.\n2 rows are not done, from row 4 on. Type the same command again" in result.output
    calls.clear()
    more = listed(school, [["key"], *([address()] for _ in range(4))], "more.xlsx")
    told = data(school, "authorise", more, code=3)
    assert (outcomes(told), told["error"]) == (["done", "done", "failed", "not done"], "The node is gone.")
    monkeypatch.setattr(performing, "_do", done)
    assert outcomes(data(school, "authorise", file)) == ["already so", "already so", "done", "done"]


def test_a_stranger_is_refused_once_and_not_row_by_row(desk: Office) -> None:
    school = desk
    file = listed(school, [["key"], [address()], [address()]])
    result = bulk(school, "authorise", file, "--yes", "--key", str(school.folder / "professor.json"))
    assert result.exit_code == 2
    assert result.output.count("Only the institution's admin may do this") == 1


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("", "The file is empty"),
        ("key\n", "The file has headings and no keys; add a row for each."),
        ("key,wallet\n0x1,0x2\n", "This means the same as key; keep one of the two."),
        ("key,certifyer\n0x1,x\n", 'say --map "certifyer=ignore"'),
        ("name\nAyesha\n", "A column key is missing."),
    ],
)
def test_a_file_that_is_no_such_list(desk: Office, content: str, advice: str) -> None:
    file = desk.folder / "list.csv"
    file.write_text(content)
    result = bulk(desk, "authorise", file, "--yes")
    assert result.exit_code == 2
    assert advice in " ".join(result.output.split()), result.output


@pytest.mark.parametrize(
    "words",
    [
        ("accredit", "a.example", "--from", "x"),
        ("accredit", "a.example"),
        ("authorise", "a.example"),
        ("authorise", "a.example", "0x1", "--from", "x"),
        ("authorise", "a.example", "--certifier", "b.example", "--from", "x"),
        ("certify", "a.example", "--undo", "--from", "x"),
        ("remove", "a.example"),
    ],
)
def test_one_or_a_list(desk: Office, words: tuple[str, ...]) -> None:
    (desk.folder / "x").write_text("key\n")
    given = [str(desk.folder / "x") if word == "x" else word for word in words]
    result = desk.run(*given, "--config", str(desk.config))
    assert result.exit_code == 2
    assert "--from a file" in result.output


def test_stopped_in_the_middle_goes_on(embedded_school: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after the second act; and after the third was sent, before anything of it was noted here."""
    school, file = embedded_school, listed(embedded_school, [["key"], *([address()] for _ in range(5))])
    done, calls = performing._do, []

    def stopping(office: Any, act: Act) -> Any:
        calls.append(act)
        if len(calls) == 3:
            done(office, act)
            raise KeyboardInterrupt
        return done(office, act)

    monkeypatch.setattr(performing, "_do", stopping)
    result = bulk(school, "authorise", file, "--yes")
    assert result.exit_code == 3, result.output
    assert "Stopped.\n3 rows are not done, from row 4 on." in result.output
    monkeypatch.setattr(performing, "_do", done)
    before = school.deployed.chain.web3.eth.get_transaction_count(school.deployed.admin.address)
    assert outcomes(data(school, "authorise", file)) == ["already so"] * 3 + ["done"] * 2
    after = school.deployed.chain.web3.eth.get_transaction_count(school.deployed.admin.address)
    assert after - before == 2


def test_every_wrong_row_is_shown(desk: Office) -> None:
    result = bulk(desk, "authorise", listed(desk, [["key"], *([f"0x{at:03}"] for at in range(130))]), "--yes")
    assert result.exit_code == 2
    assert all(f"'0x{at:03}'" in result.output for at in range(130))


def test_a_key_that_cannot_pay_for_all_rows_sends_nothing(desk: Office) -> None:
    poor = Account.create()
    desk.deployed.chain.fund(poor.address)
    keystore = Account.encrypt(poor.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (desk.folder / "poor.json").write_text(json.dumps(keystore))
    act(desk, "registry", "replace-admin", desk.domain, poor.address)
    rows = [["key"], *([address()] for _ in range(3))]
    chain = desk.deployed.chain
    balance = chain.web3.eth.get_balance(poor.address)
    by = ("--key", str(desk.folder / "poor.json"), "--passphrase-file", str(desk.folder / "passphrase"))
    price = data(desk, "authorise", listed(desk, rows), "--dry-run", *by)["cost"]
    sent = {"to": address(), "value": balance - price["wei"] * 2 // 3, "gas": 21_000}
    sent |= {"nonce": 0, "chainId": chain.chain_id, "gasPrice": chain.web3.eth.gas_price}
    chain.web3.eth.send_raw_transaction(poor.sign_transaction(sent).raw_transaction)
    result = bulk(desk, "authorise", listed(desk, rows), "--yes", *by)
    act(desk, "registry", "replace-admin", desk.domain, desk.deployed.admin.address)
    assert result.exit_code == 2, result.output
    assert "all rows together need up to" in result.output
    assert chain.web3.eth.get_transaction_count(poor.address) == 1
