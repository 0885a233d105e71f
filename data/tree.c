#include "data/tree.h"

#include "data/base/hash.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PLACE_PAGE 0x200u /* of checksums: below are those of framed values */

static uint64_t page_sum(const struct pages *pages, uint64_t number)
{
    const struct bytes page = bytes_of(pages_get(pages, number), pages->page_bytes);

    return checksum64(PLACE_PAGE, &page, 1);
}

static enum status damaged(struct error *err)
{
    return error_set(err, AF_CORRUPT, "a page of its tree is damaged");
}

/* --- describing --- */

struct description {
    const struct pages *pages;
    struct buf numbers; /* u64 of the machine */
    uint64_t entries;
};

static enum status note_page(void *context, uint64_t number, struct error *err)
{
    struct description *d = context;

    buf_add(&d->numbers, bytes_of(&number, sizeof number));
    return buf_status(&d->numbers, "the pages of a tree", err);
}

static enum status note_node(void *context, const struct page_node *node, struct error *err)
{
    struct description *d = context;

    d->entries++;
    return (node->flags & NODE_RECORD) != 0 ? damaged(err) : AF_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

enum status tree_describe(const struct pages *pages, uint64_t root, struct buf *out,
                          struct error *err)
{
    struct description d = {.pages = pages};
    const struct pages_visitor visitor = {note_page, note_node, &d};
    enum status status = pages_walk(pages, root, &visitor, err);
    size_t count = d.numbers.len / 8;
    uint64_t before = 0, number;

    if (status == AF_OK && count > 0)
        qsort(d.numbers.data, count, 8, compare_numbers);
    buf_add_varint(out, root);
    buf_add_varint(out, d.entries);
    buf_add_varint(out, count);
    for (size_t i = 0; status == AF_OK && i < count; i++) {
        memcpy(&number, d.numbers.data + i * 8, 8);
        if (i > 0 && number == before)
            status = damaged(err);
        buf_add_varint(out, number - before);
        buf_add_be64(out, page_sum(pages, number));
        before = number;
    }
    buf_release(&d.numbers);
    return status == AF_OK ? buf_status(out, "the pages of a tree", err) : status;
}

/* --- reading one --- */

struct described {
    uint64_t number, sum;
};

struct tree {
    struct pages pages;
    uint64_t root, entries, first; /* first: the lowest page */
    size_t count;
    struct described *described; /* rising */
    _Atomic uint64_t *seen;      /* a bit a page, from `first` on: those that were looked at */
};

static bool decode(struct reader r, struct tree *tree)
{
    uint64_t number = 0, gap, sum;

    for (size_t i = 0; i < tree->count; i++) {
        if (!reader_varint64(&r, &gap) || !reader_be64(&r, &sum) ||
            gap > tree->pages.count - number || (i > 0 && gap == 0))
            return false;
        number += gap;
        tree->described[i] = (struct described){number, sum};
    }
    tree->first = tree->count > 0 ? tree->described[0].number : 0;
    return reader_left(&r) == 0;
}

static size_t seen_words(const struct tree *tree)
{
    return tree->count == 0 ? 1 : (tree->described[tree->count - 1].number - tree->first) / 64 + 1;
}

static enum status fill(struct tree *tree, struct bytes description, struct error *err)
{
    struct reader r = reader_of(description);
    uint64_t count;

    if (!reader_varint64(&r, &tree->root) || !reader_varint64(&r, &tree->entries) ||
        !reader_varint64(&r, &count) || count > reader_left(&r) / 9)
        return error_set(err, AF_CORRUPT, "the description of its tree is damaged");
    tree->count = (size_t)count;
    tree->described = malloc(tree->count * sizeof tree->described[0] + 1);
    if (tree->described == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the pages of a tree");
    if (!decode(r, tree))
        return error_set(err, AF_CORRUPT, "the description of its tree is damaged");
    tree->seen = calloc(seen_words(tree), sizeof tree->seen[0]);
    return tree->seen != NULL ? AF_OK
                              : error_set(err, AF_NO_MEMORY, "no memory for the pages of a tree");
}

enum status tree_new(const struct pages *pages, struct bytes description, struct tree **out,
                     struct error *err)
{
    struct tree *tree = calloc(1, sizeof *tree);
    enum status status;

    if (tree == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the pages of a tree");
    tree->pages = *pages;
    status = fill(tree, description, err);
    if (status == AF_OK)
        *out = tree;
    else
        tree_free(tree);
    return status;
}

void tree_free(struct tree *tree)
{
    if (tree == NULL)
        return;
    free(tree->described);
    free(tree->seen);
    free(tree);
}

uint64_t tree_root(const struct tree *tree)
{
    return tree->root;
}

uint64_t tree_entries(const struct tree *tree)
{
    return tree->entries;
}

static const struct described *find_described(const struct tree *tree, uint64_t number)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tree->described[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < tree->count && tree->described[low].number == number ? &tree->described[low]
                                                                      : NULL;
}

static bool is_as_described(const struct tree *tree, const struct described *page)
{
    return page->number < tree->pages.count && page_sum(&tree->pages, page->number) == page->sum &&
           pages_is_sound(&tree->pages, page->number);
}

/* NULL: it is not what it was, or none of this tree. Two threads may look at once. */
static const uint8_t *get_page(const struct tree *tree, uint64_t number)
{
    uint64_t place = number - tree->first, bit = UINT64_C(1) << place % 64;
    const struct described *page;

    if (tree->count == 0 || number < tree->first ||
        number > tree->described[tree->count - 1].number)
        return NULL;
    if ((atomic_load_explicit(&tree->seen[place / 64], memory_order_relaxed) & bit) == 0) {
        page = find_described(tree, number);
        if (page == NULL || !is_as_described(tree, page))
            return NULL;
        (void)atomic_fetch_or_explicit(&tree->seen[place / 64], bit, memory_order_relaxed);
    }
    return pages_get(&tree->pages, number);
}

/* --- finding --- */

struct path {
    unsigned depth;
    struct step {
        const uint8_t *page;
        int at; /* -1: before the first */
    } steps[PAGES_DEPTH_MAX];
};

static int last_up_to(const uint8_t *page, struct bytes key)
{
    int low = page_is_leaf(page) ? 0 : 1, high = (int)page_count(page);

    while (low < high) { /* the first one above */
        int middle = low + (high - low) / 2;

        if (bytes_compare(page_key(page, (unsigned)middle), key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

enum way { TO_KEY, TO_FIRST, TO_LAST };

static enum status descend(const struct tree *tree, uint64_t number, enum way way, struct bytes key,
                           struct path *path, struct error *err)
{
    while (path->depth < PAGES_DEPTH_MAX) {
        const uint8_t *page = get_page(tree, number);
        struct step *step = &path->steps[path->depth++];

        if (page == NULL)
            return damaged(err);
        step->page = page;
        step->at = way == TO_KEY     ? last_up_to(page, key)
                   : way == TO_FIRST ? 0
                                     : (int)page_count(page) - 1;
        if (page_is_leaf(page))
            return AF_OK;
        number = page_child(page, (unsigned)step->at);
    }
    return damaged(err);
}

/* To the end of the leaf before, or the beginning of the one after. */
static enum status step_aside(const struct tree *tree, int by, struct path *path, bool *found,
                              struct error *err)
{
    path->depth--;
    while (path->depth > 0) {
        struct step *step = &path->steps[path->depth - 1];

        step->at += by;
        if (step->at >= 0 && step->at < (int)page_count(step->page)) {
            *found = true;
            return descend(tree, page_child(step->page, (unsigned)step->at),
                           by < 0 ? TO_LAST : TO_FIRST, BYTES_NONE, path, err);
        }
        path->depth--;
    }
    *found = false;
    return AF_OK;
}

enum status tree_find(const struct tree *tree, enum tree_find how, struct bytes key,
                      struct bytes *at, struct bytes *value, bool *found, struct error *err)
{
    struct path path;
    struct page_node node;
    struct step *leaf;
    enum status status;

    path.depth = 0;
    *found = tree->root != PAGES_NONE;
    if (!*found)
        return AF_OK;
    status = descend(tree, tree->root, TO_KEY, key, &path, err);
    if (status != AF_OK)
        return status;
    leaf = &path.steps[path.depth - 1];
    if (how == TREE_AFTER && ++leaf->at == (int)page_count(leaf->page))
        status = step_aside(tree, 1, &path, found, err);
    else if (how == TREE_FLOOR && leaf->at < 0)
        status = step_aside(tree, -1, &path, found, err);
    else
        *found = leaf->at >= 0;
    if (status != AF_OK || !*found)
        return status;
    leaf = &path.steps[path.depth - 1];
    page_node(&tree->pages, leaf->page, (unsigned)leaf->at, &node);
    *found = how != TREE_EXACT || bytes_equal(node.key, key);
    *at = node.key;
    *value = node.value;
    return AF_OK;
}

/* --- all of it --- */

struct verifying {
    const struct tree *tree;
    size_t pages;
};

static enum status verify_page(void *context, uint64_t number, struct error *err)
{
    struct verifying *verifying = context;
    const struct described *page = find_described(verifying->tree, number);

    verifying->pages++;
    return page != NULL && is_as_described(verifying->tree, page) ? AF_OK : damaged(err);
}

static enum status verify_node(void *context, const struct page_node *node, struct error *err)
{
    const struct verifying *verifying = context;

    return node->page == 0 || pages_is_overflow(&verifying->tree->pages, node) ? AF_OK
                                                                               : damaged(err);
}

enum status tree_verify(const struct tree *tree, struct error *err)
{
    struct verifying verifying = {.tree = tree};
    const struct pages_visitor visitor = {verify_page, verify_node, &verifying};
    enum status status = pages_walk(&tree->pages, tree->root, &visitor, err);

    return status == AF_OK && verifying.pages != tree->count ? damaged(err) : status;
}
