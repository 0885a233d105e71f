#include "search/another_spelling.h"

/* *found: does this asker find a case that has it word for word? */
static enum status find_phrase(struct searcher *searcher, const struct search_request *request,
                               struct bytes phrase, struct arena *arena, bool *found,
                               struct error *err)
{
    struct search_request again = {.limit = 1, .audience = request->audience};
    struct suggestion none;
    struct search_result result;
    struct buf quoted = {0};
    enum status status;

    buf_add_u8(&quoted, '"');
    buf_add(&quoted, phrase);
    buf_add_u8(&quoted, '"');
    again.query = buf_bytes(&quoted);
    status = buf_status(&quoted, "a suggestion", err);
    if (status == AF_OK)
        status = search_once(searcher, &again, arena, &result, &none, err);
    *found = status == AF_OK && result.hits_count > 0;
    buf_release(&quoted);
    return status;
}

/* Does every gram that was put right stand somewhere as it stands in the suggestion? */
static enum status check_grams(struct searcher *searcher, const struct search_request *request,
                               const struct suggestion *suggestion, struct arena *arena, bool *ok,
                               struct error *err)
{
    enum status status = AF_OK;

    *ok = true;
    for (uint32_t i = 0; status == AF_OK && *ok && i < suggestion->grams_count; i++) {
        const struct suggestion_gram *gram = &suggestion->grams[i];

        status = find_phrase(searcher, request, gram->with[0], arena, ok, err);
        if (status == AF_OK && !*ok && gram->with[1].len > 0)
            status = find_phrase(searcher, request, gram->with[1], arena, ok, err);
    }
    return status;
}

/* A suggestion is worth saying when it finds what it says, for this asker, and much more of it. */
enum status another_spelling_try(struct searcher *searcher, const struct search_request *request,
                                 const struct suggestion *suggestion, struct arena *arena,
                                 struct search_result *out, struct error *err)
{
    struct search_request again = {.query = suggestion->text,
                                   .limit = 1,
                                   .product = request->product,
                                   .category = request->category,
                                   .lang = request->lang,
                                   .page_lang = request->page_lang,
                                   .audience = request->audience};
    struct suggestion none;
    struct search_result found;
    bool ok = false;
    enum status status = search_once(searcher, &again, arena, &found, &none, err);

    if (status == AF_OK && found.hits_count > 0 &&
        (found.hits[0].reasons & (REASON_TYPO | REASON_SOUND)) == 0 &&
        found.total >= SUGGESTION_GAIN * suggestion->typed_most)
        status = check_grams(searcher, request, suggestion, arena, &ok, err);
    if (status == AF_OK && ok)
        out->suggestion = suggestion->text;
    return status;
}
