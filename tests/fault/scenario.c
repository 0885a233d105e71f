#include "tests/fault/scenario.h"

#include "data/article.h"
#include "data/base/json.h"
#include "data/ledger.h"

#include <stdio.h>

/* --- kinds -------------------------------------------------------------------------------- */

static enum status apply_use(struct txn *txn, const struct command *command, json_t *result,
                             struct error *err)
{
    const struct use_event event = {.use = (enum use)json_get_u64(command->body, "use"),
                                    .case_id = bytes_str(json_get_str(command->body, "case")),
                                    .version = 1,
                                    .role = "customer",
                                    .subject = json_get_str(command->body, "subject")};
    bool counted, ok = true;
    enum status status = ledger_add(txn, command, &event, &counted, err);

    json_put(result, "counted", json_boolean(counted), &ok);
    return status;
}

static enum status apply_note(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    struct bytes key = bytes_str(json_get_str(command->body, "key"));
    enum status status;

    (void)result;
    if (!json_get_bool(command->body, "remove"))
        return store_put_json(txn, TABLE_CONSULT, key, command->body, err);
    status = store_delete(txn, TABLE_CONSULT, key, err);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

const struct command_kind scenario_kinds[] = {
    {"case.put", 1, article_apply_put, true },
    {"use",      1, apply_use,         false},
    {"note",     1, apply_note,        false},
    {NULL,       0, NULL,              false},
};

/* --- commands ----------------------------------------------------------------------------- */

static void fill(char *text, size_t room, unsigned number)
{
    static const char words[] = "printer jam paper tray toner drum fuser roller sensor cable ";
    size_t n = room - 1;

    for (size_t i = 0; i < n; i++)
        text[i] = words[(i * 7 + number * 13 + i / 61) % (sizeof words - 1)];
    text[n] = '\0';
}

static json_t *article_body(unsigned number)
{
    char id[32], text[40000];
    json_t *cases = json_array();
    unsigned count = 1 + number % 3;

    /* Now and then a long one: its entry is stored in parts (data/frame.h). */
    fill(text, number % 48 == 0 ? 39000 : 100 + number * 37 % 1000, number);
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(id, sizeof id, "C-%u", (number + i * 5) % 40);
        (void)json_array_append_new(cases, json_pack("{s:s,s:s,s:s+,s:s,s:i}", "id", id, "lang",
                                                     "en", "title", "case ", id, "symptom", text,
                                                     "revision", (int)number));
    }
    return json_pack("{s:o}", "cases", cases);
}

static json_t *use_body(const char *prefix, unsigned number)
{
    char id[32], subject[96];

    (void)snprintf(id, sizeof id, "C-%u", number % 40);
    /* Every seventh use was counted before: the ledger must not move. */
    (void)snprintf(subject, sizeof subject, "consult:%s-%u", prefix, number % 7 == 0 ? 0 : number);
    return json_pack("{s:s,s:s,s:i}", "case", id, "subject", subject, "use",
                     (int)(number % USE_KINDS));
}

static json_t *note_body(unsigned number)
{
    char key[32], text[3000];

    (void)snprintf(key, sizeof key, "note-%u", number % 11);
    fill(text, 50 + number * 211 % 2900, number);
    return json_pack("{s:s,s:b,s:s}", "key", key, "remove", number % 5 == 0, "text", text);
}

static const char *make_body(const char *prefix, unsigned number, json_t **body)
{
    switch (number % 4) {
    case 0:
        *body = article_body(number);
        return "case.put";
    case 1:
    case 2:
        *body = use_body(prefix, number);
        return "use";
    default:
        *body = note_body(number);
        return "note";
    }
}

static void make_id(const char *prefix, unsigned number, char id[64])
{
    (void)snprintf(id, 64, "%.40s-%u", prefix, number);
}

enum status scenario_step(struct scenario *s, const char *prefix, unsigned number, uint64_t *seq,
                          bool *repeated, struct error *err)
{
    char id[64];
    json_t *body = NULL;
    struct command command = {.id = id, .actor = "test"};
    struct outcome outcome;
    enum status status;

    make_id(prefix, number, id);
    command.kind = make_body(prefix, number, &body);
    command.body = body;
    if (body == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a command");
    status = journal_propose(s->journal, &command, &outcome, err);
    json_decref(body);
    if (status != AF_OK)
        return status;
    json_decref(outcome.result);
    *seq = outcome.seq;
    *repeated = outcome.repeated;
    return AF_OK;
}

/* --- opening and looking ------------------------------------------------------------------ */

enum status scenario_open(struct scenario *s, const char *dir, struct error *err)
{
    enum status status;

    *s = (struct scenario){.dir = dir};
    status = store_open(dir, STORE_WRITE, &s->store, err);
    if (status == AF_OK &&
        (status = journal_open(s->store, scenario_kinds, &s->journal, err)) != AF_OK) {
        store_close(s->store);
        s->store = NULL;
    }
    return status;
}

void scenario_close(struct scenario *s)
{
    journal_close(s->journal);
    store_close(s->store);
    s->journal = NULL;
    s->store = NULL;
}

static enum status find(struct txn *txn, const char *id, uint64_t seq, struct error *err)
{
    struct bytes line;
    struct entry entry;
    struct done done;
    bool same;
    enum status status = done_find(txn, id, &done, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "lost: command %s was acknowledged", id);
    if (status != AF_OK)
        return status;
    json_decref(done.result);
    if (done.seq != seq)
        return error_set(err, AF_CONFLICT, "doubled: command %s was acknowledged elsewhere", id);
    if ((status = journal_line(txn, seq, &line, err)) != AF_OK ||
        (status = entry_parse(line, &entry, err)) != AF_OK)
        return status;
    same = strcmp(entry.id, id) == 0;
    json_decref(entry.json);
    return same ? AF_OK : error_set(err, AF_CONFLICT, "wrong: entry of command %s is another", id);
}

enum status scenario_find(struct store *store, const char *prefix, unsigned number, uint64_t seq,
                          struct error *err)
{
    char id[64];
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    make_id(prefix, number, id);
    status = find(txn, id, seq, err);
    txn_abort(txn);
    return status;
}

static void note_fault(void *context, const char *sentence)
{
    struct error *first = context;

    if (first->text[0] == '\0')
        (void)error_set(first, AF_CORRUPT, "%s", sentence);
}

enum status scenario_check(struct store *store, struct check_counts *counts, struct error *err)
{
    struct error first = {0};
    enum status status = store_check(store, note_fault, &first, counts, err);

    if (status == AF_OK && counts->faults > 0)
        return error_set(err, AF_CORRUPT, "%s", first.text);
    return status;
}
