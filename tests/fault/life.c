#include "tests/fault/life.h"

#include "tests/harness.h"

#include "data/article.h"
#include "data/backup.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/check.h"
#include "data/dump.h"
#include "indexer/index_impl.h"
#include "search/search.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

const char *const life_names[LIFE_SCRIPTS] = {
    "begin", "save", "flush", "bulk", "compact", "rebuild", "look", "check", "backup",
};

static const struct command_kind life_kinds[] = {
    {.name = "case.put",          .schema = 1, .apply = article_apply_put},
    {.name = NULL},
};

/* Too far from each other to be taken for slips or forms of one another. */
static const char *const words[] = {"amaranth",  "bulldozer", "chrysalis",
                                    "dromedary", "fluorspar", "gyroscope"};
enum { WORDS = sizeof words / sizeof words[0] };

/* --- what a version says ---------------------------------------------------------------------- */

static bool has_word(uint32_t i, uint32_t version, uint32_t word)
{
    return (i * 7 + version * 5 + word * 3) % 4 == 0;
}

static bool is_archived(uint32_t i, uint32_t version)
{
    return (i + version * 3) % 7 == 6;
}

/* NULL without memory. */
static json_t *text_of(uint32_t i, uint32_t version)
{
    struct buf text = {0};
    json_t *json = NULL;
    char id[16];

    (void)snprintf(id, sizeof id, "L-%u", (unsigned)i);
    buf_printf(&text, "Revision %u of number %u.", (unsigned)version, (unsigned)i);
    for (uint32_t word = 0; word < WORDS; word++)
        if (has_word(i, version, word))
            buf_printf(&text, " The %s stands here.", words[word]);
    if (buf_ok(&text))
        json = json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id, "lang", "en", "title", "One of many",
                         "state", is_archived(i, version) ? "archived" : "published", "text",
                         buf_str(&text));
    buf_release(&text);
    return json;
}

/* --- what is wrong ---------------------------------------------------------------------------- */

static void PRINTF_LIKE(2, 3) say(struct life *life, const char *fmt, ...)
{
    va_list args;

    if (life->wrong[0] != '\0')
        return;
    va_start(args, fmt);
    (void)vsnprintf(life->wrong, sizeof life->wrong, fmt, args);
    va_end(args);
}

/* Whatever is refused is refused with a sentence. Hands the status back. */
static enum status noted(struct life *life, enum status status, struct error *err,
                         const char *doing)
{
    if (status != AF_OK) {
        life->refused++;
        (void)fprintf(stderr, "refused: %s: %s\n", doing, err->text);
        if (err->status != status || err->text[0] == '\0')
            say(life, "%s: %s without a sentence", doing, status_name(status));
    }
    return status;
}

static void note_fault(void *context, const char *sentence)
{
    say(context, "%s", sentence);
}

/* --- what is open ----------------------------------------------------------------------------- */

struct open {
    struct life *life;
    struct store *store;
    struct journal *journal;
    struct index *index;
    struct searcher *searcher;
    struct arena *arena;
};

static void close_all(struct open *o)
{
    searcher_free(o->searcher);
    index_close(o->index);
    journal_close(o->journal);
    store_close(o->store);
    arena_free(o->arena);
    *o = (struct open){.life = o->life};
}

static enum status open_all(struct open *o, struct life *life, enum store_mode mode,
                            struct error *err)
{
    enum status status;

    *o = (struct open){.life = life};
    status = store_open(life->dir, mode, &o->store, err);
    if (status == AF_OK && mode == STORE_WRITE)
        status = journal_open(o->store, life_kinds, &o->journal, err);
    if (status == AF_OK)
        status = index_open(o->store, mode, &o->index, err);
    if (status == AF_OK)
        status = searcher_new(o->index, o->store, &o->searcher, err);
    if (status == AF_OK && (o->arena = arena_new(SEARCH_ARENA_BYTES)) == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a search");
    if (status != AF_OK)
        close_all(o);
    return status;
}

static bool was_opened(struct open *o, struct life *life, enum store_mode mode)
{
    struct error err = {0};

    return noted(life, open_all(o, life, mode, &err), &err, "opening") == AF_OK;
}

/* --- saving ----------------------------------------------------------------------------------- */

static void save(struct open *o, uint32_t i)
{
    struct life *life = o->life;
    uint32_t version = life->acknowledged[i] + 1;
    json_t *body = json_pack("{s:[o]}", "cases", text_of(i, version));
    char id[32];
    struct command command = {.id = id, .actor = "test", .kind = "case.put", .body = body};
    struct outcome outcome;
    struct error err = {0};

    if (body == NULL)
        return; /* no memory: not asked */
    (void)snprintf(id, sizeof id, "save-%u-%u", (unsigned)i, (unsigned)version);
    life->asked[i] = version;
    if (noted(life, journal_propose(o->journal, &command, &outcome, &err), &err, "saving") ==
        AF_OK) {
        life->acknowledged[i] = version;
        json_decref(outcome.result);
    }
    json_decref(body);
}

/* --- searching -------------------------------------------------------------------------------- */

static bool may_match(const struct life *life, uint32_t i, uint32_t version, uint32_t word)
{
    return version >= 1 && version >= life->acknowledged[i] && version <= life->asked[i] &&
           has_word(i, version, word) && !is_archived(i, version);
}

/* In both versions that it may be in, where there are two. */
static bool must_match(const struct life *life, uint32_t i, uint32_t word)
{
    return may_match(life, i, life->acknowledged[i], word) &&
           may_match(life, i, life->asked[i], word);
}

static void judge(struct life *life, uint32_t word, const struct search_result *result)
{
    bool found[LIFE_CASES] = {false};

    for (uint32_t k = 0; k < result->hits_count; k++) {
        const struct hit *hit = &result->hits[k];
        unsigned i = LIFE_CASES;
        char id[16];

        (void)snprintf(id, sizeof id, "%.*s", (int)hit->id.len, (const char *)hit->id.data);
        if (sscanf(id, "L-%u", &i) != 1 || i >= LIFE_CASES || found[i] ||
            !may_match(life, i, hit->version, word)) {
            say(life, "%s finds %s in version %u%s; %u is acknowledged, %u was asked", words[word],
                id, (unsigned)hit->version, i < LIFE_CASES && found[i] ? " again" : "",
                i < LIFE_CASES ? (unsigned)life->acknowledged[i] : 0,
                i < LIFE_CASES ? (unsigned)life->asked[i] : 0);
            return;
        }
        found[i] = true;
    }
    for (uint32_t i = 0; i < LIFE_CASES; i++)
        if (!found[i] && must_match(life, i, word))
            say(life, "%s does not find case %u in version %u", words[word], (unsigned)i,
                (unsigned)life->acknowledged[i]);
}

static enum status search(struct open *o, uint32_t word, struct error *err)
{
    const struct search_request request = {.query = bytes_str(words[word]),
                                           .limit = 2 * LIFE_CASES,
                                           .audience = AUDIENCE_INTERNAL,
                                           .snippets = true};
    struct search_result result;
    enum status status;

    arena_clear(o->arena);
    status = search_run(o->searcher, &request, o->arena, &result, err);
    if (status == AF_OK)
        judge(o->life, word, &result);
    return status;
}

static void search_all(struct open *o)
{
    for (uint32_t word = 0; word < WORDS; word++) {
        struct error err = {0};

        (void)noted(o->life, search(o, word, &err), &err, "searching");
    }
}

/* --- the scripts ------------------------------------------------------------------------------ */

static void play_begin(struct open *o)
{
    search_all(o);
    for (uint32_t i = 0; i < 3; i++)
        save(o, i);
    search_all(o);
}

static void play_save(struct open *o)
{
    for (uint32_t i = 4; i < LIFE_CASES; i += 3)
        save(o, i);
    search_all(o);
    save(o, 1);
    search_all(o);
    for (uint32_t i = 0; i < 8; i++)
        save(o, i); /* a merge in memory */
    search_all(o);
}

static void play_flush(struct open *o)
{
    struct error err = {0};

    o->index->bulk_entries = UINT64_MAX;
    for (uint32_t i = 0; i < 6; i++)
        save(o, i);
    (void)noted(o->life, index_flush(o->index, NULL, NULL, &err), &err, "flushing");
    search_all(o);
    err = (struct error){0};
    (void)noted(o->life, index_flush(o->index, NULL, NULL, &err), &err, "flushing again");
}

static void play_bulk(struct open *o)
{
    struct error err = {0};

    index_set_build(o->index, 2, 2); /* nearly all runs are spilled */
    o->index->bulk_entries = 1;
    for (uint32_t i = 3; i < 9; i++)
        save(o, i);
    (void)noted(o->life, index_flush(o->index, NULL, NULL, &err), &err, "building");
    search_all(o);
}

static void play_compact(struct open *o)
{
    struct index_compacted done;
    struct error err = {0};

    save(o, 2);
    (void)noted(o->life, index_compact(o->index, NULL, NULL, &done, &err), &err, "compacting");
    search_all(o);
    save(o, 5);
    search_all(o);
}

static void play_rebuild(struct open *o)
{
    struct error err = {0};
    enum status status;

    search_all(o);
    (void)pthread_mutex_lock(&o->index->changing);
    status = index_begin_again(o->index, &err);
    (void)pthread_mutex_unlock(&o->index->changing);
    if (status == AF_OK)
        status = index_flush(o->index, NULL, NULL, &err);
    (void)noted(o->life, status, &err, "rebuilding");
    search_all(o);
}

/* A walk that could not read something may call it a fault: it is a sentence. */
static void count_fault(void *context, const char *sentence)
{
    struct life *life = context;

    life->refused++;
    if (sentence[0] == '\0')
        say(life, "a fault without a sentence");
}

static void play_check(struct open *o)
{
    struct check_counts counts;
    struct index_stats stats;
    struct error err = {0};
    uint64_t faults;

    (void)noted(o->life, store_check(o->store, count_fault, o->life, &counts, &err), &err,
                "checking the store");
    err = (struct error){0};
    (void)noted(o->life, index_stats(o->index, &stats, &err), &err, "counting");
    err = (struct error){0};
    (void)noted(o->life, index_check(o->index, count_fault, o->life, &faults, &err), &err,
                "checking the index");
    search_all(o);
}

static void play_backup(struct open *o)
{
    struct error err = {0};
    struct backup_info info;
    char path[4096];
    FILE *out;

    (void)snprintf(path, sizeof path, "%s/backup", o->life->dir);
    if (noted(o->life, backup_make(o->store, path, NULL, &err), &err, "copying") == AF_OK)
        (void)noted(o->life, backup_verify(path, &info, &err), &err, "verifying the copy");
    (void)snprintf(path, sizeof path, "%s/dump", o->life->dir);
    out = fopen(path, "w");
    if (out == NULL)
        return;
    err = (struct error){0};
    (void)noted(o->life, dump_write(o->store, out, NULL, NULL, &err), &err, "dumping");
    (void)fclose(out);
}

static void (*const scripts[LIFE_SCRIPTS])(struct open *) = {
    play_begin,   play_save,  play_flush, play_bulk,   play_compact,
    play_rebuild, search_all, play_check, play_backup,
};

/* The fault is over: the same process answers again, at once or when asked again. */
static void search_calmly(struct open *o)
{
    for (uint32_t word = 0; word < WORDS; word++) {
        struct error err = {0};

        if (search(o, word, &err) != AF_OK && search(o, word, &err) != AF_OK)
            say(o->life, "still no answer: %s", err.text);
    }
}

void life_play(struct life *life, enum life_script script, bool (*calm)(void))
{
    struct open o;
    bool opened = was_opened(&o, life, script == LIFE_LOOK ? STORE_READ : STORE_WRITE);

    if (opened)
        scripts[script](&o);
    if (calm() && opened)
        search_calmly(&o);
    close_all(&o);
}

/* --- afterwards ------------------------------------------------------------------------------- */

static bool says(const json_t *article, const char *word)
{
    const char *text = json_get_str(article, "text");

    return text != NULL && strstr(text, word) != NULL;
}

/* Case i as the store has it, against what was asked; *version is 0 when there is none. */
static enum status check_case(struct life *life, struct txn *txn, uint32_t i, uint32_t *version,
                              struct error *err)
{
    struct article_ref ref;
    json_t *stored, *wanted;
    char id[16];
    enum status status;

    *version = 0;
    (void)snprintf(id, sizeof id, "L-%u", (unsigned)i);
    status = article_find(txn, bytes_str(id), &ref, err);
    if (status == AF_NOT_FOUND && life->acknowledged[i] == 0)
        return AF_OK;
    if (status == AF_OK)
        status = article_read(txn, &ref, &stored, err);
    if (status != AF_OK)
        return status;
    if (ref.version < life->acknowledged[i] || ref.version > life->asked[i])
        say(life, "case %u is in version %u", (unsigned)i, (unsigned)ref.version);
    wanted = text_of(i, ref.version);
    for (uint32_t word = 0; word < WORDS; word++) /* the texts themselves, naively */
        if (says(stored, words[word]) != has_word(i, ref.version, word))
            say(life, "case %u has another text", (unsigned)i);
    if (!json_equal(stored, wanted))
        say(life, "case %u is not what was saved", (unsigned)i);
    json_decref(wanted);
    json_decref(stored);
    *version = ref.version;
    return AF_OK;
}

/* What is stored is known from now on, so that searches are held to it exactly. */
static enum status check_cases(struct open *o, struct error *err)
{
    enum status status;
    struct txn *txn;

    status = store_begin_read(o->store, &txn, err);
    if (status != AF_OK)
        return status;
    for (uint32_t i = 0; status == AF_OK && i < LIFE_CASES; i++) {
        uint32_t version;

        status = check_case(o->life, txn, i, &version, err);
        o->life->acknowledged[i] = o->life->asked[i] = version;
    }
    txn_abort(txn);
    return status;
}

static enum status check_all(struct open *o, struct error *err)
{
    struct check_counts counts;
    uint64_t faults;
    enum status status = store_check(o->store, note_fault, o->life, &counts, err);

    if (status == AF_OK)
        status = check_cases(o, err);
    for (int flushed = 0; status == AF_OK && flushed < 2; flushed++) {
        if (flushed)
            status = index_flush(o->index, NULL, NULL, err);
        for (uint32_t word = 0; status == AF_OK && word < WORDS; word++)
            status = search(o, word, err);
        if (status == AF_OK)
            status = index_check(o->index, note_fault, o->life, &faults, err);
    }
    return status;
}

void life_look_again(struct life *life)
{
    struct error err = {0};
    struct open o;
    enum status status = open_all(&o, life, STORE_WRITE, &err);

    if (status == AF_OK)
        status = check_all(&o, &err);
    if (status != AF_OK)
        say(life, "afterwards: %s", err.text);
    close_all(&o);
}

/* --- folders ---------------------------------------------------------------------------------- */

void life_prepare(struct life *life)
{
    struct error err;
    struct open o;

    *life = (struct life){.dir = test_dir_new()};
    assert_ok(open_all(&o, life, STORE_WRITE, &err));
    o.index->bulk_entries = UINT64_MAX;
    for (uint32_t i = 0; i < 8; i++)
        save(&o, i);
    assert_ok(index_flush(o.index, NULL, NULL, &err));
    for (uint32_t i = 7; i < 10; i++)
        save(&o, i);
    assert_ok(index_flush(o.index, NULL, NULL, &err));
    for (uint32_t i = 9; i < 11; i++)
        save(&o, i);
    search_all(&o);
    assert_int_equal(2, o.index->state->disk);
    close_all(&o);
    if (life->wrong[0] != '\0')
        fail_msg("%s", life->wrong);
    assert_int_equal(0, life->refused);
}

static void copy_file(const char *from_dir, const char *to_dir, const char *name)
{
    char path[4096];
    uint8_t part[65536];
    FILE *from, *to;
    size_t n;

    (void)snprintf(path, sizeof path, "%s/%s", from_dir, name);
    assert_non_null(from = fopen(path, "r"));
    (void)snprintf(path, sizeof path, "%s/%s", to_dir, name);
    assert_non_null(to = fopen(path, "w"));
    while ((n = fread(part, 1, sizeof part, from)) > 0)
        assert_int_equal(n, fwrite(part, 1, n, to));
    assert_int_equal(0, fclose(to));
    (void)fclose(from);
}

void life_copy(const struct life *from, enum life_script script, struct life *out)
{
    static const char *const names[] = {"store", "index"};
    char path[4096];

    *out = (struct life){.dir = test_dir_new()};
    if (script == LIFE_BEGIN)
        return;
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", out->dir, names[i]);
        assert_int_equal(0, mkdir(path, 0700));
        (void)snprintf(path, sizeof path, "%s/data.mdb", names[i]);
        copy_file(from->dir, out->dir, path);
    }
    memcpy(out->acknowledged, from->acknowledged, sizeof out->acknowledged);
    memcpy(out->asked, from->asked, sizeof out->asked);
}

void life_remove(struct life *life)
{
    test_dir_remove(life->dir);
    life->dir = NULL;
}
