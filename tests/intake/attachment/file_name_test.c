#include "tests/harness.h"

#include "data/base/utf8.h"
#include "intake/attachment/file_name.h"

static void a_name_is_cleaned_and_a_clean_one_stays(void **state)
{
    static const struct {
        const char *given, *name;
    } rows[] = {
  /* bill…fdp.exe: U+202E shows it as billexe.pdf */
        {"screenshot.png",                        "screenshot.png"              },
        {"打印机 日志.txt",                  "打印机 日志.txt"        },
        {"نامه\xE2\x80\x8Cها.pdf",          "نامه\xE2\x80\x8Cها.pdf"}, /* a joiner that spelling needs */
        {"../../etc/passwd",                      "passwd"                      },
        {"C:\\Users\\lin\\Desktop\\log.txt",      "log.txt"                     },
        {"/etc/",                                 "file.bin"                    },
        {"",                                      "file.bin"                    },
        {"...",                                   "file.bin"                    },
        {" . ",                                   "file.bin"                    },
        {".bashrc",                               "bashrc"                      },
        {"a\r\nSet-Cookie: x=1.txt",              "aSet-Cookie_ x=1.txt"        },
        {"bill\xE2\x80\xAE"
         "fdp.exe",                      "billfdp.exe"                 },
        {"a\xE2\x81\xA6"
         "b\xE2\x81\xA9.txt",            "ab.txt"                      },
        {"inv\xE2\x80\x8Bisible\xEF\xBB\xBF.txt", "invisible.txt"               },
        {"tag\xF3\xA0\x81\x81.txt",               "tag.txt"                     },
        {"a<b>c:d|e?f*g\"h.txt",                  "a_b_c_d_e_f_g_h.txt"         },
        {"\xFF\xFE.txt",                          "\xEF\xBF\xBD\xEF\xBF\xBD.txt"},
        {"con",                                   "_con"                        },
        {"NUL.txt",                               "_NUL.txt"                    },
        {"com1.log",                              "_com1.log"                   },
        {"lpt",                                   "lpt"                         },
        {"console.log",                           "console.log"                 },
        {"trailing. . ",                          "trailing"                    },
        {"100% 'sure' & $HOME;.txt",              "100% 'sure' & $HOME;.txt"    },
    };
    char name[FILE_NAME_BYTES_MAX + 1], again[FILE_NAME_BYTES_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        file_name_clean(bytes_str(rows[i].given), "bin", name);
        assert_string_equal(rows[i].name, name);
        file_name_clean(bytes_str(name), "bin", again);
        assert_string_equal(name, again);
    }
}

static void a_long_name_keeps_its_ending_and_whole_characters(void **state)
{
    char name[FILE_NAME_BYTES_MAX + 1], again[FILE_NAME_BYTES_MAX + 1];
    struct buf given = {0};

    (void)state;
    while (given.len < 100000)
        buf_add_str(&given, "日");
    buf_add_str(&given, ".tar.gz");
    file_name_clean(buf_bytes(&given), "bin", name);
    assert_true(strlen(name) <= FILE_NAME_BYTES_MAX && strlen(name) > FILE_NAME_BYTES_MAX - 4);
    assert_string_equal(".gz", name + strlen(name) - 3);
    assert_int_equal(strlen(name), utf8_valid_len(bytes_str(name)));
    file_name_clean(bytes_str(name), "bin", again);
    assert_string_equal(name, again);
    buf_release(&given);
}

static void what_runs_is_known_by_its_last_ending(void **state)
{
    (void)state;
    assert_true(file_name_runs("setup.exe"));
    assert_true(file_name_runs("invoice.pdf.JS"));
    assert_true(file_name_runs("a.lnk"));
    assert_false(file_name_runs("exe"));
    assert_false(file_name_runs("setup.exe.zip"));
    assert_false(file_name_runs("fix.sh"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_cleaned_and_a_clean_one_stays),
        cmocka_unit_test(a_long_name_keeps_its_ending_and_whole_characters),
        cmocka_unit_test(what_runs_is_known_by_its_last_ending),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
