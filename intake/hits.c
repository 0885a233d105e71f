#include "intake/hits.h"

#include "data/base/utf8.h"
#include "intake/explained.h"
#include "intake/facets.h"

json_t *reasons_json(unsigned reasons)
{
    json_t *list = json_array();

    for (unsigned i = 0; list != NULL && i < REASON_COUNT; i++)
        if ((reasons & 1u << i) != 0 &&
            json_array_append_new(list, json_string(reason_name((enum reason)(1u << i)))) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *marks_json(const struct marked_text *text)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list != NULL && i < text->marks_count; i++)
        if (json_array_append_new(list, json_pack("[I,I]", (json_int_t)text->marks[i].start,
                                                  (json_int_t)text->marks[i].end)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *hit_json(const struct hit *hit)
{
    return json_pack("{s:o,s:o,s:f,s:o,s:o,s:o,s:o,s:I,s:f,s:o,s:o}", "id",
                     json_from_bytes(hit->id), "title", json_from_bytes(hit->title.text), "score",
                     hit->score, "lang", json_from_bytes(hit->lang), "product",
                     json_from_bytes(hit->product), "snippet", json_from_bytes(hit->snippet.text),
                     "reasons", reasons_json(hit->reasons), "version", (json_int_t)hit->version,
                     "coverage", hit->coverage, "title_marks", marks_json(&hit->title),
                     "snippet_marks", marks_json(&hit->snippet));
}

json_t *hits_json(const struct search_result *result)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list != NULL && i < result->hits_count; i++)
        if (json_array_append_new(list, hit_json(&result->hits[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *query_json(struct bytes query)
{
    struct buf clean = {0};
    json_t *json;

    utf8_add_clean(&clean, query);
    json = buf_ok(&clean) ? json_from_bytes(buf_bytes(&clean)) : NULL;
    buf_release(&clean);
    return json;
}

json_t *search_result_json(struct bytes query, const struct search_result *result)
{
    json_t *json = json_pack("{s:o,s:I,s:f,s:o}", "query", query_json(query), "total",
                             (json_int_t)result->total, "took_ms", (double)result->took_us / 1000.0,
                             "hits", hits_json(result));
    bool ok = json != NULL;

    if (ok)
        json_put(json, "verdict", json_string(verdict_name(result->confidence.verdict)), &ok);
    if (ok)
        json_put(json, "confidence", json_real(result->confidence.value), &ok);
    if (ok && result->total_is_estimate)
        json_put(json, "total_is_estimate", json_true(), &ok);
    if (ok && result->query_cut)
        json_put(json, "query_cut", json_true(), &ok);
    if (ok && result->degraded)
        json_put(json, "degraded", json_true(), &ok);
    if (ok && result->read_as.len > 0)
        json_put(json, "read_as", json_from_bytes(result->read_as), &ok);
    if (ok && result->suggestion.len > 0)
        json_put(json, "suggestion", json_from_bytes(result->suggestion), &ok);
    if (ok && result->facets_count > 0)
        json_put(json, "facets", facets_json(result->facets, result->facets_count), &ok);
    if (ok && result->explanation != NULL)
        json_put(json, "explain", explained_json(result->explanation), &ok);
    if (!ok) {
        json_decref(json);
        return NULL;
    }
    return json;
}
