/* sniff.h: what a file is, by its bytes. What its sender declares and what it is called are never
 * asked: a browser, too, goes by the bytes when it may.
 *
 * The signatures are those of the WHATWG MIME Sniffing Standard (§6, §7.1), which is what browsers
 * do, and those of what support desks are sent besides: captures, dumps, office files, archives.
 * Content that is text from end to end is text, whatever it is written in.
 *
 * Not libmagic: it knows 10,000 types where we need to tell 60, takes 1 to 2.4 ms for a text (this:
 * the time to look at each byte once), 9 MB of memory a thread, and parses hostile bytes with a
 * history of repairs. tests/intake/attachment/sniff_test holds us to it. */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_SNIFF_H
#define ASKFIRST_INTAKE_ATTACHMENT_SNIFF_H

#include "data/base/bytes.h"

enum file_kind {
    FILE_IMAGE,
    FILE_DOCUMENT, /* PDF, office */
    FILE_TEXT,     /* logs, configurations, CSV, JSON, scripts */
    FILE_MARKUP,   /* HTML, SVG, XML: kept, but never shown as such */
    FILE_ARCHIVE,
    FILE_CAPTURE, /* packets, memory and event dumps */
    FILE_MEDIA,   /* sound and video */
    FILE_DATA,    /* none of the others */
    FILE_PROGRAM, /* runs, or installs something, when it is opened */
};

struct file_type {
    const char *name; /* "image/png" */
    enum file_kind kind;
    const char *ending; /* for a file without a name: "png" */
    bool is_shown;      /* a browser may show it on a page: pictures that cannot hold scripts */
};

#define SNIFF_BYTES                                                                                \
    4096 /* of the beginning; "ustar" stands at 257, names in a zip a little later */

struct sniffer {
    uint8_t head[SNIFF_BYTES];
    size_t len;      /* of `head` */
    bool has_binary; /* anywhere: a byte that no text has */
};

/* Zeroed: nothing yet. In pieces of any length, in order. */
void sniff_add(struct sniffer *sniffer, struct bytes piece);
/* Never NULL; points to the table. */
const struct file_type *sniff_type(const struct sniffer *sniffer);

/* The type of that name; NULL: none of ours. */
const struct file_type *file_type_named(const char *name);

#endif
