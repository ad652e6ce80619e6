"""The exceptions of the verifier outside its core; they extend the core's tree (verifier/core/errors.py).

    SanadError
    ├── SettingsError               sanad.toml is missing or cannot be used
    ├── FetchError                  a document could not be fetched from a website (verifier/domains/fetching.py)
    ├── DomainError                 DNS gave no answer about an institution's domain (verifier/domains/domain_lookup.py)
    └── RegistryUnavailableError    (core) no trustworthy answer from the chain
        ├── NodeError                   one node gave no usable answer
        │   ├── AgeError                    its newest block is far from this machine's clock
        │   └── UnfinalError                it does not say which block is final
        ├── NoFinalityError             too few nodes say which block is final
        └── ClockError                  nodes agree on a time far from this machine's clock

Texts are whole sentences for people: what is wrong, where, what to do.
"""

from typing import Any

from verifier.core.errors import RegistryUnavailableError, SanadError


class SettingsError(SanadError):
    """The settings cannot be used; the text says which file and field, and what to do."""


class FetchError(SanadError):
    """A document could not be fetched; `absent` is true if its host says that there is none."""

    def __init__(self, text: str, absent: bool = False, **facts: Any) -> None:
        self.absent = absent
        super().__init__(text, **facts)


class DomainError(SanadError):
    """DNS gave no answer about a domain; this says nothing about what the domain publishes."""


class NodeError(RegistryUnavailableError):
    """One node gave no usable answer; the text names the node by operator or host, never by its address."""


class AgeError(NodeError):
    """A node's newest block is far from this machine's clock; `age` in seconds, below 0 where it is ahead."""

    def __init__(self, age: int, text: str, **facts: Any) -> None:
        self.age = age
        super().__init__(text, **facts)


class UnfinalError(NodeError):
    """A node does not say which block is final."""


class NoFinalityError(RegistryUnavailableError):
    """Too few nodes say which block is final."""


class ClockError(RegistryUnavailableError):
    """The nodes agree with each other on a time, and not with this machine's clock."""
