/* vocabulary_text.h: a vocabulary as people write it, a line at a time.
 *
 *     滑鼠, 鼠标, mouse           each finds the others
 *     ja: 端末, パソコン          only for questions that may be Japanese (zh ja ko en)
 *     ~ 卡顿, 运行缓慢            near, but not the same: at a lower weight
 *     laptop, notebook > pc       who asks for one on the left also finds what is on the right
 *     ? 请问, how do I            says that something is asked, and not what
 *     - 程序                      what comes with the program is not used for this phrase
 *     # a remark
 *
 * Commas may be wide (， 、). Phrases are compared after folding, so neither case nor Traditional
 * and Simplified matter. Nothing here folds: what is sound stays sound whatever the rules of
 * folding are. */
#ifndef ASKFIRST_SEARCH_QUERY_VOCABULARY_TEXT_H
#define ASKFIRST_SEARCH_QUERY_VOCABULARY_TEXT_H

#include "data/base/bytes.h"
#include "data/base/error.h"
#include "data/base/limits.h"

enum vocabulary_line_kind { LINE_SAME, LINE_NEAR, LINE_ASKS, LINE_WITHOUT };

struct vocabulary_line {
    enum vocabulary_line_kind kind;
    uint8_t langs; /* enum vocabulary_lang */
    uint32_t count;
    uint32_t left; /* of them find others; those from here on are only found */
    struct bytes phrases[VOCABULARY_LINE_PHRASES_MAX];
};

/* What is wrong in a line; words as in the pages' texts: bytes nul colon long short many arrow
 * alone. */
enum vocabulary_fault {
    FAULT_BYTES, /* not UTF-8 */
    FAULT_NUL,
    FAULT_COLON, /* what stands before it is no language */
    FAULT_LONG,  /* a phrase */
    FAULT_SHORT, /* a phrase */
    FAULT_MANY,  /* phrases */
    FAULT_ARROW, /* where nothing can be right of it */
    FAULT_ALONE  /* one phrase */
};
const char *vocabulary_fault_name(enum vocabulary_fault fault);

struct vocabulary_lines {
    struct reader rest;
    uint32_t number;             /* of the line given last, from 1 */
    struct bytes line;           /* as it is written */
    enum vocabulary_fault fault; /* after AF_INVALID; the next call goes on behind the line */
};

static inline struct vocabulary_lines vocabulary_lines_of(struct bytes text)
{
    return (struct vocabulary_lines){.rest = reader_of(text)};
}

/* The next line that says something. AF_NOT_FOUND (no sentence) after the last; AF_INVALID names
 * the line and what is wrong in it. */
enum status vocabulary_next_line(struct vocabulary_lines *lines, struct vocabulary_line *out,
                                 struct error *err) MUST_USE;

struct vocabulary_counts {
    uint32_t lines, phrases, rules, asking;
};

/* Is the whole of it sound, and within its limits? AF_INVALID, AF_TOO_LARGE. */
enum status vocabulary_text_check(struct bytes text, struct vocabulary_counts *out,
                                  struct error *err) MUST_USE;

#endif
