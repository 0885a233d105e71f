"""Japanese noise: the wrong word of the same reading (henkan), and a word that was never converted.

Words and readings are those of SKK's dictionary (Debian: skkdic): a reading a line, and what an
input method would offer for it, the likeliest first."""

import functools
import pathlib
import re

DICTIONARY = pathlib.Path('/usr/share/skk/SKK-JISYO.L')
KANJI = re.compile(r'[\u3400-\u4dbf\u4e00-\u9fff々]{2,}')
READING = re.compile(r'[\u3041-\u3096ー]+')
OFFERED = 6             # candidates that a hurried typist may take
WORD_MAX = 6            # characters
FEW_WORDS = 4           # of fewer, one is wrong and not two


def missing():
    return None if DICTIONARY.exists() else 'skkdic is not installed'


def read_dictionary(lines):
    """({word: reading}, {reading: words}): words of two kanji and more, of each the reading that
    offers it first."""
    offers, places = {}, {}
    for line in lines:
        reading, _, rest = line.partition(' ')
        if not READING.fullmatch(reading):
            continue    # with okurigana, a comment, an abbreviation
        words = [item.split(';')[0] for item in rest.strip().strip('/').split('/')]
        words = [word for word in words if KANJI.fullmatch(word)]
        offers[reading] = words
        for place, word in enumerate(words):
            if word not in places or place < places[word][0]:
                places[word] = (place, reading)
    return {word: reading for word, (_, reading) in places.items()}, offers


@functools.cache
def dictionary():
    with open(DICTIONARY, encoding='euc_jp', errors='replace') as lines:
        return read_dictionary(lines)


def cut_words(text, readings):
    """[(begin, end)]: the longest words of each run of kanji, from its left."""
    words = []
    for run in KANJI.finditer(text):
        at = run.start()
        while at < run.end() - 1:
            ends = range(min(run.end(), at + WORD_MAX), at + 1, -1)
            end = next((end for end in ends if text[at:end] in readings), None)
            if end:
                words.append((at, end))
            at = end or at + 1
    return words


def homophones(word, readings, offers):
    return [other for other in offers[readings[word]][:OFFERED] if other != word]


def swap_homophones(text, chance, _context):
    readings, offers = dictionary()
    words = cut_words(text, readings)
    places = [(begin, end) for begin, end in words
              if homophones(text[begin:end], readings, offers)]
    if not places:
        return None
    count = min(len(places), 2 if len(words) >= FEW_WORDS else 1)
    for begin, end in sorted(chance.sample(places, count), reverse=True):
        other = chance.choice(homophones(text[begin:end], readings, offers))
        text = text[:begin] + other + text[end:]
    return text


def leave_kana(text, chance, _context):
    readings, _ = dictionary()
    words = cut_words(text, readings)
    if not words:
        return None
    begin, end = chance.choice(words)
    return text[:begin] + readings[text[begin:end]] + text[end:]
