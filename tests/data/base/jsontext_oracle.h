/* jsontext_oracle.h: jsontext against jansson, for the tests and the fuzz target: what the one
 * takes the other takes, and they mean the same. */
#ifndef ASKFIRST_TESTS_DATA_BASE_JSONTEXT_ORACLE_H
#define ASKFIRST_TESTS_DATA_BASE_JSONTEXT_ORACLE_H

#include "data/base/json.h"
#include "data/base/jsontext.h"

/* Is there something in it that jsontext leaves to jansson by its own words? Members are counted
 * generously: all of the value instead of those that are open at once. */
static inline bool oracle_is_left(const json_t *json, size_t *members)
{
    json_t *object = (json_t *)(uintptr_t)json; /* jansson's iterator takes no const */
    json_int_t v = json_integer_value(json);

    if (json_is_real(json) || v > 999999999999999999 || v < -999999999999999999)
        return true;
    for (size_t i = 0; i < json_array_size(json); i++)
        if (oracle_is_left(json_array_get(json, i), members))
            return true;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at))
        if (++*members > JSONTEXT_KEYS_MAX || oracle_is_left(json_object_iter_value(at), members))
            return true;
    return false;
}

/* A walk over compact text meets the same members, elements and strings as the tree. */
static inline bool oracle_walks(struct bytes text, const json_t *json)
{
    struct bytes name, value;
    struct buf said = {0};
    struct reader r;
    size_t i = 0;
    bool same = true;

    if (json_is_string(json)) {
        jsontext_unescape(text, &said);
        same = jsontext_is_string(text) && buf_ok(&said) &&
               bytes_equal(buf_bytes(&said),
                           bytes_of(json_string_value(json), json_string_length(json)));
    } else if (json_is_array(json)) {
        same = jsontext_enter(text, '[', &r);
        for (; same && jsontext_element(&r, &value) == JSONTEXT_VALUE; i++)
            same = oracle_walks(value, json_array_get(json, i));
        same = same && i == json_array_size(json) && reader_left(&r) == 1;
    } else if (json_is_object(json)) {
        void *at = json_object_iter((json_t *)(uintptr_t)json);

        same = jsontext_enter(text, '{', &r);
        for (; same && jsontext_member(&r, &name, &value) == JSONTEXT_VALUE; i++) {
            buf_clear(&said);
            jsontext_unescape(bytes_of(name.data - 1, name.len + 2), &said);
            same = at != NULL &&
                   bytes_equal(buf_bytes(&said), bytes_str(json_object_iter_key(at))) &&
                   oracle_walks(value, json_object_iter_value(at));
            at = json_object_iter_next((json_t *)(uintptr_t)json, at);
        }
        same = same && i == json_object_size(json) && reader_left(&r) == 1;
    }
    buf_release(&said);
    return same;
}

/* NULL, or what they do not agree on. */
static inline const char *oracle_disagreement(struct bytes text)
{
    struct buf mine = {0}, theirs = {0}, again = {0};
    json_t *json = NULL;
    size_t members = 0;
    const char *what = NULL;
    bool taken = jsontext_compact(text, &mine);

    if (json_parse(text, &json, NULL) != AF_OK) {
        what = taken ? "taken, and jansson refuses it" : NULL;
    } else if (!taken) {
        /* "-0" is lost in a tree; it may stand in a string as well, which costs nothing. */
        bool is_left = oracle_is_left(json, &members) ||
                       (text.len > 1 && memmem(text.data, text.len, "-0", 2) != NULL);

        what = is_left ? NULL : "refused, and jansson takes it";
    } else if (json_write(json, false, &theirs, NULL) != AF_OK ||
               !bytes_equal(buf_bytes(&mine), buf_bytes(&theirs))) {
        what = "written otherwise than jansson does";
    } else if (!jsontext_compact(buf_bytes(&mine), &again) ||
               !bytes_equal(buf_bytes(&mine), buf_bytes(&again))) {
        what = "compact text is not what it was made of itself";
    } else if (!oracle_walks(buf_bytes(&mine), json)) {
        what = "a walk meets something else";
    }
    if (what == NULL && !taken && mine.len > 0)
        what = "refused, and something was written";
    json_decref(json);
    buf_release(&mine);
    buf_release(&theirs);
    buf_release(&again);
    return what;
}

#endif
