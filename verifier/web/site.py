"""What every view needs: the verifier and the address of its pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app

from verifier.core.credential import course_uuid
from verifier.core.registry import RegistryInfo
from verifier.core.verdict import Verdict
from verifier.core.verifier import Verifier


@dataclass(frozen=True)
class Site:
    """The application's only state; it never changes."""

    verifier: Verifier
    origin: str

    @property
    def asked(self) -> Sequence[RegistryInfo]:
        """The registries in which every certificate is looked up."""
        return [registry.info for registry in self.verifier.registries]

    @property
    def on_test_network(self) -> bool:
        """Whether any of them is on a test network."""
        return any(info.test for info in self.asked)

    def picture(self, verdict: Verdict) -> bytes | None:
        """The picture of the certificate's course, a PNG without personal data, if the archive has one."""
        return self._of_course(verdict, self.verifier.archive.card)

    def badge(self, verdict: Verdict) -> bytes | None:
        """The badge of the certificate's course, a PNG, if the archive has one."""
        return self._of_course(verdict, self.verifier.archive.badge)

    @staticmethod
    def _of_course(verdict: Verdict, find: Callable[[str, str], bytes | None]) -> bytes | None:
        course = course_uuid(verdict.credential) if verdict.credential else None
        return None if course is None or verdict.domain is None else find(verdict.domain, course)


def site() -> Site:
    """The site of the current request."""
    found = current_app.extensions["sanad"]
    assert isinstance(found, Site)
    return found
