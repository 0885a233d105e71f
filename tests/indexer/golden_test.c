/* The tokens of the sample library, as one number. Whoever makes the analyzer faster sees here that
 * nothing else changed; whoever changes what it gives sees it too, and raises ANALYZER_VERSION. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/hash.h"
#include "indexer/segment/field.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/markup.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t mix(uint64_t digest, const void *data, size_t len)
{
    struct bytes part = bytes_of(data, len);

    return checksum64(digest, &part, 1);
}

static uint64_t mix_tokens(uint64_t digest, struct analyzer *analyzer, struct bytes text)
{
    struct analysis a;

    assert_int_equal(analyzer_run(analyzer, ANALYZE_DOCUMENT, text, &a, NULL), AF_OK);
    for (uint32_t i = 0; i < a.count; i++) {
        const struct token *t = &a.tokens[i];
        const uint32_t numbers[] = {t->start,    t->end,      t->fold_start,
                                    t->fold_end, t->position, t->flags};

        digest = mix(digest, t->term, t->term_bytes);
        digest = mix(digest, numbers, sizeof numbers);
    }
    digest = mix(digest, a.folded.data, a.folded.len);
    return mix(digest, &a.units, sizeof a.units);
}

/* Of every field of every case, once as it is and once without its markup. */
static uint64_t digest_of_file(const char *path, struct analyzer *analyzer)
{
    FILE *file = fopen(path, "r");
    struct buf text = {0}, blanked = {0};
    uint64_t digest = 0;
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    assert_non_null(file);
    while ((len = getline(&line, &room, file)) > 0) {
        json_t *article = json_loadb(line, (size_t)len, 0, NULL);

        for (enum field field = 0; field < FIELD_COUNT; field++) {
            buf_clear(&text);
            buf_clear(&blanked);
            field_text(article, field, &text);
            markup_blank(buf_bytes(&text), &blanked);
            digest = mix_tokens(digest, analyzer, buf_bytes(&text));
            digest = mix_tokens(digest, analyzer, buf_bytes(&blanked));
        }
        json_decref(article);
    }
    free(line);
    fclose(file);
    buf_release(&text);
    buf_release(&blanked);
    return digest;
}

static void the_sample_gives_the_tokens_it_gave(void **state)
{
    static const struct {
        const char *path;
        uint64_t digest;
    } rows[] = {
        {"data/sample/en.jsonl",      0x9ba507bf0b1612b6},
        {"data/sample/ja.jsonl",      0x5efbacb547c80160},
        {"data/sample/zh-Hans.jsonl", 0x044c4a2f9000619e},
        {"data/sample/zh-Hant.jsonl", 0x1c66cf323987f68d},
    };
    struct analyzer *analyzer;
    int changed = ANALYZER_VERSION != 4; /* the version that these figures are of */

    (void)state;
    assert_int_equal(analyzer_new(&analyzer, NULL), AF_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t digest = digest_of_file(rows[i].path, analyzer);

        if (digest != rows[i].digest)
            print_message("%s: 0x%016llx\n", rows[i].path, (unsigned long long)digest);
        changed += digest != rows[i].digest;
    }
    analyzer_free(analyzer);
    if (changed > 0)
        fail_msg("the sample or its tokens changed; if the tokens, raise ANALYZER_VERSION");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_gives_the_tokens_it_gave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
