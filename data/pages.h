/* pages.h: the pages of an LMDB file, looked at without LMDB, which follows a bit of its own pages
 * without looking: a damaged one ends the process, or hides a key.
 *
 * LMDB 0.9, 64 bit; numbers in the machine's order:
 *
 *   0        8    10      12      14      16
 *   | number | 0 0 | flags | lower | upper | offsets u16 … free … nodes |   branch 1, leaf 2
 *   | number | 0 0 | flags | pages u32     | one value                  |   overflow 4
 *
 *   node   | low u16 | high u16 | flags u16 | key bytes u16 | key | value |
 *     of a leaf: low and high are the value's length; flag 1: it is in overflow pages, whose first
 *                number stands here; flag 2: it is the record of a named database
 *     of a branch: with the flags they are the number of the page below, whose least key this is
 *                (of the first node: none)
 *
 *   record | pad u32 | flags u16 | depth u16 | pages u64 × 3 | entries u64 | root u64 |
 */
#ifndef ASKFIRST_DATA_PAGES_H
#define ASKFIRST_DATA_PAGES_H

#include "data/base/bytes.h"
#include "data/base/error.h"

#define PAGES_DEPTH_MAX 32    /* LMDB's own limit */
#define PAGES_NONE UINT64_MAX /* the root of an empty tree */
#define PAGES_HEADER_BYTES 16
#define PAGES_RECORD_BYTES 48

/* A mapped file; `count` pages of it are in use. Borrowed. */
struct pages {
    const uint8_t *at;
    uint64_t count;
    uint32_t page_bytes;
};

/* Of a page that pages_is_sound() said yes to. */
struct page_node {
    struct bytes key, value; /* no value in a branch */
    uint64_t page;           /* below; or the first of overflow pages; 0: the value is here */
    uint16_t flags;
};
enum { NODE_OVERFLOW = 1, NODE_RECORD = 2 };

/* A branch or leaf that says that it is page `number`, with all its nodes inside it and all pages
 * that they name inside the file. */
bool pages_is_sound(const struct pages *pages, uint64_t number);
static inline const uint8_t *pages_get(const struct pages *pages, uint64_t number)
{
    return pages->at + number * pages->page_bytes;
}

bool page_is_leaf(const uint8_t *page);
unsigned page_count(const uint8_t *page); /* of its nodes */
struct bytes page_key(const uint8_t *page, unsigned i);
uint64_t page_child(const uint8_t *page, unsigned i); /* of a branch */
void page_node(const struct pages *pages, const uint8_t *page, unsigned i, struct page_node *out);

/* How many overflow pages a value of so many bytes has. */
uint64_t pages_overflow(const struct pages *pages, size_t len);
/* Do the overflow pages of a node begin like those of its value? */
bool pages_is_overflow(const struct pages *pages, const struct page_node *node);

/* Called for every branch and leaf, parents first, and for every node of a leaf; either may be
 * NULL. What is not AF_OK ends the walk. */
struct pages_visitor {
    enum status (*page)(void *context, uint64_t number, struct error *err);
    enum status (*node)(void *context, const struct page_node *node, struct error *err);
    void *context;
};
/* AF_CORRUPT for a page that is not sound, or more of them than there can be. */
enum status pages_walk(const struct pages *pages, uint64_t root,
                       const struct pages_visitor *visitor, struct error *err) MUST_USE;

/* The root in a named database's record; false when the record is none of ours. */
bool pages_root(struct bytes record, uint64_t *root);

#endif
