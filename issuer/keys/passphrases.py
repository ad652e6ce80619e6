"""Which passphrases protect a new key. A thief who copies a key file has any amount of time to guess."""

LEAST_CHARACTERS = 12
_LEAST_DIFFERENT = 5
_ROWS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertyuiop1234567890")
_WORDS = (
    "password passwort passphrase mypassword mypassphrase letmein letmeinplease iloveyou opensesame welcome admin "
    "administrator changeme secret topsecret verysecret sanad certificate certificates university institution "
    "professor blockchain correcthorsebatterystaple example pakistan"
)
_KNOWN = frozenset(_WORDS.split())
_ADVICE = "Take at least 12 characters that nobody can guess, such as five random words."


def weakness(passphrase: str) -> str | None:
    """What is wrong with a passphrase for a new key and what to take instead, in sentences; None where it is good."""
    plain = "".join(passphrase.casefold().split())
    if not plain:
        return "The passphrase is empty, so the key would not be protected."
    if len(passphrase.strip()) < LEAST_CHARACTERS:
        return f"The passphrase is too short: fewer than {LEAST_CHARACTERS} characters. {_ADVICE}"
    if len(set(plain)) < _LEAST_DIFFERENT or _repeats(plain):
        return f"The passphrase is too weak: it repeats itself. {_ADVICE}"
    if any(plain in row or plain[::-1] in row for row in _ROWS) or _letters(plain) in _KNOWN:
        return f"The passphrase is too weak: it is one of the first that anybody tries. {_ADVICE}"
    return None


def _repeats(plain: str) -> bool:
    """Whether it is a shorter text, written again and again."""
    return plain in (plain + plain)[1:-1]


def _letters(plain: str) -> str:
    """Without what people add to a word: digits and signs."""
    return "".join(filter(str.isalpha, plain))
