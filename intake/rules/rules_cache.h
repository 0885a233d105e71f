/* rules_cache.h: the rules as they were last read, for the next to ask: every change of a ticket
 * does, and parsing them cost a third of opening one.
 *
 * What is kept is known by the count and sum of table rules, which each transaction has read
 * already: as long as they are the same, so are the documents. Those are shared by whoever asked
 * (jansson counts references atomically) and changed by nobody. */
#ifndef ASKFIRST_INTAKE_RULES_RULES_CACHE_H
#define ASKFIRST_INTAKE_RULES_RULES_CACHE_H

#include "data/store.h"

struct rules;
struct rules_cache; /* shared by all threads */

enum status rules_cache_new(struct rules_cache **out, struct error *err) MUST_USE;
void rules_cache_free(struct rules_cache *cache); /* accepts NULL */

/* As rules_load (rules.h): the caller releases *out. */
enum status rules_cache_load(struct rules_cache *cache, struct txn *txn, struct rules *out,
                             struct error *err) MUST_USE;

#endif
