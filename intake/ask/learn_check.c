/* Is what cases have learned what the ledger tells? It is told once more, into memory. */
#include "intake/ask/learn.h"

#include "data/article.h"

#include <stdlib.h>

struct page {
    struct buf id, record;
};

/* Pages in the order of their ids, which is the table's. */
struct notebook {
    struct page *pages;
    uint32_t count, room;
    uint16_t today;
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory to check what was learned");
}

static uint32_t place_of(const struct notebook *book, struct bytes id)
{
    uint32_t low = 0, high = book->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (bytes_compare(buf_bytes(&book->pages[middle].id), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_page(const struct notebook *book, uint32_t at, struct bytes id)
{
    return at < book->count && bytes_equal(buf_bytes(&book->pages[at].id), id);
}

static enum status book_read(void *context, struct bytes case_id, struct learned *out,
                             struct error *err)
{
    struct notebook *book = context;
    uint32_t at = place_of(book, case_id);

    (void)err;
    out->seq = 0;
    out->openers_count = out->questions_count = 0;
    if (has_page(book, at, case_id))
        (void)learned_decode(buf_bytes(&book->pages[at].record), out);
    return AF_OK;
}

static bool insert(struct notebook *book, uint32_t at, struct bytes id)
{
    if (book->count == book->room) {
        uint32_t room = book->room == 0 ? 64 : book->room * 2;
        struct page *pages = realloc(book->pages, room * sizeof *pages);

        if (pages == NULL)
            return false;
        book->pages = pages;
        book->room = room;
    }
    memmove(book->pages + at + 1, book->pages + at, (book->count - at) * sizeof *book->pages);
    book->count++;
    book->pages[at] = (struct page){{0}, {0}};
    buf_add(&book->pages[at].id, id);
    return buf_ok(&book->pages[at].id);
}

static enum status book_write(void *context, struct bytes case_id, struct learned *learned,
                              bool changed, uint64_t seq, struct error *err)
{
    struct notebook *book = context;
    uint32_t at = place_of(book, case_id);
    uint16_t day = learned_newest(learned);

    if (!has_page(book, at, case_id) && !insert(book, at, case_id))
        return no_memory(err);
    if (changed)
        learned->seq = seq;
    book->today = day > book->today ? day : book->today;
    buf_clear(&book->pages[at].record);
    learned_encode(learned, &book->pages[at].record);
    return buf_ok(&book->pages[at].record) ? AF_OK : no_memory(err);
}

static enum status book_forget(void *context, uint64_t voter, uint64_t seq, struct error *err)
{
    struct notebook *book = context;
    struct learned *learned = malloc(sizeof *learned);
    enum status status = learned != NULL ? AF_OK : no_memory(err);

    for (uint32_t i = 0; status == AF_OK && i < book->count; i++)
        if (learned_decode(buf_bytes(&book->pages[i].record), learned) &&
            learned_forget(learned, voter))
            status = book_write(book, buf_bytes(&book->pages[i].id), learned, true, seq, err);
    free(learned);
    return status;
}

static void release(struct notebook *book)
{
    for (uint32_t i = 0; i < book->count; i++) {
        buf_release(&book->pages[i].id);
        buf_release(&book->pages[i].record);
    }
    free(book->pages);
}

/* --- comparing ------------------------------------------------------------------------------ */

struct comparing {
    struct txn *txn;
    fault_fn fault;
    void *context;
    uint32_t seen;    /* pages that the table has */
    uint64_t changes; /* of them, those with a row in learned_at */
};

static void say(const struct comparing *c, struct bytes key, const char *what)
{
    struct error sentence;

    (void)error_set(&sentence, AF_CORRUPT, "damaged: table learned, key %.*s: %s",
                    (int)(key.len < 80 ? key.len : 80), (const char *)key.data, what);
    c->fault(c->context, sentence.text);
}

/* The row of the command that last changed it, which the index looks for. */
static enum status check_change(struct comparing *c, struct bytes id, uint64_t seq,
                                struct error *err)
{
    uint32_t no = 0;
    bool found = true;
    enum status status = AF_OK;

    if (seq == 0)
        return AF_OK;
    c->changes++;
    while (status == AF_OK && found) {
        struct bytes of;

        status = learned_next_at(c->txn, seq, &no, &found, err);
        if (status == AF_OK && found && article_id_of(c->txn, no, &of, NULL) == AF_OK &&
            bytes_equal(of, id))
            return AF_OK;
    }
    if (status == AF_OK)
        say(c, id, "table learned_at has no row for its last change");
    return status;
}

static enum status check_row(struct comparing *c, const struct notebook *book, struct bytes key,
                             struct bytes body, struct error *err)
{
    uint32_t at = place_of(book, key);
    struct reader r = reader_of(body);
    uint64_t ledger_seq, voter, seq = 0;

    if (learned_is_forgotten(key, &ledger_seq, &voter))
        return AF_OK;
    if (key.len == 1 && key.data[0] == 0) {
        if (body.len != 2 || (body.data[0] << 8 | body.data[1]) != book->today)
            say(c, BYTES_LIT("0"), "its newest day is not that of the ledger");
        return AF_OK;
    }
    if (!has_page(book, at, key) || !bytes_equal(body, buf_bytes(&book->pages[at].record)))
        say(c, key, "not what the ledger tells");
    c->seen += has_page(book, at, key);
    (void)reader_be64(&r, &seq);
    return check_change(c, key, seq, err);
}

static enum status compare(struct comparing *c, const struct notebook *book, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    enum status status = cursor_open(c->txn, TABLE_LEARNED, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK)
        if ((status = check_row(c, book, key, body, err)) != AF_OK)
            break;
    cursor_close(cursor);
    if (status != AF_NOT_FOUND)
        return status;
    if (c->seen < book->count)
        say(c, BYTES_LIT("?"), "a case is missing that the ledger tells of");
    if (c->changes != store_sum(c->txn, TABLE_LEARNED_AT).count)
        say(c, BYTES_LIT("?"), "table learned_at has other rows than its cases");
    return AF_OK;
}

enum status learn_check(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct comparing c = {.txn = txn, .fault = fault, .context = context};
    struct notebook notebook = {.count = 0};
    const struct learn_book book = {&notebook, book_read, book_write, book_forget};
    struct error why = {0};
    enum status status;

    if (learned_is_empty(txn))
        return AF_OK; /* nothing was used, or not since this table is kept */
    status = learn_all(txn, &book, &why);
    if (status == AF_OK)
        status = compare(&c, &notebook, &why);
    release(&notebook);
    if (status == AF_NO_MEMORY)
        return error_set(err, status, "%s", why.text);
    if (status != AF_OK) /* a damaged record, which its own table's check named too */
        fault(context, why.text);
    return AF_OK;
}
