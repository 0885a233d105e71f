/* Questions to a small library: none fails, hits are in order with scores from 0 to 1, marks lie
 * between characters, asking again gives the same, and a second page goes on where the first one
 * ended.
 *
 *     | flags u8: typing, product, language, audience | question | */
#include "tests/fuzz/fuzz.h"

#include "search/search.h"

static const char library[] =
    "{\"cases\":["
    "{\"id\":\"paper\",\"lang\":\"zh-Hans\",\"title\":\"打印机缺纸怎么办\",\"product\":\"MFP-200\","
    "\"symptom\":\"面板显示缺纸，打印任务停止。\",\"cause\":\"纸盒传感器脏污。\",\"error_code\":"
    "\"E-013\"},"
    "{\"id\":\"router\",\"lang\":\"zh-Hant\",\"title\":\"路由器連線逾時\",\"product\":\"HG8245H\","
    "\"symptom\":\"撥號後連線逾時。\",\"resolution\":\"重新開機並檢查網路線。\"},"
    "{\"id\":\"oracle\",\"lang\":\"en\",\"title\":\"Query fails with ORA-00942\",\"text\":\"The "
    "table or "
    "view does not exist. Grant <b>SELECT</b> & try [again](http://x).\"},"
    "{\"id\":\"toner\",\"lang\":\"en\",\"title\":\"Toner leaks inside the "
    "printer\",\"product\":\"MFP-200\","
    "\"category\":[\"Printers\",\"Toner\"],\"symptom\":\"Black powder on every page.\"},"
    "{\"id\":\"jam\",\"lang\":\"en\",\"title\":\"Paper jam in the rear "
    "tray\",\"audience\":\"internal\","
    "\"symptom\":\"The printer reports a paper jam although the tray is empty.\"},"
    "{\"id\":\"ja\",\"lang\":\"ja\",\"title\":\"ルーターが再起動を繰り返す\",\"symptom\":"
    "\"電源を入れると"
    "ルーターが何度も再起動します。\"},"
    "{\"id\":\"ko\",\"lang\":\"ko\",\"title\":\"프린터 용지 걸림\",\"text\":\"뒤쪽 덮개를 "
    "여세요.\"},"
    "{\"id\":\"th\",\"lang\":\"th\",\"title\":\"เครื่องพิมพ์กระดาษติด\",\"text\":\"เปิดฝาหลัง\"},"
    "{\"id\":\"de\",\"lang\":\"de\",\"title\":\"Drucker einrichten\",\"text\":\"Größe des "
    "Papiers\"}]}";

static const struct command_kind kinds[] = {
    {"case.put", 1, article_apply_put, true },
    {NULL,       0, NULL,              false},
};

static struct searcher *make(void)
{
    struct command command = {.actor = "cli", .kind = "case.put"};
    struct searcher *searcher;
    struct journal *journal;
    struct index *index;
    struct store *store;
    struct outcome outcome;
    struct error err;
    json_t *body;
    char dir[64];

    fuzz_dir_new(dir);
    ENSURE_OK(hash_start(&err));
    ENSURE_OK(store_open(dir, STORE_WRITE, &store, &err));
    ENSURE_OK(journal_open(store, kinds, &journal, &err));
    ENSURE_OK(json_parse(bytes_str(library), &body, &err));
    command.body = body;
    ENSURE_OK(journal_propose(journal, &command, &outcome, &err));
    json_decref(outcome.result);
    json_decref(body);
    journal_close(journal);
    ENSURE_OK(index_open(store, STORE_WRITE, &index, &err));
    ENSURE_OK(index_flush(index, NULL, NULL, &err));
    ENSURE_OK(searcher_new(index, store, &searcher, &err));
    fuzz_dir_remove(dir);
    return searcher;
}

static void check_marked(const struct marked_text *text)
{
    uint32_t at = 0;

    ENSURE(fuzz_is_utf8(text->text));
    for (uint32_t i = 0; i < text->marks_count; i++) {
        const struct mark *mark = &text->marks[i];

        ENSURE(mark->start < mark->end && mark->end <= text->text.len);
        ENSURE(i == 0 ? mark->start >= at : mark->start > at);
        ENSURE(fuzz_is_boundary(text->text, mark->start) &&
               fuzz_is_boundary(text->text, mark->end));
        at = mark->end;
    }
}

static void check_hits(const struct search_request *request, const struct search_result *result)
{
    ENSURE(result->hits_count <= request->limit && result->total >= result->hits_count);
    for (uint32_t i = 0; i < result->hits_count; i++) {
        const struct hit *hit = &result->hits[i];

        ENSURE(hit->score >= 0 && hit->score <= 1 && hit->coverage >= 0 && hit->coverage <= 1);
        ENSURE(i == 0 || hit->score <= result->hits[i - 1].score);
        ENSURE(hit->reasons != 0 && hit->reasons < 1u << REASON_COUNT);
        ENSURE(request->audience == AUDIENCE_INTERNAL || !bytes_equal(hit->id, BYTES_LIT("jam")));
        check_marked(&hit->title);
        check_marked(&hit->snippet);
    }
}

static void check_same(const struct search_result *a, uint32_t from, const struct search_result *b)
{
    for (uint32_t i = 0; i < b->hits_count; i++) {
        ENSURE(from + i < a->hits_count);
        ENSURE(bytes_equal(a->hits[from + i].id, b->hits[i].id));
        ENSURE(a->hits[from + i].score >= b->hits[i].score &&
               a->hits[from + i].score <= b->hits[i].score);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct searcher *searcher;
    struct reader r = reader_of(bytes_of(data, size));
    uint8_t flags = take_u8(&r);
    struct search_request request = {.query = take_rest(&r), .limit = 20, .snippets = true};
    struct arena *arena = fuzz_arena();
    struct search_result all, again, page;
    struct error err;

    if (searcher == NULL)
        searcher = make();
    request.typing = (flags & 1) != 0;
    request.product = (flags & 2) != 0 ? BYTES_LIT("MFP-200") : BYTES_NONE;
    request.lang = (flags & 4) != 0 ? BYTES_LIT("zh") : BYTES_NONE;
    request.audience = (flags & 8) != 0 ? AUDIENCE_INTERNAL : AUDIENCE_PUBLIC;
    ENSURE_OK(search_run(searcher, &request, arena, &all, &err));
    check_hits(&request, &all);
    ENSURE_OK(search_run(searcher, &request, arena, &again, &err));
    ENSURE(again.hits_count == all.hits_count && again.total == all.total);
    check_same(&all, 0, &again);
    request.offset = 1;
    request.limit = 2;
    ENSURE_OK(search_run(searcher, &request, arena, &page, &err));
    ENSURE(page.hits_count == (all.hits_count < 1   ? 0
                               : all.hits_count < 3 ? all.hits_count - 1
                                                    : 2));
    check_same(&all, 1, &page);
    return 0;
}
