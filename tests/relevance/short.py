"""Known items of one and two characters, and strings that stand anywhere.

Known items are drawn from titles, when one to three titles hold them: one or two Han characters
side by side, a whole run of one or two katakana, Hangul, or Latin letters and digits, and the first
two syllables of a Korean word. The cases of these titles are the answers. A letter with an accent
is a letter (no n in sesión), what follows an apostrophe is of its word (no ve in I've), and a ー
lengthens what stands before it.
Any strings are drawn from texts: one or two letters or digits side by side, wherever a case has
them, inside words too. Many cases may hold one, so all that is asked is whether there is an answer;
the case it was drawn from stands in the judgments to say that there must be one."""

import collections
import random
import re
import unicodedata

from sets import Kind

SEED = 20261122
PER_KIND = 150
TITLES_MAX = 3
HAN = r'[\u3400-\u4dbf\u4e00-\u9fff]'
HANGUL = r'[\uac00-\ud7a3]'
LATIN = r'[A-Za-z0-9\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]+'
RUN = re.compile(rf"{HAN}+|[\u30a1-\u30fa][\u30a1-\u30fa\u30fc]*|{HANGUL}+|{LATIN}(?:['\u2019]{LATIN})*")


def words_of(title, length):
    """All that could be a word of so many characters."""
    words = set()
    for run in RUN.findall(unicodedata.normalize('NFC', title)):
        if re.match(HAN, run):
            words.update(run[at:at + length] for at in range(len(run) - length + 1))
        elif len(run) == length or length == 2 <= len(run) and re.match(HANGUL, run):
            words.add(run[:length].lower())
    return words


def _kind(name, answers):
    questions = {f'{name[1:]}-{at}': text for at, text in enumerate(sorted(answers))}
    return Kind(name, questions, {key: dict.fromkeys(sorted(answers[text]), 1)
                                  for key, text in questions.items()})


def known_items(dataset, length):
    titles = collections.defaultdict(set)
    for case, title, _ in dataset.cases:
        for word in words_of(title, length):
            titles[word].add(case)
    few = sorted(word for word, cases in titles.items() if len(cases) <= TITLES_MAX)
    chance = random.Random(f'{SEED} known {dataset.name} {length}')
    chosen = chance.sample(few, min(PER_KIND, len(few)))
    return _kind(f'.known{length}', {word: titles[word] for word in chosen})


def any_strings(dataset, length):
    chance = random.Random(f'{SEED} any {dataset.name} {length}')
    strings, tries = {}, 0
    while len(strings) < PER_KIND and tries < 20 * PER_KIND and dataset.cases:
        tries += 1
        case, _, text = chance.choice(dataset.cases)
        at = chance.randrange(max(1, len(text)))
        if len(text) >= at + length and text[at:at + length].isalnum():
            strings.setdefault(text[at:at + length], {case})
    return _kind(f'.any{length}', strings)


def short_kinds(dataset):
    kinds = [make(dataset, length) for make in (known_items, any_strings) for length in (1, 2)]
    return [kind for kind in kinds if kind.questions]
