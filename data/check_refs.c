/* What a case's records point at, and whether all of it adds up. A record that is only missing here
 * is named here; one that is damaged was named when its own table was walked, so lookups that
 * answer AF_CORRUPT are passed over. */
#include "data/check_impl.h"

#include <string.h>

/* --- cases -------------------------------------------------------------------------------- */

static bool same_ref(const struct article_ref *a, const struct article_ref *b)
{
    return a->no == b->no && a->version == b->version && a->seq == b->seq &&
           a->offset == b->offset && a->length == b->length && a->print == b->print;
}

void check_article_no_row(struct check *check, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    struct article_ref ref;
    enum status status = article_find(check->txn, body, &ref, NULL);
    uint32_t no = 0;
    char text[64];

    (void)reader_be32(&r, &no);
    key_text(body, text, sizeof text);
    if (status == AF_NOT_FOUND)
        check_fault(check, "damaged: table case_no, key %u: there is no case %s", no, text);
    else if (status == AF_OK && ref.no != no)
        check_fault(check, "damaged: table case_no, key %u: case %s has number %u", no, text,
                    ref.no);
}

/* The text of a case, in the entry's line when that was asked for just before. Most cases stand
 * beside the one looked at before; those that do not are not worth the whole line. */
static enum status find_text(struct check *check, const struct article_ref *ref, struct bytes *text)
{
    struct bytes line;
    enum status status;

    if (check->line_seq != ref->seq) {
        check->line_seq = ref->seq;
        buf_clear(&check->line);
        return article_text(check->txn, ref, text, NULL);
    }
    if (check->line.len == 0) {
        if ((status = journal_line(check->txn, ref->seq, &line, NULL)) != AF_OK)
            return status;
        buf_add(&check->line, line);
    }
    line = buf_bytes(&check->line);
    if (!buf_ok(&check->line))
        return AF_NO_MEMORY;
    if (ref->offset > line.len || ref->length > line.len - ref->offset)
        return AF_NOT_FOUND;
    *text = bytes_of(line.data + ref->offset, ref->length);
    return AF_OK;
}

/* An entry that is damaged was named in its own table. */
static bool entry_is_sound(struct check *check, uint64_t seq)
{
    struct bytes line;

    return journal_line(check->txn, seq, &line, NULL) == AF_OK;
}

static void check_text(struct check *check, struct bytes id, const struct article_ref *ref,
                       const char *name)
{
    const char *table = table_name(check->table);
    struct bytes text;
    json_t *json = NULL;
    uint64_t print = 0;
    enum status status = find_text(check, ref, &text);

    if (status == AF_NO_MEMORY || (status == AF_CORRUPT && !entry_is_sound(check, ref->seq)))
        return;
    if (status != AF_OK || json_parse(text, &json, NULL) != AF_OK ||
        !bytes_equal(bytes_str(json_get_str(json, "id")), id))
        check_fault(check, "damaged: table %s, key %s, version %u: entry %llu has not its text",
                    table, name, ref->version, number(ref->seq));
    else if (article_print(json, &print, NULL) == AF_OK && print != ref->print)
        check_fault(check, "damaged: table %s, key %s, version %u: its text is another", table,
                    name, ref->version);
    json_decref(json);
}

void check_article_row(struct check *check, struct bytes key, struct bytes body)
{
    struct article_ref ref, kept;
    struct bytes id;
    enum status status;
    char text[64];

    (void)body;
    key_text(key, text, sizeof text);
    if (article_find(check->txn, key, &ref, NULL) != AF_OK || ref.no == 0 || ref.version == 0) {
        check_fault(check, "damaged: table case, key %s: not what belongs there", text);
        return;
    }
    /* A store of the older format keeps the newest version there as well. */
    status = article_find_kept(check->txn, key, ref.version, &kept, NULL);
    check->versions_expected += ref.version - (status == AF_NOT_FOUND);
    if (status == AF_OK && !same_ref(&ref, &kept))
        check_fault(check, "damaged: table case, key %s: version %u is kept otherwise", text,
                    ref.version);
    check_text(check, key, &ref, text);
    status = article_id_of(check->txn, ref.no, &id, NULL);
    if (status == AF_NOT_FOUND || (status == AF_OK && !bytes_equal(id, key)))
        check_fault(check, "damaged: table case, key %s: number %u belongs to %s", text, ref.no,
                    status == AF_OK ? "another case" : "no case");
}

void check_version_row(struct check *check, struct bytes key, struct bytes body)
{
    struct bytes id = bytes_of(key.data, key.len - 5);
    struct reader r = reader_of(bytes_of(key.data + id.len, 5));
    bool same_case = bytes_equal(id, buf_bytes(&check->id));
    struct article_ref ref, newest;
    uint32_t version = 0;
    enum status status;
    char name[64];
    uint8_t zero = 1;

    (void)body;
    (void)reader_u8(&r, &zero);
    (void)reader_be32(&r, &version);
    key_text(id, name, sizeof name);
    if (zero != 0 || version == 0 ||
        article_find_kept(check->txn, id, version, &ref, NULL) != AF_OK || ref.version != version)
        check_fault(check, "damaged: table case_version, key %s: not what belongs there", name);
    else {
        if (version != (same_case ? check->version + 1 : 1))
            check_fault(check,
                        "damaged: table case_version, key %s: versions before %u are missing", name,
                        version);
        status = article_find(check->txn, id, &newest, NULL);
        if (status == AF_NOT_FOUND ||
            (status == AF_OK && (newest.no != ref.no || newest.version < version)))
            check_fault(check, "damaged: table case_version, key %s, version %u: %s", name, version,
                        status == AF_OK ? "the case is kept otherwise" : "no such case");
        check_text(check, id, &ref, name);
    }
    buf_clear(&check->id);
    buf_add(&check->id, id);
    check->version = version;
}

/* --- before and after --------------------------------------------------------------------- */

static void pass_on(void *context, const char *sentence)
{
    check_fault(context, "%s", sentence);
}

/* What the ledger cannot go on from is a fault of it, not of the check. */
static enum status as_fault(struct check *check, enum status status, const struct error *why,
                            struct error *err)
{
    if (status == AF_OK)
        return AF_OK;
    if (status == AF_NO_MEMORY)
        return error_set(err, status, "%s", why->text);
    check_fault(check, "%s", why->text);
    return AF_OK;
}

static enum status newest_remembered(struct check *check, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    struct reader r;
    uint64_t at_ms;
    enum status status =
        cursor_open(check->txn, TABLE_DONE_AGE, BYTES_NONE, WALK_DOWN, &cursor, err);

    if (status != AF_OK)
        return status == AF_NO_MEMORY ? status : AF_OK;
    if (cursor_next(cursor, &key, &body, NULL) == AF_OK) {
        r = reader_of(key);
        if (reader_be64(&r, &at_ms) && at_ms <= INT64_MAX)
            check->remembered_ms = (int64_t)at_ms;
    }
    cursor_close(cursor);
    return AF_OK;
}

enum status check_refs_begin(struct check *check, struct error *err)
{
    struct error why;
    enum status status = journal_head(check->txn, &check->counts->journal, &why);

    check->at_is_known = true;
    status = as_fault(check, status, &why, err);
    if (status == AF_OK)
        status = as_fault(check, ledger_head(check->txn, &check->counts->ledger, &why), &why, err);
    return status == AF_OK ? newest_remembered(check, err) : status;
}

static void check_totals(struct check *check)
{
    const uint64_t *values = check->counts->values;
    const struct journal_head *head = &check->counts->journal;
    struct bytes body;
    uint32_t next = 1;

    if (check->at.seq != head->seq ||
        (check->at_is_known && !digest_equal(&check->at.hash, &head->hash)))
        check_fault(check,
                    "damaged: table journal does not end with entry %llu as its head says: the "
                    "last entries were changed or removed",
                    number(head->seq));
    if (values[TABLE_DONE] != values[TABLE_DONE_AGE])
        check_fault(check, "damaged: table done has %llu commands, table done_age %llu",
                    number(values[TABLE_DONE]), number(values[TABLE_DONE_AGE]));
    if (values[TABLE_ARTICLE] != values[TABLE_ARTICLE_NO])
        check_fault(check, "damaged: table case has %llu cases, table case_no %llu",
                    number(values[TABLE_ARTICLE]), number(values[TABLE_ARTICLE_NO]));
    if (values[TABLE_ARTICLE_VERSION] != check->versions_expected)
        check_fault(check, "damaged: table case_version has %llu versions and should have %llu",
                    number(values[TABLE_ARTICLE_VERSION]), number(check->versions_expected));
    if (store_get(check->txn, TABLE_META, BYTES_LIT("next_case"), &body, NULL) == AF_OK) {
        struct reader r = reader_of(body);

        (void)reader_be32(&r, &next);
    }
    if (next != values[TABLE_ARTICLE_NO] + 1)
        check_fault(check, "damaged: table meta, key next_case: %u does not follow %llu cases",
                    next, number(values[TABLE_ARTICLE_NO]));
}

enum status check_refs_end(struct check *check, struct error *err)
{
    struct error why;
    uint64_t ignored;
    enum status status;

    check_totals(check);
    status = ledger_verify(check->txn, pass_on, check, &ignored, &why);
    status = as_fault(check, status, &why, err);
    if (status == AF_OK)
        status = as_fault(check, ledger_verify_seen(check->txn, pass_on, check, &why), &why, err);
    if (status == AF_OK)
        status =
            as_fault(check, ledger_recount(check->txn, pass_on, check, &ignored, &why), &why, err);
    return status;
}
