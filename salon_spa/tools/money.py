"""Sharing an amount, without a database."""


def share(amount, weights, rounding):
    """Share an amount by weights, to the smallest coin; what can't be shared evenly goes to the last.

    A share is never more than its weight while the amount is not more than all of them, so that a discount never
    exceeds the line that it is on.

    :param float amount: what is shared, not below zero
    :param list weights: not below zero; equal shares when all of them are zero
    :param float rounding: the smallest coin, such as 0.01
    :return: list of floats, as many as there are weights, whose sum is ``amount``
    """
    coins = round(amount / rounding)
    parts = [round(weight / rounding) for weight in weights]
    capped = 0 < coins <= sum(parts)
    if not any(parts):
        parts = [1] * len(weights)
    total = sum(parts)
    shares = [coins * part // total for part in parts]
    last = max((index for index, part in enumerate(parts) if part), default=None)
    if last is not None:
        shares[last] += coins - sum(shares)
        for index in range(last, -1, -1) if capped else ():
            surplus = max(0, shares[index] - parts[index])
            shares[index] -= surplus
            if index:
                shares[index - 1] += surplus
    return [round(coin * rounding, 10) for coin in shares]
