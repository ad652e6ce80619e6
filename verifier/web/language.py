"""In which language a page is, and the one place through which every sentence on it goes.

`?lang=` decides, else what the browser asks for, else English. Nothing is remembered: links carry `?lang=` on.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, request, url_for
from flask_babel import Babel
from flask_babel import gettext as look_up
from markupsafe import Markup, escape

from verifier.core.sentence import Sentence

LANGUAGES: Mapping[str, str] = {"en": "English", "ur": "اردو"}
"""The languages of the pages, each by its own name."""
TRANSLATIONS = Path(__file__).with_name("translations")

_RIGHT_TO_LEFT = frozenset({"ur"})
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_ARABIC_ONLY = re.compile(r"[\u0629\u0643\u0649\u064a]")  # ة ك ى ي: Urdu is written with other letters for them
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")

_WHOLE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{2,4}-[0-9A-Z]{2,4}( \d\d:\d\d UTC)?")


def register(app: Flask) -> None:
    """Let `app` speak its languages, and give templates what they need for it."""
    Babel(app, default_translation_directories=str(TRANSLATIONS), locale_selector=page_language)
    app.url_defaults(_carry_on)
    app.jinja_env.globals.update(
        _=translate,
        say=say,
        plain=plain,
        script_language=script_language,
        lang_attribute=lang_attribute,
        page_language=page_language,
        page_direction=page_direction,
        chosen_language=chosen_language,
        other_languages=other_languages,
    )


def gettext(text: str) -> str:
    """The text in the page's language."""
    # The empty text is the key of a catalogue's header.
    return look_up(text) if text else ""


def translate(text: str, facts: Mapping[str, Any] | None = None) -> Markup:
    """A sentence for a page: translated, escaped, each fact isolated from the writing direction around it."""
    isolated = {name: _isolated(fact) for name, fact in (facts or {}).items()}
    return escape(gettext(text)).format(**isolated)


def _isolated(fact: object) -> Markup:
    if isinstance(fact, Sentence):
        return say(fact)
    text = str(fact)
    # A date or a code is read in one piece, never broken at its hyphens.
    whole = " class=whole" if _WHOLE.fullmatch(text) else ""
    return Markup("<bdi{}{}>{}</bdi>").format(Markup(whole), lang_attribute(text), text)


def lang_attribute(text: str) -> Markup:
    """` lang=…` for a name in another script than the page's, so that it gets a fitting font and voice."""
    language = script_language(text)
    return Markup(' lang="{}"').format(language) if language and language != page_language() else Markup("")


def say(sentence: Sentence) -> Markup:
    """`translate` for a sentence that carries its facts."""
    return translate(sentence.text, sentence.facts)


def plain(sentence: Sentence) -> str:
    """A sentence without markup, for titles and attributes."""
    facts = {name: plain(fact) if isinstance(fact, Sentence) else fact for name, fact in sentence.facts.items()}
    return gettext(sentence.text).format(**facts)


def script_language(text: str) -> str | None:
    """The language whose font and voice fit a name: `ur` or `ar` for Arabic script, `en` for Latin, else None."""
    if _ARABIC_SCRIPT.search(text):
        return "ar" if _ARABIC_ONLY.search(text) else "ur"
    return "en" if _LATIN.search(text) else None


def page_language() -> str:
    """The language of the page, as `lang` wants it."""
    return chosen_language() or request.accept_languages.best_match(list(LANGUAGES)) or "en"


def page_direction() -> str:
    """`ltr`, or `rtl` for Urdu."""
    return "rtl" if page_language() in _RIGHT_TO_LEFT else "ltr"


def chosen_language() -> str | None:
    """The language that the address asks for, if it is one of ours."""
    chosen = request.args.get("lang")
    return chosen if chosen in LANGUAGES else None


def other_languages(path: str | None = None) -> list[tuple[str, str, str]]:
    """Code, own name and address of this page in each other language.

    Args:
        path: where the page can be had again; None where it is the answer to something handed in.
    """
    here = path or (request.path if request.method == "GET" else url_for("home.show"))
    kept = {name: value for name, value in request.args.items() if name == "q" and here == request.path}
    return [
        (code, name, _with(here, {**kept, "lang": code})) for code, name in LANGUAGES.items() if code != page_language()
    ]


def _with(path: str, arguments: Mapping[str, str]) -> str:
    return f"{quote(path)}?{urlencode(arguments)}"


def _carry_on(endpoint: str, values: dict[str, Any]) -> None:
    """Links and forms to other pages stay in the language that was chosen."""
    if endpoint != "static" and "lang" not in values and (chosen := chosen_language()):
        values["lang"] = chosen
