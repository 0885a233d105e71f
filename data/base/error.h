/* error.h: a code for the program to branch on, a sentence for a person to act on.
 *
 * Every call that can fail returns a `status` and takes `struct error *err` last.
 * On AF_OK `err` is untouched; otherwise it holds one impersonal sentence that says
 * what is wrong, where, and (when there is something) what to do. `err` may be NULL
 * where only the code matters. A failed call leaves its outputs as they were. */
#ifndef ASKFIRST_DATA_BASE_ERROR_H
#define ASKFIRST_DATA_BASE_ERROR_H

enum status {
    AF_OK = 0,
    AF_NOT_FOUND, /* what was named does not exist (or may not be seen) */
    AF_INVALID,   /* the person's input; the sentence names the field */
    AF_CONFLICT,  /* legal alone, but not in the present state or version */
    AF_CHANGED,   /* it was to be version n, and is another: nothing was done */
    AF_DENIED,    /* known who asks, not allowed */
    AF_TOO_LARGE, /* a named limit (limits.h) was passed */
    AF_CORRUPT,   /* stored bytes are damaged; names table and key */
    AF_NEWER,     /* the store was written by a newer program */
    AF_BUSY,      /* somebody else holds it; trying later may work */
    AF_FULL,      /* no room on the disk or in the map */
    AF_IO,        /* the machine failed us */
    AF_NO_MEMORY,
    AF_STATUS_COUNT
};

#define ERROR_TEXT_MAX 240 /* one sentence; longer ones are cut at a character */

struct error {
    enum status status;
    char text[ERROR_TEXT_MAX];
};

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Writes the sentence and hands `status` back, so that a failing branch is one line. */
enum status error_set(struct error *err, enum status status, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Puts "what: " before the sentence that is there, for a caller who knows more of where. */
enum status error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The stable word of a status, as used in JSON and problem types: "not-found", "invalid", … */
const char *status_name(enum status status);

#endif
