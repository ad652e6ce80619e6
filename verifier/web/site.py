"""What every view works with: the verifier and where its pages are served."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from verifier.core.credential import course_uuid
from verifier.core.registry import RegistryInfo
from verifier.core.verdict import Verdict
from verifier.core.verifier import Verifier


@dataclass(frozen=True)
class Site:
    """The application's only state, and it never changes."""

    verifier: Verifier
    origin: str

    @property
    def asked(self) -> Sequence[RegistryInfo]:
        """The registries that every certificate is looked up in."""
        return [registry.info for registry in self.verifier.registries]

    @property
    def on_test_network(self) -> bool:
        """Whether any of them stands on a test network."""
        return any(info.test for info in self.asked)

    def picture(self, verdict: Verdict) -> bytes | None:
        """The picture of the certificate's course, a PNG without anything personal, if the archive has one."""
        return self._of_course(verdict, self.verifier.archive.card)

    def badge(self, verdict: Verdict) -> bytes | None:
        """The badge of the certificate's course, a PNG, if the archive has one."""
        return self._of_course(verdict, self.verifier.archive.badge)

    @staticmethod
    def _of_course(verdict: Verdict, find: Callable[[str, str], bytes | None]) -> bytes | None:
        course = course_uuid(verdict.credential) if verdict.credential else None
        return None if course is None or verdict.domain is None else find(verdict.domain, course)


def site() -> Site:
    """The site that the current request came to."""
    found = current_app.extensions["sanad"]
    assert isinstance(found, Site)
    return found
