"""Asking a service that checks sources: within limits, again where it is asked too often, and no key in any text."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from deploy.errors import SourceError, SourcePendingError
from verifier.core.canonical import parse
from verifier.core.errors import JsonError

_ANSWER_BYTES = 1_000_000
_TOO_MANY = 429


CONTRACT = "src/SanadRegistry.sol:SanadRegistry"


@dataclass(frozen=True)
class Source:
    """What a service needs to compile the contract again."""

    standard_json: str
    compiler: str
    contract: str = CONTRACT


@dataclass(frozen=True)
class Patience:
    """How long to wait for a service, in seconds."""

    request: float = 30.0
    between: float = 3.0
    """Between one question and the next."""
    total: float = 180.0


@dataclass(frozen=True)
class Answer:
    """What a service answered."""

    status: int
    data: Mapping[str, Any] = field(repr=False)


class Service:
    """One service, asked until it has decided or patience is over.

    Args:
        name: how people know it.
        patience: how long to wait for it.
    """

    def __init__(self, name: str, patience: Patience) -> None:
        self.name, self._patience = name, patience
        self._deadline = time.monotonic() + patience.total

    def ask(self, method: str, url: str, **more: Any) -> Answer:
        """One question; asked again where the service says that it is asked too often.

        Raises:
            SourceError: it cannot be reached, or gave no JSON object.
            SourcePendingError: it kept saying so.
        """
        while (answer := self._once(method, url, **more)).status == _TOO_MANY and not self._is_busy_with_it(answer):
            self.wait("is asked too often at the moment")
        return answer

    def wait(self, why: str) -> None:
        """Wait a little.

        Raises:
            SourcePendingError: it has been long enough.
        """
        if time.monotonic() + self._patience.between > self._deadline:
            raise SourcePendingError(f"{self.name} {why}; run the command again in a while.")
        time.sleep(self._patience.between)

    def problem(self, what: str) -> SourceError:
        """An error that says what is wrong, beginning with the service's name."""
        return SourceError(f"{self.name} {what}")

    def _is_busy_with_it(self, answer: Answer) -> bool:
        return answer.data.get("customCode") == "duplicate_verification_request"

    def _once(self, method: str, url: str, **more: Any) -> Answer:
        try:
            with requests.request(
                method, url, timeout=self._patience.request, stream=True, allow_redirects=False, **more
            ) as response:
                body = response.raw.read(_ANSWER_BYTES + 1, decode_content=True)
                data = {} if response.status_code == _TOO_MANY and not body else parse(body, _ANSWER_BYTES)
        except (JsonError, requests.exceptions.ContentDecodingError):
            raise self.problem(f"answered something that cannot be understood (HTTP {response.status_code}).") from None
        except Exception as error:  # requests and urllib3 raise their own exceptions, and their texts may hold a key
            raise self.problem(f"cannot be reached ({type(error).__name__}). Try again.") from None
        if not isinstance(data, dict):
            raise self.problem(f"answered something that cannot be understood (HTTP {response.status_code}).")
        return Answer(response.status_code, data)
