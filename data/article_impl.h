/* article_impl.h: what article_put.c asks of article.c. */
#ifndef ASKFIRST_DATA_ARTICLE_IMPL_H
#define ASKFIRST_DATA_ARTICLE_IMPL_H

#include "data/article.h"

/* The texts of the cases in a command's body, one after another. False when the body does not
 * begin with the list; when there is no further case, or the text is not compact JSON. */
bool cases_begin(struct bytes body, struct reader *r);
bool cases_next(struct reader *r, struct bytes *text);

/* Makes `ref` the newest version of case `id`, and keeps `old`, which was the newest until now;
 * NULL: there was none. */
enum status article_save(struct txn *txn, struct bytes id, const struct article_ref *ref,
                         const struct article_ref *old, struct error *err) MUST_USE;

/* A version in table case_version: one that is not the newest any more. (A store made by a
 * program before format 2 has the newest of old cases there too.) AF_NOT_FOUND: no sentence. */
enum status article_find_kept(struct txn *txn, struct bytes id, uint32_t version,
                              struct article_ref *out, struct error *err) MUST_USE;

#endif
