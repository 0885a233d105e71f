#include "intake/desk/ticket_split.h"

#include "data/base/limits.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_split.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
    const json_int_t x = *(const json_int_t *)a, y = *(const json_int_t *)b;

    return (x > y) - (x < y);
}

/* In the thread's order, whatever order they were named in. */
static enum status sort_posts(const json_t *posts, json_t **out, struct error *err)
{
    const size_t count = json_array_size(posts);
    json_int_t *numbers;
    bool ok = true;

    if (count > TICKET_POSTS_MAX + 1)
        return error_set(err, AF_TOO_LARGE, "\"posts\" has more than %d entries",
                         TICKET_POSTS_MAX + 1);
    numbers = calloc(count + 1, sizeof *numbers);
    *out = json_array();
    for (size_t i = 0; i < count && numbers != NULL; i++) {
        const json_t *value = json_array_get(posts, i);

        numbers[i] = json_is_integer(value) ? json_integer_value(value) : -1;
    }
    if (numbers != NULL)
        qsort(numbers, count, sizeof *numbers, by_number);
    ok = numbers != NULL && *out != NULL;
    for (size_t i = 0; i < count && ok; i++)
        ok = json_array_append_new(*out, json_integer(numbers[i])) == 0;
    free(numbers);
    if (ok)
        return AF_OK;
    json_decref(*out);
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- its words ------------------------------------------------------------------------------- */

static const char *reported_of(const json_t *old)
{
    const char *reported = json_get_str(old, "reported");

    return reported[0] != '\0' ? reported : json_get_str(old, "at");
}

static const json_t *post_of(const json_t *old, const json_t *number)
{
    return json_array_get(json_object_get(old, "posts"), (size_t)json_integer_value(number) - 1);
}

/* No names: the customer reads it, and is not told who of staff wrote. */
static void add_words(struct buf *text, const char *at, const char *from, const char *words)
{
    buf_printf(text, "%s[%s, %s]\n%s", text->len > 0 ? "\n\n" : "", at, from, words);
}

static void compose(const json_t *old, const json_t *posts, struct buf *text)
{
    const json_t *number;
    size_t i;

    json_array_foreach(posts, i, number)
    {
        const json_t *post;

        if (json_integer_value(number) == 0) {
            const char *words = json_get_str(old, "text");

            add_words(text, reported_of(old), "customer",
                      words[0] != '\0' ? words : json_get_str(old, "title"));
            continue;
        }
        post = post_of(old, number);
        if (!ticket_split_is_hidden(old, post))
            add_words(text, json_get_str(post, "at"), json_get_str(post, "from"),
                      json_get_str(post, "text"));
    }
}

static const char *first_said(const json_t *old, const json_t *posts)
{
    const json_t *first = json_array_get(posts, 0);

    return json_integer_value(first) == 0 ? reported_of(old)
                                          : json_get_str(post_of(old, first), "at");
}

/* --- the command's part ---------------------------------------------------------------------- */

/* Whose the old one is, which an agent may have put right since. */
static void add_party(const json_t *old, json_t *body, bool *ok)
{
    const char *party = json_get_str(old, "party"), *account = json_get_str(old, "account");

    if (party[0] != '\0' || account[0] != '\0')
        json_put(body, "contact", json_pack("{s:s,s:s}", "id", party, "account", account), ok);
}

static json_t *split_body(const struct who *who, const json_t *old, const json_t *posts,
                          struct bytes reason)
{
    json_t *body = json_pack("{s:O,s:O,s:s,s:o}", "from", json_object_get(old, "n"), "posts", posts,
                             "by", who_by(who), "reason", json_from_bytes(reason));
    bool ok = body != NULL;

    if (ok)
        add_party(old, body, &ok);
    if (ok)
        return body;
    json_decref(body);
    return NULL;
}

static struct bytes or_old(struct bytes given, const json_t *old, const char *member)
{
    return given.len > 0 ? given : bytes_str(json_get_str(old, member));
}

static enum status open_split(struct app *app, const struct who *who, const json_t *old,
                              const json_t *posts, const struct ticket_split_input *input,
                              struct ticket_opened *out, struct error *err)
{
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    json_t *split = split_body(who, old, posts, input->reason);
    const bool moved = input->product.len > 0; /* the serial number is the other product's */
    enum status status = AF_OK;

    compose(old, posts, &text);
    if (split == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    else if (!buf_ok(&text))
        status = error_set(err, AF_TOO_LARGE, "the posts' words are more than %d bytes together",
                           TICKET_TEXT_BYTES_MAX);
    else
        status = ticket_open(
            app, who,
            &(struct ticket_input){.class = or_old(input->class, old, "class"),
                                   .severity = or_old(input->severity, old, "severity"),
                                   .channel = bytes_str(json_get_str(old, "channel")),
                                   .title = input->title,
                                   .text = buf_bytes(&text),
                                   .product = or_old(input->product, old, "product"),
                                   .lang = bytes_str(json_get_str(old, "lang")),
                                   .serial = bytes_str(moved ? "" : json_get_str(old, "serial")),
                                   .reported_at = bytes_str(first_said(old, posts)),
                                   .contact = json_object_get(old, "contact"),
                                   .is_incomplete = true,
                                   .split = split,
                                   .key = input->key},
            out, err);
    json_decref(split);
    buf_release(&text);
    return status;
}

static enum status load(struct app *app, uint32_t no, json_t **old, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_load(txn, no, old, err);
    txn_abort(txn);
    return status;
}

enum status ticket_split(struct app *app, const struct who *who, uint32_t no,
                         const struct ticket_split_input *input, struct ticket_opened *out,
                         struct error *err)
{
    struct who writer = *who;
    json_t *old, *posts = NULL;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reason", input->reason, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_require_version(app, who, no, err)) != AF_OK ||
        (status = sort_posts(input->posts, &posts, err)) != AF_OK)
        return status;
    writer.if_version = 0; /* that is the old one's */
    if ((status = load(app, no, &old, err)) == AF_OK) {
        status = ticket_split_check(old, posts, err);
        if (status == AF_OK)
            status = open_split(app, &writer, old, posts, input, out, err);
        json_decref(old);
    }
    json_decref(posts);
    return status;
}
