"""Universities in bulk: a list of them, each row checked before the first is accredited."""

from collections.abc import Sequence

from deploy.institution_names import check_name
from deploy.programme_acts import ProgrammeActs
from issuer.errors import ActError
from issuer.keys.files import address_named
from issuer.office.in_bulk import Plan, address_or_text, planned
from issuer.registry.act import Act
from issuer.roster.columns import plain
from issuer.roster.lists import Listed, ListKind, doubled
from issuer.roster.model import RosterProblem
from verifier.core.domain import is_domain

_NAME = (
    *("university", "institution", "university name", "institution name", "full name", "name of university"),
    *(
        "name of the university",
        "نام",
        "جامعہ",
        "جامعہ کا نام",
        "یونیورسٹی",
        "یونیورسٹی کا نام",
        "ادارہ",
        "ادارے کا نام",
    ),
)
_DOMAIN = ("website", "web site", "site", "university domain", "internet domain", "ڈومین", "ویب سائٹ", "ویب گاہ")
_ADMIN = (
    *("admin key", "admin address", "admin's address", "key", "address", "key address", "wallet", "wallet address"),
    *("منتظم", "منتظم کا پتہ", "کلید", "پتہ"),
)
_MAY_CERTIFY = ("certifies", "certifies educators", "may certify educators", "can certify", "تصدیق کر سکتا ہے")
ACCREDIT = ListKind(
    "universities",
    {"domain": _DOMAIN, "name": _NAME, "admin": _ADMIN, "may_certify": _MAY_CERTIFY},
    ("domain", "name", "admin"),
)
_YES, _NO = ("yes", "y", "true", "1", "x", "ہاں"), ("no", "n", "false", "0", "نہیں", "")
_DOMAIN_ADVICE = "Write the domain alone, in lower case, as xn--… where it has other letters: university.edu.pk."


def accrediting(acts: ProgrammeActs, rows: Sequence[Listed], problems: Sequence[RosterProblem] = ()) -> Plan:
    """Accredit each university of a list.

    Raises:
        RosterErrors: with everything that is wrong.
        RevertedError, RefusedError, NodeUnusableError: as issuer.office.in_bulk.planned.
    """
    wrong = [problem for row in rows for problem in _cells(row)]
    for column, key in (("domain", str.lower), ("name", plain), ("admin", address_or_text)):
        wrong += doubled(rows, column, "Row {row} has the same. Keep one of the two, or correct it.", key)
    return planned(rows, lambda row: _act(acts, row), "domain", [*problems, *wrong])


def _act(acts: ProgrammeActs, row: Listed) -> Act:
    return acts.accredit(row["domain"], row["name"], row["admin"], row["may_certify"].casefold() in _YES)


def _cells(row: Listed) -> list[RosterProblem]:
    """What is wrong cell by cell, without asking the registry."""
    found = []
    if not is_domain(row["domain"]):
        found.append(row.problem("domain", _DOMAIN_ADVICE))
    for column, check in (("name", check_name), ("admin", address_named)):
        try:
            check(row[column])
        except ActError as error:
            found.append(row.problem(column, str(error)))
    if row["may_certify"].casefold() not in (*_YES, *_NO):
        found.append(row.problem("may_certify", "Write yes or no."))
    return found
