/* page.h: what the compiled pages (template_gen.c) write with. Everything that is not markup of
 * a template passes one escaping function, page_put. */
#ifndef ASKFIRST_INTAKE_WEB_PAGE_H
#define ASKFIRST_INTAKE_WEB_PAGE_H

#include "data/base/arena.h"
#include "intake/app.h"
#include "intake/web/i18n.h"
#include "intake/who.h"
#include "search/search.h"

struct page {
    struct buf *out;
    struct arena *arena; /* of the request */
    enum lang lang;
    struct app *app; /* for titles of cases that are named by their id */
    struct who who;
    struct bytes path;      /* of this page, for links that change its language */
    struct bytes query;     /* the same: "q=…&c=…", without the language; encoded */
    const char *form_token; /* of a signed-in session; "" without one */
};

/* Markup from a template: written as it is. The only caller with anything else is page_marked. */
void page_markup(struct page *pg, const char *markup);
/* Any text, escaped for element content and for attributes in quotes: & < > " '. Characters
 * that HTML forbids (controls) and broken UTF-8 become U+FFFD. */
void page_put(struct page *pg, struct bytes text);
/* As one part of a path or one value of a query: all but A-Z a-z 0-9 - _ . ~ as %XX. */
void page_url(struct page *pg, struct bytes text);
void url_add(struct buf *out, struct bytes text);
/* A text of the catalog in the page's language, escaped after its places were filled. */
void page_text(struct page *pg, enum text_key key, const struct bytes *args, size_t count);
/* The same for a word that is data ("closed" of "state_"): the word itself when the catalog has
 * none. */
struct bytes page_word(struct page *pg, const char *prefix, struct bytes word);
/* The text with <mark> around what matched. */
void page_marked(struct page *pg, const struct marked_text *text);

/* Text by our own people: addresses (http, https) in it become links. Not for what customers
 * write: nobody at a desk should be one click away from an address somebody sent. */
void page_linked(struct page *pg, struct bytes text);

/* "2026-11-22 01:53 UTC": app.js shows it in the reader's own zone. */
struct bytes page_time(struct page *pg, const char *rfc3339);
/* The catalog's text as a value, for attributes built in C. */
struct bytes page_text_value(struct page *pg, enum text_key key, const struct bytes *args,
                             size_t count);

/* What {{…}} takes: texts and whole numbers. */
struct bytes text_from_bytes(struct page *pg, struct bytes value);
struct bytes text_from_str(struct page *pg, const char *value);
struct bytes text_from_i64(struct page *pg, int64_t value);
struct bytes text_from_u64(struct page *pg, uint64_t value);

#define AS_TEXT(pg, value)                                                                         \
    _Generic((value),                                                                              \
        struct bytes: text_from_bytes,                                                             \
        char *: text_from_str,                                                                     \
        const char *: text_from_str,                                                               \
        int: text_from_i64,                                                                        \
        long: text_from_i64,                                                                       \
        long long: text_from_i64,                                                                  \
        unsigned: text_from_u64,                                                                   \
        unsigned long: text_from_u64,                                                              \
        unsigned long long: text_from_u64)(pg, value)

#endif
