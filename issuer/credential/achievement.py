"""The parts of a credential that are the course's: issuer, achievement, professor (Open Badges 3.0).

Every node has an identifier that follows from the institution's domain and the course's code, so it is the same
in every certificate and the graph needs no blank nodes (but see `IdentifierEntry`, where the schema forbids ids).
"""

from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from issuer.course.alignment import Alignment
from issuer.course.course import BADGE, Course
from verifier.core.credential import CONTACT_HOURS
from verifier.core.domain import did_web

Node = dict[str, Any]


def issuer_profile(course: Course) -> Node:
    """The institution as the credential's issuer."""
    institution = course.institution
    profile: Node = {"id": did_web(institution.domain), "type": ["Profile"], "name": institution.name}
    if institution.url:
        profile["url"] = institution.url
    if institution.name_urdu:
        entry = {"type": "IdentifierEntry", "identifier": institution.name_urdu, "identifierType": "name"}
        profile["otherIdentifier"] = [entry]
    if institution.logo_url:
        profile["image"] = {"id": institution.logo_url, "type": "Image"}
    return profile


def achievement(course: Course, results: list[str]) -> Node:
    """The course as an achievement, with descriptions of those results (`grade`, `hours`) that are given."""
    node: Node = {
        "id": achievement_id(course),
        "type": ["Achievement"],
        "achievementType": course.award,
        "name": course.title,
        "description": course.description,
        "criteria": {"id": course.criteria_url or _part(course, "criteria"), "narrative": course.criteria},
        "inLanguage": course.language,
    }
    if course.code:
        node["humanCode"] = course.code
    if course.credits:
        node["creditsAvailable"] = course.credits
    if course.tags:
        node["tag"] = list(course.tags)
    if course.image:
        node["image"] = {"id": badge_url(course) if course.image == BADGE else course.image, "type": "Image"}
    if course.alignment:
        node["alignment"] = [_alignment(course, each) for each in course.alignment]
    if course.title_urdu:
        node["related"] = [_urdu_edition(course, course.title_urdu)]
    if course.programme:
        node["creator"] = _programme(course.programme.name, course.programme.url)
    if results:
        node["resultDescription"] = [_result_description(course, result) for result in results]
    return node


def professor_profile(course: Course) -> Node:
    """The professor, who assessed and awarded the achievement (`source`)."""
    professor = course.professor
    node: Node = {
        "id": _urn(uuid5(_institution(course.institution.domain), f"person:{professor.name}")),
        "type": ["Profile"],
        "name": professor.name,
    }
    optional = {"description": professor.title, "email": professor.email, "url": professor.url}
    return {**node, **{key: value for key, value in optional.items() if value}}


def achievement_id(course: Course) -> str:
    """The course's permanent identifier: a version 5 UUID of the domain and the code (or the title)."""
    return _urn(_achievement_uuid(course.institution.domain, course.code or course.title))


def badge_url(course: Course) -> str:
    """Where the verifier serves the course's badge; says nothing about a certificate."""
    uuid = achievement_id(course).removeprefix("urn:uuid:")
    return f"{course.verifier.origin}/badges/{course.institution.domain}/{uuid}.png"


def result_description_id(course: Course, result: str) -> str:
    """The identifier of the description of `grade` or `hours`."""
    return _part(course, result)


def _result_description(course: Course, result: str) -> Node:
    node: Node = {"id": result_description_id(course, result), "type": ["ResultDescription"]}
    if result == "grade":
        return {**node, "name": "Grade", "resultType": course.grade}
    node |= {"name": "Contact hours", "resultType": CONTACT_HOURS}
    return {**node, "valueMax": str(course.hours)} if course.hours else node


def _alignment(course: Course, alignment: Alignment) -> Node:
    """Open Badges 3.0, Alignment."""
    optional = {
        "targetFramework": alignment.framework,
        "targetCode": alignment.code,
        "targetDescription": alignment.description,
        "targetType": alignment.kind,
    }
    return {
        "id": _part(course, f"alignment:{alignment.url}"),
        "type": ["Alignment"],
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        **{key: value for key, value in optional.items() if value},
    }


def _urdu_edition(course: Course, title: str) -> Node:
    return {"id": _part(course, "ur"), "type": ["Related"], "inLanguage": "ur", "name": title}


def _programme(name: str, url: str | None) -> Node:
    node: Node = {"id": _urn(uuid5(NAMESPACE_URL, url or f"programme:{name}")), "type": ["Profile"], "name": name}
    return {**node, "url": url} if url else node


def _part(course: Course, part: str) -> str:
    return _urn(_part_uuid(course.institution.domain, course.code or course.title, part))


@lru_cache(maxsize=256)
def _institution(domain: str) -> UUID:
    return uuid5(NAMESPACE_URL, did_web(domain))


@lru_cache(maxsize=256)
def _achievement_uuid(domain: str, code: str) -> UUID:
    return uuid5(_institution(domain), f"achievement:{code}")


@lru_cache(maxsize=1024)
def _part_uuid(domain: str, code: str, part: str) -> UUID:
    return uuid5(_achievement_uuid(domain, code), part)


@lru_cache(maxsize=1024)
def _urn(value: UUID) -> str:
    return f"urn:uuid:{value}"
