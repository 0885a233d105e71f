/* As whom a customer counts: the address he comes from, which he cannot choose freely. */
#include "tests/harness.h"

#include "intake/site.h"

#include <stdio.h>

static void a_customer_is_the_address_that_nobody_but_a_proxy_here_may_say(void **state)
{
    static const struct {
        const char *peer, *forwarded, *asker;
    } cases[] = {
        {"192.0.2.7",               NULL,                     "192.0.2.7"   },
        {"192.0.2.7",               "10.9.9.9",               "192.0.2.7"   }, /* no proxy of ours: his own words */
        {"127.0.0.1",               NULL,                     "127.0.0.1"   },
        {"127.0.0.1",               "198.51.100.1",           "198.51.100.1"},
        {"127.0.0.1",               "10.9.9.9, 198.51.100.1", "198.51.100.1"}, /* the first is his */
        {"::1",                     "10.9.9.9,198.51.100.1",  "198.51.100.1"},
        {"127.0.0.1",               ", ",                     "127.0.0.1"   },
        {"2001:db8:1:2:3:4:5:6",    NULL,                     "2001:db8:1:2"},
        {"2001:db8:1:2:aaaa:4:5:6", NULL,                     "2001:db8:1:2"},
        {"127.0.0.1",               "2001:db8:7:8:3:4:5:6",   "2001:db8:7:8"},
        {"2001:db8::1",             NULL,                     "2001:db8::1" },
    };
    const struct who customer = who_customer(), staff = who_staff(ROLE_ENGINEER, "lin");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair header = {BYTES_LIT("X-Forwarded-For"), bytes_str(cases[i].forwarded)};
        struct request req;

        assert_true(request_init(&req));
        (void)snprintf(req.peer, sizeof req.peer, "%s", cases[i].peer);
        if (cases[i].forwarded != NULL)
            req.headers = (struct pairs){&header, 1};
        assert_bytes_equal(bytes_str(cases[i].asker), site_asker(&req, &customer));
        assert_int_equal(0, site_asker(&req, &staff).len);
        req.headers = (struct pairs){NULL, 0};
        request_release(&req);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_customer_is_the_address_that_nobody_but_a_proxy_here_may_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
