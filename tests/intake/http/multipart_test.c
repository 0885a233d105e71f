#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/http/multipart.h"

/* What was read, as text: "name|file name|content;" for each part. */
struct heard {
    struct buf text;
    const char *refuses; /* content of this part's name */
    bool is_refused;
};

static enum status hear_begin(void *context, const struct disposition *part, struct error *err)
{
    struct heard *heard = context;

    buf_add(&heard->text, part->name);
    buf_add_u8(&heard->text, '|');
    buf_add(&heard->text, part->file_name);
    buf_add_u8(&heard->text, '|');
    heard->is_refused =
        heard->refuses != NULL && bytes_equal(part->name, bytes_str(heard->refuses));
    (void)err;
    return AF_OK;
}

static enum status hear_data(void *context, struct bytes piece, struct error *err)
{
    struct heard *heard = context;

    if (heard->is_refused)
        return error_set(err, AF_DENIED, "not wanted");
    buf_add(&heard->text, piece);
    return AF_OK;
}

static enum status hear_end(void *context, struct error *err)
{
    (void)err;
    buf_add_u8(&((struct heard *)context)->text, ';');
    return AF_OK;
}

static enum status read_form(const char *type, struct bytes body, size_t piece, struct heard *heard,
                             struct error *err)
{
    const struct multipart_sink sink = {hear_begin, hear_data, hear_end, heard};
    struct multipart *multipart;
    enum status status = multipart_new(bytes_str(type), &sink, &multipart, err);

    buf_clear(&heard->text);
    if (status != AF_OK)
        return status;
    for (size_t at = 0; status == AF_OK && at < body.len; at += piece)
        status = multipart_feed(
            multipart, bytes_of(body.data + at, body.len - at < piece ? body.len - at : piece),
            err);
    if (status == AF_OK)
        status = multipart_finish(multipart, err);
    multipart_free(multipart);
    return status;
}

#define TYPE "multipart/form-data; boundary=XyZ"
#define PART(name, content)                                                                        \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content "\r\n"
#define FILE_PART(name, file, content)                                                             \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file                 \
    "\"\r\nContent-Type: text/plain\r\n\r\n" content "\r\n"

static void parts_are_read_however_they_are_cut(void **state)
{
    static const struct {
        struct bytes body;
        const char *heard;
    } rows[] = {
        {BYTES_LIT(PART("a",                    "1") "--XyZ--\r\n"),                        "a||1;"},
        {BYTES_LIT(PART("a",                                     "1") "--XyZ--"),                                                              "a||1;"},
        {BYTES_LIT(PART("a",                              "") FILE_PART("f",           "x.txt", "one\r\ntwo") "--XyZ--"),
         "a||;f|x.txt|one\r\ntwo;"},
        {BYTES_LIT(PART("a","\r\n--XyY\r\n--Xy\r\n-") "--XyZ--"),                "a||\r\n--XyY\r\n--Xy\r\n-;"},
        {BYTES_LIT(PART("a",             "--XyZ is no delimiter inside a line") "--XyZ--"),
         "a||--XyZ is no delimiter inside a line;"},
        {BYTES_LIT(PART("a",           "\r\r\n") "--XyZ--"),          "a||\r\r\n;"},
        {BYTES_LIT("--XyZ--"),                    ""},
    };
    struct heard heard = {0};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t piece = 1; piece <= rows[i].body.len; piece++) {
            assert_ok(read_form(TYPE, rows[i].body, piece, &heard, &err));
            assert_string_equal(rows[i].heard, buf_str(&heard.text));
        }
    buf_release(&heard.text);
}

static void what_is_malformed_is_refused(void **state)
{
    static const struct bytes bodies[] = {
        BYTES_LIT(""),
        BYTES_LIT("--Xy"),
        BYTES_LIT("--XyZ"),
        BYTES_LIT("--XyZ-"),
        BYTES_LIT("before\r\n" PART("a", "1") "--XyZ--"),
        BYTES_LIT(PART("a", "1") "--XyZ--\r\nafter"),
        BYTES_LIT(PART("a", "1") "--XyZ"),
        BYTES_LIT(PART("a", "1")),
        BYTES_LIT(PART("a", "1") "--XyZ \r\n"),
        BYTES_LIT("--XyZ\r\n\r\nno header\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Type: text/plain\r\n\r\n1\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: "
                  "base64\r\n\r\nMQ==\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: "
                  "form-data; name=b\r\n\r\n1\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n1\r\n--XyZ--"),
        BYTES_LIT("--XyZ\r\nContent-Disposition: form-data; name=\"a\nb\"\r\n\r\n1\r\n--XyZ--"),
    };
    struct heard heard = {0};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        for (size_t piece = 1; piece <= bodies[i].len + 1; piece += 7)
            assert_refused(AF_INVALID, read_form(TYPE, bodies[i], piece, &heard, &err));
    buf_release(&heard.text);
}

static void the_boundary_is_found_in_the_type(void **state)
{
    static const char *const good[] = {
        "multipart/form-data; boundary=XyZ",
        "Multipart/Form-Data;boundary=\"XyZ\"",
        "multipart/form-data; charset=utf-8; Boundary=XyZ; x=y",
    };
    static const char *const bad[] = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"XyZ",
        "multipart/mixed; boundary=XyZ",
        "multipart/form-data; boundary=a\"b",
        "multipart/form-data; boundary="
        "12345678901234567890123456789012345678901234567890123456789012345678901",
    };
    struct heard heard = {0};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_ok(read_form(good[i], BYTES_LIT(PART("a", "1") "--XyZ--"), 9, &heard, &err));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(AF_INVALID, read_form(bad[i], BYTES_LIT("--XyZ--"), 9, &heard, &err));
    buf_release(&heard.text);
}

static void limits_are_refused_by_name(void **state)
{
    struct heard heard = {0};
    struct buf body = {0};
    struct error err;

    (void)state;
    for (int i = 0; i < HTTP_PARAMETERS_MAX; i++)
        buf_add_str(&body, PART("a", "1"));
    buf_add_str(&body, "--XyZ--");
    assert_ok(read_form(TYPE, buf_bytes(&body), 1000, &heard, &err));
    body.len -= 7;
    buf_add_str(&body, PART("a", "1") "--XyZ--");
    assert_refused(AF_TOO_LARGE, read_form(TYPE, buf_bytes(&body), 1000, &heard, &err));

    buf_clear(&body);
    buf_add_str(&body, "--XyZ\r\nContent-Disposition: form-data; name=\"");
    while (body.len < MULTIPART_HEADER_BYTES_MAX + 6)
        buf_add_u8(&body, 'x');
    buf_add_str(&body, "\"\r\n\r\n1\r\n--XyZ--");
    assert_refused(AF_TOO_LARGE, read_form(TYPE, buf_bytes(&body), 100, &heard, &err));
    assert_refused(AF_TOO_LARGE, read_form(TYPE, buf_bytes(&body), 100000, &heard, &err));
    buf_release(&body);
    buf_release(&heard.text);
}

static void a_refusal_of_the_sink_ends_it(void **state)
{
    struct heard heard = {.refuses = "b"};
    struct error err;

    (void)state;
    assert_refused(AF_DENIED,
                   read_form(TYPE,
                             BYTES_LIT(PART("a", "1") PART("b", "2") PART("c", "3") "--XyZ--"),
                             1000, &heard, &err));
    assert_string_equal("a||1;b||", buf_str(&heard.text));
    buf_release(&heard.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_read_however_they_are_cut),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(the_boundary_is_found_in_the_type),
        cmocka_unit_test(limits_are_refused_by_name),
        cmocka_unit_test(a_refusal_of_the_sink_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
