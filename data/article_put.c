/* The command case.put: new cases, and new versions of old ones. */
#include "data/article_impl.h"

#include "data/base/limits.h"
#include "data/sequence.h"

struct put_counts {
    uint64_t added, updated, unchanged;
    struct article_ref last;
};

static enum status put_one(struct txn *txn, const struct command *command, const json_t *article,
                           struct bytes text, struct put_counts *counts, struct error *err)
{
    struct bytes id = bytes_str(json_get_str(article, "id"));
    struct article_ref old, ref = {.seq = command->seq, .length = text.len};
    uint8_t no[4];
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
        put_be32(no, ref.no);
        if ((status = store_put(txn, TABLE_ARTICLE_NO, bytes_of(no, 4), id, err)) != AF_OK)
            return status;
    }
    counts->last = ref;
    return article_save(txn, id, &ref, is_new ? NULL : &old, err);
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
    if (!cases_begin(body, &r))
        return error_set(err, AF_INVALID, "the command's body must begin with \"cases\"");
    json_array_foreach(cases, i, article)
    {
        if (!cases_next(&r, &text))
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
