/* article_impl.h: what article_put.c asks of article.c. */
#ifndef ASKFIRST_DATA_ARTICLE_IMPL_H
#define ASKFIRST_DATA_ARTICLE_IMPL_H

#include "data/article.h"

/* The texts of the cases in a command's body, one after another. False when the body does not
 * begin with the list; when there is no further case, or the text is not compact JSON. */
bool cases_begin(struct bytes body, struct reader *r);
bool cases_next(struct reader *r, struct bytes *text);

/* Makes `ref` the newest version of case `id`, and keeps it under its version. */
enum status article_save(struct txn *txn, struct bytes id, const struct article_ref *ref,
                         struct error *err) MUST_USE;

#endif
