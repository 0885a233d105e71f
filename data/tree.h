/* tree.h: a named database that is not written any more, read by its pages and proved by them.
 *
 * LMDB keeps no checksums and trusts its own pages: a flipped bit there ends the process, hides a
 * key, or leads to what was there long ago. So whoever has finished a database describes it, and
 * keeps the description under a checksum of its own:
 *
 *   | root | entries | pages | pages × page number less the one before, checksum u64 be |
 *
 * Numbers are varints; pages are the branches and leaves, in rising order. Whoever reads it looks
 * at each page once before following it. What is found is what was written there, and what is not
 * found was not. Values in pages of their own are not looked at: they have frames (frame.h). */
#ifndef ASKFIRST_DATA_TREE_H
#define ASKFIRST_DATA_TREE_H

#include "data/base/buf.h"
#include "data/pages.h"

/* The description of the tree at `root`, appended to `out`. It must have been committed. */
enum status tree_describe(const struct pages *pages, uint64_t root, struct buf *out,
                          struct error *err) MUST_USE;

struct tree; /* several threads may read one */

/* AF_CORRUPT when it is no description. `pages` must stay mapped. */
enum status tree_new(const struct pages *pages, struct bytes description, struct tree **out,
                     struct error *err) MUST_USE;
void tree_free(struct tree *tree); /* accepts NULL */
uint64_t tree_root(const struct tree *tree);
uint64_t tree_entries(const struct tree *tree);

/* The entry of a key, the greatest that is not above it, the least that is. Borrowed from the
 * pages. AF_CORRUPT when a page on the way is not what it was. */
enum tree_find { TREE_EXACT, TREE_FLOOR, TREE_AFTER };
enum status tree_find(const struct tree *tree, enum tree_find how, struct bytes key,
                      struct bytes *at, struct bytes *value, bool *found,
                      struct error *err) MUST_USE;

/* Looks at every page, also those that were looked at, and at how the pages of long values begin:
 * for who copies the tree, gives its pages back or checks it. */
enum status tree_verify(const struct tree *tree, struct error *err) MUST_USE;

#endif
