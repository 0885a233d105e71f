#include "tests/harness.h"

#include "intake/http/disposition.h"

static void names_come_in_every_usual_way(void **state)
{
    static const struct {
        const char *header, *kind, *name, *file_name; /* NULL: none */
    } rows[] = {
        {"form-data; name=\"text\"",                                                   "form-data",  "text", NULL            },
        {"form-data; name=\"file\"; filename=\"a b.png\"",                             "form-data",  "file", "a b.png"       },
        {" Form-Data ;name=file;filename=a.png",                                       "Form-Data",  "file", "a.png"         },
        {"form-data; name=\"file\"; filename=\"\"",                                    "form-data",  "file", ""              },
        {"form-data; name=\"f\"; filename=\"日志.txt\"",                             "form-data",  "f",    "日志.txt"    },
        {"form-data; name=\"a%22b\"; filename=\"c%22%0d%0Ad%41.txt\"",                 "form-data",  "a\"b",
         "c\"\r\nd%41.txt"                                                                                                   },
        {"attachment; filename=\"100%22.txt\"",                                        "attachment", NULL,   "100%22.txt"    },
        {"attachment; filename=\"a\\\"b\\\\c\\d.txt\"",                                "attachment", NULL,   "a\"b\\c\\d.txt"},
        {"attachment; filename=\"fallback\"; filename*=UTF-8''%E6%97%A5%e5%bf%97.txt", "attachment",
         NULL,                                                                                               "日志.txt"    },
        {"attachment; filename*=utf-8'zh'%E6%97%A5.txt; filename=fallback",            "attachment", NULL,
         "日.txt"                                                                                                           },
        {"attachment; filename*=ISO-8859-1''%A3.txt; filename=pound.txt",              "attachment", NULL,
         "pound.txt"                                                                                                         },
        {"attachment; filename*=UTF-8''%FF.txt; filename=x",                           "attachment", NULL,   "x"             },
        {"attachment;",                                                                "attachment", NULL,   NULL            },
        {"inline",                                                                     "inline",     NULL,   NULL            },
        {"attachment; other=\"x; filename=y\"; filename=z",                            "attachment", NULL,   "z"             },
    };
    struct arena *arena = arena_new(1 << 20);
    struct disposition d;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_ok(disposition_parse(arena, bytes_str(rows[i].header), &d, &err));
        assert_bytes_equal(bytes_str(rows[i].kind), d.kind);
        assert_bytes_equal(bytes_str(rows[i].name), d.name);
        assert_int_equal(rows[i].file_name == NULL, d.file_name.data == NULL);
        assert_bytes_equal(bytes_str(rows[i].file_name), d.file_name);
    }
    arena_free(arena);
}

static void what_is_malformed_is_refused(void **state)
{
    static const char *const headers[] = {
        "",
        ";",
        "form-data; name",
        "form-data; name=",
        "form-data; name=\"a",
        "form-data; name=\"",
        "form-data name=a",
        "form-data; =a",
        "form-data; name=\"a\" b",
        "form-data; name=\"a\\",
    };
    struct arena *arena = arena_new(1 << 20);
    struct disposition d;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_refused(AF_INVALID, disposition_parse(arena, bytes_str(headers[i]), &d, &err));
    arena_free(arena);
}

static void a_name_goes_out_in_two_ways_and_comes_back(void **state)
{
    static const char *const names[] = {"a.txt", "日志 1.txt", "100%25.txt", "it's (1).txt",
                                        "é;a=b.c"};
    struct arena *arena = arena_new(1 << 20);
    struct disposition d;
    struct error err;

    (void)state;
    assert_string_equal("attachment; filename=\"__ 1.txt\"; "
                        "filename*=UTF-8''%E6%97%A5%E5%BF%97%201.txt",
                        disposition_format(arena, "attachment", names[1]));
    assert_string_equal("inline; filename=\"100_25.txt\"; filename*=UTF-8''100%2525.txt",
                        disposition_format(arena, "inline", names[2]));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_ok(disposition_parse(
            arena, bytes_str(disposition_format(arena, "attachment", names[i])), &d, &err));
        assert_bytes_equal(bytes_str(names[i]), d.file_name);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_in_every_usual_way),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(a_name_goes_out_in_two_ways_and_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
