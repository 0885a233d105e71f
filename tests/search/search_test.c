/* The whole of search on a small library and on random ones: a table of questions with the
 * cases they must find, in order, and why; and the two stages against scoring everything. */
#include "tests/search/library.h"

#include "data/base/utf8.h"
#include "search/tune.h"

#include <math.h>
#include <stdlib.h>

/* --- a small library --------------------------------------------------------------------- */

static const char *const small[] = {
    "{'id':'hans-paper','lang':'zh-Hans','title':'打印机缺纸怎么办','product':'MFP-200',"
    "'category':['打印机','缺纸'],'symptom':'面板显示缺纸，打印任务停止。','cause':'"
    "纸盒传感器脏污。',"
    "'resolution':'清洁传感器后重新装纸。','keywords':['缺纸','纸盒'],'error_code':'E-013'}",
    "{'id':'hans-jam','lang':'zh-Hans','title':'打印机卡纸','product':'MFP-200',"
    "'category':['打印机','卡纸'],'symptom':'纸张卡在定影器里。','resolution':'打开后盖取出纸张。',"
    "'error_code':['E-014']}",
    "{'id':'hans-router','lang':'zh-Hans','title':'路由器无法重启','product':'HG8245H',"
    "'category':['网络','路由器'],'symptom':'路由器指示灯不亮，重启无效。','resolution':'"
    "更换电源。'}",
    "{'id':'hant-router','lang':'zh-Hant','title':'路由器連線逾時','product':'HG8245H',"
    "'category':['網路','路由器'],'symptom':'撥號後連線逾時。','resolution':'"
    "重新開機並檢查網路線。'}",
    "{'id':'hans-oracle','lang':'zh-Hans','title':'数据库报错 ORA-00942','product':'DB',"
    "'symptom':'查询时提示 ORA-00942: 表或视图不存在。','resolution':'授予查询权限。',"
    "'error_code':'ORA-00942'}",
    "{'id':'hans-oracle2','lang':'zh-Hans','title':'数据库报错 ORA-00943','product':'DB',"
    "'symptom':'提示簇不存在。','resolution':'检查簇名。','error_code':'ORA-00943'}",
    "{'id':'hans-wifi','lang':'zh-Hans','title':'无线网络时断时续','product':'HG8245H',"
    "'symptom':'手机连接 Wi-Fi 后经常掉线。','resolution':'更换信道。'}",
    "{'id':'ja-router','lang':'ja','title':'ルーターが再起動を繰り返す','product':'HG8245H',"
    "'symptom':'電源を入れるとルーターが何度も再起動します。','resolution':'"
    "電源アダプターを交換してください。'}",
    "{'id':'ja-paper','lang':'ja','title':'プリンターの用紙切れ','product':'MFP-200',"
    "'symptom':'用紙切れの表示が消えない。','resolution':'用紙センサーを清掃する。'}",
    "{'id':'ko-printer','lang':'ko','title':'프린터 용지 걸림','product':'MFP-200',"
    "'symptom':'프린터에서 용지가 걸렸습니다.','resolution':'뒤쪽 덮개를 여세요.'}",
    "{'id':'ko-router','lang':'ko','title':'공유기 재부팅 반복','product':'HG8245H',"
    "'symptom':'공유기가 계속 재부팅됩니다.','resolution':'전원 어댑터를 교체하세요.'}",
    "{'id':'en-toner','lang':'en','title':'Toner leaks inside the printer','product':'MFP-200',"
    "'category':['Printers','Toner'],'symptom':'Black powder on every page.',"
    "'cause':'The toner cartridge is cracked.','resolution':'Replace the cartridge and vacuum.'}",
    "{'id':'en-jam','lang':'en','title':'Paper jam in the rear tray','product':'MFP-200',"
    "'category':['Printers','Paper'],'symptom':'The printer reports a paper jam although the tray "
    "is empty.','resolution':'Clean the rear sensor.'}",
    "{'id':'en-password','lang':'en','title':'Resetting a forgotten password',"
    "'text':'Choose Forgot password on the sign-in page. The reset link is valid for one hour.'}",
    "{'id':'en-update','lang':'en','title':'Update fails with 0x80070005',"
    "'text':'The update stops with error 0x80070005 because access is denied.'}",
    "{'id':'en-version','lang':'en','title':'Crash after installing v7.5.1',"
    "'text':'Version v7.5.1 crashes on start. Install v7.5.2.'}",
    "{'id':'en-serial','lang':'en','title':'Where to find the serial number',"
    "'text':'The serial number, for example SN4857543DDE, is on the label.'}",
    "{'id':'en-vpn','lang':'en','title':'VPN connection drops',"
    "'symptom':'The connection drops after ten minutes.','resolution':'Raise the idle timeout.'}",
    "{'id':'en-internal','lang':'en','title':'Warranty margin for printers',"
    "'audience':'internal','text':'Only for staff: printer warranty margin.'}",
    "{'id':'en-hidden','lang':'en','title':'Archived printer note','state':'archived',"
    "'text':'printer printer printer'}",
    "{'id':'de-einricht','lang':'de','title':'Drucker einrichten',"
    "'text':'So wird der Drucker eingerichtet. Größe des Papiers wählen.'}",
    "{'id':'th-printer','lang':'th','title':'เครื่องพิมพ์กระดาษติด',"
    "'text':'เปิดฝาหลังแล้วดึงกระดาษออก'}",
};

/* The library is written with ' for \", so that it can be read here. */
static json_t *case_of(const char *text)
{
    struct buf json = {0};
    json_t *article;

    for (; *text != '\0'; text++)
        buf_add_u8(&json, *text == '\'' ? '"' : (uint8_t)*text);
    article = test_json(buf_str(&json));
    buf_release(&json);
    return article;
}

static int set_up(void **state)
{
    struct library *f = library_new();
    json_t *cases = json_array();

    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        json_array_append_new(cases, case_of(small[i]));
    cases_put(f->journal, cases);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static struct search_result run(struct library *f, struct search_request *request)
{
    struct search_result result;
    struct error err;

    if (request->limit == 0)
        request->limit = 10;
    assert_ok(search_run(f->searcher, request, f->arena, &result, &err));
    return result;
}

/* --- the table --------------------------------------------------------------------------- */

#define E REASON_EXACT
#define V REASON_VARIANT
#define P REASON_PREFIX
#define T REASON_TYPO

/* clang-format off */
/* `ids`: what must come first, in this order; "-" : nothing at all; ids after "|" may stand
 * anywhere after. `reasons`: of the first hit. t: the last word may be unfinished. */
static const struct row {
    const char *query, *ids;
    unsigned reasons;
    bool t;
} rows[] = {
    /* Chinese, both scripts, one and two characters, fragments, sentences */
    {"打印机缺纸怎么办", "hans-paper", E, false},
    {"打印机缺纸", "hans-paper hans-jam", E, false},
    {"打印機缺紙", "hans-paper hans-jam", E, false},
    {"印机缺", "hans-paper", E, false},
    {"缺纸", "hans-paper", E, false},
    {"缺", "hans-paper", E, false},
    {"纸", "hans-paper | hans-jam", E, false},
    {"器", "| hans-router hant-router", 0, false},
    {"你好，请问打印机一直提示缺纸，重新装纸也没有用，怎么处理？", "hans-paper", E, false},
    {"打印机 缺纸", "hans-paper", E, false},
    {"路由器连线逾时", "hant-router", E, false},
    {"路由器連線逾時", "hant-router", E, false},
    {"定影器卡纸", "hans-jam", E, false},
    {"路由器无法重起", "hans-router", E | REASON_SOUND, false}, /* 起 for 启 */
    {"打印机却纸", "| hans-paper hans-jam", 0, false},
    {"打印缺纸机", "hans-paper", E, false},
    {"传感器脏污", "hans-paper", E, false},
    {"缺\n纸", "hans-paper", E, false},
    /* Japanese, Korean, Thai */
    {"ルーター 再起動", "ja-router", E, false},
    {"るーたー", "ja-router", E, false},
    {"ﾙｰﾀｰ", "ja-router", E, false},
    {"用紙切れ", "ja-paper", E, false},
    {"用纸", "ja-paper", E, false}, /* 紙 = 纸 */
    {"ルーター再起動しない", "ja-router", E, false},
    {"프린터 용지", "ko-printer", E, false},
    {"공유기가 재부팅돼요", "ko-router", E, false},
    {"재부팅", "ko-router", E, false},
    {"걸", "ko-printer", E, false},
    {"กระดาษติด", "th-printer", E, false},
    /* English and German: forms, cases, accents */
    {"toner leaks", "en-toner", E, false},
    {"TONER LEAK", "en-toner", E | V, false},
    {"ｔｏｎｅｒ", "en-toner", E, false},
    {"reset password", "en-password", E, false},
    {"passwords", "en-password", V, false},
    {"paper jam", "en-jam", E, false},
    {"the printer is leaking toner everywhere, what can I do?", "en-toner", E | V, false},
    {"Drucker eingerichtet", "de-einricht", E, false},
    {"grosse", "de-einricht", E, false}, /* ß, ö */
    {"vpn drops", "en-vpn", E, false},
    /* codes: whole, squeezed, parts, zeros, lookalikes, beginnings; never another code */
    {"E-013", "hans-paper", E, false},
    {"e013", "hans-paper", E, false},
    {"E－０１３", "hans-paper", E, false},
    {"ORA-00942", "hans-oracle", E, false},
    {"ora00942", "hans-oracle", E, false},
    {"ora 00942", "hans-oracle", V, false},
    {"ORA-942", "hans-oracle", V, false},
    {"00942", "hans-oracle", V, false},
    {"942", "hans-oracle", V, false},
    {"ORA-OO942", "hans-oracle", T, false},
    {"数据库 ORA-00943", "hans-oracle2 hans-oracle", E, false},
    {"0x80070005", "en-update", E, false},
    {"Ox80070005", "en-update", T, false},
    {"v7.5.1", "en-version", E, false},
    {"7.5.1", "en-version", 0, false},
    {"hg8245h", "| hans-router hant-router ja-router ko-router", 0, false},
    {"HG-8245H 掉线", "hans-wifi", 0, false},
    {"HG8245", "| hans-router", 0, false},
    {"sn4857543dde", "en-serial", E, false},
    {"SN4857543", "en-serial", 0, false},
    {"3DDE", "en-serial", V, false},
    {"wi fi", "hans-wifi", E, false},
    {"hg 8245h", "| hans-router hant-router", 0, false},
    {"pass word forgotten", "en-password", 0, false},
    /* slips */
    {"tonner", "en-toner", T, false},
    {"pasword", "en-password", T, false},
    {"apssword", "en-password", T, false},
    {"passwrod reset", "en-password", E | T, false},
    {"catridge", "en-toner", T, false},
    {"xoner", "en-toner", T, false},
    {"conection drops", "en-vpn", E | T, false},
    {"druker", "de-einricht", T, false},
    /* while typing */
    {"ton", "en-toner", P, true},
    {"to", "| en-toner", 0, true},
    {"reset passw", "en-password", E | P, true},
    {"ora-009", "| hans-oracle hans-oracle2", 0, true},
    {"hg82", "| hans-router", 0, true},
    {"passwo ", "en-password", 0, true},
    {"打印机缺", "hans-paper", E, true},
    {"passwrd", "en-password", T, true},
    /* pieces of words, when nothing else */
    {"artridg", "en-toner", 0, false},
    {"pn", "en-vpn", V, false},
    /* phrases */
    {"\"paper jam\"", "en-jam", E, false},
    {"\"jam paper\"", "-", 0, false},
    {"“重新装纸”", "hans-paper", E, false},
    {"\"the rear tray\" printer", "en-jam", E, false},
    {"\"缺纸", "hans-paper", E, false}, /* not closed */
    /* nothing to find */
    {"", "-", 0, false},
    {"   \n\t ", "-", 0, false},
    {"?!。、…", "-", 0, false},
    {"\"\"", "-", 0, false},
    {"🖨️🔥", "-", 0, false},
    {"zzqqxx", "-", 0, false},
    {"\xFF\xFE", "-", 0, false},
    /* never shown */
    {"archived note", "-", 0, false},
    {"warranty margin", "-", 0, false},
};
/* clang-format on */

static bool has_hit(const struct search_result *result, struct bytes id)
{
    for (uint32_t i = 0; i < result->hits_count; i++)
        if (bytes_equal(result->hits[i].id, id))
            return true;
    return false;
}

/* Prints what came instead and says whether the row holds. */
static bool row_holds(const struct row *row, const struct search_result *result)
{
    char ids[200], *save = NULL;
    uint32_t place = 0;
    bool ordered = true, holds = true;

    snprintf(ids, sizeof ids, "%s", row->ids);
    for (char *id = strtok_r(ids, " ", &save); id != NULL; id = strtok_r(NULL, " ", &save)) {
        if (strcmp(id, "-") == 0)
            holds = result->hits_count == 0;
        else if (strcmp(id, "|") == 0)
            ordered = false;
        else if (ordered)
            holds = holds && place < result->hits_count &&
                    bytes_equal(result->hits[place].id, bytes_str(id));
        else
            holds = holds && has_hit(result, bytes_str(id));
        place++;
    }
    if (row->reasons != 0)
        holds = holds && result->hits_count > 0 && result->hits[0].reasons == row->reasons;
    if (!holds) {
        print_error("“%s”: wanted %s (reasons %u), got", row->query, row->ids, row->reasons);
        for (uint32_t i = 0; i < result->hits_count; i++)
            print_error(" %.*s/%u/%.4f", (int)result->hits[i].id.len,
                        (const char *)result->hits[i].id.data, result->hits[i].reasons,
                        result->hits[i].score);
        print_error("\n");
    }
    return holds;
}

static void questions_find_their_cases_in_order(void **state)
{
    struct library *f = *state;
    unsigned failed = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct search_request request = {.query = bytes_str(rows[i].query),
                                         .typing = rows[i].t,
                                         .snippets = true,
                                         .audience = AUDIENCE_CUSTOMER};
        struct search_result result = run(f, &request);

        failed += !row_holds(&rows[i], &result);
        for (uint32_t j = 0; j < result.hits_count; j++) {
            const struct hit *hit = &result.hits[j];

            assert_true(hit->score >= 0 && hit->score <= 1 && hit->reasons != 0);
            assert_true(hit->coverage >= 0 && hit->coverage <= 1 + 1e-6);
            assert_true(j == 0 || hit->score <= result.hits[j - 1].score);
            assert_int_equal(utf8_valid_len(hit->snippet.text), hit->snippet.text.len);
        }
        assert_int_equal(result.total, result.hits_count);
        arena_clear(f->arena);
    }
    assert_int_equal(failed, 0);
}

/* A code with another digit shares pieces with it, or may have been meant when the index does not
 * know what was typed; it is never said to be it. */
static void another_code_is_never_exact(void **state)
{
    static const char *const unknown[] = {"E-015", "E-012", "ORA-00941", "0x80070006", "v7.5.3"};
    struct library *f = *state;

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct search_request request = {.query = bytes_str(unknown[i])};
        struct search_result result = run(f, &request);

        for (uint32_t j = 0; j < result.hits_count; j++) {
            assert_int_equal(result.hits[j].reasons & (E | P), 0);
            assert_true(result.hits[j].coverage < 0.7 && result.hits[j].score < 0.5);
        }
    }
}

/* What the index knows was meant; what it does not know may be one slip from it. */
static void only_an_unknown_code_is_corrected(void **state)
{
    static const struct {
        const char *query, *id;
        bool corrected;
    } table[] = {
        {"ORA-00943",    "hans-oracle2", false}, /* beside it, ORA-00942 */
        {"E-013",        "hans-paper",   false}, /* beside it, E-014 */
        {"ORA-009942",   "hans-oracle",  true }, /* a digit too many */
        {"ROA-00942",    "hans-oracle",  true }, /* two swapped */
        {"sn485754dde",  "en-serial",    true }, /* one missing */
        {"sn4857543dxe", "en-serial",    true }, /* one wrong */
    };
    struct library *f = *state;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_request request = {.query = bytes_str(table[i].query)};
        struct search_result result = run(f, &request);
        unsigned reasons = 0;

        assert_true(has_hit(&result, bytes_str(table[i].id)));
        for (uint32_t j = 0; j < result.hits_count; j++) {
            reasons |= result.hits[j].reasons;
            if (table[i].corrected)
                assert_true(result.hits[j].coverage < 0.7 && result.hits[j].score < 0.5);
        }
        if (((reasons & T) != 0) != table[i].corrected)
            fail_msg("%s: reasons %u", table[i].query, reasons);
        arena_clear(f->arena);
    }
}

/* --- filters, pages, order --------------------------------------------------------------- */

static void filters_keep_what_they_name(void **state)
{
    static const struct {
        const char *query, *product, *category, *lang;
        enum audience audience;
        uint32_t hits;
        const char *first;
    } table[] = {
        {"路由器",       "HG8245H", "",                   "",        AUDIENCE_PUBLIC,   2, NULL         },
        {"路由器",       "MFP-200", "",                   "",        AUDIENCE_PUBLIC,   0, NULL         },
        {"路由器",       "",        "",                   "zh",      AUDIENCE_PUBLIC,   2, NULL         },
        {"路由器",       "",        "",                   "zh-Hant", AUDIENCE_PUBLIC,   1, "hant-router"},
        {"路由器",       "",        "網路",             "",        AUDIENCE_PUBLIC,   1, "hant-router"},
        {"打印机",       "",        "打印机 > 卡纸", "",        AUDIENCE_PUBLIC,   1, "hans-jam"   },
        {"打印机",       "",        "打印机",          "",        AUDIENCE_PUBLIC,   2, NULL         },
        {"warranty margin", "",        "",                   "en",      AUDIENCE_INTERNAL, 1, "en-internal"},
        {"warranty margin", "",        "",                   "en",      AUDIENCE_PARTNER,  0, NULL         },
    };
    struct library *f = *state;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_request request = {.query = bytes_str(table[i].query),
                                         .product = bytes_str(table[i].product),
                                         .category = bytes_str(table[i].category),
                                         .lang = bytes_str(table[i].lang),
                                         .audience = table[i].audience};
        struct search_result result = run(f, &request);

        assert_int_equal(result.hits_count, table[i].hits);
        assert_int_equal(result.total, table[i].hits);
        if (table[i].first != NULL)
            assert_bytes_equal(result.hits[0].id, bytes_str(table[i].first));
    }
}

static void pages_continue_each_other(void **state)
{
    struct library *f = *state;
    struct search_request all = {.query = BYTES_LIT("printer paper toner 打印机"), .limit = 10};
    struct search_result whole = run(f, &all);

    assert_true(whole.hits_count >= 4);
    for (uint32_t i = 0; i < whole.hits_count; i++) {
        struct search_request one = all;
        struct search_result page;

        one.limit = 1;
        one.offset = i;
        page = run(f, &one);
        assert_int_equal(page.hits_count, 1);
        assert_bytes_equal(page.hits[0].id, whole.hits[i].id);
        assert_int_equal(page.total, whole.total);
    }
    all.offset = 4000000000u;
    assert_int_equal(run(f, &all).hits_count, 0);
}

static void limits_are_refused_with_a_sentence(void **state)
{
    struct library *f = *state;
    struct search_request request = {.query = BYTES_LIT("toner"), .limit = 0};
    struct search_result result;
    struct error err;
    struct buf huge = {0};

    assert_refused(AF_INVALID, search_run(f->searcher, &request, f->arena, &result, &err));
    request.limit = HITS_MAX + 1;
    assert_refused(AF_INVALID, search_run(f->searcher, &request, f->arena, &result, &err));
    memset(buf_reserve(&huge, QUERY_INPUT_BYTES_MAX + 1), 'a', QUERY_INPUT_BYTES_MAX + 1);
    huge.len = QUERY_INPUT_BYTES_MAX + 1;
    request = (struct search_request){.query = buf_bytes(&huge), .limit = 1};
    assert_refused(AF_TOO_LARGE, search_run(f->searcher, &request, f->arena, &result, &err));
    buf_release(&huge);
}

static void a_small_arena_is_refused_not_overrun(void **state)
{
    struct library *f = *state;

    for (size_t bytes = 0; bytes < (1u << 20); bytes += 20011) {
        struct arena *arena = arena_new(bytes);
        struct search_request request = {.query = BYTES_LIT("打印机缺纸 toner ora-00942 pasword"),
                                         .limit = 10,
                                         .snippets = true};
        struct search_result result;
        struct error err;
        enum status status = search_run(f->searcher, &request, arena, &result, &err);

        assert_true(status == AF_OK || status == AF_NO_MEMORY);
        arena_free(arena);
    }
}

/* --- any bytes (hostile_test.c has questions that were made to hurt) ----------------------- */

static void random_bytes_never_crash(void **state)
{
    static const char *const pieces[] = {
        "打印机", "缺",     "\"", "ora-",     "00942", " ",       "\xFF",
        "toner",  "ﾙｰ",     "-",  "\xE6\x89", "0x",    ".",       "e\xCC\x81",
        "프린터", "กระดาษ", "\n", "HG8245H",  "/",     "🖨️", "“"};
    struct library *f = *state;
    struct test_random random = test_random_new();

    for (int round = 0; round < 400; round++) {
        struct buf text = {0};
        struct search_request request = {.snippets = true};

        for (uint32_t n = test_random_below(&random, 30); n > 0; n--)
            buf_add_str(&text, pieces[test_random_below(&random, sizeof pieces / sizeof *pieces)]);
        request.query = buf_bytes(&text);
        request.typing = test_random_below(&random, 2) == 0;
        (void)run(f, &request);
        buf_release(&text);
        arena_clear(f->arena);
    }
}

/* --- two stages against everything ------------------------------------------------------- */

#define DOCS 3000
#define BODY_WORDS 40
#define TITLE_WORDS 4
#define VOCABULARY 4000
#define QUESTIONS 120
#define QUESTION_WORDS 9

struct corpus {
    uint16_t title[DOCS][TITLE_WORDS], body[DOCS][BODY_WORDS];
    uint16_t body_len[DOCS];
    uint32_t df[VOCABULARY];
};

/* Three letters: too short to be corrected, and no language has stems for them. */
static void word_text(unsigned word, char text[4])
{
    text[0] = (char)('b' + word % 20);
    text[1] = (char)('b' + word / 20 % 20);
    text[2] = (char)('b' + word / 400 % 20);
    text[3] = '\0';
}

/* Few words are common, most are rare. */
static uint16_t random_word(struct test_random *random)
{
    double u = (1 + test_random_below(random, 1000000)) / 1000001.0;

    return (uint16_t)(pow(VOCABULARY, u) - 1);
}

static void make_corpus(struct corpus *c, struct test_random *random)
{
    for (int d = 0; d < DOCS; d++) {
        bool seen[VOCABULARY] = {false};

        c->body_len[d] = (uint16_t)(5 + test_random_below(random, BODY_WORDS - 5));
        for (int i = 0; i < TITLE_WORDS; i++)
            seen[c->title[d][i] = random_word(random)] = true;
        for (int i = 0; i < c->body_len[d]; i++)
            seen[c->body[d][i] = random_word(random)] = true;
        for (int w = 0; w < VOCABULARY; w++)
            c->df[w] += seen[w];
    }
}

static void put_corpus(struct library *f, const struct corpus *c)
{
    json_t *cases = json_array();

    for (int d = 0; d < DOCS; d++) {
        struct buf title = {0}, body = {0};
        char word[4];

        for (int i = 0; i < TITLE_WORDS; i++, buf_printf(&title, "%s ", word))
            word_text(c->title[d][i], word);
        for (int i = 0; i < c->body_len[d]; i++, buf_printf(&body, "%s ", word))
            word_text(c->body[d][i], word);
        json_array_append_new(cases,
                              json_pack("{s:o,s:s,s:s,s:s}", "id", json_sprintf("d%04d", d), "lang",
                                        "xx", "title", buf_str(&title), "text", buf_str(&body)));
        buf_release(&title);
        buf_release(&body);
        if (json_array_size(cases) == ARTICLE_BATCH_MAX || d == DOCS - 1) {
            cases_put(f->journal, cases);
            cases = json_array();
        }
    }
    json_decref(cases);
}

static int times(const uint16_t *words, int count, uint16_t word)
{
    int n = 0;

    for (int i = 0; i < count; i++)
        n += words[i] == word;
    return n;
}

/* As the index keeps it: a word is three units, a length one byte. */
static uint32_t body_units(const struct corpus *c, int d)
{
    return field_length_decode(field_length_encode(3u * c->body_len[d]));
}

/* The text part of the score, of one document, by the formula in bm25.h. */
static double score_of(const struct corpus *c, int d, const uint16_t *question, int words,
                       double average)
{
    const struct bm25_settings *s = &settings_defaults.bm25;
    double units = body_units(c, d), score = 0;

    for (int i = 0; i < words; i++) {
        int title = times(c->title[d], TITLE_WORDS, question[i]);
        int body = times(c->body[d], c->body_len[d], question[i]);
        double t = s->fields->weight[FIELD_TITLE] * title; /* every title has the average length */

        t += s->fields->weight[FIELD_BODY] * body /
             (1 - s->fields->b[FIELD_BODY] + s->fields->b[FIELD_BODY] * units / average);
        score += bm25_idf(DOCS, c->df[question[i]]) * t / (s->k1 + t);
    }
    return score;
}

static int best_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x > y ? -1 : x < y;
}

/* How many of the ten hits score at least as much as the tenth of all documents; scores that
 * round to the same step of 1e-4 are the same. */
static int hits_among_best(const struct corpus *c, const struct search_result *result,
                           const uint16_t *question, double average)
{
    static double scores[DOCS];
    double tenth;
    int good = 0;

    for (int d = 0; d < DOCS; d++)
        scores[d] = score_of(c, d, question, QUESTION_WORDS, average);
    qsort(scores, DOCS, sizeof *scores, best_first);
    tenth = scores[9];
    for (uint32_t i = 0; i < result->hits_count; i++) {
        int d = (int)strtol((const char *)result->hits[i].id.data + 1, NULL, 10);

        good += score_of(c, d, question, QUESTION_WORDS, average) >= tenth * (1 - 1e-3);
    }
    return good;
}

static void two_stages_find_what_scoring_everything_finds(void **state)
{
    struct library *f = library_new();
    struct test_random random = test_random_new();
    struct corpus *c = calloc(1, sizeof *c);
    struct settings settings = settings_defaults;
    double average = 0;
    int good = 0;

    (void)state;
    make_corpus(c, &random);
    put_corpus(f, c);
    for (int d = 0; d < DOCS; d++)
        average += (double)body_units(c, d) / DOCS;
    settings.coverage = settings.about = settings.span = settings.title = settings.named = 0;
    settings.plain_k1 = settings.bm25.k1;
    settings.lang = settings.cover_min = 0;
    searcher_tune(f->searcher, &settings);
    for (int q = 0; q < QUESTIONS; q++) {
        uint16_t question[QUESTION_WORDS];
        struct search_request request = {.limit = 10};
        struct search_result result;
        struct buf text = {0};
        char word[4];

        for (int i = 0; i < QUESTION_WORDS; i++, buf_printf(&text, "%s ", word)) {
            do
                question[i] = random_word(&random);
            while (times(question, i, question[i]) > 0 || c->df[question[i]] == 0);
            word_text(question[i], word);
        }
        request.query = buf_bytes(&text);
        result = run(f, &request);
        good += hits_among_best(c, &result, question, average);
        buf_release(&text);
        arena_clear(f->arena);
    }
    print_message("recall@10 against scoring everything: %.4f\n", good / (10.0 * QUESTIONS));
    assert_true(good >= 0.995 * 10 * QUESTIONS);
    free(c);
    library_free(f);
}

/* --- how many match ---------------------------------------------------------------------- */

static uint32_t cases_with(const struct corpus *c, const uint16_t *words, int count)
{
    uint32_t n = 0;

    for (int d = 0; d < DOCS; d++) {
        int has = 0;

        for (int i = 0; i < count; i++)
            has += times(c->title[d], TITLE_WORDS, words[i]) > 0 ||
                   times(c->body[d], c->body_len[d], words[i]) > 0;
        n += has == count;
    }
    return n;
}

static void expect_total(struct library *f, const uint16_t *words, int count, uint32_t limit,
                         uint64_t total, bool is_least)
{
    struct search_request request = {.limit = limit};
    struct search_result result;
    struct buf text = {0};
    char word[4];

    for (int i = 0; i < count; i++, buf_printf(&text, "%s ", word))
        word_text(words[i], word);
    request.query = buf_bytes(&text);
    result = run(f, &request);
    if (result.total != total || result.total_is_estimate != is_least)
        fail_msg("%s: %u hits of %s%llu for %u, not %llu", buf_str(&text), result.hits_count,
                 result.total_is_estimate ? "at least " : "", (unsigned long long)result.total,
                 limit, (unsigned long long)total);
    buf_release(&text);
    arena_clear(f->arena);
}

/* One word is counted by the dictionary; two are, up to TOTAL_COUNTED cases with both. */
static void the_total_is_the_same_whatever_the_page(void **state)
{
    static const uint32_t limits[] = {1, 5, 10, 40, 100};
    struct library *f = library_new();
    struct test_random random = test_random_new();
    struct corpus *c = calloc(1, sizeof *c);
    int many = 0;

    (void)state;
    make_corpus(c, &random);
    put_corpus(f, c);
    for (int q = 0; q < QUESTIONS; q++) {
        uint16_t words[2] = {(uint16_t)(q % 8), (uint16_t)(8 + q % 30)}; /* common ones */
        uint32_t both = cases_with(c, words, 2);

        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
            if (c->df[words[0]] > 0)
                expect_total(f, words, 1, limits[i], c->df[words[0]], false);
            if (both >= TOTAL_COUNTED || (both >= HITS_DEFAULT && limits[i] <= HITS_DEFAULT))
                expect_total(f, words, 2, limits[i], both < TOTAL_COUNTED ? both : TOTAL_COUNTED,
                             true);
        }
        many += both > 2 * TOTAL_COUNTED;
    }
    print_message("%d questions with many cases\n", many);
    assert_true(many > 5);
    free(c);
    library_free(f);
}

/* Forty cases with both words in their titles set a bar that no later block of the rarer word
 * reaches; the cases in these blocks are counted all the same. */
static void cases_are_counted_before_blocks_are_passed_over(void **state)
{
    static const uint16_t words[2] = {21, 42};
    struct library *f = library_new();
    json_t *cases = json_array();
    char a[4], b[4];

    (void)state;
    word_text(words[0], a);
    word_text(words[1], b);
    for (int d = 0; d < DOCS; d++) {
        bool first = d < POSTINGS_BLOCK, rare = d < 10 * POSTINGS_BLOCK;
        const char *title = first && d % 3 == 0 ? b : "zzz", *text = rare && !first ? a : "zzz";

        json_array_append_new(
            cases, json_pack("{s:o,s:s,s:o,s:o}", "id", json_sprintf("d%04d", d), "lang", "xx",
                             "title", json_sprintf("%s %s", first ? a : "zzz", title), "text",
                             json_sprintf("%s %s", text, first ? "zzz" : b)));
        if (json_array_size(cases) == ARTICLE_BATCH_MAX || d == DOCS - 1) {
            cases_put(f->journal, cases);
            cases = json_array();
        }
    }
    json_decref(cases);
    for (uint32_t limit = 10; limit <= 100; limit += 45)
        expect_total(f, words, 2, limit, TOTAL_COUNTED, true);
    library_free(f);
}

/* --- changes are seen -------------------------------------------------------------------- */

static void a_saved_case_is_found_at_once_and_a_changed_one_as_changed(void **state)
{
    struct library *f = library_new();
    struct search_request request = {.query = BYTES_LIT("zanzibar"), .limit = 5};
    struct error err;

    (void)state;
    assert_int_equal(run(f, &request).hits_count, 0);
    cases_put(f->journal,
              json_pack("[{s:s,s:s,s:s}]", "id", "z", "lang", "en", "title", "Zanzibar"));
    assert_int_equal(run(f, &request).hits_count, 1);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_int_equal(run(f, &request).hits_count, 1);
    cases_put(f->journal,
              json_pack("[{s:s,s:s,s:s}]", "id", "z", "lang", "en", "title", "Madagascar"));
    assert_int_equal(run(f, &request).hits_count, 0);
    request.query = BYTES_LIT("madagascar");
    assert_int_equal(run(f, &request).hits[0].version, 2);
    library_free(f);
}

/* --- the end of a code --------------------------------------------------------------------- */

static void the_last_four_of_a_code_find_it_and_are_not_the_code(void **state)
{
    static const struct {
        const char *query, *id;
        unsigned reasons;
    } table[] = {
        {"9305",        "serial", REASON_VARIANT},
        {"73b8",        "hex",    REASON_VARIANT},
        {"305",         NULL,     0             }, /* three are the end of too much */
        {"9305 zebra",  "animal", 0             }, /* beside other words it is a number */
        {"SN-48239305", "serial", REASON_EXACT  },
    };
    struct library *f = library_new();

    (void)state;
    cases_put(f->journal, json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]", "id", "serial",
                                    "lang", "en", "title", "Replaced SN-48239305", "id", "hex",
                                    "lang", "en", "title", "Stopped with 0xC00073B8", "id",
                                    "animal", "lang", "en", "title", "A zebra"));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_request request = {.query = bytes_str(table[i].query), .limit = 3};
        struct search_result result = run(f, &request);

        if (table[i].id == NULL) {
            for (uint32_t h = 0; h < result.hits_count; h++)
                assert_int_equal(0, result.hits[h].reasons & REASON_EXACT);
            continue;
        }
        assert_true(result.hits_count > 0);
        assert_bytes_equal(result.hits[0].id, bytes_str(table[i].id));
        if (table[i].reasons != 0)
            assert_true((result.hits[0].reasons & table[i].reasons) != 0);
        if (table[i].reasons == REASON_VARIANT)
            assert_int_equal(0, result.hits[0].reasons & REASON_EXACT);
    }
    library_free(f);
}

/* --- cases that are not wanted ----------------------------------------------------------- */

static void what_is_left_out_makes_room_for_the_next(void **state)
{
    struct library *f = *state;
    struct bytes without[SEARCH_WITHOUT_MAX + 1] = {BYTES_NONE};
    struct search_request request = {.query = BYTES_LIT("路由器"), .limit = 2};
    struct search_result all = run(f, &request), rest;
    struct error err;

    assert_int_equal(2, all.hits_count);
    without[0] = arena_copy(f->arena, all.hits[0].id);
    request.without = without;
    request.without_count = 1;
    rest = run(f, &request);
    assert_int_equal(1, rest.hits_count);
    assert_bytes_equal(rest.hits[0].id, all.hits[1].id);
    request.without_count = SEARCH_WITHOUT_MAX + 1;
    assert_int_equal(AF_INVALID, search_run(f->searcher, &request, f->arena, &rest, &err));
}

/* --- whose language ---------------------------------------------------------------------- */

static void of_equal_answers_the_one_in_the_askers_language_comes_first(void **state)
{
    static const struct {
        const char *query, *page, *first;
    } table[] = {
        {"Kontoor",        "ja",      "in-ja"  }, /* a name: the page says who asks */
        {"Kontoor",        "zh-Hant", "in-hant"},
        {"Kontoor",        "zh-Hans", "in-hans"},
        {"Kontoor",        "",        "in-en"  },
        {"設定 Kontoor", "en",      "in-hant"}, /* the question says it */
    };
    struct library *f = library_new();

    (void)state;
    cases_put(f->journal,
              json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]", "id", "in-en",
                        "lang", "en", "title", "Kontoor set up 設定", "id", "in-ja", "lang", "ja",
                        "title", "Kontoor set up 設定", "id", "in-hans", "lang", "zh-Hans", "title",
                        "Kontoor set up 設定", "id", "in-hant", "lang", "zh-Hant", "title",
                        "Kontoor set up 設定"));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_request request = {
            .query = bytes_str(table[i].query), .page_lang = bytes_str(table[i].page), .limit = 4};
        struct search_result result = run(f, &request);

        assert_int_equal(4, result.hits_count);
        assert_bytes_equal(result.hits[0].id, bytes_str(table[i].first));
    }
    library_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_four_of_a_code_find_it_and_are_not_the_code),
        cmocka_unit_test(what_is_left_out_makes_room_for_the_next),
        cmocka_unit_test(of_equal_answers_the_one_in_the_askers_language_comes_first),
        cmocka_unit_test(questions_find_their_cases_in_order),
        cmocka_unit_test(another_code_is_never_exact),
        cmocka_unit_test(only_an_unknown_code_is_corrected),
        cmocka_unit_test(filters_keep_what_they_name),
        cmocka_unit_test(pages_continue_each_other),
        cmocka_unit_test(limits_are_refused_with_a_sentence),
        cmocka_unit_test(a_small_arena_is_refused_not_overrun),
        cmocka_unit_test(random_bytes_never_crash),
        cmocka_unit_test(two_stages_find_what_scoring_everything_finds),
        cmocka_unit_test(the_total_is_the_same_whatever_the_page),
        cmocka_unit_test(cases_are_counted_before_blocks_are_passed_over),
        cmocka_unit_test(a_saved_case_is_found_at_once_and_a_changed_one_as_changed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
