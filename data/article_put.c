/* The command case.put: new cases, and new versions of old ones. Works from the text of the
 * entry's line; only a case that is not plainly sound becomes a tree, which knows the sentence. */
#include "data/article_impl.h"
#include "data/article_view.h"

#include "data/base/limits.h"
#include "data/sequence.h"

/* One case of the command, as it was before the first write. */
struct put {
    struct bytes id, text;
    uint64_t print;
};

struct putting {
    struct txn *txn;
    const struct command *command;
    struct bytes body;
    struct put *puts; /* in the transaction's arena */
    size_t count;
    struct buf compact, scratch;
    uint64_t added, updated, unchanged;
    struct article_ref last;
    uint32_t next_no; /* 0: no number was asked for yet */
};

/* --- what is refused, before the first write ---------------------------------------------- */

static enum status keep_id(struct putting *putting, struct bytes id, struct put *out,
                           struct error *err)
{
    out->id = arena_copy(txn_arena(putting->txn), id);
    return out->id.data != NULL ? AF_OK : arena_exhausted(txn_arena(putting->txn), err);
}

static enum status read_tree(struct putting *putting, struct bytes text, struct put *out,
                             struct error *err)
{
    json_t *article;
    enum status status = json_parse(text, &article, err);

    if (status != AF_OK)
        return status;
    status = article_validate(article, err);
    if (status == AF_OK &&
        (json_get_str(article, "id")[0] == '\0' || json_get_str(article, "lang")[0] == '\0'))
        status = error_set(err, AF_INVALID, "a case to be stored needs \"id\" and \"lang\"");
    if (status == AF_OK)
        status = article_print(article, &out->print, err);
    if (status == AF_OK)
        status = keep_id(putting, bytes_str(json_get_str(article, "id")), out, err);
    json_decref(article);
    return status;
}

static enum status read_one(struct putting *putting, struct bytes text, struct put *out,
                            struct error *err)
{
    struct article_view view;
    enum status status;

    out->text = text;
    buf_clear(&putting->compact);
    if (!jsontext_compact(text, &putting->compact) ||
        !bytes_equal(buf_bytes(&putting->compact), text) || !article_view_of(text, &view) ||
        !article_view_is_sound(&view, &putting->scratch))
        return read_tree(putting, text, out, err);
    status = article_view_print(&view, &putting->scratch, &out->print, err);
    if (status != AF_OK)
        return status;
    return keep_id(putting, article_view_str(&view, ARTICLE_ID, &putting->scratch), out, err);
}

/* The sentence for a body that is not a list of cases in compact JSON. */
static enum status refuse_body(struct bytes body, struct error *err)
{
    json_t *json, *cases, *article;
    size_t i;
    enum status status = json_parse_stored(body, &json, err);

    if (status != AF_OK)
        return status;
    cases = json_object_get(json, "cases");
    if (!json_is_array(cases) || json_array_size(cases) == 0 ||
        json_array_size(cases) > ARTICLE_BATCH_MAX)
        status = error_set(err, AF_INVALID, "\"cases\" must be a list of 1 to %d cases",
                           ARTICLE_BATCH_MAX);
    json_array_foreach(cases, i, article)
    {
        if (status == AF_OK)
            status = article_validate(article, err);
    }
    if (status == AF_OK)
        status = error_set(err, AF_INVALID,
                           "the command's body must be compact JSON and begin with \"cases\"");
    json_decref(json);
    return status;
}

/* What may stand after the list, for one case alone. */
static enum status check_version(const struct putting *putting, struct bytes rest,
                                 struct error *err)
{
    struct article_ref ref = {0};
    struct buf text = {0};
    json_t *json = NULL, *wanted;
    enum status status;

    buf_add_u8(&text, '{');
    buf_add(&text, bytes_of(rest.data + 1, rest.len - 1));
    if (rest.data[0] != ',' || json_parse(buf_bytes(&text), &json, err) != AF_OK) {
        buf_release(&text);
        return refuse_body(putting->body, err);
    }
    buf_release(&text);
    wanted = json_incref(json_object_get(json, "if_version"));
    json_decref(json);
    if (wanted == NULL)
        return AF_OK;
    status = article_look(putting->txn, putting->puts[0].id, &ref, err);
    if (!json_is_integer(wanted) || putting->count != 1)
        status = error_set(err, AF_INVALID, "\"if_version\" is a number and goes with one case");
    else if (status == AF_NOT_FOUND)
        status = AF_OK; /* version 0 */
    if (status == AF_OK && (json_int_t)ref.version != json_integer_value(wanted))
        status = error_set(err, AF_CONFLICT,
                           "the case has version %u, not %lld: somebody changed it meanwhile",
                           ref.version, (long long)json_integer_value(wanted));
    json_decref(wanted);
    return status;
}

static enum status read_all(struct putting *putting, struct error *err)
{
    struct bytes text, rest;
    struct reader r;
    enum status status = AF_OK;

    if (!cases_begin(putting->body, &r))
        return refuse_body(putting->body, err);
    putting->puts =
        arena_array(txn_arena(putting->txn), ARTICLE_BATCH_MAX, sizeof putting->puts[0]);
    if (putting->puts == NULL)
        return arena_exhausted(txn_arena(putting->txn), err);
    while (status == AF_OK && cases_next(&r, &text)) {
        if (putting->count == ARTICLE_BATCH_MAX)
            return refuse_body(putting->body, err);
        status = read_one(putting, text, &putting->puts[putting->count++], err);
    }
    if (status != AF_OK)
        return status;
    if (putting->count == 0 || reader_left(&r) < 2 || *r.at != ']')
        return refuse_body(putting->body, err);
    rest = bytes_of(r.at + 1, reader_left(&r) - 1);
    return bytes_equal(rest, BYTES_LIT("}")) ? AF_OK : check_version(putting, rest, err);
}

/* --- writing ------------------------------------------------------------------------------ */

static enum status next_number(struct putting *putting, struct bytes id, uint32_t *no,
                               struct error *err)
{
    uint8_t key[4];
    enum status status = AF_OK;

    if (putting->next_no == 0)
        status = sequence_begin(putting->txn, "next_case", &putting->next_no, err);
    if (status == AF_OK && putting->next_no == UINT32_MAX)
        status = error_set(err, AF_CORRUPT, "damaged: table meta, key next_case");
    if (status != AF_OK)
        return status;
    *no = putting->next_no++;
    put_be32(key, *no);
    return store_put(putting->txn, TABLE_ARTICLE_NO, bytes_of(key, sizeof key), id, err);
}

static enum status put_one(struct putting *putting, const struct put *put, struct error *err)
{
    struct article_ref old, ref = {
                                .version = 1,
                                .seq = putting->command->seq,
                                .offset = (size_t)(put->text.data - putting->command->line.data),
                                .length = put->text.len,
                                .print = put->print,
                            };
    enum status status = article_look(putting->txn, put->id, &old, err);
    bool is_new = status == AF_NOT_FOUND;

    if (is_new) {
        putting->added++;
        status = next_number(putting, put->id, &ref.no, err);
    } else if (status != AF_OK) {
        return status;
    } else if (old.print == put->print) {
        putting->unchanged++;
        putting->last = old;
        return AF_OK;
    } else {
        putting->updated++;
        ref.no = old.no;
        ref.version = old.version + 1;
    }
    putting->last = ref;
    return status == AF_OK ? article_save(putting->txn, put->id, &ref, is_new ? NULL : &old, err)
                           : status;
}

static enum status put_all(struct putting *putting, struct error *err)
{
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < putting->count; i++)
        status = put_one(putting, &putting->puts[i], err);
    if (status == AF_OK && putting->next_no != 0)
        status = sequence_end(putting->txn, "next_case", putting->next_no, err);
    return status;
}

static enum status answer(const struct putting *putting, json_t *result, struct error *err)
{
    bool ok = true;

    json_put(result, "added", json_integer((json_int_t)putting->added), &ok);
    json_put(result, "updated", json_integer((json_int_t)putting->updated), &ok);
    json_put(result, "unchanged", json_integer((json_int_t)putting->unchanged), &ok);
    if (putting->count == 1) {
        json_put(result, "id", json_from_bytes(putting->puts[0].id), &ok);
        json_put(result, "version", json_integer(putting->last.version), &ok);
        json_put(result, "no", json_integer(putting->last.no), &ok);
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for the result");
}

enum status article_apply_put(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    struct putting putting = {
        .txn = txn,
        .command = command,
        .body = bytes_of(command->line.data + command->body_offset,
                         command->line.len - command->body_offset - 1),
    };
    enum status status = read_all(&putting, err);

    if (status == AF_OK)
        status = put_all(&putting, err);
    if (status == AF_OK)
        status = answer(&putting, result, err);
    buf_release(&putting.compact);
    buf_release(&putting.scratch);
    return status;
}
