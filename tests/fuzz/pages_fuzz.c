/* Pages of an LMDB file that are read without LMDB: a sound one has all its nodes inside it, a walk
 * of any tree ends, and a tree that was described gives what is inside the file, or AF_CORRUPT once
 * a byte of it is another.
 *
 *     | root u8 | at u16 | flip u8 | key | pages of PAGE bytes | */
#include "tests/fuzz/fuzz.h"

#include "data/tree.h"

#include <stdlib.h>

enum { PAGE = 128, COUNT_MAX = 64 };

static void check_page(const struct pages *pages, uint64_t number)
{
    const uint8_t *page = pages_get(pages, number);
    struct bytes whole = bytes_of(page, PAGE);

    if (!pages_is_sound(pages, number))
        return;
    for (unsigned i = 0; i < page_count(page); i++) {
        struct page_node node;

        if (!page_is_leaf(page)) {
            ENSURE(i == 0 || fuzz_is_inside(page_key(page, i), whole));
            ENSURE(page_child(page, i) < pages->count);
            continue;
        }
        page_node(pages, page, i, &node);
        ENSURE(fuzz_is_inside(node.key, whole) && bytes_equal(node.key, page_key(page, i)));
        ENSURE(fuzz_is_inside(node.value, bytes_of(pages->at, pages->count * PAGE)));
        if (node.page != 0)
            (void)pages_is_overflow(pages, &node);
    }
}

struct answer {
    enum status status;
    bool found;
    struct bytes at, value;
};

static void ask(const struct pages *pages, struct bytes description, struct bytes key,
                struct answer answers[3])
{
    struct bytes file = bytes_of(pages->at, pages->count * PAGE);
    struct tree *tree;
    struct error err;

    ENSURE_OK(tree_new(pages, description, &tree, &err));
    for (int how = TREE_EXACT; how <= TREE_AFTER; how++) {
        struct answer *a = &answers[how];

        a->status = tree_find(tree, (enum tree_find)how, key, &a->at, &a->value, &a->found, &err);
        if (a->status != AF_OK)
            ensure_refusal(a->status, &err, KIND(AF_CORRUPT));
        else if (a->found)
            ENSURE(fuzz_is_inside(a->at, file) && fuzz_is_inside(a->value, file));
    }
    if (tree_verify(tree, &err) != AF_OK)
        ensure_refusal(err.status, &err, KIND(AF_CORRUPT));
    tree_free(tree);
}

/* The same answers, or damage: never another answer. */
static void check_tree(const struct pages *pages, uint8_t *bytes, uint64_t root, struct bytes key,
                       uint32_t at, uint8_t flip)
{
    struct answer before[3], after[3];
    struct buf description = {0};
    struct error err;
    enum status status = tree_describe(pages, root, &description, &err);

    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
        buf_release(&description);
        return;
    }
    ask(pages, buf_bytes(&description), key, before);
    bytes[at % (pages->count * PAGE)] ^= flip;
    ask(pages, buf_bytes(&description), key, after);
    for (int how = TREE_EXACT; how <= TREE_AFTER; how++)
        ENSURE(after[how].status != AF_OK || before[how].status != AF_OK ||
               (after[how].found == before[how].found &&
                (!after[how].found || after[how].at.data == before[how].at.data)));
    buf_release(&description);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    uint8_t root = take_u8(&r), flip;
    uint32_t at = take_u32(&r, 2);
    struct pages pages = {.page_bytes = PAGE};
    struct bytes key;
    struct error err;
    uint8_t *bytes;

    flip = take_u8(&r);
    key = take_bytes(&r, 60);
    pages.count = reader_left(&r) / PAGE < COUNT_MAX ? reader_left(&r) / PAGE : COUNT_MAX;
    if (pages.count == 0)
        return 0;
    bytes = malloc(pages.count * PAGE);
    ENSURE(bytes != NULL);
    memcpy(bytes, r.at, pages.count * PAGE);
    pages.at = bytes;
    for (uint64_t i = 0; i < pages.count; i++) {
        const struct pages_visitor none = {NULL, NULL, NULL};

        check_page(&pages, i);
        if (pages_walk(&pages, i, &none, &err) != AF_OK)
            ensure_refusal(err.status, &err, KIND(AF_CORRUPT));
    }
    check_tree(&pages, bytes, root % pages.count, key, at, flip);
    free(bytes);
    return 0;
}
