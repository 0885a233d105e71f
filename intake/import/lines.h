/* lines.h: a source as lines of text: bounded in length, checked to be UTF-8 without NUL.
 *
 * A bad line is reported once and passed over, so that the caller can count it and go on. A
 * byte-order mark at the start and the CR of CR LF are dropped. The last line needs no LF. */
#ifndef ASKFIRST_INTAKE_IMPORT_LINES_H
#define ASKFIRST_INTAKE_IMPORT_LINES_H

#include "data/base/buf.h"
#include "intake/import/source.h"

struct lines {
    struct source *source; /* borrowed */
    size_t line_bytes_max;
    uint64_t no;      /* of the line given last; the first is 1 */
    struct buf held;  /* read and not yet given out, from `at` on */
    size_t at;        /* start of the next line in `held` */
    bool at_end;      /* of the source */
    bool is_skipping; /* inside a line that was too long */
    bool unchecked;   /* the caller looks at each line's bytes itself */
};

void lines_init(struct lines *lines, struct source *source, size_t line_bytes_max);
void lines_release(struct lines *lines);

/* *line is borrowed until the next call. AF_NOT_FOUND (no sentence) after the last.
 * AF_INVALID, AF_TOO_LARGE: this line is bad, `lines->no` is its number; go on if you like.
 * AF_IO, AF_NO_MEMORY, AF_CORRUPT (packed data broken): over. */
enum status lines_next(struct lines *lines, struct bytes *line, struct error *err) MUST_USE;

/* Is this text ours to store? AF_INVALID says where and what to do about it. */
enum status lines_check_text(struct bytes text, struct error *err) MUST_USE;

#endif
