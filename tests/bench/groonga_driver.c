/* groonga_driver.c: libgroonga 13 in this process, as a careful user would set it up for Chinese,
 * Japanese, Korean and slips: a hash table of cases, one lexicon of bigrams with positions behind
 * NormalizerNFKC130, indexes made at the end (the fast, "offline" way), tf-idf with the title three
 * times. Runs of a question are ANDed as phrases; when nothing is found, fuzzy_search on words of
 * four letters and more; then OR. Whole questions go to similar search (*S).
 *
 * Not comparable: its scores have no length normalisation, those of fuzzy_search no relevance. */
#include "data/base/buf.h"
#include "tests/bench/driver.h"
#include "tests/bench/text.h"

#include <ctype.h>
#include <groonga.h>
#include <stdlib.h>

#define MATCH_COLUMNS " --match_columns \"scorer_tf_idf(title)*3||scorer_tf_idf(body)\""

enum { FUZZY_LETTERS_MIN = 4 };

struct engine {
    grn_obj *db, *table, *title, *body;
    grn_ctx *ctx; /* of the thread that opened it */
};

/* A context is one thread's; the database is shared (two handles of it in a process crash). */
struct session {
    grn_ctx *ctx;
    struct buf command, reply;
};

static void check(grn_ctx *ctx, const char *what)
{
    if (ctx->rc != GRN_SUCCESS)
        die("groonga: %s: %s", what, ctx->errbuf);
}

static void run(grn_ctx *ctx, const struct buf *command, struct buf *reply)
{
    int flags;
    char *part;
    unsigned len;

    buf_clear(reply);
    grn_ctx_send(ctx, buf_str(command), (unsigned)command->len, 0);
    do {
        grn_ctx_recv(ctx, &part, &len, &flags);
        buf_add(reply, bytes_of(part, len));
    } while (flags & GRN_CTX_MORE);
}

static void run_text(grn_ctx *ctx, const char *text)
{
    struct buf command = {0}, reply = {0};

    buf_add_str(&command, text);
    run(ctx, &command, &reply);
    check(ctx, text);
    buf_release(&command);
    buf_release(&reply);
}

/* --- questions ------------------------------------------------------------------------------- */

/* In quotes, for groonga's query language or as an argument of a command. */
static void add_quoted(struct buf *b, struct bytes text)
{
    buf_add_u8(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buf_add_u8(b, '\\');
        buf_add_u8(b, text.data[i]);
    }
    buf_add_u8(b, '"');
}

/* True when something was found. Ids begin with KB; nothing else of the reply does. */
static bool select_hits(struct session *s, const char *how, const struct buf *argument,
                        struct hits *out)
{
    const char *at;

    buf_clear(&s->command);
    buf_printf(&s->command, "select Docs%s", how);
    add_quoted(&s->command, buf_bytes(argument));
    buf_add_str(&s->command, " --output_columns _key --sort_keys -_score --limit 10"
                             " --output_type tsv --cache no");
    run(s->ctx, &s->command, &s->reply);
    for (at = buf_str(&s->reply); (at = strstr(at, "KB")) != NULL;) {
        size_t len = 2;

        while (isalnum((unsigned char)at[len]))
            len++;
        hits_add(out, at, len);
        at += len;
    }
    return out->count > 0;
}

static void similar(struct session *s, const char *query, struct hits *out)
{
    struct buf plain = {0}, argument = {0};

    for (; *query != '\0'; query++)
        if (*query != '"' && *query != '\\')
            buf_add_u8(&plain, (uint8_t)*query);
    buf_add_str(&argument, "*S");
    add_quoted(&argument, buf_bytes(&plain));
    select_hits(s, MATCH_COLUMNS " --query ", &argument, out);
    buf_release(&plain);
    buf_release(&argument);
}

static bool joined(struct session *s, const struct run *runs, size_t count, bool prefix,
                   const char *joint, struct hits *out)
{
    struct buf query = {0};
    bool found;

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_str(&query, joint);
        if (prefix && i + 1 == count && !runs[i].cjk) {
            buf_add(&query, runs[i].text);
            buf_add_u8(&query, '*');
        } else {
            add_quoted(&query, runs[i].text);
        }
    }
    found = select_hits(s, MATCH_COLUMNS " --query ", &query, out);
    buf_release(&query);
    return found;
}

static bool is_correctable(const struct run *run)
{
    return !run->cjk && run->chars >= FUZZY_LETTERS_MIN;
}

static void add_fuzzy(struct buf *filter, const char *column, const struct run *run)
{
    buf_printf(filter, "fuzzy_search(%s,\"", column);
    for (size_t i = 0; i < run->text.len; i++)
        buf_add_u8(filter, (uint8_t)tolower(run->text.data[i]));
    buf_add_str(filter,
                "\", {\"max_distance\":1,\"prefix_length\":1,\"with_transposition\":true})");
}

/* Every word of four letters and more may have one slip. */
static bool fuzzy(struct session *s, const struct run *runs, size_t count, struct hits *out)
{
    struct buf filter = {0};
    bool found = false, any = false;

    for (size_t i = 0; i < count; i++) {
        buf_add_str(&filter, i > 0 ? " && (" : "(");
        if (is_correctable(&runs[i])) {
            add_fuzzy(&filter, "title", &runs[i]);
            buf_add_str(&filter, " || ");
            add_fuzzy(&filter, "body", &runs[i]);
            any = true;
        } else {
            buf_add_str(&filter, "title @ ");
            add_quoted(&filter, runs[i].text);
            buf_add_str(&filter, " || body @ ");
            add_quoted(&filter, runs[i].text);
        }
        buf_add_u8(&filter, ')');
    }
    if (any)
        found = select_hits(s, " --filter ", &filter, out);
    buf_release(&filter);
    return found;
}

static void driver_search(void *session, const char *name, const char *query, struct hits *out)
{
    struct session *s = session;
    struct run runs[RUNS_MAX];
    size_t count;

    if (strcmp(name, "q_sent") == 0) {
        similar(s, query, out);
        return;
    }
    count = text_runs(bytes_str(query), runs);
    if (count == 0 || joined(s, runs, count, strcmp(name, "prefix") == 0, " ", out) ||
        fuzzy(s, runs, count, out))
        return;
    if (count > 1)
        joined(s, runs, count, false, " OR ", out);
}

/* --- the driver ------------------------------------------------------------------------------ */

static struct engine *engine_new(const char *dir, bool create)
{
    struct engine *e = calloc(1, sizeof *e);
    struct buf path = {0};

    if (e == NULL)
        die("groonga: no memory");
    grn_init();
    grn_default_logger_set_max_level(GRN_LOG_ERROR);
    grn_set_default_match_escalation_threshold(0);
    e->ctx = grn_ctx_open(0);
    buf_printf(&path, "%s/db", dir);
    e->db =
        create ? grn_db_create(e->ctx, buf_str(&path), NULL) : grn_db_open(e->ctx, buf_str(&path));
    check(e->ctx, "opening");
    buf_release(&path);
    return e;
}

static void get_columns(struct engine *e)
{
    e->table = grn_ctx_get(e->ctx, "Docs", -1);
    e->title = grn_ctx_get(e->ctx, "Docs.title", -1);
    e->body = grn_ctx_get(e->ctx, "Docs.body", -1);
}

static void set_text(grn_ctx *ctx, grn_obj *column, grn_id id, struct bytes text)
{
    grn_obj value;

    GRN_TEXT_INIT(&value, GRN_OBJ_DO_SHALLOW_COPY);
    GRN_TEXT_SET_REF(&value, text.data, text.len);
    grn_obj_set_value(ctx, column, id, &value, GRN_OBJ_SET);
}

static void put_row(struct engine *e, const struct row *row)
{
    grn_id id = grn_table_add(e->ctx, e->table, row->id.data, (unsigned)row->id.len, NULL);

    set_text(e->ctx, e->title, id, row->title);
    set_text(e->ctx, e->body, id, row->body);
}

static void driver_close(void *engine)
{
    struct engine *e = engine;

    grn_obj_close(e->ctx, e->db);
    grn_ctx_close(e->ctx);
    free(e);
}

static void driver_build(const char *dir, const char *corpus, struct built *out)
{
    struct engine *e = engine_new(dir, true);
    struct rows rows;
    struct row row;

    run_text(e->ctx, "table_create Docs TABLE_HASH_KEY ShortText");
    run_text(e->ctx, "column_create Docs title COLUMN_SCALAR Text");
    run_text(e->ctx, "column_create Docs body COLUMN_SCALAR Text");
    run_text(e->ctx, "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram "
                     "--normalizer NormalizerNFKC130");
    get_columns(e);
    rows_open(&rows, corpus);
    while (rows_next(&rows, &row)) {
        put_row(e, &row);
        out->docs++;
    }
    rows_close(&rows);
    run_text(e->ctx, "column_create Terms title_idx COLUMN_INDEX|WITH_POSITION Docs title");
    run_text(e->ctx, "column_create Terms body_idx COLUMN_INDEX|WITH_POSITION Docs body");
    run_text(e->ctx, "io_flush");
    driver_close(e);
}

static void *driver_open(const char *dir, bool write)
{
    struct engine *e = engine_new(dir, false);

    if (write)
        get_columns(e);
    return e;
}

static void *driver_session(void *engine)
{
    struct engine *e = engine;
    struct session *s = calloc(1, sizeof *s);

    if (s == NULL)
        die("groonga: no memory");
    s->ctx = grn_ctx_open(0);
    grn_ctx_use(s->ctx, e->db);
    return s;
}

/* There is no durable commit short of flushing what was touched. */
static void driver_save(void *engine, const char *article)
{
    struct engine *e = engine;
    struct row row;

    if (!row_parse(bytes_str(article), &row))
        die("groonga: an article has too few fields");
    put_row(e, &row);
    run_text(e->ctx, "io_flush --target_name Docs");
    run_text(e->ctx, "io_flush --target_name Terms");
}

int main(int argc, char **argv)
{
    static const struct driver driver = {
        .build = driver_build,
        .open = driver_open,
        .session = driver_session,
        .search = driver_search,
        .save = driver_save,
        .close = driver_close,
    };

    return driver_main(&driver, argc, argv);
}
