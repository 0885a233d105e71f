#include "data/article.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "data/sequence.h"

#include <assert.h>
#include <stdlib.h>

#define KEY_ROOM 511 /* LMDB's longest key */

/* --- names -------------------------------------------------------------------------------- */

static const char *const audiences[AUDIENCE_COUNT] = {"public", "customer", "partner", "internal"};

const char *audience_name(enum audience audience)
{
    assert((unsigned)audience < AUDIENCE_COUNT);
    return audiences[audience];
}

bool audience_parse(struct bytes name, enum audience *out)
{
    for (unsigned i = 0; i < AUDIENCE_COUNT; i++)
        if (bytes_equal(name, bytes_str(audiences[i]))) {
            *out = (enum audience)i;
            return true;
        }
    return false;
}

enum audience article_audience(const json_t *article)
{
    enum audience audience;

    /* Validation keeps unknown words out; should one get in, it is shown to the fewest. */
    if (json_object_get(article, "audience") == NULL)
        return AUDIENCE_PUBLIC;
    return audience_parse(bytes_str(json_get_str(article, "audience")), &audience)
               ? audience
               : AUDIENCE_INTERNAL;
}

bool article_is_findable(const json_t *article)
{
    const char *state = json_get_str(article, "state");

    return strcmp(state, "wip") != 0 && strcmp(state, "archived") != 0;
}

const char *article_first(const json_t *article, const char *member)
{
    const json_t *value = json_object_get(article, member);

    if (json_is_array(value))
        value = json_array_get(value, 0);
    return json_is_string(value) ? json_string_value(value) : "";
}

/* --- shape -------------------------------------------------------------------------------- */

static enum status check_list(const json_t *article, const char *member, struct error *err)
{
    const json_t *value = json_object_get(article, member), *item;
    size_t i;

    if (value == NULL || json_is_null(value) || json_is_string(value))
        return AF_OK;
    if (!json_is_array(value))
        return error_set(err, AF_INVALID, "\"%s\" must be a string or a list of strings", member);
    if (json_array_size(value) > ARTICLE_LIST_MAX)
        return error_set(err, AF_TOO_LARGE, "\"%s\" has more than %d elements", member,
                         ARTICLE_LIST_MAX);
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return error_set(err, AF_INVALID, "\"%s\" must be a list of strings", member);
    }
    return AF_OK;
}

static enum status check_time(const json_t *article, const char *member, struct error *err)
{
    struct bytes text;
    int64_t at_ms;
    enum status status = json_text(article, member, 64, false, &text, err);

    if (status == AF_OK && text.len > 0 && !clock_parse(text, &at_ms))
        return error_set(err, AF_INVALID,
                         "\"%s\" is not an RFC 3339 time like 2026-11-22T08:00:00Z", member);
    return status;
}

/* BCP 47 as far as we need it: letters, digits and hyphens. */
static bool is_language_tag(struct bytes lang)
{
    for (size_t i = 0; i < lang.len; i++) {
        uint8_t c = lang.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c == '-' && i > 0)))
            return false;
    }
    return lang.len <= 35;
}

static bool has_control(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

enum status article_validate(const json_t *article, struct error *err)
{
    static const char *const texts[] = {"symptom", "cause",  "resolution", "advice", "text",
                                        "state",   "author", "source",     "licence"};
    static const char *const lists[] = {"category", "keywords", "error_code", "product",
                                        "environment"};
    struct bytes text;
    enum audience audience;
    enum status status;

    if (!json_is_object(article))
        return error_set(err, AF_INVALID, "a case must be a JSON object");
    if ((status = json_text(article, "title", ARTICLE_TITLE_BYTES_MAX, true, &text, err)) != AF_OK)
        return status;
    if (bytes_is_blank(text))
        return error_set(err, AF_INVALID, "\"title\" is empty");
    if ((status = json_text(article, "id", ARTICLE_ID_BYTES_MAX, false, &text, err)) != AF_OK)
        return status;
    if (has_control(text))
        return error_set(err, AF_INVALID, "\"id\" has a control character");
    if ((status = json_text(article, "lang", 35, false, &text, err)) != AF_OK)
        return status;
    if (!is_language_tag(text))
        return error_set(err, AF_INVALID, "\"lang\" is not a language tag like en or zh-Hans");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if ((status = json_text(article, texts[i], ARTICLE_JSON_BYTES_MAX, false, &text, err)) !=
            AF_OK)
            return status;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if ((status = check_list(article, lists[i], err)) != AF_OK)
            return status;
    if ((status = check_time(article, "created", err)) != AF_OK ||
        (status = check_time(article, "updated", err)) != AF_OK ||
        (status = json_text(article, "audience", 32, false, &text, err)) != AF_OK)
        return status;
    if (text.len > 0 && !audience_parse(text, &audience))
        return error_set(err, AF_INVALID,
                         "\"audience\" must be public, customer, partner or internal");
    return AF_OK;
}

/* --- where the texts are ------------------------------------------------------------------ */

/* Finds the elements of the list "cases" in the text of a body, without building them: the
 * offsets go into the records, so that one case can be read out of a batch of many. The text
 * was made by our own writer (or verified by the chain), so it is compact and well-formed;
 * anything else is refused. */
static bool next_element(struct reader *r, struct bytes *out)
{
    const uint8_t *start = r->at;
    unsigned depth = 0;
    bool in_string = false;

    for (; r->at < r->end; r->at++) {
        uint8_t c = *r->at;

        if (in_string) {
            if (c == '\\')
                r->at += r->end - r->at > 1;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"')
            in_string = true;
        else if (c == '{' || c == '[')
            depth++;
        else if (c == '}' && --depth == 0) {
            *out = bytes_of(start, (size_t)(++r->at - start));
            return true;
        } else if (c == ']' && depth-- == 0)
            return false;
    }
    return false;
}

static const struct bytes cases_member = BYTES_LIT("{\"cases\":[");

static bool begin_elements(struct bytes body, struct reader *r)
{
    struct bytes skipped;

    *r = reader_of(body);
    return bytes_has_prefix(body, cases_member) && reader_take(r, cases_member.len, &skipped);
}

static bool take_element(struct reader *r, struct bytes *out)
{
    if (r->at < r->end && *r->at == ',')
        r->at++;
    return r->at < r->end && *r->at == '{' && next_element(r, out);
}

/* --- records ------------------------------------------------------------------------------ */

static struct bytes version_key(struct bytes id, uint32_t version, uint8_t at[KEY_ROOM])
{
    assert(id.len <= ARTICLE_ID_BYTES_MAX);
    memcpy(at, id.data, id.len);
    at[id.len] = 0;
    put_be32(at + id.len + 1, version);
    return bytes_of(at, id.len + 5);
}

static json_t *ref_encode(const struct article_ref *ref)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:o}", "no", (json_int_t)ref->no, "version",
                     (json_int_t)ref->version, "seq", (json_int_t)ref->seq, "offset",
                     (json_int_t)ref->offset, "length", (json_int_t)ref->length, "print",
                     json_sprintf("%016llx", (unsigned long long)ref->print));
}

static void ref_decode(const json_t *json, struct article_ref *ref)
{
    *ref = (struct article_ref){
        .no = (uint32_t)json_get_u64(json, "no"),
        .version = (uint32_t)json_get_u64(json, "version"),
        .seq = json_get_u64(json, "seq"),
        .offset = (size_t)json_get_u64(json, "offset"),
        .length = (size_t)json_get_u64(json, "length"),
        .print = strtoull(json_get_str(json, "print"), NULL, 16),
    };
}

static enum status get_ref(struct txn *txn, enum table table, struct bytes key,
                           struct article_ref *out, struct error *err)
{
    json_t *json;
    enum status status = store_get_json(txn, table, key, &json, err);

    if (status != AF_OK)
        return status;
    ref_decode(json, out);
    json_decref(json);
    return AF_OK;
}

static enum status put_ref(struct txn *txn, enum table table, struct bytes key,
                           const struct article_ref *ref, struct error *err)
{
    json_t *json = ref_encode(ref);
    enum status status = json != NULL ? store_put_json(txn, table, key, json, err)
                                      : error_set(err, AF_NO_MEMORY, "no memory for a case");

    json_decref(json);
    return status;
}

static enum status no_such_case(struct bytes id, struct error *err)
{
    char text[64];

    key_text(id, text, sizeof text);
    return error_set(err, AF_NOT_FOUND, "there is no case %s", text);
}

enum status article_find(struct txn *txn, struct bytes id, struct article_ref *out,
                         struct error *err)
{
    enum status status =
        id.len > ARTICLE_ID_BYTES_MAX ? AF_NOT_FOUND : get_ref(txn, TABLE_ARTICLE, id, out, err);

    return status == AF_NOT_FOUND ? no_such_case(id, err) : status;
}

enum status article_find_version(struct txn *txn, struct bytes id, uint32_t version,
                                 struct article_ref *out, struct error *err)
{
    uint8_t key[KEY_ROOM];
    enum status status;

    if (version == 0 || id.len > ARTICLE_ID_BYTES_MAX)
        return article_find(txn, id, out, err);
    status = get_ref(txn, TABLE_ARTICLE_VERSION, version_key(id, version, key), out, err);
    return status == AF_NOT_FOUND ? no_such_case(id, err) : status;
}

enum status article_id_of(struct txn *txn, uint32_t no, struct bytes *id, struct error *err)
{
    uint8_t key[4];
    enum status status;

    put_be32(key, no);
    status = store_get(txn, TABLE_ARTICLE_NO, bytes_of(key, sizeof key), id, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no case with number %u", no);
    return status;
}

enum status article_text(struct txn *txn, const struct article_ref *ref, struct bytes *text,
                         struct error *err)
{
    struct bytes line;
    enum status status = journal_line(txn, ref->seq, &line, err);

    if (status == AF_OK && (ref->offset > line.len || ref->length > line.len - ref->offset))
        status = AF_NOT_FOUND;
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT,
                         "damaged: table journal, entry %llu: case %u is not in it",
                         (unsigned long long)ref->seq, ref->no);
    if (status == AF_OK)
        *text = bytes_of(line.data + ref->offset, ref->length);
    return status;
}

enum status article_read(struct txn *txn, const struct article_ref *ref, json_t **out,
                         struct error *err)
{
    struct bytes text;
    enum status status = article_text(txn, ref, &text, err);

    if (status == AF_OK)
        status = json_parse(text, out, err);
    if (status == AF_INVALID)
        return error_set(err, AF_CORRUPT, "damaged: table journal, entry %llu: case %u is not JSON",
                         (unsigned long long)ref->seq, ref->no);
    return status;
}

/* --- following the journal ---------------------------------------------------------------- */

static enum status visit(struct txn *txn, uint64_t seq, struct bytes line, struct bytes text,
                         const json_t *article, article_visit_fn each, void *context,
                         struct error *err)
{
    struct article_ref ref;
    enum status status = article_find(txn, bytes_str(json_get_str(article, "id")), &ref, err);

    /* Another entry, or a later element of this one, holds the newest version. */
    if (status == AF_OK && (ref.seq != seq || ref.offset != (size_t)(text.data - line.data)))
        return AF_OK;
    return status == AF_OK ? each(context, &ref, article, err) : status;
}

enum status article_visit_entry(struct txn *txn, uint64_t seq, article_visit_fn each, void *context,
                                struct error *err)
{
    struct bytes line, text;
    struct entry entry;
    struct reader r;
    const json_t *article;
    size_t i;
    enum status status = journal_line(txn, seq, &line, err);

    if (status != AF_OK)
        return status;
    if ((status = entry_parse(line, &entry, err)) != AF_OK)
        return error_set(err, AF_CORRUPT, "damaged: table journal, entry %llu cannot be read",
                         (unsigned long long)seq);
    if (strcmp(entry.kind, "case.put") == 0 && begin_elements(entry.body_text, &r))
        json_array_foreach(json_object_get(entry.body, "cases"), i, article)
        {
            if (!take_element(&r, &text)) {
                status = error_set(err, AF_CORRUPT, "damaged: table journal, entry %llu",
                                   (unsigned long long)seq);
                break;
            }
            status = visit(txn, seq, line, text, article, each, context, err);
            if (status != AF_OK)
                break;
        }
    json_decref(entry.json);
    return status;
}

/* --- the command -------------------------------------------------------------------------- */

struct put_counts {
    uint64_t added, updated, unchanged;
    struct article_ref last;
};

enum status article_print(const json_t *article, uint64_t *print, struct error *err)
{
    struct buf text = {0};
    enum status status = json_write(article, true, &text, err);
    struct bytes bytes = buf_bytes(&text);

    if (status == AF_OK)
        *print = checksum64(0, &bytes, 1);
    buf_release(&text);
    return status;
}

static enum status put_one(struct txn *txn, const struct command *command, const json_t *article,
                           struct bytes text, struct put_counts *counts, struct error *err)
{
    struct bytes id = bytes_str(json_get_str(article, "id"));
    struct article_ref old, ref = {.seq = command->seq, .length = text.len};
    uint8_t key[KEY_ROOM];
    bool is_new = false;
    enum status status = article_find(txn, id, &old, err);

    if (status == AF_NOT_FOUND) {
        is_new = true;
        status = AF_OK;
    }
    if (status != AF_OK || (status = article_print(article, &ref.print, err)) != AF_OK)
        return status;
    if (!is_new && old.print == ref.print) {
        counts->unchanged++;
        counts->last = old;
        return AF_OK;
    }
    ref.offset = (size_t)(text.data - command->line.data);
    if (!is_new) {
        ref.no = old.no;
        ref.version = old.version + 1;
        counts->updated++;
    } else {
        if ((status = sequence_next(txn, "next_case", &ref.no, err)) != AF_OK)
            return status;
        ref.version = 1;
        counts->added++;
        put_be32(key, ref.no);
        if ((status = store_put(txn, TABLE_ARTICLE_NO, bytes_of(key, 4), id, err)) != AF_OK)
            return status;
    }
    counts->last = ref;
    status = put_ref(txn, TABLE_ARTICLE, id, &ref, err);
    if (status == AF_OK)
        status = put_ref(txn, TABLE_ARTICLE_VERSION, version_key(id, ref.version, key), &ref, err);
    return status;
}

/* Everything that can be refused is refused here, before the first write. */
static enum status check_put(struct txn *txn, const struct command *command, struct error *err)
{
    const json_t *cases = json_object_get(command->body, "cases"), *article;
    const json_t *if_version = json_object_get(command->body, "if_version");
    struct article_ref ref = {0};
    enum status status = AF_OK;
    size_t i;

    if (!json_is_array(cases) || json_array_size(cases) == 0 ||
        json_array_size(cases) > ARTICLE_BATCH_MAX)
        return error_set(err, AF_INVALID, "\"cases\" must be a list of 1 to %d cases",
                         ARTICLE_BATCH_MAX);
    json_array_foreach(cases, i, article)
    {
        if ((status = article_validate(article, err)) != AF_OK)
            return status;
        if (json_get_str(article, "id")[0] == '\0' || json_get_str(article, "lang")[0] == '\0')
            return error_set(err, AF_INVALID, "a case to be stored needs \"id\" and \"lang\"");
    }
    if (if_version == NULL)
        return AF_OK;
    article = json_array_get(cases, 0);
    if (!json_is_integer(if_version) || json_array_size(cases) != 1)
        return error_set(err, AF_INVALID, "\"if_version\" is a number and goes with one case");
    status = article_find(txn, bytes_str(json_get_str(article, "id")), &ref, err);
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    if ((json_int_t)ref.version != json_integer_value(if_version))
        return error_set(err, AF_CONFLICT,
                         "the case has version %u, not %lld: somebody changed it meanwhile",
                         ref.version, (long long)json_integer_value(if_version));
    return AF_OK;
}

enum status article_apply_put(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    const json_t *cases = json_object_get(command->body, "cases"), *article;
    struct bytes body = bytes_of(command->line.data + command->body_offset,
                                 command->line.len - command->body_offset - 1);
    struct put_counts counts = {0};
    struct bytes text;
    struct reader r;
    bool ok = true;
    size_t i;
    enum status status = check_put(txn, command, err);

    if (status != AF_OK)
        return status;
    if (!begin_elements(body, &r))
        return error_set(err, AF_INVALID, "the command's body must begin with \"cases\"");
    json_array_foreach(cases, i, article)
    {
        if (!take_element(&r, &text))
            return error_set(err, AF_INVALID, "the command's body is not compact JSON");
        if ((status = put_one(txn, command, article, text, &counts, err)) != AF_OK)
            return status;
    }
    json_put(result, "added", json_integer((json_int_t)counts.added), &ok);
    json_put(result, "updated", json_integer((json_int_t)counts.updated), &ok);
    json_put(result, "unchanged", json_integer((json_int_t)counts.unchanged), &ok);
    if (json_array_size(cases) == 1) {
        json_put(result, "id", json_incref(json_object_get(json_array_get(cases, 0), "id")), &ok);
        json_put(result, "version", json_integer(counts.last.version), &ok);
        json_put(result, "no", json_integer(counts.last.no), &ok);
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for the result");
}
