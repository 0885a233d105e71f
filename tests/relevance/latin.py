"""Typos of a typist, not of a list: neighbouring keys, letters doubled, dropped, swapped."""

import re

# Codes with digits are left alone.
WORD = re.compile(r'(?<![^\W_])[A-Za-z]{4,}(?![^\W_]|[-_][0-9])', re.ASCII)
ROWS = ('qwertyuiop', 'asdfghjkl', 'zxcvbnm')


def _neighbours():
    """Keys that touch: in the row, and in those above and below, which are half a key further."""
    near = {}
    for row, keys in enumerate(ROWS):
        for at, key in enumerate(keys):
            touching = [(row, at - 1), (row, at + 1), (row - 1, at), (row - 1, at + 1),
                        (row + 1, at - 1), (row + 1, at)]
            near[key] = ''.join(ROWS[r][a] for r, a in touching
                                if 0 <= r < len(ROWS) and 0 <= a < len(ROWS[r]))
    return near


NEIGHBOURS = _neighbours()


def neighbour(word, at, chance):
    key = chance.choice(NEIGHBOURS[word[at].lower()])
    return word[:at] + (key.upper() if word[at].isupper() else key) + word[at + 1:]


def double(word, at, _chance):
    return word[:at] + word[at] + word[at:]


def drop(word, at, _chance):
    return word[:at] + word[at + 1:]


def swap(word, at, _chance):
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2:]


def typo(word, chance):
    """One slip; the first letter is hit as seldom as people do, one time in ten."""
    for _ in range(20):
        at = 0 if chance.random() < .1 else chance.randrange(1, len(word))
        wrong = chance.choice((neighbour, double, drop, swap))(word, at, chance)
        if wrong != word:
            return wrong
    return neighbour(word, 1, chance)


def mistype(text, chance, _context):
    if not WORD.search(text):
        return None
    return WORD.sub(lambda match: typo(match.group(), chance), text)
