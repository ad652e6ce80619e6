"""The exceptions of the verifier's core.

    SanadError
    ├── JsonError           bytes that are not JSON within SPEC.md section 2
    ├── CertificateError    well-formed JSON or bytes that are not what SPEC.md says
    │   ├── CredentialError     the credential lacks what every verdict needs
    │   ├── EnvelopeError       not an envelope (SPEC.md section 6)
    │   ├── SealError           not a sealed file (SPEC.md section 7)
    │   ├── BakingError         not an image with a credential inside (Open Badges 3.0, section 5.3)
    │   ├── BatchFileError      not a batch file (SPEC.md section 8)
    │   ├── ProgrammeFileError  not a programme's file (SPEC.md section 14)
    │   └── CodeError           not a link, hash or short code (SPEC.md section 9)
    │       └── MistypedCodeError    a short code whose check character is wrong
    ├── UnreadableError     input that contains no certificate at all: it gets no verdict
    │   ├── OtherCredentialError     a credential of an issuer that no trusted registry knows
    │   ├── OtherSystemError         a certificate from another system, which cannot be checked here
    │   └── SeveralCredentialsError  a presentation of several credentials, each to be judged separately
    ├── SignatureError      a proof that is false
    ├── SignatureUncheckedError a proof that could not be checked (unknown suite, unknown context)
    │   └── UnknownTermError    a term that another edition of a published context may define
    ├── DomainStatementError what a domain says about its keys, in did.json or DNS, cannot be read
    ├── StatusError         a status list that says nothing about a credential
    └── RegistryUnavailableError no trustworthy answer from the chain; says nothing about the certificate

Texts are whole sentences for people: what is wrong, where, what to do. Their variable parts are passed separately, so
that the texts can be translated.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from verifier.core.sentence import Sentence


class SanadError(Exception):
    """The base class of all errors that the verifier raises on purpose.

    Args:
        text: English, with `{named}` places for the facts.
        facts: the values for these places: strings, numbers, or sentences.
    """

    def __init__(self, text: str, **facts: Any) -> None:
        self.sentence = Sentence(text, facts)
        super().__init__(str(self.sentence))


class JsonError(SanadError):
    """Bytes that are not JSON within the limits of SPEC.md section 2."""


class CertificateError(SanadError):
    """Something that is not what SPEC.md says it should be."""


class CredentialError(CertificateError):
    """A credential without the parts that every verdict needs."""


class EnvelopeError(CertificateError):
    """Not an envelope (SPEC.md section 6)."""


class SealError(CertificateError):
    """Not a sheet or not a sealed file (SPEC.md section 7)."""


class BakingError(CertificateError):
    """Not an image with one credential inside, or not an image that can take one."""


class BatchFileError(CertificateError):
    """Not a batch file (SPEC.md section 8)."""


class ProgrammeFileError(CertificateError):
    """Not a programme's file (SPEC.md section 14)."""


class CodeError(CertificateError):
    """Not a link, a certificate hash or a short code (SPEC.md section 9)."""


class MistypedCodeError(CodeError):
    """A short code whose check character does not fit: a typing mistake, not a verdict."""


class UnreadableError(SanadError):
    """Input that contains no certificate; it gets no verdict."""


class OtherCredentialError(UnreadableError):
    """A credential of an issuer that no trusted registry knows: it gets no verdict, but may be checked by itself.

    Args:
        credential: the credential, read within the limits of SPEC.md section 2.
    """

    def __init__(self, credential: Mapping[str, Any]) -> None:
        self.credential = credential
        super().__init__("No registry that this verifier trusts knows who issued this credential.")


class OtherSystemError(UnreadableError):
    """A certificate from another system: it gets no verdict, and nothing is said about whether it is genuine."""


class SeveralCredentialsError(UnreadableError):
    """A presentation of several credentials: each gets its own verdict, the presentation none.

    Args:
        credentials: the credentials in it, unchanged.
    """

    def __init__(self, credentials: Sequence[Mapping[str, Any]]) -> None:
        self.credentials = tuple(credentials)
        super().__init__("This presentation carries {number} credentials.", number=len(self.credentials))


class SignatureError(SanadError):
    """A Data Integrity proof that is false."""


class SignatureUncheckedError(SanadError):
    """A proof that could not be checked; says nothing about its truth."""


class UnknownTermError(SignatureUncheckedError):
    """A signed document uses a term that its contexts do not define in the bundled edition."""


class DomainStatementError(SanadError):
    """What a domain publishes about its keys cannot be read; says nothing about them."""


class StatusError(SanadError):
    """A status list says nothing about a credential: neither that it is revoked nor that it is not."""


class RegistryUnavailableError(SanadError):
    """No trustworthy answer from the chain; says nothing about the certificate."""
