/* What users of other engines complained about, each with their own example, all in one library so
 * that the cases can disturb one another.
 *
 * A thread is named by its project and number: m meilisearch, c charabia, t typesense, ik
 * analysis-ik, py analysis-pinyin, v valkey-search; the others by name. In the rows marked
 * "like" the thread itself was not to be had, or shows pictures only; the example is another one of
 * the same complaint.
 *
 * Not here, for search has no such thing:
 *   m1413   which questions are asked most: a report, not a question
 *   m466    documents like this one: tests/search/query/similar_test.c
 *   m3771, t1059   the parts of a score: tests/search/show/explain_test.c
 *   t771    what helped before is lifted: tests/intake/learn_year_test.c
 *   m5015   its third question excludes a word with "-": there are no operators in a question
 *   t2607   a setting that limits dropped words: nothing is dropped here, words are weighed */
#include "tests/search/library.h"

/* clang-format off */
static const struct {
    const char *id, *lang, *title;
} cases[] = {
    {"m4874-1", "zh-Hans", "工单一直待处理"}, {"m4874-2", "zh-Hans", "在建工程"},
    {"m4935-1", "zh-Hans", "中国人民银行"}, {"m4935-2", "zh-Hans", "中国农业银行"}, {"m4935-3", "zh-Hans", "中国农业发展银行"},
    {"m4935-4", "zh-Hans", "工商银行"},
    {"m2632", "zh-Hans", "测试工具箱"},
    {"m1714-1", "zh-Hans", "小化妆包"}, {"m1714-2", "zh-Hans", "Ipad 包"},
    {"m5015-1", "zh-Hans", "招商证券"}, {"m5015-2", "zh-Hans", "招商证券股份有限公司"},
    {"m5015-3", "zh-Hans", "招商基金管理有限公司"}, {"m5015-4", "zh-Hans", "招商财富资产管理有限公司"},
    {"m5015-5", "zh-Hans", "招商蛇口"}, {"m5015-6", "zh-Hans", "招商-平安金融中心"}, {"m5015-7", "zh-Hans", "招商基金-杭州运河网谷"},
    {"m5015-9", "zh-Hans", "招商信雅达蛇口招商局"},
    {"c226", "zh-Hans", "永永远远是龙的传人"},
    {"ik548-1", "zh-Hans", "鹰牌 印尼进口酸梅粉/水果伴侣 150g/瓶"}, {"ik548-2", "zh-Hans", "蒙牛 纯牛奶250ml×16盒/件"},
    {"ik548-3", "zh-Hans", "江苏省南京市"},
    {"ik706-1", "zh-Hans", "太卡啦"}, {"ik706-2", "zh-Hans", "董建华：近期暴力事件已无关修例"}, {"ik706-3", "zh-Hans", "儿童节"},
    {"ik286-1", "zh-Hans", "在电池内部也未发现明显破损的痕迹"}, {"ik286-2", "zh-Hans", "铅笔10支"},
    {"m4146-1", "ja", "関西国際空港限定トートバッグ"}, {"m4146-2", "zh-Hans", "关西国际机场"},
    {"m3565-1", "ja", "東京スカパラダイスオーケストラ"}, {"m3565-2", "ja", "東京バナナ"},
    {"m3565-3", "ja", "東京 ポテチ"}, {"m3565-4", "ja", "東京特許許可局"},
    {"m3769", "ja", "日東電工株式会社の経営者"},
    {"m4561-1", "ja", "日健クリニック"}, {"m4561-2", "ja", "日見中央病院"},
    {"m4075-1", "zh-Hans", "热门景点"}, {"m4075-2", "zh-Hans", "经典老歌"},
    {"m3655-1", "zh-Hans", "部分退款"}, {"m3655-2", "zh-Hans", "不能登录"}, {"m3655-3", "zh-Hans", "布料"},
    {"py185", "zh-Hans", "叶进"}, {"py207", "zh-Hans", "刘德华"},
    {"c331", "zh-Hans", "中国—东盟合作树立“全球南方”联合自强重要范本（国际论坛）"},
    {"jikan553-1", "zh-Hant", "進擊的巨人"}, {"jikan553-2", "zh-Hans", "灌篮高手"},
    {"m5774", "en", "LaravelMeilisearchDriver"},
    {"m3863-1", "en", "Mermaid"}, {"m3863-2", "en", "Extraction"},
    {"m879", "en", "HID98273DDE"},
    {"t393-1", "en", "157B2210"}, {"t393-2", "en", "ABCDEF"},
    {"t1270-1", "en", "Phoenix.Controller.allow_jsonp/2"}, {"t1270-2", "en", "Phoenix.LiveView.disallow_upload/3"},
    {"t1205-1", "en", "Thai soup"}, {"t1205-2", "en", "Chicken Thai soup"}, {"t1205-3", "en", "Onion soup"},
    {"v1175", "zh-Hans", "王小明的生日"},
    {"hermes22847-1", "zh-Hans", "广西旅游"}, {"hermes22847-2", "zh-Hans", "桂林的早晨"}, {"hermes22847-3", "zh-Hans", "漓江游船"},
    {"obelisk76", "zh-Hans", "步2 重跑gen-itgc后50条悬空引用清零，修复已验证"},
    {"m3999-1", "en", "2001: A Space Odyssey"}, {"m3999-2", "en", "2001: A Space Travesty"},
    {"m3999-3", "en", "Dracula 2000"}, {"m3999-4", "en", "Fantasia 2000"},
    {"t1400", "en", "XYZ-123"},
    {"m925", "en", "Search is getting slower with more words"},
    {"m2175", "en", "1 2 3 4 5 6 7 8"},
    {"m3424", "en", "Batman: the dark knight returns, part 1"},
    {"t644-1", "fr", "Canapé d'angle convertible Antoni avec têtières relevables angle gauche simili Blanc "
               "et tissus Gris clair"},
    {"t644-2", "fr", "Table basse design à 2 plateaux Noir et Gris foncé"},
    {"hindsight3892", "zh-Hans", "安全软件会删除网关上的计划任务"},
    {"m3526", "zh-Hans", "大卫到了扫罗那里，就侍立在扫罗面前"},
    {"m2534", "zh-Hans", "这是一个正常的虚拟机数据"},
    {"t2144", "ja", "サンドボックスの作り方"},
    {"instantsearch5444", "uk", "Вимкнення світла 🏠 вдома"},
    {"t228-1", "ko", "서울특별시 관악구"}, {"t228-2", "ko", "서울특별시 성북구"}, {"t228-3", "ko", "서울특별시 강남구"},
    {"keypirinha578-1", "ko", "초성검색"}, {"keypirinha578-2", "ko", "카카오톡"},
};

/* `ids`: what must come first, in this order; after "|": found, anywhere; after "!": not found.
 * "-": nothing is found. `marks`: what is marked in the first title, with "|" between; NULL: not
 * asked. typing: the last word may be unfinished. */
static const struct row {
    const char *thread, *query, *ids, *marks;
    bool typing;
} rows[] = {
    /* Words hide their parts */
    {"m4874", "处理", "m4874-1", "处理", false},
    {"m4874", "待处理", "m4874-1", "待处理", false},
    {"m4874", "工程", "m4874-2", "工程", false},
    {"m4935, c338", "农业", "| m4935-2 m4935-3 ! m4935-1 m4935-4", "农业", false},
    {"m4935, c338", "银行", "| m4935-1 m4935-2 m4935-3 m4935-4", "银行", false},
    {"m4935, c338", "发展银行", "m4935-3", "发展银行", false},
    {"m2632", "测试", "m2632", "测试", false},
    {"m2632", "工具箱", "m2632", "工具箱", false},
    {"m2632", "工具", "m2632", "工具", false},
    {"m1714", "\"小化妆\"", "m1714-1", "小化妆", false},
    {"m1714", "\"化妆包\"", "m1714-1 ! m1714-2", "化妆包", false},
    {"m1714", "\"包\"", "| m1714-1 m1714-2", "包", false},
    {"m1714", "包", "| m1714-1 m1714-2", "包", false},
    {"m5015", "招商 公司", "| m5015-2 m5015-3 m5015-4", NULL, false},
    {"m5015", "\"招商基金\" \"公司\"", "m5015-3 ! m5015-7 m5015-2", "招商基金|公司", false},
    {"c226", "永远", "c226", "永远", false},
    {"c226", "远远", "c226", "远远", false},
    {"c226", "传人", "c226", "传人", false},
    {"ik548", "梅", "ik548-1", "梅", false},
    {"ik548", "梅粉", "ik548-1", "梅粉", false},
    {"ik548", "江", "| ik548-3", NULL, false},
    {"ik548", "江苏", "ik548-3", "江苏", false},
    {"ik548", "蒙牛牛奶", "ik548-2", NULL, false},
    {"ik706", "卡", "ik706-1", "卡", false},
    {"ik706", "太", "ik706-1", "太", false},
    {"ik706", "董", "ik706-2", "董", false},
    {"ik706", "儿", "ik706-3", "儿", false},
    {"ik286", "在电池内部也未发现明显破损的痕迹", "ik286-1", NULL, false},
    {"ik286", "\"未发现明显破损\"", "ik286-1", NULL, false},
    {"ik286", "10支", "ik286-2", NULL, false},
    /* Chinese and Japanese together */
    {"m4146", "国際", "| m4146-1 m4146-2", NULL, false},
    {"m4146", "国际", "| m4146-1 m4146-2", NULL, false},
    {"m3565", "東京", "| m3565-1 m3565-2 m3565-3 m3565-4", "東京", false},
    {"m3565", "东京", "| m3565-1 m3565-2 m3565-3 m3565-4", "東京", false},
    {"m3769", "日東", "m3769", "日東", false},
    {"m3769", "日東電工", "m3769", "日東電工", false},
    {"m3769", "日東電工株式会社", "m3769", "日東電工株式会社", false},
    {"m4561", "健", "m4561-1 ! m4561-2", "健", false},
    /* Pinyin wanted, sound alike not taken for the same */
    {"m4075", "景点", "m4075-1 ! m4075-2", "景点", false},
    {"m4075", "经典", "m4075-2 ! m4075-1", "经典", false},
    {"m3655", "部", "m3655-1 ! m3655-2 m3655-3", "部", false},
    {"c285", "jingdian", "| m4075-1 m4075-2", NULL, true},
    {"sonic182, like", "guangxi", "hermes22847-1", NULL, true},
    {"py61, like", "柳", "! py207", NULL, false},
    {"py61, like", "刘", "py207", "刘", false},
    {"py185", "yejin", "py185", "叶进", true},
    {"py207", "liudehua", "py207", "刘德华", true},
    /* Traditional and Simplified */
    {"c331", "國際論壇", "c331", "国际论坛", false},
    {"c331", "國際論坛", "c331", "国际论坛", false},
    {"c331", "論壇", "c331", "论坛", false},
    {"jikan553, like", "进击的巨人", "jikan553-1", "進擊的巨人", false},
    {"jikan553, like", "灌籃高手", "jikan553-2", "灌篮高手", false},
    /* Parts of words and codes */
    {"m5774", "Meilisearch", "m5774", NULL, false},
    {"m3863", "maid", "m3863-1", NULL, false},
    {"m3863", "tion", "m3863-2", NULL, false},
    {"m879", "3DDE", "m879", NULL, false},
    {"t393", "B2210", "t393-1", NULL, false},
    {"t393", "B22", "t393-1", NULL, true},
    {"t393", "DEF", "t393-2", NULL, false},
    {"t1270, like", "allow", "t1270-1", NULL, false},
    {"t1205", "tha", "| t1205-1 t1205-2", NULL, true},
    {"t1205", "soup tha", "t1205-1", NULL, true},
    {"t1205", "tha soup", "| t1205-1 t1205-2", NULL, true},
    {"t1205", "chicken soup tha", "t1205-2", NULL, true},
    {"t1205", "chicken tha soup", "t1205-2", NULL, true},
    {"v1175, like", "小明", "v1175", "小明", false},
    {"hermes22847", "广西 OR 桂林 OR 漓江 OR 旅游", "hermes22847-1", "广西旅游", false},
    {"hermes22847", "桂林", "hermes22847-2", "桂林", false},
    {"hermes22847", "漓江", "hermes22847-3", "漓江", false},
    {"obelisk76, like", "悬空", "obelisk76", "悬空", false},
    {"obelisk76, like", "itgc", "obelisk76", "gen-itgc", false},
    /* No slips in numbers */
    {"m3999", "2001", "| m3999-1 m3999-2 ! m3999-3 m3999-4", "2001", false},
    {"m3999", "2000", "| m3999-3 m3999-4 ! m3999-1 m3999-2", "2000", false},
    {"t1400", "XYZ-123", "t1400", "XYZ-123", false},
    /* Long questions */
    {"m925", "this is a test to see if meilisearch is getting slower the more words i use, yep, its "
             "getting slower and slower", "m925", NULL, false},
    {"m2175", "1 2 3 4 5 6 7 8", "m2175", NULL, true},
    {"m2175", "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a", "| m3999-1", NULL, true},
    {"m3424, like", "Batman: the dark knight returns, part 1", "m3424", NULL, false},
    {"t644", "Canapé d'angle convertible Antoni avec têtières relevables angle gauche simili Blanc et "
             "tissus Gris clair", "t644-1", NULL, false},
    {"t644", "Table basse design à 2 platea Noir et Gris foncé", "t644-2", NULL, true},
    {"t1199, like", "Je cherche un canapé d'angle convertible avec têtières relevables, de préférence "
             "en tissus gris clair, pour un petit salon", "t644-1", NULL, false},
    {"hindsight3892", "网关计划任务被安全软件删除", "hindsight3892", NULL, false},
    /* Marks */
    {"m3526", "大卫", "m3526", "大卫", false},
    {"m2534, like", "虚拟机", "m2534", "虚拟机", false},
    {"t2144", "サンドボックス", "t2144", "サンドボックス", false},
    {"instantsearch5444, like", "світла", "instantsearch5444", "світла", false},
    {"instantsearch5444, like", "вдома", "instantsearch5444", "вдома", false},
    /* Korean, while it is composed */
    {"t228", "서울특별시 ㄱ", "| t228-1 t228-3", NULL, true},
    {"t228", "서울특별시 고", "t228-1", NULL, true},
    {"t228", "서울특별시 과", "t228-1", NULL, true},
    {"t228", "서울특별시 관", "t228-1", NULL, true},
    {"keypirinha578", "ㅊㅅㄱㅅ", "keypirinha578-1", "초성검색", true},
    {"keypirinha578", "ㅋㅋㅇㅌ", "keypirinha578-2", "카카오톡", true},
};
/* clang-format on */

static int set_up(void **state)
{
    struct library *l = library_new();
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", cases[i].id, "lang",
                                              cases[i].lang, "title", cases[i].title));
    cases_put(l->journal, list);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static bool has_hit(const struct search_result *result, struct bytes id)
{
    for (uint32_t i = 0; i < result->hits_count; i++)
        if (bytes_equal(result->hits[i].id, id))
            return true;
    return false;
}

static bool marks_are(const struct marked_text *title, const char *wanted)
{
    struct buf marked = {0};
    bool same;

    for (uint32_t i = 0; i < title->marks_count; i++) {
        if (i > 0)
            buf_add_str(&marked, "|");
        buf_add(&marked, (struct bytes){title->text.data + title->marks[i].start,
                                        title->marks[i].end - title->marks[i].start});
    }
    same = bytes_equal(buf_bytes(&marked), bytes_str(wanted));
    if (!same)
        print_error("marked “%s”: ", buf_str(&marked));
    buf_release(&marked);
    return same;
}

static bool ids_hold(const struct search_result *result, const char *wanted)
{
    char ids[200], *save = NULL, rule = '=';
    uint32_t place = 0;
    bool hold = true;

    snprintf(ids, sizeof ids, "%s", wanted);
    for (char *id = strtok_r(ids, " ", &save); id != NULL; id = strtok_r(NULL, " ", &save)) {
        if (id[1] == '\0')
            rule = *id;
        else if (rule == '=')
            hold = hold && place < result->hits_count &&
                   bytes_equal(result->hits[place++].id, bytes_str(id));
        else
            hold = hold && has_hit(result, bytes_str(id)) == (rule == '|');
    }
    return hold && (rule != '-' || result->hits_count == 0);
}

static bool row_holds(const struct row *row, const struct search_result *result)
{
    bool holds = ids_hold(result, row->ids);

    if (holds && row->marks != NULL)
        holds = result->hits_count > 0 && marks_are(&result->hits[0].title, row->marks);
    if (holds)
        return true;
    print_error("%s “%s”: wanted %s (marks %s), got", row->thread, row->query, row->ids,
                row->marks == NULL ? "any" : row->marks);
    for (uint32_t i = 0; i < result->hits_count; i++)
        print_error(" %.*s/%u/%.4f", (int)result->hits[i].id.len,
                    (const char *)result->hits[i].id.data, result->hits[i].reasons,
                    result->hits[i].score);
    print_error("\n");
    return false;
}

static void check(struct library *l, const struct row *list, size_t count)
{
    unsigned failed = 0;

    for (size_t i = 0; i < count; i++) {
        struct search_request request = {.query = bytes_str(list[i].query),
                                         .typing = list[i].typing,
                                         .snippets = true,
                                         .limit = 20};
        struct search_result result = library_search(l, &request);

        failed += !row_holds(&list[i], &result);
        assert_false(result.degraded || result.query_cut);
        arena_clear(l->arena);
    }
    assert_int_equal(failed, 0);
}

static void what_users_of_other_engines_asked_for_is_found(void **state)
{
    check(*state, rows, sizeof rows / sizeof *rows);
}

/* --- none is forgotten --------------------------------------------------------------------- */

/* The threads that this project set out to answer, but for those that the head of this file names
 * with the test that has them, or why there is none. */
static const char *const threads[] = {
    "m4874",         "m4935",
    "m2632",         "m1714",
    "m5015",         "c226",
    "c338",          "ik548",
    "ik706",         "ik286",
    "m4146",         "m3565",
    "m3769",         "m4561",
    "m4075",         "m3655",
    "c285",          "sonic182",
    "py61",          "py185",
    "py207",         "c331",
    "jikan553",      "m5774",
    "m3863",         "m879",
    "t393",          "t1270",
    "t1205",         "v1175",
    "hermes22847",   "obelisk76",
    "m3999",         "t1400",
    "m925",          "m2175",
    "m3424",         "t1199",
    "t644",          "m3526",
    "m2534",         "t2144",
    "hindsight3892", "t228",
    "keypirinha578", "instantsearch5444",
};

/* Is the name one of the list "m4935, c338, like"? */
static bool names(const char *list, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = strstr(list, name); at != NULL; at = strstr(at + 1, name))
        if ((at == list || at[-1] == ' ') && (at[len] == '\0' || at[len] == ','))
            return true;
    return false;
}

static bool has_row(const char *name, const struct row *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (names(list[i].thread, name))
            return true;
    return false;
}

static void each_thread_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++)
        if (!has_row(threads[i], rows, sizeof rows / sizeof *rows))
            fail_msg("no question of thread %s is asked", threads[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_users_of_other_engines_asked_for_is_found),
        cmocka_unit_test(each_thread_has_a_row),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
