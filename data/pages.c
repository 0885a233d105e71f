#include "data/pages.h"

enum { BRANCH = 1, LEAF = 2, OVERFLOW = 4 };
enum { NODE_HEADER = 8, FLAGS_AT = 10, LOWER_AT = 12, UPPER_AT = 14, RUN_AT = 12 };

static uint16_t u16_at(const uint8_t *at)
{
    uint16_t v;

    memcpy(&v, at, 2);
    return v;
}

static uint32_t u32_at(const uint8_t *at)
{
    uint32_t v;

    memcpy(&v, at, 4);
    return v;
}

static uint64_t u64_at(const uint8_t *at)
{
    uint64_t v;

    memcpy(&v, at, 8);
    return v;
}

/* --- a page that is known to be sound --- */

bool page_is_leaf(const uint8_t *page)
{
    return u16_at(page + FLAGS_AT) == LEAF;
}

unsigned page_count(const uint8_t *page)
{
    return (u16_at(page + LOWER_AT) - PAGES_HEADER_BYTES) / 2u;
}

static const uint8_t *node_at(const uint8_t *page, unsigned i)
{
    return page + u16_at(page + PAGES_HEADER_BYTES + (size_t)i * 2);
}

static uint32_t node_number(const uint8_t *node)
{
    return u16_at(node) | (uint32_t)u16_at(node + 2) << 16;
}

struct bytes page_key(const uint8_t *page, unsigned i)
{
    const uint8_t *node = node_at(page, i);

    return bytes_of(node + NODE_HEADER, u16_at(node + 6));
}

uint64_t page_child(const uint8_t *page, unsigned i)
{
    const uint8_t *node = node_at(page, i);

    return node_number(node) | (uint64_t)u16_at(node + 4) << 32;
}

void page_node(const struct pages *pages, const uint8_t *page, unsigned i, struct page_node *out)
{
    const uint8_t *node = node_at(page, i), *value;

    *out = (struct page_node){.key = page_key(page, i), .flags = u16_at(node + 4)};
    if (!page_is_leaf(page)) {
        out->page = page_child(page, i);
        return;
    }
    value = out->key.data + out->key.len;
    if ((out->flags & NODE_OVERFLOW) != 0) {
        out->page = u64_at(value);
        value = pages_get(pages, out->page) + PAGES_HEADER_BYTES;
    }
    out->value = bytes_of(value, node_number(node));
}

/* --- one that is not yet --- */

uint64_t pages_overflow(const struct pages *pages, size_t len)
{
    return ((uint64_t)len + PAGES_HEADER_BYTES + pages->page_bytes - 1) / pages->page_bytes;
}

static bool is_inside(const struct pages *pages, uint64_t number, uint64_t count)
{
    return number >= 2 && count <= pages->count && number <= pages->count - count;
}

static bool is_node_sound(const struct pages *pages, const uint8_t *page, unsigned i)
{
    size_t at = u16_at(page + PAGES_HEADER_BYTES + (size_t)i * 2), room, len;
    const uint8_t *node = page + at;
    uint16_t flags;

    if (at < u16_at(page + UPPER_AT) || at + NODE_HEADER > pages->page_bytes)
        return false;
    room = pages->page_bytes - at - NODE_HEADER;
    if (u16_at(node + 6) > room)
        return false;
    if (!page_is_leaf(page))
        return is_inside(pages, page_child(page, i), 1);
    flags = u16_at(node + 4);
    room -= u16_at(node + 6);
    len = node_number(node);
    if (flags == NODE_OVERFLOW)
        return room >= 8 && is_inside(pages, u64_at(node + NODE_HEADER + u16_at(node + 6)),
                                      pages_overflow(pages, len));
    return len <= room && (flags == 0 || (flags == NODE_RECORD && len == PAGES_RECORD_BYTES));
}

bool pages_is_sound(const struct pages *pages, uint64_t number)
{
    const uint8_t *page;
    unsigned lower, upper, flags, count;

    if (!is_inside(pages, number, 1))
        return false;
    page = pages_get(pages, number);
    flags = u16_at(page + FLAGS_AT);
    lower = u16_at(page + LOWER_AT);
    upper = u16_at(page + UPPER_AT);
    if (u64_at(page) != number || (flags != BRANCH && flags != LEAF) ||
        lower <= PAGES_HEADER_BYTES || lower % 2 != 0 || lower > upper || upper > pages->page_bytes)
        return false;
    count = page_count(page);
    for (unsigned i = 0; i < count; i++)
        if (!is_node_sound(pages, page, i))
            return false;
    return true;
}

bool pages_is_overflow(const struct pages *pages, const struct page_node *node)
{
    const uint8_t *page = pages_get(pages, node->page);

    return u64_at(page) == node->page && u16_at(page + FLAGS_AT) == OVERFLOW &&
           u32_at(page + RUN_AT) == pages_overflow(pages, node->value.len);
}

/* --- all of them --- */

struct walk {
    const struct pages *pages;
    const struct pages_visitor *visitor;
    uint64_t visited;
    unsigned depth;
    struct {
        const uint8_t *page;
        unsigned next;
    } path[PAGES_DEPTH_MAX];
};

static enum status damaged(struct error *err)
{
    return error_set(err, AF_CORRUPT, "a page of its tree is damaged");
}

static enum status visit_leaf(const struct walk *walk, const uint8_t *page, struct error *err)
{
    const struct pages_visitor *visitor = walk->visitor;
    unsigned count = page_count(page);
    enum status status = AF_OK;

    for (unsigned i = 0; visitor->node != NULL && status == AF_OK && i < count; i++) {
        struct page_node node;

        page_node(walk->pages, page, i, &node);
        status = visitor->node(visitor->context, &node, err);
    }
    return status;
}

static enum status enter(struct walk *walk, uint64_t number, struct error *err)
{
    const struct pages_visitor *visitor = walk->visitor;
    const uint8_t *page = pages_get(walk->pages, number);
    enum status status = AF_OK;

    if (walk->depth == PAGES_DEPTH_MAX || walk->visited++ == walk->pages->count ||
        !pages_is_sound(walk->pages, number))
        return damaged(err);
    if (visitor->page != NULL)
        status = visitor->page(visitor->context, number, err);
    if (status == AF_OK && page_is_leaf(page))
        return visit_leaf(walk, page, err);
    walk->path[walk->depth].page = page;
    walk->path[walk->depth++].next = 0;
    return status;
}

enum status pages_walk(const struct pages *pages, uint64_t root,
                       const struct pages_visitor *visitor, struct error *err)
{
    struct walk walk = {.pages = pages, .visitor = visitor};
    enum status status = root == PAGES_NONE ? AF_OK : enter(&walk, root, err);

    while (status == AF_OK && walk.depth > 0) {
        const uint8_t *page = walk.path[walk.depth - 1].page;
        unsigned i = walk.path[walk.depth - 1].next++;

        if (i < page_count(page))
            status = enter(&walk, page_child(page, i), err);
        else
            walk.depth--;
    }
    return status;
}

bool pages_root(struct bytes record, uint64_t *root)
{
    if (record.len != PAGES_RECORD_BYTES || u16_at(record.data + 4) != 0)
        return false;
    *root = u64_at(record.data + 40);
    return true;
}
