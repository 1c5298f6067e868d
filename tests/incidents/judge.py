"""What a rule's answers were worth: worst error, minutes wrong, false halts, share priced."""
from typing import NamedTuple, Optional

AGREED_PPM = 5000  # honest venues this close together: there was a price to tell
WRONG_PPM = 5000   # further than this outside of them: somebody was liquidated wrongly


class Step(NamedTuple):
    minute: float
    honest: list            # prices of the honest venues, by then
    groups: int             # how many of them are independent
    price: Optional[float]  # what the rule says and calls good; None otherwise


class Verdict(NamedTuple):
    worst_ppm: float
    wrong_minutes: float
    false_halt_minutes: float
    priced_percent: float


def outside_ppm(price, honest):
    """How far a price is outside the honest ones, in ppm of the nearest; 0 among them."""
    low, high = min(honest), max(honest)
    return max(0.0, (low - price) / low, (price - high) / high) * 1e6


def agreed(step):
    return step.groups >= 2 and (max(step.honest) - min(step.honest)) * 1e6 <= AGREED_PPM * min(step.honest)


def judge(steps, minutes_per_step):
    worst, wrong, halted, priced, due = 0.0, 0, 0, 0, 0
    for step in steps:
        if not step.honest:
            continue
        due += 1
        if step.price is None:
            halted += agreed(step)
            continue
        priced += 1
        error = outside_ppm(step.price, step.honest)
        worst = max(worst, error)
        wrong += error > WRONG_PPM
    return Verdict(worst, wrong * minutes_per_step, halted * minutes_per_step, 100.0 * priced / max(due, 1))


def at_least_as_good(ours, other):
    """By column, with the tolerance of what is printed."""
    return [ours.worst_ppm <= other.worst_ppm + 50, ours.wrong_minutes <= other.wrong_minutes + 1e-9,
            ours.false_halt_minutes <= other.false_halt_minutes + 1e-9, ours.priced_percent >= other.priced_percent - 0.05]
