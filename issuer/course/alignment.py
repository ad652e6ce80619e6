"""What a course leads to in a framework that employers know: `[[alignment]]` in course.toml (Open Badges 3.0)."""

from dataclasses import dataclass, field

from issuer.course import fields as kind

# Open Badges 3.0, AlignmentTargetType.
TARGET_TYPES = (
    *("ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel"),
    "CTDL",
)
MOST = 20


@dataclass(frozen=True)
class Alignment:
    """A skill or a module of a framework: ESCO, a national curriculum."""

    name: str = field(metadata={"check": kind.line(150)})
    url: str = field(metadata={"check": kind.url})
    framework: str | None = field(default=None, metadata={"check": kind.line(150)})
    code: str | None = field(default=None, metadata={"check": kind.line(60)})
    description: str | None = field(default=None, metadata={"check": kind.paragraphs(1000)})
    kind: str | None = field(default=None, metadata={"check": kind.one_of(TARGET_TYPES)})
