"""The languages that a student can name, by their English and by their own names."""

from __future__ import annotations

import re

# Own names stand where students write to the tutor in them: "auf Deutsch bitte", "en français".
_OWN_NAMES = {
    "deutsch": "German", "englisch": "English", "französisch": "French", "spanisch": "Spanish",
    "italienisch": "Italian", "français": "French", "anglais": "English", "allemand": "German", "espagnol": "Spanish",
    "español": "Spanish", "inglés": "English", "francés": "French", "italiano": "Italian", "português": "Portuguese",
    "po polsku": "Polish", "nederlands": "Dutch", "mandarin": "Chinese",
}  # fmt: skip
_ENGLISH_NAMES = (
    "french", "german", "spanish", "italian", "portuguese", "dutch", "polish", "turkish", "russian", "ukrainian",
    "arabic", "hindi", "urdu", "bengali", "chinese", "japanese", "korean", "vietnamese", "swedish", "danish",
    "norwegian", "finnish", "greek", "czech", "romanian", "hungarian", "english", "latin",
)  # fmt: skip
LANGUAGES = {name: name.title() for name in _ENGLISH_NAMES} | _OWN_NAMES
LANGUAGE_NAME = "|".join(sorted(LANGUAGES, key=len, reverse=True))


def named_language(message: str) -> str:
    """The English name of the language that a message names, "" for none."""
    found = re.search(rf"\b(?:{LANGUAGE_NAME})\b", message, re.I)
    return LANGUAGES[found[0].lower()] if found else ""
