"""The language of a page, and the one place through which every sentence on it goes.

`?lang=` decides, else the browser's Accept-Language, else English. No cookie is set: the chosen language stays in the
address, and the links of a page pass it on. The catalogues are .po files in translations/ that anyone can edit; they
are compiled in memory. `make translations` keeps their list of sentences up to date.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, has_request_context, request, url_for
from markupsafe import Markup, escape

from verifier.answers.visible_text import visible
from verifier.core.sentence import Sentence

LANGUAGES = {"en": "English", "ur": "اردو"}
"""Each language's code, and its name in that language."""
SOURCE_LANGUAGE = "en"
"""The language of the sentences in the code."""
TRANSLATIONS = Path(__file__).parent / "translations"
_RIGHT_TO_LEFT = frozenset({"ur"})
_PARAMETER = "lang"

_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_ARABIC_ONLY = re.compile(r"[\u0629\u0643\u0649\u064a]")  # ة ك ى ي: Urdu uses other letters for these

_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
SENTENCE_END = re.compile(r"(?<=[.:]) (?=[A-Z])")
"""Where one sentence of a text ends and the next begins."""
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?) UTC)?")


def register(app: Flask) -> None:
    """Set up translations, and give templates the functions they need."""
    flask_babel.Babel(app, locale_selector=page_language)
    app.url_defaults(_keep)
    app.after_request(_declare)
    app.jinja_env.globals.update(
        _=translate,
        say=say,
        plain=plain,
        shown=shown,
        script_language=script_language,
        page_language=page_language,
        page_direction=page_direction,
        languages=LANGUAGES,
        in_language=in_language,
    )


def page_language() -> str:
    """The code of the page's language, for the attribute `lang`."""
    return _asked_for() or request.accept_languages.best_match(LANGUAGES, SOURCE_LANGUAGE) or SOURCE_LANGUAGE


def page_direction() -> str:
    """`ltr`, or `rtl` for Urdu."""
    return "rtl" if page_language() in _RIGHT_TO_LEFT else "ltr"


def in_language(language: str, path: str | None) -> str:
    """The address of this page in another language.

    Args:
        language: its code.
        path: base64url `H` of the certificate on the page, where the page answers an upload, which cannot be repeated.
    """
    if request.method in ("GET", "HEAD"):
        arguments = request.args.to_dict() | {_PARAMETER: language}
        if request.endpoint is None:
            return f"{quote(request.path)}?{urlencode(arguments)}"
        if request.endpoint != "static":
            return url_for(request.endpoint, **{**(request.view_args or {}), **arguments})
    elif path is not None:
        return url_for("certificates.show", code=path, lang=language)
    return url_for("home.show", lang=language)


def gettext(text: str) -> str:
    """The text in the page's language; unchanged if there is no translation.

    A text that consists of several sentences is translated sentence by sentence.
    """
    language = page_language()
    if language == SOURCE_LANGUAGE or not text:
        return text
    said = _catalogue(language).gettext
    whole = said(text)
    return whole if whole != text else " ".join(map(said, SENTENCE_END.split(text)))


def translate(text: str, facts: Mapping[str, Any] | None = None) -> Markup:
    """A sentence for a page: translated and escaped, with each fact isolated from the direction of the text around."""
    said = escape(gettext(text))
    return said.format(**{name: _isolated(fact) for name, fact in facts.items()}) if facts else said


def say(sentence: Sentence) -> Markup:
    """`translate` for a sentence that carries its facts."""
    return translate(sentence.text, sentence.facts)


def plain(sentence: Sentence) -> str:
    """A sentence without markup, for titles and attributes."""
    facts = {
        name: plain(fact) if isinstance(fact, Sentence) else visible(str(fact), lines=True)
        for name, fact in sentence.facts.items()
    }
    said = gettext(sentence.text)
    return said.format(**facts) if facts else said


def shown(text: str) -> str:
    """A value in the form usual in the page's language: outside English, dates with the month's name.

    Text that only looks like a date, as a grade may, is not changed.
    """
    found = _DATE.fullmatch(text)
    if found is None or page_language() == SOURCE_LANGUAGE:
        return text
    try:
        day = flask_babel.format_date(date.fromisoformat(found[1]), "d MMMM y")
    except ValueError:
        return text
    return f"{day}، {found[2]} UTC" if found[2] else day


def script_language(text: str) -> str | None:
    """`ur` or `ar` for text in Arabic script, so that it gets a suitable font; None for any other."""
    if not _ARABIC_SCRIPT.search(text):
        return None
    return "ar" if _ARABIC_ONLY.search(text) else "ur"


@lru_cache
def _catalogue(language: str) -> Translations:
    compiled = BytesIO()
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _isolated(fact: object) -> Markup:
    if isinstance(fact, Sentence):
        return say(fact)
    text = fact if isinstance(fact, Markup) else visible(str(fact), lines=True)
    # A date or a code must not be broken at its hyphens.
    whole = " class=whole" if _CODE.fullmatch(text) or _DATE.fullmatch(text) else ""
    return Markup("<bdi{}>{}</bdi>").format(Markup(whole), shown(text))


def _asked_for() -> str | None:
    language = request.args.get(_PARAMETER)
    return language if language in LANGUAGES else None


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    """Keep the requested language in every link of the page."""
    if endpoint != "static" and not endpoint.startswith("api.") and has_request_context() and _asked_for():
        values.setdefault(_PARAMETER, _asked_for())


def _declare(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = page_language()
        response.vary.add("Accept-Language")
    return response
