/* products.h: the products that cases are about, for the pickers of the pages.
 *
 * Read from the index and kept for a few seconds: a new product shows soon, and a page view
 * costs nothing. */
#ifndef ASKFIRST_INTAKE_PRODUCTS_H
#define ASKFIRST_INTAKE_PRODUCTS_H

#include "data/store.h"
#include "indexer/index.h"

#define PRODUCTS_MAX 200       /* a longer list is no picker; the commonest are kept */
#define PRODUCTS_KEEP_MS 10000 /* how old the list may be */

struct products; /* shared by all threads */

enum status products_new(struct products **out, struct error *err) MUST_USE;
void products_free(struct products *products); /* accepts NULL */

/* Names with cases that `audience` may see, commonest first; everything lives in `arena`. */
enum status products_list(struct products *products, struct store *store, struct index *index,
                          uint8_t audience, struct arena *arena, const struct bytes **names,
                          size_t *count, struct error *err) MUST_USE;

#endif
