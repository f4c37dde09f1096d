"""What a student wants with a message, read off its wording: rules for how people ask, in order, no model call.

Serves routing. A rule speaks of the wording alone; whether there is a problem before it in the conversation is told
to it, because "12" or "why?" mean something only then.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum

from agent.languages import LANGUAGE_NAME

LONG = 300  # characters; a longer message is a problem of its own, not a remark on the one before it
ENDS = 600  # characters at either end that say what is asked of a long message
SHORT = 60


class Intent(StrEnum):
    """What a message asks for. What none of the rules knows is left to the router: to solve, explain or decline."""

    HINT = "hint"
    SHOW = "show me"
    CHECK = "check"
    PRACTISE = "practise"
    WHY = "why"
    ANOTHER_WAY = "another way"
    CHANGED = "changed number"
    SIMPLER = "simpler"
    LANGUAGE = "language"
    OBJECTION = "objection"
    SUPPORT = "support"
    SMALL_TALK = "small talk"


FOLLOW_UPS = (Intent.WHY, Intent.ANOTHER_WAY, Intent.CHANGED, Intent.SIMPLER, Intent.LANGUAGE)


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})", re.I)


_HINT = _words(
    r"hints?\b",
    r"clues?\b",
    r"(?:a|another|one more|any) tips?\b",
    r"nudge\b",
    r"no spoilers?\b",
    r"(?:a )?bit of help",
    r"(?:a|some|just a)? ?(?:little|more|some|further) help\b", r"point me\b", r"right direction\b",
    r"(?:where|how) (?:do|should|can|would|could) (?:i|we) (?:even |possibly )?(?:start|begin)",
    r"(?:how|where) to (?:start|begin)", r"(?:help|get) me (?:to )?(?:start|begin|get going|started)",
    r"what (?:should|do|must|can) i (?:do |try )?(?:first|next|now)\b", r"(?:next|first) step\b",
    r"(?:which|what) (?:formula|rule|theorem|equation) (?:do|should|must|can) (?:i|we) (?:need|use|take|apply)",
    r"(?:do ?n[o']?t|don’t|without) (?:tell|giv|solv|show|reveal|spoil)\w*", r"(?:i'?m |i am |still |got )?stuck\b",
    r"on my own\b", r"(?:do|solve|try) it myself\b", r"ein(?:en)? (?:tipp|hinweis)\b", r"indices?\b(?= s|$|\W*$)",
    r"une? (?:indice|astuce|coup de pouce)\b", r"una (?:pista|ayuda)\b",
)  # fmt: skip
_SHOW = _words(
    r"show (?:me|us)(?: now| then)?\W*$",
    r"(?:show|give|tell) (?:me |us )?(?:just )?(?:the|a|your) (?:full |whole |complete |"
    r"entire |final )?(?:solution|answer|result|working)\b", r"(?:reveal|see) (?:it|the (?:solution|answer))\b",
)  # fmt: skip
_NOT_SHOWN = _words(r"(?:do ?n[o']?t|don’t|without|not|no)\b[^.?!]{0,24}\b(?:answer|solution|result)")
_OWN_WORK = (
    r"(?:my|our|this|the|these) (?:\w+ )?(?:work(?:ing)?s?|answers?|solutions?|steps?|results?|calculations?|homework"
    r"|maths?)"
)
_CHECK = _words(
    r"(?:check|mark|verify|grade|review|correct|proof ?read|look (?:over|at|through)|go (?:over|"
    r"through)(?!.*\bagain\b))"
    rf" (?:{_OWN_WORK}|whether|if|that|this|these|me\b|(?:please|pls)?\W*$|it\W*$)",
    r"check\s*:",
    r"(?:double|re)[- ]?check\b",
    r"(?:is|was|are|isn't) (?:this|that|it|these|mine|my \w+|what i (?:did|have|wrote))\b.{0,30}\b(?:right|"
    r"correct|ok(?:ay)?|"
    r"good|true|wrong)\b",
    r"am i (?:\w+ )?(?:right|correct|wrong|on the right)",
    r"(?:right or wrong|who(?:'s| is) right)\b",
    r"did i (?:\w+ )?(?:do|get|make|miss|solve|mess|go wrong|forget)",
    r"(?:if|whether) (?:i'?m|i am) (?:right|wrong|correct)",
    r"correct me\b",
    r"(?:my|an|the|where'?s the) (?:error|mistake)s?\b",
    r"what (?:did|have) i (?:do|done|get|got) wrong",
    r"where (?:did|do|have) i (?:go|gone|went|make|made)\b",
    r"(?:find|spot|see) (?:my|the|an?|any) (?:error|mistake|slip)s?",
    r"(?:here(?:'s| is)|this is) (?:what i|how i|my)\b",
    r"my (?:answer|solution|working|work|result|steps?)\b(?: (?:is|are|was)|\s*:)",
    r"i (?:keep )?(?:got|get|getting|said|wrote|calculated|found|ended up|came out|worked out|think it(?:'s|"
    r" is))\b[^?]{0,20}\d",
    r"i (?:did|have|solved|made|first|took)\b[^?]*(?:=|\bgot\b|\bso\b|\bthen\b)",
    r"(?:richtig|stimmt das|korrekt)\b(?=.*\d)",
    r"est-ce (?:que c'est )?(?:juste|correct|bon)",
    r"c'est (?:juste|correct|bon)\b",
    r"(?:es|está) (?:correcto|bien)\b",
)  # fmt: skip
_OWN_ERROR = _words(
    rf"(?:check|mark|verify|grade|correct) {_OWN_WORK}",
    r"(?:find|spot|see|where(?:'s| is)) my (?:error|mistake|slip)s?",
    r"did i (?:do|get|make|miss|go wrong)",
    r"(?:what|where) (?:did|have|do) i (?:do|done|go|gone|get|got|went|make|made)\b.{0,12}(?:wrong|mistake|error)",
)  # fmt: skip
_ENDS_IN_CHECK = re.compile(r"(?:[\d)\w],?\s*(?:is that )?(?:right|correct|yes|true|ok(?:ay)?))\W*$", re.I)
_ASKS_TRUTH = re.compile(
    r"^\W*(?:so )?(?:is|are|does|isn't|would|could|was)\b(?: it)?(?P<claim>[^?]*\d[^?]*)\?*\s*$", re.I
)
_PRACTISE = _words(
    r"(?:quiz|test|drill|train|challenge|examine)(?: (?:me|us)\b|\s*:|\s*$| time)",
    r"(?:worksheet|pop quiz|flash ?cards?)\b",
    r"practi[cs](?:e|ing)\b", r"(?:another|a new|one more|more|next|new|similar|harder|easier|different) "
    r"(?:one|ones|problems?|questions?|exercises?|tasks?|example to)\b",
    r"more (?:of (?:these|those|them|this)|like (?:this|that|these))",
    r"(?:something|anything|one|ones) (?:more )?(?:similar|like (?:this|that|it))", r"exercises?\b", r"set me\b",
    r"(?:give|ask|make|set|throw|find|invent|write|come up with|create|have|"
    r"get)\b[^.?!]{0,25}\b(?:problems?|questions?|tasks?|challenges?)\b"
    r"(?! (?:about|on) (?:this|that|it)\b)",
    r"ask me (?:some|any|a)",
    r"(?:again|same|once more) with (?:other|new|different) numbers",
    r"(?:übung|aufgabe)(?:s\w*|en)?\b",
    r"(?:un|des|d'autres) exercices?\b",
    r"(?:un|otro|más) (?:problema|ejercicio)s?\b",
)  # fmt: skip
_WAY = _words(
    r"(?:another|a different|different|an alternative|alternative|other|second|quicker|easier|shorter|"
    r"faster) (?:way|method|approach|solution|route)",
    r"(?:do|solve|show|work|explain) (?:it|this|that)(?: \w+)? (?:another way|differently|some other way)",
    r"solve it differently",
    r"auf (?:eine )?andere (?:art|weise)", r"autrement\b", r"de otra (?:forma|manera)",
)  # fmt: skip
_CHANGED = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|but|so|now|and|well)\b\W*)*(?:what (?:if|would happen if|happens if|about if)\b|"
    r"how about if\b|suppose\b|imagine\b"
    r"|and (?:if|with|for|when)\b|if (?:it|there|they|we|i|he|she|the)\b|(?:what|how) about\b|"
    r"same (?:\w+ )?(?:but |for |with )"
    r"|with \S+ instead|(?:make|change|let) (?:it|that|the)\b.*\b(?:instead|to|be)\b|make it \d)",
    re.I,
)
_LANGUAGE = _words(
    rf"(?:in|into|to|auf|en|em) (?:{LANGUAGE_NAME})\b(?!-)",
    r"translat\w+", r"po polsku\b",
)  # fmt: skip
_SIMPLER = _words(
    r"simpler\b",
    r"(?:more |as )simply\b",
    r"simpl(?:er|e) (?:words|terms|english)",
    r"(?:easier|plain|fewer|small) (?:words|terms|english|language)",
    r"(?:to|for|like i(?:'m| am|’m)?|as if i (?:was|were)) (?:an? )?(?:\w+[- ]years?[- ]old|child|kid|baby|"
    r"five|beginner|dummy|dummies)\b",
    r"like i'?m \d+\b",
    r"eli5\b",
    r"(?:too|so) (?:complicated|hard to follow|difficult|long|fast)\b",
    r"shorter\b",
    r"(?:more|in) detail\b",
    r"(?:make|say|put) (?:it|that|this) (?:easier|shorter|clearer|simpler)",
)  # fmt: skip
_WHY = _words(
    r"^\W*(?:\w+,? )?why\b",
    r"how come\b",
    r"(?:how|where) (?:did|do|does|have) (?:you|we|the|that|it|\d+)\b[^?]*(?:get|got|come|came|find|know|from)",
    r"(?:do ?n[o']?t|don’t|did ?n[o']?t|cannot|can'?t) (?:understand|get|follow|see) (?:the|that|step|line|"
    r"how|why|what|where)",
    r"what (?:does|do|did|is|was)\b[^?]*\b(?:mean(?! of| and)|stand for|here|there)\b",
    r"what happen(?:ed|s) (?:in|at|to|there|here)",
    r"(?:which|what) (?:rule|formula|property|law) (?:did|do|does|have|was|is|were)",
    r"(?:lost|confused) (?:me|at|by|in|about|on|when)|i lost\b",
    r"(?:explain|go over|go through|repeat|run through) (?:that|this|it|the|step(?! by step)|again)",
    r"(?:that|it|this) (?:over )?again\b",
    r"(?:first|second|third|last|previous|next|fourth) (?:step|line|part|bit) *\??$", r"step \d+ *\??$",
)  # fmt: skip
_PUZZLED = re.compile(r"^\W*(?:huh|what|how|why|sorry|pardon|eh|hm+|wait)?\W*$", re.I)
_SOMEBODY = (
    r"(?:(?:my|our|the|a|his|her)\s+)?(?:\w+['’]s\s+)?(?:teacher|prof(?:essor)?|tutor|dad|father|mum|mom|"
    r"mother|brother|sister|friend|"
    r"classmate|parents?|uncle|aunt|gran\w*|cousin|boss|book|textbook|(?:answer )?key|solutions?|calculator|"
    r"chat ?gpt|google|internet|"
    r"website|app|computer|everyone|everybody|he|she|they|someone|somebody|people)"
)
_OBJECTION = _words(
    rf"{_SOMEBODY} (?:always |all |also |even )*(?:says?|said|tells?|told|claims?|claimed|thinks?|thought|"
    rf"gets?|got|gives?|gave|knows?"
    r"|insists?|swears?|wrote|writes|shows?|showed|has|have)\b",
    r"(?:you(?:'re| are|’re|r)?|that(?:'s| is|’s)?|it(?:'s| is|’s)?|this is|ur) (?:\w+ )?(?:wrong|incorrect|"
    r"mistaken|not (?:right|correct|true)|false)\b",
    r"(?:you|u) (?:\w+ )?(?:made|did) (?:a|an|some|it)? ?(?:mistakes?|errors?|wrong)",
    r"^\W*(?:no|nope|nah|wrong|false)\b[\W]+.*\d",
    r"(?:i'?m|i am) (?:\w+ )?(?:sure|certain|positive|convinced)\b",
    r"(?:do ?n[o']?t|don’t) (?:believe|trust|agree)",
    r"i disagree",
    r"it should(?:'ve| have)? be(?:en)?\b", r"(?:just )?(?:admit|say|agree) (?:it|that)\b.*\d",
)  # fmt: skip
_SUPPORT = _words(
    r"(?:hate|sick of|bored (?:of|with)|scared of|afraid of|tired of)\b",
    r"(?:stupid|dumb|idiot|useless|boring|pointless|rubbish|hopeless|"
    r"sucks?|unfair|annoying|frustrat\w+|impossible|terrible at|awful at)\b",
    r"(?:so |too |really )?bad at\b",
    r"(?:give|giving) up\b",
    r"(?:going to|gonna|will) (?:cry|fail|scream)|\bcry\b|\bcrying\b",
    r"(?:never|not) (?:\w+ ){0,3}(?:pass|understand|get (?:this|it)|learn)\b",
    r"panic\w*|anxious|nervous|stress\w*|overwhelmed|worried\b",
    r"i (?:just )?(?:can'?t|cannot|can not) (?:do|understand|get|solve) (?:this|it|any|maths?|these)",
    r"(?:do ?n[o']?t|don’t) (?:get|understand) (?:this|it|any|anything|maths?)",
    r"makes? no sense",
    r"(?:u+gh+|a+r+g+h+|grr+|omg|wtf)\b",
    r"(?:everyone|everybody) (?:\w+ ){0,4}(?:except|but) me", r"i(?:'m| am|m)? lost\W*$", r"help+\W*$",
)  # fmt: skip
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|night)|thanks?(?: you| u| a lot)?|thx|ty|"
    r"cheers|bye|goodbye|see you|ok(?:ay)?"
    r"|cool|lol|haha\w*|nice|great|awesome|wow|yes|no|yep|nope|sure|danke|merci|gracias|bonjour|hallo|hola)"
    r"(?:\W+(?:there|so much|very much|a lot|you|again|cool|thanks|tutor|bot|for \w+(?: \w+)?))*\W*$",
    re.I,
)
_NUMBER = r"[-−+]?(?:[$€£]\s?)?\d[\d,. ]*(?:/\s*\d+)?"
_UNIT = r"(?:\s*(?:[%°$€£]|[a-zA-Z²³/]{1,12}(?:\s+(?:per|an|a)\s+[a-z]+)?))?"
_SIDE = r"[-−+*/×÷·^²³().,\d\s$€£%a-zA-Z']{0,40}"
_BARE_ANSWER = re.compile(
    rf"^\W*?(?:(?:so|then|maybe|is it|it's|it is|i think|the answer is|answer|would it be|could it be)\b[:\s]*)*"
    rf"(?:[a-z]\s*=\s*)?{_NUMBER}{_UNIT}\s*[?!.]*\s*$",
    re.I,
)
_WORD_ANSWER = re.compile(
    r"^\W*(?:(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|"
    r"thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|half|halves|third|thirds|quarters?|so|and|point|minus|[a-z]{3,12}s)\b[\s-]*){1,8}\W*$",
    re.I,
)
_NUMBER_WORD = re.compile(
    r"\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundred)",
    re.I,
)
_STATEMENT = re.compile(rf"^{_SIDE}=\s*{_SIDE}$")
_FORMULA = re.compile(r"^(?=[^?]*[\dxyz])[-−+*/×÷·^²³().\d\s'xyzabcf=]{1,40}\?*\s*$")
_ASKS = re.compile(
    r"\b(?:how|what(?:'s)?|which|who|when|where)\b[^.?!]*\?|\b(?:how (?:many|much|long|far|old|fast|tall|"
    r"big|high)|find|calculate"
    r"|compute|determine|solve|evaluate|express|prove|show that|what (?:is|are|was|does|time|percent\w*|fraction))\b",
    re.I,
)
_COMMANDS = _words(r"find\b", r"calculate\b", r"solve\b", r"compute\b")
# What in a text that poses a problem of its own still speaks to the tutor.
_HINT_ON_OWN = _words(
    r"(?:a|another|some|any|one|the next|small|little) hints?\b", r"hints?\b\s*(?:please|pls|:|only)",
    r"(?:a|any) clues?\b", r"nudge\b", r"no spoilers?\b", r"point me\b", r"i(?:'m| am) stuck\b",
    r"(?:where|how) (?:do|should|can) i (?:even )?(?:start|begin)", r"help me (?:start|begin|get started)",
    r"(?:do ?n[o']?t|without) (?:tell|giv|solv|show|reveal|spoil)\w* (?:me|it|this|the (?:answer|solution))",
    r"(?:give|tell|show) me (?:just |only )?(?:the|a) (?:first|next) step", r"(?:do|solve|try) it (?:by )?myself\b",
)  # fmt: skip
_KEYWORDS = ("hint", "hints", "clue", "practice", "practise", "exercise", "quiz")
_KEYWORD_INTENT = {"hint": Intent.HINT, "hints": Intent.HINT, "clue": Intent.HINT}


def intent_of(message: str, *, in_conversation: bool) -> Intent | None:
    """What the message asks for beyond solving and explaining; None where no rule says so.

    `in_conversation` says that there is a problem before it, which remarks and bare answers then refer to.
    """
    text = re.sub(r"\s+", " ", message.replace("’", "'")).strip()
    if len(text) > 2 * ENDS:  # a problem or a piece of work: what is asked of it stands before or after it
        text = f"{text[:ENDS]} {text[-ENDS:]}"
    if _SMALL_TALK.match(text):
        return Intent.SMALL_TALK
    if _poses_a_problem(text):
        return _beside_a_problem(text, in_conversation)
    if hinted := _hint(text, in_conversation):
        return hinted
    if in_conversation and len(text) <= LONG and (followed := _follow_up(text)):
        return followed
    if _OBJECTION.search(text) and not _CHECK.search(text) and not _ASKS.search(text):
        return Intent.OBJECTION
    if _is_work(message, text, in_conversation):
        return Intent.CHECK
    if _PRACTISE.search(text):
        return Intent.PRACTISE
    if not re.search(r"\d", text) and len(text) <= 2 * SHORT and _SUPPORT.search(text):
        return Intent.SUPPORT
    if in_conversation and _PUZZLED.match(text):
        return Intent.WHY
    return _misspelt(text)


def _poses_a_problem(text: str) -> bool:
    """Whether the text is long enough to be a problem by itself, with a number and with something asked."""
    numbered = re.search(r"\d", text) or _NUMBER_WORD.search(text)
    return len(text) > SHORT and bool(numbered) and bool(_ASKS.search(text))


def _beside_a_problem(text: str, in_conversation: bool) -> Intent | None:
    """What is asked about a problem that stands in the message itself; None where it is to be solved."""
    if _HINT_ON_OWN.search(text):
        return Intent.HINT
    if _OWN_ERROR.search(text):
        return Intent.CHECK
    if (
        in_conversation
        and len(text) <= 2 * SHORT
        and re.match(r"\W*(?:(?:and|but|so|ok) )?(?:what|how) (?:if|about|would happen)", text, re.I)
    ):
        return Intent.CHANGED
    return None


def _hint(text: str, in_conversation: bool) -> Intent | None:
    withheld = bool(_NOT_SHOWN.search(text))
    if in_conversation and _SHOW.search(text) and not withheld and not _WAY.search(text):
        return Intent.SHOW
    if withheld or _HINT.search(text):
        return Intent.HINT
    return None


def _follow_up(text: str) -> Intent | None:
    """A remark on the solution before it."""
    if (
        _CHANGED.match(text)
        and not _COMMANDS.search(text)
        and re.search(r"\d|twice|double|half|triple|one|two|three|four|five|six|ten", text, re.I)
    ):
        return Intent.CHANGED
    if _WAY.search(text):
        return Intent.ANOTHER_WAY
    if _LANGUAGE.search(text):
        return Intent.LANGUAGE
    if _SIMPLER.search(text):
        return Intent.SIMPLER
    return Intent.WHY if _WHY.search(text) and not _CHECK.search(text) else None


def _is_work(message: str, text: str, in_conversation: bool) -> bool:
    """Whether the message holds the student's own work or answer, to be looked through."""
    if _OWN_ERROR.search(text) or _CHECK.search(text) or (re.search(r"\d", text) and _ENDS_IN_CHECK.search(text)):
        return True
    asks_truth = _ASKS_TRUTH.match(text)
    if asks_truth and (in_conversation or "=" in text or re.search(r"\d\s*[-+*/x×÷]", text)):
        return True
    lines = [line for line in message.splitlines() if line.strip()]
    equations = sum("=" in line for line in lines)
    if len(lines) >= 3 and equations * 2 > len(lines) and not _ASKS.search(text):
        return True
    if not in_conversation or len(text) > LONG:
        return False
    if _BARE_ANSWER.match(text) or (_WORD_ANSWER.match(text) and _NUMBER_WORD.search(text)):
        return True
    parts = [
        part for line in lines for part in re.split(r",|;|\b(?:so|then|thus|and|therefore)\b", line) if part.strip()
    ]
    stated = all(_STATEMENT.match(part.strip()) or _BARE_ANSWER.match(part) for part in parts)
    solved = re.search(r"(?<![\w=])=\s*[-−]?[$€£]?\d", text)
    return (stated and bool(solved) and not _ASKS.search(text)) or bool(_FORMULA.match(text))


def _misspelt(text: str) -> Intent | None:
    """A word or two that are nearly a request: "hnt", "pratice pls"."""
    words = re.findall(r"[a-z]+", text.lower())
    if len(words) > 3 or re.search(r"\d", text):
        return None
    for word in words:
        if len(word) >= 3 and (near := get_close_matches(word, _KEYWORDS, 1, cutoff=0.8)):
            return _KEYWORD_INTENT.get(near[0], Intent.PRACTISE)
    return None
