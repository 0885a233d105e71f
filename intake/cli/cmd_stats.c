#include "intake/cli/commands.h"

#include "intake/cli/out.h"

#include "data/article_view.h"
#include "data/journal.h"
#include "data/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* --- cases by language and product -------------------------------------------------------- */

struct counting {
    json_t *langs, *products; /* borrowed */
    struct buf word;
    uint64_t findable, versions;
};

static void count_word(json_t *counts, const char *word, bool *ok)
{
    json_int_t n = json_integer_value(json_object_get(counts, word));

    json_put(counts, word, json_integer(n + 1), ok);
}

/* The first of what may be a list: as article_first(). */
static const char *first_text(const struct article_view *view, enum article_member member,
                              struct buf *out)
{
    struct bytes value = view->of[member];
    struct reader r;

    buf_clear(out);
    if (jsontext_enter(value, '[', &r) && jsontext_element(&r, &value) != JSONTEXT_VALUE)
        return "";
    if (jsontext_is_string(value))
        jsontext_unescape(value, out);
    return buf_str(out);
}

static enum status count_one(void *context, const struct article_ref *ref,
                             const struct article_view *view, struct error *err)
{
    struct counting *counting = context;
    bool ok = true;

    count_word(counting->langs, first_text(view, ARTICLE_LANG, &counting->word), &ok);
    count_word(counting->products, first_text(view, ARTICLE_PRODUCT, &counting->word), &ok);
    counting->findable += article_view_is_findable(view);
    counting->versions += ref->version;
    return ok && buf_ok(&counting->word) ? AF_OK
                                         : error_set(err, AF_NO_MEMORY, "no memory to count");
}

/* Reads every case once: there is no table of counts, and a library is read in seconds. By
 * entry and not by case, since a stored entry holds many and is unpacked as a whole. */
static enum status count_cases(struct txn *txn, struct counting *counting, struct error *err)
{
    struct journal_head head;
    enum status status = journal_head(txn, &head, err);

    for (uint64_t seq = 1; status == AF_OK && seq <= head.seq; seq++) {
        arena_clear(txn_arena(txn));
        status = article_view_entry(txn, seq, count_one, counting, err);
    }
    return status;
}

static enum status put_cases(struct txn *txn, json_t *stats, struct error *err)
{
    json_t *cases = json_object(), *langs = json_object(), *products = json_object();
    struct counting counting = {.langs = langs, .products = products};
    bool ok = cases != NULL && langs != NULL && products != NULL;
    enum status status =
        ok ? count_cases(txn, &counting, err) : error_set(err, AF_NO_MEMORY, "no memory to count");

    buf_release(&counting.word);
    json_put(cases, "total", json_integer((json_int_t)store_sum(txn, TABLE_ARTICLE).count), &ok);
    json_put(cases, "versions", json_integer((json_int_t)counting.versions), &ok);
    json_put(cases, "findable", json_integer((json_int_t)counting.findable), &ok);
    json_put(cases, "by_lang", langs, &ok);
    json_put(cases, "by_product", products, &ok);
    json_put(stats, "cases", cases, &ok);
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory to count");
    return status;
}

/* --- journal, ledger, tables -------------------------------------------------------------- */

static enum status put_chains(struct txn *txn, json_t *stats, struct error *err)
{
    struct journal_head journal;
    struct ledger_head ledger;
    char hex[DIGEST_HEX_BYTES];
    bool ok = true;
    enum status status = journal_head(txn, &journal, err);

    if (status == AF_OK)
        status = ledger_head(txn, &ledger, err);
    if (status != AF_OK)
        return status;
    digest_hex(&journal.hash, hex);
    json_put(stats, "consults", json_integer((json_int_t)store_sum(txn, TABLE_CONSULT).count), &ok);
    json_put(stats, "tickets", json_integer((json_int_t)store_sum(txn, TABLE_TICKET).count), &ok);
    json_put(stats, "journal", json_pack("{s:I,s:s}", "seq", (json_int_t)journal.seq, "head", hex),
             &ok);
    digest_hex(&ledger.hash, hex);
    json_put(stats, "ledger",
             json_pack("{s:I,s:s}", "entries", (json_int_t)ledger.seq, "head", hex), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory to count");
}

/* --- bytes -------------------------------------------------------------------------------- */

static uint64_t file_bytes(const char *dir, const char *name)
{
    struct buf path = {0};
    struct stat st;
    uint64_t bytes = 0;

    buf_printf(&path, "%s/%s", dir, name);
    if (buf_ok(&path) && stat(buf_str(&path), &st) == 0)
        bytes = (uint64_t)st.st_size;
    buf_release(&path);
    return bytes;
}

/* LMDB's numbers about the whole file: pages up to the last one ever used, of which those not
 * in a table any more are free for the next write. */
static void put_store_bytes(const struct env *env, uint64_t bytes, json_t *stats, bool *ok)
{
    MDB_envinfo info = {0};
    MDB_stat stat = {0};
    json_t *store = json_object();

    (void)mdb_env_info(env->mdb, &info);
    (void)mdb_env_stat(env->mdb, &stat);
    json_put(store, "bytes", json_integer((json_int_t)bytes), ok);
    json_put(store, "page_bytes", json_integer((json_int_t)stat.ms_psize), ok);
    json_put(store, "pages", json_integer((json_int_t)info.me_last_pgno + 1), ok);
    json_put(store, "readers", json_integer((json_int_t)info.me_numreaders), ok);
    json_put(store, "last_txn", json_integer((json_int_t)info.me_last_txnid), ok);
    json_put(stats, "store", store, ok);
}

static json_t *index_json(const struct app *app, const char *file, const struct index_stats *index)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "bytes",
                     (json_int_t)file_bytes(app_dir(app), file), "segment_bytes",
                     (json_int_t)index->bytes, "segments", (json_int_t)index->segments, "docs",
                     (json_int_t)index->docs, "deleted", (json_int_t)index->deleted, "terms",
                     (json_int_t)index->terms, "covers_seq", (json_int_t)index->covers_seq);
}

static enum status put_parts(struct app *app, json_t *stats, struct error *err)
{
    struct index_stats index, tickets;
    struct index *of_tickets;
    bool ok = true;
    enum status status = index_stats(app_index(app), &index, err);

    if (status == AF_OK)
        status = ticket_index_get(app_tickets(app), &of_tickets, err);
    if (status == AF_OK)
        status = index_stats(of_tickets, &tickets, err);
    if (status != AF_OK)
        return status;
    put_store_bytes(store_env(app_store(app)), file_bytes(app_dir(app), "store/data.mdb"), stats,
                    &ok);
    json_put(stats, "index", index_json(app, "index/data.mdb", &index), &ok);
    json_put(stats, "index_tickets", index_json(app, "index-tickets/data.mdb", &tickets), &ok);
    json_put(stats, "reserve_bytes", json_integer((json_int_t)file_bytes(app_dir(app), "reserve")),
             &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory to count");
}

/* --- for people --------------------------------------------------------------------------- */

struct count {
    const char *word;
    json_int_t n;
};

/* Larger first; among equals by name, so that the order is always the same. */
static int by_count(const void *a, const void *b)
{
    const struct count *one = a, *other = b;

    return one->n != other->n ? (one->n < other->n) - (one->n > other->n)
                              : strcmp(one->word, other->word);
}

#define COUNTS_SHOWN 20 /* a library has thousands of products; --json gives all */

static void print_counts(struct buf *out, const json_t *counts)
{
    size_t all = json_object_size(counts), i = 0;
    struct count *rows = calloc(all + 1, sizeof rows[0]);
    const char *word;
    const json_t *count;

    if (rows == NULL)
        return;
    json_object_foreach((json_t *)(uintptr_t)counts, word, count)
    {
        rows[i++] = (struct count){word, json_integer_value(count)};
    }
    qsort(rows, all, sizeof rows[0], by_count);
    for (i = 0; i < all && i < COUNTS_SHOWN; i++) {
        buf_printf(out, "  %8lld  ", (long long)rows[i].n);
        out_add_plain(out, rows[i].word[0] == '\0' ? BYTES_LIT("(none)") : bytes_str(rows[i].word));
        buf_add_u8(out, '\n');
    }
    if (all > COUNTS_SHOWN)
        buf_printf(out, "            … and %zu more\n", all - COUNTS_SHOWN);
    free(rows);
}

static void print_index(struct buf *out, const char *label, const json_t *index, const char *what)
{
    buf_printf(out, "%s  %.1f MiB, %llu segments, %llu %s, %llu terms, up to entry %llu\n", label,
               (double)json_get_u64(index, "bytes") / 1048576,
               (unsigned long long)json_get_u64(index, "segments"),
               (unsigned long long)json_get_u64(index, "docs"), what,
               (unsigned long long)json_get_u64(index, "terms"),
               (unsigned long long)json_get_u64(index, "covers_seq"));
}

static void print_stats(const struct app *app, const json_t *stats)
{
    const json_t *cases = json_object_get(stats, "cases");
    const json_t *journal = json_object_get(stats, "journal");
    struct buf out = {0};

    buf_printf(&out, "folder    %s\ncases     %llu (%llu versions, %llu findable)\n", app_dir(app),
               (unsigned long long)json_get_u64(cases, "total"),
               (unsigned long long)json_get_u64(cases, "versions"),
               (unsigned long long)json_get_u64(cases, "findable"));
    buf_add_str(&out, "by language\n");
    print_counts(&out, json_object_get(cases, "by_lang"));
    buf_add_str(&out, "by product\n");
    print_counts(&out, json_object_get(cases, "by_product"));
    buf_printf(&out, "consults  %llu\ntickets   %llu\nledger    %llu entries\n",
               (unsigned long long)json_get_u64(stats, "consults"),
               (unsigned long long)json_get_u64(stats, "tickets"),
               (unsigned long long)json_get_u64(json_object_get(stats, "ledger"), "entries"));
    buf_printf(&out, "journal   %llu entries, head %s\n",
               (unsigned long long)json_get_u64(journal, "seq"), json_get_str(journal, "head"));
    buf_printf(&out, "store     %.1f MiB, and %.1f MiB kept free for a full disk\n",
               (double)json_get_u64(json_object_get(stats, "store"), "bytes") / 1048576,
               (double)json_get_u64(stats, "reserve_bytes") / 1048576);
    print_index(&out, "index   ", json_object_get(stats, "index"), "cases");
    if (json_get_u64(stats, "tickets") > 0)
        print_index(&out, " tickets", json_object_get(stats, "index_tickets"), "tickets");
    (void)out_print(&out);
    buf_release(&out);
}

static enum status gather(struct app *app, json_t *stats, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = put_cases(txn, stats, err)) == AF_OK)
        status = put_chains(txn, stats, err);
    txn_abort(txn);
    return status == AF_OK ? put_parts(app, stats, err) : status;
}

static enum status show_stats(struct cli_work *work, struct error *err)
{
    json_t *stats = json_object();
    enum status status = stats != NULL ? gather(work->app, stats, err)
                                       : error_set(err, AF_NO_MEMORY, "no memory to count");

    if (status == AF_OK && work->cli->json)
        work->code = out_json(json_incref(stats));
    else if (status == AF_OK)
        print_stats(work->app, stats);
    json_decref(stats);
    return status;
}

static int run(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, show_stats);
}

const struct cli_command cmd_stats = {
    .name = "stats",
    .args = "",
    .summary = "Count what is stored, and the bytes of each part",
    .details = "",
    .run = run,
};
