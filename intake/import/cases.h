/* cases.h: the cases in one file, whatever its form. What is made up here when the file does
 * not say it: the id, the language, and for a Markdown file in folders its category.
 *
 * Ids. Importing the same thing twice must not double it, so an id is never random. A line or
 * row without one gets "x-" and 20 hex digits of the digest of what it says. A Markdown file is
 * known by its place, "FOLDER/sub/name", so that an edited file is a new version. */
#ifndef ASKFIRST_INTAKE_IMPORT_CASES_H
#define ASKFIRST_INTAKE_IMPORT_CASES_H

#include "data/base/json.h"
#include "intake/import/files.h"

struct case_place {
    const char *file;
    uint64_t line;
    size_t bytes; /* about as many as the case has */
};

struct case_visitor {
    void *context;
    /* A valid case with id and lang, which is now the visitor's. Not AF_OK: reading ends. */
    enum status (*found)(void *context, const struct case_place *place, json_t *article,
                         struct error *err);
    /* A line of JSONL as it stands, for who calls case_line() itself; NULL: such lines are found
     * like the others. Not AF_OK: reading ends. */
    enum status (*line)(void *context, const struct case_place *place, struct bytes line,
                        struct error *err);
    /* One impersonal sentence about a line that was left out. */
    void (*refused)(void *context, const struct case_place *place, const char *reason);
    /* From time to time: bytes of this file read so far. */
    void (*moved)(void *context, uint64_t bytes);
};

/* Gives a valid case its id and language when it has none. AF_NO_MEMORY. */
enum status case_complete(json_t *article, struct error *err) MUST_USE;

/* Appends what is to be stored of one line of JSONL: a valid case with id and lang as compact
 * JSON. AF_INVALID, AF_TOO_LARGE: it is no such case, and nothing is appended. Any thread. */
enum status case_line(struct bytes line, struct buf *scratch, struct buf *out,
                      struct error *err) MUST_USE;

/* AF_OK when the end was reached, even when every line was refused. Otherwise what `found`
 * answered, or AF_IO, AF_DENIED, AF_CORRUPT (packed data broken) … with the file's name. */
enum status cases_read(const struct import_file *file, const struct case_visitor *visitor,
                       struct error *err) MUST_USE;

#endif
