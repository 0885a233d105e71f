"""What people do to a question on its way to the keyboard: seeded, and the same on every machine.

Each generator takes a text and returns it with the noise in it, or None when it has no place for
it. Chance depends on the seed and the question alone, so a set more or less changes nothing."""

import collections
import dataclasses
import random
import typing

import chinese
import japanese
import korean
import latin
import slips
from sets import Kind

SEED = 20261122
KINDS = ('.main', '.title', '.anchor', '.dev', '.train', '.test')  # the clean kinds it is put on


@dataclasses.dataclass(frozen=True)
class Noise:
    name: str
    what: str                       # a line for the report
    langs: tuple                    # languages, or families of them; empty: all
    make: typing.Callable           # (text, random, characters of the set) -> text or None
    needs: typing.Callable = lambda: None   # None, or what is missing on this machine

    def suits(self, lang):
        return not self.langs or lang in self.langs or lang.split('-')[0] in self.langs


NOISES = (
    Noise('homophones', 'two Han characters become others of the same sound', ('zh',),
          chinese.swap_homophones, chinese.missing),
    Noise('henkan', 'two words (of fewer than four: one) become others of the same reading',
          ('ja',), japanese.swap_homophones, japanese.missing),
    Noise('kana', 'one word is left in kana', ('ja',), japanese.leave_kana, japanese.missing),
    Noise('slip', 'one character is missing, or has changed places with the next', (),
          slips.slip),
    Noise('latin', 'every Latin word of four letters and more has a typo', (), latin.mistype),
    Noise('script', 'Simplified for Traditional, Traditional for Simplified', ('zh',),
          chinese.other_script, chinese.missing_opencc),
    Noise('pinyin', 'one word of two characters is left in pinyin', ('zh',),
          chinese.leave_pinyin, chinese.missing),
    Noise('jamo', 'one letter of a syllable is its neighbour, or sounds like it', ('ko',),
          korean.slip_jamo),
    Noise('spacing', 'a blank is missing, or one too many', ('ko',), korean.slip_blank),
)


@dataclasses.dataclass(frozen=True, eq=False)
class Context:
    """What a generator may look at besides the text."""
    lang: str
    characters: collections.Counter     # how often each stands in the cases


def context_of(dataset):
    counts = collections.Counter()
    for _, title, text in dataset.cases:
        counts.update(title)
        counts.update(text)
    return Context(dataset.lang, counts)


def spread(kind, limit):
    """At most so many questions, from all over the kind."""
    keys = list(kind.questions)
    step = max(1, len(keys) / limit)
    return [keys[int(at * step)] for at in range(min(limit, len(keys)))]


def add_noise(noise, dataset, kind, context, limit):
    """A kind of the questions that the noise could be put on, or None when there are none."""
    questions = {}
    for key in spread(kind, limit):
        chance = random.Random(f'{SEED} {noise.name} {dataset.name} {kind.name} {key}')
        text = noise.make(kind.questions[key], chance, context)
        if text is not None and text != kind.questions[key] and text.strip():
            questions[key] = text
    if not questions:
        return None
    qrels = {key: kind.qrels[key] for key in questions}
    selves = {key: case for key, case in kind.selves.items() if key in questions}
    clean = Kind(kind.name, {key: kind.questions[key] for key in questions}, qrels, selves=selves)
    return Kind(f'{kind.name}+{noise.name}', questions, qrels, noise.name, clean, selves)


def noisy_kinds(dataset, kinds, names, limit):
    """The noises so named, on all kinds they suit. Also what could not be made, and why."""
    context, made, missing = None, [], {}
    for noise in NOISES:
        if noise.name not in names or not noise.suits(dataset.lang):
            continue
        if lack := noise.needs():
            missing[noise.name] = lack
            continue
        context = context or context_of(dataset)
        made += [add_noise(noise, dataset, kind, context, limit)
                 for kind in kinds if kind.name in KINDS]
    return [kind for kind in made if kind], missing
