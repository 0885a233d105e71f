/* Words and readings: the whole table against itself, people's own examples, what it refuses. */
#include "tests/harness.h"

#include "data/base/utf8.h"
#include "indexer/text/fold.h"
#include "indexer/text/reading.h"

static struct folder *folder;

static int set_up(void **state)
{
    (void)state;
    return folder_new(&folder, NULL) != AF_OK;
}

static int tear_down(void **state)
{
    (void)state;
    folder_free(folder);
    return 0;
}

/* The letters of a text as folding leaves them. */
static size_t letters_of(const char *text, uint32_t letters[32])
{
    struct folded folded;
    struct reader r;
    struct error err;
    size_t count = 0;

    assert_ok(folder_run(folder, bytes_str(text), &folded, &err));
    r = reader_of(folded.text);
    while (reader_left(&r) > 0 && count < 32)
        letters[count++] = utf8_next(&r);
    return count;
}

static bool has_word(struct reading_range range, const uint32_t *letters, size_t count)
{
    for (; range.first < range.end; range.first++) {
        uint32_t word[READING_WORD_MAX];

        if (reading_word(range.first, word) == count &&
            memcmp(word, letters, count * sizeof *word) == 0)
            return true;
    }
    return false;
}

static void kana_that_were_not_converted_find_their_words(void **state)
{
    static const struct {
        const char *kana, *word;
    } rows[] = {
        {"きかい",       "機会"      },
        {"きかい",       "機械"      },
        {"つかえ",       "使え"      },
        {"かわら",       "変わら"   },
        {"とりけし",    "取り消し"},
        {"いらい",       "依頼"      },
        {"ふくごう",    "複合"      },
        {"けいさん",    "計算"      },
        {"しはらい",    "支払"      },
        {"しんがい",    "侵害"      },
        {"キョウユウ", "共有"      },
        {"せってい",    "設定"      },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t kana[32], word[32];
        size_t kana_count = letters_of(rows[i].kana, kana), count = letters_of(rows[i].word, word);

        if (!has_word(reading_words(kana, kana_count), word, count))
            fail_msg("%s is not %s", rows[i].kana, rows[i].word);
    }
}

static void wrong_conversions_are_read_like_what_was_meant(void **state)
{
    static const struct {
        const char *typed, *meant;
    } rows[] = {
        {"器械", "機会"},
        {"昇任", "承認"},
        {"発走", "発送"},
        {"標示", "表示"},
        {"巻数", "関数"},
        {"基地", "既知"},
        {"監理", "管理"},
        {"無向", "無効"},
        {"聯絡", "連絡"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading_range readings[READINGS_MAX];
        uint32_t typed[32], meant[32];
        size_t ways = reading_of(typed, letters_of(rows[i].typed, typed), readings);
        size_t count = letters_of(rows[i].meant, meant);
        bool found = false;

        for (size_t w = 0; w < ways; w++)
            found = found || has_word(readings[w], meant, count);
        if (!found)
            fail_msg("%s is not read like %s", rows[i].typed, rows[i].meant);
    }
}

static void every_word_is_found_by_each_of_its_readings(void **state)
{
    (void)state;
    assert_true(reading_words_count > 30000);
    for (uint32_t i = 0; i < reading_count; i++) {
        const struct reading_entry *entry = &reading_entries[i];
        uint32_t kana[READING_KANA_MAX], count = entry[1].kana - entry->kana;
        struct reading_range range;

        assert_in_range(count, 1, READING_KANA_MAX);
        for (uint32_t k = 0; k < count; k++) {
            uint8_t code = reading_kana[entry->kana + k];

            kana[k] = code == 0x60 ? 0x30FC : 0x3040u + code;
            assert_int_equal(code, reading_code(kana[k]));
        }
        range = reading_words(kana, count);
        assert_int_equal(entry->word, range.first);
        assert_int_equal(entry[1].word, range.end);
        for (uint32_t word = range.first; word < range.end; word++) {
            struct reading_range ways[READINGS_MAX];
            uint32_t letters[READING_WORD_MAX];
            size_t n = reading_of(letters, reading_word(word, letters), ways);
            bool found = n == READINGS_MAX; /* then this one may be the fifth */

            for (size_t w = 0; w < n; w++)
                found = found || ways[w].first == range.first;
            assert_true(found);
        }
    }
}

static void words_are_as_folding_leaves_them(void **state)
{
    (void)state;
    for (uint32_t word = 0; word < reading_words_count; word++) {
        uint32_t letters[READING_WORD_MAX], again[32];
        size_t count = reading_word(word, letters), bytes = 0;
        char text[READING_WORD_MAX * 4 + 1];

        for (size_t i = 0; i < count; i++)
            bytes += utf8_encode(letters[i], (uint8_t *)text + bytes);
        text[bytes] = '\0';
        assert_in_range(count, READING_WORD_MIN, READING_WORD_MAX);
        assert_int_equal(count, letters_of(text, again));
        assert_memory_equal(letters, again, count * sizeof *letters);
    }
}

static void the_table_is_no_larger_than_a_megabyte_and_a_half(void **state)
{
    size_t bytes = reading_words_count * (sizeof *reading_letters + sizeof *reading_by_word) +
                   reading_count * sizeof *reading_entries + reading_entries[reading_count].kana;

    (void)state;
    assert_true(bytes <= 3u << 19);
}

static void what_is_no_reading_has_no_words(void **state)
{
    static const char *const texts[] = {
        "", "っ", "きかいきかいきかいきかいきかいき", "kikai", "機会", "ーーー", "き会"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading_range ways[READINGS_MAX], range;
        uint32_t letters[32];
        size_t count = letters_of(texts[i], letters);

        range = reading_words(letters, count);
        assert_int_equal(range.first, range.end);
        if (count != READING_WORD_MIN || letters[0] < 0x4E00)
            assert_int_equal(0, reading_of(letters, count, ways));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kana_that_were_not_converted_find_their_words),
        cmocka_unit_test(wrong_conversions_are_read_like_what_was_meant),
        cmocka_unit_test(every_word_is_found_by_each_of_its_readings),
        cmocka_unit_test(words_are_as_folding_leaves_them),
        cmocka_unit_test(the_table_is_no_larger_than_a_megabyte_and_a_half),
        cmocka_unit_test(what_is_no_reading_has_no_words),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
