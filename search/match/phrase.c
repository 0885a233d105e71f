#include "search/match/phrase.h"

#include "indexer/index_source.h"
#include "search/match/span.h"

static enum status field_has(const struct plan *plan, const json_t *article, enum field field,
                             struct buf *text, struct bytes phrase, bool *has, struct error *err)
{
    struct folded folded;
    enum status status;

    buf_clear(text);
    field_text(article, field, text);
    if ((status = buf_status(text, "reading a case", err)) != AF_OK ||
        (status = folder_run(plan->folder, buf_bytes(text), &folded, err)) != AF_OK)
        return status;
    *has = span_has_phrase(folded.text, phrase);
    return AF_OK;
}

static enum status article_has(const struct plan *plan, const json_t *article, bool *has,
                               struct error *err)
{
    enum status status = AF_OK;
    struct buf text = {0};

    *has = true;
    for (uint32_t i = 0; status == AF_OK && *has && i < plan->query->phrases_count; i++) {
        *has = false;
        for (enum field f = 0; status == AF_OK && !*has && f < FIELD_COUNT; f++)
            status = field_has(plan, article, f, &text, plan->query->phrases[i], has, err);
    }
    buf_release(&text);
    return status;
}

enum status phrase_check(const struct plan *plan, const struct document *document, bool *has,
                         struct error *err)
{
    const struct index_source *source = snapshot_source(plan->lexicon->snapshot);
    json_t *article;
    enum status status = source->read(plan->txn, document->id, document->version, &article, err);

    if (status != AF_OK)
        return status;
    status = article_has(plan, article, has, err);
    json_decref(article);
    return status;
}
