"""The exceptions of the verifier outside its core; they grow on the core's tree (verifier/core/errors.py).

    SanadError
    ├── SettingsError               sanad.toml is missing or says something that cannot be
    └── RegistryUnavailableError    (core) no trustworthy answer from the chain
        └── NodeError                   one node gave no usable answer

Texts are whole sentences for people: what is wrong, where, what to do.
"""

from verifier.core.errors import RegistryUnavailableError, SanadError


class SettingsError(SanadError):
    """The settings cannot be used; the text names the file, the field, and what to do."""


class NodeError(RegistryUnavailableError):
    """One node gave no usable answer; the text names the node by operator or host, never by its address."""
