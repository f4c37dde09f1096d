"""Which skill to practise next: what is not known yet, from easy to hard, a little spaced, with reviews in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from agent.practice.mastery import MASTERED
from agent.practice.problems import Skill

DAY = 24 * 3600.0
REVIEW_EVERY = 4  # problems: at most one in so many is a review
AT_A_TIME = 3  # skills that are learned side by side


@dataclass(frozen=True, slots=True)
class SkillRecord:
    """What is known of one student and one skill. `streak` counts the latest right answers; times in seconds."""

    skill: str
    topic: str
    mastery: float
    answered: int
    right: int
    streak: int
    last_seen: float
    last_right: bool

    @property
    def mastered(self) -> bool:
        return self.mastery >= MASTERED

    def due(self, now: float) -> bool:
        """Whether a mastered skill is to be seen again: after a day, and twice as long with every right answer more."""
        return self.mastered and now - self.last_seen >= DAY * 2 ** min(max(self.streak - 2, 0), 10)


def choose_skill(
    skills: Sequence[Skill],
    records: Mapping[str, SkillRecord],
    rng: Random,
    *,
    now: float,
    recent: Sequence[str] = (),
) -> Skill:
    """The next skill of `skills`, of which there is at least one. `recent` are those of the last problems, latest last.

    In this order: what went wrong before the last problem, so that it comes back after one other; a review that is
    due; one of the first few skills that are not mastered, from easy to hard; else what was seen longest ago. The
    skill of the last problem comes again only where there is no other.
    """
    last = recent[-1] if recent else ""
    others = [skill for skill in skills if skill.name != last] or list(skills)
    if len(recent) > 1 and recent[-2] != last:
        back = [s for s in others if s.name == recent[-2] and (r := records.get(s.name)) and not r.last_right]
        if back:
            return back[0]
    due = [s for s in others if (record := records.get(s.name)) is not None and record.due(now)]
    reviewed = any((record := records.get(name)) is not None and record.mastered for name in recent[1 - REVIEW_EVERY :])
    if due and not reviewed:
        return min(due, key=lambda skill: records[skill.name].last_seen)
    unknown = [s for s in others if (record := records.get(s.name)) is None or not record.mastered]
    if unknown:
        unknown.sort(key=lambda skill: (skill.name not in records, skill.level))
        begun = sum(skill.name in records for skill in unknown)
        lowest = unknown[begun].level if begun < len(unknown) else 0
        window = unknown[:begun][:AT_A_TIME]
        new = [skill for skill in unknown[begun:] if skill.level == lowest]
        return rng.choice(window if len(window) == AT_A_TIME or not new else [*window, rng.choice(new)])
    return min(others, key=lambda skill: records[skill.name].last_seen)
