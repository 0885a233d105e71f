#include "tests/intake/import/fixture.h"

#include "intake/import/csv.h"

#define MAX 100

/* Rows as "line:[field][field]", refusals as "line:!status", one a line. */
static char *read_all(struct bytes bytes)
{
    struct buf seen = {0};
    struct source *source;
    struct csv csv;
    struct error err;
    char *dir = test_dir_new(), *path = put_file(dir, "f.csv", bytes);
    enum status status;

    assert_ok(source_open(path, &source, &err));
    csv_init(&csv, source, MAX);
    while ((status = csv_next(&csv, &err)) != AF_NOT_FOUND) {
        buf_printf(&seen, "%s%llu:", seen.len == 0 ? "" : "\n", (unsigned long long)csv.no);
        if (status != AF_OK)
            buf_printf(&seen, "!%s", status_name(status));
        for (size_t i = 0; status == AF_OK && i < csv.count; i++) {
            buf_add_u8(&seen, '[');
            buf_add(&seen, csv.fields[i]);
            buf_add_u8(&seen, ']');
        }
    }
    csv_release(&csv);
    source_close(source);
    free(path);
    test_dir_remove(dir);
    return seen.data == NULL ? strdup("") : (char *)seen.data;
}

struct example {
    struct bytes text;
    const char *seen;
};

static void check(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *seen = read_all(examples[i].text);

        assert_string_equal(examples[i].seen, seen);
        free(seen);
    }
}

static void fields_are_cut_as_rfc_4180_has_it(void **state)
{
    static const struct example examples[] = {
        {BYTES_LIT("a,b,c\r\n1,2,3\r\n"),   "1:[a][b][c]\n2:[1][2][3]"},
        {BYTES_LIT("a,b"),                  "1:[a][b]"                },
        {BYTES_LIT(",\n,,\n"),              "1:[][]\n2:[][][]"        },
        {BYTES_LIT("\"a,b\",c"),            "1:[a,b][c]"              },
        {BYTES_LIT("\"say \"\"hi\"\"\",x"), "1:[say \"hi\"][x]"       },
        {BYTES_LIT("\"\",\"\"\"\""),        "1:[][\"]"                },
        {BYTES_LIT("a, \"b\" ,c"),          "1:[a][ \"b\" ][c]"       },
        {BYTES_LIT("\"a\r\nb\",c\nd,e\n"),  "1:[a\nb][c]\n3:[d][e]"   },
        {BYTES_LIT("\"a\n\n\",c"),          "1:[a\n\n][c]"            },
        {BYTES_LIT("\n\na,b\n\n\nc,d\n"),   "3:[a][b]\n6:[c][d]"      },
        {BYTES_LIT("\xEF\xBB\xBF"
                   "a,b\n"),
         "1:[a][b]"                                                   },
        {BYTES_LIT(""),                     ""                        },
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

static void the_first_row_tells_the_separator(void **state)
{
    static const struct example examples[] = {
        {BYTES_LIT("a;b;c\n1,5;2;3"),   "1:[a][b][c]\n2:[1,5][2][3]"},
        {BYTES_LIT("a\tb\n1;2\t3"),     "1:[a][b]\n2:[1;2][3]"      },
        {BYTES_LIT("\"x;y;z\",b\n1,2"), "1:[x;y;z][b]\n2:[1][2]"    },
        {BYTES_LIT("one\n1,2"),         "1:[one]\n2:[1][2]"         },
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

static void a_bad_row_is_named_and_the_next_one_read(void **state)
{
    static const struct example examples[] = {
        {BYTES_LIT("a,b\n\"x\"y,2\n3,4"),  "1:[a][b]\n2:!invalid\n3:[3][4]"},
        {BYTES_LIT("a,b\n\xFF,2\n3,4"),    "1:[a][b]\n2:!invalid\n3:[3][4]"},
        {BYTES_LIT("a,b\n\"never closed"), "1:[a][b]\n2:!invalid"          },
    };

    (void)state;
    check(examples, sizeof examples / sizeof examples[0]);
}

static void a_quote_left_open_does_not_swallow_the_file(void **state)
{
    struct buf text = {0};
    char *seen;

    (void)state;
    buf_add_str(&text, "a,b\n\"open,2\n");
    for (int i = 0; i < 30; i++)
        buf_add_str(&text, "3,4\n");
    seen = read_all(buf_bytes(&text));
    assert_non_null(strstr(seen, "2:!too-large\n"));
    assert_non_null(strstr(seen, "\n32:[3][4]"));
    free(seen);
    buf_release(&text);
}

static void a_row_has_so_many_fields_and_no_more(void **state)
{
    (void)state;
    for (size_t count = CSV_FIELDS_MAX; count <= CSV_FIELDS_MAX + 1; count++) {
        struct source *source;
        struct buf text = {0};
        struct error err;
        struct csv csv;
        char *dir = test_dir_new(), *path;

        for (size_t i = 1; i < count; i++)
            buf_add_u8(&text, ',');
        path = put_file(dir, "f", buf_bytes(&text));
        assert_ok(source_open(path, &source, &err));
        csv_init(&csv, source, 10000);
        if (count <= CSV_FIELDS_MAX) {
            assert_ok(csv_next(&csv, &err));
            assert_int_equal(count, csv.count);
        } else {
            assert_refused(AF_TOO_LARGE, csv_next(&csv, &err));
        }
        csv_release(&csv);
        source_close(source);
        free(path);
        test_dir_remove(dir);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_cut_as_rfc_4180_has_it),
        cmocka_unit_test(the_first_row_tells_the_separator),
        cmocka_unit_test(a_bad_row_is_named_and_the_next_one_read),
        cmocka_unit_test(a_quote_left_open_does_not_swallow_the_file),
        cmocka_unit_test(a_row_has_so_many_fields_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
