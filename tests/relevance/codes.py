"""Identifiers of the cases, and the forms people type them in.

An identifier is a run of letters and digits that nobody would take for a word or a number:
two to ten capitals and four to ten digits, with a hyphen, an underscore or nothing between
(ACSD-53309, KB4565351, AADSTS50020; CVE-2021-44228 with a second number), or a hexadecimal number
of eight digits (0x80070005). A case holds it when it is in its title or text in any case of the
letters, with any of the three joints."""

import collections
import itertools
import random
import re

from sets import Kind

SEED = 20261122
PER_FORM = 1000
IDENTIFIER = re.compile(
    r'(?<![A-Za-z0-9_])(?:[A-Z]{2,10}[-_]?[0-9]{4,10}(?:-[0-9]{3,7})?|0x[0-9A-Fa-f]{8})'
    r'(?![A-Za-z0-9_])')
RUN = re.compile(r'[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*')
LOOKALIKES = {'0': 'O', 'O': '0', '1': 'lI', 'I': '1', 'l': '1', '5': 'S', 'S': '5', '8': 'B',
              'B': '8', '2': 'Z', 'Z': '2'}
LAST = 4
PIECES_MAX = 4
CHOICES_MAX = 40        # sets of codes that cases have, of which three are chosen


def squeeze(text):
    return re.sub(r'[-_]', '', text).lower()


class Codes:
    """Which cases hold which identifiers, and which anything that ends in the same four."""

    def __init__(self, cases):
        self.written = {}                               # squeezed: as it is written most often
        self.holders = collections.defaultdict(set)     # squeezed: cases
        self.enders = collections.defaultdict(set)      # the last four: cases
        spellings = collections.defaultdict(collections.Counter)
        for case, title, text in cases:
            for run in RUN.findall(f'{title}\n{text}'):
                if any(char.isdigit() for char in run):
                    for piece in pieces_of(run):
                        self.holders[squeeze(piece)].add(case)
                        self.enders[squeeze(piece)[-LAST:]].add(case)
                    for code in IDENTIFIER.findall(run):
                        spellings[squeeze(code)][code] += 1
        for key, written in sorted(spellings.items()):
            self.written[key] = min(written.items(), key=lambda item: (-item[1], item[0]))[0]


def pieces_of(run):
    """Whatever stands between joints, with joints inside: of a-b-c  a, a-b, a-b-c, b, b-c, c."""
    parts = re.split('([-_])', run)
    return {''.join(parts[begin:end]) for begin in range(0, len(parts), 2)
            for end in range(begin + 1, min(len(parts), begin + 2 * PIECES_MAX) + 1, 2)}


def lookalike(code, chance):
    """One character that looks like another, or None."""
    places = [at for at, char in enumerate(code) if char in LOOKALIKES]
    if not places:
        return None
    at = chance.choice(places)
    return code[:at] + chance.choice(LOOKALIKES[code[at]]) + code[at + 1:]


def another(code, chance):
    """One digit of the number is another one; None when there is none (0xDEADBEEF)."""
    places = [at for at, char in enumerate(code) if char.isdigit() and at >= 2]
    if not places:
        return None
    at = chance.choice(places)
    return code[:at] + chance.choice([digit for digit in '0123456789' if digit != code[at]]) \
        + code[at + 1:]


def sample(codes, name):
    chance = random.Random(f'{SEED} {name}')
    keys = sorted(codes.written)
    return sorted(chance.sample(keys, min(PER_FORM, len(keys)))), chance


def _kind(name, forms, holders):
    """`forms`: [(text, key of holders)]; each text once."""
    unique = {text: key for text, key in forms if text}
    questions = {f'{name[1:]}{at}': text for at, text in enumerate(unique)}
    return Kind(name, questions, {key: dict.fromkeys(sorted(holders[unique[text]]), 1)
                                  for key, text in questions.items()})


def code_kinds(codes):
    """Whole, squeezed, last four, with a lookalike: what should find the cases that hold them."""
    keys, chance = sample(codes, 'forms')
    written = [(codes.written[key], key) for key in keys]
    alike = [(lookalike(text, chance), key) for text, key in written]
    alike = [(text, key) for text, key in alike if text and squeeze(text) not in codes.holders]
    return [_kind('.whole', written, codes.holders),
            _kind('.squeezed', [(key, key) for key in keys], codes.holders),
            _kind('.last4', [(key[-LAST:], key[-LAST:]) for key in keys], codes.enders),
            own_kind(codes), _kind('.lookalike', alike, codes.holders)]


def own_kind(codes):
    """The last four of an identifier, and nothing but the cases of that one is right."""
    keys, _ = sample(codes, 'forms')
    return Kind('.last4own', {key: key[-LAST:] for key in keys},
                {key: dict.fromkeys(sorted(codes.holders[key]), 1) for key in keys})


def covered(codes, keys, places):
    """How many of the keys have a case among the best so many cases; all are tried that differ."""
    held = collections.defaultdict(set)
    for key in keys:
        for case in codes.holders[key]:
            held[case].add(key)
    cases = {frozenset(some) for some in held.values()}
    cases = [some for some in cases if not any(some < other for other in cases)]
    if len(cases) > CHOICES_MAX:    # a lower bound: the widest first
        cases = sorted(cases, key=lambda some: (-len(some), sorted(some)))[:CHOICES_MAX]
    return max(len(frozenset().union(*chosen)) for chosen in
               itertools.combinations(cases, min(places, len(cases))))


def ceilings(codes, places=3):
    """The best hit@3 of .last4own that anything could have: knowing that an identifier is meant, but
    not which; and not even that: as if all that ends so were as likely."""
    keys, _ = sample(codes, 'forms')
    asked, anything = collections.defaultdict(set), collections.defaultdict(set)
    for key in keys:
        asked[key[-LAST:]].add(key)
    for key in codes.holders:
        if key[-LAST:] in asked:
            anything[key[-LAST:]].add(key)
    knowing = sum(covered(codes, some, places) for some in asked.values())
    guessing = sum(len(some) * covered(codes, anything[end], places) / len(anything[end])
                   for end, some in asked.items())
    return knowing / len(keys), guessing / len(keys)


def other_codes(codes):
    """[(asked, meant)]: one digit apart. Asked are identifiers that no case holds (first list) and
    that some do (second list): pairs of neighbours in the corpus."""
    keys, chance = sample(codes, 'others')
    unknown, known = [], []
    for key in keys:
        text = codes.written[key]
        other = another(text, chance)
        if other and squeeze(other) not in codes.holders:
            unknown.append((other, key))
        twins = {squeeze(twin) for at, char in enumerate(text) if char.isdigit()
                 for digit in '0123456789' if digit != char
                 for twin in [text[:at] + digit + text[at + 1:]]} & set(codes.written)
        known += [(text, twin) for twin in sorted(twins)]
    return unknown, known
