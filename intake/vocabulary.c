#include "intake/vocabulary.h"

#include "data/base/limits.h"
#include "indexer/text/fold.h"
#include "intake/propose.h"
#include "search/own_words.h"
#include "search/query/synonyms.h"

/* --- the record ---------------------------------------------------------------------------- */

enum status vocabulary_get(struct app *app, struct arena *arena, struct vocabulary_state *out,
                           struct error *err)
{
    struct vocabulary_state state = {0};
    json_t *record = NULL;
    struct txn *txn;
    struct bytes text;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = own_words_read(txn, &record, &state.version, &text, err);
    txn_abort(txn);
    if (status == AF_OK && (state.text = arena_copy(arena, text)).data == NULL)
        status = arena_exhausted(arena, err);
    json_decref(record);
    if (status == AF_OK)
        status = vocabulary_text_check(state.text, &state.counts, err);
    if (status == AF_OK)
        *out = state;
    return status;
}

enum status vocabulary_apply_set(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err)
{
    const json_t *if_version = json_object_get(command->body, "if_version");
    struct vocabulary_counts counts;
    struct bytes text, old;
    json_t *record = NULL;
    uint32_t version;
    bool ok = true;
    enum status status = json_text(command->body, "text", VOCABULARY_BYTES_MAX, false, &text, err);

    if (status != AF_OK || (status = vocabulary_text_check(text, &counts, err)) != AF_OK ||
        (status = own_words_read(txn, &record, &version, &old, err)) != AF_OK)
        return status;
    if (if_version != NULL && json_integer_value(if_version) != version)
        status =
            error_set(err, AF_CONFLICT,
                      "somebody changed the vocabulary meanwhile: it is version %u now", version);
    if (status == AF_OK && !bytes_equal(text, old)) {
        json_t *made = json_pack("{s:I}", "version", (json_int_t)++version);

        json_put(made, "text", json_from_bytes(text), &ok);
        status = !ok ? error_set(err, AF_NO_MEMORY, "no memory for the vocabulary")
                     : store_put_json(txn, TABLE_VOCABULARY, OWN_WORDS_KEY, made, err);
        json_decref(made);
    }
    json_decref(record);
    if (status == AF_OK)
        json_put(result, "version", json_integer(version), &ok);
    return status == AF_OK && !ok ? error_set(err, AF_NO_MEMORY, "no memory for a result") : status;
}

enum status vocabulary_set(struct app *app, const struct who *who, struct bytes text,
                           int64_t if_version, uint32_t *version, struct error *err)
{
    struct vocabulary_counts counts;
    struct outcome outcome;
    json_t *body;
    bool ok = true;
    enum status status;

    if (who->role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "only an admin may change the vocabulary");
    if ((status = vocabulary_text_check(text, &counts, err)) != AF_OK)
        return status;
    body = json_object();
    json_put(body, "text", json_from_bytes(text), &ok);
    if (if_version != VOCABULARY_ANY_VERSION)
        json_put(body, "if_version", json_integer(if_version), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_INVALID, "the vocabulary is not UTF-8, or has a NUL");
    }
    status = propose(app, who, "vocabulary.set", NULL, 0, body, &outcome, err);
    if (status != AF_OK)
        return status;
    *version = (uint32_t)json_get_u64(outcome.result, "version");
    json_decref(outcome.result);
    return AF_OK;
}

void vocabulary_faulty_lines(struct bytes text, struct vocabulary_faulty *out, size_t room,
                             size_t *count)
{
    struct vocabulary_lines lines = vocabulary_lines_of(text);
    struct vocabulary_line line;
    enum status status;

    for (*count = 0; (status = vocabulary_next_line(&lines, &line, NULL)) != AF_NOT_FOUND;)
        if (status != AF_OK && (*count)++ < room)
            out[*count - 1] = (struct vocabulary_faulty){lines.number, lines.fault, lines.line};
}

/* --- trying a question --------------------------------------------------------------------- */

static const char *meaning_name(uint8_t meaning)
{
    static const char *const names[] = {
        [MEANS_SAME] = "same", [MEANS_WIDER] = "wider", [MEANS_NEAR] = "near"};

    return names[meaning];
}

static bool add_words(json_t *words, const struct vocabulary *v,
                      const struct vocabulary_phrase *phrase, unsigned langs, bool own)
{
    bool ok = true;

    for (uint32_t i = 0; phrase != NULL && i < phrase->rules_count; i++) {
        const struct vocabulary_rule *rule = &v->rules[phrase->rules + i];
        json_t *word;

        if ((rule->langs & langs) == 0)
            continue;
        word = json_pack("{s:s,s:b}", "means", meaning_name(rule->meaning), "own", own);
        json_put(word, "text", json_from_bytes(vocabulary_text(v, &v->phrases[rule->phrase])), &ok);
        ok = ok && json_array_append_new(words, word) == 0;
    }
    return ok;
}

static bool add_place(json_t *list, const struct vocabularies *words, struct bytes folded,
                      const struct synonym_place *place)
{
    unsigned langs = vocabulary_langs_of(folded);
    json_t *json = json_pack("{s:b,s:[]}", "asks", place->asks, "words");
    json_t *others = json_object_get(json, "words");
    bool ok = true;

    json_put(json, "text",
             json_from_bytes(bytes_of(folded.data + place->start, place->end - place->start)), &ok);
    if (!place->asks)
        ok = ok && add_words(others, words->own, place->phrases[0], langs, true) &&
             add_words(others, words->shipped, place->phrases[1], langs, false);
    return json_array_append_new(list, json) == 0 && ok;
}

static enum status understand(const struct vocabularies *words, struct bytes folded,
                              struct arena *arena, json_t **out, struct error *err)
{
    const struct query query = {.folded = folded};
    struct synonym_place *places;
    json_t *list = json_array();
    uint32_t count = 0;
    bool ok = list != NULL;
    enum status status = synonyms_find(words, &query, arena, &places, &count, err);

    for (uint32_t i = 0; ok && i < count; i++)
        ok = add_place(list, words, folded, &places[i]);
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory to show a question");
    if (status == AF_OK)
        *out = list;
    else
        json_decref(list);
    return status;
}

enum status vocabulary_try(struct app *app, struct bytes question, json_t **out, struct error *err)
{
    struct vocabularies words = {&vocabulary_empty, &vocabulary_shipped};
    struct arena *arena = arena_new(SEARCH_ARENA_BYTES);
    struct folder *folder = NULL;
    struct own_words own;
    struct folded folded;
    struct txn *txn = NULL;
    enum status status;

    own_words_init(&own);
    if (arena == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to show a question");
    if ((status = folder_new(&folder, err)) == AF_OK &&
        (status = store_begin_read(app_store(app), &txn, err)) == AF_OK) {
        own_words_refresh(&own, txn, folder);
        txn_abort(txn);
        words.own = &own.vocabulary;
        status = folder_run(folder, question, &folded, err);
    }
    if (status == AF_OK)
        status = understand(&words, folded.text, arena, out, err);
    own_words_release(&own);
    folder_free(folder);
    arena_free(arena);
    return status;
}
