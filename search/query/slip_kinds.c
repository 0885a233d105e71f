#include "search/query/slip_kinds.h"

const struct slip_kind slip_kinds[SLIP_COUNT] = {
    [SLIP_ALIKE] = {REASON_SOUND,  0, .5f,  .5f,  false, false, 0},
    [SLIP_NEARLY] = {REASON_SOUND,  1, .5f,  .5f,  false, false, 0},
    [SLIP_BOTH] = {REASON_SOUND,  1, .5f,  .5f,  false, false, 0},

    [SLIP_SWAPPED] = {REASON_TYPO,   2, .5f,  .5f,  false, false, 0},
    [SLIP_EXTRA] = {REASON_TYPO,   3, .5f,  .5f,  false, false, 0},
    [SLIP_MISSING] = {REASON_TYPO,   2, .5f,  .5f,  false, false, 0},
    [SLIP_OTHER] = {REASON_TYPO,   4, .5f,  .5f,  false, false, 0},

    [SLIP_JAMO] = {REASON_TYPO,   0, .9f,  .7f,  true,  false, 8},
    [SLIP_JAMO_FAR] = {REASON_TYPO,   0, .72f, .56f, true,  false, 8},
    [SLIP_JAMO_TWO] = {REASON_TYPO,   0, .72f, .56f, true,  false, 8},
    [SLIP_UNFINISHED] = {REASON_PREFIX, 0, .8f,  .8f,  false, false, 0},

    [SLIP_KANA] = {REASON_TYPO,   0, .9f,  .9f,  true,  false, 8},
    [SLIP_KANA_MOVED] = {REASON_TYPO,   0, .72f, .72f, true,  false, 8},
    [SLIP_READING] = {REASON_SOUND,  0, .9f,  .5f,  true,  true,  8},
    [SLIP_UNCONVERTED] = {REASON_SOUND,  0, .9f,  .9f,  true,  true,  4},
    [SLIP_ONLY_KANA] = {REASON_SOUND,  0, .9f,  .9f,  true,  true,  0},

    [SLIP_KEYS] = {REASON_TYPO,   0, .9f,  .9f,  true,  false, 0},
    [SLIP_ROMAJI] = {REASON_SOUND,  0, .8f,  .8f,  true,  false, 0},
    [SLIP_PINYIN] = {REASON_SOUND,  0, .8f,  .8f,  false, false, 0},
};
