/* text.h: what every driver reads (a corpus of tab-separated rows, questions), and how an
 * application in front of an engine would part a question into runs of one kind of writing. */
#ifndef ASKFIRST_TESTS_BENCH_TEXT_H
#define ASKFIRST_TESTS_BENCH_TEXT_H

#include "data/base/bytes.h"

#include <stdio.h>

/* A row: id TAB language TAB title TAB body. */
struct row {
    struct bytes id, title, body; /* in the line */
};
bool row_parse(struct bytes line, struct row *out);

/* Rows of a file, one at a time: memory does not grow with the corpus. */
struct rows {
    FILE *file;
    char *line;
    size_t room;
};
void rows_open(struct rows *rows, const char *path);
bool rows_next(struct rows *rows, struct row *out); /* borrowed until the next one */
void rows_close(struct rows *rows);

/* A line of the questions: class TAB id of the article it was drawn from TAB text. */
struct question {
    char *name, *source, *text;
};
struct question *questions_read(const char *path, size_t *count);
void questions_free(struct question *questions, size_t count);

/* Characters as this comparison sees them: Chinese, Japanese and Korean; of words; others. */
bool is_cjk(uint32_t c);
bool is_hangul(uint32_t c);
bool is_word(uint32_t c);

/* The text is known to be UTF-8: no checks but the end, as fast as a peer would be. */
static inline uint32_t text_next(struct reader *r)
{
    uint32_t c = *r->at++, more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

    if (more == 0)
        return c;
    c &= 0x3Fu >> more;
    while (more-- > 0 && r->at < r->end)
        c = c << 6 | (*r->at++ & 0x3Fu);
    return c;
}

/* A run: neighbouring characters that are all CJK, or all of one word. */
struct run {
    struct bytes text;
    bool cjk, han; /* han: not Hangul alone */
    unsigned chars;
};
enum { RUNS_MAX = 256 };
size_t text_runs(struct bytes text, struct run runs[RUNS_MAX]);

#endif
