#include "tests/intake/import/fixture.h"

#include "data/base/limits.h"
#include "intake/import/files.h"

#include <sys/stat.h>
#include <unistd.h>

static void make_folder(const char *dir, const char *name)
{
    char path[4096];

    assert_true(snprintf(path, sizeof path, "%s/%s", dir, name) > 0);
    assert_int_equal(0, mkdir(path, 0777));
}

static void touch(const char *dir, const char *name)
{
    free(put_file(dir, name, BYTES_LIT("x")));
}

/* The files below `dir`, from its own name on, with one letter for the form. */
static char *list(const char *dir, struct import_files *files)
{
    struct buf out = {0};
    struct error err;

    assert_ok(import_files_add(files, dir, &err));
    for (size_t i = 0; i < files->count; i++) {
        const char *below = files->of[i].path + files->of[i].below;

        buf_printf(&out, "%s%c:%s", i == 0 ? "" : " ", "JCM"[files->of[i].form],
                   strchr(below, '/') + 1);
    }
    import_files_release(files);
    return (char *)out.data;
}

static void a_folder_is_read_in_the_order_of_names(void **state)
{
    struct import_files files = {0};
    char *dir = test_dir_new(), *seen;

    (void)state;
    make_folder(dir, "b");
    make_folder(dir, "b/deep");
    touch(dir, "c.md");
    touch(dir, "a.jsonl");
    touch(dir, "B.CSV");
    touch(dir, "b/z.txt");
    touch(dir, "b/deep/y.jsonl.zst");
    touch(dir, "a.csv.gz");
    touch(dir, "d.markdown");
    touch(dir, "e.ndjson");
    seen = list(dir, &files);
    assert_string_equal("C:B.CSV C:a.csv.gz J:a.jsonl J:b/deep/y.jsonl.zst M:b/z.txt M:c.md "
                        "M:d.markdown J:e.ndjson",
                        seen);
    free(seen);
    test_dir_remove(dir);
}

static void what_is_no_case_is_passed_over(void **state)
{
    static const char *const others[] = {".hidden.md", "~$open.md",  "a.md~",      "#a.md#",
                                         "README.md",  "readme.txt", "manual.pdf", "x.md.gz",
                                         "noext",      ".md"};
    struct import_files files = {0};
    char *dir = test_dir_new(), *seen, link[4096];

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        touch(dir, others[i]);
    make_folder(dir, ".git");
    touch(dir, ".git/x.md");
    assert_true(snprintf(link, sizeof link, "%s/link.md", dir) > 0);
    assert_int_equal(0, symlink("/etc/hostname", link));
    assert_true(snprintf(link, sizeof link, "%s/loop", dir) > 0);
    assert_int_equal(0, symlink(".", link));
    touch(dir, "case.md");
    seen = list(dir, &files);
    assert_string_equal("M:case.md", seen);
    free(seen);
    test_dir_remove(dir);
}

static void a_file_that_is_named_itself_is_always_read(void **state)
{
    struct import_files files = {0};
    struct error err;
    char *dir = test_dir_new(), *path = put_file(dir, "README", BYTES_LIT("{}"));

    (void)state;
    assert_ok(import_files_add(&files, path, &err));
    assert_ok(import_files_add(&files, "-", &err));
    assert_int_equal(2, files.count);
    assert_int_equal(FORM_JSONL, files.of[0].form);
    assert_int_equal(2, files.bytes);
    assert_refused(AF_NOT_FOUND, import_files_add(&files, "build/tmp/not-there", &err));
    assert_int_equal(2, files.count);
    import_files_release(&files);
    free(path);
    test_dir_remove(dir);
}

static void folders_are_followed_so_deep_and_no_deeper(void **state)
{
    struct import_files files = {0};
    struct error err;
    struct buf name = {0};
    char *dir = test_dir_new();

    (void)state;
    for (int i = 1; i <= IMPORT_DEPTH_MAX; i++) {
        buf_add_str(&name, i == 1 ? "d" : "/d");
        make_folder(dir, buf_str(&name));
    }
    assert_ok(import_files_add(&files, dir, &err));
    buf_add_str(&name, "/d");
    make_folder(dir, buf_str(&name));
    assert_refused(AF_TOO_LARGE, import_files_add(&files, dir, &err));
    import_files_release(&files);
    buf_release(&name);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_read_in_the_order_of_names),
        cmocka_unit_test(what_is_no_case_is_passed_over),
        cmocka_unit_test(a_file_that_is_named_itself_is_always_read),
        cmocka_unit_test(folders_are_followed_so_deep_and_no_deeper),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
