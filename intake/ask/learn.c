#include "intake/ask/learn_impl.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/hash.h"
#include "intake/ask/consult.h"
#include "intake/ticket/ticket_record.h"

#include <stdio.h>
#include <stdlib.h>

const char *voter_of(const char *actor, struct bytes asker, struct bytes secret,
                     char text[VOTER_BYTES])
{
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];

    text[0] = '\0';
    if (strcmp(actor, "customer") != 0 && asker.len == 0) {
        (void)snprintf(text, VOTER_BYTES, "%s", actor);
    } else if (asker.len > 0) {
        digest = digest_keyed(secret, asker);
        digest_hex(&digest, hex);
        (void)snprintf(text, VOTER_BYTES, "asker:%.16s", hex);
    }
    return text;
}

/* --- a use, and the records it names -------------------------------------------------------- */

static void lesson_release(struct lesson *lesson)
{
    json_decref(lesson->consult);
    json_decref(lesson->ticket);
}

static bool is_staff(const char *voter)
{
    return strncmp(voter, "staff:", 6) == 0 || strcmp(voter, "cli") == 0;
}

/* Who wrote to us without asking first: the same next time, if he leaves the same address. */
static void voter_of_contact(struct lesson *lesson)
{
    static const char *const members[] = {"mail", "phone", "name"};
    const json_t *contact = json_object_get(lesson->ticket, "contact");

    (void)snprintf(lesson->voter, VOTER_BYTES, "ticket:%llu",
                   (unsigned long long)json_get_u64(lesson->ticket, "n"));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct bytes text = bytes_str(json_get_str(contact, members[i]));

        if (text.len == 0)
            continue;
        (void)snprintf(lesson->voter, VOTER_BYTES, "contact:%016llx",
                       (unsigned long long)checksum64(3, &text, 1));
        return;
    }
}

static enum status load_consult(struct txn *txn, const char *id, struct lesson *lesson,
                                struct error *err)
{
    const char *voter;
    enum status status = consult_load(txn, id, &lesson->consult, err);

    if (status != AF_OK)
        return status;
    voter = json_get_str(lesson->consult, "voter");
    if (voter[0] != '\0')
        (void)snprintf(lesson->voter, VOTER_BYTES, "%.79s", voter);
    else
        (void)snprintf(lesson->voter, VOTER_BYTES, "consult:%.40s", id);
    return AF_OK;
}

/* subject: "consult:ID" or "ticket:N". */
static enum status load_subject(struct txn *txn, const char *subject, struct lesson *lesson,
                                struct error *err)
{
    const char *id;
    enum status status;

    if (strncmp(subject, "consult:", 8) == 0)
        return load_consult(txn, subject + 8, lesson, err);
    if (strncmp(subject, "ticket:", 7) != 0)
        return error_set(err, AF_CORRUPT, "damaged: table ledger: a use in \"%.40s\"", subject);
    status = ticket_load(txn, (uint32_t)strtoul(subject + 7, NULL, 10), &lesson->ticket, err);
    if (status != AF_OK)
        return status;
    voter_of_contact(lesson);
    id = json_get_str(lesson->ticket, "consult");
    return id[0] != '\0' ? load_consult(txn, id, lesson, err) : AF_OK;
}

/* --- what it teaches one case --------------------------------------------------------------- */

/* Where the case stood among the answers; 0: it did not. */
static unsigned rank_in(const json_t *query, const char *case_id)
{
    const json_t *shown;
    size_t i;

    json_array_foreach(json_object_get(query, "shown"), i, shown)
    {
        if (strcmp(json_get_str(shown, "case"), case_id) == 0)
            return (unsigned)i + 1;
    }
    return 0;
}

static bool vote(const struct lesson *lesson, struct learned *learned, const char *text,
                 uint8_t weight)
{
    const struct learned_vote one = {learned_voter(lesson->voter), lesson->day, weight};
    struct bytes trimmed = bytes_str(text);

    while (trimmed.len > 0 && trimmed.data[0] <= ' ')
        trimmed = bytes_of(trimmed.data + 1, trimmed.len - 1);
    while (trimmed.len > 0 && trimmed.data[trimmed.len - 1] <= ' ')
        trimmed.len--;
    return learned_vote(learned, trimmed, one);
}

/* A person who found the case by one wording had others before: those count half, or whole when
 * staff said what solved it, who did not take the first that was offered. */
static uint8_t weight_of(const struct lesson *lesson, bool helped, unsigned rank)
{
    if (!helped)
        return 0;
    return lesson->ticket != NULL ? LEARNED_WHOLE : learned_weight(rank);
}

static bool teach_words(const struct lesson *lesson, const char *case_id, bool helped,
                        struct learned *learned)
{
    const json_t *queries = json_object_get(lesson->consult, "queries");
    size_t count = json_array_size(queries);
    bool changed = false;

    for (size_t i = count > LEARNED_WORDINGS_MAX ? count - LEARNED_WORDINGS_MAX : 0; i < count;
         i++) {
        const json_t *query = json_array_get(queries, i);
        uint8_t weight = weight_of(lesson, helped, rank_in(query, case_id));

        changed = vote(lesson, learned, json_get_str(query, "text"), weight) || changed;
    }
    if (lesson->ticket != NULL)
        changed = vote(lesson, learned, json_get_str(lesson->ticket, "title"),
                       weight_of(lesson, helped, 1)) ||
                  changed;
    return changed;
}

enum lesson_about { ABOUT_OPENED, ABOUT_HELPED, ABOUT_NOT };

static enum status teach(const struct learn_book *book, const struct lesson *lesson,
                         const char *case_id, enum lesson_about about, struct learned *scratch,
                         struct error *err)
{
    bool changed;
    enum status status = book->read(book->context, bytes_str(case_id), scratch, err);

    if (status != AF_OK)
        return status;
    if (about == ABOUT_OPENED)
        changed = learned_open(scratch, learned_voter(lesson->voter), lesson->day);
    else
        changed = teach_words(lesson, case_id, about == ABOUT_HELPED, scratch);
    if (!changed && about != ABOUT_OPENED)
        return AF_OK;
    return book->write(book->context, bytes_str(case_id), scratch, changed, lesson->seq, err);
}

/* What was opened in the consult and was not what solved it. */
static enum status teach_others(const struct learn_book *book, const struct lesson *lesson,
                                struct learned *scratch, struct error *err)
{
    const json_t *opened;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(json_object_get(lesson->consult, "opened"), i, opened)
    {
        const char *id = json_get_str(opened, "case");

        if (status == AF_OK && strcmp(id, lesson->case_id) != 0)
            status = teach(book, lesson, id, ABOUT_NOT, scratch, err);
    }
    return status;
}

static enum status teach_all(const struct learn_book *book, const struct lesson *lesson,
                             struct error *err)
{
    struct learned *scratch = malloc(sizeof *scratch);
    enum status status = AF_OK;

    if (scratch == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to learn from a use");
    switch (lesson->use) {
    case USE_OPENED:
        if (!is_staff(lesson->voter))
            status = teach(book, lesson, lesson->case_id, ABOUT_OPENED, scratch, err);
        break;
    case USE_SOLVED:
    case USE_CITED:
        status = teach(book, lesson, lesson->case_id, ABOUT_HELPED, scratch, err);
        if (status == AF_OK)
            status = teach_others(book, lesson, scratch, err);
        break;
    default:
        status = teach(book, lesson, lesson->case_id, ABOUT_NOT, scratch, err);
        break;
    }
    free(scratch);
    return status;
}

bool learn_teaches(enum use use)
{
    return use == USE_OPENED || use == USE_SOLVED || use == USE_CITED || use == USE_NOT_HELPFUL;
}

enum status learn_one(struct txn *txn, const struct learn_book *book, struct lesson *lesson,
                      const char *subject, struct error *err)
{
    enum status status = load_subject(txn, subject, lesson, err);

    /* Staff who open tickets for themselves would teach their own cases. */
    if (status == AF_OK && (lesson->ticket == NULL || !is_staff(lesson->voter)))
        status = teach_all(book, lesson, err);
    lesson_release(lesson);
    return status;
}

/* --- from the beginning --------------------------------------------------------------------- */

static enum status learn_line(struct txn *txn, const struct learn_book *book, struct bytes line,
                              struct error *err)
{
    struct lesson lesson = {.use = USE_KINDS};
    json_t *json;
    int64_t at_ms = 0;
    enum status status = json_parse(line, &json, err);

    if (status != AF_OK)
        return error_set(err, AF_CORRUPT, "damaged: table ledger: an entry cannot be read");
    for (unsigned use = 0; use < USE_KINDS; use++)
        if (strcmp(use_name((enum use)use), json_get_str(json, "type")) == 0)
            lesson.use = (enum use)use;
    if (lesson.use < USE_KINDS && learn_teaches(lesson.use)) {
        (void)clock_parse(bytes_str(json_get_str(json, "at")), &at_ms);
        lesson.case_id = json_get_str(json, "case");
        lesson.day = learned_day(at_ms);
        lesson.seq = json_get_u64(json, "command");
        status = learn_one(txn, book, &lesson, json_get_str(json, "subject"), err);
    }
    json_decref(json);
    return status;
}

/* Walks the rows of those who were forgotten, in the order of the ledger. */
struct forgotten {
    struct cursor *cursor;
    uint64_t ledger_seq, voter, command;
    bool has;
};

static enum status next_forgotten(struct forgotten *f, struct error *err)
{
    struct bytes key, body;
    struct reader r;
    enum status status;

    do {
        status = cursor_next(f->cursor, &key, &body, err);
    } while (status == AF_OK && key.len == 1 && key.data[0] == 0); /* the newest day */
    f->has = status == AF_OK && learned_is_forgotten(key, &f->ledger_seq, &f->voter);
    if (status != AF_OK)
        return status == AF_NOT_FOUND ? AF_OK : status;
    r = reader_of(body);
    if (f->has && !reader_be64(&r, &f->command))
        return error_set(err, AF_CORRUPT, "damaged: table learned: a forgotten voter is cut off");
    return AF_OK;
}

/* Those who were forgotten before entry `seq` of the ledger. */
static enum status forget_before(const struct learn_book *book, struct forgotten *f, uint64_t seq,
                                 struct error *err)
{
    enum status status = AF_OK;

    while (status == AF_OK && f->has && f->ledger_seq < seq) {
        status = book->forget(book->context, f->voter, f->command, err);
        if (status == AF_OK)
            status = next_forgotten(f, err);
    }
    return status;
}

static enum status learn_ledger(struct txn *txn, const struct learn_book *book, struct forgotten *f,
                                struct error *err)
{
    struct ledger_head head;
    enum status status = ledger_head(txn, &head, err);

    for (uint64_t seq = 1; status == AF_OK && seq <= head.seq; seq++) {
        uint8_t key[8];
        struct bytes line;

        put_be64(key, seq);
        status = forget_before(book, f, seq, err);
        if (status == AF_OK)
            status = store_get(txn, TABLE_LEDGER, bytes_of(key, sizeof key), &line, err);
        if (status == AF_NOT_FOUND)
            return error_set(err, AF_CORRUPT, "damaged: table ledger: entry %llu is missing",
                             (unsigned long long)seq);
        if (status == AF_OK)
            status = learn_line(txn, book, line, err);
    }
    return status == AF_OK ? forget_before(book, f, UINT64_MAX, err) : status;
}

enum status learn_all(struct txn *txn, const struct learn_book *book, struct error *err)
{
    struct forgotten f = {.cursor = NULL};
    enum status status = cursor_open(txn, TABLE_LEARNED, BYTES_NONE, WALK_UP, &f.cursor, err);

    if (status == AF_OK)
        status = next_forgotten(&f, err);
    if (status == AF_OK)
        status = learn_ledger(txn, book, &f, err);
    cursor_close(f.cursor);
    return status;
}
