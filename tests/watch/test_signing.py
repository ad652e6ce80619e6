"""The webhook's signature covers a time, and the receiver that docs/watch.md shows refuses what is old or changed."""

import base64
import hmac
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from issuer.errors import WatchError
from issuer.watch.settings import load_watch_settings
from issuer.watch.signing import WINDOW_SECONDS, signed, signing_key

PAGE = Path(__file__).parents[2] / "docs" / "watch.md"
KEY, BODY = b"a key of nobody's", '{"alerts": ["ب"]}'.encode()
Receiver = Callable[..., bool]


def receiver() -> Receiver:
    """The example of docs/watch.md, run as it is printed."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # our own documentation
    found: Receiver = names["is_genuine"]
    return found


def test_the_headers_are_those_of_standard_webhooks() -> None:
    headers = signed(KEY, BODY)
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 5
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + BODY
    expected = base64.b64encode(hmac.digest(KEY, content, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert signed(KEY, BODY)["webhook-id"] != headers["webhook-id"]


def test_the_specifications_own_example() -> None:
    """The secret and message that the Standard Webhooks libraries test themselves with."""
    key = signing_key(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    content = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    mac = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    assert mac == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_receiver_takes_what_is_genuine_once() -> None:
    headers, seen = signed(KEY, BODY), {}  # type: ignore[var-annotated]
    assert receiver()(headers, BODY, KEY, seen)
    assert not receiver()(headers, BODY, KEY, seen)
    assert receiver()(signed(KEY, BODY), BODY, KEY, seen)


@pytest.mark.parametrize("part", ["id", "timestamp", "signature", "body", "key"])
def test_the_receiver_refuses_what_was_changed(part: str) -> None:
    headers, body, key = signed(KEY, BODY), BODY, KEY
    if part == "body":
        body += b" "
    elif part == "key":
        key += b" "
    elif part == "timestamp":
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) + 1)
    elif part == "id":
        headers["webhook-id"] += "1"
    else:
        headers["webhook-signature"] = "v1,AAAA v1,é"
    assert not receiver()(headers, body, key, {})


@pytest.mark.parametrize("late", [WINDOW_SECONDS + 5, -WINDOW_SECONDS - 5])
def test_the_receiver_refuses_what_is_of_another_time(late: int, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = signed(KEY, BODY)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + late)
    assert not receiver()(headers, BODY, KEY, {})
    monkeypatch.setattr(time, "time", lambda: now + late * 0.9)
    assert receiver()(headers, BODY, KEY, {})


@pytest.mark.parametrize("moment", ["", "soon", "-1", "1.5", "٣", "9" * 9000])
def test_the_receiver_refuses_what_is_no_time(moment: str) -> None:
    assert not receiver()({**signed(KEY, BODY), "webhook-timestamp": moment}, BODY, KEY, {})


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_the_receiver_refuses_what_lacks_a_header(name: str) -> None:
    assert not receiver()({key: value for key, value in signed(KEY, BODY).items() if key != name}, BODY, KEY, {})


def test_a_secret_may_be_given_as_libraries_write_it(tmp_path: Path) -> None:
    (tmp_path / "sanad.toml").write_text('[watch]\nwebhook_secret_file = "secret"\n')
    for text, key in (("  plain \n", b"plain"), ("whsec_" + base64.b64encode(KEY).decode() + "\n", KEY)):
        (tmp_path / "secret").write_text(text)
        assert load_watch_settings(tmp_path / "sanad.toml").webhook_secret == key


@pytest.mark.parametrize(
    ("text", "said"),
    [("\n", "which is empty: nothing would be signed"), ("whsec_!", "what follows is not base64")],
)
def test_a_secret_that_signs_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sanad.toml").write_text('[watch]\nwebhook_secret_file = "secret"\n')
    (tmp_path / "secret").write_text(text)
    with pytest.raises(WatchError, match=said):
        load_watch_settings(tmp_path / "sanad.toml")
