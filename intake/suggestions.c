#include "intake/suggestions.h"

#include "data/base/json.h"
#include "data/base/utf8.h"
#include "intake/hits.h"

static json_t *item_json(const struct suggested *item)
{
    json_t *json = json_pack("{s:s,s:o,s:o}", "kind", suggest_kind_name(item->kind), "text",
                             json_from_bytes(item->text.text), "marks", marks_json(&item->text));
    bool ok = json != NULL;

    if (ok && item->id.len > 0)
        json_put(json, "id", json_from_bytes(item->id), &ok);
    if (ok && item->lang.len > 0)
        json_put(json, "lang", json_from_bytes(item->lang), &ok);
    if (!ok) {
        json_decref(json);
        return NULL;
    }
    return json;
}

json_t *suggest_result_json(struct bytes typed, const struct suggest_result *result)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list != NULL && i < result->count; i++)
        if (json_array_append_new(list, item_json(&result->items[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return json_pack("{s:o,s:f,s:o}", "typed", query_json(typed), "took_ms",
                     (double)result->took_us / 1000.0, "suggestions", list);
}
