/* article_view.h: a case looked at in its text: each known member is a range of bytes in it.
 *
 * For what sees every case (indexing, import, applying). Nothing is parsed into a tree, nothing
 * is allocated a case, and nothing is copied until somebody asks for a text. The ranges are
 * borrowed: from a view of a stored case until its transaction ends or its arena is cleared.
 *
 *   {"id":"NH-1","lang":"zh-Hans","title":"…","keywords":["a","b"],"mine":{…}}
 *         ^^^^^^ of[ARTICLE_ID]                ^^^^^^^^^ of[ARTICLE_KEYWORDS]   (unknown: nowhere)
 *
 * The text is compact JSON (data/base/jsontext.h), as everything in the journal is. */
#ifndef ASKFIRST_DATA_ARTICLE_VIEW_H
#define ASKFIRST_DATA_ARTICLE_VIEW_H

#include "data/article.h"
#include "data/base/jsontext.h"

enum article_member {
    ARTICLE_ID,
    ARTICLE_LANG,
    ARTICLE_TITLE,
    ARTICLE_PRODUCT,
    ARTICLE_CATEGORY,
    ARTICLE_SYMPTOM,
    ARTICLE_CAUSE,
    ARTICLE_RESOLUTION,
    ARTICLE_ADVICE,
    ARTICLE_TEXT,
    ARTICLE_KEYWORDS,
    ARTICLE_ERROR_CODE,
    ARTICLE_ENVIRONMENT,
    ARTICLE_STATE,
    ARTICLE_AUDIENCE,
    ARTICLE_AUTHOR,
    ARTICLE_SOURCE,
    ARTICLE_LICENCE,
    ARTICLE_CREATED,
    ARTICLE_UPDATED,
    ARTICLE_MEMBER_COUNT
};
/* The member's name in JSON. */
const char *article_member_name(enum article_member member);

struct article_view {
    struct bytes text;                     /* the whole case */
    struct bytes of[ARTICLE_MEMBER_COUNT]; /* JSON text of the value; data NULL: absent */
};

/* False when the text is no object in compact JSON. */
bool article_view_of(struct bytes text, struct article_view *out) MUST_USE;

/* A member that is a string: borrowed from the text, or from `scratch` (cleared first) when it
 * has escapes. "" when it is absent or something else. */
struct bytes article_view_str(const struct article_view *view, enum article_member member,
                              struct buf *scratch);
/* Appends what a member says that may be a string or a list of strings: those that are not
 * empty, a line feed before each but what would stand at offset `start` of `out`. */
void article_view_add(const struct article_view *view, enum article_member member, size_t start,
                      struct buf *out);

/* As article_is_findable() and article_audience(). */
bool article_view_is_findable(const struct article_view *view);
enum audience article_view_audience(const struct article_view *view);

/* Does it pass article_validate(), and has it an id and a language? False also when that cannot
 * be told from here: then a tree tells, with a sentence. */
bool article_view_is_sound(const struct article_view *view, struct buf *scratch);
/* article_print() of a case in compact text, which may be what is in `view`. */
enum status article_view_print(const struct article_view *view, struct buf *scratch,
                               uint64_t *print, struct error *err) MUST_USE;

/* The cases inside one journal entry, in order: how the index follows the journal. Calls `each`
 * for every case of entry `seq` that is the newest version of itself; entries of other commands
 * have none. The view lasts until `txn` ends or its arena is cleared. */
typedef enum status (*article_view_fn)(void *context, const struct article_ref *ref,
                                       const struct article_view *view, struct error *err);
enum status article_view_entry(struct txn *txn, uint64_t seq, article_view_fn each, void *context,
                               struct error *err) MUST_USE;
/* The same of a line in hand, which entry `seq` is or is becoming in `txn`. The view lasts as long
 * as the line. */
enum status article_view_line(struct txn *txn, uint64_t seq, struct bytes line,
                              article_view_fn each, void *context, struct error *err) MUST_USE;

#endif
