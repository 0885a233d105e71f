/* slip_kinds.h: the kinds of slips that are looked for among CJK letters, and what each weighs. */
#ifndef ASKFIRST_SEARCH_QUERY_SLIP_KINDS_H
#define ASKFIRST_SEARCH_QUERY_SLIP_KINDS_H

#include "search/search.h"

enum slip {
    /* chinese.h: a character that is read the same; or taken for it; two that are read the same */
    SLIP_ALIKE,  /* 地去 → 地区 */
    SLIP_NEARLY, /* 批娘 → 批量 */
    SLIP_BOTH,   /* 书局 → 数据 */
    /* edits.h */
    SLIP_SWAPPED, /* 支分 → 分支 */
    SLIP_EXTRA,   /* 打件印 → 打印 */
    SLIP_MISSING, /* 数库 → 数据库 */
    SLIP_OTHER,   /* 数握库 → 数据库, whatever 握 is taken for */
    /* korean.h: a neighbour on the keyboard or the same sound; any other; two
     * syllables beside each other; a final to come */
    SLIP_JAMO,       /* 채틴 → 채팅 */
    SLIP_JAMO_FAR,   /* 채킹 → 채팅 */
    SLIP_JAMO_TWO,   /* 체틴 → 채팅 */
    SLIP_UNFINISHED, /* 노트부 → 노트북 */
    /* japanese.h: a word read the same; a word read so, among others and alone */
    SLIP_KANA,        /* バテリー → バッテリー */
    SLIP_KANA_MOVED,  /* チケトッ → チケット */
    SLIP_READING,     /* 器械 → 機会 */
    SLIP_UNCONVERTED, /* 購買いらい → 購買依頼 */
    SLIP_ONLY_KANA,   /* いらい → 依頼 */
    /* switched.h, spelled.h: Latin letters */
    SLIP_KEYS,   /* rhksfl → 관리 */
    SLIP_ROMAJI, /* roguin → ログイン */
    SLIP_PINYIN, /* liuliang → 流量 */
    SLIP_COUNT
};

/* Costs are log2 of cases: a change of cost 1 has to make a gram twice as common as one of cost 0.
 * search/README.md says where the numbers are from. */
struct slip_kind {
    enum reason reason;
    float cost;
    float weight, known_weight; /* of the form; when some case has what was typed */
    bool is_whole;  /* a word is nothing without it, so all of its grams must be known, */
    bool is_word;   /* but those with its neighbours: it says enough by itself; */
    uint32_t times; /* and in more than so many times the cases */
};
extern const struct slip_kind slip_kinds[SLIP_COUNT];

/* What is judged by how much commoner it is: in log2, too. */
#define SLIP_SCORE_MIN 1.5f /* of a gram, and with those beside it, less the costs */
#define SLIP_SPREAD 3       /* below the best, others are no guesses any more */
#define SLIP_SUPPORT_MAX 8  /* of one gram beside it */
#define SLIP_SCORE_SURE 5   /* then neither two characters nor any other one are looked for */

#define SLIP_STRANGE_DF 3 /* a gram in so many cases is none that was mistyped */
#define SLIP_VOUCH_DF                                                                              \
    8 /* a word in so many is there on purpose; with 3, a fifth of the gain is lost */

#endif
