#include "tests/harness.h"

#include "intake/attachment/sniff.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct file_type *type_of(struct bytes content)
{
    struct sniffer sniffer = {0};

    sniff_add(&sniffer, content);
    return sniff_type(&sniffer);
}

#define ROW(content, type)                                                                         \
    {                                                                                              \
        BYTES_LIT(content), type                                                                   \
    }

static void what_a_file_is_goes_by_its_bytes(void **state)
{
    static const struct {
        struct bytes content;
        const char *type;
    } rows[] = {
        ROW("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "image/png"),
        ROW("\xFF\xD8\xFF\xE0\0\x10JFIF\0", "image/jpeg"),
        ROW("GIF89a\x01\0\x01\0", "image/gif"),
        ROW("RIFF\x1A\0\0\0WEBPVP8 ", "image/webp"),
        ROW("RIFF\x1A\0\0\0WAVEfmt ", "audio/wave"),
        ROW("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp"),
        ROW("BM25 has two constants", "text/plain"),
        ROW("BM\0 is no picture", "application/octet-stream"),
        ROW("%PDF-1.7\n", "application/pdf"),
        ROW("{\\rtf1\\ansi}", "application/rtf"),
        ROW("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"),
        ROW("PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0aaaabbbbcccc\x13\0\0\0[Content_Types].xmlword/"
            "document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ROW("PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0aaaabbbbcccc\x13\0\0\0[Content_Types].xmlxl/"
            "workbook",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ROW("PK\x03\x04\x14\0\0\0\0\0\0\0!\0aaaabbbbcccc\x08\0\0\0mimetypeapplication/"
            "vnd.oasis.opendocument.textPK",
            "application/vnd.oasis.opendocument"),
        ROW("PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0aaaabbbbcccc\x07\0\0\0log.txt", "application/zip"),
        ROW("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "application/zip"),
        ROW("PK\x03\x04\x14\0\x08\x08\x08\0\0\0!\0aaaabbbbcccc\x09\0\0\0META-INF/",
            "application/java-archive"),
        ROW("\x1F\x8B\x08\0", "application/gzip"),
        ROW("BZh91AY&SY\0", "application/x-bzip2"),
        ROW("\xFD"
            "7zXZ\0\0",
            "application/x-xz"),
        ROW("\x28\xB5\x2F\xFD\x04", "application/zstd"),
        ROW("7z\xBC\xAF\x27\x1C\0\x04", "application/x-7z-compressed"),
        ROW("Rar!\x1A\x07\x01\0", "application/vnd.rar"),
        ROW("\xD4\xC3\xB2\xA1\x02\0\x04\0", "application/vnd.tcpdump.pcap"),
        ROW("\x0A\x0D\x0D\x0A\x1C\0\0\0\x4D\x3C\x2B\x1A", "application/x-pcapng"),
        ROW("ElfFile\0\0", "application/x-ms-evtx"),
        ROW("MDMP\x93\xA7\0\0", "application/x-dmp"),
        ROW("\x7F"
            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0\x3E\0",
            "application/x-coredump"),
        ROW("\x7F"
            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0",
            "application/x-executable"),
        ROW("MZ\x90\0\x03\0", "application/vnd.microsoft.portable-executable"),
        ROW("MZ is what it begins with", "text/plain"),
        ROW("L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0", "application/x-ms-shortcut"),
        ROW("\0\0\0\x18"
            "ftypheic",
            "image/heic"),
        ROW("\0\0\0\x18"
            "ftypisom",
            "video/mp4"),
        ROW("\x1A\x45\xDF\xA3\x9F", "video/webm"),
        ROW("OggS\0\x02", "application/ogg"),
        ROW("ID3\x04\0", "audio/mpeg"),
        ROW("ID3 is a word", "text/plain"),
        ROW("2026-11-22 eth0: link down\r\n", "text/plain"),
        ROW("\x1B[31mred\x1B[0m\n", "text/plain"),
        ROW("\xB4\xF2\xD3\xA1\xBB\xFA\r\n", "text/plain"), /* 打印机 in GBK */
        ROW("\xFF\xFE"
            "a\0b\0",
            "text/plain"),
        ROW("", "text/plain"),
        ROW("  \n<!DOCTYPE html><p>", "text/html"),
        ROW("\xEF\xBB\xBF<ScRiPt >alert(1)</script>", "text/html"),
        ROW("<b>", "text/html"),
        ROW("<business>", "text/plain"),
        ROW("<?xml version='1.0'?><a/>", "text/xml"),
        ROW("<?xml version='1.0'?>\n<!-- x --><svg onload='a()'>", "image/svg+xml"),
        ROW("<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"),
        ROW("#!/bin/sh\nls\n", "text/plain"),
        ROW("\x01\x02\x03", "application/octet-stream"),
        ROW("a text that ends in\0", "application/octet-stream"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct file_type *type = type_of(rows[i].content);

        if (strcmp(rows[i].type, type->name) != 0)
            fail_msg("row %zu: %s and not %s", i, type->name, rows[i].type);
        assert_ptr_equal(type, file_type_named(type->name));
    }
}

static void a_tar_is_known_by_what_stands_at_257(void **state)
{
    struct sniffer sniffer = {0};
    uint8_t block[512] = "log.txt";

    (void)state;
    memcpy(block + 257, "ustar", 6);
    sniff_add(&sniffer, bytes_of(block, sizeof block));
    assert_string_equal("application/x-tar", sniff_type(&sniffer)->name);
}

static void what_is_not_text_anywhere_is_no_text(void **state)
{
    struct sniffer sniffer = {0};
    static const char line[] = "<html> for many pages\n";

    (void)state;
    for (size_t i = 0; i < 2 * SNIFF_BYTES / sizeof line; i++)
        sniff_add(&sniffer, bytes_str(line));
    assert_string_equal("text/html", sniff_type(&sniffer)->name);
    sniff_add(&sniffer, BYTES_LIT("\0"));
    assert_string_equal("application/octet-stream", sniff_type(&sniffer)->name);
}

static void only_pictures_without_scripts_are_shown(void **state)
{
    static const char *const shown[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};

    (void)state;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        assert_true(file_type_named(shown[i])->is_shown);
    assert_false(file_type_named("image/svg+xml")->is_shown);
    assert_false(file_type_named("text/html")->is_shown);
    assert_false(file_type_named("application/pdf")->is_shown);
    assert_null(file_type_named("image/PNG"));
    assert_int_equal(FILE_MARKUP, file_type_named("image/svg+xml")->kind);
}

/* --- beside libmagic -------------------------------------------------------------------------- */

/* What `file` says of the content; false without that program. */
static bool ask_file(struct bytes content, char *type, size_t room)
{
    char *const argv[] = {"file", "-b", "--mime-type", "-", NULL};
    int to[2], from[2], how = 0;
    ssize_t n;
    pid_t pid;

    assert_int_equal(0, pipe(to));
    assert_int_equal(0, pipe(from));
    assert_int_equal(content.len, write(to[1], content.data, content.len)); /* less than a pipe */
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)dup2(to[0], STDIN_FILENO);
        (void)dup2(from[1], STDOUT_FILENO);
        (void)close(to[1]);
        (void)execvp(argv[0], argv);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(to[1]);
    (void)close(from[1]);
    n = read(from[0], type, room - 1);
    (void)close(from[0]);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0 || n <= 0)
        return false;
    type[n] = '\0';
    type[strcspn(type, "\n")] = '\0';
    return true;
}

static struct bytes head_of(const char *path, uint8_t head[SNIFF_BYTES])
{
    FILE *file = fopen(path, "re");
    size_t len;

    if (file == NULL)
        return BYTES_NONE;
    len = fread(head, 1, SNIFF_BYTES, file);
    (void)fclose(file);
    return bytes_of(head, len);
}

/* Files that are here anyhow. Where the two differ libmagic says more exactly what kind of text or
 * program it is, which is in the row. */
static void libmagic_says_the_same_of_real_files(void **state)
{
    static const struct {
        const char *path, *ours, *theirs;
    } rows[] = {
        {"intake/web/screenshot.png",      "image/png",                "image/png"              },
        {"README.md",                      "text/plain",               "text/plain"             },
        {"tests/format/store-1.mdb.zst",   "application/zstd",         "application/zstd"       },
        {"/bin/ls",                        "application/x-executable", "application/x-sharedlib"},
        {"/usr/share/doc/libc6/copyright", "text/plain",               "text/plain"             },
    };
    uint8_t head[SNIFF_BYTES];
    char theirs[128];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes content = head_of(rows[i].path, head);

        if (content.len == 0)
            continue;
        assert_string_equal(rows[i].ours, type_of(content)->name);
        if (ask_file(content, theirs, sizeof theirs))
            assert_string_equal(rows[i].theirs, theirs);
    }
}

static void pieces_make_no_difference(void **state)
{
    struct test_random random = test_random_new();
    uint8_t content[3 * SNIFF_BYTES];

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct sniffer whole = {0}, pieces = {0};
        size_t len = test_random_below(&random, sizeof content), at = 0;

        for (size_t i = 0; i < len; i++)
            content[i] = (uint8_t)("<svg>PK\x03\x04 \n%PDF-\0"[test_random_below(&random, 18)]);
        sniff_add(&whole, bytes_of(content, len));
        while (at < len) {
            size_t step = test_random_below(&random, 1000) + 1;

            step = step < len - at ? step : len - at;
            sniff_add(&pieces, bytes_of(content + at, step));
            at += step;
        }
        assert_ptr_equal(sniff_type(&whole), sniff_type(&pieces));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_is_goes_by_its_bytes),
        cmocka_unit_test(a_tar_is_known_by_what_stands_at_257),
        cmocka_unit_test(what_is_not_text_anywhere_is_no_text),
        cmocka_unit_test(only_pictures_without_scripts_are_shown),
        cmocka_unit_test(libmagic_says_the_same_of_real_files),
        cmocka_unit_test(pieces_make_no_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
