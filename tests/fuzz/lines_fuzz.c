/* A file as lines, whatever packing it claims: lines are text within the limit, numbers rise, and
 * no more memory is held than a line and what is read ahead. */
#include "tests/fuzz/fuzz.h"

#include "intake/import/lines.h"

#define LINE_MAX_BYTES 300
#define HELD_MAX ((size_t)512 << 10)
#define LINES_MAX 20000 /* packed data makes many of few bytes */

static void check_line(const struct lines *lines, struct bytes line)
{
    ENSURE(line.len <= LINE_MAX_BYTES && fuzz_is_utf8(line));
    ENSURE(line.len == 0 || memchr(line.data, '\n', line.len) == NULL);
    ENSURE(lines->held.room <= HELD_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source *source;
    struct lines lines;
    struct error err = {.status = AF_OK};
    enum status status = AF_OK;
    uint64_t no = 0;

    ENSURE_OK(source_open(fuzz_file(bytes_of(data, size)), &source, &err));
    lines_init(&lines, source, LINE_MAX_BYTES);
    while (lines.no < LINES_MAX) {
        struct bytes line;

        status = lines_next(&lines, &line, &err);
        if (status == AF_NOT_FOUND)
            break;
        if (status == AF_OK)
            check_line(&lines, line);
        else
            ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE) | KIND(AF_CORRUPT));
        if (status == AF_CORRUPT)
            break;
        ENSURE(lines.no > no);
        no = lines.no;
    }
    ENSURE(source_taken(source) <= size);
    lines_release(&lines);
    source_close(source);
    return 0;
}
