"""Korean noise: the neighbouring key of the two-set keyboard, a vowel that sounds alike, blanks.

A syllable of Unicode is  AC00 + (initial * 21 + vowel) * 28 + final."""

INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
VOWELS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
FIRST, VOWEL_COUNT, FINAL_COUNT = 0xAC00, 21, 28

ALIKE_INITIALS = ('ㄱㄲㅋ', 'ㄷㄸㅌ', 'ㅂㅃㅍ', 'ㅅㅆ', 'ㅈㅉㅊ')
ALIKE_VOWELS = ('ㅐㅔ', 'ㅒㅖ', 'ㅙㅚㅞ', 'ㅗㅜ', 'ㅡㅜ', 'ㅓㅗ')
KEYS_INITIALS = ('ㅂㅈㄷㄱㅅ', 'ㅁㄴㅇㄹㅎ', 'ㅋㅌㅊㅍ')       # side by side on the keyboard
KEYS_VOWELS = ('ㅛㅕㅑㅐㅔ', 'ㅗㅓㅏㅣ', 'ㅠㅜㅡ')


def _others(groups, keys, letter):
    found = {other for group in groups if letter in group for other in group}
    for row in keys:
        at = row.find(letter)
        if at >= 0:
            found.update(row[max(0, at - 1):at + 2])
    return sorted(found - {letter})


def is_syllable(char):
    return FIRST <= ord(char) < FIRST + len(INITIALS) * VOWEL_COUNT * FINAL_COUNT


def take_apart(syllable):
    rest, final = divmod(ord(syllable) - FIRST, FINAL_COUNT)
    initial, vowel = divmod(rest, VOWEL_COUNT)
    return INITIALS[initial], VOWELS[vowel], final


def put_together(initial, vowel, final):
    code = INITIALS.index(initial) * VOWEL_COUNT + VOWELS.index(vowel)
    return chr(FIRST + code * FINAL_COUNT + final)


def slip_syllable(syllable, chance):
    """One letter wrong; a final consonant is forgotten one time in five."""
    initial, vowel, final = take_apart(syllable)
    if final and chance.random() < .2:
        return put_together(initial, vowel, 0)
    wrong = [(other, vowel) for other in _others(ALIKE_INITIALS, KEYS_INITIALS, initial)]
    wrong += [(initial, other) for other in _others(ALIKE_VOWELS, KEYS_VOWELS, vowel)]
    return put_together(*chance.choice(wrong), final)


def slip_jamo(text, chance, _context):
    places = [at for at, char in enumerate(text) if is_syllable(char)]
    if len(places) < 2:
        return None
    at = chance.choice(places)
    return text[:at] + slip_syllable(text[at], chance) + text[at + 1:]


def slip_blank(text, chance, _context):
    blanks = [at for at, char in enumerate(text) if char == ' ']
    inside = [at for at in range(1, len(text))
              if is_syllable(text[at - 1]) and is_syllable(text[at])]
    if blanks and chance.random() < .5:
        at = chance.choice(blanks)
        return text[:at] + text[at + 1:]
    if not inside:
        return None
    at = chance.choice(inside)
    return text[:at] + ' ' + text[at:]
