#include "intake/cli/party_print.h"

#include "intake/cli/out.h"

#include <stdio.h>

static void add_plain(struct buf *out, const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    buf_printf(out, "%-12s ", label);
    out_add_plain(out, bytes_str(text));
    buf_add_u8(out, '\n');
}

static void add_list(struct buf *out, const char *label, const json_t *list)
{
    struct buf text = {0};
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        buf_printf(&text, "%s%s", i > 0 ? ", " : "", json_string_value(item));
    }
    add_plain(out, label, buf_str(&text));
    buf_release(&text);
}

static void add_history(struct buf *out, const json_t *history)
{
    const json_t *item;
    size_t i;

    json_array_foreach(history, i, item)
    {
        const char *what = json_get_str(item, "what"), *title = json_get_str(item, "title");

        buf_printf(out, "  %.16s %-8s ", json_get_str(item, "at"), what);
        out_add_plain(out, bytes_str(json_get_str(item, what)));
        buf_printf(out, " %s ", json_get_str(item, "state"));
        out_add_plain(out, bytes_str(title[0] != '\0' ? title : json_get_str(item, "text")));
        buf_add_u8(out, '\n');
    }
}

void party_print(enum party_kind kind, const json_t *record)
{
    static const char *const members[] = {"account", "contact", "name", "kind",  "product",
                                          "serial",  "from",    "to",   "level", "region",
                                          "lang",    "country", "zone", "rep",   "merged_into"};
    const json_t *identities = json_object_get(record, "identities");
    struct buf out = {0};

    add_plain(&out, party_kind_name(kind), json_get_str(record, "id"));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        add_plain(&out, members[i], json_get_str(record, members[i]));
    add_list(&out, "domains", json_object_get(record, "domains"));
    for (unsigned i = 0; i < IDENTITY_OF_CONTACT; i++)
        add_list(&out, identity_name((enum identity_kind)i),
                 json_object_get(identities, identity_name((enum identity_kind)i)));
    add_list(&out, "merged", json_object_get(record, "merged"));
    buf_printf(&out, "%-12s %llu\n", "version",
               (unsigned long long)json_get_u64(record, "version"));
    add_history(&out, json_object_get(record, "history"));
    (void)out_print(&out);
    buf_release(&out);
}

void party_print_line(enum party_kind kind, const json_t *record)
{
    static const char *const members[PARTY_KINDS][5] = {
        [PARTY_ACCOUNT] = {"name", "region",  "rep",     "level",  NULL},
        [PARTY_CONTACT] = {"name", "kind",    "account", "region", NULL},
        [PARTY_ENTITLEMENT] = {"kind", "product", "serial",  "from",   "to"},
    };
    struct buf out = {0};

    out_add_plain(&out, bytes_str(json_get_str(record, "id")));
    for (size_t i = 0; i < 5 && members[kind][i] != NULL; i++) {
        const char *text = json_get_str(record, members[kind][i]);

        buf_add_str(&out, "  ");
        out_add_plain(&out, bytes_str(text[0] != '\0' ? text : "-"));
    }
    buf_add_u8(&out, '\n');
    (void)out_print(&out);
    buf_release(&out);
}
