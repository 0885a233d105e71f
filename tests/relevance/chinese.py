"""Chinese noise: homophones, pinyin, the other script.

Sounds are kMandarin of Unihan (Debian: unicode-data), without tones, the first reading of each
character: input methods work without tones, and askfirst takes its sounds from elsewhere (ICU), so
that a mistake in one does not hide in the other. The other script is opencc's."""

import bz2
import collections
import ctypes
import ctypes.util
import functools
import pathlib
import unicodedata

READINGS = pathlib.Path('/usr/share/unicode/Unihan_Readings.txt.bz2')
HAN_MIN = 4             # two of four may be wrong; of fewer, nothing would be left
COMMON = 8              # an input method shows so many on its first page
OPENCC = {'zh-Hans': 's2tw', 'zh-Hant': 'tw2s'}


def missing():
    return None if READINGS.exists() else 'unicode-data is not installed'


def missing_opencc():
    return None if ctypes.util.find_library('opencc') else 'opencc is not installed'


def plain(syllable):
    """Without its tone; u with dots is v, as it is typed."""
    letters = unicodedata.normalize('NFD', syllable).replace('u\u0308', 'v')
    return ''.join(letter for letter in letters if letter.isalpha())


@functools.cache
def sounds():
    """{character: syllable}."""
    table = {}
    with bz2.open(READINGS, 'rt', encoding='utf-8') as lines:
        for line in lines:
            fields = line.rstrip('\n').split('\t')
            if len(fields) == 3 and fields[1] == 'kMandarin':
                table[chr(int(fields[0][2:], 16))] = plain(fields[2].split()[0])
    return table


@functools.lru_cache(maxsize=1)
def _by_sound(context):
    groups = collections.defaultdict(list)
    for char, count in sorted(context.characters.items(), key=lambda item: (-item[1], item[0])):
        if char in sounds():
            groups[sounds()[char]].append((char, count))
    return groups


def _homophones(char, context):
    """[(character, count)], the commonest in the cases of the set first, so of its script."""
    same = _by_sound(context).get(sounds().get(char), ())
    return [pair for pair in same if pair[0] != char][:COMMON]


def swap_homophones(text, chance, context):
    han = [at for at, char in enumerate(text) if char in sounds()]
    places = [at for at in han if _homophones(text[at], context)]
    if len(han) < HAN_MIN or len(places) < 2:
        return None
    chars = list(text)
    for at in sorted(chance.sample(places, 2)):
        others, counts = zip(*_homophones(text[at], context))
        chars[at] = chance.choices(others, counts)[0]
    return ''.join(chars)


def leave_pinyin(text, chance, _context):
    """Any two characters side by side: which of them are a word, no table tells."""
    places = [at for at in range(len(text) - 1)
              if text[at] in sounds() and text[at + 1] in sounds()]
    if len(places) < HAN_MIN - 1:
        return None
    at = chance.choice(places)
    return text[:at] + sounds()[text[at]] + sounds()[text[at + 1]] + text[at + 2:]


@functools.cache
def _converter(config):
    library = ctypes.CDLL(ctypes.util.find_library('opencc'))
    library.opencc_open.restype = library.opencc_convert_utf8.restype = ctypes.c_void_p
    library.opencc_convert_utf8.argtypes = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
    library.opencc_convert_utf8_free.argtypes = [ctypes.c_void_p]
    handle = ctypes.c_void_p(library.opencc_open(f'{config}.json'.encode()))

    def convert(text):
        raw = text.encode()
        got = library.opencc_convert_utf8(handle, raw, len(raw))
        converted = ctypes.string_at(got).decode()
        library.opencc_convert_utf8_free(got)
        return converted

    return convert


def other_script(text, _chance, context):
    return _converter(OPENCC.get(context.lang, 's2tw'))(text)
