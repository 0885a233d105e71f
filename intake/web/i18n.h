/* i18n.h: the texts of the pages in four languages, and which language a person reads.
 *
 * The texts are in i18n/LANG.json, one flat object a language; i18n_gen.c checks them against
 * each other and makes a C table, so a missing text fails the build and not a page. A text may
 * hold {0} to {9}. A count chooses its form by "key.one" and "key.other" (CLDR plural rules:
 * of our languages only English has "one"); the count is always {0}. */
#ifndef ASKFIRST_INTAKE_WEB_I18N_H
#define ASKFIRST_INTAKE_WEB_I18N_H

#include "data/base/buf.h"
#include "data/base/bytes.h"
#include "intake/web/i18n_keys.h" /* made by i18n_gen.c: enum text_key { T_ask_title, … } */

enum lang { LANG_ZH_HANS, LANG_ZH_HANT, LANG_EN, LANG_JA, LANG_COUNT };

struct text {
    const char *one; /* NULL: the same as `other` */
    const char *other;
};
extern const struct text text_table[TEXT_COUNT][LANG_COUNT];
extern const char *const text_key_names[TEXT_COUNT];

/* "zh-Hans": the tag for lang attributes. */
const char *lang_tag(enum lang lang);
/* The language's name in itself: "简体中文". */
const char *lang_name(enum lang lang);

/* A language tag (BCP 47) as the one of ours that its reader reads: zh-TW is zh-Hant, en-GB is
 * en. False for a language that is none of ours. */
bool lang_of_tag(struct bytes tag, enum lang *out);
/* The best of an Accept-Language header (RFC 9110 §12.5.4); LANG_EN when none of ours is in it
 * or nothing is said. */
enum lang lang_accept(struct bytes header);

/* The text with its places filled; the first argument decides the plural when the text has
 * two forms. Not escaped: page.h does that. */
void text_fill(struct buf *out, enum lang lang, enum text_key key, const struct bytes *args,
               size_t count);

/* The key of that name ("state_closed"), for words that come from the store as data; false
 * when there is none. */
bool text_find(const char *name, enum text_key *out);

#endif
