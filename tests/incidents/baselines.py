"""Six rules that others price by, plainly, for comparison. Each takes [Input] and gives a price, or None: no price.

They see what is alive in a step: one price a venue, its half spread, its reported volume. Sources are the public
repositories at the commits named; written anew from their rules.
"""
import math
from typing import NamedTuple


class Input(NamedTuple):
    price: float
    half_spread: float
    volume: float


def median_of(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def mean(inputs):
    """The arithmetic mean: what an oracle does that averages its APIs (Synthetix before July 2019)."""
    return sum(i.price for i in inputs) / len(inputs) if inputs else None


def vwap(inputs):
    """Weighted by reported volume: the data aggregators under Chainlink's nodes, and index providers."""
    volume = sum(i.volume for i in inputs)
    return sum(i.price * i.volume for i in inputs) / volume if volume > 0 else mean(inputs)


def median(inputs):
    """Mean of the middle two when even: skip-mev/connect 9f85605 pkg/math/oracle, Chronicle's gofer 50eb808."""
    return median_of([i.price for i in inputs]) if inputs else None


def sigma(inputs):
    """Providers beyond mean +- 1 population deviation are dropped when there are three, the rest is weighted by volume:
    ojo-network/price-feeder 0afb6f7 oracle/filter.go (its comment says 2 sigma, its default is 1.0)."""
    if len(inputs) < 3:
        return vwap(inputs)
    middle = mean(inputs)
    deviation = math.sqrt(sum((i.price - middle) ** 2 for i in inputs) / len(inputs))
    return vwap([i for i in inputs if abs(i.price - middle) <= deviation])


PYTH_PUBLISHERS_MIN = 3


def pyth(inputs):
    """Three equal votes p-c, p, p+c a publisher, their median; no price below min_pub or without confidence:
    pyth-network/pyth-client 05b5519 program/c/src/oracle/upd_aggregate.h, model/price_model.c."""
    inputs = [i for i in inputs if i.half_spread > 0]
    if len(inputs) < PYTH_PUBLISHERS_MIN:
        return None
    votes = sorted(v for i in inputs for v in (i.price - i.half_spread, i.price, i.price + i.half_spread))
    count = len(votes)
    middle = median_of(votes)
    confidence = max(middle - votes[count >> 2], votes[count - 1 - (count >> 2)] - middle)
    return middle if confidence > 0 else None


def xrc(inputs):
    """Rates further than 20 % from the median are dropped; then some floor(n/2)+1 neighbours must lie within 10 % of the
    lowest of them, or there is no price: dfinity/exchange-rate-canister c55e2f5 src/xrc/src/lib.rs, validate()."""
    if not inputs:
        return None
    middle = median(inputs)
    rates = sorted(i.price for i in inputs if abs(i.price - middle) <= middle / 5)
    if not rates:
        return None
    half = len(rates) // 2
    consistent = any(rates[end] - rates[end - half] <= rates[end - half] / 10 for end in range(half, len(rates)))
    return median_of(rates) if consistent else None


ALL = {"mean": mean, "vwap": vwap, "median": median, "mean+-sigma": sigma, "pyth": pyth, "xrc": xrc}
