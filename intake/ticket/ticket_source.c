#include "intake/ticket/ticket_source.h"

#include "data/article.h"
#include "indexer/text/language.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_text.h"

#include <stdio.h>

/* --- as a document ------------------------------------------------------------------------ */

struct document_making {
    struct txn *txn;
    json_t *document;
};

/* A member that comes again is a list. */
static bool put_text(json_t *document, const char *member, json_t *text)
{
    json_t *there = json_object_get(document, member), *list;

    if (there == NULL || text == NULL)
        return json_object_set_new(document, member, text) == 0;
    if (json_is_array(there))
        return json_array_append_new(there, text) == 0;
    list = json_pack("[O,o]", there, text);
    return json_object_set_new(document, member, list) == 0;
}

/* A case that is hidden by now, or damaged, adds nothing. */
static bool put_title(struct document_making *making, struct bytes id)
{
    struct article_ref ref;
    json_t *article;
    bool ok;

    if (article_look(making->txn, id, &ref, NULL) != AF_OK ||
        article_read(making->txn, &ref, &article, NULL) != AF_OK)
        return true;
    ok = put_text(making->document, "resolution", json_string(article_first(article, "title")));
    json_decref(article);
    return ok;
}

static bool add_member(void *context, const char *member, struct bytes text)
{
    struct document_making *making = context;

    if (text.len == 0)
        return true;
    if (strcmp(member, TICKET_TEXT_CASE) == 0)
        return put_title(making, text);
    return put_text(making->document, member, json_from_bytes(text));
}

/* In the ticket's own language, or the one it seems to be in. */
static bool put_lang(const json_t *ticket, json_t *document)
{
    const char *texts[] = {json_get_str(ticket, "text"), json_get_str(ticket, "title")};
    const char *lang = json_get_str(ticket, "lang");

    for (size_t i = 0; i < 2 && lang[0] == '\0'; i++)
        lang = language_detect(bytes_str(texts[i]), "");
    return json_object_set_new(document, "lang", json_string(lang)) == 0;
}

static enum status document_of(struct txn *txn, const json_t *ticket, json_t **out,
                               struct error *err)
{
    struct document_making making = {txn, NULL};
    char id[16];

    (void)snprintf(id, sizeof id, "%u", (unsigned)json_get_u64(ticket, "n"));
    making.document = json_pack("{s:s,s:s}", "id", id, "audience", "internal");
    if (making.document == NULL || !ticket_text_each(ticket, add_member, &making) ||
        !put_lang(ticket, making.document)) {
        json_decref(making.document);
        return error_set(err, AF_NO_MEMORY, "no memory for finding tickets");
    }
    *out = making.document;
    return AF_OK;
}

/* --- the source --------------------------------------------------------------------------- */

static struct article_ref ref_of(const json_t *ticket)
{
    const json_t *indexed = json_object_get(ticket, "indexed");

    return (struct article_ref){.no = (uint32_t)json_get_u64(ticket, "n"),
                                .version = (uint32_t)json_get_u64(indexed, "version"),
                                .seq = json_get_u64(indexed, "seq")};
}

static enum status load_by_id(struct txn *txn, struct bytes id, json_t **out, struct error *err)
{
    uint32_t no;

    if (!ticket_parse_no(id, &no))
        return error_set(err, AF_NOT_FOUND, "there is no ticket %.*s",
                         (int)(id.len < 20 ? id.len : 20), (const char *)id.data);
    return ticket_load(txn, no, out, err);
}

static enum status find_ticket(struct txn *txn, struct bytes id, struct article_ref *out,
                               struct error *err)
{
    json_t *ticket;
    enum status status = load_by_id(txn, id, &ticket, err);

    if (status != AF_OK)
        return status;
    *out = ref_of(ticket);
    json_decref(ticket);
    return AF_OK;
}

/* Only the newest text is kept. */
static enum status read_ticket(struct txn *txn, struct bytes id, uint32_t version, json_t **out,
                               struct error *err)
{
    json_t *ticket;
    enum status status = load_by_id(txn, id, &ticket, err);

    (void)version;
    if (status != AF_OK)
        return status;
    status = document_of(txn, ticket, out, err);
    json_decref(ticket);
    return status;
}

static enum status show(struct txn *txn, uint32_t no, article_view_fn each, void *context,
                        struct error *err)
{
    json_t *ticket, *document = NULL;
    struct article_view view;
    struct article_ref ref;
    struct buf text = {0};
    enum status status = ticket_load(txn, no, &ticket, err);

    if (status != AF_OK)
        return status;
    ref = ref_of(ticket);
    status = document_of(txn, ticket, &document, err);
    json_decref(ticket);
    if (status == AF_OK)
        status = json_write(document, false, &text, err);
    json_decref(document);
    if (status == AF_OK && !article_view_of(buf_bytes(&text), &view))
        status = error_set(err, AF_CORRUPT, "ticket %u cannot be read", no);
    if (status == AF_OK)
        status = each(context, &ref, &view, err);
    buf_release(&text);
    return status;
}

/* A ticket has one row, so each comes once; an older document of it is there from version 2 on. */
static enum status tickets_of_entry(struct txn *txn, uint64_t seq, uint64_t since,
                                    struct buf *replaced, article_view_fn each, void *context,
                                    struct error *err)
{
    uint32_t no = 0;
    bool found = true;
    enum status status = AF_OK;

    (void)since;
    (void)replaced;
    while (status == AF_OK && found) {
        status = ticket_text_next(txn, seq, &no, &found, err);
        if (status == AF_OK && found)
            status = show(txn, no, each, context, err);
    }
    return status;
}

const struct index_source index_tickets = {
    .folder = "index-tickets",
    .learns = false,
    .entry = tickets_of_entry,
    .find = find_ticket,
    .read = read_ticket,
};
