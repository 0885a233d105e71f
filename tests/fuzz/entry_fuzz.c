/* Journal lines: what is read as an entry has its members, with its body where it says; what
 * journal_compose writes for any command is read as that command. The first byte chooses. */
#include "tests/fuzz/fuzz.h"

#include "data/base/clock.h"
#include "data/journal.h"

static void check_line(struct bytes line)
{
    struct entry entry;
    struct error err;
    json_t *body;
    enum status status = entry_parse(line, &entry, &err);

    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID));
        return;
    }
    ENSURE(entry.seq > 0 && entry.id[0] != '\0' && entry.kind[0] != '\0');
    ENSURE(fuzz_is_inside(entry.body_text, line));
    ENSURE_OK(json_parse(entry.body_text, &body, &err));
    ENSURE(json_equal(body, entry.body));
    json_decref(body);
    json_decref(entry.json);
}

static void check_composed(const char *id, struct bytes text)
{
    struct journal_head head = {41, {{1}}};
    struct command command = {.id = id, .actor = id, .kind = "case.put", .at_ms = 1};
    struct entry entry;
    struct error err;
    struct buf line = {0}, body = {0};
    json_t *json;
    enum status status;

    if (json_parse(text, &json, &err) != AF_OK)
        return;
    ENSURE_OK(json_write(json, false, &body, &err));
    command.body = json;
    status = journal_compose(&head, &command, 1, buf_bytes(&body), &line, &err);
    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID));
    } else if (json_is_object(json) && id[0] != '\0') {
        ENSURE_OK(entry_parse(buf_bytes(&line), &entry, &err));
        ENSURE(entry.seq == 42 && entry.at_ms == 1 && digest_equal(&entry.prev, &head.hash));
        ENSURE(strcmp(entry.id, id) == 0 && strcmp(entry.actor, id) == 0);
        ENSURE(bytes_equal(entry.body_text, buf_bytes(&body)));
        ENSURE(entry.body_text.data == command.line.data + command.body_offset);
        json_decref(entry.json);
    }
    json_decref(json);
    buf_release(&line);
    buf_release(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    uint8_t first = take_u8(&r);

    if (first == '{') {
        check_line(bytes_of(data, size));
    } else {
        struct bytes id = take_bytes(&r, 20);

        check_composed(arena_str(fuzz_arena(), id), take_rest(&r));
    }
    return 0;
}
