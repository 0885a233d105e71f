/* sqlite_driver.c: SQLite's FTS5, in one of two ways of coping with Chinese ($CONFIG):
 *
 *   seg      unicode61 over text in which the application put blanks between CJK characters;
 *            a run is a phrase of characters; prefix index; no fuzzy (spellfix1 is not packaged)
 *   trigram  tokenize='trigram': substrings; below three characters nothing is found; whole
 *            questions and slips are an OR of trigrams
 *
 * Both keep the text, rank by bm25 with the title three times, and are optimised to one segment.
 * The index is built without a journal; saves run in WAL mode with synchronous=full. */
#include "data/base/buf.h"
#include "tests/bench/driver.h"
#include "tests/bench/text.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { WAYS_MAX = 512 };

struct engine {
    struct buf path;
    sqlite3 *writer; /* for saves */
};

struct session {
    sqlite3 *db;
    sqlite3_stmt *select;
};

static bool is_trigram(void)
{
    const char *config = getenv("CONFIG");

    return config != NULL && strcmp(config, "trigram") == 0;
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        die("sqlite: %s: %s", message, sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        die("sqlite: %s: %s", sqlite3_errmsg(db), sql);
    return statement;
}

static void bind(sqlite3_stmt *statement, int place, const struct buf *text)
{
    sqlite3_bind_text(statement, place, buf_str(text), (int)text->len, SQLITE_STATIC);
}

/* Blanks on both sides of every Han and kana character. */
static void add_segmented(struct buf *b, struct bytes text)
{
    struct reader r = reader_of(text);
    bool last = false;

    while (reader_left(&r) > 0) {
        const uint8_t *start = r.at;
        uint32_t c = text_next(&r);
        bool cjk = is_cjk(c) && !is_hangul(c);

        if ((cjk || last) && b->len > 0 && b->data[b->len - 1] != ' ')
            buf_add_u8(b, ' ');
        buf_add(b, bytes_of(start, (size_t)(r.at - start)));
        last = cjk;
    }
}

static void add_prepared(struct buf *b, struct bytes text)
{
    if (is_trigram())
        buf_add(b, text);
    else
        add_segmented(b, text);
}

/* --- questions ------------------------------------------------------------------------------- */

static bool select_hits(struct session *s, const struct buf *match, struct hits *out)
{
    char id[ID_BYTES];
    int code;

    sqlite3_reset(s->select);
    bind(s->select, 1, match);
    while ((code = sqlite3_step(s->select)) == SQLITE_ROW) {
        int len =
            snprintf(id, sizeof id, "KB%07lld", (long long)sqlite3_column_int64(s->select, 0));
        hits_add(out, id, (size_t)len);
    }
    if (code != SQLITE_DONE)
        die("sqlite: %s for %s", sqlite3_errmsg(s->db), buf_str(match));
    sqlite3_reset(s->select);
    return out->count > 0;
}

/* Alternatives that a question may match by: borrowed pieces of it, each only once. */
struct ways {
    struct bytes all[WAYS_MAX];
    size_t count;
};

static void ways_add(struct ways *ways, struct bytes piece)
{
    for (size_t i = 0; i < ways->count; i++)
        if (bytes_equal(ways->all[i], piece))
            return;
    if (ways->count < WAYS_MAX)
        ways->all[ways->count++] = piece;
}

/* Every `size` neighbouring characters of a run. */
static void ways_add_grams(struct ways *ways, struct bytes text, unsigned size)
{
    const uint8_t *starts[4] = {NULL}; /* of the last `size` characters */
    struct reader r = reader_of(text);

    for (unsigned seen = 1; reader_left(&r) > 0; seen++) {
        memmove(starts, starts + 1, (size - 1) * sizeof *starts);
        starts[size - 1] = r.at;
        text_next(&r);
        if (seen >= size)
            ways_add(ways, bytes_of(starts[0], (size_t)(r.at - starts[0])));
    }
}

static void add_phrase(struct buf *b, struct bytes text)
{
    struct buf phrase = {0};

    add_prepared(&phrase, text);
    buf_add_u8(b, '"');
    buf_add(b, buf_bytes(&phrase));
    buf_add_u8(b, '"');
    buf_release(&phrase);
}

static bool any_way(struct session *s, const struct ways *ways, struct hits *out)
{
    struct buf match = {0};
    bool found;

    for (size_t i = 0; i < ways->count; i++) {
        if (i > 0)
            buf_add_str(&match, " OR ");
        add_phrase(&match, ways->all[i]);
    }
    found = select_hits(s, &match, out);
    buf_release(&match);
    return found;
}

/* Runs of three characters and more, as substrings; then the trigrams of all of them. */
static void search_trigram(struct session *s, const char *name, const struct run *runs,
                           size_t count, struct hits *out)
{
    struct buf match = {0};
    struct ways ways = {.count = 0};

    for (size_t i = 0; i < count; i++) {
        if (runs[i].chars < 3)
            continue;
        if (match.len > 0)
            buf_add_str(&match, " AND ");
        add_phrase(&match, runs[i].text);
        ways_add_grams(&ways, runs[i].text, 3);
    }
    if (match.len > 0 && (strcmp(name, "q_sent") == 0 || !select_hits(s, &match, out)))
        any_way(s, &ways, out);
    buf_release(&match);
}

/* All runs as phrases; then any of them, of a whole question any pair of characters. */
static void search_seg(struct session *s, const char *name, const struct run *runs, size_t count,
                       struct hits *out)
{
    bool sentence = strcmp(name, "q_sent") == 0, prefix = strcmp(name, "prefix") == 0;
    struct buf match = {0};
    struct ways ways = {.count = 0};

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_str(&match, " AND ");
        add_phrase(&match, runs[i].text);
        if (prefix && i + 1 == count && !runs[i].han)
            buf_add_u8(&match, '*');
        if (sentence && runs[i].han && runs[i].chars > 2)
            ways_add_grams(&ways, runs[i].text, 2);
        else
            ways_add(&ways, runs[i].text);
    }
    if (match.len > 0 && (sentence || !select_hits(s, &match, out)) && ways.count > 1)
        any_way(s, &ways, out);
    buf_release(&match);
}

static void driver_search(void *session, const char *name, const char *query, struct hits *out)
{
    struct run runs[RUNS_MAX];
    size_t count = text_runs(bytes_str(query), runs);

    if (is_trigram())
        search_trigram(session, name, runs, count, out);
    else
        search_seg(session, name, runs, count, out);
}

/* --- the driver ------------------------------------------------------------------------------ */

static sqlite3 *db_open(const char *path, int flags)
{
    sqlite3 *db;

    if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK)
        die("sqlite: %s: %s", path, sqlite3_errmsg(db));
    run(db, "pragma mmap_size=30000000000; pragma cache_size=-200000");
    return db;
}

static void put_row(sqlite3_stmt *put, const struct row *row)
{
    struct buf title = {0}, body = {0}, digits = {0};

    buf_add(&digits, bytes_of(row->id.data + 2, row->id.len - 2)); /* KB0000017 → 17 */
    add_prepared(&title, row->title);
    add_prepared(&body, row->body);
    sqlite3_bind_int64(put, 1, strtoll(buf_str(&digits), NULL, 10));
    bind(put, 2, &title);
    bind(put, 3, &body);
    if (sqlite3_step(put) != SQLITE_DONE)
        die("sqlite: a row cannot be put");
    sqlite3_reset(put);
    buf_release(&title);
    buf_release(&body);
    buf_release(&digits);
}

static void create_table(sqlite3 *db)
{
    run(db, "pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-500000");
    run(db, is_trigram() ? "create virtual table ft using fts5(title, body, tokenize='trigram')"
                         : "create virtual table ft using fts5(title, body, tokenize='unicode61', "
                           "prefix='2 3')");
    run(db, "insert into ft(ft, rank) values('rank', 'bm25(3.0, 1.0)')");
    run(db, "insert into ft(ft, rank) values('hashsize', 67108864)");
}

static void driver_build(const char *dir, const char *corpus, struct built *out)
{
    struct buf path = {0};
    struct rows rows;
    struct row row;
    sqlite3_stmt *put;
    sqlite3 *db;

    buf_printf(&path, "%s/fts.db", dir);
    db = db_open(buf_str(&path), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    create_table(db);
    run(db, "begin");
    put = prepare(db, "insert into ft(rowid, title, body) values(?, ?, ?)");
    rows_open(&rows, corpus);
    while (rows_next(&rows, &row)) {
        put_row(put, &row);
        out->docs++;
    }
    rows_close(&rows);
    sqlite3_finalize(put);
    run(db, "commit");
    run(db, "pragma synchronous=full; insert into ft(ft) values('optimize')");
    sqlite3_close(db);
    buf_release(&path);
}

static void *driver_open(const char *dir, bool write)
{
    struct engine *e = calloc(1, sizeof *e);

    if (e == NULL)
        die("sqlite: no memory");
    buf_printf(&e->path, "%s/fts.db", dir);
    if (write) {
        e->writer = db_open(buf_str(&e->path), SQLITE_OPEN_READWRITE);
        run(e->writer, "pragma journal_mode=wal; pragma synchronous=full");
    }
    return e;
}

static void *driver_session(void *engine)
{
    struct engine *e = engine;
    struct session *s = calloc(1, sizeof *s);

    if (s == NULL)
        die("sqlite: no memory");
    s->db = db_open(buf_str(&e->path), e->writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    s->select = prepare(s->db, "select rowid from ft where ft match ?1 order by rank limit 10");
    return s;
}

static void driver_save(void *engine, const char *article)
{
    struct engine *e = engine;
    sqlite3_stmt *put = prepare(e->writer, "insert or replace into ft(rowid, title, body) "
                                           "values(?, ?, ?)");
    struct row row;

    if (!row_parse(bytes_str(article), &row))
        die("sqlite: an article has too few fields");
    put_row(put, &row);
    sqlite3_finalize(put);
}

static void driver_close(void *engine)
{
    struct engine *e = engine;

    sqlite3_close(e->writer);
    buf_release(&e->path);
    free(e);
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
