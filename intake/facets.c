#include "intake/facets.h"

/* Who may see a case is nobody's choice. */
static const char *const names[COLUMN_COUNT] = {
    [COLUMN_LANG] = "lang", [COLUMN_PRODUCT] = "product", [COLUMN_CATEGORY] = "category"};

static enum status parse_one(struct bytes word, unsigned *columns, struct error *err)
{
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        if (names[i] != NULL && bytes_equal(word, bytes_str(names[i]))) {
            *columns |= 1u << i;
            return AF_OK;
        }
    return error_set(err, AF_INVALID, "facets are of product, category, lang, not \"%.*s\"",
                     (int)(word.len < 40 ? word.len : 40), (const char *)word.data);
}

enum status facets_parse(struct bytes text, unsigned *columns, struct error *err)
{
    enum status status = AF_OK;

    *columns = 0;
    while (status == AF_OK && text.len > 0) {
        const uint8_t *comma = memchr(text.data, ',', text.len);
        size_t len = comma == NULL ? text.len : (size_t)(comma - text.data);

        status = parse_one(bytes_of(text.data, len), columns, err);
        text = comma == NULL ? BYTES_NONE : bytes_of(comma + 1, text.len - len - 1);
    }
    return status;
}

const char *facet_name(const struct facet *facet)
{
    return names[facet->column];
}

static json_t *values_json(const struct facet *facet)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list != NULL && i < facet->count; i++)
        if (json_array_append_new(list, json_pack("{s:o,s:I}", "value",
                                                  json_from_bytes(facet->values[i].value), "count",
                                                  (json_int_t)facet->values[i].count)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *facets_json(const struct facet *facets, uint32_t count)
{
    json_t *json = json_object();
    bool ok = json != NULL;

    for (uint32_t i = 0; ok && i < count; i++)
        json_put(json, facet_name(&facets[i]),
                 json_pack("{s:b,s:o}", "complete", !facets[i].is_least, "values",
                           values_json(&facets[i])),
                 &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
