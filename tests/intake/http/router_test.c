#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/http/router.h"

static enum status nothing(void *app, struct request *req, struct reply *rep, struct error *err)
{
    (void)app;
    (void)req;
    (void)rep;
    (void)err;
    return AF_OK;
}

static const struct route list[] = {
    {METHOD_GET,  "/",                             nothing, 0, 0, "root"    },
    {METHOD_GET,  "/api/v1/consults/{id}",         nothing, 0, 0, "consult" },
    {METHOD_POST, "/api/v1/consults",              nothing, 1, 0, "new"     },
    {METHOD_POST, "/api/v1/consults/{id}/outcome", nothing, 1, 0, "outcome" },
    {METHOD_GET,  "/api/v1/consults/newest",       nothing, 0, 0, "shadowed"},
    {METHOD_GET,  "/a/{x}/b/{y}",                  nothing, 0, 0, "two"     },
    {METHOD_GET,  "/web/{file...}",                nothing, 0, 0, "rest"    },
    {METHOD_PUT,  "/api/v1/consults/{id}",         nothing, 1, 0, "put"     },
};
static const struct routes routes = {list, sizeof list / sizeof list[0]};

static void set(struct request *req, enum http_method method, const char *target)
{
    struct bytes host = BYTES_NONE;

    assert_true(request_init(req));
    req->method = method;
    assert_int_equal(request_set_target(req, bytes_str(target), &host, NULL), AF_OK);
}

static void methods_and_paths_find_their_route(void **state)
{
    static const struct {
        enum http_method method;
        const char *target;
        enum route_result result;
        const char *found, *params;
    } rows[] = {
        {METHOD_GET,   "/",                                           ROUTE_FOUND,     "root",    ""               },
        {METHOD_GET,   "/?q=1",                                       ROUTE_FOUND,     "root",    ""               },
        {METHOD_HEAD,  "/",                                           ROUTE_FOUND,     "root",    ""               },
        {METHOD_GET,   "//",                                          ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_GET,   "/api/v1/consults/7",                          ROUTE_FOUND,     "consult", "id=7;"          },
        {METHOD_PUT,   "/api/v1/consults/7",                          ROUTE_FOUND,     "put",     "id=7;"          },
        {METHOD_GET,   "/api/v1/consults/newest",                     ROUTE_FOUND,     "consult", "id=newest;"     },
        {METHOD_GET,   "/api/v1/consults/",                           ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_GET,   "/api/v1/consults/7/",                         ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_GET,   "/api/v1/consults",                            ROUTE_NO_METHOD, NULL,      ""               },
        {METHOD_POST,  "/api/v1/consults",                            ROUTE_FOUND,     "new",     ""               },
        {METHOD_POST,  "/API/v1/consults",                            ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_POST,  "/%61pi/v1/consults",                          ROUTE_FOUND,     "new",     ""               },
        {METHOD_POST,  "/api%2Fv1/consults",                          ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_POST,  "/api/v1/consults/a%2Fb%E7%BD%91/outcome",     ROUTE_FOUND,     "outcome",
         "id=a/b网;"                                                                                              },
        {METHOD_GET,   "/api/v1/consults/7/outcome",                  ROUTE_NO_METHOD, NULL,      ""               },
        {METHOD_OTHER, "/",                                           ROUTE_NO_METHOD, NULL,      ""               },
        {METHOD_GET,   "/a/1/b/2",                                    ROUTE_FOUND,     "two",     "x=1;y=2;"       },
        {METHOD_GET,   "/a//b/2",                                     ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_GET,   "/web/a/b%2Fc.css",                            ROUTE_FOUND,     "rest",    "file=a/b/c.css;"},
        {METHOD_GET,   "/web/",                                       ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_GET,   "/web/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", ROUTE_NO_PATH,   NULL,      ""               },
        {METHOD_GET,   "/none",                                       ROUTE_NO_PATH,   NULL,      ""               },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request req;
        struct buf params = {0};

        set(&req, rows[i].method, rows[i].target);
        if (router_find(&routes, &req, NULL) != rows[i].result)
            fail_msg("%s has another result", rows[i].target);
        if (rows[i].found != NULL)
            assert_string_equal((const char *)req.route->more, rows[i].found);
        else
            assert_null(req.route);
        for (size_t k = 0; k < req.params.count; k++) {
            buf_add(&params, req.params.list[k].name);
            buf_add_str(&params, "=");
            buf_add(&params, req.params.list[k].value);
            buf_add_str(&params, ";");
        }
        assert_string_equal(buf_str(&params), rows[i].params);
        buf_release(&params);
        request_release(&req);
    }
}

static void allow_names_what_a_path_takes(void **state)
{
    struct request req;

    (void)state;
    set(&req, METHOD_DELETE, "/api/v1/consults/7");
    assert_string_equal(router_allow(&routes, &req), "GET, HEAD, PUT, OPTIONS");
    request_release(&req);
    set(&req, METHOD_GET, "/api/v1/consults");
    assert_string_equal(router_allow(&routes, &req), "POST, OPTIONS");
    request_release(&req);
}

static void parameters_are_found_by_name(void **state)
{
    struct request req;

    (void)state;
    set(&req, METHOD_GET, "/a/1/b/2?limit=20&big=99999999999999999999&bad=-1&none=");
    assert_int_equal(router_find(&routes, &req, NULL), ROUTE_FOUND);
    assert_true(bytes_equal(request_param(&req, "y"), BYTES_LIT("2")));
    assert_true(request_query(&req, "none").data != NULL);
    assert_null(request_query(&req, "absent").data);
    request_release(&req);
}

static void numbers_in_a_query_keep_their_bounds(void **state)
{
    static const struct {
        const char *name;
        enum status status;
        uint64_t value;
    } rows[] = {
        {"limit",  AF_OK,      20  },
        {"absent", AF_OK,      10  },
        {"big",    AF_INVALID, 0   },
        {"minus",  AF_INVALID, 0   },
        {"empty",  AF_INVALID, 0   },
        {"many",   AF_INVALID, 0   },
        {"blank",  AF_INVALID, 0   },
        {"least",  AF_OK,      1   },
        {"few",    AF_INVALID, 0   },
        {"plus",   AF_INVALID, 0   },
        {"hex",    AF_INVALID, 0   },
        {"most",   AF_OK,      1000}
    };
    struct request req;

    (void)state;
    set(&req, METHOD_GET,
        "/?limit=20&big=18446744073709551616&minus=-1&empty=&many=1001&blank=+1&least=1&few=0"
        "&plus=%2B1&hex=0x1&most=1000");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t v = 0;
        struct error err;

        assert_int_equal(request_query_u64(&req, rows[i].name, 1, 1000, 10, &v, &err),
                         rows[i].status);
        assert_int_equal(v, rows[i].value);
    }
    request_release(&req);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_and_paths_find_their_route),
        cmocka_unit_test(allow_names_what_a_path_takes),
        cmocka_unit_test(parameters_are_found_by_name),
        cmocka_unit_test(numbers_in_a_query_keep_their_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
