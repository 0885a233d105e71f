/* ident.h: words, numbers, identifiers, codes, versions, addresses in folded alphabetic text.
 *
 * What it finds is a chunk: runs of letters and digits ("components") held together by joiners
 * (- _ . / \ : @ # +). It says what kind the chunk is and what its parts are; what to index of
 * it is latin.c's affair. Examples:
 *
 *     router            IDENT_WORD        HG8245H, ORA-00942, v7.5.1   IDENT_CODE
 *     8080              IDENT_NUMBER      C++, F#                      IDENT_CODE
 *     wi-fi, node.js    IDENT_COMPOUND    user@x.cn, https://a.b/c     IDENT_ADDRESS */
#ifndef ASKFIRST_INDEXER_TEXT_IDENT_H
#define ASKFIRST_INDEXER_TEXT_IDENT_H

#include "data/base/bytes.h"
#include "indexer/text/fold.h"

enum ident_kind {
    IDENT_WORD,     /* letters */
    IDENT_NUMBER,   /* digits */
    IDENT_COMPOUND, /* letters and joiners, no digit */
    IDENT_CODE,     /* at least one digit beside letters or joiners, or a name like C++ */
    IDENT_ADDRESS,  /* URL, e-mail, Windows path: whole, never parts below three characters */
};

enum ident_joiner {
    JOINER_HYPHEN = 1,     /* - */
    JOINER_UNDERSCORE = 2, /* _ */
    JOINER_DOT = 4,        /* . */
    JOINER_OTHER = 8,      /* / \ : @ # + */
};

struct ident {
    size_t start, end; /* bytes of the folded text */
    enum ident_kind kind;
    unsigned joiners; /* enum ident_joiner */
    uint32_t components, characters;
};

struct ident_range {
    size_t start, end;
};

/* The chunk that begins with the letter or digit at `at`. */
void ident_scan(struct bytes folded, size_t at, struct ident *out);

/* The next component from *at on, inside the chunk; false at its end. */
bool ident_component(struct bytes folded, const struct ident *ident, size_t *at,
                     struct ident_range *out);

/* Parts of one component: at changes between letters and digits and at inner capitals of the
 * text as it was typed; 0x is taken off; a component that changes more often than product
 * names do is one part. At most `parts_max`. */
unsigned ident_parts(const struct folded *folded, struct bytes text, struct ident_range component,
                     struct ident_range *parts, unsigned parts_max);

/* Does the component have an inner capital (WiFi, HTTPServer; not PCs)? */
bool ident_is_camel(const struct folded *folded, struct bytes text, struct ident_range component);

/* Noise in a pasted log: time stamp, IP or MAC address, GUID, hex dump, memory address, process
 * id or line number (by what stands before it). */
bool ident_is_volatile(struct bytes folded, const struct ident *ident);

#endif
